#!/usr/bin/env python3
"""Writes what PyTorch computes with CycleGAN's networks on small random weights, for tests/cyclegan.rs.

    python3 tests/golden/cyclegan.py

generator-transposed.safetensors   weights, published layout
generator-resize.safetensors       weights, our resize-convolution layout
generator-skip.safetensors         weights, the same painting over its input
generator-underpainting.safetensors  weights, the same painting over its input's broad colours
discriminator.safetensors          weights
cyclegan.safetensors               NAME.input and NAME.output of each
"""

import pathlib
import sys

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "training"))

from networks import InstanceNorm, PatchDiscriminator, ResnetGenerator  # noqa: E402

torch.manual_seed(1)
cases = {}


def check_instance_norm():
    """The trainer's instance norm is PyTorch's own."""
    x = torch.randn(2, 3, 5, 7)
    reference = torch.nn.InstanceNorm2d(3, eps=1e-5, affine=False)(x)
    assert (InstanceNorm()(x) - reference).abs().max() < 1e-5


@torch.no_grad()
def write(name, network, height, width):
    """PyTorch's default initialisation: larger weights than CycleGAN's, and biases that are not zero."""
    picture = torch.rand(1, 3, height, width) * 2 - 1
    cases[f"{name}.input"], cases[f"{name}.output"] = picture, network(picture)
    save_file(network.state_dict(), HERE / f"{name}.safetensors")


check_instance_norm()
write("generator-transposed", ResnetGenerator(filters=4, blocks=2, upsample="transposed"), 16, 24)
write("generator-resize", ResnetGenerator(filters=4, blocks=2, upsample="resize"), 24, 16)
write("generator-skip", ResnetGenerator(filters=4, blocks=2, upsample="resize", skip=True), 16, 16)
write("discriminator", PatchDiscriminator(filters=4), 40, 48)
write("generator-underpainting", ResnetGenerator(filters=4, blocks=2, upsample="resize", underpainting=True), 28, 20)
save_file(cases, HERE / "cyclegan.safetensors")
