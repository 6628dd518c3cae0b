#!/usr/bin/env python3
"""Teaches the shipped decoder to draw detail; the encoder stays as it is, and so does everybody's saved person.

    python3 training/drgan_sharpen.py --data runs/faces --teachers PACKAGE --models www/public/models --out runs/faces-sharp --steps 8000

The shipped decoder had learned by differences of pixels before all else, which is a soft average of faces. Here the same two networks that play the
paper's game, decoder and discriminator, go on with what drgan_joint.py adds: heads on frozen features that judge (projected_gan.py), content, and a
teacher that says who it is. Norms are merged already: nothing holds the layers' scale, so learning rates are lower.
"""

import argparse
import copy
import pathlib

import torch

from drgan_joint import DrGan, channels_last, fused, read_options, train
from drgan_shipped import Decoder, Discriminator, Encoder
from faces_recogniser import margin_softmax


def parse_arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--models", type=pathlib.Path, required=True, help="folder of the shipped networks that it begins with")
    return read_options(p, learning_rate=2e-4, gan_from=300, lambda_pixels=2.0)


class Sharpening(DrGan):
    """The shipped networks in drgan_joint.py's step."""

    def networks(self, people, random):
        self.encoder, self.decoder, self.discriminator = (kind.read(self.o.models) for kind in (Encoder, Decoder, Discriminator))
        self.encoder.requires_grad_(False)
        self.average_encoder, self.average_decoder = self.encoder, copy.deepcopy(self.decoder)
        self.averages = ((self.average_decoder, self.decoder),)
        self.decoder.compile()
        return [{"params": self.decoder.parameters(), "pace": 1.0}]

    def parts(self):
        names = ("encoder", "decoder", "average_decoder", "discriminator", "optimizer_g", "optimizer_d", "optimizer_c")
        return {name: getattr(self, name) for name in names} | {"heads": self.critic.heads, "mixing": self.critic.mixing}

    def make(self, asked):
        with torch.no_grad():
            features, confidence = self.encoder(channels_last(asked.source))
        with self.precision:
            return self.decoder(fused(features, confidence, asked), asked.yaw, self.noise(len(asked.target))), {}

    def recognise(self, cosines, person):
        """Of the people that the shipped discriminator knows, who come first."""
        known = person < cosines.shape[1]
        return margin_softmax(cosines[known], person[known]) if known.any() else cosines.sum() * 0


if __name__ == "__main__":
    train(parse_arguments(), Sharpening)
