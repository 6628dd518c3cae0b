"""Batches of packed faces (faces_pack.py): people, several photos of each, and for each photo a view to turn it into."""

import dataclasses
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from drgan_networks import SIDE

PACKED = 112
# Rounded up from what a visitor's aligner gets wrong: pixels, radians, share.
JITTER_SHIFT, JITTER_ROLL, JITTER_SIZE = 3.0, 0.1, 0.06


@dataclasses.dataclass
class Batch:
    """Sources as the encoder sees them and targets for the decoder, [n, 3, 96, 96]; people and yaws are theirs, row by row."""

    source: torch.Tensor
    target: torch.Tensor
    weight: torch.Tensor
    person: torch.Tensor
    source_yaw: torch.Tensor
    yaw: torch.Tensor
    exact: torch.Tensor


class Faces:
    """The training people's packed faces. Photos that are not turned yet are used as they are."""

    def __init__(self, folder, random):
        folder = pathlib.Path(folder)
        index = np.load(folder / "faces.npz", allow_pickle=False)
        self.random, self.yaw, self.names = random, index["yaw"], index["names"]
        self.real, self.turned = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("real", "turned"))
        self.turned_yaw = np.load(folder / "turned_yaw.npy", mmap_mode="r")
        self.views = len(self.turned) // len(index["frontal"])
        self.slot = {at: self.views * place for place, at in enumerate(index["frontal"])}
        train = ~index["test"]
        self.people = np.unique(index["person"][train])
        self.frontals = [np.flatnonzero(train & ~index["profile"] & (index["person"] == p)) for p in self.people]
        self.profiles = [np.flatnonzero(train & index["profile"] & (index["person"] == p)) for p in self.people]
        self.tests = np.flatnonzero(index["test"] & ~index["profile"])

    def view(self, photo, place):
        """Pixels and yaw of a photo: place 0 as it is, 1 to 3 turned."""
        if place > 0 and not math.isnan(self.turned_yaw[self.slot[photo] + place - 1]):
            at = self.slot[photo] + place - 1
            return self.turned[at], self.turned_yaw[at]
        return self.real[photo], self.yaw[photo]

    def pair(self, person, frontal):
        """A source and what to make of it; exact where both are one photo."""
        r = self.random
        if frontal:
            photo = r.choice(self.frontals[person])
            source = self.view(photo, r.integers(0, 1 + self.views) if r.random() < 0.6 else 0)
            return source, self.view(photo, r.integers(0, 1 + self.views)), True
        source = self.view(r.choice(self.profiles[person]), 0)
        if r.random() < 0.6:
            return source, source, True
        return source, self.view(r.choice(self.frontals[person]), r.integers(0, 1 + self.views)), False

    def draw(self, people, photos):
        """`photos` pictures of each of `people` persons, one in four a profile."""
        rows = []
        for person in self.random.choice(len(self.people), people, replace=False):
            rows += [(person, *self.pair(person, frontal=place % 4 != 3)) for place in range(photos)]
        person = torch.tensor([row[0] for row in rows])
        source, target = (torch.from_numpy(np.stack([row[i][0] for row in rows])).float() for i in (1, 2))
        source_yaw, yaw = (torch.tensor([[row[i][1]] for row in rows], dtype=torch.float32) for i in (1, 2))
        exact = torch.tensor([float(row[3]) for row in rows])
        sign = torch.from_numpy(np.where(self.random.random(len(rows)) < 0.5, -1.0, 1.0)).float()
        source = self.crop(source[:, :3], sign, jitter=True)
        target = self.crop(target, sign, jitter=False)
        # Beyond the head a photo's own background is asked for, but not much.
        weight = 0.2 + 0.8 * target[:, 3:] / 255
        source, target = self.tint(source / 127.5 - 1, target[:, :3] / 127.5 - 1)
        return Batch(source, target, weight, person, source_yaw * sign[:, None], yaw * sign[:, None], exact)

    def crop(self, pictures, sign, jitter):
        """The middle 96 px, mirrored where sign is -1; with jitter moved, tilted and scaled a little."""
        n, r = len(pictures), self.random
        draw = lambda spread: torch.from_numpy(r.uniform(-spread, spread, n)).float() * (1.0 if jitter else 0.0)
        roll, size = draw(JITTER_ROLL), 1 + draw(JITTER_SIZE)
        x, y = (2 * draw(JITTER_SHIFT) / PACKED for _ in range(2))
        size = size * SIDE / PACKED
        rows = [torch.stack([size * roll.cos() * sign, -size * roll.sin(), x], 1),
                torch.stack([size * roll.sin() * sign, size * roll.cos(), y], 1)]
        grid = F.affine_grid(torch.stack(rows, 1), (n, pictures.shape[1], SIDE, SIDE), align_corners=False)
        return F.grid_sample(pictures, grid, padding_mode="border", align_corners=False)

    def tint(self, *both):
        """The same change of contrast, brightness and colour to both; one in eight is grey."""
        n, r = len(both[0]), self.random
        gain = torch.from_numpy(r.uniform(0.8, 1.2, (n, 1, 1, 1)) * r.uniform(0.93, 1.07, (n, 3, 1, 1))).float()
        offset = torch.from_numpy(r.uniform(-0.15, 0.15, (n, 1, 1, 1))).float()
        grey = torch.from_numpy((r.random((n, 1, 1, 1)) < 0.125)).float()
        tinted = []
        for pictures in both:
            pictures = (pictures * gain + offset).clamp(-1, 1)
            luma = (pictures * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
            tinted.append(pictures * (1 - grey) + luma * grey)
        return tinted
