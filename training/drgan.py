#!/usr/bin/env python3
"""Third of DR-GAN's trainings, on a CPU: decoder and discriminator, from the features that faces_identity.py computed.

    python3 training/drgan.py --faces runs/faces --identity runs/identity/identity.pt --out runs/drgan --minutes 45

Run the same command again to go on from the last checkpoint. The budget is time; `--gan-from` says which share of it
passes before the discriminator's verdicts count. The encoder stays as it is: its features are read from memory, which
leaves the time to the decoder. `drgan_export.py` makes the files that the page loads.

Losses, each with where it comes from; drgan_losses.py measures what each does, README.md says what it found:
- pixels: L1 to the same photo at the asked yaw, which the generic head shows (the pairs of 300W-LP, used as TP-GAN uses
  Multi-PIE's; Huang et al., 2017), a quarter as strong where features and target are two photos of a person,
- edges: L1 between the differences of neighbouring pixels (gradient difference loss; Mathieu et al., 2016),
- features: L1 between discriminator maps of made and real (feature matching; Larsen et al., 2016),
- symmetry: what is made at a yaw near 0 equals its mirror image (TP-GAN),
- the paper's three verdicts of the discriminator: identity (with the later code's margin), yaw, real or fake.
"""

import argparse
import copy
import json
import os
import pathlib
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from drgan_networks import NOISE, Decoder, Discriminator, Encoder, initialize
from faces_batch import Coded, Faces
from pictures import save_sheet

# Additive-margin softmax: scale and margin (Wang et al., 2018, with a margin for few people).
SCALE, MARGIN = 24.0, 0.2
SHEET_YAWS = np.radians([-90, -67.5, -45, -22.5, 0, 22.5, 45, 67.5, 90])


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--faces", required=True, help="folder that faces_pack.py wrote")
    p.add_argument("--identity", required=True, help="file that faces_identity.py wrote")
    p.add_argument("--out", required=True, help="folder for checkpoint, log and sheet")
    p.add_argument("--minutes", type=float, required=True, help="time budget over all runs")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--batch", type=int, default=24)
    p.add_argument("--judge-every", type=int, default=3, help="the discriminator looks and learns on every n-th step")
    p.add_argument("--learning-rate", type=float, default=2e-3)
    p.add_argument("--gan-from", type=float, default=0.5)
    p.add_argument("--lambda-pixels", type=float, default=6.0)
    p.add_argument("--lambda-edges", type=float, default=6.0)
    p.add_argument("--lambda-features", type=float, default=1.5)
    p.add_argument("--lambda-symmetry", type=float, default=1.0)
    p.add_argument("--lambda-verdicts", type=float, nargs=3, default=(0.03, 0.5, 0.1), help="identity, yaw, real or fake")
    p.add_argument("--average", type=float, default=0.995, help="decay of the averaged decoder")
    p.add_argument("--checkpoint-minutes", type=float, default=4.0)
    return p.parse_args()


def margin_softmax(cosines, person):
    return F.cross_entropy(SCALE * (cosines - MARGIN * F.one_hot(person, cosines.shape[1])), person)


def channels_last(pictures):
    return pictures.contiguous(memory_format=torch.channels_last)


class DrGan:
    """Decoder and discriminator, their optimizers and one training step."""

    def __init__(self, o, people):
        self.o, self.steps = o, 0
        random = torch.Generator().manual_seed(o.seed)
        make = lambda network: initialize(network, random).to(memory_format=torch.channels_last)
        self.decoder, self.discriminator = make(Decoder()), make(Discriminator(people))
        with torch.no_grad():
            self.decoder.out.weight.mul_(0.2)
        self.average_decoder = copy.deepcopy(self.decoder)
        self.optimizer_g = torch.optim.AdamW(self.decoder.parameters(), o.learning_rate, (0.8, 0.99), weight_decay=1e-4)
        self.optimizer_d = torch.optim.AdamW(self.discriminator.parameters(), o.learning_rate, (0.5, 0.99), weight_decay=1e-4)
        self.random = np.random.default_rng(o.seed)

    def parts(self):
        names = ("decoder", "discriminator", "average_decoder", "optimizer_g", "optimizer_d")
        return {name: getattr(self, name) for name in names}

    def noise(self, n):
        return torch.from_numpy(self.random.uniform(-1, 1, (n, NOISE))).float()

    def step(self, asked, adversarial):
        """One step; the losses by name."""
        judging = self.steps % self.o.judge_every == 0
        with torch.autocast("cpu", torch.bfloat16):
            losses, made = self.step_generator(asked, judging, adversarial)
            if judging:
                losses |= self.step_discriminator(asked, made, adversarial)
        self.follow()
        self.steps += 1
        return losses

    def step_generator(self, asked, judging, adversarial):
        o = self.o
        made = self.decoder(asked.code, asked.yaw, self.noise(len(asked.code)))
        losses = self.compare(made, asked)
        if judging:
            losses |= self.verdicts(made, asked, adversarial)
        # What is judged on every n-th step counts n times there.
        often = o.judge_every
        weights = {"pixels": o.lambda_pixels, "edges": o.lambda_edges, "symmetry": o.lambda_symmetry,
                   "features": often * o.lambda_features, "g_identity": often * o.lambda_verdicts[0],
                   "g_yaw": often * o.lambda_verdicts[1], "g_real": often * o.lambda_verdicts[2]}
        self.optimizer_g.zero_grad(set_to_none=True)
        sum(weights[name] * loss for name, loss in losses.items()).backward()
        nn.utils.clip_grad_norm_(self.decoder.parameters(), 5.0)
        self.optimizer_g.step()
        return {name: loss.item() for name, loss in losses.items()}, made.detach()

    def compare(self, made, asked):
        trust, weight, away = 0.25 + 0.75 * asked.exact, asked.weight, made - asked.target
        down, across = (away[:, :, 1:] - away[:, :, :-1]).abs() * weight[:, :, 1:], (away[..., 1:] - away[..., :-1]).abs() * weight[..., 1:]
        mirrored = (made - made.flip(3)).abs().mean((1, 2, 3))
        front = (asked.yaw[:, 0].abs() < 0.12).float()
        return {"pixels": (trust * (away.abs() * weight).mean((1, 2, 3))).mean(),
                "edges": (trust * (down.mean((1, 2, 3)) + across.mean((1, 2, 3)))).mean(), "symmetry": (front * mirrored).mean()}

    def verdicts(self, made, asked, adversarial):
        self.discriminator.requires_grad_(False)
        n = len(made)
        both = self.discriminator.maps(channels_last(torch.cat([made, asked.target])))
        maps, wanted = [m[:n] for m in both], [m[n:].detach() for m in both]
        matched = [(m - w).float().abs().mean((1, 2, 3)) / w.float().abs().mean() for m, w in zip(maps[1::2], wanted[1::2])]
        losses = {"features": ((0.25 + 0.75 * asked.exact) * sum(matched)).mean() / len(matched)}
        if adversarial:
            cosines, yaw, real = (head[:n] for head in self.discriminator.heads(both[-1]))
            losses |= {"g_identity": margin_softmax(cosines, asked.person), "g_yaw": F.mse_loss(yaw, asked.yaw),
                       "g_real": F.softplus(-real).mean()}
        self.discriminator.requires_grad_(True)
        return losses

    def step_discriminator(self, asked, made, adversarial):
        """Real and made pictures pass together: batch norm would give either alone a mean verdict that says nothing of it."""
        apart = adversarial or self.steps % (4 * self.o.judge_every) == 0
        cosines, yaw, real = self.discriminator(channels_last(torch.cat([asked.target, made]) if apart else asked.target))
        n = len(asked.target)
        losses = {"d_identity": margin_softmax(cosines[:n], asked.person), "d_yaw": F.mse_loss(yaw[:n], asked.yaw)}
        real, fake = real[:n], real[n:] if apart else None
        if fake is not None:
            # Label 0.9 for real (one-sided smoothing; Salimans et al., 2016).
            losses["d_real"] = 0.9 * F.softplus(-real).mean() + 0.1 * F.softplus(real).mean() + F.softplus(fake).mean()
        self.optimizer_d.zero_grad(set_to_none=True)
        (losses["d_identity"] * 0.3 + 2 * losses["d_yaw"] + losses.get("d_real", 0.0)).backward()
        nn.utils.clip_grad_norm_(self.discriminator.parameters(), 5.0)
        self.optimizer_d.step()
        return {name: loss.item() for name, loss in losses.items()}

    @torch.no_grad()
    def follow(self):
        """Moves the averaged decoder, batch statistics and all; faster at first."""
        decay = min(self.o.average, (1 + self.steps) / (10 + self.steps))
        for mean, value in zip(self.average_decoder.state_dict().values(), self.decoder.state_dict().values()):
            if mean.is_floating_point():
                mean.lerp_(value, 1 - decay)

    def set_learning_rate(self, progress):
        """Up over the first 30 steps, then down a cosine."""
        rate = self.o.learning_rate * min(1.0, 0.1 + self.steps / 30) * (0.02 + 0.49 * (1 + np.cos(np.pi * min(progress, 1.0))))
        for optimizer, pace in ((self.optimizer_g, 1.0), (self.optimizer_d, 0.4)):
            for group in optimizer.param_groups:
                group["lr"] = pace * rate

    def save(self, path, seconds):
        state = {name: part.state_dict() for name, part in self.parts().items()}
        state |= {"steps": self.steps, "seconds": seconds, "options": vars(self.o), "random": self.random.bit_generator.state}
        torch.save(state, f"{path}.part")
        os.replace(f"{path}.part", path)

    def load(self, path):
        state = torch.load(path, weights_only=False)
        for name, part in self.parts().items():
            part.load_state_dict(state[name])
        self.steps = state["steps"]
        self.random.bit_generator.state = state["random"]
        return state["seconds"]


@torch.no_grad()
def write_sheet(encoder, decoder, faces, path):
    """A row: a test photo and its turns."""
    decoder, rows = copy.deepcopy(decoder).eval(), []
    for at in faces.tests[:: len(faces.tests) // 12][:12]:
        picture = torch.from_numpy(faces.real[at][None, :3, 8:104, 8:104].astype(np.float32)) / 127.5 - 1
        features, _ = encoder(picture)
        yaws = torch.tensor(SHEET_YAWS, dtype=torch.float32)[:, None]
        made = decoder(features.expand(len(yaws), -1), yaws, torch.zeros(len(yaws), NOISE))
        rows.append([picture, *made.split(1)])
    save_sheet(rows, path)


def train(o):
    torch.set_num_threads(o.threads)
    torch.set_flush_denormal(True)
    out = pathlib.Path(o.out)
    out.mkdir(parents=True, exist_ok=True)
    faces = Faces(o.faces, np.random.default_rng(o.seed))
    identity = torch.load(o.identity, weights_only=False)
    encoder = Encoder()
    encoder.load_state_dict(identity["encoder"])
    encoder.eval()
    model = DrGan(o, len(faces.people))
    faces.random = model.random
    coded = Coded(faces, identity)
    checkpoint = out / "checkpoint.pt"
    begun = time.monotonic() - (model.load(checkpoint) if checkpoint.exists() else 0.0)
    seconds = lambda: time.monotonic() - begun
    means, saved = {}, seconds()
    while (progress := seconds() / (60 * o.minutes)) < 1.0:
        model.set_learning_rate(progress)
        losses = model.step(coded.draw(o.batch), adversarial=progress >= o.gan_from)
        for name, loss in losses.items():
            means[name] = 0.98 * means.get(name, loss) + 0.02 * loss
        if model.steps % 50 == 0:
            report(model, seconds(), means, out)
        if seconds() - saved > 60 * o.checkpoint_minutes:
            saved = seconds()
            model.save(checkpoint, saved)
            write_sheet(encoder, model.average_decoder, faces, out / "sheet.png")
    model.save(checkpoint, seconds())
    write_sheet(encoder, model.average_decoder, faces, out / "sheet.png")
    print("done", flush=True)


def report(model, seconds, means, out):
    line = {"step": model.steps, "minutes": round(seconds / 60, 2)} | {name: round(mean, 4) for name, mean in means.items()}
    print(json.dumps(line), flush=True)
    with open(out / "log.jsonl", "a") as log:
        log.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    train(parse_arguments())
