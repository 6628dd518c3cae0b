"""What a translation keeps of its picture, pixel by pixel.

Shrivastava et al., "Learning from Simulated and Unsupervised Images through Adversarial Training", 2017, equation 4: the mean difference of a
picture and what was made of it. Where the judges ask for nothing, it leaves things as they are: backgrounds, edges. Beside it a term of ours against
the lattice and the colour noise of even skies: where the picture is flat, what was made has no more detail at the scale of a window than the picture.
"""

import torch.nn.functional as F

FLAT = 4 / 127.5  # deviation of a block of 8 x 8 pixels that counts as flat
BLOCK = 8


def losses(o, pairs):
    """`pairs` of a picture and its translation, [n, 3, h, w] in -1..1; by name, weight and loss."""
    found = {}
    if o.lambda_self > 0:
        found["self"] = (o.lambda_self, sum(F.l1_loss(made, picture) for picture, made in pairs))
    if o.lambda_even > 0:
        found["even"] = (o.lambda_even, sum(unevenness(picture, made, window) for picture, made in pairs for window in o.even_windows))
    return found


def flat(picture):
    """1 where the picture is flat, 0 elsewhere, for each pixel of the whole blocks: [n, 1, h, w]."""
    grey = picture.mean(1, keepdim=True)
    mean, square = F.avg_pool2d(grey, BLOCK), F.avg_pool2d(grey.square(), BLOCK)
    mask = ((square - mean.square()).clamp(min=0).sqrt() < FLAT).float()
    return F.interpolate(mask, scale_factor=BLOCK, mode="nearest")


def detail(picture, window):
    """What a pixel differs by from the mean of the window around it."""
    padded = F.pad(picture, [window // 2] * 4, mode="reflect")
    return picture - F.avg_pool2d(F.avg_pool2d(padded, (window, 1), 1), (1, window), 1)


def unevenness(picture, made, window):
    """The mean difference of both pictures' detail, where the first is flat; 0 if it is nowhere."""
    mask = flat(picture)
    height, width = mask.shape[2:]
    fine = (detail(made, window) - detail(picture, window))[:, :, :height, :width]
    return (mask * fine.abs()).sum() / (made.shape[1] * mask.sum()).clamp(min=1)
