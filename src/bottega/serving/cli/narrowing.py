"""Narrowing a search on the terminal: conditions as somebody types them, and the table of what else could be chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bottega.actions.search.shapes import Facet

__all__ = ["facet_table", "filter_of"]

_FIELDS = ("category", "brand", "availability")
VALUES_SHOWN = 8


def filter_of(where: Sequence[str], price: str, currency: str) -> dict[str, Any] | None:
    """The filter that conditions say: several values of one field are either-or. Raises `RequestInvalid`.

    >>> filter_of(["color=red", "color=blue", "brand=Lana"], "10-", "EUR")
    {'attributes': {'color': ['red', 'blue']}, 'brand': ['Lana'], 'price_minor': {'min': 1000, 'max': None}}
    """
    from bottega.errors import RequestInvalid

    found: dict[str, Any] = {}
    for condition in where:
        name, sign, value = (part.strip() for part in condition.partition("="))
        if not (name and sign and value):
            raise RequestInvalid(
                f"--where {condition!r} is no condition.",
                allowed="NAME=VALUE, where NAME is category, brand, availability or an attribute.",
                next_step="Write it as in --where color=red.",
            )
        place = found if name in _FIELDS else found.setdefault("attributes", {})
        place.setdefault(name, []).append(value)
    if price:
        found["price_minor"] = _prices(price, currency)
    return found or None


def _prices(price: str, currency: str) -> dict[str, int | None]:
    from bottega.errors import RequestInvalid
    from bottega.prices import exponent

    ends = re.fullmatch(r"\s*(\d+(?:\.\d+)?)?\s*-\s*(\d+(?:\.\d+)?)?\s*", price)
    if ends is None or not any(ends.groups()):
        raise RequestInvalid(
            f"--price {price!r} is no range of prices.",
            allowed="Two numbers in whole units of the currency, either of which may be missing.",
            next_step="Write it as in --price 10-20, --price 10- or --price -20.",
        )
    low, high = (None if end is None else int(Decimal(end).scaleb(exponent(currency))) for end in ends.groups())
    if low is not None and high is not None and low > high:
        raise RequestInvalid(
            f"--price {price!r} ends below its start.",
            allowed="The lower price stands first.",
            next_step=f"Write it as in --price {ends[2]}-{ends[1]}.",
        )
    return {"min": low, "max": high}


def facet_table(facets: Sequence[Facet], currency: str) -> None:
    """A line a field: its values with their counts."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, highlight=False, show_header=False)
    for facet in facets:
        values = facet.values[:VALUES_SHOWN]
        told = [f"{'*' if one.chosen else ''}{_label(one, currency)} ({one.count})" for one in values]
        more = len(facet.values) - len(values)
        table.add_row(facet.name, ", ".join(told) + (f", and {more} more" if more else ""))
    Console(highlight=False, markup=False).print(table)


def _label(value: Any, currency: str) -> str:
    from bottega.prices import Price, plain_amount

    if value.price_minor is None:
        return str(value.label.replace("_", " "))
    ends = (value.price_minor.min, value.price_minor.max)
    low, high = ("" if end is None else plain_amount(Price(end, currency)) for end in ends)
    return f"{low}-{high}"
