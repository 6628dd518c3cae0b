#!/usr/bin/env python3
"""Writes the files that fuzzing begins with, small and valid, one folder a reader: seeds.py FOLDER. Python's own modules alone.

Sessions and persons are written by our own code: `cargo test --test corpus seeds -- --ignored`, with SEEDS=FOLDER.
"""

import collections
import io
import json
import pathlib
import pickle
import struct
import sys
import types
import zipfile

OUT = pathlib.Path(sys.argv[1])


def keep(reader, name, content):
    folder = OUT / reader
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def stand_in(module, *names):
    """A module under PyTorch's name, so that pickles name what PyTorch's do."""
    parts = module.split(".")
    for count in range(1, len(parts) + 1):
        path = ".".join(parts[:count])
        sys.modules.setdefault(path, types.ModuleType(path))
    for name in names:
        made = type(name, (), {})
        made.__module__ = module
        made.__qualname__ = name
        setattr(sys.modules[module], name, made)


stand_in("torch", "FloatStorage", "HalfStorage", "LongStorage", "DoubleStorage", "Size")
stand_in("torch._utils", "_rebuild_tensor_v2", "_rebuild_parameter", "_rebuild_tensor_v3")
stand_in("torch._tensor", "_rebuild_from_type_v2")
stand_in("argparse", "Namespace")
torch = sys.modules["torch"]
utils = sys.modules["torch._utils"]


class Call:
    """Pickled as the call of a name with arguments."""

    def __init__(self, name, *arguments, state=None):
        self.parts = (name, arguments) if state is None else (name, arguments, state)

    def __reduce__(self):
        return self.parts


class Storage:
    def __init__(self, kind, key, count, view=None):
        self.parts = ("storage", kind, key, "cpu", count) + (() if view is None else (view,))


class Pickler(pickle._Pickler):
    def persistent_id(self, value):
        return value.parts if isinstance(value, Storage) else None


def tensor(shape, strides=None, kind="FloatStorage", key="0", offset=0, count=16, view=None):
    if strides is None:
        strides, step = [], 1
        for side in reversed(shape):
            strides.insert(0, step)
            step *= side
    storage = Storage(getattr(torch, kind), key, count, view)
    return Call(utils._rebuild_tensor_v2, storage, offset, tuple(shape), tuple(strides), False, collections.OrderedDict())


def pickled(value, protocol=2):
    file = io.BytesIO()
    Pickler(file, protocol).dump(value)
    return file.getvalue()


def state():
    return collections.OrderedDict(
        [("model.1.weight", tensor([2, 1, 2, 2])), ("model.1.bias", tensor([2], offset=3)), ("a.b", tensor([2, 2], [1, 2]))]
    )


def generator(filters=1):
    """A whole generator's names and shapes, all on the same few numbers."""
    f = filters
    shapes = {"model.1": [f, 3, 7, 7], "model.4": [2 * f, f, 3, 3], "model.7": [4 * f, 2 * f, 3, 3]}
    shapes |= {f"model.{10 + k}.conv_block.{c}": [4 * f, 4 * f, 3, 3] for k in range(1) for c in (1, 5)}
    shapes |= {"model.11": [4 * f, 2 * f, 3, 3], "model.14": [2 * f, f, 3, 3], "model.18": [3, f, 7, 7]}
    names = collections.OrderedDict()
    for name, shape in shapes.items():
        names[f"{name}.weight"] = tensor(shape, [0] * 4)
        names[f"{name}.bias"] = tensor([3 if name == "model.18" else shape[1] if name in ("model.11", "model.14") else shape[0]], [0])
    return names


VALUES = {
    "state": state(),
    "nested": {"netG_A": state(), "netG_B": state(), "epoch": 3, "loss": [0.5, 1.25], "optim": {"param_groups": [{"lr": 1e-3}]}},
    "parameter": {"w": Call(utils._rebuild_parameter, tensor([2, 2]), True, collections.OrderedDict())},
    "half": {"w": tensor([2, 2], kind="HalfStorage"), "n": tensor([], kind="LongStorage"), "d": tensor([2], kind="DoubleStorage")},
    "object": Call(types.SimpleNamespace, state={"_modules": {"a": {"_parameters": {"weight": tensor([2, 2])}}}}),
    "namespace": {"args": Call(sys.modules["argparse"].Namespace, state={"lr": 1}), "w": tensor([1])},
    "size": {"size": Call(torch.Size, (1, 2)), "set": {1, 2}, "long": 1 << 80, "text": "上", "bytes": b"ab", "w": tensor([1])},
    "view": {"w": tensor([2], view=("0", 2, 4))},
    "generator": generator(),
    "folded": {"a.weight_orig": tensor([2, 3]), "a.weight_u": tensor([2]), "a.weight_v": tensor([3]), "b.weight_g": tensor([2, 1]), "b.weight_v": tensor([2, 3])},
}


def archive(files, deflated=False):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return file.getvalue()


def legacy(value, count=16):
    system = {"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}
    head = pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2) + pickle.dumps(system, 2)
    numbers = struct.pack("<Q", count) + struct.pack(f"<{count}f", *range(count))
    return head + pickled(value) + pickle.dumps(["0"], 2) + numbers


def safetensors(tensors, metadata=None):
    header, at, body = {}, 0, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, (kind, shape, content) in tensors.items():
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [at, at + len(content)]}
        at += len(content)
        body += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + body


def npy(kind, shape, content, version=1, order="False"):
    text = f"{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}\n".encode()
    length = struct.pack("<H", len(text)) if version == 1 else struct.pack("<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text + content


def doubles(*values):
    return struct.pack(f"<{len(values)}d", *values)


def idx(kind, shape, content):
    return bytes([0, 0, kind, len(shape)]) + b"".join(struct.pack(">I", side) for side in shape) + content


for name, value in VALUES.items():
    for protocol in (0, 2, 4):
        keep("pickle", f"{name}-{protocol}", pickled(value, protocol))
numbers = struct.pack("<16f", *range(16))
whole = {"a/data.pkl": pickled(VALUES["nested"]), "a/byteorder": "little", "a/data/0": numbers, "a/version": "3\n"}
keep("zip", "weights", archive(whole))
keep("zip", "generator", archive({"a/data.pkl": pickled(VALUES["generator"]), "a/data/0": numbers}))
keep("zip", "script", archive({"a/data.pkl": pickled(VALUES["state"]), "a/constants.pkl": "x"}))
keep("zip", "files", archive({"a.pth": "x", "b/": "", "c.safetensors": "y"}))
keep("zip", "excel", archive({"xl/workbook.xml": "<x/>"}))
table = npy("<f8", "(3, 3)", doubles(*range(9)))
labels = npy("<i8", "(3,)", struct.pack("<3q", 0, 1, 1))
words = npy("<U2", "(3,)", "a\0b\0cd".encode("utf-32-le"))
for deflated in (False, True):
    keep("zip", f"npz-{deflated}", archive({"x.npy": table, "y.npy": labels, "names.npy": words}, deflated))
one_hot = npy("|u1", "(3, 2)", bytes([1, 0, 0, 1, 0, 1]))
keep("zip", "one-hot", archive({"x_train.npy": table, "y_train.npy": one_hot, "x_test.npy": table}))
for name in ("state", "nested", "generator", "view"):
    keep("checkpoint", f"legacy-{name}", legacy(VALUES[name]))
for name, start in {"png": b"\x89PNG\r\n", "html": b"<!doctype html>", "lfs": b"version https://git-lfs\nsize 9\n", "onnx": b"\x08\x07\x12\x01a"}.items():
    keep("checkpoint", name, start)
weights = {"a": ("F32", [2, 2], numbers[:16]), "b": ("F16", [2], b"\0\0\0\0"), "c": ("I64", [], b"\0" * 8), "d": ("BF16", [1], b"\0\0")}
keep("safetensors", "some", safetensors(weights, {"format": "pt"}))
keep("safetensors", "empty", safetensors({}))
keep("safetensors", "nothing", safetensors({"a": ("F64", [0, 3], b"")}))
facts = {key: "1" for key in ("latent_dim", "classes", "side", "channels", "width", "steps")}
keep("safetensors", "acgan", safetensors({"a": ("F32", [2, 2], numbers[:16])}, facts))
keep("npy", "table", table)
keep("npy", "labels", labels)
keep("npy", "words", words)
keep("npy", "fortran", npy("<f8", "(2, 3)", doubles(*range(6)), order="True"))
keep("npy", "series", npy("<f4", "(2, 3, 4)", struct.pack("<24f", *range(24)), version=2))
keep("npy", "big", npy(">i2", "(2, 9)", struct.pack(">18h", *range(18)), version=3))
keep("npy", "halves", npy("<f2", "(12,)", b"\0\x3c" * 12))
keep("npy", "bytes", npy("|S3", "(2,)", b"abcd\0\0"))
keep("npy", "channels", npy("|u1", "(2, 1, 3, 1)", bytes(range(6))))
pictures = bytes(range(72))
keep("idx", "grey", idx(8, [2, 6, 6], pictures))
keep("idx", "colour-last", idx(8, [2, 4, 4, 3], bytes(96)))
keep("idx", "colour-first", idx(8, [2, 3, 4, 4], bytes(range(96))))
keep("idx", "flat", idx(9, [2, 36], pictures))
keep("idx", "labels", idx(8, [4], bytes([0, 1, 1, 2])))
keep("idx", "one-hot", idx(8, [2, 2], bytes([0, 1, 1, 0])))
keep("idx", "floats", idx(0x0D, [2, 4, 4], struct.pack(">32f", *(x / 32 for x in range(32)))))
keep("idx", "doubles", idx(0x0E, [3], struct.pack(">3d", 0, 1, 2)))
keep("idx", "shorts", idx(0x0B, [2, 4, 4], struct.pack(">32h", *range(32))))
keep("idx", "ints", idx(0x0C, [4], struct.pack(">4i", 0, 5, 5, 1)))
lines = "\n".join(f"2020-01-{day:02},{day * 1.5},{-day},{'ab'[day % 2]}" for day in range(1, 31))
keep("table", "dated", f"date,value,other,class\n{lines}\n")
keep("table", "points", "x;y\n" + "\n".join(f"{k},5;{k * k}" for k in range(12)))
keep("table", "wide", "\n".join(",".join(str((row * k) % 7) for k in range(12)) + f",{row % 2}" for row in range(6)))
keep("table", "spaces", "# remark\n" + "\n".join(f"  {k}   {k / 3:.2e}  -" for k in range(30)))
keep("table", "quoted", 'sep=;\n"a ""b""";"c\nd"\n"1.234,5";"(20)"\n' * 3)
keep("table", "money", "Id|Sum\n" + "\n".join(f"{k}|$1,{k:03}.50" for k in range(9)))
keep("table", "arff", "@relation r\n@attribute 'a b' numeric\n@attribute c {x,y}\n@data\n" + "\n".join(f"{k},x" for k in range(9)))
keep("table", "ts", "@problemName p\n@classLabel true a b\n@data\n1,2,?,4:5,6,7,8:b\n4,3,2,1:8,7,6:a\n")
keep("table", "stamps", "@timestamps true\n@data\n(0,1.5),(1,2.5),(2,3)\n")
keep("table", "target", "@targetlabel true\n@data\n1,2,3:17\n3,2,1:1\n")
keep("table", "utf16", "\ufeffa\tb\r\n1\t2\r\n3\t4\r\n".encode("utf-16-le"))
keep("table", "line", " ".join(str(k) for k in range(40)))
keep("table", "chinese", "日期,溫度\n" + "\n".join(f"2024年1月{k}日,{k}.5" for k in range(1, 10)))
