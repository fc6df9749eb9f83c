"""Turns, judged: drawn views beside true ones, beside the photo as it is and a plane turned by the same angle.

Idea     What a view is worth is what it adds to two pictures that cost nothing. Three things are told of each: how near
         its colours are where both it and the truth show the thing (PSNR), how well its outline fits (IoU), and whether
         the angle up to which it said that it may be trusted was right.
Shapes   P pixels a side; pictures 0..1, masks boolean.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import map_coordinates

from bottega.models.blocks.cards import bars
from bottega.models.studio.turntable.calibration import CHECKED, turn_of_lesson
from bottega.models.studio.turntable.lessons import made_lessons
from bottega.models.studio.turntable.made_kinds import HELD_OUT
from bottega.models.studio.turntable.product_turn import ProductTurn
from bottega.models.studio.turntable.trusted import view_error
from bottega.models.studio.turntable.turning import bled
from bottega.models.studio.turntable.turntable import Turntable
from bottega.names import BoolArray, FloatArray

__all__ = ["WAYS", "TrueView", "TurnJudged", "centred", "judged_things", "judged_turn", "turn_bars", "turn_measures"]

WAYS = ("turned", "no_change", "plane")
RENDERED = (10.0, 20.0, 30.0, 5.0, 15.0, 25.0, 35.0, 40.0, 45.0, 50.0, 55.0, 60.0)
"""Angles of made-up things: those that are measured, then those that trust is asked for besides."""
STRICT = 0.10
"""An error that is told besides: the most that was allowed once."""


@dataclass(frozen=True, slots=True, eq=False)
class TrueView:
    """A thing as it is from an angle, in the frame of its first view."""

    around: float
    picture: FloatArray
    """[P, P, 3]"""
    alpha: FloatArray
    """[P, P]"""


@dataclass(frozen=True, slots=True)
class TurnJudged:
    """One view: of each of `WAYS` the PSNR inside both masks, that on the pixels of all, and the IoU of outlines."""

    kind: str
    around: float
    psnr: tuple[float, float, float]
    psnr_shared: tuple[float, float, float]
    """On the pixels that the photo and the true view both show: the same for every way."""
    iou: tuple[float, float, float]
    error: float
    """Of the turned view, as `view_error` counts it."""
    most: float
    """The largest error that may be shown of it."""
    trusted: bool
    """Whether the angle lies within what was said to be trusted."""


def judged_things(turntable: Turntable, count: int, seed: int = 20_261) -> list[TurnJudged]:
    """Made-up things of kinds that were never learnt from, at each of `RENDERED`.

    Those of kinds that the margin of trust was found with (`CHECKED`) are only asked for the first three.
    """
    found = []
    lessons = made_lessons(count, np.random.default_rng(seed), kinds=tuple(HELD_OUT), angles=RENDERED)
    for row in range(count):
        views = [
            TrueView(
                float(lessons.around[row, column]),
                lessons.pictures[row, column].astype(np.float32) / 255,
                lessons.alphas[row, column].astype(np.float32) / 255,
            )
            for column in range(1, 1 + (3 if lessons.kinds[row] in CHECKED else len(RENDERED)))
        ]
        found += judged_turn(turn_of_lesson(turntable, lessons, row), views, str(lessons.kinds[row]))
    return found


def judged_turn(turn: ProductTurn, views: Iterable[TrueView], kind: str, *, recentre: bool = False) -> list[TurnJudged]:
    """Every view of a thing. `recentre`: true views have the thing in their middle, so drawn ones are put there too."""
    found = []
    views = list(views)
    px = len(views[0].alpha)
    source, alpha = turn.photo.at(px)
    inside = alpha > 0.5
    trusted_to = turn.trusted_to
    for view in views:
        drawn = turn.draw(view.around, px)
        picture, cover = (centred(drawn.picture, drawn.alpha)) if recentre else (drawn.picture, drawn.alpha)
        plane, flat = _plane(source, alpha, view.around)
        shown = [cover > 0.5, inside, flat > 0.5]
        true = view.alpha > 0.5
        shared = inside & true
        pictures = [bled(picture, cover > 0.5), source, plane]
        found.append(
            TurnJudged(
                kind,
                view.around,
                _three([_psnr(one, view.picture, mask & true) for one, mask in zip(pictures, shown, strict=True)]),
                _three([_psnr(one, view.picture, shared) for one in pictures]),
                _three([float((mask & true).sum() / max(1, (mask | true).sum())) for mask in shown]),
                view_error(picture, cover, view.picture, view.alpha),
                turn.most_error,
                abs(view.around) <= trusted_to + 2.6,  # 22.5 lies with 20 and 25
            )
        )
    return found


def turn_bars(judged: Sequence[TurnJudged]) -> tuple[dict[str, float | int | None], dict[str, dict[str, object]]]:
    """Figures of made-up things for a card, and their bars."""
    found: dict[str, float | int | None] = {"views": len(judged)}
    for angle in (10, 20, 30):
        told = turn_measures([one for one in judged if abs(one.around) == angle])[str(angle)]
        assert isinstance(told, dict)
        found[f"gain_db_{angle}"] = told["gain_db"]
    trusted = turn_measures([one for one in judged if one.kind not in CHECKED])["trusted"]
    assert isinstance(trusted, dict)
    found |= {"trusted_right": trusted["right"], "trusted_views": trusted["views"]}
    least = {f"gain_db_{angle}": 1.5 for angle in (10, 20, 30)} | {"trusted_right": 0.9}
    return found, bars(found, least)


def _three(values: list[float]) -> tuple[float, float, float]:
    one, two, three = values
    return one, two, three


def centred(picture: FloatArray, alpha: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A drawn view moved so that its outline's box lies in the middle of its frame."""
    rows, columns = np.flatnonzero((alpha > 0.5).any(1)), np.flatnonzero((alpha > 0.5).any(0))
    if not len(rows):
        return picture, alpha
    half = len(alpha) / 2
    down, right = (rows[0] + rows[-1] + 1) / 2 - half, (columns[0] + columns[-1] + 1) / 2 - half
    return _moved(picture, down, right), _moved(alpha[..., None], down, right)[..., 0]


def _moved(values: FloatArray, down: float, right: float) -> FloatArray:
    rows, columns = np.meshgrid(*(np.arange(side) for side in values.shape[:2]), indexing="ij")
    at = [rows + down, columns + right]
    layers = [map_coordinates(values[..., k], at, order=1, mode="nearest") for k in range(values.shape[2])]
    return np.asarray(np.stack(layers, -1), np.float32)


def _plane(picture: FloatArray, alpha: FloatArray, around: float) -> tuple[FloatArray, FloatArray]:
    """A picture as a card about its upright middle, turned."""
    px = len(alpha)
    across = (np.arange(px) + 0.5 - px / 2) / np.cos(np.radians(around)) + px / 2 - 0.5
    rows, columns = np.meshgrid(np.arange(px), across, indexing="ij")
    layers = [map_coordinates(picture[..., k], [rows, columns], order=1, mode="nearest") for k in range(3)]
    return np.stack(layers, -1), map_coordinates(alpha, [rows, columns], order=1)


def _psnr(one: FloatArray, other: FloatArray, where: BoolArray) -> float:
    if not where.any():
        return 0.0
    return float(-10 * np.log10(max(1e-6, float(np.square(one - other)[where].mean()))))


def turn_measures(judged: Sequence[TurnJudged]) -> dict[str, object]:
    """Means by angle, with what turning adds to the better of the others; and how often a trusted view was right."""
    told: dict[str, object] = {}
    for angle in sorted({abs(one.around) for one in judged}):
        rows = [one for one in judged if abs(one.around) == angle]
        psnr, shared, iou = (
            np.array([getattr(one, name) for one in rows]).mean(0) for name in ("psnr", "psnr_shared", "iou")
        )
        told[f"{angle:g}"] = {
            "views": len(rows),
            "psnr": _named(psnr, 2),
            "gain_db": round(float(psnr[0] - psnr[1:].max()), 2),
            "gain_shared_db": round(float(shared[0] - shared[1:].max()), 2),
            "iou": _named(iou, 3),
        }
    trusted = [one for one in judged if one.trusted]
    right = sum(one.error <= one.most for one in trusted)
    strict = sum(one.error <= STRICT for one in trusted)
    told["trusted"] = {
        "views": len(trusted),
        "of": len(judged),
        "right": round(right / len(trusted), 3) if trusted else None,
        "right_if_all_were": round(float(np.mean([one.error <= one.most for one in judged])), 3),
        "within_0.10": round(strict / len(trusted), 3) if trusted else None,
    }
    return told


def _named(values: FloatArray, digits: int) -> dict[str, float]:
    return {way: round(float(value), digits) for way, value in zip(WAYS, values, strict=True)}
