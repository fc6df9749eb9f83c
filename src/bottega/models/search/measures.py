"""Measures in titles and queries, each as one word, however it is written: "3-Inch" and '3"' are "3 in".

A number alone says little ("3 ring binder, 2 inch"), and so does its unit: together they are one thing asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from bottega.languages.fold import fold, tokens

__all__ = ["Measure", "measures_in"]

Measure = tuple[str, tuple[str, ...]]
"""A measure as one word, and the words that said it."""

_UNITS: Mapping[str, str] = {
    "in": "inches inch in zoll pouces pouce pulgadas pulgada pollici pollice",
    "ft": "feet foot ft",
    "mm": "millimeters millimetres mm",
    "cm": "centimeters centimetres centimeter centimetre zentimeter cm",
    "m": "meters metres meter metre m",
    "ml": "millilitres milliliters ml",
    "cl": "cl",
    "l": "litres liters litre liter litros litro litri l",
    "g": "grams gramm grammes grammi gramos gr g",
    "kg": "kilograms kilos kilo kg",
    "oz": "ounces ounce oz",
    "lb": "lbs lb",
    "gb": "gb",
    "tb": "tb",
    "mah": "mah",
    "w": "watts watt w",
    "pack": "packs pack pk count ct pcs pieces stuck pezzi piezas",
    "sheets": "sheets sheet blatt feuilles hojas fogli",
}
_UNIT_OF = {name: unit for unit, names in _UNITS.items() for name in names.split()}
_NAMES = "|".join(sorted({*_UNIT_OF} - {"in"}, key=lambda name: (-len(name), name)))
_NUMBER = r"(?<![\w.,/-])(\d{1,5}(?:[.,]\d{1,3})?(?:[- ]\d/\d{1,2})?|\d/\d{1,2})"
_QUOTE = "\"|''|”|″"
_MEASURED = re.compile(rf"{_NUMBER}(?:\s*({_QUOTE})|[\s-]*(in(?!\w|\s*\d)|(?:{_NAMES})(?!\w)))")
_OF_SO_MANY = re.compile(r"\b(?:pack|set|box|case|paquete|lot|confezione|packung) (?:of|von|de|di|mit) (\d{1,5})\b")
_SIDES = re.compile(rf"{_NUMBER}[\s-]*(?:{_QUOTE}|in|inch|inches|cm|mm)?\s*[x×]\s*{_NUMBER.partition(')')[2]}")


def measures_in(text: str) -> list[Measure]:
    """The measures of a text.

    >>> [name for name, _ in measures_in('3-Inch binder, 8-1/2" x 11", 0.7mm, pack of 12')]
    ['3 in', '8.5 in', '11 in', '0.7 mm', '12 pack', '8.5 x 11']
    >>> measures_in("3 in 1 stapler, 25 sheets")
    [('25 sheets', ('25', 'sheets'))]
    """
    return list(_measures_in(fold(text))) if any(letter.isdigit() for letter in text) else []


@lru_cache(20_000)
def _measures_in(folded: str) -> tuple[Measure, ...]:
    found: dict[str, tuple[str, ...]] = {}
    for match in _MEASURED.finditer(folded):
        unit = "in" if match[2] else _UNIT_OF[match[3]]
        found.setdefault(f"{_amount(match[1])} {unit}", tuple(tokens(match[0])))
    for match in _OF_SO_MANY.finditer(folded):
        found.setdefault(f"{_amount(match[1])} pack", tuple(tokens(match[0])))
    for match in _SIDES.finditer(folded):
        found.setdefault(f"{_amount(match[1])} x {_amount(match[2])}", tuple(tokens(match[0])))
    return tuple(found.items())


def _amount(said: str) -> str:
    """A number, whole, decimal or broken, in one way of writing."""
    whole = 0.0
    for part in re.split(r"[- ]", said):
        above, slash, below = part.partition("/")
        whole += float(above) / max(float(below), 1) if slash else float(part.replace(",", "."))
    return f"{whole:g}"
