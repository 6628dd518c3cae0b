#!/usr/bin/env python3
"""Writes generators as trainings and other software leave them, for tests/wrapped.rs and tests/forms.rs.

    python3 tests/golden/wrapped.py

wrapped/NAME.pth               wrappers, values that are no weights, strides: what only a pickle can say
wrapped/networks.safetensors   NAME/... the tensors of each network, under the names that its software gives them; NAME.output; input
"""

import argparse
import collections
import datetime
import pathlib
import sys

import numpy
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils import parametrizations, parametrize

HERE = pathlib.Path(__file__).parent
OUT = HERE / "wrapped"
sys.path.insert(0, str(HERE.parent.parent / "training"))

from networks import InstanceNorm, PatchDiscriminator, ResnetGenerator  # noqa: E402

torch.manual_seed(5)
OUT.mkdir(exist_ok=True)
picture = torch.randint(256, (1, 3, 8, 12)) / 127.5 - 1
cases = {"input": picture}


def rounded(network):
    """Half precision is enough to tell right from wrong, and half the bytes."""
    network.load_state_dict({key: value.half().float() for key, value in network.state_dict().items()})
    return network.eval()


def halves(state):
    return collections.OrderedDict((key, value.half() if value.is_floating_point() else value) for key, value in state.items())


def painted(name, network, x=picture):
    with torch.no_grad():
        cases[f"{name}.output"] = network(x).clone()
    return network


def save(name, value, **settings):
    torch.save(value, OUT / f"{name}.pth", **{"_use_new_zipfile_serialization": False, **settings})


def keep(name, network, x=picture):
    painted(name, rounded(network), x)
    cases.update({f"{name}/{key}": value for key, value in halves(network.state_dict()).items() if value.is_floating_point()})


def generator(blocks=1):
    return rounded(ResnetGenerator(2, blocks, "transposed"))


there, back = generator(2), generator()
keep("plain", there)
keep("back", back)
plain, backwards = halves(there.state_dict()), halves(back.state_dict())
judge = halves(rounded(PatchDiscriminator(1)).state_dict())


def prefixed(prefix, state=plain):
    return collections.OrderedDict((prefix + key, value) for key, value in state.items())


# Wrappers.
save("deep", {"run": [{"nets": {"G": {"state_dict": prefixed("module._orig_mod.net.")}}}, "notes"], "epoch": 1})
network = generator()
adam = torch.optim.Adam(network.parameters())
network(picture).sum().backward()
adam.step()
groups = adam.state_dict()["param_groups"]
state = {0: {"step": torch.tensor(3.0), "exp_avg": torch.zeros(2, 3, 7, 7, dtype=torch.float16)}}
save("training", {"epoch": 9, "model_state_dict": plain, "optimizer_state_dict": {"state": state, "param_groups": groups}, "loss": 0.4})
save("both", {"G_A2B": plain, "G_B2A": backwards, "D_A": judge, "D_B": judge, "optimizer_G": {"state": state}, "epoch": 200}, _use_new_zipfile_serialization=True)
save("whole", there.half(), _use_new_zipfile_serialization=True)
there.float()

# Values beside the weights.
float8 = torch.ones(3).to(torch.float8_e4m3fn)
beside = {
    "size": torch.Size([1, 2]), "device": torch.device("cuda:0"), "dtype": torch.bfloat16, "counts": collections.Counter("abca"),
    "groups": collections.defaultdict(list, {"a": [1]}), "bytes": b"\x00\xff" * 3, "long": b"x" * 300, "array": bytearray(b"ab"), "set": {1, 2},
    "frozen": frozenset("ab"), "complex": 1 + 2j, "uint16": torch.ones(2, dtype=torch.uint16), "float8": float8, "complex64": torch.ones(2, dtype=torch.complex64),
    "args": argparse.Namespace(name="horse2zebra", ngf=2, ids=[0]), "numpy": numpy.float64(0.5), "array64": numpy.arange(3), "date": datetime.date(2020, 1, 1),
    "big": 1 << 90, "huge": -(1 << 2200), "path": pathlib.PurePosixPath("a/b"), "quantized": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8),
    "sparse": torch.eye(2).to_sparse(), "none": None, "slice": slice(1, 2), "generator": torch.zeros(5, dtype=torch.uint8),
}
for protocol in (2, 4):
    save(f"beside-{protocol}", {**beside, "state_dict": plain}, pickle_protocol=protocol, _use_new_zipfile_serialization=True)
old = {key: beside[key] for key in ("args", "counts", "numpy", "complex64", "bytes", "set")}
save("beside-legacy", {**old, "state_dict": plain})

# Strides.
strided = collections.OrderedDict()
store = torch.zeros(40, dtype=torch.float16)
for name, value in plain.items():
    if name == "model.4.bias":
        store[3:3 + 2 * value.numel():2] = value
        value = store[3:3 + 2 * value.numel():2]
    elif value.dim() == 4 and "conv_block" in name:
        value = value.contiguous(memory_format=torch.channels_last)
    elif value.dim() == 4:
        value = torch.stack([value, value + 1], dim=2)[:, :, 0]
    strided[name] = value
# Tensors with attributes of their own are saved in other ways.
strided["model.7.weight"] = nn.Parameter(strided["model.7.weight"], requires_grad=False)
strided["model.7.weight"].tag = strided["model.1.weight"].tag = "mine"
save("strided", strided)
network = ResnetGenerator(2, 2, "transposed")
network.load_state_dict(there.state_dict())
network.model[11] = network.model[10]
painted("shared", network)
state = dict(plain)
for key in plain:
    if "model.11." in key:
        state[key] = plain[key.replace(".11.", ".10.")]
save("shared", {"model": state, "copy": state})

# Norms of weights.
def normed(name, wrap):
    network = generator()
    for part in network.modules():
        if isinstance(part, (nn.Conv2d, nn.ConvTranspose2d)):
            wrap(part)
    network(picture)
    keep(name, network)


normed("spectral-old", nn.utils.spectral_norm)
normed("spectral-new", parametrizations.spectral_norm)
normed("weight-old", lambda part: nn.utils.weight_norm(part))
normed("weight-new", lambda part: parametrizations.weight_norm(part))


# Other names and forms.
containers = {"stem": range(4), "down": range(4, 10), "body": range(10, 12), "up": range(12, 18), "out": range(18, 21)}
words = nn.ModuleDict({name: nn.Sequential(*[there.model[k] for k in at]) for name, at in containers.items()})
save("words", halves(words.state_dict()))


class Block(nn.Module):
    def __init__(self, channels, layers):
        super().__init__()
        self.block = nn.Sequential(*layers(channels))

    def forward(self, x):
        return x + self.block(x)


def mirrored(c):
    return [nn.ReflectionPad2d(1), nn.Conv2d(c, c, 3), InstanceNorm(), nn.ReLU(), nn.ReflectionPad2d(1), nn.Conv2d(c, c, 3), InstanceNorm()]


def bordered(c):
    return [nn.Conv2d(c, c, 3, padding=1), InstanceNorm(), nn.ReLU(), nn.Conv2d(c, c, 3, padding=1), InstanceNorm()]


class Sequence(nn.Module):
    """A generator as PyTorch ports write it: all in one Sequential."""

    def __init__(self, doubling, block=mirrored, colours=(3, 3), f=2):
        super().__init__()
        layers = [nn.ReflectionPad2d(3), nn.Conv2d(colours[0], f, 7), InstanceNorm(), nn.ReLU()]
        for c in (f, 2 * f):
            layers += [nn.Conv2d(c, 2 * c, 3, stride=2, padding=1), InstanceNorm(), nn.ReLU()]
        layers += [Block(4 * f, block)]
        for c in (4 * f, 2 * f):
            layers += doubling(c) + [InstanceNorm(), nn.ReLU()]
        self.model = nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(f, colours[1], 7), nn.Tanh())

    def forward(self, x):
        return self.model(x)


def transposed(c):
    return [nn.ConvTranspose2d(c, c // 2, 3, stride=2, padding=1, output_padding=1)]


keep("nearest", Sequence(lambda c: [nn.Upsample(scale_factor=2), nn.Conv2d(c, c // 2, 3, padding=1)]))
keep("bilinear", Sequence(lambda c: [nn.Upsample(scale_factor=2, mode="bilinear"), nn.ReflectionPad2d(1), nn.Conv2d(c, c // 2, 3)]))
keep("bordered", Sequence(transposed, bordered))
luminance = (picture * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
for name, colours in [("grey", (1, 1)), ("grey-in", (1, 3)), ("grey-out", (3, 1))]:
    network = ResnetGenerator(2, 1, "transposed")
    network.model[1], network.model[18] = nn.Conv2d(colours[0], 2, 7), nn.Conv2d(2, colours[1], 7)
    keep(name, network, luminance if colours[0] == 1 else picture)
    cases[f"{name}.output"] = cases[f"{name}.output"].expand(1, 3, -1, -1).clone()


class ConvBlock(nn.Module):
    def __init__(self, a, b, down=True, act=True, **settings):
        super().__init__()
        conv = nn.Conv2d(a, b, padding_mode="reflect", **settings) if down else nn.ConvTranspose2d(a, b, **settings)
        self.conv = nn.Sequential(conv, InstanceNorm(), nn.ReLU() if act else nn.Identity())

    def forward(self, x):
        return self.conv(x)


class Residual(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.block = nn.Sequential(ConvBlock(c, c, kernel_size=3, padding=1), ConvBlock(c, c, act=False, kernel_size=3, padding=1))

    def forward(self, x):
        return x + self.block(x)


class Reflecting(nn.Module):
    """A port in which every convolution mirrors its own borders."""

    def __init__(self, f=2):
        super().__init__()
        self.initial = nn.Sequential(nn.Conv2d(3, f, 7, padding=3, padding_mode="reflect"), InstanceNorm(), nn.ReLU())
        self.down_blocks = nn.ModuleList([ConvBlock(c, 2 * c, kernel_size=3, stride=2, padding=1) for c in (f, 2 * f)])
        self.res_blocks = nn.Sequential(*[Residual(4 * f) for _ in range(1)])
        up = [ConvBlock(c, c // 2, down=False, kernel_size=3, stride=2, padding=1, output_padding=1) for c in (4 * f, 2 * f)]
        self.up_blocks = nn.ModuleList(up)
        self.last = nn.Conv2d(f, 3, 7, padding=3, padding_mode="reflect")

    def forward(self, x):
        x = self.initial(x)
        for layer in self.down_blocks:
            x = layer(x)
        x = self.res_blocks(x)
        for layer in self.up_blocks:
            x = layer(x)
        return torch.tanh(self.last(x))


keep("reflecting", Reflecting())


# CUT: the blurs as its authors' definition has them, a depthwise convolution with a fixed kernel.
def kernel(row, channels, scale):
    row = torch.tensor(row)
    square = row[:, None] * row[None, :]
    return (square / square.sum() * scale).repeat(channels, 1, 1, 1)


class Downsample(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.register_buffer("filt", kernel([1.0, 2.0, 1.0], channels, 1))

    def forward(self, x):
        return nn.functional.conv2d(nn.functional.pad(x, (1, 1, 1, 1), mode="reflect"), self.filt, stride=2, groups=x.shape[1])


class Upsample(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.register_buffer("filt", kernel([1.0, 3.0, 3.0, 1.0], channels, 4))

    def forward(self, x):
        padded = nn.functional.pad(x, (1, 1, 1, 1), mode="replicate")
        return nn.functional.conv_transpose2d(padded, self.filt, stride=2, padding=2, groups=x.shape[1])[:, :, 1:, 1:][:, :, :-1, :-1]


class Antialiased(nn.Module):
    def __init__(self, f=2, blocks=1, down=True, up=True):
        super().__init__()
        layers = [nn.ReflectionPad2d(3), nn.Conv2d(3, f, 7), InstanceNorm(), nn.ReLU()]
        for c in (f, 2 * f):
            layers += [nn.Conv2d(c, 2 * c, 3, stride=1 if down else 2, padding=1), InstanceNorm(), nn.ReLU()] + ([Downsample(2 * c)] if down else [])
        inner = ResnetGenerator(f, blocks).model
        layers += [inner[10 + k] for k in range(blocks)]
        for c in (4 * f, 2 * f):
            layers += ([Upsample(c), nn.Conv2d(c, c // 2, 3, padding=1)] if up else transposed(c)) + [InstanceNorm(), nn.ReLU()]
        self.model = nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(f, 3, 7), nn.Tanh())

    def forward(self, x):
        return self.model(x)


keep("antialiased", Antialiased())
keep("antialiased-down", Antialiased(up=False))
keep("antialiased-up", Antialiased(down=False))

# What is no generator.


class Unet(nn.Module):
    def __init__(self, f=2):
        super().__init__()
        self.model = nn.Sequential(nn.Conv2d(3, f, 4, 2, 1), nn.Sequential(nn.LeakyReLU(), nn.Conv2d(f, 2 * f, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(2 * f, f, 4, 2, 1)), nn.ReLU(), nn.ConvTranspose2d(2 * f, 3, 4, 2, 1))


cases.update({f"unet/{key}": value.half() for key, value in Unet().state_dict().items()})
cases = {key: value.contiguous() for key, value in cases.items()}
save_file(cases, OUT / "networks.safetensors")
