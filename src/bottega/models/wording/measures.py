"""Numbers in a title, whole: sizes of two or three sides, counts of a pack, part numbers, and other measures.

Nothing is cut or reckoned: "5.5 x 8.5 in" stays one value, "8-1/2" and a part number stay as they are written. A number
whose meaning the title leaves open ("20 lb" of a paper) is only repeated as stated, never called a weight.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["THOUSANDS", "Measure", "measures_in"]

_NUMBER = r"\d+(?:[.,]\d+)*(?:[ -]\d+/\d+|/\d+)?"
_INCHES = r"[\"”″]|''"
_UNIT = rf"(?:{_INCHES}|['’′]|(?:inch(?:es)?|in|cm|mm|m|ft|feet|yds?|yards?|zoll|pouces?|pulgadas?|pollici)\b\.?)"
_SIDE = rf"{_NUMBER}\s?(?:[LWHDlwhd]\b)?\s?{_UNIT}?\s?(?:[LWHDlwhd]\b)?"
_MEASURED = re.compile(rf"\d\s?-?\s?{_UNIT}", re.IGNORECASE)
_SIDES = re.compile(rf"(?<![\w.,/-]){_SIDE}(?:\s?[x×X]\s?{_SIDE}){{1,2}}(?:\s?-?\s?{_UNIT})?(?![\w])", re.IGNORECASE)
_UNITS = (
    r"mm|cm|m|km|ml|cl|l|liters?|litres?|g|gr|gsm|kg|mg|oz|ounces?|fl\.? oz|lbs?\.?|pounds?|inch(?:es)?|in\.?|ft\.?|"
    r"feet|yards?|yds?|pt\.?|sheets?|pages?|colou?rs|rolls?|tabs?|gb|tb|mb|mah|w|v|hz|watts?|volts?|hours?|bl[aä]tter|"
    r"feuilles|hojas|fogli|degrees"
)
_OTHER = re.compile(rf"(?<![\w.,/-]){_NUMBER}(?:\s?-?\s?(?:{_UNITS})\b(?!-\d)|\s?(?:{_INCHES}))", re.IGNORECASE)
_COUNT = re.compile(
    r"\b(?P<of>pack|box|set|case|bag|packung|set|lot|paquete|confezione)s? (?:of|von|mit|de|da) (?P<n1>\d[\d.,]*)\b"
    r"|(?<![\w.,/-])(?P<n2>\d[\d.,]*)(?: ?- ?| )?(?P<each>pack|pk|count|ct|pcs|pieces|pc|stück|"
    r"stk|pièces|piezas|pezzi)\b\.?"
    r"|(?<![\w.,/-])(?P<n3>\d[\d.,]*)(?: per|\s?/) ?(?P<per>pack|pk|box|bx|case|bag|set|carton)\b",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"\(\s*(?P<all>[A-Za-z0-9][\w./#-]*(?:\s?[,;/]\s?[A-Za-z0-9][\w./#-]*)*)\s*\)")
THOUSANDS = re.compile(r"(?<![\w.,])\d{1,3}(?:, \d{3})*, 000(?![\w.,]\d)")
"""One number, although a blank parts it: "2, 000"."""
_LOOSE = re.compile(
    r"(?:up to|approx\w*\.?|about|max\w*\.?|min\w*\.?|over|under|fits|holds|bis zu|ca\.|jusqu'à)\s*$", re.I
)
"""What stands before a number that is no measure of the thing itself."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Where it stands, its key, and its value and unit as a fact has them."""

    start: int
    end: int
    key: str
    value: str
    unit: str = ""


def measures_in(title: str) -> list[Measure]:
    """In their order; what overlaps one found before is left out.

    >>> [(one.key, one.value) for one in measures_in("Journal, 5.5 x 8.5 in, 20 lb, Box of 100 (AB-1234)")]
    [('dimensions', '5.5 x 8.5 in'), ('stated', '20 lb'), ('count', '100'), ('part_number', 'AB-1234')]
    """
    found: list[Measure] = []

    def put(measure: Measure) -> None:
        if all(measure.end <= other.start or other.end <= measure.start for other in found):
            found.append(measure)

    for match in _NUMBERS.finditer(title):
        numbers = [piece for piece in re.split(r"\s?[,;]\s?", match["all"]) if piece]
        sized = title[: match.start()].rstrip().casefold().endswith(("size", "sizes"))  # "Size (26/6)"
        if sized or _COUNT.search(match["all"]) or _OTHER.search(match["all"]):
            continue
        if all(len(piece) >= 4 and any(letter.isdigit() for letter in piece) for piece in numbers):
            put(Measure(match.start(), match.end(), "part_number", ", ".join(numbers)))
    for match in _SIDES.finditer(title):
        # Sides without a measure may be sides, or a name: "24 x 7".
        key = "dimensions" if _MEASURED.search(match[0]) else "stated"
        put(Measure(*match.span(), _loosely(title, match.start(), key), match[0].strip(" -")))
    counts = list(_COUNT.finditer(title))
    for match in counts:
        number = match["n1"] or match["n2"] or match["n3"]
        unit = "box" if (match["of"] or match["per"] or "").casefold() in ("box", "boxes", "bx") else "pack"
        if match["of"] and match["of"].casefold() == "set":
            unit = "set"
        if match["each"] and match["each"].casefold() not in ("pack", "pk"):
            unit = "count"
        several = re.search(r"\d(?:[\d.,]*\d)? ?[x×]? ?$", title[: match.start()])
        if several is not None:
            put(Measure(several.start(), match.end(), "stated", title[several.start() : match.end()]))
        elif len(counts) > 1:
            put(Measure(*match.span(), "stated", match[0]))
        else:
            put(Measure(*match.span(), "count", number.strip(".,"), unit))
    for match in _OTHER.finditer(title):
        if re.search(r"\s[MG]$", match[0]):
            continue  # "Duramo 4 M" is a model, no metres
        put(Measure(*match.span(), _loosely(title, match.start(), "stated"), match[0].strip()))
    return sorted(found, key=lambda one: one.start)


def _loosely(title: str, start: int, key: str) -> str:
    """The key; none where the number is of something else ("up to 12 pages")."""
    return "" if _LOOSE.search(title[:start]) else key
