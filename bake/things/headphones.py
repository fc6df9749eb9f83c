"""Headphones, modelled in code."""

from __future__ import annotations

import numpy as np
from meshes import Mesh, grid, moved, ring_grid, rotation, tube

from things.shapes import circle, rounded
from things.thing import Camera, Thing

__all__ = ["headphones"]


def headphones() -> Thing:
    # One cup about z, its cap upwards; it is then turned to face left or right.
    a, b = 3.4, 3.9
    ring = circle(160) * [a, b]
    out = ring / [a, b] / np.array([a, b])
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    scales = np.linspace(0.001, 1, 50)
    dome = 0.42 * (1 - scales**2)
    cap_points = ring_grid(ring, scales, 2.5 + dome)
    uv = np.stack([0.5 + cap_points[..., 0] / (2 * a), 0.5 - cap_points[..., 1] / (2 * b)], 2)
    cap = grid(cap_points, uv, closed=(False, True))
    turn = np.linspace(0, np.pi / 2, 12)
    groove = np.array([0.0, 0.03, 0.06, 0.1])
    shell = ring_grid(
        ring,
        1 + np.concatenate([groove, 0.1 + 0.55 * np.sin(turn), [0.68, 0.68, 0.62, 0.5]]),
        np.concatenate([[2.5, 2.44, 2.44, 2.5], 1.92 + 0.58 * np.cos(turn), [1.4, 0.9, 0.72, 0.66]]),
        out,
    )
    pad_turn = np.linspace(0.0, 2 * np.pi, 40)
    pad = ring_grid(ring, 1 + 0.05 + 0.0 * pad_turn, -0.25 + 0.0 * pad_turn, out)
    fat = 0.95
    pad = pad + (fat * 0.72 * np.cos(pad_turn))[:, None, None] * np.concatenate([out, np.zeros((160, 1))], 1)
    pad[..., 2] += (fat * np.sin(pad_turn))[:, None]
    inner = ring_grid(ring, np.array([0.001, 0.9]), np.array([-0.2, -0.2]))
    cup = [
        ("slot", cap),
        ("shell", grid(shell, closed=(False, True))),
        ("pad", grid(pad, closed=(False, True))),
        ("pad", grid(inner, closed=(False, True))),
    ]
    slot: list[Mesh] = []
    parts: list[tuple[str, Mesh]] = []
    high = 4.55
    for side in (-1, 1):
        # cap to the side; the top of the picture stays up; the cups lean a little
        turn_up = rotation(x=90, z=90 * side) if side > 0 else rotation(x=90, z=-90)
        lean = rotation(y=-6.0 * side)
        for kind, mesh in cup:
            placed = moved(moved(mesh, turn_up), lean, by=(6.3 * side, 0, high))
            if kind == "slot":
                slot.append(placed)
            else:
                parts.append((kind, placed))
        # the yoke: a fork that holds the cup in front and behind, and the slider above it
        t = np.radians(np.linspace(-10, 190, 70))
        path = np.stack([np.full(70, 1.35), (b - a + 4.25) * np.cos(t), 5.0 * np.sin(t)], 1)
        fork = tube(path, circle(24) * [0.42, 0.2], up=np.array([1.0, 0.0, 0.0]))
        fork = moved(moved(fork, rotation(z=0 if side > 0 else 180)), lean, by=(6.3 * side, 0, high))
        parts.append(("metal", fork))
    t = np.radians(np.linspace(-4, 184, 140))
    rise = 9.6 + 0.0 * t
    band_path = np.stack([7.15 * np.cos(t), 0 * t, rise + 9.3 * np.sin(t)], 1)
    section, _ = rounded(2.9, 0.75, 0.36, 24)
    band_up = np.stack([np.cos(t) / 7.15, 0 * t, np.sin(t) / 9.3], 1)
    parts.append(("shell", tube(band_path, section, up=band_up)))
    soft = np.radians(np.linspace(28, 152, 100))
    soft_path = np.stack([6.6 * np.cos(soft), 0 * soft, 9.6 + 8.75 * np.sin(soft)], 1)
    soft_section, _ = rounded(2.5, 0.9, 0.44, 24)
    parts.append(
        ("pad", tube(soft_path, soft_section, up=np.stack([np.cos(soft) / 6.6, 0 * soft, np.sin(soft) / 8.75], 1)))
    )
    view = {"target": (0, 0, 9.7), "fov": 24.0}
    return Thing(
        slot,
        parts,
        {
            "front": Camera((0.0, -54.0, 17.0), **view, turn=42),
            "left": Camera((0.0, -55.0, 13.0), **view, turn=76),
            "right": Camera((0.0, -54.0, 15.0), **view, turn=-52),
        },
        "shell",
        light_from=(-45, -50, 70),
    )
