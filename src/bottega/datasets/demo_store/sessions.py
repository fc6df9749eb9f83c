"""The simulation: visits, one product after another, carts, purchases, and what follows from them.

All shoppers move together: round r is everybody's next visit, step t everybody's next product. docs/demo-shop.md tells
the same story in words and lists every probability.

Shapes   n shoppers on the move, K places on a shelf, D departments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.demo_store.catalogue import COLOUR_NAMES, DAYS, DemoCatalogue
from bottega.datasets.demo_store.departments import DEPARTMENT_CODE, DEPARTMENTS, BuyingRole
from bottega.datasets.demo_store.log import Log
from bottega.datasets.demo_store.shelves import Shelves, chosen
from bottega.datasets.demo_store.shoppers import Shoppers
from bottega.names import BoolArray, FloatArray, IntArray, KindCode, LongArray
from bottega.progress import Progress, silent

__all__ = ["Simulation"]

_D = len(DEPARTMENTS)
_STEPS_MAX = 14
_CART = 4
_SALE = (112, 117)
"""Days of the sale week."""
_LONG_AGO = -1000.0


@dataclass(slots=True)
class _Visit:
    """One round: who visits (`who` [n]), when, what for, and the state that changes from step to step."""

    who: LongArray
    visitor: LongArray
    """The same, as numbers in the log."""
    day: FloatArray
    session: LongArray
    department: IntArray
    restock: BoolArray
    back: BoolArray
    current: IntArray
    clock: FloatArray
    """Seconds since the visit began."""
    cart: IntArray
    """[n, 4] designs, -1 empty."""


class Simulation:
    """One demo shop's 120 days. `run` fills a log."""

    def __init__(
        self,
        catalogue: DemoCatalogue,
        shoppers: Shoppers,
        shelves: Shelves,
        rng: np.random.Generator,
        *,
        first_shopper: int = 0,
        first_session: int = 0,
    ) -> None:
        self._first_shopper, self._session = first_shopper, first_session
        self.c, self.s, self.shelves, self.rng = catalogue, shoppers, shelves, rng
        n = len(shoppers)
        self._rank = catalogue.price_rank()
        self._pull = 0.45 * np.log(catalogue.popularity + 0.5)
        self._last = np.full((n, _D), _LONG_AGO, dtype=np.float32)
        self._wish = np.full((n, _D), _LONG_AGO, dtype=np.float32)
        self._due = np.full((n, _D), np.inf, dtype=np.float32)
        self._again = np.full((n, _D), -1, dtype=np.int32)
        self._owned = np.full((n, 6), -1, dtype=np.int32)
        self._kept = np.full(n, -1, dtype=np.int32)
        self._mood = np.zeros(n, dtype=np.int32)
        self._turn = np.zeros(n, dtype=np.int64)
        role = np.array([d.role for d in DEPARTMENTS])
        self._durable, self._consumable = role == BuyingRole.DURABLE, role == BuyingRole.CONSUMABLE
        self._interval = np.array([d.interval_days or np.inf for d in DEPARTMENTS], dtype=np.float32)
        self._goes_with = np.zeros((_D, _D), dtype=np.float32)
        for i, d in enumerate(DEPARTMENTS):
            for strength, key in zip((1.0, 0.6), d.complements, strict=False):
                self._goes_with[i, DEPARTMENT_CODE[key]] = strength
        seasons = np.log(np.array([d.season for d in DEPARTMENTS], dtype=np.float32))
        self._season_from, self._season_by = seasons[:, 0], seasons[:, 1] - seasons[:, 0]

    def run(self, log: Log, *, progress: Progress = silent) -> int:
        """Play every visit until nobody has one left; returns the next free session number."""
        n, planned = len(self.s), self.s.visits.shape[1]
        everyone = np.arange(n)
        while True:
            regular = np.where(
                self._turn < planned, self.s.visits[everyone, np.minimum(self._turn, planned - 1)], np.inf
            )
            due = self._due.min(axis=1)
            day = np.minimum(regular, due)
            who = np.flatnonzero(day < DAYS)
            if not len(who):
                return self._session
            restock = due[who] < regular[who]
            back = ~restock & self.s.returns[who, np.minimum(self._turn[who], planned - 1)] & (self._kept[who] >= 0)
            self._turn[who[~restock]] += 1
            visit = self._open(who, day[who], self._session + np.arange(len(who)), restock, back)
            self._session += len(who)
            self._walk(visit, log)
            self._checkout(visit, log)
            progress("simulating shoppers", int(n - len(who)), n)

    def _open(self, who: LongArray, day: FloatArray, session: LongArray, restock: BoolArray, back: BoolArray) -> _Visit:
        """What each visit is for: what ran out, what was left open, or a department that interests them now."""
        since = day[:, None] - self._last[who]
        wants = self.s.department[who] + self._season_from + self._season_by * (day / DAYS)[:, None]
        wants -= np.where(self._durable & (since < 400), 5.0, 0.0)
        wants -= np.where(~self._durable & ~self._consumable, 0.9 * np.exp(-since / 18), 0.0)
        interval = self._interval * self.s.pace[who][:, None]
        wants -= np.where(self._consumable & (since < 0.6 * interval), 2.5, 0.0)
        wants += 3.0 * np.exp(-(day[:, None] - self._wish[who]) / 14)
        department = chosen(wants, self.rng).astype(np.int32)
        department = np.where(back & (self.rng.random(len(who)) < 0.8), self._mood[who], department)
        department = np.where(restock, self._due[who].argmin(axis=1), department).astype(np.int32)
        self._due[who[restock], department[restock]] = np.inf
        self._mood[who] = department
        empty = np.full((len(who), _CART), -1, dtype=np.int32)
        return _Visit(
            who,
            who + self._first_shopper,
            day,
            session,
            department,
            restock,
            back,
            np.full(len(who), -1, np.int32),
            np.zeros(len(who), np.float32),
            empty,
        )

    def _walk(self, v: _Visit, log: Log) -> None:
        """Steps of every visit, until each has seen enough."""
        rng = self.rng
        length = np.minimum(rng.geometric(1 / self.s.depth[v.who]), _STEPS_MAX)
        length = np.where(v.restock, rng.integers(1, 3, len(v.who)), length)
        seen = np.full((len(v.who), _STEPS_MAX), -1, dtype=np.int32)
        for step in range(int(length.max())):
            on = np.flatnonzero(length > step)
            design, searched, liking = self._next(v, on, step, seen)
            real = design >= 0
            on, design, searched, liking = on[real], design[real], searched[real], liking[real]
            if not len(on):
                return
            v.clock[on] += rng.lognormal(3.4, 0.8, len(on)).astype(np.float32)
            who, day = v.who[on], v.day[on]
            if searched.any():
                q = searched.nonzero()[0]
                log.add(KindCode.SEARCH, v, on[q], np.full(len(q), -1, np.int32), query=self._query(design[q]))
                v.clock[on] += np.where(searched, 6.0, 0.0).astype(np.float32)
            log.add(KindCode.VIEW, v, on, design)
            seen[on, step] = design
            v.current[on] = design
            department = self.c.department[design]
            sold_out = day >= self.c.sold_out_day[design]
            need = np.where(v.restock[on], 4.0, np.where(self._consumable[department], 0.5, 0.0))
            need += np.where(self._durable[department] & (day - self._last[who, department] < 400), -5.0, 0.0)
            heart = rng.random(len(on)) < 0.11 / (1 + np.exp(-(liking - 1.0)))
            log.add(KindCode.WISHLIST, v, on[heart], design[heart], later=5)
            take = (rng.random(len(on)) < 0.62 / (1 + np.exp(-(0.8 * liking + need - 1.9)))) & ~sold_out
            inside = (v.cart[on] >= 0) & (self.c.department[v.cart[on]] == department[:, None])
            take &= ~(inside & (self._durable[department][:, None] | (v.cart[on] == design[:, None]))).any(axis=1)
            take &= v.cart[on, -1] < 0
            log.add(KindCode.ADD_TO_CART, v, on[take], design[take], later=9)
            slot = (v.cart[on[take]] >= 0).sum(axis=1)
            v.cart[on[take], slot] = design[take]
            keep = (liking > 1.2) | take
            self._kept[who[keep]] = design[keep]

    def _next(self, v: _Visit, on: LongArray, step: int, seen: IntArray) -> tuple[IntArray, BoolArray, FloatArray]:
        """The product each of `on` opens now (-1 for none), whether a search led there, and how well it is liked."""
        rng, n, who = self.rng, len(on), v.who[on]
        u = self._ways(n)
        first = v.current[on] < 0
        similar = ~first & (u < 0.4)
        goes = ~first & (u >= 0.4) & (u < 0.55)
        other = ~first & (u >= 0.55) & (u < 0.61)
        lost = rng.random(n) < 0.035
        department = v.department[on].copy()
        department[other] = chosen(self.s.department[who[other]], rng)
        style = (
            (self.s.style[who].cumsum(axis=1) < rng.random(n)[:, None]).sum(axis=1).clip(0, self.s.style.shape[1] - 1)
        )
        shelf = self.shelves.page(department, style.astype(np.int32), rng)
        shelf[similar] = self.shelves.similar[v.current[on[similar]]]
        shelf[goes] = self.shelves.complements[v.current[on[goes]]]
        liking = self._liking(who, shelf, v.day[on])
        score = 1.1 * liking + self._pull[shelf] - 0.07 * np.arange(shelf.shape[1], dtype=np.float32)
        score -= np.where((shelf[:, :, None] == seen[on][:, None, :]).any(axis=2), 6.0, 0.0)
        score -= np.where((shelf[:, :, None] == self._owned[who][:, None, :]).any(axis=2), 2.0, 0.0)
        fresh = v.day[on][:, None] - self.c.launch_day[shelf]
        score += np.where(self.c.launch_day[shelf] >= 0, 0.8 * np.exp(-np.maximum(fresh, 0) / 12), 0.0)
        kind = self.c.department[shelf]
        here = self.c.department[v.current[on]]
        home = np.where(similar, here, department)[:, None]
        wrong = np.where(goes[:, None], self._goes_with[here[:, None], kind] == 0, kind != home)
        score = np.where((fresh < 0) | wrong, -1e9, score)
        at = chosen(score, rng)
        rows = np.arange(n)
        design, liked = shelf[rows, at], liking[rows, at]
        usual = np.where(v.restock[on], self._again[who, v.department[on]], np.where(v.back[on], self._kept[who], -1))
        known = first & (usual >= 0) & (rng.random(n) < np.where(v.restock[on], 0.85, 0.6))
        design = np.where(known, usual, np.where(lost, rng.integers(0, len(self.c), n), design)).astype(np.int32)
        changed = known | lost
        if changed.any():
            liked[changed] = self._liking(who[changed], design[changed][:, None], v.day[on][changed])[:, 0]
        design[(v.day[on] < self.c.launch_day[design]) | (~changed & (score[rows, at] < -1e8))] = -1
        paged = ~(similar | goes | changed)
        return design, paged & (rng.random(n) < np.where(first, 0.38, 0.16)), liked.astype(np.float32)

    def _ways(self, n: int) -> NDArray[np.float64]:
        """How each of `n` looks for the next product: below 0.4 among similar ones, to 0.55 among what goes with it, to
        0.61 in another department, else on a page of their own. benchmarks/experiments.py takes the first two away."""
        return self.rng.random(n)

    def _liking(self, who: LongArray, shelf: IntArray, day: FloatArray) -> FloatArray:
        """How well a shopper likes each design [n, K]: style, colours, pattern, price, fit. About 0 on average."""
        s, c, row = self.s, self.c, who[:, None]
        price = np.abs(self._rank[shelf] - s.price_rank[who][:, None]) * s.price_care[who][:, None]
        sale = ((day >= _SALE[0]) & (day < _SALE[1]))[:, None] * 0.4
        out = 0.95 * np.log(s.style[row, c.style[shelf]] + 0.02) + 1.9
        out += 0.9 * s.colour[row, c.colours[shelf, 0]] + 0.35 * s.colour[row, c.colours[shelf, 1]]
        out += 0.9 * s.pattern[row, c.pattern[shelf]] - price + sale
        gender, own = c.gender[shelf], s.gender[who][:, None]
        out -= np.where((gender > 0) & (gender < 3) & (own > 0) & (gender != own), 2.2, 0.0)
        return np.asarray(out, dtype=np.float32)

    def _query(self, design: IntArray) -> IntArray:
        """A search code: 100 * department + 0 (its word), 1.. (a colour before it) or 29.. (a pattern before it)."""
        kind = self.rng.choice(3, len(design), p=[0.4, 0.3, 0.3])
        rest = np.where(
            kind == 0,
            0,
            np.where(kind == 1, 1 + self.c.colours[design, 0], 1 + len(COLOUR_NAMES) + self.c.pattern[design]),
        )
        return (self.c.department[design] * 100 + rest).astype(np.int32)

    def _checkout(self, v: _Visit, log: Log) -> None:
        """Some put things back, some leave the cart standing, some pay; then wants, stocks and ratings change."""
        rng = self.rng
        full = v.cart[:, 0] >= 0
        sale = (v.day >= _SALE[0]) & (v.day < _SALE[1])
        pays = full & (
            rng.random(len(full)) < np.where(v.restock, 0.93, np.where(sale, 0.74, np.where(v.back, 0.7, 0.52)))
        )
        v.clock += 40
        for slot in range(_CART):
            on = np.flatnonzero(v.cart[:, slot] >= 0)
            dropped = rng.random(len(on)) < np.where(v.restock[on], 0.02, 0.09)
            log.add(KindCode.REMOVE_FROM_CART, v, on[dropped], v.cart[on[dropped], slot])
            on = on[~dropped]
            on = on[pays[on]]
            if len(on):
                self._buy(v, on, v.cart[on, slot], log)

    def _buy(self, v: _Visit, on: LongArray, design: IntArray, log: Log) -> None:
        rng, who, day = self.rng, v.who[on], v.day[on]
        department = self.c.department[design]
        runs_out = self._consumable[department]
        quantity = np.where(runs_out & (rng.random(len(on)) < 0.15), 2, 1)
        log.add(KindCode.PURCHASE, v, on, design, quantity=quantity, later=30)
        self._last[who, department] = day
        self._again[who, department] = design
        self._owned[who] = np.roll(self._owned[who], 1, axis=1)
        self._owned[who, 0] = design
        self._kept[who[self.c.department[self._kept[who]] == department]] = -1
        wish = day[:, None] - np.where(
            self._goes_with[department] > 0, -10 * np.log(self._goes_with[department] + 1e-9), 1e4
        )
        self._wish[who] = np.maximum(self._wish[who], wish.astype(np.float32))
        lasts = self._interval[department] * self.s.pace[who] * rng.lognormal(0, 0.12, len(on)) * (0.1 + 0.9 * quantity)
        stays = runs_out & (rng.random(len(on)) < 0.8)
        evening = np.floor(day + lasts) + rng.uniform(0.75, 0.95, len(on))
        self._due[who, department] = np.where(stays, evening, np.where(runs_out, np.inf, self._due[who, department]))
        rates = rng.random(len(on)) < 0.16
        liked = self._liking(who[rates], design[rates][:, None], day[rates])[:, 0]
        stars = np.clip(np.round(3.7 + 0.45 * liked + rng.normal(0, 0.8, rates.sum())), 1, 5)
        wait = rng.uniform(2, 12, rates.sum()) * 86_400
        log.add(KindCode.RATE, v, on[rates], design[rates], rating=stars, later=wait)
