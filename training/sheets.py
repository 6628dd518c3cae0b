#!/usr/bin/env python3
"""What shipped painters make of test pictures at the sides that the page offers, to be looked at.

    python3 training/sheets.py --data FOLDER --models www/public/models --pair monet --sides 512 1024 --out runs/sheets

The test folders' pictures are enlarged (bicubic), as a visitor's photo would be shrunk. Writes PAIR-WAY-SIDE-PAGE.jpg: each picture whole, and
beside it, where it is wider than a cell, its middle pixel by pixel.
"""

import argparse
import pathlib

import torch
import torch.nn.functional as F

from judge import PAIRS, shipped, signed
from pictures import read_folder, save_sheet

CELL = 512  # pixels
ACROSS, DOWN = 4, 4  # cells of a page


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", type=pathlib.Path, required=True)
    p.add_argument("--models", type=pathlib.Path, required=True)
    p.add_argument("--pair", choices=list(PAIRS), required=True)
    p.add_argument("--sides", type=int, nargs="+", default=[256, 512, 1024], help="pixels, multiples of four")
    p.add_argument("--count", type=int, default=40, help="pictures a direction")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--out", type=pathlib.Path, required=True)
    return p.parse_args()


def cells(made):
    """The picture whole, and its middle where a cell cannot show every pixel."""
    side = made.shape[2]
    if side <= CELL:
        return [made]
    first = (side - CELL) // 2
    whole = F.interpolate(made, (CELL, CELL), mode="bilinear", antialias=True)
    return [whole, made[:, :, first : first + CELL, first : first + CELL]]


@torch.no_grad()
def main():
    o = parse_arguments()
    torch.set_num_threads(o.threads)
    o.out.mkdir(parents=True, exist_ok=True)
    folder, swap, _ = PAIRS[o.pair]
    for way, network, letter in zip(("ab", "ba"), shipped(o.models, o.pair), "BA" if swap else "AB"):
        square = [x for x in signed(read_folder(o.data / folder / f"test{letter}")) if x.shape[2] == x.shape[3]][: o.count]
        for side in o.sides:
            large = (F.interpolate(x, (side, side), mode="bicubic", antialias=True).clamp(-1, 1) for x in square)
            drawn = [cell for x in large for cell in cells(network(x))]
            drawn += [torch.ones_like(drawn[0])] * (-len(drawn) % ACROSS)
            rows = [drawn[at : at + ACROSS] for at in range(0, len(drawn), ACROSS)]
            for page in range(0, len(rows), DOWN):
                save_sheet(rows[page : page + DOWN], o.out / f"{o.pair}-{way}-{side}-{page // DOWN + 1}.jpg")
            print(f"{o.pair}-{way}: {len(square)} pictures at {side} px", flush=True)


if __name__ == "__main__":
    main()
