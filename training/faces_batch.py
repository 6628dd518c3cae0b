"""Batches of packed faces (faces_pack.py): pictures for the encoder, features and what to make of them for the decoder."""

import dataclasses
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from drgan_networks import SIDE

PACKED = 112
# Rounded up from what the finder gets wrong of frontal faces: pixels, radians, share.
JITTER_SHIFT, JITTER_ROLL, JITTER_SIZE = 3.0, 0.1, 0.06


@dataclasses.dataclass
class Batch:
    """Pictures as the encoder sees them, [n, 3, 96, 96], and who it is."""

    source: torch.Tensor
    person: torch.Tensor


@dataclasses.dataclass
class Asked:
    """What the decoder is asked for: features [n, 320] to make the target [n, 3, 96, 96] from, which is at `yaw` [n, 1].

    `weight` [n, 1, 96, 96] is less beyond the head; `exact` [n] is 0 where the target is another photo than the features'.
    """

    code: torch.Tensor
    target: torch.Tensor
    weight: torch.Tensor
    person: torch.Tensor
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
        self.testing = np.flatnonzero(index["test"])
        self.test_person, self.test_profile = index["person"][self.testing], index["profile"][self.testing]

    def view(self, photo, place):
        """Pixels and yaw of a photo: place 0 as it is, 1 to 3 turned."""
        if place > 0 and not math.isnan(self.turned_yaw[self.slot[photo] + place - 1]):
            at = self.slot[photo] + place - 1
            return self.turned[at], self.turned_yaw[at]
        return self.real[photo], self.yaw[photo]

    def row(self, at):
        """Pixels of a row: real pictures first, then the turned ones."""
        return self.real[at] if at < len(self.real) else self.turned[at - len(self.real)]

    def draw(self, people, photos):
        """`photos` pictures of each of `people` persons, one in four a profile, some turned."""
        rows = []
        for person in self.random.choice(len(self.people), people, replace=False):
            profiles = self.profiles[person]
            rows += [(person, self.view(self.random.choice(profiles), 0)[0]) if place % 4 == 3 and len(profiles) else
                     (person, self.source(person)) for place in range(photos)]
        pictures = torch.from_numpy(np.stack([pixels[:3] for _, pixels in rows])).float()
        sign = torch.from_numpy(np.where(self.random.random(len(rows)) < 0.5, -1.0, 1.0)).float()
        source = self.spoil(self.tint(self.crop(pictures, sign) / 127.5 - 1))
        return Batch(source, torch.tensor([person for person, _ in rows]))

    def source(self, person):
        place = self.random.integers(0, 1 + self.views) if self.random.random() < 0.6 else 0
        return self.view(self.random.choice(self.frontals[person]), place)[0]

    def crop(self, pictures, sign):
        """The middle 96 px, mirrored where sign is -1; moved, tilted and scaled a little."""
        n, r = len(pictures), self.random
        draw = lambda spread: torch.from_numpy(r.uniform(-spread, spread, n)).float()
        roll, size = draw(JITTER_ROLL), 1 + draw(JITTER_SIZE)
        x, y = (2 * draw(JITTER_SHIFT) / PACKED for _ in range(2))
        size = size * SIDE / PACKED
        rows = [torch.stack([size * roll.cos() * sign, -size * roll.sin(), x], 1),
                torch.stack([size * roll.sin() * sign, size * roll.cos(), y], 1)]
        grid = F.affine_grid(torch.stack(rows, 1), (n, pictures.shape[1], SIDE, SIDE), align_corners=False)
        return F.grid_sample(pictures, grid, padding_mode="border", align_corners=False)

    def tint(self, pictures, lightly=False):
        """Other contrast, brightness and colour; one in eight is grey. `lightly`: a quarter of it, and no grey ones."""
        n, r = len(pictures), self.random
        much = 0.25 if lightly else 1.0
        around = lambda spread, shape: r.uniform(1 - much * spread, 1 + much * spread, shape)
        gain = torch.from_numpy(around(0.2, (n, 1, 1, 1)) * around(0.07, (n, 3, 1, 1))).float()
        offset = torch.from_numpy(around(0.15, (n, 1, 1, 1)) - 1).float()
        pictures = (pictures * gain + offset).clamp(-1, 1)
        if lightly:
            return pictures
        grey = torch.from_numpy((r.random((n, 1, 1, 1)) < 0.125)).float()
        luma = (pictures * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
        return pictures * (1 - grey) + luma * grey


    def spoil(self, pictures):
        """One in four as if it had been small, one in five with something before it."""
        pictures = pictures.clone()
        for at in np.flatnonzero(self.random.random(len(pictures)) < 0.25):
            side = int(self.random.integers(32, 80))
            small = F.interpolate(pictures[at : at + 1], (side, side), mode="area")
            pictures[at : at + 1] = F.interpolate(small, pictures.shape[2:], mode="bilinear", align_corners=False)
        for at in np.flatnonzero(self.random.random(len(pictures)) < 0.2):
            top, left = self.random.integers(0, SIDE - 16, 2)
            height, width = self.random.integers(12, 36, 2)
            pictures[at, :, top : top + height, left : left + width] = float(self.random.uniform(-1, 1))
        return pictures


class Coded:
    """Faces with their features (faces_identity.py), for the decoder."""

    def __init__(self, faces, identity):
        self.faces, self.random = faces, faces.random
        self.codes, self.confidence = identity["codes"], identity["confidence"]
        place = {row: at for at, row in enumerate(identity["rows"])}
        turned = lambda photo: [len(faces.real) + faces.slot[photo] + i for i in range(faces.views)]
        # Of each person: for each photo the places of its views that have features.
        self.photos = [[[place[row] for row in [photo, *turned(photo)] if row in place] for photo in group] for group in faces.frontals]
        self.profiles = [[place[photo] for photo in group] for group in faces.profiles]
        # Photos that were turned teach the most.
        self.turned = [[views for views in photos if len(views) > 1] or photos for photos in self.photos]
        self.rows = identity["rows"]

    def yaw(self, place):
        row = self.rows[place]
        return self.faces.yaw[row] if row < len(self.faces.real) else self.faces.turned_yaw[row - len(self.faces.real)]

    def pair(self, person):
        """Places whose features are fused, the target's place, and whether both are one photo."""
        r, kind = self.random, self.random.random()
        if kind < 0.12:
            profile = r.choice(self.profiles[person])
            return [profile], profile, True
        views = self.turned[person][r.integers(len(self.turned[person]))]
        target = r.choice(views)
        if kind < 0.24:
            return [r.choice(self.profiles[person])], target, False
        # As a visitor's photo, a real one twice as often as a turned.
        source = [views[0] if r.random() < 0.5 else r.choice(views)]
        if kind < 0.36:
            others = self.photos[person]
            source += [others[r.integers(len(others))][0] for _ in range(r.integers(1, 4))]
        return source, target, True

    def draw(self, n):
        people = self.random.integers(0, len(self.photos), n)
        pairs = [self.pair(person) for person in people]
        code = []
        for sources, _, _ in pairs:
            sure = self.confidence[sources][:, None]
            code.append((sure * self.codes[sources]).sum(0) / sure.sum())
        margin = (PACKED - SIDE) // 2
        inner = slice(margin, margin + SIDE)
        pixels = torch.from_numpy(np.stack([self.faces.row(self.rows[target])[:, inner, inner] for _, target, _ in pairs])).float()
        yaw = torch.tensor([[self.yaw(target)] for _, target, _ in pairs], dtype=torch.float32)
        # Beyond the head a photo's own background is asked for, but not much.
        weight = 0.15 + 0.85 * pixels[:, 3:] / 255
        exact = torch.tensor([float(pair[2]) for pair in pairs])
        return Asked(torch.stack(code), pixels[:, :3] / 127.5 - 1, weight, torch.from_numpy(people), yaw, exact)


def rows_of(faces):
    """All rows of the training people that exist: row, person from 0, whether real, whether a profile; [n] each."""
    rows = [(at, person, True, profile) for profile, groups in ((False, faces.frontals), (True, faces.profiles))
            for person, group in enumerate(groups) for at in group]
    for person, group in enumerate(faces.frontals):
        for at in group:
            slots = range(faces.slot[at], faces.slot[at] + faces.views)
            rows += [(len(faces.real) + slot, person, False, False) for slot in slots if not math.isnan(faces.turned_yaw[slot])]
    return tuple(np.array(column) for column in zip(*sorted(rows)))
