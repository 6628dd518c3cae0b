#!/usr/bin/env python3
"""First of DR-GAN's trainings: the encoder learns to tell the training people apart.

    python3 training/faces_encoder.py --faces runs/faces --out runs/encoder --minutes 25

The authors' later code starts its encoder from a pretrained face recogniser too. Softmax over the people for each photo,
turned or not, and for the four photos of each fused, which teaches the confidence. Resumes from its checkpoint.
"""

import argparse
import json
import os
import pathlib
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from drgan_networks import FEATURES, Encoder, fuse, initialize
from faces_batch import Faces


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--faces", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--minutes", type=float, required=True, help="time budget over all runs")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--people", type=int, default=12)
    p.add_argument("--photos", type=int, default=4)
    p.add_argument("--learning-rate", type=float, default=2e-3)
    p.add_argument("--dropout", type=float, default=0.3)
    p.add_argument("--checkpoint-minutes", type=float, default=2.0)
    return p.parse_args()


class Recogniser(nn.Module):
    """The encoder and a linear layer over the people."""

    def __init__(self, people, random, dropout):
        super().__init__()
        self.encoder = initialize(Encoder(), random).to(memory_format=torch.channels_last)
        self.people = nn.Linear(FEATURES, people)
        nn.init.normal_(self.people.weight, 0.0, 0.02, generator=random)
        self.dropout = dropout

    def forward(self, pictures, photos):
        features, confidence = self.encoder(pictures.contiguous(memory_format=torch.channels_last))
        by_person = lambda x: x.view(-1, photos, x.shape[1])
        fused = fuse(by_person(features), by_person(confidence))
        return self.people(F.dropout(torch.cat([features, fused]), self.dropout, self.training))


def train(o):
    torch.set_num_threads(o.threads)
    torch.set_flush_denormal(True)
    out = pathlib.Path(o.out)
    out.mkdir(parents=True, exist_ok=True)
    faces = Faces(o.faces, np.random.default_rng(o.seed))
    network = Recogniser(len(faces.people), torch.Generator().manual_seed(o.seed), o.dropout)
    optimizer = torch.optim.AdamW(network.parameters(), o.learning_rate, (0.9, 0.99), weight_decay=0.02)
    checkpoint, spent, steps = out / "checkpoint.pt", 0.0, 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        faces.random.bit_generator.state = state["random"]
        spent, steps = state["seconds"], state["steps"]
    begun, mean, right = time.monotonic() - spent, None, 0.0
    saved = spent

    def save():
        state = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "random": faces.random.bit_generator.state,
                 "seconds": time.monotonic() - begun, "steps": steps, "options": vars(o)}
        torch.save(state, f"{checkpoint}.part")
        os.replace(f"{checkpoint}.part", checkpoint)

    while (progress := (time.monotonic() - begun) / (60 * o.minutes)) < 1.0:
        rate = o.learning_rate * min(1.0, 0.1 + steps / 50) * (0.01 + 0.495 * (1 + np.cos(np.pi * progress)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        batch = faces.draw(o.people, o.photos)
        with torch.autocast("cpu", torch.bfloat16):
            logits = network(batch.source, o.photos).float()
        person = torch.cat([batch.person, batch.person[:: o.photos]])
        loss = F.cross_entropy(logits, person, label_smoothing=0.1)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimizer.step()
        steps += 1
        hit = (logits[: len(batch.person)].argmax(1) == batch.person).float().mean().item()
        mean, right = (loss.item(), hit) if mean is None else (0.98 * mean + 0.02 * loss.item(), 0.98 * right + 0.02 * hit)
        if steps % 25 == 0:
            minutes = round((time.monotonic() - begun) / 60, 2)
            print(json.dumps({"step": steps, "minutes": minutes, "loss": round(mean, 3), "right": round(right, 3)}), flush=True)
        if time.monotonic() - begun - saved > 60 * o.checkpoint_minutes:
            saved = time.monotonic() - begun
            save()
    save()
    print("done", flush=True)


if __name__ == "__main__":
    train(parse_arguments())
