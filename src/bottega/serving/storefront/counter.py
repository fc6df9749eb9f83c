"""The counter between the page and the workshop: the verbs the page calls, and who is known in this shop."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import IngestAnswer
from bottega.actions.recommend.find_similar import find_similar
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationAnswer, RecommendationRequest, SimilarAnswer, SimilarRequest
from bottega.actions.search.photo import search_photo
from bottega.actions.search.shapes import PhotoSearchAnswer, PhotoSearchRequest, SearchAnswer, SearchRequest
from bottega.actions.search.words import search_text
from bottega.actions.shoppers.affinities import words_of_taste
from bottega.actions.vision.uploads import Upload
from bottega.catalogue.product import Product
from bottega.names import KindCode
from bottega.serving.storefront.display import Displays
from bottega.shop.open_shop import OpenShop

__all__ = ["Counter", "Deed"]

DEEDS_READ = 200
"""Newest events of a shopper that are looked at."""
SAMPLE = 30_000
"""Newest events of the shop among which known shoppers are looked for."""
FEWEST, MOST = 12, 80
"""Events of a shopper worth showing: fewer tell little, more are often a robot's."""
CANDIDATES = 60


@dataclass(frozen=True)
class Deed:
    """One thing a shopper did."""

    kind: KindCode
    time_ms: int
    product_id: str | None = None
    query: str | None = None


class Counter:
    """One shop's storefront, answered by the same actions as /v1."""

    def __init__(self, shop: OpenShop) -> None:
        self._shop = shop
        self._known: list[str] = []
        self.displays = Displays(self._products, refresh_s=shop.settings.refresh_s)

    @property
    def name(self) -> str:
        """What the shop is called: its folder's name, in words."""
        words = self._shop.folder.root.name.replace("-", " ").replace("_", " ").strip()
        return words[:1].upper() + words[1:] or "Shop"

    @property
    def images(self) -> Path:
        """Folder of the shop's own pictures."""
        return self._shop.folder.images

    @property
    def currency(self) -> str:
        """Of prices that name none."""
        return self._shop.settings.currency

    def recommend(self, request: RecommendationRequest) -> RecommendationAnswer:
        """A list of products for one place on the page."""
        return recommend(self._shop, request)

    def similar(self, request: SimilarRequest) -> SimilarAnswer:
        """Products like one product."""
        return find_similar(self._shop, request)

    def search(self, request: SearchRequest) -> SearchAnswer:
        """Products by words; each hit carries its product, for its card."""
        return search_text(self._shop, request.model_copy(update={"return_product": True}))

    def search_photo(self, photo: Upload, request: PhotoSearchRequest) -> PhotoSearchAnswer:
        """Products like those on a photo; each hit carries its product, for its card."""
        request = request.model_copy(update={"return_product": True})
        return search_photo(self._shop, photo.content, request, name=photo.name)

    def record(self, rows: Sequence[Mapping[str, Any]]) -> IngestAnswer:
        """Store what a visitor did; it counts from the next answer on."""
        return record_events(self._shop, rows)

    def deeds(self, shopper: str) -> list[Deed]:
        """What a shopper did, newest first; an anonymous id means the shopper it has become."""
        rows = self._shop.store.events.of_shopper(self._shop.profile(shopper), DEEDS_READ)
        return [Deed(row.kind, row.time_ms, row.product_id, row.query) for row in rows]

    def taste(self, shopper: str) -> list[str]:
        """What sets a shopper apart, in a few words."""
        return words_of_taste(self._shop, shopper)

    def shoppers(self, limit: int) -> list[str]:
        """Shoppers with a history worth showing and different leading tastes; chosen once."""
        if len(self._known) < limit:
            self._known = self._choose(limit)
        return self._known

    def _choose(self, limit: int) -> list[str]:
        events = self._shop.folder.store.events
        rows = events.since(max(0, events.newest_seq() - SAMPLE), SAMPLE)
        named = [row for row in rows if row.shopper_id]
        activity = Tally(row.shopper for row in named)
        buyers = {row.shopper for row in named if row.kind == KindCode.PURCHASE}
        worth = [name for name, count in activity.most_common() if FEWEST <= count <= MOST and name in buyers]
        chosen: list[str] = []
        led: Tally[str] = Tally()
        for name in worth[:CANDIDATES]:
            if len(chosen) == limit:
                break
            words = self.taste(name)
            if len(words) > 1 and not led[words[0]]:
                led[words[0]] += 1
                chosen.append(name)
        return chosen

    def _products(self) -> list[Product]:
        with self._shop.floor() as floor:
            return list(floor.shelf.products)
