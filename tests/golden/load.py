#!/usr/bin/env python3
"""Loads a generator's safetensors file into PyTorch and writes a picture and what becomes of it, for tests/checkpoints.rs.

    python3 tests/golden/load.py OURS OUT
"""

import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent.parent / "training"))

from networks import ResnetGenerator  # noqa: E402

weights = {name: value.float() for name, value in load_file(sys.argv[1]).items()}
blocks = sum(name.endswith("conv_block.1.weight") for name in weights)
network = ResnetGenerator(weights["model.1.weight"].shape[0], blocks, "transposed")
# Strict: every published key has to be there, and no other.
network.load_state_dict(weights)
torch.manual_seed(1)
picture = torch.rand(1, 3, 16, 24) * 2 - 1
with torch.no_grad():
    save_file({"input": picture, "output": network(picture)}, sys.argv[2])
