"""Turns a frontal photo's face to other yaws on the generic head, so that the yaw is known exactly.

After 300W-LP (Zhu et al., "Face Alignment Across Large Poses", CVPR 2016): texture from the photo; here the half that
the photo hides takes the mirrored half's colours, and the background stays where it was, with the head taken out.
"""

import numpy as np
import scipy.sparse
import scipy.spatial
import torch
import torch.nn.functional as F

from faces_geometry import MIDDLE, SQUARE_CM, rotation



def places(n):
    """Barycentric places at which a triangle is drawn, n + 1 along each edge."""
    return np.array([(a, b, n - a - b) for a in range(n + 1) for b in range(n + 1 - a)], np.float32) / n


# Longest edge in fine pixels up to which the places leave no pixel empty.
PLACES = ((2.0, places(2)), (4.0, places(4)), (np.inf, places(12)))


class Turner:
    """Draws heads of one mesh: [side, side] pixels, `reach` aligned squares wide."""

    def __init__(self, head, side, reach):
        self.head, self.side, self.reach = head, side, reach
        mirrored = head.vertices * [-1, 1, 1]
        self.twin = scipy.spatial.cKDTree(head.vertices).query(mirrored)[1]
        self.triangles = head.triangles
        self.smoothing = self.neighbours()

    def neighbours(self):
        """A matrix that replaces each vertex's value by its neighbours' mean."""
        t, count = self.triangles, len(self.head.vertices)
        rows, columns = np.concatenate([t[:, i] for i in (0, 1, 2, 1, 2, 0)]), np.concatenate([t[:, i] for i in (1, 2, 0, 0, 1, 2)])
        links = scipy.sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), (count, count))
        links.data[:] = 1
        return scipy.sparse.diags(1 / np.maximum(np.asarray(links.sum(1)).ravel(), 1)) @ links

    def normals(self, vertices):
        a, b, c = (vertices[self.triangles[:, i]] for i in range(3))
        faces = np.cross(b - a, c - a)
        total = np.zeros_like(vertices)
        for i in range(3):
            for axis in range(3):
                total[:, axis] += np.bincount(self.triangles[:, i], faces[:, axis], len(vertices))
        return total / np.linalg.norm(total, axis=1, keepdims=True).clip(1e-9)

    def colours(self, picture, fit, shape):
        """Each vertex's colour [n, 3] from a photo [3, h, w]; what it hides from the twin, and then from the neighbours."""
        places, _ = fit.project(shape)
        height, width = picture.shape[1:]
        grid = torch.from_numpy(np.stack([places[:, 0] * 2 / width - 1, places[:, 1] * 2 / height - 1], -1)).float()
        # Beyond the photo's edge nothing is known: such vertices wait for their neighbours.
        inside = (grid.abs() < 1).all(1).numpy()
        shrunk, factor = picture[None].float(), fit.scale * SQUARE_CM * self.reach / self.side
        if factor > 1.5:
            shrunk = F.interpolate(shrunk, scale_factor=1 / factor, mode="area")
        seen = F.grid_sample(shrunk, grid[None, None], padding_mode="border", align_corners=False)[0, :, 0].t().numpy()
        facing = (self.normals(shape) @ rotation(fit.yaw, fit.pitch, fit.roll).T)[:, 2]
        own = np.clip((facing - 0.35) / 0.3, 0, 1) * inside
        twin = own[self.twin] * np.clip(1 - own, 0, 1)
        weight = (own + twin)[:, None]
        colour = (own[:, None] * seen + twin[:, None] * seen[self.twin]) / np.maximum(weight, 1e-6)
        for _ in range(60):
            colour = np.where(weight > 0.05, colour, self.smoothing @ (colour * (weight > 0.05)) / np.maximum(self.smoothing @ (weight > 0.05), 1e-6))
            weight = np.maximum(weight, 0.06 * (self.smoothing @ (weight > 0.05) > 0))
        return colour.astype(np.float32)

    def draw(self, shape, colour, yaw, pitch):
        """The head alone: colours [3, side, side] and coverage [1, side, side], twice as fine within."""
        fine = 2 * self.side
        turned = (shape - MIDDLE) @ rotation(yaw, pitch, 0.0).T
        turned[:, :2] = (turned[:, :2] * [1, -1] / (SQUARE_CM * self.reach) + 0.5) * fine
        corners = turned.astype(np.float32)[self.triangles]
        edge, other = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        front = edge[:, 0] * other[:, 1] - edge[:, 1] * other[:, 0] < 0
        longest = np.sqrt(np.maximum(np.square(edge[:, :2]).sum(1), np.square(other[:, :2]).sum(1)))
        points, painted, shortest = [], [], 0.0
        for length, inner in PLACES:
            chosen = front & (longest >= shortest) & (longest < length)
            # One product for all triangles: [places, 3] by [3, triangles * 3].
            spread = lambda values: (inner @ values.transpose(1, 0, 2).reshape(3, -1)).reshape(-1, 3)
            points.append(spread(corners[chosen]))
            painted.append(spread(colour[self.triangles[chosen]]))
            shortest = length
        points, painted = np.concatenate(points), np.concatenate(painted)
        across, down = (np.floor(points[:, axis]).astype(np.int64) for axis in (0, 1))
        within = np.flatnonzero((across >= 0) & (across < fine) & (down >= 0) & (down < fine))
        cell = torch.from_numpy(down[within] * fine + across[within])
        depth = torch.from_numpy(((points[within, 2] + 40) * 1e4).astype(np.int64))
        nearest = torch.full((fine * fine,), -1, dtype=torch.int64)
        nearest.scatter_reduce_(0, cell, depth * (1 << 32) + torch.from_numpy(within), "amax")
        drawn = nearest >= 0
        values = torch.zeros(4, fine * fine)
        values[:3, drawn] = torch.from_numpy(painted[(nearest[drawn] & ((1 << 32) - 1)).numpy()]).t()
        values[3, drawn] = 1.0
        values = F.avg_pool2d(values.view(1, 4, fine, fine), 2)
        # A pixel between two drawn points is not a hole.
        spread = F.avg_pool2d(values, 3, 1, 1)
        values = torch.where((values[:, 3:] == 0) & (spread[:, 3:] > 0.4), spread, values)[0]
        return values[:3] / values[3:].clamp(min=1e-6), values[3:]

    def behind(self, picture, coverage):
        """The aligned picture [3, side, side] with the head taken out: what is around it flows in, coarse to fine."""
        free = (F.max_pool2d(coverage[None], 5, 1, 2) < 0.05).float()
        values, known = picture[None] * free, free
        levels = [(values, known)]
        while min(known.shape[2:]) > 3:
            values, known = (F.avg_pool2d(part, 2, ceil_mode=True, count_include_pad=False) for part in (values, known))
            levels.append((values, known))
        below = values / known.clamp(min=1e-3)
        for values, known in reversed(levels[:-1]):
            below = F.interpolate(below, known.shape[2:], mode="bilinear")
            share = (known * 4).clamp(max=1)
            below = share * values / known.clamp(min=1e-3) + (1 - share) * below
        return below[0] * (1 - free[0]) + picture * free[0]

    def turn(self, picture, square_picture, fit, yaws):
        """The photo's face at each yaw, [n, 4, side, side]: RGB in 0..255 and the head's coverage in 0..255."""
        shape = self.head.shape(fit.shape)
        colour, here = self.colours(picture, fit, shape), self.coverage(fit) / 255
        background = self.behind(square_picture, here)
        made = []
        for yaw in yaws:
            head, cover = self.draw(shape, colour, yaw, fit.pitch)
            made.append(torch.cat([head * cover + background * (1 - cover), cover * 255]))
        return torch.stack(made)

    def coverage(self, fit):
        """Where the aligned square shows the head, [1, side, side] in 0..255."""
        shape = self.head.shape(fit.shape)
        return self.draw(shape, np.zeros((len(shape), 3), np.float32), fit.yaw, fit.pitch)[1] * 255
