"""Pictures of the standard folders (trainA, trainB, testA, testB), as training crops and as sheets."""

import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

SUFFIXES = {".jpg", ".jpeg", ".png"}


def read(path):
    """A picture as [3, h, w] uint8."""
    pixels = np.asarray(Image.open(path).convert("RGB"))
    return torch.from_numpy(pixels.copy()).permute(2, 0, 1).contiguous()


def read_folder(folder):
    """All pictures of a folder, in the order of their names."""
    paths = sorted(p for p in pathlib.Path(folder).iterdir() if p.suffix.lower() in SUFFIXES)
    if not paths:
        raise SystemExit(f"{folder}: no pictures")
    return [read(path) for path in paths]


def to_signed(picture):
    """[3, h, w] uint8 to [1, 3, h, w] in -1..1."""
    return picture.float().div(127.5).sub(1.0).unsqueeze(0)


def to_bytes(batch):
    """[1, 3, h, w] in -1..1 to [h, w, 3] uint8, rounded to the nearest value."""
    signed = batch[0].float().clamp(-1, 1).add(1.0).mul(127.5).round()
    return signed.byte().permute(1, 2, 0).contiguous().numpy()


class Crops:
    """Random square crops of varied scale, mirrored half of the time, shrunk to `side`.

    A crop is `narrowest` to `widest` times as wide as its side (at 1, 1 pixel of the crop is 1 pixel of the picture),
    so that a translator meets brush strokes, or horses, of more than one size.
    """

    def __init__(self, pictures, side, narrowest, widest, random):
        self.pictures, self.side, self.narrowest, self.widest, self.random = pictures, side, narrowest, widest, random

    def draw(self):
        """One crop, [1, 3, side, side]."""
        picture = to_signed(self.pictures[self.random.integers(len(self.pictures))])
        height, width = picture.shape[2:]
        wanted = int(self.side * self.random.uniform(self.narrowest, self.widest))
        size = min(wanted, height, width)
        top, left = self.random.integers(height - size + 1), self.random.integers(width - size + 1)
        crop = picture[:, :, top : top + size, left : left + size]
        if size != self.side:
            crop = F.interpolate(crop, (self.side, self.side), mode="bilinear", antialias=True)
        crop = crop.flip(3) if self.random.random() < 0.5 else crop
        return crop.contiguous(memory_format=torch.channels_last)


class Pool:
    """The last made pictures; half of the time the discriminator sees an older one.

    Shrivastava et al., "Learning from Simulated and Unsupervised Images through Adversarial Training",
    2017, section 2.3.
    """

    def __init__(self, size, random):
        self.size, self.random, self.pictures = size, random, []

    def exchange(self, made):
        if len(self.pictures) < self.size:
            self.pictures.append(made)
            return made
        if self.random.random() < 0.5:
            return made
        place = self.random.integers(self.size)
        older, self.pictures[place] = self.pictures[place], made
        return older

    def draw(self):
        return self.pictures[self.random.integers(len(self.pictures))]


def save_sheet(rows, path):
    """Rows of [1, 3, h, w] batches, all of one size, as one picture."""
    lines = [np.concatenate([to_bytes(batch) for batch in row], axis=1) for row in rows]
    Image.fromarray(np.concatenate(lines, axis=0)).save(path)
