#!/usr/bin/env python3
"""Trains the network that finds faces, from full profile to full profile, small or as large as the picture, tilted up to 45 degrees.

    python3 training/finder.py --data FOLDER --faces runs/faces --out runs/finder --steps 8000
    python3 training/finder.py --data FOLDER --faces runs/faces --out runs/finder --steps 8000 --measure     # what it finds on test photos

Photos of CFP's and LFW's training people, whose squares faces_pack.py computed, are laid over landscapes, zebras and paintings at any size and
tilt, whole or cut, alone or as crowds (finder_scenes.py); pieces of pictures without faces are laid over them in the same way, so that an edge says
nothing. Each cell learns whether a face that it should know is around it (focal loss; Lin et al. 2017), and where. Run the same command again to go on, to the step.
"""

import argparse
import json
import pathlib

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import loop
from drgan_networks import initialize
from finder_networks import FACE, FaceFinder, find, overlap
from finder_scenes import Scenes, laid, placement
from pictures import read, read_folder

LEAST_SCORE = 0.3  # that --measure looks at
# From this step on, and again after as many: mistakes are collected.
MINED_FROM, MINED_EVERY = 4000, 2000


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=pathlib.Path, required=True, help="folder with cfp, lfw, landscapes, horse2zebra, monet2photo, vangogh2photo")
    p.add_argument("--faces", type=pathlib.Path, required=True, help="folder that faces_pack.py wrote")
    p.add_argument("--out", type=pathlib.Path, required=True)
    p.add_argument("--steps", type=int, required=True)
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--learning-rate", type=float, default=2e-3)
    p.add_argument("--threshold", type=float, default=FACE)
    p.add_argument("--measure", action="store_true")
    p.add_argument("--every", type=int, default=1, help="measure on each so-manieth test photo")
    loop.options(p)
    return p.parse_args()


class Training(loop.Resumable):
    def __init__(self, o, scenes):
        self.o, self.scenes, self.random, self.steps, self.seconds = o, scenes, scenes.random, 0, 0.0
        self.network = initialize(FaceFinder(), torch.Generator().manual_seed(o.seed)).to(memory_format=torch.channels_last)
        with torch.no_grad():
            self.network.out.weight.mul_(0.1)
            self.network.out.bias[0] = -4.0
        self.optimizer = torch.optim.AdamW(self.network.parameters(), o.learning_rate, weight_decay=1e-4)

    def step(self):
        o = self.o
        if self.steps >= MINED_FROM and (self.steps % MINED_EVERY == 0 or not self.scenes.mistaken):
            self.scenes.mine(self.network)
        for group in self.optimizer.param_groups:
            group["lr"] = o.learning_rate * min(1.0, 0.1 + self.steps / 100) * (0.02 + 0.49 * (1 + np.cos(np.pi * self.steps / o.steps)))
        canvases, wanted, counted = self.scenes.draw(o.batch)
        found = self.network(canvases.contiguous(memory_format=torch.channels_last))
        is_face = wanted[:, :1]
        entropy = F.binary_cross_entropy_with_logits(found[:, :1], is_face, reduction="none")
        sure = torch.exp(-entropy)
        faces = is_face.sum().clamp(min=1)
        focal = (counted * torch.where(is_face > 0, 0.75, 0.5) * (1 - sure) ** 2 * entropy).sum() / faces
        place = (is_face * F.smooth_l1_loss(found[:, 1:], wanted[:, 1:], reduction="none", beta=0.1)).sum() / faces
        self.optimizer.zero_grad(set_to_none=True)
        (focal + place).backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimizer.step()
        self.steps += 1
        return {"focal": focal.item(), "place": place.item()}

    def parts(self):
        return {"network": self.network, "optimizer": self.optimizer}

    def besides(self):
        return {"mistaken": self.scenes.mistaken}

    def load(self, path):
        state = super().load(path)
        self.scenes.mistaken = state.get("mistaken", [])
        return state


def crowd_of(photos, squares, columns=8, side=128):
    """Photos' middle squares side by side, [3, h, w] in 0..255, and where the faces are: rows (x, y, side)."""
    rows = -(-len(photos) // columns)
    canvas, places = torch.zeros(3, rows * side, columns * side), []
    for at, (photo, (x, y, size, _)) in enumerate(zip(photos, squares)):
        height, width = photo.shape[1:]
        shorter, left, top = min(height, width), at % columns * side, at // columns * side
        across, down = (width - shorter) // 2, (height - shorter) // 2
        middle = photo[None, :, down : down + shorter, across : across + shorter].float()
        canvas[:, top : top + side, left : left + side] = F.interpolate(middle, (side, side), mode="bilinear", align_corners=False, antialias=True)[0]
        scale = side / shorter
        places.append((left + (x - across) * scale, top + (y - down) * scale, size * scale))
    return canvas, places


def hits(found, wanted):
    """For each square (x, y, side) that is wanted the score of the surest that lies on it, 0 where there is none."""
    if not len(found):
        return [0.0] * len(wanted)
    on = overlap(found[:, 1:4], torch.tensor(np.array(wanted), dtype=torch.float32)) >= 0.5
    return (on * found[:, :1]).max(0).values.tolist()


def errors(found, square, yaw):
    """How far the surest face is from the marked square (x, y, side, roll) and yaw: middle in sides, logarithm of the side, degrees of roll and yaw; none if there is none."""
    if not len(found):
        return []
    _, x, y, side, roll, turned = found[0].tolist()
    return [(np.hypot(x - square[0], y - square[1]) / square[2], abs(np.log(side / square[2])), *np.degrees(np.abs([roll - square[3], turned - yaw])))]


def measure(o, network):
    """On test people: photos as they lie, laid on test landscapes at four sizes, and side by side; and what is found where nobody is. Shares of the faces that
    are found at --threshold, and all again at others."""
    index, network = np.load(o.faces / "faces.npz"), network.eval()
    landscapes = read_folder(o.data / "monet2photo/testB") + read_folder(o.data / "vangogh2photo/testB")
    test = np.flatnonzero(index["test"])[:: o.every]
    photos, squares, profile = [read(o.data / str(index["names"][at])) for at in test], index["square"][test], index["profile"][test]
    scores, away, yaw = {}, {}, index["yaw"][test]
    for number, (photo, square) in enumerate(zip(photos, squares)):
        kind = "profile" if profile[number] else "frontal"
        found = find(network, photo.float(), LEAST_SCORE)
        scores.setdefault(f"{kind} as it lies", []).extend(hits(found, [square[:3]]))
        away.setdefault(kind, []).extend(errors(found[found[:, 0] > o.threshold], square, yaw[number]))
        for size in (24, 48, 96, 160):
            ground = F.interpolate(landscapes[number % len(landscapes)][None].float(), (256, 256))[0]
            made, inside = laid(photo, placement((*square[:3], 0.0), size, 128, 128, 0.0, False), (0, 0, 256, 256))
            found = find(network, ground * (1 - inside) + made * inside, LEAST_SCORE)
            scores.setdefault(f"{kind} at {size} px", []).extend(hits(found, [(128, 128, size)]))
    frontal = np.flatnonzero(~profile)
    for first in range(0, len(frontal) - 39, 40):
        chosen = frontal[first : first + 40]
        picture, places = crowd_of([photos[at] for at in chosen], squares[chosen])
        scores.setdefault("of a crowd", []).extend(hits(find(network, picture, LEAST_SCORE), places))
    nobody = torch.cat([rows[:, 0] for picture in landscapes if len(rows := find(network, picture.float(), LEAST_SCORE))] or [torch.zeros(0)])
    at = lambda threshold: ({name: round(float(np.mean(np.array(each) > threshold)), 3) for name, each in scores.items()}
                            | {"false": int((nobody > threshold).sum())})
    counts = {f"{kind}_photos": len(scores[f"{kind} as it lies"]) for kind in ("frontal", "profile")}
    off = {f"{kind} off": dict(zip(("middle", "size", "roll_deg", "yaw_deg"), np.mean(each, 0).round(3).tolist())) for kind, each in away.items()}
    return at(o.threshold) | off | counts | {"landscapes": len(landscapes), "at": {threshold: at(threshold) for threshold in (0.4, 0.44, 0.47, 0.5, 0.55)}}


def main():
    o = parse_arguments()
    torch.set_num_threads(o.threads)
    torch.set_flush_denormal(True)
    o.out.mkdir(parents=True, exist_ok=True)
    checkpoint = o.out / "checkpoint.pt"
    if o.measure:
        network = FaceFinder()
        network.load_state_dict(torch.load(checkpoint, weights_only=False)["network"])
        print(json.dumps(measure(o, network)))
        return
    training = Training(o, Scenes(o, np.random.default_rng(o.seed)))
    if checkpoint.exists():
        training.load(checkpoint)
    loop.run(training, o, o.out, training.step, lambda path: None, report_every=50)


if __name__ == "__main__":
    main()
