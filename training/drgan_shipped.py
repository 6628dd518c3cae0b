"""DR-GAN's networks as they are shipped: batch norms merged into the convolutions, widths read from the files (drgan_networks.py)."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file

from drgan_networks import DECODER_UP, ENCODER_STRIDES, NOISE

HEADS = ("identity", "yaw", "real")


class Shipped(nn.Module):
    """A network from its weights by file name; they may learn on."""

    def __init__(self, weights):
        super().__init__()
        # A parameter's name has no dots.
        self.weights = nn.ParameterDict({name.replace(".", "/"): value for name, value in weights.items()})

    @classmethod
    def read(cls, models):
        """From the folder of what is shipped."""
        return cls({name: value.float() for name, value in load_file(models / f"faces-{cls.__name__.lower()}.safetensors").items()})

    @classmethod
    def of_state(cls, state):
        """From a `state_dict()` of one."""
        return cls({name.removeprefix("weights.").replace("/", "."): value for name, value in state.items()})

    def by_file_name(self):
        return {name.replace("/", "."): value.detach() for name, value in self.weights.items()}

    def pair(self, name):
        bias = f"{name}.bias".replace(".", "/")
        return self.weights[f"{name}.weight".replace(".", "/")], self.weights[bias] if bias in self.weights else None

    def chain(self, name):
        """Places and names of the convolutions of a chain."""
        at = 0
        while f"{name}.{at}.weight".replace(".", "/") in self.weights:
            yield at, f"{name}.{at}"
            at += 1


class Encoder(Shipped):
    """Pictures [n, 3, 96, 96] to features [n, 320] and confidence [n, 1]."""

    def forward(self, x):
        *inner, (_, last) = self.chain("encoder.conv")
        for at, name in inner:
            x = F.elu(F.conv2d(x, *self.pair(name), ENCODER_STRIDES[at], 1))
        confidence = F.conv2d(x, *self.pair("encoder.confidence"), 1, 1)
        return F.conv2d(x, *self.pair(last)).flatten(1).float(), torch.sigmoid(confidence.float().mean((2, 3)))


class Decoder(Shipped):
    """Features [n, 320], yaw [n, 1] in radians and noise [n, 20] (none: zeros) to pictures [n, 3, 96, 96]."""

    def forward(self, features, yaw, noise=None):
        noise = torch.zeros(len(features), NOISE) if noise is None else noise
        code = torch.cat([features, F.elu(F.linear(yaw, *self.pair("decoder.yaw"))).float(), noise], 1)
        x = F.elu(F.linear(code, *self.pair("decoder.fc"))).view(len(code), -1, 3, 3)
        for at, name in self.chain("decoder.conv"):
            x = F.elu(F.conv_transpose2d(x, *self.pair(name), 2, 1, 1) if at in DECODER_UP else F.conv2d(x, *self.pair(name), 1, 1))
        return torch.tanh(F.conv_transpose2d(x, *self.pair("decoder.out"), 2, 1).float())


class Discriminator(Shipped):
    """Pictures to cosines with the people it knows [n, people], yaw [n, 1], real or fake logit [n, 1]."""

    def forward(self, x):
        for at, name in self.chain("discriminator.trunk"):
            x = F.leaky_relu(F.conv2d(x, *self.pair(name), ENCODER_STRIDES[at], 1), 0.2)
        pooled = {}
        for head in HEADS:
            first = F.leaky_relu(F.conv2d(x, *self.pair(f"discriminator.{head}.0"), 1, 1), 0.2)
            pooled[head] = F.conv2d(first, *self.pair(f"discriminator.{head}.1"), 1, 1).float().mean((2, 3))
        out = lambda head: F.linear(pooled[head], *self.pair(f"discriminator.{head}.out")).float()
        people = F.normalize(self.pair("discriminator.identity.out")[0])
        return F.normalize(pooled["identity"]) @ people.t(), out("yaw"), out("real")
