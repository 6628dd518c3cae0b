#!/usr/bin/env python3
"""How sharp and how real drawn faces are, beside the shipped ones in the same run.

    python3 training/faces_judge.py --faces runs/faces --models www/public/models --checkpoint runs/faces-drgan/checkpoint.pt --sheet sheet.jpg

Of the test people's photos: each frontal one drawn again at yaw 0, from itself and (`profile`) from the person's profiles, beside the real frontal
photos. `gradient`: mean difference of neighbouring pixels' luma on the head, as a share of the real ones'. `frechet`: distance (Heusel et al. 2017) in
EfficientNet-Lite1's features, as judge.py takes them, from drawn faces to real ones. `areas`: area under the curve of the features' cosines for
frontal-frontal and frontal-profile pairs. The last line is JSON. The figures that the card names are `npm run measure -- drgan`'s besides.
"""

import argparse
import json
import pathlib

import numpy as np
import torch

import drgan_networks as networks
import drgan_shipped
from drgan_networks import ENCODER_STRIDES, FEATURES, IDENTITY, folded
from faces_batch import PACKED, SIDE
from faces_identity import verification
from judge import Features, frechet
from pictures import save_sheet

LUMA = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
SHEET_YAWS = np.radians([-90, -67.5, -45, -22.5, 0, 22.5, 45, 67.5, 90])
# What the other features count beside the identity's in a file's cosines: their share of the squares.
APPEARANCE = 0.05


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--faces", type=pathlib.Path, required=True, help="folder that faces_pack.py wrote")
    p.add_argument("--models", type=pathlib.Path, help="folder with shipped faces-encoder and faces-decoder")
    p.add_argument("--checkpoint", type=pathlib.Path, help="of drgan_joint.py")
    p.add_argument("--sheet", type=pathlib.Path)
    return p.parse_args()


@torch.no_grad()
def shipping(encoder, decoder):
    """Folded weights of a joint training's networks: the other features are made small in the files and large again in the decoder."""
    weights = folded(encoder.eval(), "encoder") | folded(decoder.eval(), "decoder")
    scale = (APPEARANCE / (1 - APPEARANCE) * IDENTITY / (FEATURES - IDENTITY)) ** 0.5
    last = f"encoder.conv.{len(ENCODER_STRIDES) - 1}"
    for name in (f"{last}.weight", f"{last}.bias"):
        weights[name] = torch.cat([weights[name][:IDENTITY], weights[name][IDENTITY:] * scale])
    fc = weights["decoder.fc.weight"].clone()
    fc[:, IDENTITY:FEATURES] /= scale
    return weights | {"decoder.fc.weight": fc}


def trained(path):
    state = torch.load(path, map_location="cpu", weights_only=False)
    print(f"{state['steps']} steps, {state['seconds'] / 3600:.2f} core hours")
    if "encoder" in state:  # drgan_sharpen.py's, which has shipped networks
        return drgan_shipped.Encoder.of_state(state["encoder"]), drgan_shipped.Decoder.of_state(state["average_decoder"])
    encoder, decoder = networks.Encoder(networks.WIDE_ENCODER), networks.Decoder(networks.WIDE_START, networks.WIDE_DECODER)
    encoder.load_state_dict(state["average_encoder"])
    decoder.load_state_dict(state["average_decoder"])
    weights = shipping(encoder, decoder)
    part = lambda name: {key: value for key, value in weights.items() if key.startswith(f"{name}.")}
    return drgan_shipped.Encoder(part("encoder")), drgan_shipped.Decoder(part("decoder"))


def shipped(models):
    return drgan_shipped.Encoder.read(models), drgan_shipped.Decoder.read(models)


def gradient(pictures, head):
    """Mean difference of neighbouring pixels' luma on the head, of 2."""
    luma = (pictures * LUMA).sum(1, keepdim=True)
    down, across = ((luma[:, :, 1:] - luma[:, :, :-1]).abs() * head[:, :, 1:]).sum(), ((luma[..., 1:] - luma[..., :-1]).abs() * head[..., 1:]).sum()
    return ((down + across) / (2 * head.sum())).item()


@torch.no_grad()
def main():
    o = parse_arguments()
    torch.set_num_threads(1)
    index, margin = np.load(o.faces / "faces.npz"), (PACKED - SIDE) // 2
    rows = np.flatnonzero(index["test"])
    person, profile = index["person"][rows], index["profile"][rows]
    inner = slice(margin, margin + SIDE)
    packed = torch.from_numpy(np.load(o.faces / "real.npy", mmap_mode="r")[rows][:, :, inner, inner].astype(np.float32))
    pictures, head = packed[:, :3] / 127.5 - 1, packed[~profile][:, 3:] / 255
    look = Features()
    features_of = lambda x: np.stack([look(each[None]) for each in x])
    real, line = features_of(pictures[~profile]), {}
    pairs = {name: load(path) for name, load, path in (("shipped", shipped, o.models), ("trained", trained, o.checkpoint)) if path}
    for name, (encoder, decoder) in pairs.items():
        codes = torch.cat([encoder(part)[0] for part in pictures.split(64)])
        draw = lambda which: torch.cat([decoder(part, torch.zeros(len(part), 1)) for part in codes[which].split(64)])
        fronts, fronted = draw(~profile), draw(profile)
        line[name] = {"gradient": round(gradient(fronts, head) / gradient(pictures[~profile], head), 3),
                      "frechet": round(frechet(features_of(fronts), real), 1), "frechet_profile": round(frechet(features_of(fronted), real), 1),
                      "l1": round(((fronts - pictures[~profile]).abs() * head).sum().item() / (3 * head.sum().item()), 4),
                      "areas": verification(codes, person, profile)}
    if o.sheet:
        sheet = []
        for at in [np.flatnonzero((person == who) & (profile == side))[1] for who in np.unique(person)[:12] for side in (False, True)]:
            for encoder, decoder in pairs.values():
                code = encoder(pictures[at : at + 1])[0].expand(len(SHEET_YAWS), -1)
                sheet.append([pictures[at : at + 1], *decoder(code, torch.tensor(SHEET_YAWS, dtype=torch.float32)[:, None]).split(1)])
        save_sheet(sheet, o.sheet)
    print(json.dumps(line))


if __name__ == "__main__":
    main()
