"""A tote, modelled in code."""

from __future__ import annotations

import numpy as np
from meshes import Mesh, cells, cloth, moved, noise, tube

from things.shapes import arc, curve, fold_heights, pillow, polygon_distance, revolved, rounded
from things.thing import Camera, Thing

__all__ = ["tote"]


def tote() -> Thing:
    outline = np.concatenate(
        [
            curve([(-18.6, 40.0), (0.0, 39.6), (18.6, 40.0)]),
            curve([(18.8, 39.2), (18.4, 20.0), (19.0, 1.4)]),
            curve([(18.0, 0.4), (0.0, 0.0), (-18.0, 0.4)]),
            curve([(-19.0, 1.4), (-18.4, 20.0), (-18.8, 39.2)]),
        ]
    )
    distance = polygon_distance(outline)
    folds = [
        (-10, 40, -6, 12, 2.6, 0.7),
        (10, 40, 5, 10, 2.6, 0.65),
        (-17, 38, -14, 8, 1.8, 0.5),
        (17, 38, 15, 6, 1.8, 0.5),
        (-2, 38, 0, 16, 3.2, -0.45),
        (-18, 3, -6, 9, 1.5, 0.6),
        (18, 3, 7, 10, 1.5, 0.6),
        (-17, 2, -11, 18, 1.6, 0.4),
        (12, 3, 9, 20, 2.0, 0.4),
        (-9, 27, 9, 23, 3.5, 0.25),
    ]

    def height(x: np.ndarray, y: np.ndarray, inside: np.ndarray) -> np.ndarray:
        z = pillow(inside, 1.1, 3.0) + 1.1 * np.clip(inside / 14, 0, 1) ** 1.2 * np.clip(1.25 - y / 48, 0.3, 1)
        soft = np.clip(inside / 2.5, 0, 1)
        z = (
            z
            + (0.3 + 0.7 * soft) * fold_heights(x, y, folds, 21)
            + 0.12 * soft * noise(x / 8, y / 10, 31)
            + 0.25 * soft * noise(x / 22, y / 30, 32, octaves=2)
        )
        hem = 39.8 - y
        return (
            z
            + 0.1 * np.clip((2.6 - hem) / 0.2, 0, 1)
            - 0.12 * np.exp(-(((hem - 2.6) / 0.12) ** 2))
            - 0.06 * np.exp(-(((hem - 2.2) / 0.08) ** 2))
        )

    xs, ys = np.linspace(-20, 20, 321), np.linspace(-1, 41, 337)
    body = cloth(distance, xs, ys, height)
    at = body.uv
    body = Mesh(body.points, body.normals, np.stack([0.5 + at[:, 0] / 28.0, (34.5 - at[:, 1]) / 30.0], 1), body.faces)
    printed = cells(body, lambda at: np.all((at > 0) & (at < 1), 1))
    rear = cloth(distance, xs[::2], ys[::2], lambda x, y, inside: -pillow(inside, 0.9, 3.0))
    parts = [("canvas", body.part(~printed)), ("canvas", rear)]
    section, _ = rounded(2.6, 0.22, 0.1, 16)
    for z, sway, lean in ((1.25, 1.0, 0.0), (-0.9, 0.75, 1.4)):
        t = np.linspace(0, 1, 110)
        x = -8.6 + 17.2 * t + 0 * lean
        arch = np.sin(np.pi * t) ** 0.52
        path = np.stack(
            [
                x * (1 - 0.42 * arch) + lean * arch,
                36.6 + 22.5 * arch,
                z + 0.75 * (1 - arch) * 0 + sway * 0.9 * np.sin(np.pi * t) ** 2,
            ],
            1,
        )
        parts.append(("canvas", tube(path, section, up=np.array([0.0, 0.0, 1.0]))))
    peg = moved(
        revolved(
            np.concatenate(
                [
                    [[0.01, 3.4]],
                    arc((0.75, 3.15), 0.25, 90, 0, 6),
                    [[1.0, 2.6]],
                    arc((0.8, 2.4), 0.2, 0, -90, 5),
                    [[0.55, 2.0], [0.55, -2.4]],
                ]
            )
        ),
        by=(0.4, 57.6, 0),
    )
    parts.append(("wood", peg))
    # upright against the wall: y becomes z, z looks at the viewer (-y)
    up = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    shift = (0.0, -2.6, 12.0)
    placed = [(kind, moved(mesh, up, by=shift)) for kind, mesh in parts]
    view = {"target": (0, -2, 41.0), "fov": 24.0}
    return Thing(
        [moved(body.part(printed), up, by=shift)],
        placed,
        {
            "front": Camera((0.0, -168.0, 44.0), **view),
            "left": Camera((-88.0, -138.0, 52.0), **view),
            "right": Camera((96.0, -128.0, 30.0), **view),
        },
        "canvas",
        light_from=(-110, -120, 150),
        wall=0.0,
        grain=0.03,
        more={"light": 62.0},
    )
