"""Numbers beside an event, as people write them: pieces, money, stars. What cannot be read costs its field alone.

One reading for imports and posts. Money goes the way of the catalogue's prices (`bottega/prices.py`): "$9", "9,90 €"
and "1.234,50" are read; "Rp", "N/A" and an amount in another currency than the shop's are not.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

from bottega.events.row_rules import QUANTITY_MOST
from bottega.names import KindCode
from bottega.prices import PriceRefused, exponent, parse_price

__all__ = ["ALL_PIECES", "COUNTED", "amount_of", "number_in", "pieces_of", "stars_of"]

ALL_PIECES = QUANTITY_MOST
"""What a refund takes back that does not say how many pieces: all there are."""
COUNTED = frozenset({KindCode.ADD_TO_CART, KindCode.REMOVE_FROM_CART, KindCode.PURCHASE, KindCode.REFUND})
"""Kinds of which a quantity of 0 says that nothing was done."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_STARS = re.compile(r"\s*([0-9]+(?:[.,][0-9]+)?)\s*(?:/\s*[0-9]+|stars?|\*|★+)?\s*", re.IGNORECASE)


def number_in(value: object) -> float | None:
    """A finite number, or a text that is one; None for everything else, true and false among it.

    >>> number_in(" 2.50 "), number_in(3), number_in("1_000"), number_in(True)
    (2.5, 3.0, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value.strip()):
            return None
        value = float(value)
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def pieces_of(value: object) -> float | None:
    """A whole number of pieces, of either sign; None for what is none.

    >>> pieces_of("2.0"), pieces_of("-1"), pieces_of("2.5"), pieces_of("many")
    (2.0, -1.0, None, None)
    """
    number = number_in(value)
    return number if number is not None and number % 1 == 0 else None


def amount_of(value: object, currency: str) -> float | None:
    """Money in major units of `currency`; None for what is no amount in it.

    >>> amount_of("$9", "USD"), amount_of("9,90 €", "EUR"), amount_of("Rp", "USD"), amount_of("9 EUR", "USD")
    (9.0, 9.9, None, None)
    """
    number = number_in(value)
    return _amount(value, currency) if number is None and isinstance(value, str) else number


def stars_of(value: object) -> float | None:
    """A rating: a number, with a comma too, or with what it is out of.

    >>> stars_of("4,5"), stars_of("4 / 5"), stars_of("5 stars"), stars_of("good")
    (4.5, 4.0, 5.0, None)
    """
    number = number_in(value)
    if number is None and isinstance(value, str) and (found := _STARS.fullmatch(value)):
        return float(found[1].replace(",", "."))
    return number


@lru_cache(maxsize=4096)
def _amount(text: str, currency: str) -> float | None:
    try:
        price = parse_price(text, currency)
    except PriceRefused:
        return None
    return price.minor / 10 ** exponent(currency) if price.currency == currency else None
