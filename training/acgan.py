#!/usr/bin/env python3
"""Trains an AC-GAN on IDX files (MNIST's layout) on the CPU and writes its generator for the page.

    python3 training/acgan.py --data FOLDER --out runs/digits --minutes 25
    python3 training/acgan.py --data FOLDER --out runs/digits --minutes 25 --export www/public/models --card training/cards/digits.md

FOLDER holds train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz. The same command goes on from the last checkpoint; with --export it
also writes digits.safetensors (f16), its entry in models.json and its card.
"""

import argparse
import copy
import gzip
import json
import pathlib
import time

import numpy as np
import torch
import torch.nn.functional as F

from dcgan_networks import Discriminator, Generator, initialize
from tensor_file import write

CLASSES = 10


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--minutes", type=float, required=True, help="time budget over all runs")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--latent-dim", type=int, default=40)
    p.add_argument("--width", type=int, default=64, help="of the generator")
    p.add_argument("--discriminator-width", type=int, default=32)
    p.add_argument("--learning-rate", type=float, default=5e-4, help="falls to zero over the second half")
    p.add_argument("--r1", type=float, default=0.1, help="weight of the penalty on the discriminator's gradient at real digits")
    p.add_argument("--lambda-class", type=float, default=1.0)
    p.add_argument("--average", type=float, default=0.999)
    p.add_argument("--export", help="folder of the shipped models")
    p.add_argument("--card", help="text with {placeholders}")
    p.add_argument("--judged", help="file whose last line `npm run measure -- acgan` printed")
    return p.parse_args()


def read_idx(path):
    data = gzip.decompress(path.read_bytes())
    dimensions = data[3]
    shape = np.frombuffer(data, ">u4", dimensions, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def one(folder, pattern):
    return next(iter(sorted(pathlib.Path(folder).glob(pattern))))


# The penalty is taken at one step in so many, and counts for all of them, as in `src/training/pictures.rs`.
PENALTY_EVERY = 4


class AcGan:
    """The two networks, their optimizers and one training step (Odena et al. 2016, section 3); the discriminator has no norms, but R1."""

    def __init__(self, o):
        self.o = o
        random = torch.Generator().manual_seed(o.seed)
        self.generator = initialize(Generator(o.latent_dim, CLASSES, width=o.width), random)
        self.discriminator = initialize(Discriminator(CLASSES, width=o.discriminator_width, norms=False), random)
        self.average = copy.deepcopy(self.generator)
        adam = lambda network: torch.optim.Adam(network.parameters(), o.learning_rate, (0.0, 0.99))
        self.optimizer_g, self.optimizer_d = adam(self.generator), adam(self.discriminator)
        self.random = torch.Generator().manual_seed(o.seed)
        self.steps, self.seconds = 0, 0.0

    def latent(self, labels):
        noise = torch.randn(len(labels), self.o.latent_dim, generator=self.random)
        return torch.cat([noise, F.one_hot(labels, CLASSES).float()], 1)

    def step(self, real, labels):
        asked = torch.randint(CLASSES, labels.shape, generator=self.random)
        loss_d = self.step_discriminator(real, labels, asked)
        return loss_d, self.step_generator(torch.randint(CLASSES, labels.shape, generator=self.random))

    def step_discriminator(self, real, labels, asked):
        with torch.no_grad():
            fake = self.generator(self.latent(asked))
        penalised = self.steps % PENALTY_EVERY == 0
        real.requires_grad_(penalised)
        (source_real, class_real), (source_fake, class_fake) = self.discriminator(real), self.discriminator(fake)
        source = F.softplus(-source_real).mean() + F.softplus(source_fake).mean()
        classes = F.cross_entropy(class_real, labels) + F.cross_entropy(class_fake, asked)
        loss = source + self.o.lambda_class * classes
        if penalised:
            gradient = torch.autograd.grad(source_real.sum(), real, create_graph=True)[0]
            loss = loss + PENALTY_EVERY * self.o.r1 / 2 * gradient.square().sum((1, 2, 3)).mean()
        self.optimizer_d.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer_d.step()
        return loss.item()

    def step_generator(self, asked):
        source, classes = self.discriminator(self.generator(self.latent(asked)))
        loss = F.softplus(-source).mean() + self.o.lambda_class * F.cross_entropy(classes, asked)
        self.optimizer_g.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer_g.step()
        self.follow()
        return loss.item()

    @torch.no_grad()
    def follow(self):
        self.steps += 1
        decay = min(self.o.average, (1 + self.steps) / (10 + self.steps))
        for mean, value in zip(self.average.parameters(), self.generator.parameters()):
            mean.lerp_(value, 1 - decay)
        for mean, value in zip(self.average.buffers(), self.generator.buffers()):
            mean.copy_(value)

    def set_learning_rate(self, progress):
        for optimizer in (self.optimizer_g, self.optimizer_d):
            for group in optimizer.param_groups:
                group["lr"] = self.o.learning_rate * min(1.0, 2.0 * (1.0 - progress))

    def parts(self):
        return {name: getattr(self, name) for name in ("generator", "discriminator", "average", "optimizer_g", "optimizer_d")}

    def save(self, path):
        state = {name: part.state_dict() for name, part in self.parts().items()}
        torch.save(state | {"steps": self.steps, "seconds": self.seconds, "random": self.random.get_state()}, path)

    def load(self, path):
        state = torch.load(path, weights_only=True)
        for name, part in self.parts().items():
            part.load_state_dict(state[name])
        self.steps, self.seconds = state["steps"], state["seconds"]
        self.random.set_state(state["random"])

    @torch.no_grad()
    def settle(self, batches=200):
        """The norms' moments of the averaged weights themselves, from made pictures of their own."""
        for norm in self.average.norms:
            norm.reset_running_stats()
            norm.momentum = None
        self.average.train()
        for _ in range(batches):
            self.average(self.latent(torch.randint(CLASSES, (self.o.batch,), generator=self.random)))
        return self.average.eval()


def sheet(model, path):
    from PIL import Image

    labels = torch.arange(CLASSES).repeat(8)
    noise = torch.randn(8, model.o.latent_dim, generator=torch.Generator().manual_seed(5)).repeat_interleave(CLASSES, 0)
    average = copy.deepcopy(model).settle(20)
    with torch.no_grad():
        made = average(torch.cat([noise, F.one_hot(labels, CLASSES).float()], 1))
    rows = made.reshape(8, CLASSES, 28, 28).permute(0, 2, 1, 3).reshape(8 * 28, CLASSES * 28)
    Image.fromarray(((rows + 1) * 127.5).clamp(0, 255).byte().numpy()).resize((840, 672)).save(path)


def train(o, model, out, pictures, labels):
    began, saved = time.monotonic() - model.seconds, model.seconds
    while (seconds := time.monotonic() - began) < 60 * o.minutes:
        model.set_learning_rate(seconds / (60 * o.minutes))
        at = torch.randint(len(labels), (o.batch,), generator=model.random)
        loss_d, loss_g = model.step(pictures[at].float().div(127.5).sub(1).unsqueeze(1), labels[at])
        model.seconds = seconds
        if model.steps % 500 == 0:
            print(json.dumps({"step": model.steps, "minutes": round(seconds / 60, 1), "loss_d": round(loss_d, 3), "loss_g": round(loss_g, 3)}), flush=True)
        if seconds - saved > 120:
            saved = seconds
            model.save(out / "checkpoint.pt")
            sheet(model, out / "sheet.png")
    # All of the budget: the same command once more must not take another step.
    model.seconds = seconds
    model.save(out / "checkpoint.pt")


def export(o, model, count):
    models = pathlib.Path(o.export)
    weights = {name: value for name, value in model.settle().state_dict().items() if "num_batches" not in name}
    facts = {"latent_dim": o.latent_dim, "classes": CLASSES, "side": 28, "channels": 1, "width": o.width, "steps": model.steps}
    file = write(weights, models / "digits.safetensors", facts)
    judged = json.loads(pathlib.Path(o.judged).read_text().strip().splitlines()[-1]) if o.judged else {}
    entry = {"id": "digits", "kind": "acgan", "classes": [str(digit) for digit in range(CLASSES)], "files": {"generator": file}, "licence": "CC-BY-SA-3.0",
             "card": "digits.md", "quality": {"steps": model.steps}, "judged": judged, "side": 28}
    index = models / "models.json"
    others = [e for e in json.loads(index.read_text()) if e["id"] != "digits"]
    index.write_text(json.dumps([*others, entry], indent=2) + "\n")
    percent = {name: f"{100 * judged[name]:.1f}" if name in judged else "?" for name in ("judge_accuracy", "gan_test", "gan_train", "real_train")}
    ratio = f"{judged['frechet'] / judged['frechet_real']:.1f}" if judged else "?"
    figures = vars(o) | percent | {"steps": model.steps, "measured_minutes": round(model.seconds / 60), "count": count, "ratio": ratio,
                                   "kilobytes": round(file["bytes"] / 1000), "torch": torch.__version__.split("+")[0]}
    (models / entry["card"]).write_text(pathlib.Path(o.card).read_text(encoding="utf-8").format(**figures), encoding="utf-8")


def main():
    o = parse_arguments()
    torch.set_num_threads(1)
    out = pathlib.Path(o.out)
    out.mkdir(parents=True, exist_ok=True)
    pictures = torch.from_numpy(read_idx(one(o.data, "*train*images*")).copy())
    labels = torch.from_numpy(read_idx(one(o.data, "*train*labels*")).copy()).long()
    model = AcGan(o)
    if (out / "checkpoint.pt").exists():
        model.load(out / "checkpoint.pt")
    train(o, model, out, pictures, labels)
    if o.export:
        export(o, model, len(labels))


if __name__ == "__main__":
    main()
