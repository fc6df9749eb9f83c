"""Whether a value that was asked for is the one that a listing gives: yes, another one, or not to be told.

Idea     Yes only where a fact says it. No only where the key is closed: a thing that is of one material is of no other,
         a list of sizes holds all of them. Whatever is narrower, broader or mixed is told as it stands, with neither.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from bottega.languages.fold import fold, tokens
from bottega.languages.kinship import agree, upwards
from bottega.models.dialogue.asked_values import AskedValue, concepts_in, measures_of

__all__ = ["YesNo", "compare_measures", "compare_sizes", "compare_value", "size_order", "truth_of"]

CLOSED = frozenset({"material", "colour", "people", "brand"})
"""Keys of which one value excludes another."""
IMITATIONS = frozenset({"material.faux_leather", "material.vegan_leather", "material.pu_leather", "material.faux_fur"})
GENUINE = frozenset({"material.full_grain_leather", "material.genuine_leather"})
_LADDER = ("xxxs", "xxs", "xs", "s", "m", "l", "xl", "xxl", "xxxl", "xxxxl", "xxxxxl")
_TRUE = frozenset({"yes", "true", "ja", "oui", "si", "y", "1", "wahr", "vrai"})
_FALSE = frozenset({"no", "false", "nein", "non", "n", "0", "none", "kein", "keine", "falsch", "faux"})


class YesNo(StrEnum):
    """What is said before the fact."""

    YES = "yes"
    NO = "no"
    OPEN = ""
    """Neither: the fact is told as it stands."""


def compare_value(asked: AskedValue, listed: Sequence[str], language: str, key: str, *, real: bool = False) -> YesNo:
    """A named value against those that a listing in a `language` gives for a key."""
    said = set(tokens(asked.words))
    seen: list[set[str]] = []
    for value in listed:
        words = tokens(value)
        meant = {one for _, _, one in concepts_in(words, language)}
        if "people.unisex" in meant and asked.concept in ("people.men", "people.women", "people.adult"):
            return YesNo.YES
        imitation = bool(meant & IMITATIONS)
        if imitation and any(one in upwards(other)[1:] for other in meant & IMITATIONS for one in (asked.concept,)):
            return YesNo.NO if real else YesNo.OPEN
        if real and meant and all(one in GENUINE or one == asked.concept for one in meant):
            plain = all(one in GENUINE for one in meant) or set(words) <= said
            return YesNo.YES if plain and any(asked.concept in upwards(one) for one in meant) else YesNo.OPEN
        if said and said <= set(words) and not imitation:
            mixed = len({one for one in meant if one.split(".")[0] == asked.concept.split(".")[0]}) > 1
            return YesNo.OPEN if mixed or (real and len(words) > len(said)) else YesNo.YES
        if asked.concept and any(asked.concept in upwards(one) for one in meant):
            several = {one for one in meant if one.startswith(asked.concept.split(".")[0])}
            related = all(asked.concept in upwards(one) for one in several)
            return YesNo.YES if related and not real else YesNo.OPEN
        seen.append(meant)
    if key not in CLOSED or not asked.concept or not listed:
        return YesNo.OPEN
    space = asked.concept.split(".")[0]
    meanings = [{one for one in meant if one.startswith(f"{space}.")} for meant in seen]
    if not all(meanings) or any(agree(asked.concept, one) for some in meanings for one in some):
        return YesNo.OPEN
    return YesNo.NO


def compare_sizes(asked: str, listed: Sequence[str]) -> YesNo:
    """A size against a list of all there are."""
    wanted = _size(asked)
    there = {_size(one) for one in listed}
    if wanted in there:
        return YesNo.YES
    alike = [one for one in there if one[:1].isdigit() == wanted[:1].isdigit()]
    return YesNo.NO if alike and len(alike) == len(there) else YesNo.OPEN


def _size(text: str) -> str:
    plain = fold(text).strip().removeprefix("size ").removeprefix("eu ").replace(",", ".").replace(" ", "")
    for count in range(2, 6):
        plain = plain.replace(f"{count}x", "x" * count) if plain.startswith(f"{count}x") else plain
    return {"small": "s", "medium": "m", "large": "l"}.get(plain, plain)


def size_order(text: str) -> tuple[int, float, str]:
    """By which sizes stand in a list: numbers, then letters from the smallest on, then all others."""
    plain = _size(text)
    if plain in _LADDER:
        return 1, float(_LADDER.index(plain)), plain
    number = re.match(r"\d+(?:\.\d+)?", plain)
    return (0, float(number[0]), plain) if number else (2, 0.0, plain)


def compare_measures(text: str, listed: Sequence[str]) -> YesNo:
    """A measure in a question against one value: yes where both name the same number and unit, and else neither."""
    asked = {one for one in measures_of(text) if one[1]}
    if len(asked) != 1 or len(listed) != 1:
        return YesNo.OPEN
    return YesNo.YES if asked == set(measures_of(listed[0])) else YesNo.OPEN


def truth_of(value: str) -> bool | None:
    """What a value says that is a yes or a no."""
    plain = fold(value).strip()
    return True if plain in _TRUE else False if plain in _FALSE else None
