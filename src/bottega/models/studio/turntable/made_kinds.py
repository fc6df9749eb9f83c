"""Made-up things by kind: what a shop might sell, put together from solids with every measure drawn.

Idea     A network that is to tell shape from one photo must have seen many shapes, of which no photos need to be asked
         for. Each kind is a recipe; four kinds are never learnt from and judge.
Shapes   As made_solids.py.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.ndimage import gaussian_filter1d

from bottega.models.studio.turntable.made_solids import (
    RING,
    MadeSolid,
    Reals,
    SolidPart,
    bar,
    block,
    carried,
    joined,
    outline,
    ring,
    rounded,
    turned_profile,
)

__all__ = ["HELD_OUT", "KINDS", "LEARNT", "ROUND", "made_thing"]

Rng = np.random.Generator


def _profile(rng: Rng, count: int = 26) -> tuple[Reals, Reals]:
    """Heights and radii of something round: a bottle, a bowl, a fruit, a vase."""
    height = float(rng.uniform(0.5, 2.6))
    at = np.linspace(0, 1, count)
    if rng.random() < 0.45:  # fruit: an egg with hollows at its ends
        fat = rng.uniform(-0.45, 0.25)
        radius = np.sin(np.pi * at) ** rng.uniform(0.45, 0.8) * (1 + fat * (at - 0.5) * 2)
        z = (
            at * rng.uniform(1.5, 2.3)
            + rng.uniform(0, 0.25) * np.exp(-at * 9)
            - rng.uniform(0, 0.3) * np.exp((at - 1) * 9)
        )
        return z, np.maximum(radius, 0.02)
    steps = np.interp(at, np.linspace(0, 1, 6), rng.uniform(0.25, 1, 6))
    radius = gaussian_filter1d(steps, rng.uniform(0.3, 3), mode="nearest")
    if rng.random() < 0.4:  # a neck
        neck = rng.uniform(0.55, 0.85)
        radius = radius * (1 - (1 - rng.uniform(0.25, 0.5)) / (1 + np.exp(-(at - neck) * rng.uniform(15, 60))))
    edge = np.clip(np.minimum(at, 1 - at) * rng.uniform(8, 60) + 0.5, 0, 1)
    return at * height * 1.2, radius * edge * 0.6


def lathe(rng: Rng) -> list[SolidPart]:
    heights, radii = _profile(rng)
    shape = outline(2.0) if rng.random() < 0.75 else outline(rng.uniform(2, 6))
    lobes = rng.integers(3, 8)
    if rng.random() < 0.3:  # a pumpkin's ribs, a tomato's
        ripple = 1 + rng.uniform(0.01, 0.08) * np.cos(lobes * np.linspace(0, 2 * np.pi, RING, endpoint=False))
        shape = shape * ripple[:, None].astype(np.float32)
    parts = [turned_profile(heights, radii, shape)]
    top = float(heights.max())
    if rng.random() < 0.35:  # a lid or a stem
        lid, width = rng.uniform(0.05, 0.3), radii[-1] * rng.uniform(0.6, 1.1) + 0.05
        parts.append(turned_profile(np.array([top - 0.1, top + lid]), np.array([width, width]), coat=1))
    elif rng.random() < 0.4:
        lean = rng.uniform(-0.2, 0.2, 2)
        stem = [[0, 0, top - 0.2], [lean[0] / 3, lean[1] / 3, top + 0.1], [*lean, top + rng.uniform(0.15, 0.4)]]
        parts.append(bar(np.array(stem), rng.uniform(0.02, 0.06), coat=1))
    return parts


def fruit(rng: Rng) -> list[SolidPart]:
    """A fruit with its stem or its crown of leaves: round about an axis that leans, and nothing quite round."""
    at = np.linspace(0, 1, 26)
    tall = rng.uniform(1.3, 2.1)
    radius = np.sin(np.pi * at) ** rng.uniform(0.45, 0.75)
    if rng.random() < 0.4:  # a pear's neck
        radius = radius * (
            1 - rng.uniform(0.3, 0.6) / (1 + np.exp(-(at - rng.uniform(0.5, 0.65)) * rng.uniform(9, 20)))
        )
        tall *= rng.uniform(1, 1.4)
    hollow = rng.uniform(0.05, 0.3) * np.exp((at - 1) * 9) - rng.uniform(0, 0.2) * np.exp(-at * 9)
    heights = at * tall - hollow
    ripple = 1 + rng.uniform(0, 0.05) * np.cos(
        rng.integers(2, 7) * np.linspace(0, 2 * np.pi, RING, endpoint=False) + rng.uniform(0, 6)
    )
    body = turned_profile(heights, np.maximum(radius, 0.02), outline(2.0) * ripple[:, None].astype(np.float32))
    top, lean = float(heights[-1]), rng.uniform(-0.3, 0.3, 2)
    parts = [body]
    if rng.random() < 0.8:
        stem = [[0, 0, top - 0.1], [*lean / 4, top + 0.15], [*lean, top + rng.uniform(0.2, 0.6)]]
        parts.append(bar(np.array(stem), rng.uniform(0.02, 0.06), coat=1))
    if rng.random() < 0.3:
        reach = rng.uniform(0.2, 0.6)
        for angle in np.linspace(0, 2 * np.pi, rng.integers(4, 7), endpoint=False):
            side = np.array([np.cos(angle), np.sin(angle)]) * reach
            leaf = [[0, 0, top + 0.02], [*side * 0.6, top + 0.1], [*side, top + rng.uniform(-0.05, 0.2)]]
            parts.append(bar(np.array(leaf), rng.uniform(0.03, 0.07), coat=1, flat=0.4))
    leaning = np.eye(3, dtype=np.float32)
    leaning[:2, 2] = rng.normal(0, 0.12, 2)
    return [SolidPart(one.vertices @ leaning.T, one.faces, one.coat) for one in parts]


def _wall(rng: Rng, wide: float, tall: float) -> list[SolidPart]:
    """A vessel with an opening one can look into."""
    at = np.linspace(0, 1, 12)
    taper, belly = rng.uniform(0.7, 1.15), rng.uniform(-0.1, 0.25)
    radius = wide * (taper + (1 - taper) * at + belly * np.sin(np.pi * at))
    inner = radius[::-1] * 0.92
    heights = np.concatenate([at * tall, tall - at * (tall - 0.08)])
    return [turned_profile(heights, np.concatenate([radius, inner]))]


def cup(rng: Rng) -> list[SolidPart]:
    wide, tall = rng.uniform(0.35, 0.6), rng.uniform(0.6, 1.3)
    parts = _wall(rng, wide, tall)
    if rng.random() < 0.85:
        high, out = tall * rng.uniform(0.22, 0.42), rng.uniform(0.18, 0.4)
        handle = ring(out, high, rng.uniform(0.04, 0.09), flat=rng.uniform(0.8, 1.8), exponent=rng.uniform(1.6, 3.5))
        parts.append(handle.moved(wide + out * 0.55, 0, tall * rng.uniform(0.45, 0.6)).wearing(int(rng.random() < 0.2)))
    return parts


def jug(rng: Rng) -> list[SolidPart]:
    parts = cup(rng)
    wide, tall = rng.uniform(0.5, 0.65), rng.uniform(0.7, 1.1)
    belly = rounded(wide, wide, tall / 2, rng.uniform(2, 2.6)).moved(0, 0, tall / 2)
    spout = bar(
        np.array([[-wide * 0.6, 0, tall * 0.35], [-wide * 1.3, 0, tall * 0.7], [-wide * 1.55, 0, tall]]),
        np.array([0.16, 0.1, 0.06]),
    )
    handle = ring(0.35, tall * 0.35, 0.06, coat=1).moved(wide * 1.1, 0, tall * 0.5)
    lid = rounded(wide * 0.5, wide * 0.5, 0.1, coat=1).moved(0, 0, tall)
    return [belly, spout, handle, lid] if rng.random() < 0.6 else [*parts, spout.moved(0.15, 0, 0)]


def extrusion(rng: Rng) -> list[SolidPart]:
    """An outline with a thickness: letters, tools, toys, cushions, stars."""
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    radius = np.ones(64)
    for wave in range(1, 6):
        radius += rng.uniform(-0.35, 0.35) / wave * np.cos(wave * angle + rng.uniform(0, 6))
    shape = np.stack([radius * np.cos(angle), radius * np.sin(angle) * rng.uniform(0.4, 1.3)], 1).astype(np.float32)
    thick = rng.uniform(0.08, 0.5)
    depth = np.linspace(-1, 1, 14)
    soft = rng.uniform(2, 12)
    size = (1 - np.abs(depth * 0.98) ** soft) ** (1 / soft)
    path = np.stack([np.zeros(14), depth * thick, np.zeros(14)], 1)
    return [carried(path, size, size, shape, side=np.array([1, 0, 0]))]


def box(rng: Rng) -> list[SolidPart]:
    x, y, z = rng.uniform(0.15, 1, 3)
    soft = rng.uniform(0.02, 0.6)
    parts = [block(x, y, z, soft)]
    for _ in range(rng.integers(0, 4)):  # buttons, lids, drawers on its front
        w, h = rng.uniform(0.05, 0.5) * x, rng.uniform(0.05, 0.4) * z
        at = rng.uniform(-0.5, 0.5, 2) * (x, z)
        parts.append(block(w, 0.06, h, 0.2, coat=int(rng.integers(1, 3))).moved(at[0], -y, at[1]))
    if rng.random() < 0.2:
        parts.append(block(x * 0.98, y * 0.98, z * 0.3, soft, coat=1).moved(0, 0, z * 1.2))
    return parts


def blob(rng: Rng) -> list[SolidPart]:
    """Balls and eggs grown together."""
    parts = []
    for _ in range(rng.integers(1, 7)):
        (x, y, z), at = rng.uniform(0.2, 0.7, 3).tolist(), rng.uniform(-0.5, 0.5, 3).tolist()
        parts.append(rounded(x, y, z, rng.uniform(1.6, 4), coat=int(rng.integers(0, 3))).moved(*at))
    return parts


def bag(rng: Rng) -> list[SolidPart]:
    wide, deep, tall = rng.uniform(0.5, 1), rng.uniform(0.12, 0.4), rng.uniform(0.4, 0.9)
    at = np.linspace(0, 1, 14)
    taper, pinch = rng.uniform(0.7, 1.15), rng.uniform(0.1, 1)
    edge = np.clip(np.minimum(at, 1 - at) * 14 + 0.6, 0, 1)
    across = wide * (1 + (taper - 1) * at) * edge
    thick = deep * (1 + (pinch - 1) * at**1.5) * edge
    path = np.stack([np.zeros(14)] * 2 + [at * tall * 2 - tall], 1)
    parts = [carried(path, across, thick, outline(rng.uniform(3, 9)))]
    reach = rng.uniform(0.15, 0.9)
    for side in (-1, 1) if rng.random() < 0.6 else (0,):
        hoop = ring(wide * rng.uniform(0.3, 0.8), reach, rng.uniform(0.025, 0.07), coat=1, exponent=rng.uniform(2, 4))
        parts.append(hoop.moved(0, side * deep * pinch * 0.7, tall))
    if rng.random() < 0.5:
        parts.append(block(wide * 0.6, 0.05, tall * rng.uniform(0.15, 0.5), 0.3, coat=2).moved(0, -deep, -tall * 0.3))
    return parts


def backpack(rng: Rng) -> list[SolidPart]:
    wide, deep, tall = rng.uniform(0.45, 0.6), rng.uniform(0.2, 0.35), rng.uniform(0.65, 0.9)
    parts = [rounded(wide, deep, tall, rng.uniform(3, 5))]
    parts.append(rounded(wide * 0.75, deep * 0.5, tall * 0.4, 4, coat=1).moved(0, -deep * 0.9, -tall * 0.4))
    parts.append(ring(0.14, 0.12, 0.03, coat=2).moved(0, 0, tall))
    for side in (-1, 1):
        rod = [[side * 0.25, deep, tall * 0.8], [side * 0.4, deep * 2.2, 0.1], [side * 0.4, deep, -tall * 0.8]]
        parts.append(bar(np.array(rod), 0.06, coat=2))
    return parts


def shoe(rng: Rng) -> list[SolidPart]:
    """A low shoe: a last over a sole."""
    at = np.linspace(0, 1, 22)
    heel, toe = rng.uniform(0.5, 0.75), rng.uniform(0.2, 0.3)
    high = np.interp(at, [0, 0.25, 0.45, 0.75, 1], [heel, heel * 1.02, heel * 0.8, toe * 1.3, toe * 0.6])
    wide = np.interp(at, [0, 0.2, 0.5, 0.75, 1], [0.22, 0.28, 0.3, 0.38, 0.15])
    high, wide = gaussian_filter1d(high, 1.2), gaussian_filter1d(wide, 1.2)
    edge = np.clip(np.minimum(at, 1 - at) * 12 + 0.35, 0, 1)
    path = np.stack([at * 2 - 1, np.zeros(22), high / 2], 1)
    upper = carried(path, wide * edge, high * edge / 2 + 0.02, outline(2.4), side=np.array([0, 1, 0]))
    sole_path = path * np.array([1.03, 1, 0])
    thick = np.full(22, rng.uniform(0.04, 0.12))
    sole = carried(sole_path, wide * edge * 1.06, thick, outline(5.0), side=np.array([0, 1, 0]), coat=1)
    return [upper, sole, rounded(0.35, 0.16, 0.12, coat=2).moved(-0.55, 0, heel * 0.98)]


def car(rng: Rng) -> list[SolidPart]:
    long, wide, high = 1.0, rng.uniform(0.36, 0.48), rng.uniform(0.14, 0.24)
    soft = rng.uniform(0.3, 0.95)
    at = np.linspace(-1, 1, 22)
    nose, tail = rng.uniform(0.5, 1, 2)
    slope = np.interp(at, [-1, -0.5, 0.4, 1], [tail, 1, 1, nose])
    edge = np.clip((1 - np.abs(at)) * 12 + 0.55, 0, 1)
    path = np.stack([at * long, np.zeros(22), high * slope], 1)
    body = carried(path, wide * (0.85 + 0.15 * edge), high * slope * edge, outline(4.5), side=np.array([0, 1, 0]))
    back, front = rng.uniform(-0.95, -0.5), rng.uniform(0.05, 0.55)
    roof = rng.uniform(0.15, 0.42)
    share = np.linspace(0, 1, 12)
    lean = rng.uniform(0.1, 0.35)
    low, top = high * 1.5, high * 1.9 + roof
    cabin_path = np.stack(
        [(back + front) / 2 - share * rng.uniform(-0.05, 0.1), np.zeros(12), low + share * (top - low)], 1
    )
    half = (front - back) / 2
    parts = [body]
    if rng.random() < 0.85:
        glass = carried(cabin_path, half * (1 - lean * share), wide * (0.92 - 0.18 * share), outline(5.0), coat=1)
        parts.append(glass)
        parts.append(
            block(half * (1 - lean) * 0.98, wide * 0.74, 0.035, soft).moved(float(cabin_path[-1, 0]), 0, float(top))
        )
        for x in (back + 0.04, (back + front) / 2, front - 0.06):  # pillars
            shift = (front + back) / 2 - x
            for side in (-1, 1):
                rod = [[x, side * wide * 0.9, low], [x + shift * lean, side * wide * 0.75, top]]
                parts.append(bar(np.array(rod), 0.03, rings=4))
    wheel = rng.uniform(0.14, 0.22)
    axle = rng.uniform(0.5, 0.68)
    for x in (-axle, axle):
        for side in (-1, 1):
            hub = np.array([[x, side * wide * 0.74, wheel * 0.55], [x, side * wide * 1.03, wheel * 0.55]])
            flat = np.full(2, wheel)
            parts.append(carried(hub, flat, flat, coat=2))
            rim = np.array([[x, side * wide * 0.9, wheel * 0.55], [x, side * wide * 1.05, wheel * 0.55]])
            parts.append(carried(rim, flat * 0.6, flat * 0.6, coat=3))
    for side in (-1, 1):
        for x in (-0.97, 0.95):
            parts.append(rounded(0.06, 0.09, 0.05, coat=3).moved(x * long, side * wide * 0.62, high * 1.1))
    return parts


def animal(rng: Rng) -> list[SolidPart]:
    long, fat = rng.uniform(0.42, 0.75), rng.uniform(0.16, 0.3)
    leg = rng.uniform(0.35, 0.85)
    thin = rng.uniform(0.045, 0.09)
    wide = fat * rng.uniform(0.65, 1)
    at = np.linspace(0, 1, 16)
    swell = np.sin(np.pi * np.clip(at * 0.9 + 0.05, 0, 1)) ** 0.4
    sag = rng.uniform(-0.06, 0.06) * np.sin(np.pi * at)
    chest = 1 + rng.uniform(-0.1, 0.25) * (at - 0.5)
    path = np.stack([at * 2 * long - long, np.zeros(16), leg + fat * 0.8 + sag], 1)
    parts = [carried(path, wide * swell * chest, fat * swell * chest, side=np.array([0, 1, 0]))]
    for x in (-long * 0.8, long * 0.75):
        for side in (-1, 1):
            stride = rng.uniform(-0.12, 0.12)
            knee = rng.uniform(-0.05, 0.05)
            rod = [
                [x, side * wide * 0.6, leg + fat * 0.7],
                [x + knee, side * wide * 0.65, leg * 0.5],
                [x + stride, side * wide * 0.65, 0.03],
            ]
            thick = np.array([fat * rng.uniform(0.35, 0.6), thin * 1.15, thin])
            parts.append(bar(np.array(rod), thick, coat=0))
            parts.append(
                rounded(thin * 1.4, thin * 1.1, thin * 0.8, coat=1).moved(x + stride + 0.03, side * wide * 0.65, 0.04)
            )
    neck, up = rng.uniform(0.1, 0.45), rng.uniform(0.05, 0.75)
    aside = rng.uniform(-0.15, 0.15)
    base = np.array([long * 0.8, 0, leg + fat])
    head = base + np.array([neck, aside, up])
    parts.append(
        bar(np.stack([base - [0.1, 0, 0.1], head]), np.array([fat * 0.75, fat * rng.uniform(0.35, 0.55)]), flat=0.8)
    )
    skull = fat * rng.uniform(0.45, 0.75)
    parts.append(rounded(skull * 1.15, skull * 0.85, skull).moved(*head.tolist()))
    snout = rng.uniform(0.1, 0.4)
    tip = head + np.array([snout + skull * 0.6, aside, -snout * rng.uniform(0.1, 0.8)])
    parts.append(bar(np.stack([head, tip]), np.array([skull * 0.75, skull * 0.45]), coat=int(rng.random() < 0.3)))
    for side in (-1, 1):
        ear = head + np.array([-skull * 0.4, side * skull * 0.7, skull * 0.8])
        parts.append(rounded(0.04, 0.05, rng.uniform(0.05, 0.16), coat=int(rng.random() < 0.3)).moved(*ear.tolist()))
    if rng.random() < 0.85:
        root = np.array([-long, 0, leg + fat * 1.2])
        drop, back = rng.uniform(-0.5, 0.35), rng.uniform(0.08, 0.4)
        rod = root + np.array([[0, 0, 0], [-back * 0.7, 0, drop * 0.3], [-back, 0, drop]])
        parts.append(bar(rod, rng.uniform(0.02, 0.08), coat=int(rng.random() < 0.5)))
    return parts


def chair(rng: Rng) -> list[SolidPart]:
    wide, deep, seat = rng.uniform(0.35, 0.9), rng.uniform(0.35, 0.5), rng.uniform(0.35, 0.5)
    thick, leg = rng.uniform(0.04, 0.15), rng.uniform(0.025, 0.06)
    back = rng.uniform(0.3, 0.7)
    parts = [block(wide, deep, thick, 0.4).moved(0, 0, seat)]
    parts.append(block(wide, thick * 0.8, back / 2 + thick, 0.4).moved(0, deep - thick, seat + back / 2))
    for x in (-1, 1):
        for y in (-1, 1):
            rod = [[x * wide * 0.85, y * deep * 0.85, seat], [x * wide * 0.95, y * deep * 0.95, 0]]
            parts.append(bar(np.array(rod), leg, coat=1, rings=4))
        if rng.random() < 0.5:
            parts.append(block(thick, deep, thick, 0.5, coat=1).moved(x * wide, 0, seat + back * 0.5))
    return parts


def stand(rng: Rng) -> list[SolidPart]:
    """A table, a lamp, a shelf: plates on legs."""
    wide, deep, tall = rng.uniform(0.3, 1, 3)
    thick, leg = rng.uniform(0.03, 0.1), rng.uniform(0.02, 0.08)
    levels = rng.integers(1, 4)
    shape = outline(rng.choice([2.0, 14.0]))
    parts: list[SolidPart] = []
    for level in np.linspace(1, 0.15, levels) * tall:
        flat = np.ones(2)
        path = np.array([[0, 0, level - thick], [0, 0, level + thick]])
        parts.append(carried(path, flat * wide, flat * deep, shape))
    if rng.random() < 0.35:
        parts.append(bar(np.array([[0, 0, tall], [0, 0, 0]]), leg * 2, coat=1, rings=4))
        return [*parts, turned_profile(np.array([0, thick]), np.array([0.3, 0.3]), coat=1)]
    for x in (-0.65, 0.65):
        for y in (-0.65, 0.65):
            rod = np.array([[x * wide, y * deep, tall], [x * wide, y * deep, 0]])
            parts.append(bar(rod, leg, coat=1, rings=4))
    return parts


def garment(rng: Rng) -> list[SolidPart]:
    """A shirt, a dress or trousers as somebody's body fills them, without the somebody."""
    at = np.linspace(0, 1, 20)
    chest, deep = rng.uniform(0.3, 0.42), rng.uniform(0.14, 0.26)
    tall = rng.uniform(0.9, 1.6)
    waist, hem = rng.uniform(0.8, 1.05), rng.uniform(0.9, 1.5)
    across = chest * np.interp(at, [0, 0.45, 0.85, 1], [hem, waist, 1.05, 0.35])
    across = gaussian_filter1d(across, 0.8, mode="nearest")
    path = np.stack([np.zeros(20), 0.03 * np.sin(at * 5), at * tall], 1)
    parts: list[SolidPart] = []
    if rng.random() < 0.25:  # trousers
        spread = rng.uniform(0.02, 0.15)
        for side in (-1, 1):
            leg = np.array([[side * chest * 0.5, 0, 0], [side * (chest * 0.5 + spread), 0, -tall * 1.1]])
            parts.append(bar(leg, np.array([chest * 0.55, chest * rng.uniform(0.3, 0.6)]), flat=0.9))
        return [*parts, rounded(chest, deep, 0.25, 3).moved(0, 0, 0.05)]
    parts.append(carried(path, across, deep * across / across.max(), outline(2.5)))
    if rng.random() < 0.8:
        out, drop = rng.uniform(0.1, 0.7), rng.uniform(0.25, 0.95)
        for side in (-1, 1):
            forward = rng.uniform(-0.2, 0.1)
            sleeve = np.array(
                [[side * chest * 0.75, 0, tall * 0.9], [side * (chest + out * drop), forward, tall * 0.9 - drop]]
            )
            parts.append(bar(sleeve, np.array([0.13, rng.uniform(0.07, 0.15)]), coat=int(rng.random() < 0.25)))
    return parts


LEARNT: dict[str, Callable[[Rng], list[SolidPart]]] = {
    "lathe": lathe, "cup": cup, "extrusion": extrusion, "box": box, "blob": blob, "bag": bag, "car": car,
    "animal": animal, "stand": stand, "garment": garment,
}  # fmt: skip
HELD_OUT: dict[str, Callable[[Rng], list[SolidPart]]] = {"shoe": shoe, "chair": chair, "jug": jug, "backpack": backpack}
ROUND: dict[str, Callable[[Rng], list[SolidPart]]] = {"fruit": fruit}
"""Smooth and round: no network learns from them; what stays as it is in a turn (`staying.py`) is found with them."""
KINDS = {**LEARNT, **HELD_OUT, **ROUND}
_OFTEN = {"lathe": 2.0, "animal": 2.0, "car": 1.3, "cup": 1.2, "garment": 1.5}
"""Kinds that are harder or that shops have more of come more often."""


def made_thing(rng: Rng, kinds: tuple[str, ...] = tuple(LEARNT)) -> tuple[str, MadeSolid]:
    """A thing of one of the kinds: its name and its mesh, its front towards any side."""
    share = np.array([_OFTEN.get(kind, 1.0) for kind in kinds])
    kind = kinds[int(rng.choice(len(kinds), p=share / share.sum()))]
    parts = KINDS[kind](rng)
    upright = kind in ("garment", "bag", "box", "extrusion", "backpack")
    turn = (
        rng.normal(0, 25) + (0 if rng.random() < 0.9 else 180)
        if upright and rng.random() < 0.75
        else rng.uniform(0, 360)
    )
    if not upright and rng.random() < 0.4:
        turn = rng.choice([0, 90, 180, 270]) + rng.normal(0, 6)  # as things are put down to be photographed
    if rng.random() < 0.5:  # nothing is quite straight
        parts = [_wobbled(part, rng.uniform(0, 0.03), rng.uniform(1, 4, 3), rng.uniform(0, 6, 3)) for part in parts]
    return kind, joined(parts, float(turn))


def _wobbled(part: SolidPart, much: float, waves: Reals, begin: Reals) -> SolidPart:
    shift = np.sin(part.vertices[:, [1, 2, 0]] * waves + begin) * much
    return SolidPart((part.vertices + shift).astype(np.float32), part.faces, part.coat)
