"""Ids that a program took for measures: 1001.0 for 1001, as a worksheet or a data frame writes numbers with a gap among
them. Read as they stand they meet neither the product nor the shopper that they name elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bottega.sources.columns import name_of

__all__ = ["fraction_columns", "whole_ids"]

_OF_IDS = re.compile(
    r"(?:.*_)?(?:id|ids|uid|sku|asin|ean|ean13|gtin|gtin13|upc|isbn|barcode|code|key|ref|reference|number|no|nr|num|item|"
    r"product|user|customer|visitor|session|order|parent|group|master|nummer|numero|número|codigo|código|codice|"
    r"kod|kód|код|артикул|номер|番号|编号|번호)"
    r"|.*(?:id|nummer|number|code|nr)"
)
"""Names of columns that hold ids, as `name_of` writes them."""
_FRACTION = re.compile(r"-?\d+\.0+")
_NUMBER = re.compile(r"-?\d+\.0+|\d(?:\.\d+)?[eE]\+?\d{1,2}")


def fraction_columns(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """Places of the columns of ids in which every filled cell is a whole number with ".0" behind it.

    >>> fraction_columns(["user_id", "item", "price"], [["17.0", "a", "9.0"], ["", "b", "8.0"]])
    (0,)
    """
    places = []
    for place, column in enumerate(columns):
        if _OF_IDS.fullmatch(name_of(column)):
            filled = [cell for row in rows if place < len(row) and (cell := row[place].strip())]
            numbers = [cell for cell in filled if cell.lower() not in ("nan", "none", "null", "<na>")]
            if any(map(_FRACTION.fullmatch, numbers)) and all(map(_NUMBER.fullmatch, numbers)):
                places.append(place)
    return tuple(places)


def whole_ids(cells: list[str], places: Sequence[int]) -> list[str]:
    """The cells of a row, those at these places without their ".0"."""
    for place in places:
        if place < len(cells) and _FRACTION.fullmatch(cells[place].strip()):
            cells[place] = cells[place].strip().split(".")[0]
    return cells
