#!/usr/bin/env python3
"""Teaches small generators to paint as shipped ones do, for the live camera.

    python3 training/distill.py --teacher www/public/models/horse2zebra --data FOLDER --out runs/horse2zebra-quick --steps 24000

The student sees what the teacher makes of a picture and is asked for the same: colours (L1) and features (Ren et al., "Online Multi-Granularity
Distillation for GAN Compression", ICCV 2021: the student needs no discriminator of its own, the teacher's outputs are its ground truth; the paper's
structural similarity is what two scales of frozen features stand for here). Steps alternate between the two directions. Run the same command
again to go on from the last checkpoint, to the step. Writes checkpoint.pt, log.jsonl and sheet.jpg to --out, as cyclegan.py does.
"""

import argparse
import copy
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

import loop
from cyclegan import generator
from networks import initialize
from pictures import Crops, read_folder, save_sheet, to_signed
from projected_gan import CONTENT, FrozenFeatures

WAYS = {"ab": "a", "ba": "b"}  # generators, and the domain whose pictures each sees


def parse_arguments(arguments=None):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--teacher", required=True, help="shipped pair: path without -ab.safetensors")
    p.add_argument("--data", required=True, help="folder with trainA trainB testA testB")
    p.add_argument("--more-a", help="folder of more pictures of domain a")
    p.add_argument("--out", required=True)
    p.add_argument("--swap", action="store_true", help="domain a is the folders' B")
    p.add_argument("--steps", type=int, required=True)
    p.add_argument("--falls-from", type=int, help="step from which on the learning rate falls; half of them")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--side", type=int, default=192)
    p.add_argument("--narrowest", type=float, default=1.0)
    p.add_argument("--widest", type=float, default=1.33)
    p.add_argument("--filters", type=int, default=10, help="the student's")
    p.add_argument("--blocks", type=int, default=3)
    p.add_argument("--upsample", choices=["resize", "transposed"], default="resize")
    p.add_argument("--form", choices=["published", "skip", "underpainting"], default="underpainting")
    p.add_argument("--learning-rate", type=float, default=1e-3)
    p.add_argument("--lambda-content", type=float, default=0.2, help="weight of the features; that of the colours is 1")
    p.add_argument("--average", type=float, default=0.999)
    loop.options(p)
    o = p.parse_args(arguments)
    o.falls_from = o.steps // 2 if o.falls_from is None else o.falls_from
    return o


def teacher(path):
    """A shipped generator; what it is stands in its keys."""
    weights = {name: value.float() for name, value in load_file(path).items()}
    form = "underpainting" if "underpainting.block" in weights else "skip" if "skip.weight" in weights else "published"
    options = {"filters": weights["model.1.weight"].shape[0], "blocks": sum(name.endswith("conv_block.1.weight") for name in weights),
               "upsample": "resize", "form": form}
    network = generator(options)
    network.load_state_dict(weights)
    return network.eval().requires_grad_(False).to(memory_format=torch.channels_last)


class Distillation(loop.Resumable):
    """Both students, their teachers and one training step."""

    def __init__(self, o):
        self.o = o
        random, self.random = torch.Generator().manual_seed(o.seed), np.random.default_rng(o.seed)
        self.teachers = {way: teacher(f"{o.teacher}-{way}.safetensors") for way in WAYS}
        self.students = {way: initialize(generator(vars(o)), random).to(memory_format=torch.channels_last) for way in WAYS}
        self.averages = copy.deepcopy(self.students)
        for network in (*self.teachers.values(), *self.students.values()):
            network.compile()
        self.features = FrozenFeatures().to(memory_format=torch.channels_last)
        self.optimizers = {way: torch.optim.Adam(student.parameters(), o.learning_rate, fused=True) for way, student in self.students.items()}
        self.precision, self.steps, self.seconds = loop.precision(o), 0, 0.0

    @property
    def way(self):
        return list(WAYS)[self.steps % 2]

    def step(self, picture):
        """One step on one picture, [1, 3, h, w] in -1..1; the losses by name."""
        way, o = self.way, self.o
        left = (o.steps - self.steps) / max(1, o.steps - o.falls_from)
        for group in self.optimizers[way].param_groups:
            group["lr"] = o.learning_rate * max(0.02, min(1.0, left))
        with torch.no_grad():
            with self.precision:
                wanted = self.teachers[way](picture)
            wanted_features = self.features(wanted)
        with self.precision:
            made = self.students[way](picture)
        made_features = self.features(made)
        colour = F.l1_loss(made, wanted)
        content = sum(F.l1_loss(made_features[at], wanted_features[at]) / wanted_features[at].abs().mean() for at in CONTENT)
        self.optimizers[way].zero_grad(set_to_none=True)
        (colour + o.lambda_content * content).backward()
        self.optimizers[way].step()
        decay = min(o.average, self.steps / (18 + self.steps))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.averages[way].parameters()), list(self.students[way].parameters()), 1 - decay)
        self.steps += 1
        return {f"colour_{way}": colour.item(), f"content_{way}": content.item()}

    def parts(self):
        kinds = ("", self.students), ("average_", self.averages), ("optimizer_", self.optimizers)
        return {f"{kind}{way}": part[way] for kind, part in kinds for way in WAYS}


@torch.no_grad()
def write_sheet(model, tests, path):
    """A row: a picture of a, the teacher's translation, the student's; the same of b."""
    cells = lambda way, picture: [picture, model.teachers[way](picture), model.averages[way](picture)]
    save_sheet([cells("ab", to_signed(a)) + cells("ba", to_signed(b)) for a, b in zip(*tests)], path)


def train(o):
    torch.set_num_threads(o.threads)
    torch.set_flush_denormal(True)
    out, data = pathlib.Path(o.out), pathlib.Path(o.data)
    out.mkdir(parents=True, exist_ok=True)
    a, b = ("B", "A") if o.swap else ("A", "B")
    pictures = {"a": read_folder(data / f"train{a}") + (read_folder(o.more_a) if o.more_a else []), "b": read_folder(data / f"train{b}")}
    tests = [read_folder(data / f"test{letter}")[:8] for letter in (a, b)]
    model, checkpoint = Distillation(o), out / "checkpoint.pt"
    crops = {domain: Crops(found, o.side, o.narrowest, o.widest, model.random) for domain, found in pictures.items()}
    if checkpoint.exists():
        model.load(checkpoint)
    step = lambda: model.step(crops[WAYS[model.way]].draw())
    loop.run(model, o, out, step, lambda path: write_sheet(model, tests, path), report_every=100)


if __name__ == "__main__":
    train(parse_arguments())
