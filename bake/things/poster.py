"""A poster, modelled in code."""

from __future__ import annotations

import numpy as np
from meshes import Mesh, grid, moved, noise, rotation

from things.shapes import rounded
from things.thing import Camera, Thing

__all__ = ["poster"]


def poster() -> Thing:
    wide, tall = 30.0, 40.0
    x, y = np.meshgrid(np.linspace(-wide / 2, wide / 2, 121), np.linspace(tall, 0, 161))
    z = 0.42 + 0.05 * np.sin(x / wide * np.pi * 1.3 + 0.4) + 0.03 * noise(x / 30, y / 30, 5, octaves=1)
    sheet = grid(np.stack([x, y, z], 2), np.stack([x / wide + 0.5, 1 - y / tall], 2))
    sheet = Mesh(
        sheet.points, -sheet.normals if sheet.normals[:, 2].mean() < 0 else sheet.normals, sheet.uv, sheet.faces
    )
    parts: list[tuple[str, Mesh]] = []
    bar, _ = rounded(1.5, 1.9, 0.14, 12)
    corners = np.array(
        [
            (-wide / 2 - 0.55, -0.55),
            (wide / 2 + 0.55, -0.55),
            (wide / 2 + 0.55, tall + 0.55),
            (-wide / 2 - 0.55, tall + 0.55),
        ]
    )
    # four bars, mitred
    for k in range(4):
        a, b = corners[k], corners[(k + 1) % 4]
        ahead = (b - a) / np.linalg.norm(b - a)
        side = np.array([ahead[1], -ahead[0]])
        rows = []
        for end, sign in ((a, -1), (b, 1)):
            rows.append(np.stack([np.append(end + side * s + ahead * sign * s, 0.35 + h) for s, h in bar]))
        parts.append(("wood", grid(np.stack(rows), closed=(False, True))))
    back = grid(
        np.stack(np.broadcast_arrays(*np.meshgrid([-wide / 2 - 1, wide / 2 + 1], [-1, tall + 1]), 0.1), 2).astype(float)
    )
    parts.append(("dark", back))
    lean = np.radians(8.0)
    up = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    tilt = rotation(x=-np.degrees(lean))
    whole = tilt @ up
    shift = (0.0, -6.8, 1.4)
    view = {"target": (0, -3, 20.8), "fov": 23.0}
    return Thing(
        [moved(sheet, whole, by=shift)],
        [(kind, moved(mesh, whole, by=shift)) for kind, mesh in parts],
        {
            "front": Camera((0.0, -128.0, 26.0), **view),
            "left": Camera((-72.0, -103.0, 34.0), **view),
            "right": Camera((80.0, -98.0, 22.0), **view),
        },
        "print",
        light_from=(-80, -120, 95),
        wall=0.0,
        more={"light": 46.0},
    )
