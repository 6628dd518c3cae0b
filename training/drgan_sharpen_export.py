#!/usr/bin/env python3
"""Ships what drgan_sharpen.py made of the shipped decoder and discriminator; the encoder stays.

    python3 training/drgan_sharpen_export.py --checkpoint runs/faces-sharp/checkpoint.pt --faces runs/faces --models www/public/models \\
        --second sharp.txt --judged judged.txt

Writes faces-decoder and -discriminator.safetensors (f16), the entry in models.json and the card. `sharp.txt`: what faces_judge.py printed of the shipped
files before and of the checkpoint; `judged.txt`: what `npm run measure -- drgan` printed of the files that this writes.
"""

import argparse
import json
import pathlib

import numpy as np
import torch

import faces_card
import tensor_file
from drgan_shipped import Decoder, Discriminator


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--checkpoint", type=pathlib.Path, required=True)
    p.add_argument("--faces", type=pathlib.Path, required=True, help="folder that faces_pack.py wrote")
    p.add_argument("--models", type=pathlib.Path, required=True)
    p.add_argument("--second", type=pathlib.Path, required=True)
    p.add_argument("--judged", type=pathlib.Path)
    return p.parse_args()


def last_line(path):
    return json.loads(path.read_text().strip().splitlines()[-1])


def main():
    o = parse_arguments()
    state = torch.load(o.checkpoint, map_location="cpu", weights_only=False)
    listed = o.models / "models.json"
    entries = json.loads(listed.read_text())
    entry = next(each for each in entries if each["id"] == "faces")
    before, quality = last_line(o.second), entry["quality"]
    facts = {"steps": quality["steps"], "sharpened_steps": state["steps"]}
    for name, network in (("decoder", Decoder.of_state(state["average_decoder"])), ("discriminator", Discriminator.of_state(state["discriminator"]))):
        entry["files"][name] = tensor_file.write(network.by_file_name(), o.models / f"faces-{name}.safetensors", facts)
    index = np.load(o.faces / "faces.npz")
    percent = lambda which: round(100 * before[which]["gradient"])
    quality["sharpened"] = {
        "steps": state["steps"], "minutes": round(state["seconds"] / 60), "people": len(np.unique(index["person"][~index["test"]])),
        "photos": int((~index["test"]).sum()), "turned": int((~np.isnan(np.load(o.faces / "turned_yaw.npy"))).sum()),
        "gradient": percent("trained"), "gradient_before": percent("shipped"),
        "frechet": round(before["trained"]["frechet"]), "frechet_before": round(before["shipped"]["frechet"]),
    }
    entry["judged"] = last_line(o.judged) if o.judged else {}
    listed.write_text(json.dumps(entries, indent=2) + "\n")
    faces_card.write(o.models, entry)
    print(json.dumps({name: file["bytes"] for name, file in entry["files"].items()}))


if __name__ == "__main__":
    main()
