"""What people of drawn maps carry and wear beside clothes, and what stands before them: bags, hats, scarves, belts."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from bottega.datasets.photos.masks import PARTS as CODES
from bottega.datasets.photos.masks import LabelMap
from bottega.models.studio.bodies.figure import KEY_POINTS
from bottega.names import BoolArray, FloatArray

__all__ = ["with_things"]


def with_things(
    codes: LabelMap, joints: FloatArray, tall: float, rng: np.random.Generator
) -> tuple[LabelMap, BoolArray]:
    """A map [H, W] with things on it, and which of its pixels [H, W] lie behind what stands before the person.

    `joints` [16, 2] in pixels, `tall` the person's height in them.
    """
    thing, at = CODES.index("bag"), {name: joints[row] for row, name in enumerate(KEY_POINTS)}
    picture = Image.fromarray(codes)
    draw = ImageDraw.Draw(picture)

    def blob(middle: FloatArray, half: tuple[float, float], code: int, *, square: bool = False) -> None:
        angles = np.arange(4) * np.pi / 2 + np.pi / 4 if square else np.linspace(0, 2 * np.pi, 18, endpoint=False)
        lean = rng.normal(0, 0.25)
        ring = np.stack([np.cos(angles), np.sin(angles)], 1) * np.array(half) * tall * (1.41 if square else 1)
        ring = ring @ np.array([[np.cos(lean), -np.sin(lean)], [np.sin(lean), np.cos(lean)]]) + middle
        draw.polygon([tuple(point) for point in ring.tolist()], fill=code)

    side = "left" if rng.random() < 0.5 else "right"
    if rng.random() < 0.4:
        wide, high = rng.uniform(0.03, 0.13), rng.uniform(0.03, 0.13)
        if rng.random() < 0.5:
            blob(at[f"{side}_wrist"] + np.array([0, (0.04 + high * rng.uniform(0.3, 1)) * tall]), (wide, high), thing,
                 square=bool(rng.random() < 0.4))  # fmt: skip
        else:
            place = at[f"{side}_hip"] + rng.normal(0, 0.03, 2) * tall
            blob(place, (wide, high), thing, square=bool(rng.random() < 0.4))
            if rng.random() < 0.7:
                other = "left" if side == "right" or rng.random() < 0.5 else "right"
                line = [tuple(at[f"{other}_shoulder"].tolist()), tuple(place.tolist())]
                draw.line(line, fill=thing, width=max(1, round(tall * rng.uniform(0.008, 0.02))))
    up = at["head_top"] - at["upper_neck"]
    if rng.random() < 0.22:  # hair that falls before the shoulders
        for way in (1, -1) if rng.random() < 0.7 else (1,):
            aside = np.array([0.045 * way, 0]) * tall
            blob(
                at["upper_neck"] + aside - rng.uniform(-0.3, 0.7) * up,
                (rng.uniform(0.015, 0.04), rng.uniform(0.05, 0.12)),
                CODES.index("hair"),
            )
    if rng.random() < 0.12:
        blob(at["head_top"] - 0.1 * up, (rng.uniform(0.05, 0.1), rng.uniform(0.02, 0.05)), thing)
    if rng.random() < 0.1:
        blob((at["thorax"] + at["upper_neck"]) / 2, (rng.uniform(0.04, 0.08), rng.uniform(0.02, 0.06)), thing)
    if rng.random() < 0.1:
        middle = at["pelvis"] + (at["thorax"] - at["pelvis"]) * rng.uniform(0.15, 0.35)
        blob(middle, (0.09, 0.012), thing, square=True)
    if rng.random() < 0.12:
        blob(at["upper_neck"] + 0.5 * up, (0.035, 0.01), thing, square=True)
    worn = np.asarray(picture).copy()
    # A thing is on the person: it is drawn where the person is, or hangs from them.
    before = Image.fromarray(worn)
    draw = ImageDraw.Draw(before)
    stands = Image.new("L", before.size, 0)
    over = ImageDraw.Draw(stands)
    if rng.random() < 0.16:
        width, height = before.size
        if rng.random() < 0.5:
            x = float(rng.uniform(0, width))
            wide = float(rng.uniform(0.02, 0.12)) * tall
            box = [x - wide, float(rng.uniform(-0.2, 0.6)) * height, x + wide, float(height)]
        else:
            middle = joints[int(rng.integers(len(joints)))] + rng.normal(0, 0.05, 2) * tall
            half = rng.uniform(0.03, 0.12, 2) * tall
            box = [*(middle - half).tolist(), *(middle + half).tolist()]
        draw.rectangle(box, fill=0)
        over.rectangle(box, fill=1)
    return np.asarray(before).copy(), np.asarray(stands) > 0
