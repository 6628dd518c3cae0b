#!/usr/bin/env python3
"""Writes what PyTorch makes of a drawn picture with the shipped weights, for tests/shipped.rs.

    python3 tests/golden/shipped.py        after new weights have been exported
"""

import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file

ROOT = pathlib.Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "training"))

from networks import ResnetGenerator  # noqa: E402

HEIGHT, WIDTH = 48, 64


def picture():
    """Bands, discs and a gradient: smooth parts, edges and colours."""
    y, x = torch.meshgrid(torch.linspace(0, 1, HEIGHT), torch.linspace(0, 1.33, WIDTH), indexing="ij")
    red = torch.sin(9 * x + 4 * y) * (1 - y)
    green = torch.cos(7 * y) * x - 0.3
    blue = torch.where((x - 0.8) ** 2 + (y - 0.4) ** 2 < 0.06, 0.9, 0.5 - y)
    return torch.stack([red, green, blue]).clamp(-1, 1).unsqueeze(0)


def generator(weights):
    blocks = sum(name.endswith("conv_block.1.weight") for name in weights)
    filters = weights["model.1.weight"].shape[0]
    network = ResnetGenerator(filters, blocks, "resize", "skip.weight" in weights, "underpainting.block" in weights)
    network.load_state_dict({name: value.float() for name, value in weights.items()})
    return network


cases = {"input": picture()}
with torch.no_grad():
    for name in ("monet-ab", "monet-ba", "vangogh-ab", "vangogh-ba", "horse2zebra-ab", "horse2zebra-ba", "horse2zebra-quick-ab", "horse2zebra-quick-ba"):
        weights = load_file(ROOT / "www/public/models" / f"{name}.safetensors")
        cases[name] = generator(weights)(cases["input"])
save_file(cases, pathlib.Path(__file__).parent / "shipped.safetensors")
