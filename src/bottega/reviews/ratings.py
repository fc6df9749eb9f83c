"""Stars from 1 to 5, whatever the scale: "4", "4,5", "8/10", "80%", "★★★★☆", "4 out of 5".

A number that says its scale speaks for itself. Of the others the whole column decides: the highest number says whether
they go to 5, to 10 or to 100. A scale that says where it begins is stretched to 1 to 5; else 8 of 10 is 4 of 5.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["RatingUnreadable", "RatingZero", "Scale", "ScaleSurvey", "stars_of"]

_NUMBER = r"[+-]?\d+(?:[.,]\d+)?"
_STARS = r"(?:stars?|sterne?|étoiles?|estrellas?|stelle)"
_PLAIN = re.compile(rf"\s*({_NUMBER})\s*(?:{_STARS}|/)?\s*", re.IGNORECASE)
_OF = re.compile(
    rf"\s*({_NUMBER})\s*(?:/|of|out of|von|sur|de|su)\s*({_NUMBER})\s*{_STARS}?\s*",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"\s*({_NUMBER})\s*%\s*")
_FULL, _EMPTY = "★⭐🌟", "☆✩⚝"
_DRAWN = re.compile(rf"\s*([{_FULL}]*)([{_EMPTY}]*)\s*")
_WORDS = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0}
"""As some interfaces of search engines say it: ONE, FIVE."""
SCALES = (5.0, 10.0, 100.0)


class RatingUnreadable(ValueError):
    """No number, or outside its scale."""


class RatingZero(ValueError):
    """Nothing was rated."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How far ratings go. `least`: where they begin, where that is known."""

    most: float = 5.0
    least: float | None = None

    def stars(self, number: float) -> float:
        """From 1 to 5. Raises `RatingUnreadable` and `RatingZero`."""
        if number == 0 and (self.least is None or self.least > 0):
            raise RatingZero
        if not (self.least or 0.0) <= number <= self.most:
            raise RatingUnreadable
        if self.least is not None:
            return round(1 + 4 * (number - self.least) / (self.most - self.least), 3)
        return round(max(1.0, 5 * number / self.most), 3)


def stars_of(text: str, scale: Scale) -> float:
    """Stars of a rating as it is written. Raises `RatingUnreadable` and `RatingZero`.

    >>> stars_of("4,5", Scale()), stars_of("8/10", Scale()), stars_of("80%", Scale()), stars_of("★★★☆☆", Scale())
    (4.5, 4.0, 4.0, 3.0)
    >>> stars_of("55", Scale(100, 0)), stars_of("7", Scale(10))
    (3.2, 3.5)
    """
    if found := _OF.fullmatch(text):
        most = _number(found[2])
        if most <= 0:
            raise RatingUnreadable
        return Scale(most).stars(_number(found[1]))
    if found := _PERCENT.fullmatch(text):
        return Scale(100.0).stars(_number(found[1]))
    if found := _PLAIN.fullmatch(text):
        return scale.stars(_number(found[1]))
    drawn = _DRAWN.fullmatch(text.replace("\ufe0f", ""))
    if drawn and (drawn[1] or drawn[2]):
        return Scale(max(5.0, len(drawn[1] + drawn[2]))).stars(len(drawn[1]))
    if (said := _WORDS.get(text.strip().lower())) is not None:
        return said
    raise RatingUnreadable


class ScaleSurvey:
    """Looks through a column for how far its numbers go."""

    def __init__(self) -> None:
        self._highest = 0.0
        self._seen = 0

    def look(self, text: str) -> None:
        """See one rating more; those that say their scale are not asked."""
        if found := _PLAIN.fullmatch(text):
            self._highest = max(self._highest, _number(found[1]))
            self._seen += 1

    def scale(self) -> tuple[Scale, str]:
        """The scale, and what was decided, in a sentence; empty for stars as usual."""
        most = next((one for one in SCALES if self._highest <= one), SCALES[0])
        if most == SCALES[0]:
            return Scale(), ""
        note = f"Ratings go up to {self._highest:g}, so they were read as of {most:g}; --scale says it otherwise."
        return Scale(most), note


def _number(text: str) -> float:
    return float(text.replace(",", "."))
