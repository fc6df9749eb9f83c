"""All round: the angles that a turn shows, from one photo as far as it may be trusted, from several photos all round.

Shapes   S pixels a side of a frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bottega.models.studio.turntable.framing import Framed
from bottega.models.studio.turntable.product_turn import Drawn, ProductTurn, product_turn
from bottega.models.studio.turntable.shapes_by_kind import ShapeKind
from bottega.models.studio.turntable.turntable import Turntable

__all__ = ["SIDES", "AllRound", "all_round"]

SIDES = {"photo": 0.0, "right": 90.0, "back": 180.0, "left": 270.0}
"""Where the camera stood for each photo, in degrees to the right."""
SHOWN = 0.8
"""The thing is shown so much smaller than its photo frames it: what is turned may become wider."""
_FADE = 30.0
"""Degrees over which one photo gives way to the next."""


@dataclass(frozen=True, slots=True, eq=False)
class AllRound:
    """One product, told from one photo or more."""

    turns: tuple[tuple[float, ProductTurn], ...]
    """Where each photo was taken from, and what was told of it."""
    trusted_to: float
    """Degrees to either side of a photo up to which it may be trusted."""

    @property
    def full(self) -> bool:
        """Whether the photos show front and back, so that it turns all round."""
        return len(self.turns) > 1

    def angles(self, step: float, reach: float | None = None) -> tuple[float, ...]:
        """What is shown, every `step` degrees: all round, or as far as `reach` to either side, else as trusted."""
        if self.full:
            count = round(360 / step)
            return tuple(360.0 * k / count for k in range(count))
        most = int((self.trusted_to if reach is None else reach) // step)
        return tuple(step * k for k in range(-most, most + 1))

    def trusts(self, around: float) -> bool:
        """Whether an angle is near enough to a photo."""
        return min(_apart(around, at) for at, _ in self.turns) <= self.trusted_to

    def draw(self, around: float, px: int) -> Drawn:
        """From the nearest photo, or from two while one gives way to the other."""
        near = sorted(self.turns, key=lambda one: _apart(around, one[0]))[:2]
        drawn = [turn.draw(_signed(around - at), px, SHOWN) for at, turn in near[:1]]
        if len(near) == 1:
            return drawn[0]
        share = 0.5 + (_apart(around, near[1][0]) - _apart(around, near[0][0])) / (2 * _FADE)
        if share >= 1:
            return drawn[0]
        drawn.append(near[1][1].draw(_signed(around - near[1][0]), px, SHOWN))
        one, other = drawn
        alpha = share * one.alpha + (1 - share) * other.alpha
        light = share * one.picture * one.alpha[..., None] + (1 - share) * other.picture * other.alpha[..., None]
        return Drawn(
            np.asarray(light / np.maximum(alpha, 1e-4)[..., None], np.float32),
            np.asarray(alpha, np.float32),
            max(one.error, other.error),
        )


def all_round(photos: Mapping[str, Framed], kind: ShapeKind, turntable: Turntable | None) -> AllRound:
    """A product from photos by the `SIDES` that they show."""
    turns = []
    for side, photo in photos.items():
        opposite = {"photo": "back", "back": "photo", "left": "right", "right": "left"}[side]
        turns.append((SIDES[side], product_turn(photo, kind, turntable, photos.get(opposite))))
    plain = product_turn(photos["photo"], kind, turntable)
    return AllRound(tuple(turns), plain.trusted_to)


def _signed(angle: float) -> float:
    return (angle + 180) % 360 - 180


def _apart(one: float, other: float) -> float:
    return abs(_signed(one - other))
