"""A cushion, modelled in code."""

from __future__ import annotations

import numpy as np
from meshes import Mesh, grid, moved, noise, rotation, tube

from things.shapes import circle
from things.thing import Camera, Thing

__all__ = ["cushion"]


def cushion() -> Thing:
    half, n = 20.0, 181
    s = np.linspace(-1, 1, n)
    u, v = np.meshgrid(s, s[::-1])
    # sides are drawn in between the corners, which stand out like ears
    draw = 0.085
    x = half * u * (1 - draw * (1 - v**2) ** 1.0 * np.abs(u) ** 3)
    y = half * v * (1 - draw * (1 - u**2) ** 1.0 * np.abs(v) ** 3)
    full = ((1 - np.abs(u) ** 2.4) * (1 - np.abs(v) ** 2.4)) ** 0.62
    edge = np.minimum(1 - np.abs(u), 1 - np.abs(v))
    # creases run from the seam and the corners inwards
    creases = np.zeros_like(u)
    rng = np.random.default_rng(8)
    for _ in range(26):
        side, at = rng.integers(4), rng.uniform(-0.85, 0.85)
        across, inward = ((u, 1 - np.abs(v)), (v, 1 - np.abs(u)))[side % 2]
        own = (v if side % 2 == 0 else u) * (1 if side < 2 else -1) > 0
        bent = across - at - rng.uniform(-0.35, 0.35) * inward
        creases += (
            own
            * rng.uniform(0.12, 0.3)
            * np.exp(-((bent / rng.uniform(0.02, 0.05)) ** 2))
            * np.exp(-inward / rng.uniform(0.12, 0.3))
            * np.clip(inward / 0.05, 0, 1)
        )
    for cx, cy in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
        away = np.hypot(u - cx, v - cy)
        turn = np.arctan2(v - cy, u - cx)
        creases += 0.30 * np.sin(turn * 9 + cx) * np.exp(-(((away - 0.28) / 0.2) ** 2))
    soft = np.clip(edge / 0.08, 0, 1)
    z = 6.6 * full + soft * (
        -creases * 1.0 + 0.14 * noise(u * 2.6, v * 2.6, 41) + 0.35 * noise(u * 0.9, v * 0.9, 42, octaves=2)
    )
    front = grid(np.stack([x, y, z], 2), np.stack([u / 2 + 0.5, 0.5 - v / 2], 2))
    if front.normals[:, 2].mean() < 0:
        front = Mesh(front.points, -front.normals, front.uv, front.faces[:, ::-1])
    rear = grid(np.stack([x, y, -2.8 * full], 2))
    rim = np.concatenate(
        [
            np.stack([x[0], y[0]], 1),
            np.stack([x[1:, -1], y[1:, -1]], 1),
            np.stack([x[-1, -2::-1], y[-1, -2::-1]], 1),
            np.stack([x[-2:0:-1, 0], y[-2:0:-1, 0]], 1),
        ]
    )
    path = np.concatenate([rim, np.zeros((len(rim), 1))], 1)
    for _ in range(6):
        path = 0.5 * path + 0.25 * (np.roll(path, 1, 0) + np.roll(path, -1, 0))
    piping = tube(path, circle(16) * 0.34, up=np.array([0.0, 0.0, 1.0]), closed=True)
    parts = [("linen", rear), ("linen", piping)]
    up = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
    whole = rotation(x=-17.0) @ up
    shift = (0.0, -9.5, 18.6)
    view = {"target": (0, -6, 17.6), "fov": 23.0}
    return Thing(
        [moved(front, whole, by=shift)],
        [(kind, moved(mesh, whole, by=shift)) for kind, mesh in parts],
        {
            "front": Camera((0.0, -118.0, 30.0), **view),
            "left": Camera((-70.0, -94.0, 40.0), **view, turn=0),
            "lying": Camera((36.0, -84.0, 74.0), (0, 0, 4.0), 24.0, turn=24, tip=-73),
        },
        "linen",
        light_from=(-95, -70, 95),
        wall=2.5,
        grain=0.022,
        more={"light": 48.0},
    )
