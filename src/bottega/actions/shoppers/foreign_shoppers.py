"""Shoppers as callers of other systems say them: kept word for word, and read back. Forget and export reach them."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator

from bottega.actions.intake.foreign_products import System
from bottega.catalogue.filter import Id, Somebody
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Request, Shape

__all__ = [
    "ForeignShopper",
    "ForeignShoppersAnswer",
    "ForeignShoppersQuery",
    "KeepShoppersAnswer",
    "KeepShoppersRequest",
    "foreign_shoppers",
    "keep_shoppers",
]


class KeepShoppersRequest(Request):
    """What a caller says of shoppers."""

    system: System
    records: dict[Somebody, Any] = Field(description="Shopper id to what is said, word for word.")

    @field_validator("records")
    @classmethod
    def _without_nul(cls, records: dict[str, Any]) -> dict[str, Any]:
        if any("\x00" in name for name in records):
            raise ValueError("an id must not hold the NUL character")
        return records


class KeepShoppersAnswer(Shape):
    """How many were kept."""

    kept: int


class ForeignShoppersQuery(Request):
    """Shoppers by id, or a page of all of them in the order of their ids."""

    system: System
    shoppers: list[Id] | None = None
    n: int = Field(default=50, ge=1, le=1000)
    after: str = Field(default="", description="The `next` of the page before.")


class ForeignShopper(Shape):
    """A shopper, and what the caller said; null where it said nothing."""

    shopper: str
    record: Any = None


class ForeignShoppersAnswer(Shape):
    """Those of whom anything is known."""

    shoppers: list[ForeignShopper]
    next: str | None


def keep_shoppers(shop: OpenShop, request: KeepShoppersRequest) -> KeepShoppersAnswer:
    """Keep what is said of shoppers; what was said before is replaced."""
    shop.store.foreign.put_shoppers(request.system, request.records)
    return KeepShoppersAnswer(kept=len(request.records))


def foreign_shoppers(shop: OpenShop, request: ForeignShoppersQuery) -> ForeignShoppersAnswer:
    """Shoppers with the records of one system: those it spoke of, and those who did anything."""
    store = shop.store
    if request.shoppers is not None:
        records = store.foreign.shoppers(request.system, request.shoppers)
        known = [one for one in request.shoppers if one in records or store.shoppers.profile(one) == one]
        return _answer(known, records, None)
    limit = request.n + 1
    names = {
        *store.foreign.told_of(request.system, after=request.after, limit=limit),
        *store.single_events.shoppers(after=request.after, limit=limit),
    }
    page = sorted(names)[: request.n]
    return _answer(
        page, store.foreign.shoppers(request.system, page), page[-1] if page and len(names) > request.n else None
    )


def _answer(names: list[str], records: dict[str, Any], after: str | None) -> ForeignShoppersAnswer:
    return ForeignShoppersAnswer(
        shoppers=[ForeignShopper(shopper=name, record=records.get(name)) for name in names], next=after
    )
