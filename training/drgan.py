#!/usr/bin/env python3
"""Trains DR-GAN on a CPU on faces packed by faces_pack.py.

    python3 training/drgan.py --faces runs/faces --out runs/drgan --minutes 75

Run the same command again to go on from the last checkpoint. The budget is time; `--gan-from` says which share of it
passes before the discriminator's real/fake verdict counts. `drgan_export.py` makes the files that the page loads.

Losses, each with where it comes from:
- identity: additive-margin softmax on the features of each photo and of the four fused (the authors' later code),
- pixels: L1 to the same photo at the asked yaw, which the generic head shows (the pairs of 300W-LP, used as TP-GAN uses
  Multi-PIE's; Huang et al., 2017), a quarter as strong to another photo of the person where no such pair exists,
- features: L1 between discriminator maps of made and real (feature matching; Larsen et al., 2016),
- symmetry: what is made at a yaw near 0 equals its mirror image (TP-GAN),
- the paper's three verdicts of the discriminator: identity, yaw, real or fake.
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

from drgan_networks import FEATURES, NOISE, Decoder, Discriminator, Encoder, fuse, initialize
from faces_batch import Faces
from pictures import save_sheet

# Additive-margin softmax: scale and margin (Wang et al., 2018, with a margin for few people).
SCALE, MARGIN = 24.0, 0.2
SHEET_YAWS = np.radians([-90, -60, -30, 0, 30, 60, 90])


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--faces", required=True, help="folder that faces_pack.py wrote")
    p.add_argument("--out", required=True, help="folder for checkpoint, log and sheet")
    p.add_argument("--minutes", type=float, required=True, help="time budget over all runs")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--people", type=int, default=8, help="people in a batch")
    p.add_argument("--photos", type=int, default=4, help="photos of each")
    p.add_argument("--decoded", type=int, default=20, help="how many of them are decoded, a step")
    p.add_argument("--learning-rate", type=float, default=1e-3)
    p.add_argument("--gan-from", type=float, default=0.45)
    p.add_argument("--lambda-pixels", type=float, default=8.0)
    p.add_argument("--lambda-features", type=float, default=2.0)
    p.add_argument("--lambda-symmetry", type=float, default=1.0)
    p.add_argument("--lambda-verdicts", type=float, nargs=3, default=(0.05, 1.0, 0.15), help="identity, yaw, real or fake")
    p.add_argument("--average", type=float, default=0.997, help="decay of the averaged networks")
    p.add_argument("--checkpoint-minutes", type=float, default=4.0)
    return p.parse_args()


def margin_softmax(cosines, person):
    return F.cross_entropy(SCALE * (cosines - MARGIN * F.one_hot(person, cosines.shape[1])), person)


class DrGan:
    """The networks, their optimizers and one training step."""

    def __init__(self, o, people):
        self.o, self.steps = o, 0
        random = torch.Generator().manual_seed(o.seed)
        make = lambda network: initialize(network, random).to(memory_format=torch.channels_last)
        self.encoder, self.decoder, self.discriminator = make(Encoder()), make(Decoder()), make(Discriminator(people))
        self.people = nn.Parameter(torch.randn(people, FEATURES, generator=random) * 0.05)
        self.average_encoder, self.average_decoder = copy.deepcopy(self.encoder), copy.deepcopy(self.decoder)
        painters = [*self.encoder.parameters(), *self.decoder.parameters(), self.people]
        self.optimizer_g = torch.optim.AdamW(painters, o.learning_rate, (0.8, 0.99), weight_decay=1e-4)
        self.optimizer_d = torch.optim.AdamW(self.discriminator.parameters(), o.learning_rate, (0.5, 0.99), weight_decay=1e-4)
        self.random = np.random.default_rng(o.seed)

    def parts(self):
        names = ("encoder", "decoder", "discriminator", "average_encoder", "average_decoder", "optimizer_g", "optimizer_d")
        return {name: getattr(self, name) for name in names}

    def noise(self, n):
        return torch.from_numpy(self.random.uniform(-1, 1, (n, NOISE))).float()

    def step(self, batch, adversarial):
        """One step; the losses by name. The discriminator learns on every second."""
        with torch.autocast("cpu", torch.bfloat16):
            losses, made, chosen = self.step_generator(batch, adversarial)
            if self.steps % 2 == 0:
                losses |= self.step_discriminator(batch, made, chosen, adversarial)
        self.follow()
        self.steps += 1
        return losses

    def step_generator(self, batch, adversarial):
        o = self.o
        features, confidence = self.encoder(batch.source.contiguous(memory_format=torch.channels_last))
        by_person = lambda x: x.view(o.people, o.photos, -1)
        fused = fuse(by_person(features), by_person(confidence))
        cosines = F.normalize(torch.cat([features, fused])) @ F.normalize(self.people).t()
        person = torch.cat([batch.person, batch.person[:: o.photos]])
        losses = {"identity": margin_softmax(cosines, person)}
        # A photo's own features are what it is made from; of the pairs that are not exact, the person's fused ones.
        chosen = torch.from_numpy(np.sort(self.random.permutation(len(features))[: o.decoded]))
        exact = batch.exact[chosen, None]
        code = exact * features[chosen] + (1 - exact) * fused[chosen // o.photos]
        made = self.decoder(code, batch.yaw[chosen], self.noise(len(chosen)))
        losses |= self.judge_made(made, batch, chosen, adversarial)
        weights = {"identity": 1.0, "pixels": o.lambda_pixels, "features": o.lambda_features, "symmetry": o.lambda_symmetry,
                   "g_identity": o.lambda_verdicts[0], "g_yaw": o.lambda_verdicts[1], "g_real": o.lambda_verdicts[2]}
        self.optimizer_g.zero_grad(set_to_none=True)
        sum(weights[name] * loss for name, loss in losses.items()).backward()
        nn.utils.clip_grad_norm_([p for group in self.optimizer_g.param_groups for p in group["params"]], 5.0)
        self.optimizer_g.step()
        return {name: loss.item() for name, loss in losses.items()}, made.detach(), chosen

    def judge_made(self, made, batch, chosen, adversarial):
        target, weight, yaw = batch.target[chosen], batch.weight[chosen], batch.yaw[chosen]
        trust = 0.25 + 0.75 * batch.exact[chosen]
        away = ((made - target).abs() * weight).mean((1, 2, 3))
        front = (yaw.abs() < 0.12).float()
        mirrored = (made - made.flip(3)).abs().mean((1, 2, 3), keepdim=False)
        losses = {"pixels": (trust * away).mean(), "symmetry": (front[:, 0] * mirrored).mean()}
        self.discriminator.requires_grad_(False)
        maps = self.discriminator.maps(made.contiguous(memory_format=torch.channels_last))
        with torch.no_grad():
            wanted = self.discriminator.maps(target.contiguous(memory_format=torch.channels_last))
        matched = [((m - w).float().abs().mean((1, 2, 3)) / w.float().abs().mean()) for m, w in zip(maps[1::2], wanted[1::2])]
        losses["features"] = (trust * sum(matched)).mean() / len(matched)
        cosines, found, real = self.discriminator.heads(maps[-1])
        losses["g_identity"] = margin_softmax(cosines, batch.person[chosen])
        losses["g_yaw"] = F.mse_loss(found, yaw)
        if adversarial:
            losses["g_real"] = F.softplus(-real).mean()
        self.discriminator.requires_grad_(True)
        return losses

    def step_discriminator(self, batch, made, chosen, adversarial):
        """Real and made pictures pass one after the other, each with its own batch statistics (the later code)."""
        person, yaw = batch.person[chosen], batch.yaw[chosen]
        cosines, found, real = self.discriminator(batch.target[chosen].contiguous(memory_format=torch.channels_last))
        losses = {"d_identity": margin_softmax(cosines, person), "d_yaw": F.mse_loss(found, yaw)}
        if adversarial:
            fake = self.discriminator(made.contiguous(memory_format=torch.channels_last))[2]
            # Label 0.9 for real (one-sided smoothing; Salimans et al., 2016).
            losses["d_real"] = 0.9 * F.softplus(-real).mean() + 0.1 * F.softplus(real).mean() + F.softplus(fake).mean()
        self.optimizer_d.zero_grad(set_to_none=True)
        sum(losses.values()).backward()
        self.optimizer_d.step()
        return {name: loss.item() for name, loss in losses.items()}

    @torch.no_grad()
    def follow(self):
        """Moves the averaged networks, batch statistics and all; faster at first."""
        decay = min(self.o.average, (1 + self.steps) / (10 + self.steps))
        for average, live in ((self.average_encoder, self.encoder), (self.average_decoder, self.decoder)):
            for mean, value in zip(average.state_dict().values(), live.state_dict().values()):
                if mean.is_floating_point():
                    mean.lerp_(value, 1 - decay)

    def set_learning_rate(self, progress):
        """Up over the first hundredth, then down a cosine."""
        rate = self.o.learning_rate * min(1.0, 100 * progress + 0.05) * (0.02 + 0.49 * (1 + np.cos(np.pi * min(progress, 1.0))))
        for optimizer, pace in ((self.optimizer_g, 1.0), (self.optimizer_d, 0.5)):
            for group in optimizer.param_groups:
                group["lr"] = pace * rate

    def save(self, path, seconds):
        state = {name: part.state_dict() for name, part in self.parts().items()}
        state |= {"people": self.people.data, "steps": self.steps, "seconds": seconds, "options": vars(self.o),
                  "random": self.random.bit_generator.state}
        torch.save(state, f"{path}.part")
        os.replace(f"{path}.part", path)

    def load(self, path):
        state = torch.load(path, weights_only=False)
        for name, part in self.parts().items():
            part.load_state_dict(state[name])
        self.people.data.copy_(state["people"])
        self.steps = state["steps"]
        self.random.bit_generator.state = state["random"]
        return state["seconds"]


@torch.no_grad()
def write_sheet(model, faces, path):
    """A row: a test photo and its turns."""
    encoder, decoder = copy.deepcopy(model.average_encoder).eval(), copy.deepcopy(model.average_decoder).eval()
    rows = []
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
    model = DrGan(o, len(faces.people))
    faces.random = model.random
    checkpoint = out / "checkpoint.pt"
    begun = time.monotonic() - (model.load(checkpoint) if checkpoint.exists() else 0.0)
    seconds = lambda: time.monotonic() - begun
    means, saved = {}, seconds()
    while (progress := seconds() / (60 * o.minutes)) < 1.0:
        model.set_learning_rate(progress)
        losses = model.step(faces.draw(o.people, o.photos), adversarial=progress >= o.gan_from)
        for name, loss in losses.items():
            means[name] = 0.98 * means.get(name, loss) + 0.02 * loss
        if model.steps % 50 == 0:
            report(model, seconds(), means, out)
        if seconds() - saved > 60 * o.checkpoint_minutes:
            saved = seconds()
            model.save(checkpoint, saved)
            write_sheet(model, faces, out / "sheet.png")
    model.save(checkpoint, seconds())
    write_sheet(model, faces, out / "sheet.png")
    print("done", flush=True)


def report(model, seconds, means, out):
    line = {"step": model.steps, "minutes": round(seconds / 60, 2)} | {name: round(mean, 4) for name, mean in means.items()}
    print(json.dumps(line), flush=True)
    with open(out / "log.jsonl", "a") as log:
        log.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    train(parse_arguments())
