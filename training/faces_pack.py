#!/usr/bin/env python3
"""Packs aligned faces of the CFP set, real and turned, for drgan.py and aligner.py.

    python3 training/faces_pack.py --data ../shared/data --out runs/faces --workers 2

Writes to --out `faces.npz` (for each picture: name, person, yaw, and the aligned square in it), `real.npy` [n, 4, 112, 112]
(RGB and where the head is; the middle 96 px are an aligned square, the rest lets a trainer jitter) and `turned.npy`
[frontal training photos * 3, 4, 112, 112] with their yaws in `turned_yaw.npy` (radians; not a number until it is made).
The public data set's folders, a head and its points: see the folder that --data names.
"""

import argparse
import multiprocessing
import pathlib

import numpy as np
import torch

from faces_geometry import Head, aligned, fit, read_fiducials
from faces_turn import Turner
from pictures import read

SIDE, REACH = 112, 112 / 96
# A turned yaw is drawn from each of these ranges, degrees, to either side.
RANGES = ((10, 40), (40, 65), (65, 90))


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True, help="folder with cfp and head")
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
        picture = read(data / "cfp" / names[at])
        rgb = aligned(picture, fits[at].square(), SIDE, REACH)
        real[at] = torch.cat([rgb, turner.coverage(fits[at])]).round().byte().numpy()
    random = np.random.default_rng((o.seed, part))
    order = np.random.default_rng(o.seed).permutation(len(frontal))
    for place in order[part :: o.workers]:
        at = frontal[place]
        wanted = signed_yaws(random)
        rgb = torch.from_numpy(real[at][:3]).float()
        made = turner.turn(read(data / "cfp" / names[at]), rgb, fits[at], wanted)
        slots = slice(len(RANGES) * place, len(RANGES) * (place + 1))
        turned[slots] = made.round().byte().numpy()
        yaws[slots] = wanted


def main():
    o = parse_arguments()
    data, out = pathlib.Path(o.data), pathlib.Path(o.out)
    out.mkdir(parents=True, exist_ok=True)
    marked = read_fiducials(data / "cfp")
    names = sorted(marked)
    profile = np.array(["/profile/" in name for name in names])
    fits = fit(Head(data / "head/head.safetensors"), np.stack([marked[name] for name in names]), profile)
    person = np.array([int(name.split("/")[1]) for name in names])
    test = np.array([name.startswith("test/") for name in names])
    frontal = np.flatnonzero(~profile & ~test)
    np.savez(out / "faces.npz", names=names, person=person, profile=profile, test=test, frontal=frontal,
             yaw=np.array([f.yaw for f in fits]), square=np.array([f.square() for f in fits]),
             error=np.array([f.error for f in fits]))
    for name, shape, kind in (("real", (len(names), 4, SIDE, SIDE), np.uint8), ("turned_yaw", (len(RANGES) * len(frontal),), np.float64),
                              ("turned", (len(RANGES) * len(frontal), 4, SIDE, SIDE), np.uint8)):
        np.lib.format.open_memmap(out / f"{name}.npy", mode="w+", dtype=kind, shape=shape).flush()
    yaws = np.load(out / "turned_yaw.npy", mmap_mode="r+")
    yaws[:] = np.nan
    yaws.flush()
    workers = [multiprocessing.Process(target=work, args=(o, part, names, fits, frontal)) for part in range(o.workers)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        if worker.exitcode:
            raise SystemExit(worker.exitcode)


if __name__ == "__main__":
    main()
