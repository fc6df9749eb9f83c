"""Sizes as shoppers say them: letters and numbers, which is the larger, and what lies next to what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from bottega.languages.fold import fold
from bottega.languages.lexicon import lexicon

__all__ = ["SIZES", "place_of", "size_in", "steps_from"]

SIZES: Mapping[str, str] = {"size.xs": "XS", "size.s": "S", "size.m": "M", "size.l": "L", "size.xl": "XL"}
"""What the lists call a size, as labels write it."""
_LADDER = ("xxxs", "xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl", "xxxxl")
_SPELT = {"2xs": "xxs", "3xs": "xxxs", "2xl": "xxl", "3xl": "xxxl", "4xl": "xxxxl", "small": "s", "medium": "m"}
_SPELT |= {"large": "l", "extra large": "xl", "extra small": "xs", "x-large": "xl", "x-small": "xs"}
_LETTERS = r"(?:[2-4]x[sl]|x{0,4}[sl]|m)"
_SIZE = rf"({_LETTERS}|\d{{1,3}}(?:[.,/]\d{{1,2}})?)(?![\w'’])"
_BARE = re.compile(rf"(?<![\w'’-])({_LETTERS})(?![\w'’-])", re.IGNORECASE)
_STEPS = 12


def size_in(folded: str, text: str) -> tuple[str, str]:
    """The size that a folded text asks for, and the text without it; `text`: as it was typed.

    >>> size_in("in size 42", "in size 42"), size_in("red, xl", "red, XL"), size_in("l'hiver", "l'hiver")
    (('42', 'in  '), ('xl', 'red,  '), ('', "l'hiver"))
    """
    found = _called().search(folded)
    if found is None:
        typed = [one[1] for one in _BARE.finditer(text)]
        sure = [one for one in typed if len(one) > 1 or one.isupper() or one == text.strip()]
        found = re.search(rf"(?<![\w'’-])({re.escape(fold(sure[0]))})(?![\w'’-])", folded) if sure else None
    if found is None:
        return "", folded
    return found[1], f"{folded[: found.start()]} {folded[found.end() :]}"


def place_of(size: str) -> tuple[str, float] | None:
    """On which scale a size stands, and where; None where it is on neither that of letters nor of numbers."""
    name = fold(size).strip()
    name = _SPELT.get(name, name)
    if name in _LADDER:
        return "letters", float(_LADDER.index(name))
    number = re.match(r"(?:eu|us|uk)?\s*(\d{1,3}(?:[.,]\d)?)", name)
    return ("numbers", float(number[1].replace(",", "."))) if number else None


def steps_from(size: str, way: int) -> list[str]:
    """Sizes above (1) or below (-1) a size, the nearest first."""
    place = place_of(size)
    if place is None:
        return []
    scale, at = place
    if scale == "letters":
        return list(_LADDER[int(at) + 1 :] if way > 0 else reversed(_LADDER[: int(at)]))
    return [f"{at + way * step / 2:g}" for step in range(1, 2 * _STEPS) if at + way * step / 2 > 0]


@cache
def _called() -> re.Pattern[str]:
    phrases = lexicon().functions["of_size"]
    names = "|".join(sorted((r"\s+".join(map(re.escape, phrase)) for phrase in phrases), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{names})\s*[:.]?\s*{_SIZE}")
