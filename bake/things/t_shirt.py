"""A T-shirt, lying, modelled in code."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from meshes import Mesh, cells, cloth, moved, noise

from things.shapes import curve, fold_heights, pillow, polygon_distance
from things.thing import Camera, Thing

__all__ = ["t_shirt"]


def t_shirt() -> Thing:
    right = np.concatenate(
        [
            curve([(8.4, 70.2), (14.0, 68.6), (22.0, 65.6), (24.5, 64.0)]),
            curve([(25.2, 63.2), (33.5, 53.5), (41.5, 44.6)]),
            curve([(41.2, 43.8), (36.0, 40.2), (31.2, 37.2)]),
            curve([(30.6, 37.6), (28.2, 41.5), (26.2, 44.8)], 10),
            curve([(25.6, 43.8), (25.0, 34.0), (25.2, 20.0), (26.0, 1.2)]),
            curve([(25.2, 0.4), (14.0, -0.4), (0.0, -0.7)]),
        ]
    )
    neck = curve([(-8.4, 70.2), (-7.4, 66.2), (-4.2, 62.9), (0.0, 61.9), (4.2, 62.9), (7.4, 66.2), (8.4, 70.2)])
    outline = np.concatenate([right, right[::-1] * [-1, 1], neck])
    back_neck = curve([(-8.4, 70.2), (-6.0, 68.9), (0.0, 68.3), (6.0, 68.9), (8.4, 70.2)])
    back_outline = np.concatenate([right, right[::-1] * [-1, 1], back_neck])
    front, back = polygon_distance(outline), polygon_distance(back_outline)
    neck_line = neck

    def to_line(x: np.ndarray, y: np.ndarray, line: np.ndarray) -> np.ndarray:
        best = np.full(np.shape(x), np.inf)
        for (ax, ay), (bx, by) in pairwise(line):
            ex, ey = bx - ax, by - ay
            t = np.clip(((x - ax) * ex + (y - ay) * ey) / max(ex * ex + ey * ey, 1e-9), 0, 1)
            best = np.minimum(best, np.hypot(x - ax - t * ex, y - ay - t * ey))
        return best

    armhole = curve([(24.6, 64.2), (21.6, 58.0), (21.9, 50.5), (25.8, 44.4)])
    folds = [
        (25, 44, 10, 36, 1.6, 0.75),
        (25, 42, 9, 29, 1.9, 0.65),
        (24, 46, 12, 47, 1.4, 0.5),
        (-25, 44, -10, 37, 1.6, 0.75),
        (-25, 41, -8, 27, 2.0, 0.65),
        (-24, 47, -13, 49, 1.4, 0.45),
        (-24, 22, -6, 16, 2.2, 0.55),
        (25, 20, 8, 11, 2.2, 0.6),
        (-20, 3, -14, 24, 2.3, 0.5),
        (17, 2, 12, 22, 2.4, 0.5),
        (-4, 1, -1, 21, 2.4, 0.42),
        (8, 62, 15, 50, 1.7, 0.35),
        (-8, 62, -14, 51, 1.7, 0.35),
        (28, 42, 34, 51, 1.2, 0.55),
        (-28, 42, -34, 51, 1.2, 0.55),
        (-6, 52, 8, 47, 2.6, 0.25),
        (5, 33, -7, 25, 3.0, 0.3),
        (31, 39, 38, 47, 1.0, 0.35),
        (-31, 39, -38, 47, 1.0, 0.35),
        (-25, 33, -14, 31, 1.5, 0.4),
        (25, 31, 15, 27, 1.5, 0.4),
    ]

    def height(x: np.ndarray, y: np.ndarray, inside: np.ndarray) -> np.ndarray:
        z = 0.25 + pillow(inside, 0.75, 2.2)
        soft = np.clip(inside / 3.0, 0, 1)
        z = z + (0.35 + 0.65 * soft) * fold_heights(x, y, folds, 3)
        z = z + 0.10 * soft * noise(x / 9, y / 9, 11) + 0.22 * soft * noise(x / 21, y / 26, 12, octaves=2)
        collar = to_line(x, y, neck_line)
        rib = np.clip((2.0 - collar) / 0.25, 0, 1)
        z = z + 0.16 * rib - 0.14 * np.exp(-(((collar - 2.05) / 0.14) ** 2))
        z = z + rib * 0.02 * np.sin(collar * 0 + 7.0 * np.arctan2(y - 70, x) * 8)
        for edge in (armhole, armhole * [-1, 1]):
            z = (
                z
                - 0.20 * np.exp(-((to_line(x, y, edge) / 0.22) ** 2))
                + 0.08 * np.exp(-(((to_line(x, y, edge) - 0.6) / 0.4) ** 2))
            )
        hem = np.minimum(y + 0.5, to_line(x, y, np.array([[41.4, 44.2], [30.8, 37.2]])))
        hem = np.minimum(hem, to_line(x, y, np.array([[-41.4, 44.2], [-30.8, 37.2]])))
        for at in (2.0, 2.35):
            z = z - 0.09 * np.exp(-(((hem - at) / 0.10) ** 2))
        return np.maximum(z, 0.08 + 0.4 * np.clip(inside / 2, 0, 1))  # never below the back

    xs, ys = np.linspace(-42, 42, 421), np.linspace(-1.2, 70.8, 361)
    body = cloth(front, xs, ys, height)
    wide, tall, top = 30.0, 38.0, 58.0
    at = body.uv
    # A print lies in the cloth: a fold takes up more of it than its shadow on the table.
    uv = np.stack([0.5 + at[:, 0] / wide, (top - at[:, 1]) / tall], 1)
    body = Mesh(body.points, body.normals, uv, body.faces)
    printed = cells(body, lambda at: np.all((at > 0) & (at < 1), 1))
    rear = cloth(
        back,
        xs,
        ys,
        lambda x, y, inside: (
            0.06 + pillow(inside, 0.22, 1.5) + 0.1 * np.clip((2.2 - to_line(x, y, back_neck)) / 0.25, 0, 1)
        ),
    )
    shift = (0.0, -34.0, 0.0)
    return Thing(
        [moved(body.part(printed), by=shift)],
        [("cotton", moved(body.part(~printed), by=shift)), ("cotton", moved(rear, by=shift))],
        {
            "flat": Camera((0.0, -2.0, 215), (0, 1.2, 0), 24.5, (0, 1, 0)),
            "left": Camera((0.0, -150.0, 128.0), (0, -2.0, 0), 24.0, turn=-20),
            "close": Camera((0.0, -70.0, 96.0), (0, 4.0, 0), 27.0, turn=9),
        },
        "cotton",
        light_from=(-150, 105, 150),
        wall=400,
        grain=0.018,
        more={"light": 60.0},
    )
