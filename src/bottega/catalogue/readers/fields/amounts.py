"""Amounts of formats that write numbers for machines, and sums of them: a surcharge, a discount.

Prices themselves are read in one place (`prices.py`); here they are only brought into a form that it cannot misread.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from bottega.prices import Price, PriceRefused, parse_price, plain_amount

__all__ = ["dotted", "plus", "reduced", "text_of"]

_BARE = re.compile(r"[\d\s.,'’+-]*")
_THREE_PLACES = re.compile(r"-?\d+\.\d{3}")


def text_of(value: Any) -> str:
    """A value of a JSON object as a text: "" for null, true and false in small letters, numbers as they are written."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def dotted(value: Any) -> str:
    """A price in which a point is the decimal mark whatever follows it, so that 1.234 is not taken for thousands.

    >>> dotted(1.234), dotted("19.90"), dotted(None)
    ('1.2340', '19.90', '')
    """
    text = text_of(value).strip()
    return f"{text}0" if _THREE_PLACES.fullmatch(text) else text


def plus(price: str, change: str, currency: str) -> str:
    """A price with a surcharge (or, below zero, a reduction) added. What is no number is left in the text, so that the
    rule for prices sees it.

    >>> plus("19.00", "5", "USD"), plus("19", "", "USD"), plus("19", "-4,50", "EUR"), plus("", "5", "USD")
    ('24.00', '19', '14.50', '5.00')
    """
    if not change.strip():
        return price
    try:
        base = parse_price(price or "0", currency)
        down = change.strip().startswith("-")
        minor = parse_price(change.strip().lstrip("+-"), base.currency).minor
    except PriceRefused:
        return f"{price} + {change}"
    return _text(base.minor + (-minor if down else minor), base.currency, price)


def reduced(price: str, amount: str, percent: str, currency: str) -> str:
    """The price while an amount or a percentage is taken off it; "" where neither is a number above zero.

    >>> reduced("50", "", "20", "USD"), reduced("50", "5", "", "USD"), reduced("50", "0", "", "USD")
    ('40.00', '45.00', '')
    """
    try:
        base = parse_price(price, currency)
        off = parse_price(amount, base.currency).minor if amount.strip() else 0
        share = Decimal(percent.strip().rstrip("%").strip().replace(",", ".") or "0")
    except (PriceRefused, ArithmeticError):
        return ""
    if not off and share.is_finite() and share:
        off = int(base.minor * share / 100)
    return _text(base.minor - off, base.currency, price) if 0 < off < base.minor else ""


def _text(minor: int, currency: str, like: str) -> str:
    """An amount with its currency, where the price that it was made from named one."""
    amount = plain_amount(Price(minor, currency))
    return amount if _BARE.fullmatch(like) else f"{amount} {currency}"
