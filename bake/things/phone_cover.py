"""A phone cover, modelled in code."""

from __future__ import annotations

import numpy as np
from meshes import grid, moved, ring_grid

from things.shapes import arc, revolved, rounded
from things.thing import Camera, Thing

__all__ = ["phone_cover"]


def phone_cover() -> Thing:
    width, height, corner, edge, thick = 7.15, 14.67, 1.15, 0.42, 1.05
    outline, out = rounded(width - 2 * edge, height - 2 * edge, corner - edge + 0.35, 60)
    round_ = np.linspace(0, np.pi / 2, 12)[1:]
    arcs = edge * round_
    scales = np.concatenate([np.linspace(0.001, 1, 60), 1 + edge * np.sin(round_), [1 + edge]])
    heights = np.concatenate([np.full(60, thick), thick - edge + edge * np.cos(round_), [thick - edge - 0.5 * 0.5]])
    points = ring_grid(outline, scales, heights, out)
    lengths = np.concatenate([np.zeros(60), arcs, [arcs[-1] + 0.25]])
    flat = np.minimum(scales, 1)[:, None, None] * outline + lengths[:, None, None] * out
    wide, tall = 6.31 + 2 * arcs[-1], 13.83 + 2 * arcs[-1]
    uv = np.stack([0.5 + flat[..., 0] / wide, 0.5 - flat[..., 1] / tall], 2)
    shell = grid(points, uv, closed=(False, True))
    printed = np.arange(len(shell.faces)) // (2 * len(outline)) < len(scales) - 2
    under = ring_grid(
        outline,
        np.array([1 + edge, 1 + edge, 1 + edge * 0.4, 0.001]),
        np.array([thick - edge - 0.25, 0.3, 0.02, 0.02]),
        out,
    )
    island_at = (1.75, 5.05)
    island_o, island_out = rounded(2.3, 3.0, 0.75, 40)
    bump = np.linspace(0, np.pi / 2, 8)[1:]
    island = grid(
        ring_grid(
            island_o,
            np.concatenate([np.linspace(0.001, 1, 8), 1 + 0.14 * np.sin(bump), [1.16]]),
            np.concatenate([np.full(8, 0.24), 0.1 + 0.14 * np.cos(bump), [-0.05]]),
            island_out,
        ),
        closed=(False, True),
    )
    parts = [
        ("shell", shell.part(~printed)),
        ("shell", grid(under, closed=(False, True))),
        ("dark", moved(island, by=(*island_at, thick))),
    ]
    for dx, dy, r in ((-0.42, 0.72, 0.5), (-0.42, -0.62, 0.5), (0.62, 0.05, 0.42)):
        ring = revolved(np.concatenate([arc((r - 0.07, 0.1), 0.07, 0, 180, 10), [[r - 0.14, -0.02]]]), 80)
        glass = revolved(
            np.concatenate([[[0.01, 0.09]], arc((0, -0.9), 1.0, 88, 90 - np.degrees(np.arcsin(r - 0.12)), 10)]), 80
        )
        at = (island_at[0] + dx, island_at[1] + dy, thick + 0.22)
        parts += [("metal", moved(ring, by=at)), ("lens", moved(glass, by=(at[0], at[1], at[2] - 0.02)))]
    flash = revolved(np.array([[0.01, 0.03], [0.15, 0.03], [0.17, 0.0]]), 40)
    parts.append(("paper", moved(flash, by=(island_at[0] + 0.62, island_at[1] + 0.95, thick + 0.23))))
    camera_low = (0.0, 0.0, 0.5)
    return Thing(
        [shell.part(printed)],
        parts,
        {
            "flat": Camera((0.0, -4.0, 52), camera_low, 20.5, (0, 1, 0), turn=-8),
            "left": Camera((-17.0, -33.0, 27.0), (0.2, 0.3, 0.2), 17.5, turn=-24),
            "standing": Camera((14.0, -50.0, 12.0), (0, 0, 7.3), 20.5, turn=16, tip=82, light=(-42, -58, 55)),
        },
        "shell",
        light_from=(-50, 25, 62),
        wall=70,
    )
