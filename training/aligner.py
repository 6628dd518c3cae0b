#!/usr/bin/env python3
"""Trains the small network that finds a face's middle, size, roll and yaw within a detector's box.

    python3 training/aligner.py --faces runs/faces --out runs/aligner --steps 6000

Faces come from faces_pack.py, real and turned, moved, tilted and scaled as boxes of a detector would leave them. The
set's photos end close to the face, which a network would take for the answer: so their edges are cut at random, and what
is beyond them is the border going on or a piece of another photo. Prints the errors on the test people.
"""

import argparse
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from drgan_networks import FaceAligner, initialize
from faces_batch import PACKED

INPUT = 64
# Around a detector's box: the square's side over the aligned square's (24 cm over 18), and how far boxes stray.
SQUARE = 24 / 18
STRAY_SHIFT, STRAY_SIZE, STRAY_ROLL = 0.12, 0.22, 0.35
# What an error of one means: sides of the square, natural logarithm, radians.
UNITS = torch.tensor([0.04, 0.04, 0.08, 0.1, 0.2])


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--faces", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--steps", type=int, default=6000)
    p.add_argument("--batch", type=int, default=64)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--learning-rate", type=float, default=2e-3)
    return p.parse_args()


class Boxes:
    """Batches of squares and of what the network should find in them."""

    def __init__(self, folder, random):
        folder = pathlib.Path(folder)
        index = np.load(folder / "faces.npz")
        self.random = random
        self.real, self.turned = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("real", "turned"))
        self.turned_yaw, self.yaw = np.load(folder / "turned_yaw.npy"), index["yaw"]
        self.train, self.test = np.flatnonzero(~index["test"]), np.flatnonzero(index["test"])
        self.made = np.flatnonzero(~np.isnan(self.turned_yaw))

    def photos(self, n):
        """Half of them turned ones; [n, 4, 112, 112] and yaws."""
        half = n // 2 if len(self.made) else 0
        turned, real = self.random.choice(self.made, half) if half else np.empty(0, int), self.random.choice(self.train, n - half)
        pixels = np.concatenate([self.turned[np.sort(turned)], self.real[np.sort(real)]])
        return torch.from_numpy(pixels).float(), np.concatenate([self.turned_yaw[np.sort(turned)], self.yaw[np.sort(real)]])

    def draw(self, n):
        pixels, yaw = self.photos(n)
        return self.squares(pixels, yaw)

    def squares(self, pixels, yaw):
        """Grey squares [n, 1, 64, 64] in -1..1 and the five numbers [n, 5]."""
        n, r = len(pixels), self.random
        grey = (pixels[:, :3] * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True) / 127.5 - 1
        x, y = (r.uniform(-STRAY_SHIFT, STRAY_SHIFT, n) for _ in range(2))
        size, roll = SQUARE * np.exp(r.uniform(-STRAY_SIZE, STRAY_SIZE, n)), r.uniform(-STRAY_ROLL, STRAY_ROLL, n)
        sign = r.choice([-1.0, 1.0], n)
        # The square is upright and the face tilted in it: seen from the packed face, the square is tilted the other way.
        # The face's middle in the square's sides is (x, y); the packed face is 112 / 96 aligned squares wide.
        scale = size * 96 / PACKED
        cos, sin = np.cos(roll), np.sin(roll)
        dx, dy = -2 * scale * (cos * x + sin * y), -2 * scale * (cos * y - sin * x)
        rows = np.stack([np.stack([sign * scale * cos, sign * scale * sin, sign * dx], 1),
                         np.stack([-scale * sin, scale * cos, dy], 1)], 1)
        grid = F.affine_grid(torch.from_numpy(rows).float(), (n, 1, INPUT, INPUT), align_corners=False)
        edge = torch.from_numpy(1 - r.uniform(0, 0.25, (n, 1, 1, 4))).float()
        low, high = -edge[..., :2], edge[..., 2:]
        near = torch.minimum(torch.maximum(grid, low), high)
        square = F.grid_sample(grey, near, padding_mode="border", align_corners=False)
        other = F.grid_sample(grey.roll(1, 0), (grid * 0.7).roll(1, 0), padding_mode="reflection", align_corners=False)
        square = torch.where(self.cut(grid), other, square)
        gain, offset = (torch.from_numpy(r.uniform(*bounds, (n, 1, 1, 1))).float() for bounds in ((0.6, 1.3), (-0.3, 0.3)))
        wanted = np.stack([x, y, -np.log(size), roll, yaw * sign], 1)
        return (square * gain + offset).clamp(-1, 1), torch.from_numpy(wanted).float()


    def cut(self, grid):
        """Where two of three photos end: behind four lines that are not quite upright, or their tilt would tell the roll."""
        n, r = len(grid), self.random
        angle = np.arange(4) * np.pi / 2 + r.uniform(-0.5, 0.5, (n, 4))
        normal = torch.from_numpy(np.stack([np.cos(angle), np.sin(angle)], -1)).float()
        reach = torch.from_numpy(r.uniform(0.75, 1.0, (n, 4))).float()
        behind = (torch.einsum("nhwc,nkc->nkhw", grid, normal) > reach[:, :, None, None]).any(1, keepdim=True)
        return behind & torch.from_numpy(r.random((n, 1, 1, 1)) < 0.67)


def train(o):
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    boxes = Boxes(o.faces, np.random.default_rng(o.seed))
    network = initialize(FaceAligner(), torch.Generator().manual_seed(o.seed))
    with torch.no_grad():
        network.out.weight.mul_(0.1)
    optimizer = torch.optim.AdamW(network.parameters(), o.learning_rate, weight_decay=1e-4)
    rate = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, o.steps)
    mean = 0.0
    for step in range(1, o.steps + 1):
        squares, wanted = boxes.draw(o.batch)
        loss = F.smooth_l1_loss(network(squares) / UNITS, wanted / UNITS)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        rate.step()
        mean = loss.item() if step == 1 else 0.98 * mean + 0.02 * loss.item()
        if step % 500 == 0:
            print(json.dumps({"step": step, "loss": round(mean, 4)}), flush=True)
    return network, boxes


@torch.no_grad()
def measure(network, boxes):
    """Mean absolute errors on the test people: centre and size in shares of the aligned square, roll and yaw in degrees."""
    network.eval()
    squares, wanted = boxes.squares(torch.from_numpy(boxes.real[boxes.test]).float(), boxes.yaw[boxes.test])
    found = network(squares)
    away = (found - wanted).abs().mean(0)
    side = torch.exp(-wanted[:, 2:3])
    centre = ((found - wanted)[:, :2] * side).norm(dim=1).mean()
    degrees = np.degrees(away[3:].numpy())
    return {"pictures": len(wanted), "centre": round(centre.item(), 4), "size": round(away[2].item(), 4),
            "roll_deg": round(float(degrees[0]), 2), "yaw_deg": round(float(degrees[1]), 2)}


def main():
    o = parse_arguments()
    out = pathlib.Path(o.out)
    out.mkdir(parents=True, exist_ok=True)
    network, boxes = train(o)
    quality = measure(network, boxes)
    torch.save({"network": network.state_dict(), "options": vars(o), "quality": quality}, out / "checkpoint.pt")
    print(json.dumps(quality))


if __name__ == "__main__":
    main()
