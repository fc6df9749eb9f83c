"""What the storefront needs of a running shop: the counter between the page and the workshop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bottega.actions.requests import (
    IngestAnswer,
    RecommendationAnswer,
    RecommendationRequest,
    SimilarAnswer,
    SimilarRequest,
)
from bottega.catalogue.product import Product
from bottega.names import EventKind

__all__ = ["Counter", "Deed"]


@dataclass(frozen=True)
class Deed:
    """One thing a shopper did."""

    kind: EventKind
    time_ms: int
    product_id: str | None = None
    query: str | None = None


class Counter(Protocol):
    """The verbs the page calls; the same ones that stand behind /v1."""

    name: str
    """What the shop calls itself."""
    currency: str
    """Of prices that name none."""
    images: Path
    """Folder of the shop's own pictures."""

    def products(self) -> Iterable[Product]:
        """Every product of the catalogue."""
        ...

    def recommend(self, request: RecommendationRequest) -> RecommendationAnswer:
        """A list of products for one place on the page."""
        ...

    def similar(self, request: SimilarRequest) -> SimilarAnswer:
        """Products like one product."""
        ...

    def take_events(self, events: Sequence[Mapping[str, Any]]) -> IngestAnswer:
        """Store what a visitor did; it counts from the next answer on."""
        ...

    def deeds(self, shopper: str, limit: int) -> list[Deed]:
        """What a shopper did, newest first."""
        ...

    def shoppers(self, limit: int) -> list[str]:
        """Some shoppers with a history worth showing."""
        ...
