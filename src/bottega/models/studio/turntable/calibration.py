"""Calibration: from what the networks doubt to the error that is expected, on made-up things with known views.

Idea     The logarithm of the error beside the most that is allowed is a line in the doubts. Its margin is what nine of
         ten errors lie below, among things of kinds that the networks know and among half of those that they do not;
         of views that are surely good or surely bad nothing hangs on it, so they have no say. Each rule has a margin.
Shapes   N things, K angles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Final, get_args

import numpy as np
from numpy.typing import NDArray

from bottega.models.studio.turntable.framing import Framed
from bottega.models.studio.turntable.lessons import TurnLessons, made_lessons
from bottega.models.studio.turntable.made_kinds import ROUND
from bottega.models.studio.turntable.product_turn import ProductTurn, product_turn
from bottega.models.studio.turntable.relief import FRAME_PX
from bottega.models.studio.turntable.shapes_by_kind import ShapeKind
from bottega.models.studio.turntable.staying import Stays, share_fitted, texture
from bottega.models.studio.turntable.trusted import DOUBTS, view_error
from bottega.models.studio.turntable.turning import bled
from bottega.models.studio.turntable.turntable import Turntable, TurnTrust
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = [
    "CHECKED",
    "COVERED",
    "calibrated",
    "calibration_lessons",
    "framed_lesson",
    "rule_lessons",
    "staying_found",
    "staying_lessons",
    "turn_of_lesson",
]

CHECKED = ("shoe", "jug")
"""Of the kinds that are not learnt from, those that the margin is found with; the others judge it."""
COVERED = 0.9
"""Share of errors that the margin lies above."""
NEAR = 0.6
"""How near to the most allowed an error is expected where margins are found; natural logarithm."""
RULED: Final[dict[ShapeKind, tuple[str, ...]]] = {
    "turned": ("lathe", "cup"), "extruded": ("box", "extrusion"), "inflated": ("blob", "bag"), "card": ("garment",),
}  # fmt: skip
"""Made-up things that each rule is for: cups for what is turned, since mugs have handles."""


def calibration_lessons(count: int, seed: int) -> TurnLessons:
    """Two thirds of kinds that are learnt from, a third of `CHECKED` ones."""
    rng = np.random.default_rng(seed)
    strange = max(1, count // 3)
    return _together(made_lessons(max(1, count - strange), rng), made_lessons(strange, rng, kinds=CHECKED))


def framed_lesson(lessons: TurnLessons, row: int) -> Framed:
    """The first view of a thing as a photo of a product comes."""
    alpha = lessons.alphas[row, 0].astype(np.float32) / 255
    picture = bled(lessons.pictures[row, 0], alpha > 0.5)
    return Framed(picture, alpha, (0.0, 0.0, float(FRAME_PX)), (False, False, False, False))


def turn_of_lesson(turntable: Turntable, lessons: TurnLessons, row: int) -> ProductTurn:
    """A thing as the networks tell it."""
    return product_turn(framed_lesson(lessons, row), "learnt", turntable)


def staying_found(turntable: Turntable, lessons: TurnLessons, *, progress: Progress = silent) -> Turntable:
    """The same networks with how much of a round thing's picture stays, found on `lessons`, fruit among them."""

    def views() -> Iterator[tuple[float, FloatArray, FloatArray]]:
        for row in range(len(lessons)):
            turn = turn_of_lesson(turntable, lessons, row)
            turn = replace(turn, stays=Stays(turn.stays.outline, 0.0))
            picture, alpha = turn.photo.at(FRAME_PX)
            for column in range(1, lessons.pictures.shape[1] if turn.stays.outline > 0.5 else 0):
                drawn = turn.draw(float(lessons.around[row, column]), FRAME_PX)
                both = (drawn.alpha > 0.5) & (lessons.alphas[row, column] > 127)
                true = lessons.pictures[row, column].astype(np.float32) / 255
                if both.any():
                    here = drawn.picture[both]
                    yield texture(picture, alpha), (picture[both] - here).ravel(), (true[both] - here).ravel()
            progress("finding what stays of round things", row + 1, len(lessons))

    return Turntable(replace(turntable.config, stays=share_fitted(views())), turntable.networks)


def staying_lessons(count: int, seed: int) -> TurnLessons:
    """Half of it fruit, half of kinds that are learnt from."""
    rng = np.random.default_rng(seed)
    half = max(1, count // 2)
    return _together(made_lessons(half, rng, kinds=tuple(ROUND)), made_lessons(max(1, count - half), rng))


def _together(*lessons: TurnLessons) -> TurnLessons:
    return TurnLessons(*(np.concatenate([getattr(one, name.name) for one in lessons]) for name in fields(TurnLessons)))


def calibrated(
    turntable: Turntable,
    lessons: TurnLessons,
    by_rule: Mapping[ShapeKind, TurnLessons] | None = None,
    *,
    progress: Progress = silent,
) -> Turntable:
    """The same networks with a trust found on `lessons`, of kinds that are learnt from and of `CHECKED` ones.

    `by_rule`: things that each rule may tell, for its margin; a rule without any takes the largest.
    """
    rows, found = _doubted(turntable, lessons, "learnt", progress)
    steady = 1e-2 * len(rows) * np.diag([0.0] + [1.0] * len(DOUBTS))
    numbers = np.linalg.solve(rows.T @ rows + steady, rows.T @ found)
    margins = {"learnt": _margin(rows @ numbers, found)}
    for kind, things in (by_rule or {}).items():
        rows, found = _doubted(turntable, things, kind, progress)
        margins[kind] = _margin(rows @ numbers, found)
    margins = {kind: round(margins.get(kind, max(margins.values())), 5) for kind in get_args(ShapeKind)}
    trust = TurnTrust(tuple(round(float(one), 5) for one in numbers), margins)
    return Turntable(replace(turntable.config, trust=trust), turntable.networks)


def rule_lessons(count: int, seed: int) -> dict[ShapeKind, TurnLessons]:
    """So many made-up things for each rule, of the kinds that it is for."""
    rng = np.random.default_rng(seed)
    return {kind: made_lessons(max(1, count), rng, kinds=things) for kind, things in RULED.items()}


def _doubted(
    turntable: Turntable, lessons: TurnLessons, kind: ShapeKind, progress: Progress
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each view its doubts, and the logarithm of its error beside the most that is allowed."""
    doubts: list[FloatArray] = []
    errors = []
    for row in range(len(lessons)):
        turn = product_turn(framed_lesson(lessons, row), kind, turntable)
        for column in range(1, lessons.pictures.shape[1]):
            around = float(lessons.around[row, column])
            drawn = turn.draw(around, FRAME_PX)
            true = lessons.pictures[row, column].astype(np.float32) / 255
            true_alpha = lessons.alphas[row, column].astype(np.float32) / 255
            error = max(1e-3, view_error(drawn.picture, drawn.alpha, true, true_alpha))
            errors.append(np.log(error / max(1e-3, turn.most_error)))
            doubts.append(turn.doubts_at(around))
        progress(f"finding how far turns may be trusted: {kind}", row + 1, len(lessons))
    return np.stack(doubts).astype(np.float64), np.array(errors, np.float64)


def _margin(expected: NDArray[np.float64], found: NDArray[np.float64]) -> float:
    """What lies above `COVERED` of what is left, where it matters: among views expected to be about at the limit.

    More where still fewer than `COVERED` of all that would be trusted are right: some views are surely told, and wrong.
    """
    left = found - expected
    near = np.abs(expected) < NEAR
    margin = float(np.quantile(left[near] if near.sum() >= 20 else left, COVERED))
    for more in np.arange(0, 2, 0.02):
        trusted = expected + margin + more <= 0
        if not trusted.any() or (found[trusted] <= 0).mean() >= COVERED:
            return margin + float(more)
    return margin + 2
