"""The demo shop's simulator for experiments.py: with its rails or without, and which views came through one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.demo_store.catalogue import DAYS, DemoCatalogue, design_catalogue
from bottega.datasets.demo_store.log import Log
from bottega.datasets.demo_store.sessions import Simulation
from bottega.datasets.demo_store.shelves import Shelves
from bottega.datasets.demo_store.shoppers import Shoppers, draw_shoppers
from bottega.names import DAY_MS, IntArray, KindCode, LongArray

__all__ = ["Played"]

Floats = NDArray[np.float64]
RAILS = 0.55
"""Below it, a shopper looks among similar products or among what goes with this one: on a rail of the product page."""
HORIZON_DAYS = 7


class _Walk(Simulation):
    """Keeps which of the products just opened stood on a rail of the one before."""

    def __init__(
        self, catalogue: DemoCatalogue, shoppers: Shoppers, shelves: Shelves, rng: np.random.Generator, *, rails: bool
    ) -> None:
        super().__init__(catalogue, shoppers, shelves, rng)
        self._rails = rails
        self._drawn = np.empty(0)
        self.through = np.empty(0)

    def _ways(self, n: int) -> Floats:
        drawn = super()._ways(n)
        self._drawn = drawn if self._rails else RAILS + (1 - RAILS) * drawn
        return self._drawn

    def _next(self, v: Any, on: LongArray, step: int, seen: IntArray) -> Any:
        design, searched, liked = super()._next(v, on, step, seen)
        here = v.current[on]
        shown = np.concatenate([self.shelves.similar[here], self.shelves.complements[here]], axis=1)
        through = (here >= 0) & (self._drawn < RAILS) & (shown == design[:, None]).any(axis=1)
        self.through = through[design >= 0].astype(np.float64)
        return design, searched, liked


class _RailLog(Log):
    """Whether a rail led to a view stands in the column of ratings, which views have none in."""

    walk: _Walk

    def add(self, kind: KindCode, moment: Any, on: LongArray, design: IntArray, **more: Any) -> None:
        if kind is KindCode.VIEW:
            more["rating"] = self.walk.through
        super().add(kind, moment, on, design, **more)


class Played:
    """120 days of one demo shop of 600 products: its events as columns, by time."""

    def __init__(self, shoppers: int, *, seed: int, rails: bool) -> None:
        designs, people, acts = (np.random.default_rng(one) for one in np.random.SeedSequence(seed).spawn(3))
        self.shoppers = shoppers
        self.catalogue = design_catalogue(600, designs)
        self.shelves = Shelves(self.catalogue)
        log = _RailLog(0, DAYS * DAY_MS)
        log.walk = _Walk(self.catalogue, draw_shoppers(shoppers, people), self.shelves, acts, rails=rails)
        log.walk.run(log)
        events = log.columns()
        self.of: dict[KindCode, dict[str, NDArray[Any]]] = {}
        for kind in (KindCode.VIEW, KindCode.ADD_TO_CART, KindCode.PURCHASE):
            mine = events["kind"] == kind
            self.of[kind] = {
                "shopper": events["shopper"][mine],
                "design": events["design"][mine].astype(np.int64),
                "time_ms": events["time_ms"][mine],
                "session": events["session"][mine],
                "pieces": events["quantity"][mine],
                "through": events["rating"][mine] == 1,
            }

    def paid(self) -> Floats:
        """What each purchase came to."""
        bought = self.of[KindCode.PURCHASE]
        prices = self.catalogue.price_minor[bought["design"]].astype(np.float64) / 100
        return np.asarray(prices * bought["pieces"])

    def of_shopper(self) -> Floats:
        """What each shopper paid in all 120 days."""
        buyers = self.of[KindCode.PURCHASE]["shopper"]
        return np.bincount(buyers, weights=self.paid(), minlength=self.shoppers).astype(np.float64)

    def week(self) -> Floats:
        """What each shopper paid in the seven days after they first came; who came too late for that is left out."""
        views, bought = self.of[KindCode.VIEW], self.of[KindCode.PURCHASE]
        came = np.full(self.shoppers, np.iinfo(np.int64).max)
        np.minimum.at(came, views["shopper"], views["time_ms"])
        early = came <= (DAYS - HORIZON_DAYS) * DAY_MS
        inside = bought["time_ms"] < came[bought["shopper"]] + HORIZON_DAYS * DAY_MS
        inside &= early[bought["shopper"]]
        paid = np.bincount(bought["shopper"][inside], weights=self.paid()[inside], minlength=self.shoppers)
        return np.asarray(paid[early], dtype=np.float64)
