#!/usr/bin/env python3
"""First of DR-GAN's trainings: the encoder learns who somebody is, from the people's names and from a teacher.

    python3 training/faces_recogniser.py --data runs/faces --teachers PACKAGE --out runs/faces-recogniser --steps 9000

The authors' later code starts its encoder from a pretrained recogniser; here dlib's (face_teachers.py) teaches it. The first IDENTITY of the
encoder's features are asked for the teacher's mean over a person's frontal photos, less the mean over all people, from each of their
photos, turned ones and profiles too: so a side view is told what the front looks like (distillation; Hinton et al. 2015). And for the person,
by additive-margin softmax (Wang et al. 2018). Both of single photos and of the four photos of each person fused, which teaches the
confidence. Run the same command again to go on, to the step.
"""

import argparse
import pathlib

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import loop
from drgan_networks import IDENTITY, SIDE, WIDE_ENCODER, Encoder, fuse, initialize
from face_teachers import FaceFeatures
from faces_batch import PACKED, Faces
from faces_identity import verification

# Additive-margin softmax: scale and margin.
SCALE, MARGIN = 24.0, 0.2
# The part of an aligned square that the teacher sees: side in squares, and how far down of its middle.
# Of twelve tried, those near this one tell training people apart best (0.998 under the curve frontal to frontal, 0.85 frontal to profile).
CHIP, CHIP_DOWN = 0.88, 0.0


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True, help="folder that faces_pack.py wrote")
    p.add_argument("--teachers", required=True, help="folder of the package that face_teachers.py reads")
    p.add_argument("--out", required=True)
    p.add_argument("--steps", type=int, required=True)
    p.add_argument("--falls-from", type=int, help="step from which on the learning rate falls; a third of them")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--people", type=int, default=10, help="a step")
    p.add_argument("--photos", type=int, default=4, help="of each")
    p.add_argument("--learning-rate", type=float, default=1.5e-3)
    p.add_argument("--lambda-teacher", type=float, default=6.0)
    p.add_argument("--lambda-people", type=float, default=0.5)
    p.add_argument("--average", type=float, default=0.998)
    loop.options(p)
    o = p.parse_args()
    o.falls_from = o.steps // 3 if o.falls_from is None else o.falls_from
    return o


def chip(pictures):
    """What the teacher sees of aligned squares [n, 3, 96, 96] in -1..1: [n, 3, 150, 150] in 0..255."""
    n, side = len(pictures), FaceFeatures.SIDE
    place = torch.tensor([[CHIP, 0.0, 0.0], [0.0, CHIP, 2 * CHIP_DOWN]]).expand(n, -1, -1)
    grid = F.affine_grid(place, (n, 3, side, side), align_corners=False)
    return (F.grid_sample(pictures, grid, padding_mode="border", align_corners=False) + 1) * 127.5


@torch.no_grad()
def teach(faces, teacher, cache):
    """The teacher's word on each training person: unit vectors [people, 128] about the people's mean; and that mean [128]."""
    if cache.exists():
        return torch.load(cache)
    margin, means = (PACKED - SIDE) // 2, []
    inner = slice(margin, margin + SIDE)
    for group in faces.frontals:
        pictures = torch.from_numpy(faces.real[group][:, :3, inner, inner].astype(np.float32)) / 127.5 - 1
        means.append(F.normalize(teacher(chip(pictures))).mean(0))
    means = torch.stack(means)
    found = {"people": F.normalize(means - means.mean(0)), "mean": means.mean(0)}
    torch.save(found, cache)
    return found


def margin_softmax(cosines, person):
    return F.cross_entropy(SCALE * (cosines - MARGIN * F.one_hot(person, cosines.shape[1])), person)


class Recogniser(nn.Module):
    """The encoder, and what its features are asked."""

    def __init__(self, people, random):
        super().__init__()
        self.encoder = initialize(Encoder(WIDE_ENCODER), random)
        self.people = nn.Parameter(torch.randn(people, IDENTITY, generator=random))
        self.teacher = nn.Linear(IDENTITY, 128)

    def forward(self, pictures, photos):
        """Of n pictures, `photos` of each person in turn: features [n + n / photos, IDENTITY], the fused ones last."""
        features, confidence = self.encoder(pictures.contiguous(memory_format=torch.channels_last))
        by_person = lambda x: x.view(-1, photos, x.shape[1])
        return torch.cat([features, fuse(by_person(features), by_person(confidence))])[:, :IDENTITY]

    def losses(self, identity, person, wanted):
        cosines = F.normalize(identity) @ F.normalize(self.people).t()
        return {"teacher": 1 - F.cosine_similarity(self.teacher(identity), wanted[person]).mean(),
                "people": margin_softmax(cosines, person),
                "right": (cosines.argmax(1) == person).float().mean()}


class Training(loop.Resumable):
    def __init__(self, o, faces, wanted):
        self.o, self.faces, self.random, self.wanted = o, faces, faces.random, wanted
        make = lambda: Recogniser(len(faces.people), torch.Generator().manual_seed(o.seed)).to(memory_format=torch.channels_last)
        self.network, self.average = make(), make()
        self.optimizer = torch.optim.AdamW(self.network.parameters(), o.learning_rate, (0.9, 0.99), weight_decay=0.02)
        self.steps, self.seconds = 0, 0.0

    def step(self):
        o = self.o
        left = (o.steps - self.steps) / max(1, o.steps - o.falls_from)
        for group in self.optimizer.param_groups:
            group["lr"] = o.learning_rate * min(1.0, 0.1 + self.steps / 100) * max(0.02, min(1.0, left))
        batch = self.faces.draw(o.people, o.photos)
        person = torch.cat([batch.person, batch.person[:: o.photos]])
        losses = self.network.losses(self.network(batch.source, o.photos), person, self.wanted)
        self.optimizer.zero_grad(set_to_none=True)
        (o.lambda_teacher * losses["teacher"] + o.lambda_people * losses["people"]).backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimizer.step()
        self.steps += 1
        decay = min(o.average, self.steps / (18 + self.steps))
        with torch.no_grad():
            for mean, value in zip(self.average.state_dict().values(), self.network.state_dict().values()):
                mean.lerp_(value, 1 - decay) if mean.is_floating_point() else mean.copy_(value)
        return {name: loss.item() for name, loss in losses.items()}

    def parts(self):
        return {"network": self.network, "average": self.average, "optimizer": self.optimizer}


@torch.no_grad()
def report(training, path):
    """Areas under the curve on the test people, beside the log: frontal-frontal, frontal-profile."""
    faces, network = training.faces, training.average.eval()
    pictures = torch.from_numpy(faces.real[faces.testing][:, :3, 8:104, 8:104].astype(np.float32)) / 127.5 - 1
    features = torch.cat([network.encoder(part.contiguous(memory_format=torch.channels_last))[0][:, :IDENTITY] for part in pictures.split(64)])
    areas = verification(features, faces.test_person, faces.test_profile)
    with open(path, "a") as log:
        log.write(f"{training.steps} steps, {training.seconds / 60:.1f} core minutes: {areas}\n")


def train(o):
    torch.set_num_threads(o.threads)
    torch.set_flush_denormal(True)
    out = pathlib.Path(o.out)
    out.mkdir(parents=True, exist_ok=True)
    faces = Faces(o.data, np.random.default_rng(o.seed))
    wanted = teach(faces, FaceFeatures(o.teachers), out / "teacher.pt")["people"]
    training, checkpoint = Training(o, faces, wanted), out / "checkpoint.pt"
    if checkpoint.exists():
        training.load(checkpoint)
    loop.run(training, o, out, training.step, lambda path: report(training, path.with_name("areas.txt")), report_every=50)


if __name__ == "__main__":
    train(parse_arguments())
