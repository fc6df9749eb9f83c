"""The seven things, modelled in code: their parts, what those are made of, and where the camera stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from meshes import Mesh, cells, cloth, grid, moved, noise, ring_grid, rotation, tube

__all__ = ["THINGS", "Camera", "Thing"]


@dataclass(frozen=True)
class Camera:
    """Where a picture is taken from; centimetres, degrees."""

    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    fov: float = 24.0
    up: tuple[float, float, float] = (0, 0, 1)
    turn: float = 0.0
    """How far the thing is turned about the vertical for this picture."""
    tip: float | None = None
    """How far it is tipped about x before that, and set down again."""
    light: tuple[float, float, float] | None = None
    """Where the light comes from in this picture, where that is not where it comes from in the others."""


@dataclass(frozen=True)
class Thing:
    """Parts by what they are made of; the slot's meshes have texture coordinates 0 to 1, v from the top."""

    slot: list[Mesh]
    parts: list[tuple[str, Mesh]]
    cameras: dict[str, Camera]
    surface: str
    """What the slot is made of."""
    light_from: tuple[float, float, float] = (-55, -45, 75)
    wall: float = 60.0
    """How far behind the thing the paper turns up."""
    grain: float = 0.0
    """Of cloth: how far single threads differ in brightness."""
    more: dict[str, float] = field(default_factory=dict)


def _circle(n: int) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    return np.stack([np.cos(angle), np.sin(angle)], 1)


def _rounded(width: float, height: float, corner: float, n: int) -> tuple[np.ndarray, np.ndarray]:
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


def _revolved(profile: np.ndarray, n: int = 240) -> Mesh:
    """A profile [P, 2] of radius and height turned about z."""
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    points = np.stack(
        [profile[:, :1] * np.cos(angle), profile[:, :1] * np.sin(angle), np.repeat(profile[:, 1:], n, 1)], 2
    )
    return grid(points, closed=(False, True))


def _arc(centre: tuple[float, float], radius: float, start: float, stop: float, n: int = 10) -> np.ndarray:
    angle = np.radians(np.linspace(start, stop, n))
    return np.stack([centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)], 1)


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
            _arc((radius - thick / 2, tall - thick / 2), thick / 2, 0, 180, 16),
            np.stack([np.full(30, radius - thick), np.linspace(tall - thick / 2, 1.6, 30)], 1),
            _arc((radius - thick - 1.0, 1.6), 1.0, 0, -90, 12),
            [[0.02, 0.6]],
        ]
    )
    foot = np.concatenate(
        [
            [[0.02, 0.25]],
            [[radius - 0.75, 0.25]],
            _arc((radius - 0.6, 0.12), 0.12, 180, 270, 6),
            _arc((radius - 0.42, 0.42), 0.42, -90, 0, 14),
            [[radius, low]],
        ]
    )
    t = np.linspace(0, np.pi, 90)
    path = np.stack([-(radius - 0.15) - 2.9 * np.sin(t) ** 0.8, np.zeros(90), 5.0 + 2.95 * np.cos(t)], 1)
    section = _circle(40) * [0.62, 0.36]
    section = np.sign(section) * np.abs(section / [0.62, 0.36]) ** 0.75 * [0.62, 0.36]
    taper = 1 + 0.35 * np.exp(-((np.minimum(np.arange(90), 89 - np.arange(90)) / 5.0) ** 2))
    handle = tube(path, section, up=np.array([0.0, 1.0, 0.0]), taper=taper)
    parts = [("glaze", part) for part in (rest, _revolved(lip), _revolved(foot), handle)]
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


def phone_cover() -> Thing:
    width, height, corner, edge, thick = 7.15, 14.67, 1.15, 0.42, 1.05
    outline, out = _rounded(width - 2 * edge, height - 2 * edge, corner - edge + 0.35, 60)
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
    island_o, island_out = _rounded(2.3, 3.0, 0.75, 40)
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
        ring = _revolved(np.concatenate([_arc((r - 0.07, 0.1), 0.07, 0, 180, 10), [[r - 0.14, -0.02]]]), 80)
        glass = _revolved(
            np.concatenate([[[0.01, 0.09]], _arc((0, -0.9), 1.0, 88, 90 - np.degrees(np.arcsin(r - 0.12)), 10)]), 80
        )
        at = (island_at[0] + dx, island_at[1] + dy, thick + 0.22)
        parts += [("metal", moved(ring, by=at)), ("lens", moved(glass, by=(at[0], at[1], at[2] - 0.02)))]
    flash = _revolved(np.array([[0.01, 0.03], [0.15, 0.03], [0.17, 0.0]]), 40)
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


def headphones() -> Thing:
    # One cup about z, its cap upwards; it is then turned to face left or right.
    a, b = 3.4, 3.9
    ring = _circle(160) * [a, b]
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
        fork = tube(path, _circle(24) * [0.42, 0.2], up=np.array([1.0, 0.0, 0.0]))
        fork = moved(moved(fork, rotation(z=0 if side > 0 else 180)), lean, by=(6.3 * side, 0, high))
        parts.append(("metal", fork))
    t = np.radians(np.linspace(-4, 184, 140))
    rise = 9.6 + 0.0 * t
    band_path = np.stack([7.15 * np.cos(t), 0 * t, rise + 9.3 * np.sin(t)], 1)
    section, _ = _rounded(2.9, 0.75, 0.36, 24)
    band_up = np.stack([np.cos(t) / 7.15, 0 * t, np.sin(t) / 9.3], 1)
    parts.append(("shell", tube(band_path, section, up=band_up)))
    soft = np.radians(np.linspace(28, 152, 100))
    soft_path = np.stack([6.6 * np.cos(soft), 0 * soft, 9.6 + 8.75 * np.sin(soft)], 1)
    soft_section, _ = _rounded(2.5, 0.9, 0.44, 24)
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


def _polygon_distance(corners: np.ndarray):
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


def _curve(points: list[tuple[float, float]], n: int = 24) -> np.ndarray:
    """A smooth curve through points (Catmull-Rom)."""
    p = np.array([points[0], *points, points[-1]], float)
    out = []
    for k in range(1, len(p) - 2):
        t = np.linspace(0, 1, n, endpoint=False)[:, None]
        a, b, c, d = p[k - 1], p[k], p[k + 1], p[k + 2]
        out.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate([*out, p[-2:-1]])


def _folds(
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


def _pillow(inside: np.ndarray, rise: float, reach: float) -> np.ndarray:
    t = np.clip(inside / reach, 0, 1)
    return rise * np.sqrt(np.maximum(1 - (1 - t) ** 2, 0))


def t_shirt() -> Thing:
    right = np.concatenate(
        [
            _curve([(8.4, 70.2), (14.0, 68.6), (22.0, 65.6), (24.5, 64.0)]),
            _curve([(25.2, 63.2), (33.5, 53.5), (41.5, 44.6)]),
            _curve([(41.2, 43.8), (36.0, 40.2), (31.2, 37.2)]),
            _curve([(30.6, 37.6), (28.2, 41.5), (26.2, 44.8)], 10),
            _curve([(25.6, 43.8), (25.0, 34.0), (25.2, 20.0), (26.0, 1.2)]),
            _curve([(25.2, 0.4), (14.0, -0.4), (0.0, -0.7)]),
        ]
    )
    neck = _curve([(-8.4, 70.2), (-7.4, 66.2), (-4.2, 62.9), (0.0, 61.9), (4.2, 62.9), (7.4, 66.2), (8.4, 70.2)])
    outline = np.concatenate([right, right[::-1] * [-1, 1], neck])
    back_neck = _curve([(-8.4, 70.2), (-6.0, 68.9), (0.0, 68.3), (6.0, 68.9), (8.4, 70.2)])
    back_outline = np.concatenate([right, right[::-1] * [-1, 1], back_neck])
    front, back = _polygon_distance(outline), _polygon_distance(back_outline)
    neck_line = neck

    def to_line(x: np.ndarray, y: np.ndarray, line: np.ndarray) -> np.ndarray:
        best = np.full(np.shape(x), np.inf)
        for (ax, ay), (bx, by) in pairwise(line):
            ex, ey = bx - ax, by - ay
            t = np.clip(((x - ax) * ex + (y - ay) * ey) / max(ex * ex + ey * ey, 1e-9), 0, 1)
            best = np.minimum(best, np.hypot(x - ax - t * ex, y - ay - t * ey))
        return best

    armhole = _curve([(24.6, 64.2), (21.6, 58.0), (21.9, 50.5), (25.8, 44.4)])
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
        z = 0.25 + _pillow(inside, 0.75, 2.2)
        soft = np.clip(inside / 3.0, 0, 1)
        z = z + (0.35 + 0.65 * soft) * _folds(x, y, folds, 3)
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
            0.06 + _pillow(inside, 0.22, 1.5) + 0.1 * np.clip((2.2 - to_line(x, y, back_neck)) / 0.25, 0, 1)
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


def tote() -> Thing:
    outline = np.concatenate(
        [
            _curve([(-18.6, 40.0), (0.0, 39.6), (18.6, 40.0)]),
            _curve([(18.8, 39.2), (18.4, 20.0), (19.0, 1.4)]),
            _curve([(18.0, 0.4), (0.0, 0.0), (-18.0, 0.4)]),
            _curve([(-19.0, 1.4), (-18.4, 20.0), (-18.8, 39.2)]),
        ]
    )
    distance = _polygon_distance(outline)
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
        z = _pillow(inside, 1.1, 3.0) + 1.1 * np.clip(inside / 14, 0, 1) ** 1.2 * np.clip(1.25 - y / 48, 0.3, 1)
        soft = np.clip(inside / 2.5, 0, 1)
        z = (
            z
            + (0.3 + 0.7 * soft) * _folds(x, y, folds, 21)
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
    rear = cloth(distance, xs[::2], ys[::2], lambda x, y, inside: -_pillow(inside, 0.9, 3.0))
    parts = [("canvas", body.part(~printed)), ("canvas", rear)]
    section, _ = _rounded(2.6, 0.22, 0.1, 16)
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
        _revolved(
            np.concatenate(
                [
                    [[0.01, 3.4]],
                    _arc((0.75, 3.15), 0.25, 90, 0, 6),
                    [[1.0, 2.6]],
                    _arc((0.8, 2.4), 0.2, 0, -90, 5),
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


def poster() -> Thing:
    wide, tall = 30.0, 40.0
    x, y = np.meshgrid(np.linspace(-wide / 2, wide / 2, 121), np.linspace(tall, 0, 161))
    z = 0.42 + 0.05 * np.sin(x / wide * np.pi * 1.3 + 0.4) + 0.03 * noise(x / 30, y / 30, 5, octaves=1)
    sheet = grid(np.stack([x, y, z], 2), np.stack([x / wide + 0.5, 1 - y / tall], 2))
    sheet = Mesh(
        sheet.points, -sheet.normals if sheet.normals[:, 2].mean() < 0 else sheet.normals, sheet.uv, sheet.faces
    )
    parts: list[tuple[str, Mesh]] = []
    bar, _ = _rounded(1.5, 1.9, 0.14, 12)
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
    angle = np.arctan2(v, u)
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
    z += 0.0 * angle
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
    piping = tube(path, _circle(16) * 0.34, up=np.array([0.0, 0.0, 1.0]), closed=True)
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


THINGS = {
    "phone_cover": phone_cover, "headphones": headphones, "mug": mug, "t_shirt": t_shirt, "tote": tote,
    "poster": poster, "cushion": cushion,
}  # fmt: skip
