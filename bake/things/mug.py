"""A mug, modelled in code."""

from __future__ import annotations

import numpy as np
from meshes import Mesh, grid, tube

from things.shapes import arc, circle, revolved
from things.thing import Camera, Thing

__all__ = ["mug"]


def mug() -> Thing:
    radius, tall, low, high = 4.1, 9.6, 0.55, 9.05
    turn = 20.0 / radius  # the print goes 20 cm round
    angle = np.linspace(-turn / 2, turn / 2, 361)
    height = np.linspace(low, high, 90)
    a, z = np.meshgrid(angle, height)
    wall = np.stack([radius * np.cos(a), radius * np.sin(a), z], 2)
    uv = np.stack([(a + turn / 2) / turn, 1 - (z - low) / (high - low)], 2)
    slot = grid(wall, uv)
    slot = Mesh(
        slot.points,
        np.concatenate([slot.points[:, :2] / radius, np.zeros((len(slot.points), 1))], 1),
        slot.uv,
        slot.faces,
    )
    back = np.linspace(turn / 2, 2 * np.pi - turn / 2, 80)
    a, z = np.meshgrid(back, height)
    rest = grid(np.stack([radius * np.cos(a), radius * np.sin(a), z], 2))
    rest = Mesh(
        rest.points,
        np.concatenate([rest.points[:, :2] / radius, np.zeros((len(rest.points), 1))], 1),
        rest.uv,
        rest.faces,
    )
    thick = 0.36
    lip = np.concatenate(
        [
            [[radius, high]],
            arc((radius - thick / 2, tall - thick / 2), thick / 2, 0, 180, 16),
            np.stack([np.full(30, radius - thick), np.linspace(tall - thick / 2, 1.6, 30)], 1),
            arc((radius - thick - 1.0, 1.6), 1.0, 0, -90, 12),
            [[0.02, 0.6]],
        ]
    )
    foot = np.concatenate(
        [
            [[0.02, 0.25]],
            [[radius - 0.75, 0.25]],
            arc((radius - 0.6, 0.12), 0.12, 180, 270, 6),
            arc((radius - 0.42, 0.42), 0.42, -90, 0, 14),
            [[radius, low]],
        ]
    )
    t = np.linspace(0, np.pi, 90)
    path = np.stack([-(radius - 0.15) - 2.9 * np.sin(t) ** 0.8, np.zeros(90), 5.0 + 2.95 * np.cos(t)], 1)
    section = circle(40) * [0.62, 0.36]
    section = np.sign(section) * np.abs(section / [0.62, 0.36]) ** 0.75 * [0.62, 0.36]
    taper = 1 + 0.35 * np.exp(-((np.minimum(np.arange(90), 89 - np.arange(90)) / 5.0) ** 2))
    handle = tube(path, section, up=np.array([0.0, 1.0, 0.0]), taper=taper)
    parts = [("glaze", part) for part in (rest, revolved(lip), revolved(foot), handle)]
    eye = (0.0, -46.0, 17.0)
    view = {"eye": eye, "target": (0, 0, 4.6), "fov": 16.5}
    return Thing(
        [slot],
        parts,
        {
            "front": Camera(**view, turn=-128),
            "left": Camera(**view, turn=-28),
            "right": Camera(**view, turn=-178),
        },
        "glaze",
        light_from=(-48, -32, 58),
    )
