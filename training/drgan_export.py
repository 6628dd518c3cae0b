#!/usr/bin/env python3
"""Turns the checkpoints of DR-GAN's trainings into the files that the page loads.

    python3 training/drgan_export.py --identity runs/identity/identity.pt --drgan runs/drgan/checkpoint.pt \\
        --faces runs/faces --models www/public/models --judged judged.txt

Writes faces-encoder, -decoder and -discriminator.safetensors (f16, batch norms merged), the entry in models.json
and the card. With --judged FILE, whose last line `npm run measure -- drgan` printed, entry and card say what was found.
"""

import argparse
import json
import pathlib

import numpy as np
import torch

import faces_card
import tensor_file
from drgan_networks import Decoder, Discriminator, Encoder, folded


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--identity", required=True)
    p.add_argument("--drgan", required=True)
    p.add_argument("--faces", required=True)
    p.add_argument("--models", required=True)
    p.add_argument("--judged")
    return p.parse_args()


def write(network, state, name, models, facts):
    network.load_state_dict(state)
    path = models / f"faces-{name}.safetensors"
    weights = {key: value.half() for key, value in folded(network.eval(), name).items()}
    if not all(torch.isfinite(value).all() for value in weights.values()):
        raise SystemExit(f"{name}: a weight is beyond f16")
    return tensor_file.write(weights, path, facts)


def main():
    o = parse_arguments()
    models = pathlib.Path(o.models)
    identity, drgan = (torch.load(path, map_location="cpu", weights_only=False) for path in (o.identity, o.drgan))
    index = np.load(pathlib.Path(o.faces) / "faces.npz")
    turned = int((~np.isnan(np.load(pathlib.Path(o.faces) / "turned_yaw.npy"))).sum())
    people = len(np.unique(index["person"][~index["test"]]))
    facts = {"steps": str(drgan["steps"]), "encoder_steps": str(identity["steps"])}
    files = {
        "encoder": write(Encoder(), identity["encoder"], "encoder", models, facts),
        "decoder": write(Decoder(), drgan["average_decoder"], "decoder", models, facts),
        "discriminator": write(Discriminator(people), drgan["discriminator"], "discriminator", models, facts),
    }
    listed = models / "models.json"
    before = {each["id"]: each for each in json.loads(listed.read_text())}
    files["finder"] = before["faces"]["files"]["finder"]
    judged = json.loads(pathlib.Path(o.judged).read_text().strip().splitlines()[-1]) if o.judged else {}
    quality = {"people": people, "photos": int((~index["test"]).sum()), "turned": turned, "steps": drgan["steps"],
               "minutes": round(drgan["seconds"] / 60), "encoder_steps": identity["steps"], "encoder_minutes": round(identity["seconds"] / 60),
               "torch": torch.__version__.split("+")[0], "finder": before["faces"]["quality"]["finder"]}
    entry = {"id": "faces", "kind": "drgan", "files": files, "licence": "WEIGHTS-LICENSE.md", "card": "faces.md", "quality": quality,
             "judged": judged, "side": 96}
    others = [each for name, each in before.items() if name != entry["id"]]
    listed.write_text(json.dumps([*others, entry], indent=2) + "\n")
    faces_card.write(models, entry)
    print(json.dumps({name: file["bytes"] for name, file in files.items()}))


if __name__ == "__main__":
    main()
