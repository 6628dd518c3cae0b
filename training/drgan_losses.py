#!/usr/bin/env python3
"""What each loss of drgan.py does: from one checkpoint, a short training with all of them and one without each.

    python3 training/drgan_losses.py --data ../shared/data --faces runs/faces --identity runs/identity/identity.pt \
        --drgan runs/drgan/checkpoint.pt --steps 150

Judged on photos of the test people, each turned on the generic head to yaws that the decoder is asked for, by figures
that no loss is alone with: L1 and the share of detail on the head, asymmetry at yaw 0, the yaw that the checkpoint's
discriminator sees, and the cosine of the features before and after. One line of JSON a training.
"""

import argparse
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from drgan import DrGan
from drgan_networks import NOISE, Encoder
from faces_batch import PACKED, SIDE, Coded, Faces
from faces_geometry import Head, fit, read_fiducials
from faces_pack import REACH
from faces_turn import Turner
from pictures import read

YAWS = np.radians([-75, -50, -25, 25, 50, 75])
# The weights that a training goes without; the verdicts are off unless they are asked for.
TRAININGS = {"before": None, "all": {}, "no pixels": {"lambda_pixels": 0.0}, "no edges": {"lambda_edges": 0.0},
             "no features": {"lambda_features": 0.0}, "no symmetry": {"lambda_symmetry": 0.0}, "with verdicts": {"adversarial": True}}


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True, help="folder with cfp and head")
    p.add_argument("--faces", required=True)
    p.add_argument("--identity", required=True)
    p.add_argument("--drgan", required=True, help="checkpoint of drgan.py")
    p.add_argument("--steps", type=int, default=150)
    p.add_argument("--learning-rate", type=float, default=8e-4)
    p.add_argument("--seed", type=int, default=11)
    p.add_argument("--threads", type=int, default=1)
    return p.parse_args()


@torch.no_grad()
def turned_tests(o, faces, encoder):
    """For a frontal photo of each test person: features [n, 320], and the photo turned, [n, yaws, 4, 96, 96]."""
    data, chosen = pathlib.Path(o.data), {}
    person = np.load(pathlib.Path(o.faces) / "faces.npz")["person"]
    for at in faces.tests:
        chosen.setdefault(person[at], at)
    head, marked = Head(data / "head/head.safetensors"), read_fiducials(data / "cfp")
    names = [str(faces.names[at]) for at in chosen.values()]
    fits = fit(head, np.stack([marked[name.removeprefix("cfp/")] for name in names]), np.zeros(len(names), bool))
    turner, margin = Turner(head, PACKED, REACH), (PACKED - SIDE) // 2
    inner = slice(margin, margin + SIDE)
    pictures, targets = [], []
    for at, name, found in zip(chosen.values(), names, fits):
        rgb = torch.from_numpy(faces.real[at][:3].copy()).float()
        pictures.append(rgb[:, inner, inner] / 127.5 - 1)
        targets.append(turner.turn(read(data / name), rgb, found, YAWS)[:, :, inner, inner])
    return encoder(torch.stack(pictures))[0], torch.stack(targets)


@torch.no_grad()
def judge(decoder, discriminator, encoder, codes, targets):
    decoder.eval(), discriminator.eval()
    n, many = targets.shape[:2]
    draw = lambda yaw: decoder(codes, torch.full((n, 1), float(yaw)), torch.zeros(n, NOISE)).float()
    made = torch.stack([draw(yaw) for yaw in YAWS], 1).flatten(0, 1)
    wanted, on_head = targets[:, :, :3].flatten(0, 1) / 127.5 - 1, targets[:, :, 3:].flatten(0, 1) / 255
    mean = lambda x: float((x * on_head).sum() / (on_head.sum() * x.shape[1]))
    detail = lambda x: mean(F.pad((x[..., 1:] - x[..., :-1]).abs(), (0, 1)) + F.pad((x[:, :, 1:] - x[:, :, :-1]).abs(), (0, 0, 0, 1)))
    front = draw(0.0)
    seen = discriminator(made)[1].view(n, many)
    off = (seen - torch.from_numpy(YAWS).float()).abs().rad2deg()
    kept = F.cosine_similarity(encoder(made)[0].view(n, many, -1), codes[:, None], dim=2)
    figures = {"l1": mean((made - wanted).abs()), "detail": detail(made) / detail(wanted),
               "asymmetry": float((front - front.flip(3)).abs().mean()), "yaw_off_deg": float(off.mean()), "kept": float(kept.mean())}
    return {name: round(value, 4) for name, value in figures.items()}


def main():
    o = parse_arguments()
    torch.set_num_threads(o.threads)
    torch.set_flush_denormal(True)
    faces = Faces(o.faces, np.random.default_rng(o.seed))
    identity = torch.load(o.identity, weights_only=False)
    encoder = Encoder()
    encoder.load_state_dict(identity["encoder"])
    encoder.eval()
    codes, targets = turned_tests(o, faces, encoder)
    options = torch.load(o.drgan, weights_only=False)["options"]
    for name, changes in TRAININGS.items():
        asked = dict(changes or {})
        adversarial = asked.pop("adversarial", False)
        model = DrGan(argparse.Namespace(**(options | {"learning_rate": o.learning_rate, "average": 0.97} | asked)), len(faces.people))
        model.load(o.drgan)
        # All of them see the same photos; the judge is the discriminator as it was.
        model.random = faces.random = np.random.default_rng(o.seed)
        verdict = DrGan(model.o, len(faces.people))
        verdict.load(o.drgan)
        coded = Coded(faces, identity)
        for optimizer, pace in ((model.optimizer_g, 1.0), (model.optimizer_d, 0.4)):
            for group in optimizer.param_groups:
                group["lr"] = pace * o.learning_rate
        for _ in range(0 if changes is None else o.steps):
            model.step(coded.draw(options["batch"]), adversarial)
        print(json.dumps({"training": name} | judge(model.average_decoder, verdict.discriminator, encoder, codes, targets)), flush=True)


if __name__ == "__main__":
    main()
