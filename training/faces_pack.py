#!/usr/bin/env python3
"""Packs aligned faces of the sets CFP and LFW, real and turned, for DR-GAN's trainings and the finder's.

    python3 training/faces_pack.py --data ../shared/data --teachers PACKAGE --out runs/faces --workers 2

Writes to --out `faces.npz` (for each picture: name, person, yaw, and the aligned square in it), `real.npy` [n, 4, 112, 112]
(RGB and where the head is; the middle 96 px are an aligned square, the rest lets a trainer jitter) and `turned.npy`
[frontal training photos * 3, 4, 112, 112] with their yaws in `turned_yaw.npy` (radians; not a number until it is made).
Run again, it goes on. The public data sets' folders, a head and its points: see the folder that --data names. LFW has no marked points: a network finds
them (face_teachers.py), moved to where CFP's are marked, as its own training photos tell. LFW's people follow CFP's.
"""

import argparse
import multiprocessing
import pathlib

import numpy as np
import torch

from face_teachers import FacePoints
from faces_geometry import Head, aligned, convention, extent, fit, fit_whole, read_fiducials
from faces_turn import Turner
from pictures import read

SIDE, REACH = 112, 112 / 96
# What the network that finds points is shown of an LFW photo of 144 px: the head, not the shoulders.
HEAD = (12, 132)
# People of LFW count from here.
OTHERS = 1000
# Of CFP's frontal training photos, every so many tell how the network's points lie beside the marked ones.
COMPARED = 20
# A turned yaw is drawn from each of these ranges, degrees, to either side.
RANGES = ((10, 40), (40, 65), (65, 90))


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True, help="folder with cfp, lfw and head")
    p.add_argument("--teachers", required=True, help="folder of the package that face_teachers.py reads")
    p.add_argument("--out", required=True)
    p.add_argument("--workers", type=int, default=2)
    p.add_argument("--seed", type=int, default=1)
    return p.parse_args()


def signed_yaws(random):
    return np.radians([random.uniform(*bounds) * random.choice([-1, 1]) for bounds in RANGES])


def work(o, part, names, fits, frontal):
    """Every `workers`-th picture: first all real ones, then the turned."""
    torch.set_num_threads(1)
    data, out = pathlib.Path(o.data), pathlib.Path(o.out)
    turner = Turner(Head(data / "head/head.safetensors"), SIDE, REACH)
    real, turned, yaws = (np.load(out / f"{name}.npy", mmap_mode="r+") for name in ("real", "turned", "turned_yaw"))
    order = np.random.default_rng(o.seed).permutation(len(names))
    for at in order[part :: o.workers]:
        if real[at].any():
            continue
        picture = read(data / names[at])
        rgb = aligned(picture, fits[at].square(), SIDE, REACH)
        real[at] = torch.cat([rgb, turner.coverage(fits[at])]).round().byte().numpy()
    random = np.random.default_rng((o.seed, part))
    order = np.random.default_rng(o.seed).permutation(len(frontal))
    for place in order[part :: o.workers]:
        at, wanted = frontal[place], signed_yaws(random)
        if not np.isnan(yaws[len(RANGES) * place]):
            continue
        rgb = torch.from_numpy(real[at][:3]).float()
        made = turner.turn(read(data / names[at]), rgb, fits[at], wanted)
        slots = slice(len(RANGES) * place, len(RANGES) * (place + 1))
        turned[slots] = made.round().byte().numpy()
        yaws[slots] = wanted


@torch.no_grad()
def points_of(network, data, names, boxes):
    """The 68 points [n, 68, 2] that the network finds in a square (x, y, side) of each picture, in its pixels."""
    found = []
    for name, (x, y, side) in zip(names, boxes):
        square = aligned(read(data / name), (x, y, side, 0.0), FacePoints.SIDE)
        found.append(network(square[None])[0].numpy() * side + [x - side / 2, y - side / 2])
    return np.stack(found)


def describe_lfw(o, head, names, fits):
    """Names and fits of LFW's photos; CFP's marked photos tell how the network's points lie."""
    data, network = pathlib.Path(o.data), FacePoints(o.teachers).eval()
    frontal = [at for at, name in enumerate(names) if "train" in name and "/frontal/" in name][::COMPARED]
    # As LFW shows a head: 120 px of 144 are 1.3 aligned squares.
    boxes = [(x, y, 1.3 * side) for x, y, side, _ in (fits[at].square() for at in frontal)]
    marked = read_fiducials(data / "cfp")
    away = convention(points_of(network, data, [names[at] for at in frontal], boxes),
                      np.stack([marked[names[at].removeprefix("cfp/")] for at in frontal]))
    others = sorted(str(path.relative_to(data)) for path in (data / "lfw").glob("*/*.jpg"))
    middle, side = sum(HEAD) / 2, HEAD[1] - HEAD[0]
    points = points_of(network, data, others, [(middle, middle, side)] * len(others))
    return others, fit_whole(head, points - away * extent(points))


def main():
    o = parse_arguments()
    torch.set_num_threads(1)
    data, out = pathlib.Path(o.data), pathlib.Path(o.out)
    out.mkdir(parents=True, exist_ok=True)
    marked, head = read_fiducials(data / "cfp"), Head(data / "head/head.safetensors")
    names = [f"cfp/{name}" for name in sorted(marked)]
    profile = np.array(["/profile/" in name for name in names])
    fits = fit(head, np.stack([marked[name] for name in sorted(marked)]), profile)
    test = np.array([name.startswith("cfp/test/") for name in names])
    person = np.array([int(name.split("/")[2]) for name in names])
    others, other_fits = describe_lfw(o, head, names, fits)
    names, fits = names + others, fits + other_fits
    person = np.concatenate([person, [OTHERS + int(name.split("/")[1]) for name in others]])
    profile, test = (np.concatenate([kind, np.zeros(len(others), bool)]) for kind in (profile, test))
    frontal = np.flatnonzero(~profile & ~test)
    np.savez(out / "faces.npz", names=names, person=person, profile=profile, test=test, frontal=frontal,
             yaw=np.array([f.yaw for f in fits]), square=np.array([f.square() for f in fits]),
             error=np.array([f.error for f in fits]))
    for name, shape, kind in (("real", (len(names), 4, SIDE, SIDE), np.uint8), ("turned_yaw", (len(RANGES) * len(frontal),), np.float64),
                              ("turned", (len(RANGES) * len(frontal), 4, SIDE, SIDE), np.uint8)):
        place = out / f"{name}.npy"
        # What is there already stays: run again, it goes on.
        if place.exists() and np.load(place, mmap_mode="r").shape == shape:
            continue
        made = np.lib.format.open_memmap(place, mode="w+", dtype=kind, shape=shape)
        if name == "turned_yaw":
            made[:] = np.nan
        made.flush()
    workers = [multiprocessing.Process(target=work, args=(o, part, names, fits, frontal)) for part in range(o.workers)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        if worker.exitcode:
            raise SystemExit(worker.exitcode)


if __name__ == "__main__":
    main()
