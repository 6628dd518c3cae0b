"""CycleGAN's two networks, with the published key names.

Zhu et al., "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks", 2017.
The layer numbers equal those of the authors' implementation, so `state_dict()` has the names that
other software writes and reads.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class InstanceNorm(nn.Module):
    """Instance normalization without affine parameters, eps 1e-5, biased variance; in float32, whatever x is.

    Written out: the same numbers as nn.InstanceNorm2d, and on a CPU faster than it and than a group norm, compiled or not.
    """

    def forward(self, x):
        x = x.float()
        variance, mean = torch.var_mean(x, (2, 3), correction=0, keepdim=True)
        return (x - mean) * torch.rsqrt(variance + 1e-5)


class ResizeConv(nn.Conv2d):
    """Nearest x2, reflection pad 1, 3x3 convolution: upsampling that leaves no checkerboard."""

    def __init__(self, channels_in, channels_out):
        super().__init__(channels_in, channels_out, 3)

    def forward(self, x):
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        return super().forward(F.pad(x, (1, 1, 1, 1), mode="reflect"))


class ResnetBlock(nn.Module):
    """x + block(x); no ReLU after the addition."""

    def __init__(self, channels):
        super().__init__()
        self.conv_block = nn.Sequential(
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), InstanceNorm(), nn.ReLU(),
            nn.ReflectionPad2d(1), nn.Conv2d(channels, channels, 3), InstanceNorm(),
        )

    def forward(self, x):
        return x + self.conv_block(x)


def upsampling(channels, kind):
    if kind == "resize":
        return ResizeConv(channels, channels // 2)
    return nn.ConvTranspose2d(channels, channels // 2, 3, stride=2, padding=1, output_padding=1)


class Skip(nn.Module):
    """How much of the input the output starts from; learned."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))


class Underpainting(nn.Module):
    """What a painting starts from: the mean colours of blocks of 8 x 8 pixels (fewer at the right and bottom edge), bilinear between
    the blocks' centres, as tanh's argument. Overall colours are there from the first step; every detail is the network's to paint."""

    def __init__(self, block=8):
        super().__init__()
        # A file holds it, so that a reader knows the form; nothing learns it.
        self.register_buffer("block", torch.tensor([float(block)]))
        self.side = block

    def forward(self, x):
        height, width = x.shape[2:]
        means = F.avg_pool2d(x, self.side, ceil_mode=True, count_include_pad=False)
        broad = F.interpolate(means, scale_factor=self.side, mode="bilinear", align_corners=False)
        return broad[:, :, :height, :width].clamp(-UNDERPAINTING_LIMIT, UNDERPAINTING_LIMIT).atanh()


# tanh never reaches 1, and its argument there would drown what the network adds.
UNDERPAINTING_LIMIT = 0.96


class ResnetGenerator(nn.Module):
    """[n, 3, h, w] in -1..1 to the same shape; h and w multiples of 4.

    As published, tanh ends it. Instance norms forget a picture's overall colours, and a long training is needed to bring them back. With
    `skip` the last convolution paints over the input instead, with `underpainting` over the input's broad colours (before tanh).
    """

    def __init__(self, filters=64, blocks=9, upsample="transposed", skip=False, underpainting=False):
        super().__init__()
        if skip and underpainting:
            raise ValueError("a generator has a skip or an underpainting, not both")
        f = filters
        layers = [nn.ReflectionPad2d(3), nn.Conv2d(3, f, 7), InstanceNorm(), nn.ReLU()]
        for c in (f, 2 * f):
            layers += [nn.Conv2d(c, 2 * c, 3, stride=2, padding=1), InstanceNorm(), nn.ReLU()]
        layers += [ResnetBlock(4 * f) for _ in range(blocks)]
        for c in (4 * f, 2 * f):
            layers += [upsampling(c, upsample), InstanceNorm(), nn.ReLU()]
        layers += [nn.ReflectionPad2d(3), nn.Conv2d(f, 3, 7)] + ([] if skip or underpainting else [nn.Tanh()])
        self.model = nn.Sequential(*layers)
        if skip:
            self.skip = Skip()
        if underpainting:
            self.underpainting = Underpainting()

    def forward(self, x):
        y = self.model(x)
        if hasattr(self, "underpainting"):
            return (y + self.underpainting(x)).tanh()
        return (self.skip.weight * x + y).clamp(-1, 1) if hasattr(self, "skip") else y


class PatchDiscriminator(nn.Module):
    """[n, 3, h, w] to scores [n, 1, h/8 - 2, w/8 - 2], each of a 70x70 patch; no sigmoid."""

    def __init__(self, filters=64):
        super().__init__()
        f = filters
        layers = [nn.Conv2d(3, f, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        for c, stride in ((f, 2), (2 * f, 2), (4 * f, 1)):
            layers += [nn.Conv2d(c, 2 * c, 4, stride=stride, padding=1), InstanceNorm(), nn.LeakyReLU(0.2)]
        layers += [nn.Conv2d(8 * f, 1, 4, padding=1)]
        self.model = nn.Sequential(*layers)

    def forward(self, x):
        return self.model(x)


def initialize(network, generator, deviation=0.02):
    """Weights from N(0, 0.02), biases 0, as published."""
    for name, parameter in network.named_parameters():
        if parameter.dim() > 1:
            nn.init.normal_(parameter, 0.0, deviation, generator=generator)
        elif name != "skip.weight":
            nn.init.zeros_(parameter)
    if hasattr(network, "skip") or hasattr(network, "underpainting"):
        # The first pictures are what is painted over, almost.
        network.model[-1].weight.data.mul_(0.1)
    return network
