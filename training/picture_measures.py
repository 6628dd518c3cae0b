"""What can be said of a translated picture without any network: edges, grain, borders. Pictures are [1, 3, h, w] in -1..1."""

import torch
import torch.nn.functional as F

FLAT = 4.0  # of 255: deviation of a block of 8 x 8 pixels that counts as flat
BORDER = 16  # pixels


def eight_bit(x):
    """As a picture file keeps it: a message hidden below the last bit is lost (Chu et al. 2017, "CycleGAN, a master of steganography")."""
    return ((x.clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1


def grey(x):
    return x.mean(1, keepdim=True)


def sobel(x):
    """Edge strength of the inner pixels, [h - 2, w - 2]."""
    kernel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    across, down = F.conv2d(grey(x), torch.stack([kernel, kernel.T]).unsqueeze(1))[0]
    return torch.hypot(across, down)


def edge_correlation(a, b):
    """Pearson's correlation of the edges' strengths of two pictures."""
    return torch.corrcoef(torch.stack([sobel(a).flatten(), sobel(b).flatten()]))[0, 1].item()


def blocks(plane):
    """[1, 1, h, w] to the deviation of each whole block of 8 x 8, [n]."""
    return F.unfold(plane, 8, stride=8)[0].std(0, correction=0)


def grain(x):
    """Deviation at the scale of a single pixel of each block of 8 x 8, [n], of 255: what is left of a pixel's 3 x 3 mean."""
    plane = grey(x) * 127.5
    fine = plane - F.avg_pool2d(F.pad(plane, (1,) * 4, mode="reflect"), 3, 1)
    return blocks(fine)


def grain_where_flat(picture, made):
    """The grain of `made` where `picture` is flat, [n]."""
    return grain(made)[blocks(grey(picture) * 127.5) < FLAT]


def flattest_grain(pictures):
    """The mean grain of the flattest tenth of all blocks of some pictures."""
    deviations = torch.cat([blocks(grey(x) * 127.5) for x in pictures])
    return torch.cat([grain(x) for x in pictures])[deviations.argsort()[: len(deviations) // 10]].mean().item()


def border_ratio(picture, made):
    """How much the outermost pixels change, over how much the inner ones do."""
    change = (made - picture).abs().mean((0, 1))
    inner = change[BORDER:-BORDER, BORDER:-BORDER]
    outer = (change.sum() - inner.sum()) / (change.numel() - inner.numel())
    return (outer / inner.mean()).item()


def drawn(side=256):
    """Pictures that show faults, by name: a silhouette before an even sky, all grey, a starry night, a white wall."""
    y, x = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    plain = lambda *colour: torch.tensor(colour).view(1, 3, 1, 1).expand(1, 3, side, side).clone()
    hill = (y > side * (0.62 - 0.2 * torch.exp(-(((x - side * 0.4) / (side * 0.15)) ** 2)))) | ((x - side * 0.7).abs() < 6) & (y > side * 0.3)
    silhouette = torch.where(hill, plain(-0.98, -0.98, -0.98), plain(0.55, 0.68, 0.85))
    stars = torch.rand(side, side, generator=torch.Generator().manual_seed(5)) > 0.998
    night = torch.where(stars, plain(0.9, 0.9, 0.8), plain(-0.9, -0.88, -0.75))
    return {"silhouette": silhouette, "grey": plain(0.0, 0.0, 0.0), "night": night, "wall": plain(0.94, 0.94, 0.92)}


def even_grain(made):
    """The largest grain and colour noise (deviation of the channels' differences), of 255, over the blocks of the top sixth of a drawn picture."""
    top = made[:, :, : made.shape[2] // 6]
    colour = torch.stack([blocks((top[:, a : a + 1] - top[:, b : b + 1]) * 127.5) for a, b in ((0, 1), (1, 2))])
    return grain(top).max().item(), colour.max().item()
