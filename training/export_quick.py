#!/usr/bin/env python3
"""Turns a checkpoint of distill.py into a shipped pair's quick painters, and measures them.

    python3 training/export_quick.py --checkpoint runs/horse2zebra-quick/checkpoint.pt --data FOLDER --id horse2zebra --models www/public/models

Writes ID-quick-ab.safetensors and ID-quick-ba.safetensors (f16, published key names), `quick` in the pair's entry of models.json, and the row of its
card; prints the figures. With --second, a file whose last line `judge.py --checkpoint` printed of the same checkpoint, they also say what that
judge found. So quick painters are judged, and then exported.
"""

import argparse
import json
import pathlib

import torch
from safetensors.torch import load_file

from cyclegan import generator
from distill import WAYS, teacher
from pictures import read_folder, to_signed
from quick_card import with_quick
from tensor_file import write


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--data", type=pathlib.Path, required=True, help="folder with testA testB")
    p.add_argument("--swap", action="store_true", help="domain a is the folders' B")
    p.add_argument("--id", required=True)
    p.add_argument("--models", type=pathlib.Path, required=True)
    p.add_argument("--second", help="file whose last line judge.py printed of this checkpoint")
    return p.parse_args()


def student(options, path):
    network = generator(options)
    network.load_state_dict({name: value.float() for name, value in load_file(path).items()})
    return network.eval()


@torch.no_grad()
def difference(one, other, pictures):
    """Mean absolute difference of what two networks make of whole test pictures, in their units (-1 to 1)."""
    differences = []
    for picture in map(to_signed, pictures):
        picture = picture[:, :, : picture.shape[2] // 4 * 4, : picture.shape[3] // 4 * 4]
        differences.append((one(picture) - other(picture)).abs().mean().item())
    return {"pictures": len(differences), "teacher_l1": round(sum(differences) / len(differences), 4)}


def main():
    o = parse_arguments()
    torch.set_num_threads(1)
    state = torch.load(o.checkpoint, map_location="cpu", weights_only=False)
    options, index = state["options"], o.models / "models.json"
    entries = json.loads(index.read_text())
    entry = next(known for known in entries if known["id"] == o.id)
    called = json.loads(pathlib.Path(o.second).read_text().strip().splitlines()[-1])[o.id] if o.second else {}
    quality = {"filters": options["filters"], "blocks": options["blocks"], "steps": state["steps"], "core_hours": round(state["seconds"] / 3600, 1)}
    letters = dict(zip("ab", "BA" if o.swap else "AB"))
    quick = {}
    for way, domain in WAYS.items():
        path = o.models / f"{o.id}-quick-{way}.safetensors"
        quick[way] = write(state[f"average_{way}"], path, {"upsample": options["upsample"], "direction": way, "steps": state["steps"]})
        quality[way] = difference(teacher(o.models / f"{o.id}-{way}.safetensors"), student(options, path), read_folder(o.data / f"test{letters[domain]}"))
        if called:
            quality[way]["called"] = round(called[way]["called"], 4)
    entry["quick"] = quick | {"quality": quality}
    index.write_text(json.dumps(entries, indent=2) + "\n")
    card = o.models / entry["card"]
    card.write_text(with_quick(card.read_text(encoding="utf-8"), entry), encoding="utf-8")
    print(json.dumps(entry["quick"], indent=2))


if __name__ == "__main__":
    main()
