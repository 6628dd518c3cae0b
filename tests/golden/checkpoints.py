#!/usr/bin/env python3
"""Writes generators as PyTorch's versions and their users have saved them, for tests/checkpoints.rs.

    python3 tests/golden/checkpoints.py

checkpoints/zip.pth           as `torch.save` writes today
checkpoints/legacy.pth        the same weights, as before PyTorch 1.6
checkpoints/python2.pth       the same weights, as Python 2 and PyTorch 0.3 wrote them: byte strings, all tensors parts of one storage
checkpoints/parallel.pth      older serialisation, six blocks, from DataParallel, with running statistics and room for dropout
checkpoints/nine.pth          nine blocks, half precision
checkpoints/strided.pth       nested in a training's checkpoint; parameters, several types, transposed and sliced
checkpoints/discriminator.pth
checkpoints/torchscript.pt    a program, which is not for reading
checkpoints/expected.safetensors   input, and NAME.output of each
"""

import collections
import pathlib
import pickle
import sys

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
OUT = HERE / "checkpoints"
sys.path.insert(0, str(HERE.parent.parent / "training"))

from networks import PatchDiscriminator, ResnetGenerator  # noqa: E402

torch.manual_seed(3)


def picture(height, width):
    """As from bytes, so that a browser can be given the same."""
    return torch.randint(256, (1, 3, height, width)) / 127.5 - 1


cases = {"input": picture(16, 24), "discriminator.input": picture(32, 40)}


def generator(name, blocks, filters=2, dtype=torch.float32):
    network = ResnetGenerator(filters, blocks, "transposed")
    rounded = {key: value.to(dtype) for key, value in network.state_dict().items()}
    network.load_state_dict(rounded)
    with torch.no_grad():
        cases[f"{name}.output"] = network(cases["input"])
    return collections.OrderedDict(rounded)


class Part:
    """Some of the one storage's numbers."""

    def __init__(self, first, count):
        self.first, self.count = first, count


class Python2Pickler(pickle._Pickler):
    """Byte strings for text, ordered dictionaries as lists of pairs, and tensors as PyTorch 0.3 described them."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_str(self, text):
        data = text.encode("ascii")
        self.write(pickle.SHORT_BINSTRING + bytes([len(data)]) + data)
        self.memoize(text)

    dispatch[str] = save_str

    def reducer_override(self, value):
        if isinstance(value, collections.OrderedDict):
            return collections.OrderedDict, ([list(pair) for pair in value.items()],)
        return NotImplemented

    def persistent_id(self, value):
        if isinstance(value, Part):
            return ("storage", torch.FloatStorage, "94525", "cuda:0", self.total, (str(value.first), value.first, value.count))
        return None


class Described:
    def __init__(self, part, shape, strides):
        self.arguments = (part, 0, tuple(shape), tuple(strides))

    def __reduce__(self):
        return torch._utils._rebuild_tensor, self.arguments


def save_python2(weights, path):
    flat = torch.cat([value.flatten() for value in weights.values()])
    described, first = collections.OrderedDict(), 0
    for name, value in weights.items():
        described[name] = Described(Part(first, value.numel()), value.shape, value.stride())
        first += value.numel()
    sizes = {"short": 2, "int": 4, "long": 8}
    system = {"protocol_version": 1001, "little_endian": True, "type_sizes": sizes}
    with open(path, "wb") as file:
        for part in (0x1950A86A20F9469CFC6C, 1001, system, described, ["94525"]):
            pickler = Python2Pickler(file, protocol=2)
            pickler.total = flat.numel()
            pickler.dump(part)
        file.write(flat.numel().to_bytes(8, "little") + flat.numpy().tobytes())


def as_long_ago(weights):
    """The names of a network with dropout, saved from DataParallel before statistics were left out."""
    old = collections.OrderedDict()
    for name, value in weights.items():
        old["module." + name.replace(".5.", ".6.")] = value
        # Every convolution but the last is followed by a norm.
        if name.endswith(".bias") and value.numel() != 3:
            layer = name.removesuffix(".bias")
            head, number = layer.rsplit(".", 1)
            norm = f"module.{head}.{int(number) + 1 + (number == '5')}"
            old[f"{norm}.running_mean"], old[f"{norm}.running_var"] = torch.zeros_like(value), torch.ones_like(value)
            old[f"{norm}.num_batches_tracked"] = torch.tensor(1234)
    return old


def strided(weights):
    """The same numbers, laid out in other ways."""
    shared = torch.cat([torch.ones(5), weights["model.4.bias"], torch.ones(2)]).double()
    made = {name: torch.nn.Parameter(value) for name, value in weights.items()}
    made["model.4.bias"] = shared[5:-2]
    made["model.1.weight"] = weights["model.1.weight"].contiguous(memory_format=torch.channels_last)
    made["model.7.weight"] = weights["model.7.weight"].bfloat16().permute(3, 2, 1, 0).contiguous().permute(3, 2, 1, 0)
    made["model.18.weight"] = torch.stack([weights["model.18.weight"]] * 2, dim=-1)[..., 1]
    return {"epoch": 3, "loss": 0.25, "random_state": torch.zeros(3, dtype=torch.uint8), "state_dict": made}


OUT.mkdir(exist_ok=True)
small = generator("small", blocks=1)
torch.save(small, OUT / "zip.pth")
torch.save(small, OUT / "legacy.pth", _use_new_zipfile_serialization=False)
save_python2(small, OUT / "python2.pth")
read = torch.load(OUT / "python2.pth", map_location="cpu", weights_only=True)
assert all(torch.equal(read[name], value) for name, value in small.items()), "PyTorch reads it as it was meant"
old = as_long_ago(generator("parallel", blocks=6, filters=1))
torch.save(old, OUT / "parallel.pth", _use_new_zipfile_serialization=False)
torch.save(generator("nine", blocks=9, filters=1, dtype=torch.float16), OUT / "nine.pth")
torch.save(strided(generator("strided", blocks=1, dtype=torch.bfloat16)), OUT / "strided.pth", pickle_protocol=4)
discriminator = PatchDiscriminator(filters=1)
with torch.no_grad():
    cases["discriminator.output"] = discriminator(cases["discriminator.input"])
torch.save(discriminator.state_dict(), OUT / "discriminator.pth")
torch.jit.script(torch.nn.Linear(1, 1)).save(OUT / "torchscript.pt")
save_file(cases, OUT / "expected.safetensors")
