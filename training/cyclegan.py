#!/usr/bin/env python3
"""Trains a CycleGAN on the CPU from the standard folders.

    python3 training/cyclegan.py --data FOLDER --out runs/horses --steps 40000

Domain a is trainA/testA (with --swap: trainB/testB); generator `ab` turns a into b. Run the same command again to go on from the last
checkpoint, to the step; options may change in between (`train_queue.py` runs a training's stages one after another that way). Writes
checkpoint.pt, log.jsonl and sheet.jpg (test pictures) to --out. `export.py` turns the averaged generators into the files that the page loads.

Zhu et al., "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks", 2017. What is not in that paper has a file named
after its own: `projected_gan.py`, `diff_augment.py`, `self_regularization.py`; the underpainting is in `networks.py`.
"""

import argparse
import copy
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

import loop
import self_regularization
from networks import PatchDiscriminator, ResnetGenerator, initialize
from pictures import Crops, Pool, read_folder, save_sheet, to_signed


def parse_arguments(arguments=None):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True, help="folder with trainA trainB testA testB")
    p.add_argument("--more-a", help="folder of more pictures of domain a")
    p.add_argument("--out", required=True, help="folder for checkpoint, log and sheets")
    p.add_argument("--swap", action="store_true", help="domain a is the folders' B")
    p.add_argument("--steps", type=int, required=True, help="where to stop, counted from the first step of all")
    p.add_argument("--falls-from", type=int, help="step from which on the learning rates fall, to a twentieth at --steps; as published: half of them")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--side", type=int, default=128, help="side of a crop, pixels")
    p.add_argument("--narrowest", type=float, default=1.0, help="smallest crop over the side")
    p.add_argument("--widest", type=float, default=1.75, help="largest crop over the side")
    p.add_argument("--filters", type=int, default=24, help="generators' filters")
    p.add_argument("--blocks", type=int, default=6)
    p.add_argument("--upsample", choices=["resize", "transposed"], default="resize")
    p.add_argument("--form", choices=["published", "skip", "underpainting"], default="underpainting", help="what the generators paint on")
    p.add_argument("--critic-filters", type=int, default=24, help="discriminators' filters")
    p.add_argument("--learning-rate", type=float, default=2e-4)
    p.add_argument("--patch-rate", type=float, default=1e-4, help="learning rate of the PatchGANs")
    p.add_argument("--projected-rate", type=float, default=2e-4, help="learning rate of the heads on frozen features")
    p.add_argument("--lambda-patch", type=float, default=0.25, help="weight of the PatchGANs; 1 as published")
    p.add_argument("--lambda-projected", type=float, default=1.0, help="weight of the projected discriminators; 0: none, as published")
    p.add_argument("--projected-levels", type=float, nargs=4, default=[1, 1, 1, 1], help="weights of the scales with strides 4, 8, 16, 32")
    p.add_argument("--lambda-content", type=float, default=0.0, help="weight of what features keep of a picture in its translation")
    p.add_argument("--lambda-content-back", type=float, help="the same for pictures of b; as --lambda-content where it isn't said")
    p.add_argument("--lambda-self", type=float, default=0.0, help="weight of the difference of a picture and its translation")
    p.add_argument("--lambda-even", type=float, default=0.0, help="weight of a translation's grain where its picture is flat")
    p.add_argument("--even-windows", type=int, nargs="+", default=[3], help="sides of the windows by which grain is told, odd")
    p.add_argument("--lambda-cycle", type=float, default=10.0)
    p.add_argument("--lambda-identity", type=float, default=0.0, help="as published for paintings: half of --lambda-cycle")
    p.add_argument("--identity-every", type=int, default=4, help="identity loss on every n-th step")
    p.add_argument("--pool", type=int, default=50)
    p.add_argument("--average", type=float, default=0.999, help="decay of the averaged generators")
    loop.options(p)
    o = p.parse_args(arguments)
    o.falls_from = o.steps // 2 if o.falls_from is None else o.falls_from
    o.lambda_content_back = o.lambda_content if o.lambda_content_back is None else o.lambda_content_back
    return o


class PatchCritic:
    """The published discriminators: least squares (Mao et al. 2017), and a pool of made pictures."""

    def __init__(self, o, random, numpy_random):
        self.d_a, self.d_b = (initialize(PatchDiscriminator(o.critic_filters), random).to(memory_format=torch.channels_last) for _ in range(2))
        self.parameters = [*self.d_a.parameters(), *self.d_b.parameters()]
        self.optimizer = torch.optim.Adam(self.parameters, o.patch_rate, (0.5, 0.99), fused=True)
        self.pool_a, self.pool_b = Pool(o.pool, numpy_random), Pool(o.pool, numpy_random)
        self.weight, self.pace, self.precision = o.lambda_patch, o.patch_rate / o.learning_rate, loop.precision(o)

    def state(self):
        return {"d_a": self.d_a, "d_b": self.d_b, "optimizer": self.optimizer}

    def fool(self, a, b, fake_a, fake_b):
        self.seen = a, b, fake_a.detach(), fake_b.detach()
        for parameter in self.parameters:
            parameter.requires_grad_(False)
        with self.precision:
            fool = mean_square(self.d_b(fake_b), 1.0) + mean_square(self.d_a(fake_a), 1.0)
        for parameter in self.parameters:
            parameter.requires_grad_(True)
        return {"patch": (self.weight, fool)}

    def judge(self):
        a, b, fake_a, fake_b = self.seen
        with self.precision:
            losses = {
                "d_a": 0.5 * (mean_square(self.d_a(a), 1.0) + mean_square(self.d_a(self.pool_a.exchange(fake_a)), 0.0)),
                "d_b": 0.5 * (mean_square(self.d_b(b), 1.0) + mean_square(self.d_b(self.pool_b.exchange(fake_b)), 0.0)),
            }
        self.optimizer.zero_grad(set_to_none=True)
        sum(losses.values()).backward()
        self.optimizer.step()
        return losses


class CycleGan(loop.Resumable):
    """Both generators, their discriminators and one training step."""

    def __init__(self, o):
        self.o = o
        random, self.random = torch.Generator().manual_seed(o.seed), np.random.default_rng(o.seed)
        self.ab, self.ba = (initialize(generator(vars(o)), random).to(memory_format=torch.channels_last) for _ in range(2))
        self.average_ab, self.average_ba = copy.deepcopy(self.ab), copy.deepcopy(self.ba)
        self.ab.compile(), self.ba.compile()
        self.optimizer = torch.optim.Adam([*self.ab.parameters(), *self.ba.parameters()], o.learning_rate, (0.5, 0.99), fused=True)
        self.critics = {"patch": PatchCritic(o, random, self.random)}
        if o.lambda_projected > 0:
            from projected_gan import ProjectedCritic
            self.critics["projected"] = ProjectedCritic(o, random, self.random)
        self.precision, self.steps, self.seconds = loop.precision(o), 0, 0.0

    def parts(self):
        """All that learns, by the name it has in a checkpoint."""
        parts = {name: getattr(self, name) for name in ("ab", "ba", "average_ab", "average_ba", "optimizer")}
        return parts | {f"{name}.{part}": value for name, critic in self.critics.items() for part, value in critic.state().items()}

    def step(self, a, b):
        """One step on one picture of each domain; the losses by name."""
        o = self.o
        with self.precision:
            fake_b, fake_a = self.ab(a), self.ba(b)
            losses = {"cycle": (o.lambda_cycle, F.l1_loss(self.ba(fake_b), a) + F.l1_loss(self.ab(fake_a), b))}
            if o.lambda_identity > 0 and self.steps % o.identity_every == 0:
                losses["identity"] = (o.lambda_identity, F.l1_loss(self.ab(b), b) + F.l1_loss(self.ba(a), a))
        losses |= self_regularization.losses(o, ((a, fake_b), (b, fake_a)))
        for critic in self.critics.values():
            losses |= critic.fool(a, b, fake_a, fake_b)
        self.optimizer.zero_grad(set_to_none=True)
        sum(weight * loss for weight, loss in losses.values()).backward()
        self.optimizer.step()
        losses = {name: loss for name, (_, loss) in losses.items()}
        for critic in self.critics.values():
            losses |= critic.judge()
        self.steps += 1
        self.follow()
        return {name: loss.item() for name, loss in losses.items()}

    @torch.no_grad()
    def follow(self):
        """Moves the averaged generators; faster at first, when the weights still change much."""
        decay = min(self.o.average, self.steps / (9 + self.steps))
        for average, live in ((self.average_ab, self.ab), (self.average_ba, self.ba)):
            torch._foreach_lerp_(list(average.parameters()), list(live.parameters()), 1 - decay)

    def set_learning_rate(self):
        left = (self.o.steps - self.steps) / max(1, self.o.steps - self.o.falls_from)
        rate = self.o.learning_rate * max(0.05, min(1.0, left))
        for optimizer, pace in [(self.optimizer, 1.0), *((critic.optimizer, critic.pace) for critic in self.critics.values())]:
            for group in optimizer.param_groups:
                group["lr"] = pace * rate

    def besides(self):
        patch = self.critics["patch"]
        return {"pools": [patch.pool_a.pictures, patch.pool_b.pictures]}

    def restore(self, name, part, state):
        # All of the mixing but its measured sizes follows from the seed, and may be missing.
        part.load_state_dict(state, **({"strict": False} if name == "projected.mixing" else {}))

    def load(self, path):
        state, patch = super().load(path), self.critics["patch"]
        if "pools" in state:
            patch.pool_a.pictures, patch.pool_b.pictures = state["pools"]


def generator(options):
    """The generator that a checkpoint's options name."""
    form = options["form"]
    return ResnetGenerator(options["filters"], options["blocks"], options["upsample"], form == "skip", form == "underpainting")


def mean_square(scores, target):
    """Least-squares GAN loss."""
    return (scores.float() - target).square().mean()


@torch.no_grad()
def write_sheet(model, tests_a, tests_b, path):
    """A row: a picture of a, its translation, and back; a picture of b, its translation, and back."""
    rows = []
    for a, b in zip(tests_a, tests_b):
        a, b = to_signed(a), to_signed(b)
        fake_b, fake_a = model.average_ab(a), model.average_ba(b)
        rows.append([a, fake_b, model.average_ba(fake_b), b, fake_a, model.average_ab(fake_a)])
    save_sheet(rows, path)


def train(o):
    torch.set_num_threads(o.threads)
    torch.set_flush_denormal(True)
    out, data = pathlib.Path(o.out), pathlib.Path(o.data)
    out.mkdir(parents=True, exist_ok=True)
    a, b = ("B", "A") if o.swap else ("A", "B")
    pictures_a, pictures_b = read_folder(data / f"train{a}") + (read_folder(o.more_a) if o.more_a else []), read_folder(data / f"train{b}")
    tests_a, tests_b = read_folder(data / f"test{a}")[:8], read_folder(data / f"test{b}")[:8]
    model, checkpoint = CycleGan(o), out / "checkpoint.pt"
    draw_a, draw_b = (Crops(p, o.side, o.narrowest, o.widest, model.random).draw for p in (pictures_a, pictures_b))
    if checkpoint.exists():
        model.load(checkpoint)
    elif "projected" in model.critics:
        model.critics["projected"].measure([draw() for draw in (draw_a, draw_b) for _ in range(32)])

    def step():
        model.set_learning_rate()
        return model.step(draw_a(), draw_b())

    loop.run(model, o, out, step, lambda path: write_sheet(model, tests_a, tests_b, path), report_every=50)


if __name__ == "__main__":
    train(parse_arguments())
