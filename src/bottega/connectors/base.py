"""What a connector is: one platform, whose products and orders come page by page, oldest change first.

To add a platform: write one file with a class that has `name`, the names of the readers for its rows, `pages` and
`push`, put it into registry.py, a section into docs/connectors.md, and a stand-in for its API into the tests.
A cursor is small JSON that says where to go on; it is kept after each page, so that a killed run goes on where it was.
When everything was seen, the cursor holds the time of the newest change, and the next run asks for what is newer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bottega.connectors.web import Web

__all__ = ["Accepted", "Connector", "Cursor", "RowPage", "What"]

Cursor = dict[str, Any]
What = Literal["products", "orders"]


@dataclass(frozen=True)
class RowPage:
    """Some rows, as the platform gives them, and where to go on behind them."""

    rows: list[dict[str, Any]]
    cursor: Cursor
    total: int | None = None
    """How many rows there are in all, where the platform says so."""


@dataclass(frozen=True)
class Accepted:
    """A value that somebody accepted for a product here, to be told to the platform."""

    product: str
    """The platform's own number of the product; variants are told of theirs."""
    attribute: str
    value: str


class Connector(Protocol):
    """One shop on one platform."""

    name: str
    products: str
    """Name of the catalogue reader for its products."""
    orders: str
    """Name of the events reader for its orders."""
    web: Web

    def pages(self, what: What, cursor: Cursor) -> Iterator[RowPage]:
        """Pages behind a cursor, an empty one for all. Raises `PlatformFailed`."""
        ...

    def one(self, what: What, number: str) -> dict[str, Any] | None:
        """One row by the platform's number; None where it is no longer there. Raises `PlatformFailed`."""
        ...

    def product_of_stock(self, item: str) -> str | None:
        """The number of the product that an item of the stock belongs to; None where there is none."""
        ...

    def push(self, accepted: list[Accepted]) -> list[str]:
        """Tell the platform what was accepted; returns what it refused, in words. Raises `PlatformFailed`."""
        ...
