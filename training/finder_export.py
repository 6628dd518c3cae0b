#!/usr/bin/env python3
"""Turns finder.py's checkpoint into the file that the page loads, with what its --measure printed.

    python3 training/finder.py --data FOLDER --faces runs/faces --out runs/finder --steps 8000 --measure > found.txt
    python3 training/finder_export.py --checkpoint runs/finder/checkpoint.pt --measured found.txt --models www/public/models

Writes faces-finder.safetensors (f16, batch norms merged), its line in models.json and the card.
"""

import argparse
import json
import pathlib

import torch

import faces_card
import tensor_file
from drgan_networks import folded
from finder_networks import FaceFinder


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--measured", required=True, help="file whose last line `finder.py --measure` printed")
    p.add_argument("--models", type=pathlib.Path, required=True)
    return p.parse_args()


def main():
    o = parse_arguments()
    state = torch.load(o.checkpoint, map_location="cpu", weights_only=False)
    network = FaceFinder()
    network.load_state_dict(state["network"])
    measured = json.loads(pathlib.Path(o.measured).read_text().strip().splitlines()[-1])
    del measured["at"]
    file = tensor_file.write(folded(network.eval(), "finder"), o.models / "faces-finder.safetensors", {"steps": state["steps"]})
    listed = o.models / "models.json"
    entries = json.loads(listed.read_text())
    entry = next(each for each in entries if each["id"] == "faces")
    entry["files"]["finder"], entry["quality"]["finder"] = file, {**measured, "steps": state["steps"], "seconds": round(state["seconds"])}
    listed.write_text(json.dumps(entries, indent=2) + "\n")
    faces_card.write(o.models, entry)
    print(json.dumps(file))


if __name__ == "__main__":
    main()
