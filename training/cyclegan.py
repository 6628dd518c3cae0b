#!/usr/bin/env python3
"""Trains a CycleGAN on the CPU from the standard folders and writes both generators.

    python3 training/cyclegan.py --data FOLDER --out runs/monet --swap --minutes 100

Domain a is trainA/testA (with --swap: trainB/testB); generator `ab` turns a into b. Run the same
command again to go on from the last checkpoint. The learning rate is constant over the first half of
the budget and falls to zero over the second; the budget is time (--minutes) or steps (--steps).

`export.py` turns the averaged generators of a checkpoint into the files that the page loads.
"""

import argparse
import copy
import itertools
import json
import os
import pathlib
import time

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import load_file

from networks import PatchDiscriminator, ResnetGenerator, exaggerated, initialize
from pictures import Crops, Pool, read_folder, save_sheet, to_signed


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True, help="folder with trainA trainB testA testB")
    p.add_argument("--out", required=True, help="folder for checkpoint, log and sheets")
    p.add_argument("--swap", action="store_true", help="domain a is the folders' B")
    p.add_argument("--minutes", type=float, help="time budget over all runs")
    p.add_argument("--steps", type=int, help="step budget, instead of --minutes")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--side", type=int, default=128, help="side of a crop, pixels")
    p.add_argument("--widest", type=float, default=1.75, help="largest crop over the side")
    p.add_argument("--filters", type=int, default=24, help="generators' filters")
    p.add_argument("--blocks", type=int, default=6)
    p.add_argument("--upsample", choices=["resize", "transposed"], default="resize")
    p.add_argument("--skip", action="store_true", help="generators paint over their input")
    p.add_argument("--start", help="checkpoint of another run to take the networks from, or a shipped pair's FOLDER/ID")
    p.add_argument("--exaggerate", type=float, default=1.0,
                   help="with --start: how far `ab` goes from its input, over what it learned; the training then mends what that breaks")
    p.add_argument("--only-back", action="store_true",
                   help="`ab` stays as it is and `ba` learns the way back from its pictures: after `ab` was exaggerated")
    p.add_argument("--critic-filters", type=int, default=32, help="discriminators' filters")
    p.add_argument("--learning-rate", type=float, default=2e-4)
    p.add_argument("--critic-pace", type=float, default=1.0, help="discriminators' learning rate over the generators'")
    p.add_argument("--critic-steps", type=int, default=1, help="discriminator steps a generator step")
    p.add_argument("--noise", type=float, default=0.0,
                   help="deviation of noise on what the discriminators see: small tricks no longer fool them")
    p.add_argument("--lambda-cycle", type=float, default=10.0)
    p.add_argument("--lambda-identity", type=float, default=0.5, help="times lambda-cycle")
    p.add_argument("--identity-every", type=int, default=1, help="identity loss on every n-th step")
    p.add_argument("--pool", type=int, default=50)
    p.add_argument("--average", type=float, default=0.998, help="decay of the averaged generators")
    p.add_argument("--checkpoint-minutes", type=float, default=4.0)
    p.add_argument("--no-bfloat16", action="store_true")
    arguments = p.parse_args()
    if (arguments.minutes is None) == (arguments.steps is None):
        p.error("give one of --minutes and --steps")
    return arguments


class CycleGan:
    """The four networks, their optimizers and one training step."""

    def __init__(self, o):
        self.o = o
        random = torch.Generator().manual_seed(o.seed)
        make = lambda: initialize(ResnetGenerator(o.filters, o.blocks, o.upsample, o.skip), random)
        self.ab, self.ba = make(), make()
        self.d_a, self.d_b = (initialize(PatchDiscriminator(o.critic_filters), random) for _ in range(2))
        self.average_ab, self.average_ba = copy.deepcopy(self.ab), copy.deepcopy(self.ba)
        self.critics = list(itertools.chain(self.d_a.parameters(), self.d_b.parameters()))
        learning = [self.ba] if o.only_back else [self.ab, self.ba]
        painters = itertools.chain.from_iterable(network.parameters() for network in learning)
        self.optimizer_g = torch.optim.Adam(painters, o.learning_rate, (0.5, 0.999))
        self.optimizer_d = torch.optim.Adam(self.critics, o.learning_rate, (0.5, 0.999))
        self.random = np.random.default_rng(o.seed)
        self.pool_a, self.pool_b = Pool(o.pool, self.random), Pool(o.pool, self.random)
        self.steps = 0

    def networks(self):
        names = ("ab", "ba", "d_a", "d_b", "average_ab", "average_ba", "optimizer_g", "optimizer_d")
        return {name: getattr(self, name) for name in names}

    def step(self, a, b):
        """One step on one picture of each domain; the losses by name."""
        with torch.autocast("cpu", torch.bfloat16, enabled=not self.o.no_bfloat16):
            losses, fake_a, fake_b = self.step_generators(a, b)
            losses |= self.step_discriminators(a, b, fake_a, fake_b)
        self.follow()
        self.steps += 1
        return losses

    def step_generators(self, a, b):
        o = self.o
        for parameter in self.critics:
            parameter.requires_grad_(False)
        with torch.set_grad_enabled(not o.only_back):
            fake_b = self.ab(a)
        fake_a = self.ba(b)
        fool = mean_square(self.d_b(self.blur(fake_b)), 1.0) + mean_square(self.d_a(self.blur(fake_a)), 1.0)
        cycle = F.l1_loss(self.ba(fake_b).float(), a) + F.l1_loss(self.ab(fake_a).float(), b)
        total = fool + o.lambda_cycle * cycle
        losses = {"fool": fool, "cycle": cycle}
        if o.lambda_identity > 0 and self.steps % o.identity_every == 0:
            identity = F.l1_loss(self.ab(b).float(), b) + F.l1_loss(self.ba(a).float(), a)
            total = total + o.lambda_cycle * o.lambda_identity * identity
            losses["identity"] = identity
        self.optimizer_g.zero_grad(set_to_none=True)
        total.backward()
        self.optimizer_g.step()
        for parameter in self.critics:
            parameter.requires_grad_(True)
        return {name: loss.item() for name, loss in losses.items()}, fake_a.detach(), fake_b.detach()

    def step_discriminators(self, a, b, fake_a, fake_b):
        return self.judge(a, b, self.pool_a.exchange(fake_a), self.pool_b.exchange(fake_b))

    def judge(self, a, b, fake_a, fake_b):
        a, b, fake_a, fake_b = map(self.blur, (a, b, fake_a, fake_b))
        loss_a = 0.5 * (mean_square(self.d_a(a), 1.0) + mean_square(self.d_a(fake_a), 0.0))
        loss_b = 0.5 * (mean_square(self.d_b(b), 1.0) + mean_square(self.d_b(fake_b), 0.0))
        self.optimizer_d.zero_grad(set_to_none=True)
        (loss_a + loss_b).backward()
        self.optimizer_d.step()
        return {"d_a": loss_a.item(), "d_b": loss_b.item()}

    def blur(self, picture):
        if self.o.noise == 0:
            return picture
        noise = self.random.standard_normal(tuple(picture.shape), dtype=np.float32)
        return picture + self.o.noise * torch.from_numpy(noise)

    def practise(self, a, b):
        """One more discriminator step, on pictures of the pools."""
        fake_a, fake_b = self.pool_a.draw(), self.pool_b.draw()
        with torch.autocast("cpu", torch.bfloat16, enabled=not self.o.no_bfloat16):
            self.judge(a, b, fake_a, fake_b)

    @torch.no_grad()
    def follow(self):
        """Moves the averaged generators; faster at first, when the weights still change much."""
        decay = min(self.o.average, (1 + self.steps) / (10 + self.steps))
        for average, live in ((self.average_ab, self.ab), (self.average_ba, self.ba)):
            for mean, value in zip(average.parameters(), live.parameters()):
                mean.lerp_(value, 1 - decay)

    def set_learning_rate(self, progress):
        rate = self.o.learning_rate * min(1.0, 2.0 * (1.0 - progress))
        for optimizer, pace in ((self.optimizer_g, 1.0), (self.optimizer_d, self.o.critic_pace)):
            for group in optimizer.param_groups:
                group["lr"] = pace * max(rate, 0.0)

    def save(self, path, seconds):
        state = {name: part.state_dict() for name, part in self.networks().items()}
        state |= {"steps": self.steps, "seconds": seconds, "options": vars(self.o),
                  "random": self.random.bit_generator.state,
                  "pools": [self.pool_a.pictures, self.pool_b.pictures]}
        torch.save(state, f"{path}.part")
        os.replace(f"{path}.part", path)

    def start_from(self, path):
        """Takes over another run's networks. One that painted on an empty canvas paints half as strongly over its input."""
        state = torch.load(path, weights_only=False) if pathlib.Path(path).is_file() else shipped(path)
        for name, part in self.networks().items():
            if name.startswith("optimizer"):
                continue
            weights = state[name]
            if hasattr(part, "skip") and "skip.weight" not in weights:
                head = len(part.model) - 1
                weights[f"model.{head}.weight"] *= 0.5
                weights[f"model.{head}.bias"] *= 0.5
                weights["skip.weight"] = torch.full((1,), 0.6)
            part.load_state_dict(weights)
        self.steps = state["steps"]
        for part in (self.ab, self.average_ab):
            part.load_state_dict(exaggerated(part.state_dict(), self.o.exaggerate))
        if self.o.only_back:
            # The average is what is shown, so it is what the way back is to be learned from.
            self.ab.load_state_dict(self.average_ab.state_dict())
            self.ab.requires_grad_(False)

    def load(self, path):
        state = torch.load(path, weights_only=False)
        for name, part in self.networks().items():
            part.load_state_dict(state[name])
        self.steps = state["steps"]
        self.random.bit_generator.state = state["random"]
        self.pool_a.pictures, self.pool_b.pictures = state["pools"]
        return state["seconds"]


def shipped(path):
    """The networks of a pair that export.py wrote, as a run that goes on from them takes them."""
    files = {"average_ab": "ab", "average_ba": "ba", "d_a": "d-a", "d_b": "d-b"}
    state = {name: {key: value.float() for key, value in load_file(f"{path}-{file}.safetensors").items()} for name, file in files.items()}
    with safe_open(f"{path}-ab.safetensors", "pt") as file:
        return state | {"ab": state["average_ab"], "ba": state["average_ba"], "steps": int(file.metadata()["steps"])}


def mean_square(scores, target):
    """Least-squares GAN loss (Mao et al., 2017)."""
    return (scores.float() - target).square().mean()


@torch.no_grad()
def write_sheet(model, tests_a, tests_b, path):
    """A row: photo, its translation, and back; a picture of b, its translation."""
    rows = []
    for a, b in zip(tests_a, tests_b):
        a, b = to_signed(a), to_signed(b)
        fake_b = model.average_ab(a)
        rows.append([a, fake_b, model.average_ba(fake_b), b, model.average_ba(b)])
    save_sheet(rows, path)


class Budget:
    """How far the training is, 0 to 1, by time or by steps."""

    def __init__(self, o, seconds):
        self.o, self.begun = o, time.monotonic() - seconds

    def seconds(self):
        return time.monotonic() - self.begun

    def progress(self, steps):
        done = steps / self.o.steps if self.o.steps else self.seconds() / (60 * self.o.minutes)
        return min(done, 1.0)


def train(o):
    torch.set_num_threads(o.threads)
    torch.set_flush_denormal(True)
    out, data = pathlib.Path(o.out), pathlib.Path(o.data)
    out.mkdir(parents=True, exist_ok=True)
    a, b = ("B", "A") if o.swap else ("A", "B")
    model = CycleGan(o)
    checkpoint = out / "checkpoint.pt"
    if o.start and not checkpoint.exists():
        model.start_from(o.start)
    budget = Budget(o, model.load(checkpoint) if checkpoint.exists() else 0.0)
    crops_a = Crops(read_folder(data / f"train{a}"), o.side, o.widest, model.random)
    crops_b = Crops(read_folder(data / f"train{b}"), o.side, o.widest, model.random)
    tests_a, tests_b = read_folder(data / f"test{a}")[:8], read_folder(data / f"test{b}")[:8]
    means, saved = {}, budget.seconds()
    while (progress := budget.progress(model.steps)) < 1.0:
        model.set_learning_rate(progress)
        losses = model.step(crops_a.draw(), crops_b.draw())
        for _ in range(1, o.critic_steps):
            model.practise(crops_a.draw(), crops_b.draw())
        for name, loss in losses.items():
            means[name] = 0.98 * means.get(name, loss) + 0.02 * loss
        if model.steps % 50 == 0:
            report(model, budget, means, out)
        if budget.seconds() - saved > 60 * o.checkpoint_minutes:
            saved = budget.seconds()
            model.save(checkpoint, saved)
            write_sheet(model, tests_a, tests_b, out / "sheet.jpg")
    model.save(checkpoint, budget.seconds())
    write_sheet(model, tests_a, tests_b, out / "sheet.jpg")
    print("done", flush=True)


def report(model, budget, means, out):
    line = {"step": model.steps, "minutes": round(budget.seconds() / 60, 2)}
    line |= {name: round(mean, 4) for name, mean in means.items()}
    print(json.dumps(line), flush=True)
    with open(out / "log.jsonl", "a") as log:
        log.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    train(parse_arguments())
