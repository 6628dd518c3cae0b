"""DCGAN's two networks, and with classes AC-GAN's, as `src/models/dcgan.rs` and `src/models/acgan.rs` have them: the same layers and names.

Radford, Metz, Chintala, "Unsupervised representation learning with deep convolutional generative adversarial networks", 2015.
Odena, Olah, Shlens, "Conditional image synthesis with auxiliary classifier GANs", 2016.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


def doublings(side):
    """How often the generator doubles its first map, which is 7 or 8 pixels on a side."""
    return {28: 2, 32: 2, 64: 3}[side]


class Generator(nn.Module):
    """[n, latent_dim + classes] to pictures [n, channels, side, side] in -1..1."""

    def __init__(self, latent_dim, classes=0, side=28, channels=1, width=32):
        super().__init__()
        steps = doublings(side)
        first = width * 2 ** (steps - 1)
        self.start = side // 2**steps
        self.project = nn.Linear(latent_dim + classes, first * self.start**2)
        maps = [first // 2**step for step in range(steps)]
        self.norms = nn.ModuleList(nn.BatchNorm2d(count) for count in maps)
        pairs = zip(maps, maps[1:] + [channels])
        self.doublings = nn.ModuleList(nn.ConvTranspose2d(a, b, 4, 2, 1, bias=at == steps - 1) for at, (a, b) in enumerate(pairs))

    def forward(self, latent):
        x = self.project(latent).unflatten(1, (-1, self.start, self.start))
        for norm, doubling in zip(self.norms, self.doublings):
            x = doubling(F.relu(norm(x)))
        return torch.tanh(x)


class Discriminator(nn.Module):
    """Pictures to logits: real or made [n, 1], and with classes, which [n, classes]. Without norms its gradient can be penalised."""

    def __init__(self, classes=0, side=28, channels=1, width=32, norms=True):
        super().__init__()
        steps = doublings(side)
        maps = [channels] + [width * 2**step for step in range(steps)]
        self.halvings = nn.ModuleList(nn.Conv2d(a, b, 4, 2, 1, bias=at == 0 or not norms) for at, (a, b) in enumerate(zip(maps, maps[1:])))
        self.norms = nn.ModuleList(nn.BatchNorm2d(count) for count in maps[2:] if norms)
        features = maps[-1] * (side // 2**steps) ** 2
        self.source = nn.Linear(features, 1)
        self.auxiliary = nn.Linear(features, classes) if classes else None

    def forward(self, pictures):
        x = F.leaky_relu(self.halvings[0](pictures), 0.2)
        for at, halving in enumerate(self.halvings[1:]):
            x = halving(x)
            x = F.leaky_relu(self.norms[at](x) if self.norms else x, 0.2)
        x = x.flatten(1)
        return self.source(x), self.auxiliary(x) if self.auxiliary else None


def initialize(network, generator, deviation=0.02):
    """Weights from N(0, 0.02), norms from N(1, 0.02), biases 0 (Radford et al., section 4); convolutions without norms as He et al. 2015."""
    for name, parameter in network.named_parameters():
        if parameter.dim() == 4 and not network.norms:
            nn.init.kaiming_normal_(parameter, 0.2, generator=generator)
        elif parameter.dim() > 1:
            nn.init.normal_(parameter, 0.0, deviation, generator=generator)
        elif name.startswith("norms") and name.endswith("weight"):
            nn.init.normal_(parameter, 1.0, deviation, generator=generator)
        else:
            nn.init.zeros_(parameter)
    return network
