"""Outlines and surfaces that several things are made of."""

from __future__ import annotations

import numpy as np
from meshes import Mesh, grid, noise

__all__ = ["arc", "circle", "curve", "fold_heights", "pillow", "polygon_distance", "revolved", "rounded"]


def circle(n: int) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return np.stack([np.cos(angle), np.sin(angle)], 1)


def rounded(width: float, height: float, corner: float, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Outline [4n, 2] of a rectangle with round corners, and which way is out."""
    points, out = [], []
    for k, (sx, sy) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        angle = np.linspace(0, np.pi / 2, n // 2) + k * np.pi / 2
        normal = np.stack([np.cos(angle), np.sin(angle)], 1)
        centre = np.array([sx * (width / 2 - corner), sy * (height / 2 - corner)])
        points.append(centre + corner * normal)
        out.append(normal)
        # the straight side to the next corner
        nx, ny = ((-1, 1), (-1, -1), (1, -1), (1, 1))[k]
        start, stop = points[-1][-1], np.array([nx * (width / 2 - corner), ny * (height / 2 - corner)])
        stop = stop + corner * normal[-1]
        along = np.linspace(0, 1, n // 2 + 2)[1:-1, None]
        points.append(start + along * (stop - start))
        out.append(np.broadcast_to(normal[-1], (len(along), 2)))
    return np.concatenate(points), np.concatenate(out)


def revolved(profile: np.ndarray, n: int = 240) -> Mesh:
    """A profile [P, 2] of radius and height turned about z."""
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    points = np.stack(
        [profile[:, :1] * np.cos(angle), profile[:, :1] * np.sin(angle), np.repeat(profile[:, 1:], n, 1)], 2
    )
    return grid(points, closed=(False, True))


def arc(centre: tuple[float, float], radius: float, start: float, stop: float, n: int = 10) -> np.ndarray:
    angle = np.radians(np.linspace(start, stop, n))
    return np.stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)], 1)


def polygon_distance(corners: np.ndarray):
    """Signed distance to a polygon, negative inside."""

    def distance(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        best, inside = np.full(np.shape(x), np.inf), np.zeros(np.shape(x), bool)
        for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, 0), strict=True):
            ex, ey = bx - ax, by - ay
            t = np.clip(((x - ax) * ex + (y - ay) * ey) / max(ex * ex + ey * ey, 1e-9), 0, 1)
            best = np.minimum(best, (x - ax - t * ex) ** 2 + (y - ay - t * ey) ** 2)
            with np.errstate(divide="ignore", invalid="ignore"):
                cross = ((ay > y) != (by > y)) & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
            inside ^= cross
        return np.where(inside, -1, 1) * np.sqrt(best)

    return distance


def curve(points: list[tuple[float, float]], n: int = 24) -> np.ndarray:
    """A smooth curve through points (Catmull-Rom)."""
    p = np.array([points[0], *points, points[-1]], float)
    out = []
    for k in range(1, len(p) - 2):
        t = np.linspace(0, 1, n, endpoint=False)[:, None]
        a, b, c, d = p[k - 1], p[k], p[k + 1], p[k + 2]
        out.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate([*out, p[-2:-1]])


def fold_heights(
    x: np.ndarray, y: np.ndarray, folds: list[tuple[float, float, float, float, float, float]], seed: int
) -> np.ndarray:
    """Ridges along lines: from, to, width, height; steeper on one side, fading out at the ends, not quite straight."""
    total = np.zeros(np.shape(x))
    wx = x + 0.9 * noise(x / 16, y / 16, seed, octaves=2)
    wy = y + 0.9 * noise(x / 16, y / 16, seed + 1, octaves=2)
    for ax, ay, bx, by, width, tall in folds:
        length = float(np.hypot(bx - ax, by - ay))
        ux, uy = (bx - ax) / length, (by - ay) / length
        along = ((wx - ax) * ux + (wy - ay) * uy) / length
        across = (-(wx - ax) * uy + (wy - ay) * ux) / (width * (0.55 + 0.9 * np.clip(along, 0, 1)))
        fade = np.clip(1.15 - np.abs(along - 0.45) * 1.9, 0, 1)
        fade = fade * fade * (3 - 2 * fade)
        # a soft crest with a hollow behind it
        crest = np.exp(-((across + 0.25 * np.abs(across)) ** 2)) - 0.55 * np.exp(-((across - 1.5) ** 2) / 0.9)
        total += tall * fade * crest
    return total


def pillow(inside: np.ndarray, rise: float, reach: float) -> np.ndarray:
    t = np.clip(inside / reach, 0, 1)
    return rise * np.sqrt(np.maximum(1 - (1 - t) ** 2, 0))
