#!/usr/bin/env python3
"""Last of DR-GAN's trainings: the discriminator as the page asks it, one picture at a time.

    python3 training/drgan_settle.py --faces runs/faces --identity runs/identity/identity.pt --drgan runs/drgan/checkpoint.pt \\
        --out runs/drgan/settled.pt

In training its batch norms saw real and made pictures by turns; their running means fit neither, and every yaw was read about
17 degrees too far to one side. Here the norms' statistics are taken anew, over as many real as made pictures and without
forgetting (as torch.optim.swa_utils.update_bn does), which leaves about 4 degrees. Then the head for real or fake learns on, alone.
--out is the checkpoint with that discriminator, for drgan_export.py.
"""

import argparse
import json

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from drgan_networks import NOISE, Decoder, Discriminator
from faces_batch import Coded, Faces


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--faces", required=True)
    p.add_argument("--identity", required=True)
    p.add_argument("--drgan", required=True, help="checkpoint of drgan.py")
    p.add_argument("--out", required=True)
    p.add_argument("--batches", type=int, default=80, help="of real and as many of made pictures, for the statistics")
    p.add_argument("--steps", type=int, default=400, help="of the head for real or fake")
    p.add_argument("--batch", type=int, default=16)
    p.add_argument("--learning-rate", type=float, default=1e-3)
    p.add_argument("--seed", type=int, default=3)
    return p.parse_args()


class Pairs:
    """Real faces and made ones of the same people at the same yaws."""

    def __init__(self, o, faces, identity, decoder):
        self.o, self.coded, self.decoder = o, Coded(faces, identity), decoder
        self.random = torch.Generator().manual_seed(o.seed)

    @torch.no_grad()
    def draw(self):
        asked = self.coded.draw(self.o.batch)
        noise = torch.rand(self.o.batch, NOISE, generator=self.random) * 2 - 1
        return asked.target, self.decoder(asked.code, asked.yaw, noise), asked.yaw


@torch.no_grad()
def settle(discriminator, pairs, batches):
    for norm in discriminator.modules():
        if isinstance(norm, nn.BatchNorm2d):
            norm.reset_running_stats()
            norm.momentum = None
    discriminator.train()
    for _ in range(batches):
        real, made, _ = pairs.draw()
        discriminator(real), discriminator(made)
    return discriminator.eval()


@torch.no_grad()
def quality(discriminator, pairs):
    """Degrees by which the yaw of made faces is misread, and the mean verdicts, on people that it knows."""
    off, verdicts = [], []
    for _ in range(20):
        real, made, yaw = pairs.draw()
        off.append((discriminator(made)[1] - yaw).abs().rad2deg())
        verdicts.append(torch.sigmoid(torch.cat([discriminator(real)[2], discriminator(made)[2]], 1)))
    real, made = torch.cat(verdicts).mean(0).tolist()
    return {"yaw_off_deg": round(torch.cat(off).mean().item(), 1), "real": round(real, 3), "made": round(made, 3)}


def main():
    o = parse_arguments()
    torch.set_num_threads(1)
    faces = Faces(o.faces, np.random.default_rng(o.seed))
    identity, state = (torch.load(path, weights_only=False) for path in (o.identity, o.drgan))
    decoder, discriminator = Decoder(), Discriminator(len(faces.people))
    decoder.load_state_dict(state["average_decoder"])
    discriminator.load_state_dict(state["discriminator"])
    pairs = Pairs(o, faces, identity, decoder.eval())
    print(json.dumps(quality(discriminator.eval(), pairs)), flush=True)
    settle(discriminator, pairs, o.batches)
    print(json.dumps(quality(discriminator, pairs)), flush=True)
    discriminator.requires_grad_(False)
    discriminator.real.requires_grad_(True)
    optimizer = torch.optim.AdamW(discriminator.real.parameters(), o.learning_rate, (0.5, 0.99))
    for step in range(o.steps):
        real, made, _ = pairs.draw()
        # Label 0.9 for real (one-sided smoothing; Salimans et al., 2016).
        of_real, of_made = (discriminator.real(discriminator.maps(each)[-1]) for each in (real, made))
        loss = 0.9 * F.softplus(-of_real).mean() + 0.1 * F.softplus(of_real).mean() + F.softplus(of_made).mean()
        optimizer.zero_grad()
        loss.backward()
        for group in optimizer.param_groups:
            group["lr"] = o.learning_rate * (1 - step / o.steps)
        optimizer.step()
    print(json.dumps(quality(discriminator, pairs)), flush=True)
    torch.save(state | {"discriminator": discriminator.state_dict()}, o.out)


if __name__ == "__main__":
    main()
