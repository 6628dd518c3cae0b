"""Where a head is in a photo: the generic head, its weak-perspective fit to marked points, and the aligned square."""

import csv
import dataclasses
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.numpy import load_file

# The 30 marked points among the usual 68, on the head's own right half (the picture's left in a frontal view).
RIGHT_HALF = np.array([*range(9), 17, 19, 21, *range(36, 42), 27, 28, 29, 30, 33, 32, 31, 48, 51, 62, 57, 66])
# Weights of the points' differences. The jaw's were marked on a frontal view's outline, and behind the head's own jaw
# (at the ear) on a profile, where they would turn it by 20 degrees.
TRUST = {False: np.where(RIGHT_HALF < 9, 0.4, 1.0), True: np.where(RIGHT_HALF < 6, 0.03, np.where(RIGHT_HALF < 9, 0.3, 1.0))}
# Each of the 68 in the mirror, and those of them that are marked on one half or the other.
TWINS = np.array([*range(16, -1, -1), *range(26, 16, -1), 27, 28, 29, 30, 35, 34, 33, 32, 31, 45, 44, 43, 42, 47, 46, 39, 38, 37, 36, 41, 40,
                  54, 53, 52, 51, 50, 49, 48, 59, 58, 57, 56, 55, 64, 63, 62, 61, 60, 67, 66, 65])
BOTH_HALVES = np.union1d(RIGHT_HALF, TWINS[RIGHT_HALF])
# Of all 68, as a network finds them in a frontal photo.
TRUST_WHOLE = np.isin(np.arange(68), BOTH_HALVES) * np.where(np.arange(68) < 17, 0.4, 1.0)
# The two points below the eye, numbered the other way round on profiles.
SWAPPED = ([16, 17], [17, 16])
# What an aligned square is centred on, cm, and its side: from hair line to chin, and a profile from ear to nose.
MIDDLE, SQUARE_CM = np.array([0.0, 0.2, 7.0]), 18.0
# Where a profile's yaw is expected, degrees, within a few: marked eyes and mouths are wider than a side view's.
PROFILE_YAW = 82
# Shape modes in the fit: more follow the points' noise.
MODES = 10


class Head:
    """The generic head; `shape(weights)` gives its vertices, [14388, 3] cm, x to its left, y up, z to the front."""

    def __init__(self, path):
        tensors = load_file(path)
        self.vertices, self.triangles = tensors["vertices"].astype(np.float64), tensors["triangles"]
        self.material = tensors["material"]
        self.modes = tensors["identity_modes"][:MODES].astype(np.float64)
        self.landmarks = tensors["landmarks68"]
        self.points = self.landmarks[RIGHT_HALF]

    def shape(self, weights):
        return self.vertices + np.einsum("k,kvc->vc", weights, self.modes)


@dataclasses.dataclass
class Fit:
    """A head in a photo: angles in radians, scale in pixels a cm, origin's place in pixels, shape weights."""

    yaw: float
    pitch: float
    roll: float
    scale: float
    x: float
    y: float
    shape: np.ndarray
    error: float

    def project(self, points):
        """Head points [n, 3] to the photo's pixels [n, 2] and depth [n] (towards the viewer, cm)."""
        turned = points @ rotation(self.yaw, self.pitch, self.roll).T
        return np.stack([self.x + self.scale * turned[:, 0], self.y - self.scale * turned[:, 1]], 1), turned[:, 2]

    def square(self):
        """Centre (x, y), side in pixels and roll of the aligned square."""
        (centre,), _ = self.project(MIDDLE[None])
        return centre[0], centre[1], self.scale * SQUARE_CM, self.roll


def rotation(yaw, pitch, roll):
    """Head to viewer: pitch, then yaw (positive: nose to the picture's right), then roll (positive: clockwise)."""
    yaw, pitch, roll = np.asarray(yaw, float), np.asarray(pitch, float), np.asarray(roll, float)
    one, zero = np.ones_like(yaw), np.zeros_like(yaw)
    rows = lambda *r: np.stack([np.stack(line, -1) for line in r], -2)
    about_x = rows((one, zero, zero), (zero, np.cos(pitch), -np.sin(pitch)), (zero, np.sin(pitch), np.cos(pitch)))
    about_y = rows((np.cos(yaw), zero, np.sin(yaw)), (zero, one, zero), (-np.sin(yaw), zero, np.cos(yaw)))
    about_z = rows((np.cos(roll), np.sin(roll), zero), (-np.sin(roll), np.cos(roll), zero), (zero, zero, one))
    return about_z @ about_y @ about_x


def residuals(p, head_points, modes, marked, trust, expected_yaw):
    """Weighted differences of projected and marked points, with priors: [n, points * 2 + 2 + MODES]."""
    yaw, pitch, roll, log_scale, x, y = p[:, :6].T
    shapes = head_points + np.einsum("nk,kvc->nvc", p[:, 6:], modes)
    turned = np.einsum("nij,nvj->nvi", rotation(yaw, pitch, roll), shapes) * np.exp(log_scale)[:, None, None]
    away = np.stack([turned[..., 0] + x[:, None], -turned[..., 1] + y[:, None]], -1) - marked
    side = expected_yaw > 0
    # In units of 0.25 cm, about how far a marked point is from the vertex it should be.
    away = away * trust[:, :, None] / (0.25 * np.exp(log_scale))[:, None, None]
    priors = np.stack([(yaw - expected_yaw) / np.where(side, 0.05, 0.3), pitch / np.where(side, 0.08, 0.15)], 1)
    return np.concatenate([away.reshape(len(p), -1), priors, p[:, 6:]], 1)


def fit(head, places, profile):
    """Fits the head to the places [n, 30, 2] of the marked points of n pictures by Gauss-Newton; `profile` [n] says which are profiles."""
    marked = places.astype(np.float64).copy()
    for point, other in zip(*SWAPPED):
        marked[profile, point] = places[profile, other]
    trust = np.where(profile[:, None], TRUST[True], TRUST[False])
    # The points are on the half that is seen: where the nose is left of the ear, look at the mirror image.
    mirrored = marked[:, 0, 0] > marked[:, 18:23, 0].mean(1)
    marked[mirrored, :, 0] *= -1
    expected = np.where(profile, np.radians(PROFILE_YAW), 0.0)
    points, modes = head.vertices[head.points], head.modes[:, head.points]
    p = np.zeros((len(marked), 6 + MODES))
    p[:, 0] = expected
    height = marked[:, 8, 1] - marked[:, 18, 1]
    p[:, 3] = np.log(np.abs(height) / (points[18, 1] - points[8, 1]))
    turned = np.einsum("nij,vj->nvi", rotation(p[:, 0], p[:, 1], p[:, 2]), points) * np.exp(p[:, 3])[:, None, None]
    p[:, 4:6] = marked.mean(1) - turned[..., :2].mean(1) * [1, -1]
    p, error = settle(p, points, modes, marked, trust, expected, jaw=9)
    return fits(p, error, np.where(mirrored, -1.0, 1.0))


def fit_whole(head, places):
    """Fits the head to all 68 points [n, 68, 2] of n nearly frontal pictures."""
    marked = places.astype(np.float64)
    points, modes = head.vertices[head.landmarks], head.modes[:, head.landmarks]
    p = np.zeros((len(marked), 6 + MODES))
    p[:, 3] = np.log(np.abs(marked[:, 8, 1] - marked[:, 27, 1]) / (points[27, 1] - points[8, 1]))
    p[:, 4:6] = marked.mean(1) - points.mean(0)[:2] * [1, -1] * np.exp(p[:, 3:4])
    p, error = settle(p, points, modes, marked, np.broadcast_to(TRUST_WHOLE, marked.shape[:2]), np.zeros(len(marked)), jaw=17)
    return fits(p, error, np.ones(len(marked)))


def convention(found, marked):
    """How points [n, 68, 2] that a network finds lie beside those [n, 30, 2] that people mark, in `extent`s of the found: [68, 2]."""
    away = ((found[:, RIGHT_HALF] - marked) / extent(found)).mean(0)
    middle = away[TWINS[RIGHT_HALF] == RIGHT_HALF, 0].mean()
    both = np.zeros((68, 2))
    both[TWINS[RIGHT_HALF]] = [2 * middle, 0.0] + away * [-1, 1]
    both[RIGHT_HALF] = away
    return both


def extent(points):
    """How far points [n, k, 2] are from their middle, in the mean: [n, 1, 1]."""
    return np.linalg.norm(points - points.mean(1, keepdims=True), axis=2).mean(1)[:, None, None]


def settle(p, points, modes, marked, trust, expected, jaw):
    """Gauss-Newton from parameters p [n, 6 + MODES]; with them, how far the points behind the first `jaw` are off, cm."""
    steps = 1e-4 * np.where(np.arange(p.shape[1]) < 4, 1.0, 100.0)
    for _ in range(15):
        r = residuals(p, points, modes, marked, trust, expected)
        jacobian = np.stack([(residuals(p + h * np.eye(p.shape[1])[i], points, modes, marked, trust, expected) - r) / h
                             for i, h in enumerate(steps)], -1)
        normal = np.einsum("nri,nrj->nij", jacobian, jacobian) + 1e-6 * np.eye(p.shape[1])
        step = np.linalg.solve(normal, np.einsum("nri,nr->ni", jacobian, r)[..., None])[..., 0]
        p = p - step * np.minimum(1.0, 0.5 / np.abs(step[:, :3]).max(1, keepdims=True).clip(1e-9))
    count = points.shape[0]
    away = residuals(p, points, modes, marked, trust, expected)[:, : 2 * count].reshape(len(p), count, 2) / np.maximum(trust, 1e-6)[:, :, None]
    used = np.flatnonzero(trust.max(0) > 0)
    return p, 0.25 * np.sqrt(np.square(away).sum(-1)[:, used[used >= jaw]].mean(1))


def fits(p, error, sign):
    return [Fit(s * q[0], q[1], s * q[2], np.exp(q[3]), s * q[4], q[5], q[6:], e) for q, s, e in zip(p, sign, error)]


def read_fiducials(folder):
    """{path within the folder: [30, 2]} of `fiducials.csv`."""
    with open(pathlib.Path(folder) / "fiducials.csv") as lines:
        rows = csv.reader(lines)
        next(rows)
        return {row[0]: np.array(row[1:], np.float64).reshape(30, 2) for row in rows}


def aligned(picture, square, side, reach=1.0):
    """The aligned square of a picture [3, h, w] uint8 as [3, side, side] in 0..255; `reach` times as wide.

    The border goes on beyond the edge. Shrinking averages: two samples a pixel each way.
    """
    x, y, size, roll = square
    fine = 2 * side
    at = ((torch.arange(fine) + 0.5) / fine - 0.5) * size * reach
    v, u = torch.meshgrid(at, at, indexing="ij")
    height, width = picture.shape[1:]
    across = (x + np.cos(roll) * u - np.sin(roll) * v) * 2 / width - 1
    down = (y + np.sin(roll) * u + np.cos(roll) * v) * 2 / height - 1
    grid = torch.stack([across, down], -1)[None].float()
    sampled = F.grid_sample(picture[None].float(), grid, padding_mode="border", align_corners=False)
    return F.avg_pool2d(sampled, 2)[0]
