"""What the network that finds faces learns from: photos of faces laid over pictures without any, and where they are to be found."""

import numpy as np
import torch
import torch.nn.functional as F

from finder_networks import LEAST, MOST, REFERENCE, STRIDE, find
from pictures import read, read_folder

SIDE = 128
SIZES = (12.0, 90.0)  # of the squares that are laid down, px
CROWDED = (20.0, 64.0)  # from one face of a crowd to the next, px
TILT = np.radians(50)
# Around a square's middle, in sides: cells that should fire, and those of which either is right.
SURE, OPEN = 0.22, 0.45
# Sizes just beyond those that are known: either is right.
BESIDE = 1.25
# From the first score on a ground is mistaken for a face, from the second on somebody may be in it.
MISTAKEN, SOMEBODY = 0.3, 0.9


def grounds(data, part):
    """Pictures without people: landscapes, zebras, Monet's paintings. (Horses have riders, and Van Gogh painted portraits.)"""
    folders = [f"horse2zebra/{part}B", f"monet2photo/{part}A", f"monet2photo/{part}B", f"vangogh2photo/{part}B"]
    found = [picture for folder in folders for picture in read_folder(data / folder)]
    return found + (read_folder(data / "landscapes/train") if part == "train" else [])


def laid(picture, place, window):
    """A picture [3, h, w] by an affine map from canvas to picture pixels [2, 3]: the canvas's window (left, top, right, bottom), [3, .., ..] in 0..255, and
    where the picture covers it."""
    height, width = picture.shape[1:]
    left, top, right, bottom = window
    v, u = torch.meshgrid(torch.arange(top, bottom) + 0.5, torch.arange(left, right) + 0.5, indexing="ij")
    x, y = (place[i][0] * u + place[i][1] * v + place[i][2] for i in (0, 1))
    picture = picture[None].float()
    # Shrunk by averages first: one sample a pixel would skip some.
    step = float(np.hypot(place[0][0], place[1][0]))
    if step > 1.5:
        picture = F.interpolate(picture, scale_factor=1 / step, mode="area")
    grid = torch.stack([2 * x / width - 1, 2 * y / height - 1], -1)[None].float()
    inside = ((x >= 0) & (x < width) & (y >= 0) & (y < height)).float()
    return F.grid_sample(picture, grid, padding_mode="border", align_corners=False)[0], inside[None]


def placement(square, side, x, y, tilt, mirrored):
    """Canvas to picture, so that the picture's square (x, y, side, roll) comes to lie at (x, y) with this side and tilt."""
    at_x, at_y, size, roll = square
    scale, sign = size / side, -1.0 if mirrored else 1.0
    # Tilt on the canvas; in the mirror a face leans the other way.
    turn = sign * roll - tilt
    cos, sin = scale * np.cos(turn), scale * np.sin(turn)
    rows = np.array([[sign * cos, -sign * sin, 0.0], [sin, cos, 0.0]])
    rows[:, 2] = np.array([at_x, at_y]) - rows[:, :2] @ [x, y]
    return rows


def within(left, top, right, bottom):
    """The part of a canvas in these bounds, whole pixels."""
    return tuple(int(np.clip(round(float(bound)), 0, SIDE)) for bound in (left, top, right, bottom))


class Scenes:
    """Batches of canvases and of what should be found in them."""

    def __init__(self, o, random):
        index = np.load(o.faces / "faces.npz")
        self.random, self.grounds = random, grounds(o.data, "train")
        rows = np.flatnonzero(~index["test"])
        self.photos = [read(o.data / str(index["names"][at])) for at in rows]
        self.squares, self.yaw = index["square"][rows], index["yaw"][rows]
        self.profiles = np.flatnonzero(index["profile"][rows])
        self.mistaken = []  # (ground, x, y, side): where the network saw faces

    @torch.no_grad()
    def mine(self, network):
        """Finds out what the network takes for faces where nobody is (bootstrapping; Sung and Poggio 1998, section 2.3)."""
        network.eval()
        self.mistaken = [(at, *row[1:4].tolist()) for at, picture in enumerate(self.grounds)
                         for row in find(network, picture.float(), MISTAKEN) if row[0] < SOMEBODY]
        network.train()

    def ground(self):
        """A canvas of a picture without faces, at any size and tilt; every other time what was taken for one lies in it."""
        r = self.random
        if self.mistaken and r.random() < 0.5:
            at, *square = self.mistaken[r.integers(len(self.mistaken))]
            x, y = r.uniform(0.1, 0.9, 2) * SIDE
            side = np.exp(r.uniform(np.log(LEAST), np.log(MOST)))
            return self.grounds[int(at)], placement((*square, 0.0), side, x, y, r.normal(0, 0.2), r.random() < 0.5)
        picture = self.grounds[r.integers(len(self.grounds))]
        height, width = picture.shape[1:]
        side = np.exp(r.uniform(np.log(0.25), np.log(1.2))) * min(height, width)
        square = (r.uniform(0.3, 0.7) * width, r.uniform(0.3, 0.7) * height, side, 0.0)
        return picture, placement(square, SIDE, SIDE / 2, SIDE / 2, r.uniform(-TILT, TILT), r.random() < 0.5)

    def piece(self, canvas):
        """Lays a piece of a picture without faces somewhere."""
        r = self.random
        picture, place = self.ground()
        left, top = r.integers(-19, SIDE - 20, 2)
        width, height = r.integers(20, SIDE, 2)
        window = within(left, top, left + width, top + height)
        self.cover(canvas, window, *laid(picture, place, window))

    def cover(self, canvas, window, made, mask):
        """Lays what was made for a window there, its border soft every other time."""
        if self.random.random() < 0.5:
            mask = F.avg_pool2d(mask[None], 5, 1, 2)[0]
        left, top, right, bottom = window
        part = canvas[:, top:bottom, left:right]
        part += (made - part) * mask

    def face(self, canvas, x, y, side, tilt, window):
        """Lays a photo of a face in a window; what is to be found: (x, y, side, roll, yaw)."""
        r = self.random
        at, mirrored = r.choice(self.profiles) if r.random() < 0.4 else r.integers(len(self.photos)), r.random() < 0.5
        made, inside = laid(self.photos[at], placement(self.squares[at], side, x, y, tilt, mirrored), window)
        self.cover(canvas, window, self.tinted(made), inside)
        return x, y, side, tilt, self.yaw[at] * (-1 if mirrored else 1)

    def some(self, canvas):
        """None to three faces anywhere, whole photos or cut closely."""
        r, faces = self.random, []
        for _ in range(r.choice(4, p=[0.2, 0.5, 0.2, 0.1])):
            side, tilt = np.exp(r.uniform(*np.log(SIZES))), r.normal(0, 0.3) if r.random() < 0.6 else r.uniform(-TILT, TILT)
            x, y = r.uniform(0.1, 0.9, 2) * SIDE
            reach = side * r.uniform(0.65, 1.1) if r.random() < 0.3 else 3 * SIDE
            face = self.face(canvas, x, y, side, tilt, within(x - reach, y - reach, x + reach, y + reach))
            # What lies under it is seen no more, or half: then it is nobody's.
            faces = [each for each in faces if np.hypot(each[0] - face[0], each[1] - face[1]) > 0.9 * (each[2] + face[2])] + [face]
        return faces

    def crowd(self, canvas):
        """Faces side by side, some places left empty, with or without a gap between: no ground to tell them from."""
        r, faces = self.random, []
        across = np.exp(r.uniform(*np.log(CROWDED)))
        down, gap, left, top = across * r.uniform(0.9, 1.3), r.uniform(0, 0.1) * r.integers(2), *(-across * r.random(2))
        share, empty = r.uniform(0.6, 1.0), r.uniform(0, 0.3)
        for row in range(int((SIDE - top) // down) + 1):
            for column in range(int((SIDE - left) // across) + 1):
                x, y = left + (column + 0.5) * across, top + (row + 0.5) * down
                window = within(x - (0.5 - gap) * across, y - (0.5 - gap) * down, x + (0.5 - gap) * across, y + (0.5 - gap) * down)
                if r.random() < empty or window[0] >= window[2] or window[1] >= window[3]:
                    continue
                x, y = (x, y) + r.normal(0, 0.05, 2) * across
                faces.append(self.face(canvas, x, y, across * share * r.uniform(0.85, 1.15), r.normal(0, 0.15), window))
        return faces

    def tinted(self, picture):
        r = self.random
        picture = (picture - 128) * float(r.uniform(0.6, 1.3)) + 128 + float(r.uniform(-35, 35))
        if r.random() < 0.15:
            picture = picture.mean(0, keepdim=True).expand(3, -1, -1)
        return picture.clamp(0, 255)

    def scene(self):
        r = self.random
        canvas, _ = laid(*self.ground(), (0, 0, SIDE, SIDE))
        for _ in range(r.integers(0, 2)):
            self.piece(canvas)
        faces = self.crowd(canvas) if r.random() < 0.2 else self.some(canvas)
        if r.random() < 0.2:
            canvas = F.avg_pool2d(canvas[None], 3, 1, 1)[0]
        if r.random() < 0.3:
            canvas = canvas + torch.from_numpy(r.normal(0, r.uniform(2, 10), canvas.shape)).float()
        return canvas.clamp(0, 255), faces

    def draw(self, n):
        """Canvases [n, 3, 128, 128] in -1..1; [n, 6, 16, 16]: 1 for a face, then where; and [n, 1, 16, 16], 0 where either is right."""
        cells = SIDE // STRIDE
        middle = (np.arange(cells) + 0.5) * STRIDE
        wanted, counted, canvases = np.zeros((n, 6, cells, cells)), np.ones((n, 1, cells, cells)), []
        for at in range(n):
            canvas, faces = self.scene()
            canvases.append(canvas / 127.5 - 1)
            for x, y, side, roll, yaw in faces:
                away = np.hypot(middle[None] - x, middle[:, None] - y) / side
                inside = 0 < x < SIDE and 0 < y < SIDE
                if LEAST <= side <= MOST and inside:
                    counted[at, 0][away < OPEN] = 0
                    near = away < max(SURE, 0.72 * STRIDE / side)
                    counted[at, 0][near] = 1
                    wanted[at, :, near] = np.stack([np.ones(near.sum()), (x - np.broadcast_to(middle[None], near.shape)[near]) / REFERENCE,
                                                    (y - np.broadcast_to(middle[:, None], near.shape)[near]) / REFERENCE,
                                                    np.full(near.sum(), np.log(side / REFERENCE)), np.full(near.sum(), roll), np.full(near.sum(), yaw)], 1)
                elif LEAST / BESIDE <= side <= MOST * BESIDE:
                    counted[at, 0][away < OPEN] = 0
        return torch.stack(canvases), torch.from_numpy(wanted).float(), torch.from_numpy(counted).float()
