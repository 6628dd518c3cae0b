#!/usr/bin/env python3
"""Second of DR-GAN's trainings: the encoder's last layer in closed form, and the features of every packed face.

    python3 training/faces_identity.py --faces runs/faces --encoder runs/encoder/checkpoint.pt --out runs/identity

The last layer is linear, so the directions that tell people apart best on what the trained layers below it give can be
computed: linear discriminant analysis over the training people (within-person scatter shrunk towards its mean), for the
first `IDENTITY` features. The others are principal components of what those leave out: they say little about who it is and
are scaled down, so that cosines are about identity, but the decoder needs them (light, expression). `--check` prints verification on a third of the training people that the analysis did
not see; that is what the settings were chosen by.
"""

import argparse
import itertools
import json
import pathlib

import numpy as np
import torch

from drgan_networks import FEATURES, SIDE, Encoder
from faces_batch import PACKED, Faces, rows_of

IDENTITY = 160
# Discriminants part people less and less: each counts exp(-1 / FADE) times the one before in a cosine, down to FADED. On
# people that the analysis did not see this lifts frontal-profile pairs from 0.74 to 0.83 under the curve.
FADE, FADED = 30.0, 0.05
# Share of a picture's squared features that the other ones have, on average.
APPEARANCE = 0.05


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--faces", required=True)
    p.add_argument("--encoder", required=True, help="checkpoint of faces_encoder.py")
    p.add_argument("--out", required=True)
    p.add_argument("--shrink", type=float, default=0.1, help="share of the within-person scatter's mean eigenvalue")
    p.add_argument("--components", type=int, default=500, help="principal components kept before the analysis")
    p.add_argument("--turned-weight", type=float, default=0.5, help="how much a turned photo counts beside a real one")
    p.add_argument("--check", action="store_true")
    p.add_argument("--threads", type=int, default=1)
    return p.parse_args()


@torch.no_grad()
def describe(encoder, faces, rows):
    """What the last layer sees of each row, [n, 2880], and the confidence, [n]."""
    maps, confidence = [], []
    margin = (PACKED - SIDE) // 2
    inner = slice(margin, margin + SIDE)
    for at in range(0, len(rows), 64):
        pixels = torch.from_numpy(np.stack([faces.row(row)[:3, inner, inner] for row in rows[at : at + 64]])).float()
        with torch.autocast("cpu", torch.bfloat16):
            found = encoder.maps((pixels / 127.5 - 1).contiguous(memory_format=torch.channels_last))
            confidence.append(torch.sigmoid(encoder.confidence(found).float().mean((1, 2, 3))))
        maps.append(found.float().flatten(1))
    return torch.cat(maps), torch.cat(confidence)


def directions(x, person, weight, o, mean, axes):
    """Discriminants [2880, IDENTITY] of rows x [n, 2880], whose mean and principal axes are given."""
    y = (x - mean) @ axes
    centres, total = torch.zeros(int(person.max()) + 1, y.shape[1]), torch.zeros(int(person.max()) + 1)
    centres.index_add_(0, person, y * weight[:, None])
    total.index_add_(0, person, weight)
    centres = centres / total.clamp(min=1e-6)[:, None]
    within = ((y - centres[person]) * weight.sqrt()[:, None]).double()
    within = within.t() @ within / weight.sum().double()
    within += o.shrink * within.diagonal().mean() * torch.eye(len(within), dtype=torch.double)
    spread = (centres * total.sqrt()[:, None]).double()
    between = spread.t() @ spread / total.sum().double()
    lower = torch.linalg.cholesky(within)
    inner = torch.linalg.solve_triangular(lower, between, upper=False)
    inner = torch.linalg.solve_triangular(lower, inner.t(), upper=False)
    found, vectors = torch.linalg.eigh((inner + inner.t()) / 2)
    chosen = torch.linalg.solve_triangular(lower.t(), vectors[:, -IDENTITY:].flip(1), upper=True)
    return axes @ chosen.float()


def fading():
    return torch.exp(-torch.arange(IDENTITY) / FADE).clamp(min=FADED)


def verification(features, person, profile):
    """Area under the curve for frontal-frontal and frontal-profile pairs."""
    f = torch.nn.functional.normalize(features)
    scores = (f @ f.t()).numpy()
    same = person[:, None] == person[None]
    upper = np.triu(np.ones_like(same), 1)
    areas = {}
    for name, pairs in (("ff", ~profile[:, None] & ~profile[None] & upper), ("fp", ~profile[:, None] & profile[None])):
        s, t = scores[pairs], same[pairs]
        order = np.argsort(s)
        ranks = np.empty(len(s))
        ranks[order] = np.arange(1, len(s) + 1)
        hits = t.sum()
        areas[name] = round(float((ranks[t].sum() - hits * (hits + 1) / 2) / (hits * (len(s) - hits))), 4)
    return areas


def principal(x, weight, count):
    """Weighted mean [2880] and the first principal axes [2880, count], by subspace iteration."""
    mean = (x * weight[:, None]).sum(0) / weight.sum()
    centred = (x - mean) * weight.sqrt()[:, None]
    covariance = centred.t() @ centred / weight.sum()
    axes = torch.linalg.qr(torch.randn(x.shape[1], count, generator=torch.Generator().manual_seed(1)))[0]
    for _ in range(4):
        axes = torch.linalg.qr(covariance @ axes)[0]
    _, turn = torch.linalg.eigh(axes.t() @ covariance @ axes)
    return mean, axes @ turn.flip(1)


def main():
    o = parse_arguments()
    torch.set_num_threads(o.threads)
    out = pathlib.Path(o.out)
    out.mkdir(parents=True, exist_ok=True)
    faces = Faces(o.faces, np.random.default_rng(7))
    state = torch.load(o.encoder, weights_only=False)
    encoder = Encoder()
    encoder.load_state_dict({k[8:]: v for k, v in state["network"].items() if k.startswith("encoder.")})
    encoder.eval()
    rows, person, real, profile = rows_of(faces)
    x, confidence = describe(encoder, faces, rows)
    people, weight = torch.from_numpy(person), torch.from_numpy(np.where(real, 1.0, o.turned_weight)).float()
    mean, axes = principal(x, weight, o.components)
    if o.check:
        seen, apart = torch.from_numpy(person % 3 != 0), real & (person % 3 == 0)
        for shrink, components in itertools.product((0.03, 0.1, 0.3), (o.components // 2, o.components)):
            o.shrink = shrink
            found = directions(x[seen], people[seen], weight[seen], o, mean, axes[:, :components])
            areas = verification((x[apart] - mean) @ (found * fading()), person[apart], profile[apart])
            print(json.dumps({"shrink": shrink, "components": components} | areas), flush=True)
        return
    identity = directions(x, people, weight, o, mean, axes)
    identity = identity * fading()
    # On average of unit variance: then the other features' share of the squares is APPEARANCE.
    identity = identity / ((x - mean) @ identity).var(0).mean().sqrt()
    # Principal components of what the discriminants do not explain.
    coded, within = (x - mean) @ identity, (x - mean) @ axes
    explained = torch.linalg.lstsq(coded, within).solution
    count = FEATURES - IDENTITY
    _, others = principal(within - coded @ explained, weight, count)
    others = axes @ others - identity @ (explained @ others)
    scale = np.sqrt(APPEARANCE / (1 - APPEARANCE) * IDENTITY / count)
    others = others * scale / ((x - mean) @ others).std(0)
    matrix = torch.cat([identity, others], 1)
    last = encoder.conv[-1]
    with torch.no_grad():
        last.conv.weight.copy_(matrix.t().reshape(FEATURES, -1, 6, 6))
        last.norm.weight.fill_(1.0), last.norm.running_mean.zero_(), last.norm.running_var.fill_(1.0 - last.norm.eps)
        last.norm.bias.copy_(-mean @ matrix)
    torch.save({"encoder": encoder.state_dict(), "codes": (x - mean) @ matrix, "confidence": confidence, "rows": rows,
                "steps": state["steps"], "seconds": state["seconds"]}, out / "identity.pt")
    print(json.dumps({"faces": len(rows), "encoder_steps": state["steps"]}))


if __name__ == "__main__":
    main()
