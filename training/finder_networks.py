"""The network that finds faces, in PyTorch.

Fully convolutional, so that it takes pictures of any size: `finder.conv.{0..7}` (kernels 4, then 3; strides 2, 2, 1, 2, 1, 1, 1, 1; padding 1; ReLU after each)
and `finder.out` (1x1). Each cell of its map, 8 px apart, says of the face around it, if there is one: a logit that there is; how far right and down of
the cell's middle the aligned square's middle is (drgan_networks.py), in units of REFERENCE px; the natural logarithm of the square's side in
REFERENCEs; roll and yaw, radians. It knows squares of LEAST to MOST px; larger ones are found in smaller copies of the picture.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

from drgan_networks import Block

CHANNELS, STRIDES, STRIDE = (12, 24, 32, 64, 64, 64, 64, 96), (2, 2, 1, 2, 1, 1, 1, 1), 8
OUTPUTS = 6
REFERENCE, LEAST, MOST = 32.0, 20.0, 44.0
# Cells that are looked at, and from which score on it is a face.
DOUBTFUL, FACE = 0.15, 0.47
# Squares from this side on, px, are in reach of two copies of a picture; of a smaller one a second copy is taken to be less sure by this much.
SEEN_TWICE, SEEN_ONCE = 30.0, 0.3


class FaceFinder(nn.Module):
    """[n, 3, h, w] in -1..1, sides multiples of 8, to [n, 6, h / 8, w / 8]."""

    def __init__(self, channels=CHANNELS):
        super().__init__()
        blocks, width = [], 3
        for at, (out, stride) in enumerate(zip(channels, STRIDES)):
            blocks.append(Block(nn.Conv2d(width, out, 4 if at == 0 else 3, stride, 1, bias=False), nn.ReLU(inplace=True)))
            width = out
        self.conv, self.out = nn.ModuleList(blocks), nn.Conv2d(width, OUTPUTS, 1)

    def forward(self, x):
        for block in self.conv:
            x = block(x)
        return self.out(x)


def decode(maps, threshold):
    """What one picture's map [6, h, w] says: rows (score, x, y, side, roll, yaw) in its pixels, [k, 6]."""
    score = torch.sigmoid(maps[0])
    down, across = torch.nonzero(score > threshold, as_tuple=True)
    found = maps[:, down, across]
    middle = lambda at: (at + 0.5) * STRIDE
    return torch.stack([score[down, across], middle(across) + REFERENCE * found[1], middle(down) + REFERENCE * found[2],
                        REFERENCE * torch.exp(found[3]), found[4], found[5]], 1)


def overlap(a, b):
    """Intersection over union of upright squares: rows (x, y, side) a [n, 3] and b [m, 3] to [n, m]."""
    a, b = a[:, None], b[None]
    shared = [(torch.minimum(a[..., i] + a[..., 2] / 2, b[..., i] + b[..., 2] / 2)
               - torch.maximum(a[..., i] - a[..., 2] / 2, b[..., i] - b[..., 2] / 2)).clamp(min=0) for i in (0, 1)]
    both = shared[0] * shared[1]
    return both / (a[..., 2] ** 2 + b[..., 2] ** 2 - both)


def sureness(group, side):
    """How sure a face's cells [k, 7] are, the last number telling the copy: the mean of the two surest copies, since what is a face in one copy and in no
    other is hardly ever one. Faces below SEEN_TWICE px may be in reach of a single copy."""
    first, second, *_ = sorted((group[group[:, 6] == copy, 0].max().item() for copy in group[:, 6].unique()), reverse=True) + [0.0]
    return (first + (max(second, first - SEEN_ONCE) if side < SEEN_TWICE else second)) / 2


def merged(found, threshold, most=0.3):
    """The faces that rows (score, x, y, side, roll, yaw, copy) are of, [k, 6], the surest first; a face's cells are averaged by their scores."""
    found, kept = found[found[:, 0].argsort(descending=True)], []
    while len(found):
        near = overlap(found[:1, 1:4], found[:, 1:4])[0] > most
        group = found[near]
        sure = group[:, 0] > 0.7 * group[0, 0]
        weight = group[sure, :1] / group[sure, 0].sum()
        place = (group[sure, 1:6] * weight).sum(0)
        kept.append(torch.cat([torch.tensor([sureness(group, place[2])]), place]))
        found = found[~near]
    faces = torch.stack(kept) if kept else found[:, :6]
    faces = faces[faces[:, 0].argsort(descending=True)]
    return faces[faces[:, 0] > threshold]


@torch.no_grad()
def find(network, picture, threshold):
    """Faces of a picture [3, h, w] in 0..255: rows (score, x, y, side, roll, yaw). Each copy is smaller than the one before by the root of two."""
    whole, found = picture[None].float() / 127.5 - 1, []
    shrunk = [max(1, round(side * 0.5**0.5)) for side in whole.shape[2:]]
    between = F.avg_pool2d(F.interpolate(whole, [2 * side for side in shrunk], mode="bilinear", align_corners=False), 2)
    for number, copy in enumerate((whole, between)):
        scale = whole.shape[3] / copy.shape[3]
        while min(copy.shape[2:]) >= 12:
            high, wide = (-(-side // STRIDE) * STRIDE for side in copy.shape[2:])
            padded = F.pad(copy, (0, wide - copy.shape[3], 0, high - copy.shape[2]))
            rows = decode(network(padded.contiguous(memory_format=torch.channels_last))[0], DOUBTFUL)
            rows[:, 1:4] *= scale
            found.append(torch.cat([rows, torch.full((len(rows), 1), float(number))], 1))
            copy, scale, number = F.avg_pool2d(copy, 2, ceil_mode=True, count_include_pad=False), 2 * scale, number + 2
    return merged(torch.cat(found), threshold)
