"""What encoder and decoder learn from together: photos of people, and another view of each to be drawn from them."""

import dataclasses
import math

import numpy as np
import torch

from drgan_networks import SIDE
from faces_batch import PACKED

# Shares of what is asked for: a profile from itself, a front from a profile, several photos fused; of the rest, a photo as it was taken.
PROFILE, FROM_PROFILE, FUSED, AS_TAKEN = 0.12, 0.12, 0.15, 0.4
# Beyond the head a photo's own background is asked for, but not much.
BACKGROUND = 0.15


@dataclasses.dataclass
class Asked:
    """Sources [m, 3, 96, 96], whose target each is for (`owner` [m]), and the targets [n, 3, 96, 96] at `yaw` [n, 1], of `person` [n].

    `weight` [n, 1, 96, 96] is less beyond the head; `exact` [n] is 0 where the target is of another photo than the sources.
    """

    source: torch.Tensor
    owner: torch.Tensor
    target: torch.Tensor
    weight: torch.Tensor
    person: torch.Tensor
    yaw: torch.Tensor
    exact: torch.Tensor


class Pairs:
    """Draws them from packed faces. Where few photos are turned yet, those that are come as often as if all were."""

    def __init__(self, faces):
        self.faces = faces
        self.sided = np.flatnonzero([len(profiles) > 0 for profiles in faces.profiles])
        self.with_views = [[photo for photo in photos if len(self.turned(photo)) > 1] for photos in faces.frontals]
        self.seen_around = np.flatnonzero([len(photos) > 0 for photos in self.with_views])

    def turned(self, photo):
        """Places of a photo's views: 0 as it was taken, others where it was turned."""
        faces = self.faces
        slots = range(faces.slot[photo], faces.slot[photo] + faces.views)
        return [0, *(1 + at for at, slot in enumerate(slots) if not math.isnan(faces.turned_yaw[slot]))]

    def pair(self, person, around):
        """Views of a person as sources, [(pixels, yaw)], the asked view, and whether it is of the same photo. `around`: turned, where a photo is."""
        faces, r = self.faces, self.faces.random
        profiles, kind = faces.profiles[person], r.random()
        if len(profiles) and kind < PROFILE:
            profile = faces.view(r.choice(profiles), 0)
            return [profile], profile, True
        photo = r.choice((around and self.with_views[person]) or faces.frontals[person])
        places = self.turned(photo)
        target = r.choice(places) if around else 0
        if len(profiles) and kind < PROFILE + FROM_PROFILE:
            return [faces.view(r.choice(profiles), 0)], faces.view(photo, target), False
        # As a visitor's photo, a real one twice as often as a turned.
        sources = [faces.view(photo, 0 if r.random() < 0.5 else r.choice(places))]
        if kind > 1 - FUSED:
            sources += [faces.view(r.choice(faces.frontals[person]), 0) for _ in range(r.integers(1, 4))]
        return sources, faces.view(photo, target), True

    def draw(self, n):
        faces, r = self.faces, self.faces.random
        # Half of them of people with profiles, who are fewer.
        people = np.where(r.random(n) < 0.5, r.choice(self.sided, n), r.integers(0, len(faces.people), n))
        around = (r.random(n) >= AS_TAKEN) & (len(self.seen_around) > 0)
        if around.any():
            people[around] = [person if self.with_views[person] else r.choice(self.seen_around) for person in people[around]]
        drawn = [self.pair(*each) for each in zip(people, around)]
        owner = torch.tensor([at for at, (sources, _, _) in enumerate(drawn) for _ in sources])
        flipped = np.where(r.random(n) < 0.5, -1.0, 1.0)
        sign = torch.from_numpy(flipped[owner.numpy()]).float()
        pixels = torch.from_numpy(np.stack([pixels[:3] for sources, _, _ in drawn for pixels, _ in sources])).float()
        source = faces.tint(faces.crop(pixels, sign) / 127.5 - 1, lightly=True)
        margin = (PACKED - SIDE) // 2
        inner = slice(margin, margin + SIDE)
        asked = np.stack([target[0][:, inner, inner] for _, target, _ in drawn])
        asked = torch.from_numpy(np.where(flipped[:, None, None, None] < 0, asked[..., ::-1], asked)).float()
        yaw = torch.tensor([[target[1] * side] for (_, target, _), side in zip(drawn, flipped)], dtype=torch.float32)
        weight = BACKGROUND + (1 - BACKGROUND) * asked[:, 3:] / 255
        exact = torch.tensor([float(same) for _, _, same in drawn])
        return Asked(source, owner, asked[:, :3] / 127.5 - 1, weight, torch.from_numpy(people), yaw, exact)
