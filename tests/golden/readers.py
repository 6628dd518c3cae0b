#!/usr/bin/env python3
"""Writes 500 random files as others write them, and what others read from them, for tests/references.rs.

    python3 tests/golden/readers.py

readers.bin: deflated; for each file its kind (a letter), its length (4 bytes), the file, and a digest (FNV-1a, 8 bytes) of what the reference
reads from it. References: torch's safe loader (`weights_only`), safetensors, NumPy, and the csv module with Python's float.
"""

import csv
import io
import pathlib
import random
import struct
import zlib

import numpy
import safetensors.numpy
import safetensors.torch
import torch

HERE = pathlib.Path(__file__).parent
rng = random.Random(19)
torch.manual_seed(19)
numpy_rng = numpy.random.default_rng(19)


def digest(content):
    value = 0xCBF29CE484222325
    for byte in content:
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return struct.pack("<Q", value)


def of_tensors(tensors):
    parts = []
    for name in sorted(tensors, key=str.encode):
        values = tensors[name].to(torch.float32).contiguous().numpy()
        parts += [name.encode(), b"\0", struct.pack(f"<{values.ndim}I", *values.shape), values.astype("<f4").tobytes()]
    return digest(b"".join(parts))


def a_tensor():
    kind = rng.choice([torch.float32, torch.float32, torch.float16, torch.bfloat16, torch.float64])
    shape = [rng.randint(1, 4) for _ in range(rng.randint(0, 4))]
    tensor = torch.randn(shape).to(kind)
    if len(shape) > 1 and rng.random() < 0.3:
        tensor = tensor.transpose(0, -1)
    if shape and shape[0] > 1 and rng.random() < 0.2:
        tensor = tensor[1:]
    return tensor


def a_network():
    words = ["model", "conv", "norm", "main", "block", "weight", "bias", "net", "層"]
    return {".".join(rng.choice(words) for _ in range(rng.randint(1, 3))) + f".{at}": a_tensor() for at in range(rng.randint(1, 5))}


def saved(legacy):
    network = a_network()
    if rng.random() < 0.3:
        first = next(iter(network))
        network["tied"] = network[first]
    container = {"state": network, "epoch": 3, "losses": [0.5, 0.25]} if rng.random() < 0.3 else network
    file = io.BytesIO()
    torch.save(container, file, _use_new_zipfile_serialization=not legacy)
    loaded = torch.load(io.BytesIO(file.getvalue()), weights_only=True)
    tensors = {f"state.{name}": tensor for name, tensor in loaded["state"].items()} if "state" in loaded else loaded
    return file.getvalue(), of_tensors(tensors)


def safe():
    network = {name: tensor.contiguous().clone() for name, tensor in a_network().items()}
    content = safetensors.torch.save(network, {"format": "pt"} if rng.random() < 0.5 else None)
    return content, of_tensors(safetensors.torch.load(content))


def an_array():
    kind = rng.choice(["<f2", "<f4", ">f4", "<f8", ">f8", "|u1", "|i1", "<i2", ">i2", "<u2", "<i4", "<u4", "<i8", "|b1"])
    shape = [rng.randint(1, 5) for _ in range(rng.randint(1, 3))]
    values = numpy_rng.normal(0, 50, shape) if "f" in kind else numpy_rng.integers(0, 2 if "b" in kind else 120, shape)
    array = values.astype(kind)
    if rng.random() < 0.3:
        array = numpy.asfortranarray(array)
    file = io.BytesIO()
    numpy.lib.format.write_array(file, array, version=rng.choice([(1, 0), (2, 0)]))
    loaded = numpy.load(io.BytesIO(file.getvalue()))
    numbers = numpy.ascontiguousarray(loaded.astype("<f8"))
    return file.getvalue(), digest(struct.pack(f"<{loaded.ndim}I", *loaded.shape) + numbers.tobytes())


def a_table():
    separator = rng.choice([",", ";", "\t", "|"])
    columns, rows = rng.randint(2, 6), rng.randint(12, 30)
    names = rng.sample(["load", "speed", "height", "width", "flow", "溫度", "a, b", "sum"], columns)
    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator, quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), lineterminator=rng.choice(["\n", "\r\n"]))
    writer.writerow(names)
    for _ in range(rows):
        writer.writerow([f"{rng.gauss(0, 10):.{rng.randint(2, 6)}f}" for _ in range(columns)])
    text = file.getvalue()
    _, *body = csv.reader(io.StringIO(text), delimiter=separator)
    numbers = [[float(row[at]) for row in body] for at in range(columns)]
    return text.encode(), digest(b"".join(struct.pack(f"<{rows}d", *column) for column in numbers))


out = b""
for kind, count, make in [
    (b"z", 120, lambda: saved(False)), (b"l", 80, lambda: saved(True)), (b"s", 100, safe), (b"n", 100, an_array), (b"c", 100, a_table)
]:
    for _ in range(count):
        content, expected = make()
        out += kind + struct.pack("<I", len(content)) + content + expected
packed = zlib.compress(out, 9)[2:-4]
(HERE / "readers.bin").write_bytes(packed)
print(f"{len(packed)} bytes")
