"""DR-GAN's encoder, decoder and discriminator, in PyTorch.

Tran, Yin, Liu, "Disentangled Representation Learning GAN for Pose-Invariant Face Recognition", CVPR 2017
("the paper"), and the authors' own later code ("the later code", 2018). Which is followed where:

- from both: 3x3 convolutions without bias, batch norm and ELU after each, five scales from 96 to 6 px, 320 identity
  features; several pictures of a person fused by confidence (the paper's equation 7); last a tanh.
- from the later code: RGB; yaw in radians through Linear(1, 20) and ELU instead of 13 classes; 20 numbers of noise; the
  decoder starts at 3x3; no ELU after the last encoder convolution; the confidence has a convolution of its own; three
  heads on the discriminator's trunk; additive-margin softmax for identities.
- ours: half of the channels (fewer in the discriminator), and 96 px are crossed by one 4x4 convolution of stride 2 each
  way (as in DCGAN) in place of two 3x3 ones, which took 7.6 of 12.3 ms a picture on a CPU; the last encoder layer spans
  the whole 6x6 map (in an aligned face, places mean something; average pooling needs a longer training to tell them), so
  that what follows it is the features already; padding is 1 on all sides
  instead of TensorFlow's SAME; a transposed convolution of stride 1 is written as the convolution that it is.

Files hold what inference needs: `folded(network)` merges each batch norm into its convolution, which leaves
`NAME.weight` and `NAME.bias` a layer. Widths are read from the weights' shapes; kernels and strides are fixed here.

    encoder.conv.{0..11}    0: 4x4 stride 2 pad 1; 1 to 10: 3x3 pad 1, stride 2 at 3, 6, 9; ELU after each; 11: 6x6 pad 0, no ELU
    encoder.confidence      3x3 pad 1, to one channel, on what follows conv.10; mean over the map, then sigmoid
    decoder.yaw             Linear [20, 1], ELU
    decoder.fc              Linear on (features, yaw code, noise), to [start, 3, 3], ELU
    decoder.conv.{0..10}    3x3 transposed ([in, out, 3, 3]) stride 2 pad 1 output padding 1 at 0, 2, 5, 8; others 3x3 pad 1; ELU
    decoder.out             4x4 transposed, stride 2 pad 1, to RGB; tanh
    discriminator.trunk.{0..9}     as encoder.conv.0 to 9 but with LeakyReLU(0.2)
    discriminator.HEAD.{0,1}       HEAD of identity, yaw, real: two 3x3 convolutions pad 1, LeakyReLU(0.2) after the first, then the mean over the map
    discriminator.HEAD.out         Linear: identity (no bias; cosines with its rows count), yaw in radians, real or fake

A network a file, f16: faces-encoder, faces-decoder, faces-discriminator (.safetensors).

An aligned picture is a square of the photo around the head's middle, turned by its roll: output pixel (i, j) of `side`
shows, with u = (i + 0.5) / side - 0.5, v = (j + 0.5) / side - 0.5, the point (x + size (u cos roll - v sin roll),
y + size (u sin roll + v cos roll)); beyond the photo's edge its border goes on. `size` is the square's side in photo pixels,
18 cm on the generic head; roll is positive where the head tips clockwise, yaw where the nose points to the picture's right.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

SIDE = 96
FEATURES, YAW_CODE, NOISE = 320, 20, 20
ENCODER = (32, 32, 64, 64, 48, 96, 96, 64, 128, 128, 80, FEATURES)
DECODER_START, DECODER = 160, (80, 128, 128, 64, 96, 96, 48, 64, 64, 32, 48)
# What trains now: wider where maps are small, which costs parameters more than time. The first IDENTITY features say who it is.
WIDE_ENCODER = (32, 32, 64, 64, 64, 128, 128, 96, 192, 192, 96, FEATURES)
WIDE_START, WIDE_DECODER = 192, (128, 192, 192, 96, 128, 128, 64, 64, 64, 32, 48)
IDENTITY = 192
TRUNK, HEAD = (24, 24, 48, 48, 48, 64, 64, 64, 96, 128), (80, 160)
ENCODER_STRIDES = (2, 1, 1, 2, 1, 1, 2, 1, 1, 2, 1, 1)
DECODER_UP = (0, 2, 5, 8)


class Block(nn.Module):
    """Convolution without bias, batch norm, activation."""

    def __init__(self, convolution, activation):
        super().__init__()
        self.conv, self.activation = convolution, activation
        self.norm = nn.BatchNorm2d(convolution.out_channels)

    def forward(self, x):
        return self.activation(self.norm(self.conv(x)))


def elu():
    return nn.ELU(inplace=True)


def leaky():
    return nn.LeakyReLU(0.2, inplace=True)


def down(channels_in, channels, strides, activation):
    """A chain of convolutions: 4x4 where the first has stride 2, else 3x3."""
    blocks = []
    for place, (width, stride) in enumerate(zip(channels, strides)):
        kernel = 4 if place == 0 and stride == 2 else 3
        blocks.append(Block(nn.Conv2d(channels_in, width, kernel, stride, 1, bias=False), activation()))
        channels_in = width
    return nn.ModuleList(blocks)


class Encoder(nn.Module):
    """Pictures [n, 3, 96, 96] in -1..1 to identity features [n, 320] and confidence [n, 1] in 0..1."""

    def __init__(self, channels=ENCODER):
        super().__init__()
        self.conv = down(3, channels, ENCODER_STRIDES, elu)
        self.conv[-1] = Block(nn.Conv2d(channels[-2], channels[-1], 6, bias=False), nn.Identity())
        self.confidence = Block(nn.Conv2d(channels[-2], 1, 3, 1, 1, bias=False), nn.Identity())

    def maps(self, x):
        """What the last layer and the confidence see, [n, 80, 6, 6]."""
        for block in self.conv[:-1]:
            x = block(x)
        return x

    def forward(self, x):
        x = self.maps(x)
        features = self.conv[-1](x).flatten(1)
        return features.float(), torch.sigmoid(self.confidence(x).float().mean((2, 3)))


def fuse(features, confidence):
    """Features [n, k, 320] and confidences [n, k, 1] of k pictures of a person to one set of features (equation 7)."""
    return (confidence * features).sum(1) / confidence.sum(1)


class Decoder(nn.Module):
    """Features [n, 320], yaw [n, 1] in radians and noise [n, 20] in -1..1 to pictures [n, 3, 96, 96] in -1..1."""

    def __init__(self, start=DECODER_START, channels=DECODER, features=FEATURES):
        super().__init__()
        self.yaw = nn.Linear(1, YAW_CODE)
        self.fc = nn.Linear(features + YAW_CODE + NOISE, start * 9)
        blocks, width = [], start
        for place, out in enumerate(channels):
            up = nn.ConvTranspose2d(width, out, 3, 2, 1, 1, bias=False)
            blocks.append(Block(up if place in DECODER_UP else nn.Conv2d(width, out, 3, 1, 1, bias=False), elu()))
            width = out
        self.conv = nn.ModuleList(blocks)
        self.out = nn.ConvTranspose2d(width, 3, 4, 2, 1)

    def forward(self, features, yaw, noise):
        code = torch.cat([features, F.elu(self.yaw(yaw)), noise], 1)
        x = F.elu(self.fc(code)).view(len(code), -1, 3, 3)
        for block in self.conv:
            x = block(x)
        return torch.tanh(self.out(x).float())


class Head(nn.Module):
    """Two convolutions, the mean over the map, and a linear layer."""

    def __init__(self, channels_in, channels, outputs, bias=True):
        super().__init__()
        for place, block in enumerate(down(channels_in, channels, (1, 1), leaky)):
            self.add_module(str(place), block)
        self.get_submodule("1").activation = nn.Identity()
        self.out = nn.Linear(channels[-1], outputs, bias=bias)

    def pooled(self, x):
        return self.get_submodule("1")(self.get_submodule("0")(x)).mean((2, 3)).float()

    def forward(self, x):
        return self.out(self.pooled(x))


class Discriminator(nn.Module):
    """Pictures [n, 3, 96, 96] to cosines with the training people [n, people], yaw in radians [n, 1], real or fake logit [n, 1]."""

    def __init__(self, people, channels=TRUNK, head=HEAD):
        super().__init__()
        self.trunk = down(3, channels, ENCODER_STRIDES[: len(channels)], leaky)
        self.identity = Head(channels[-1], head, people, bias=False)
        self.yaw, self.real = (Head(channels[-1], head, 1) for _ in range(2))

    def maps(self, x):
        """What follows each convolution of the trunk, for feature matching; the last goes to the heads."""
        found = []
        for block in self.trunk:
            x = block(x)
            found.append(x)
        return found

    def heads(self, x):
        cosines = F.normalize(self.identity.pooled(x)) @ F.normalize(self.identity.out.weight.float()).t()
        return cosines, self.yaw(x).float(), self.real(x).float()

    def forward(self, x):
        return self.heads(self.maps(x)[-1])


@torch.no_grad()
def folded(network, prefix):
    """The weights of a network in evaluation, batch norms merged into the convolutions before them, by file name."""
    weights = {}
    for name, part in network.named_modules():
        if isinstance(part, Block):
            scale = part.norm.weight / torch.sqrt(part.norm.running_var + part.norm.eps)
            transposed = isinstance(part.conv, nn.ConvTranspose2d)
            weights[f"{prefix}.{name}.weight"] = part.conv.weight * scale.view((1, -1, 1, 1) if transposed else (-1, 1, 1, 1))
            weights[f"{prefix}.{name}.bias"] = part.norm.bias - part.norm.running_mean * scale
        elif isinstance(part, (nn.Linear, nn.ConvTranspose2d, nn.Conv2d)) and not name.endswith(".conv"):
            weights[f"{prefix}.{name}.weight"] = part.weight
            if part.bias is not None:
                weights[f"{prefix}.{name}.bias"] = part.bias
    return {name: value.contiguous() for name, value in weights.items()}


def initialize(network, generator):
    """Convolutions from N(0, 2 / inputs) (He et al., 2015), which batch norm rescales anyway; biases 0."""
    for part in network.modules():
        if isinstance(part, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            inputs = part.weight.numel() / part.weight.shape[1 if isinstance(part, nn.ConvTranspose2d) else 0]
            nn.init.normal_(part.weight, 0.0, (2.0 / inputs) ** 0.5, generator=generator)
            if part.bias is not None:
                nn.init.zeros_(part.bias)
    return network
