"""Bots and scrapers among shoppers: who does what no person does.

Idea     A person pauses, comes back and puts something into a cart. Who looks at a product a second for minutes, in
         even gaps by the hundred, along the catalogue or around the clock, is a program. Ids that did nothing but look
         once are common; hundreds of them at one product that others hardly look at were made to lift it.
Serves   Only views and clicks can give a bot away, and a cart, a purchase, a search or a rating clears whoever is not
         too fast. Where many shoppers show a sign it is the source's habit, and nobody is one.
Costs    A pass over the events, sorted by shopper and time; 100 bytes an event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from bottega.events.quality.clocks import evenly_timed
from bottega.names import BoolArray, KindCode, LongArray

__all__ = ["BOT_COLUMNS", "Bot", "Bots", "Places", "find_bots"]

BOT_COLUMNS = ("shopper", "product_id", "kind", "time_ms")
"""What `find_bots` asks of a frame, sorted by shopper and time."""

_FAST, _FAST_MS = 60, 60_000
_MANY = 100
_EVEN_SHARE, _EVEN_WITHIN = 0.9, 0.25
_IN_ORDER = 0.7
_TIRELESS_MS, _PAUSE_MS = 24 * 3_600_000, 3_600_000
_RING, _RING_TIMES = 50, 10
_SHARE_MOST = 0.05
"""A larger share of shoppers with one sign is no exception."""
_FEW = 3
_CLEARING = [
    int(kind)
    for kind in (
        KindCode.ADD_TO_CART, KindCode.WISHLIST, KindCode.PURCHASE, KindCode.SEARCH, KindCode.RATE,
        KindCode.REMOVE_FROM_CART, KindCode.TRY_ON,
    )
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bot:
    """One shopper taken for a bot: the rule, and what was seen."""

    shopper: str
    rule: str
    seen: str
    events: int


@dataclass(slots=True)
class Bots:
    """Who they are, and the signs that too many showed."""

    found: list[Bot] = field(default_factory=list)
    too_many: dict[str, int] = field(default_factory=dict)
    """Rule to how many showed it."""
    lifted: dict[str, int] = field(default_factory=dict)
    """Product to how many ids of a ring looked at it."""


Places = Callable[[], Mapping[str, int]]
"""The place of each product in the catalogue, by id; asked for once somebody is busy enough."""


def find_bots(frame: pl.DataFrame, places: Places) -> Bots:
    """The bots among those who did these events (`BOT_COLUMNS`)."""
    found = Bots()
    if frame.height < _MANY // 2:
        return found
    frame = frame.select(BOT_COLUMNS)
    shoppers = frame.select(pl.col("shopper").rle()).unnest("shopper")
    lengths, names = shoppers["len"].to_numpy().astype(np.int64), shoppers["value"]
    offsets: LongArray = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    kinds = frame["kind"].to_numpy()
    looked = np.isin(kinds, [int(KindCode.VIEW), int(KindCode.CLICK)])
    clearing = np.add.reduceat(np.isin(kinds, _CLEARING).astype(np.int64), offsets[:-1])
    views = np.add.reduceat(looked.astype(np.int64), offsets[:-1])
    products = frame["product_id"].to_physical() if frame["product_id"].dtype == pl.Categorical else frame["product_id"]
    codes = products.rank("dense").fill_null(0).to_numpy().astype(np.int64)
    times = frame["time_ms"].to_numpy().astype(np.int64)
    taken: dict[int, tuple[str, str]] = {}
    timed = not evenly_timed(times, offsets) > _SHARE_MOST  # else the times are made up, and no gap says anything
    signs: dict[str, dict[int, str]] = {"bot_fast": {}, "bot_walk": {}, "bot_regular": {}, "bot_tireless": {}}
    for one in np.flatnonzero(views >= _FAST).tolist():
        span = slice(int(offsets[one]), int(offsets[one + 1]))
        seen = looked[span]
        told = _signs(
            times[span][seen], codes[span][seen], frame["product_id"][span], seen, places, bool(clearing[one])
        )
        for rule, said in told.items():
            if timed or rule == "bot_walk":
                signs[rule][one] = said
    busy = int((views >= 10).sum())
    for rule, those in signs.items():
        if len(those) > max(_FEW, _SHARE_MOST * busy):
            found.too_many[rule] = len(those)
        else:
            for one, said in those.items():
                taken.setdefault(one, (rule, said))
    for one, product, said in _rings(frame, offsets, lengths, looked, codes, found):
        taken.setdefault(one, ("bot_ring", f"{said}: {product}"))
    found.found = [Bot(str(names[one]), *taken[one], int(lengths[one])) for one in sorted(taken)]
    return found


def _signs(
    times: LongArray, codes: LongArray, ids: pl.Series, looked: BoolArray, places: Places, cleared: bool
) -> dict[str, str]:
    """What gives one shopper away, by their views in the order of time."""
    told: dict[str, str] = {}
    other = np.concatenate([[True], codes[1:] != codes[:-1]])
    at, of = times[other], codes[other]
    if len(at) >= _FAST:
        spans = at[_FAST - 1 :] - at[: -(_FAST - 1)]
        quick = np.flatnonzero((spans < _FAST_MS) & (spans > 0))
        for start in quick[:200].tolist():
            if len(np.unique(of[start : start + _FAST])) >= _FAST // 2:
                told["bot_fast"] = f"{_FAST} views in {spans[start] / 1000:.0f} s"
                break
    if cleared or len(at) < _MANY:
        return told
    gaps = np.diff(at)
    middle = float(np.median(gaps))
    even = np.abs(gaps - middle) <= _EVEN_WITHIN * middle
    if middle >= 1 and even.mean() >= _EVEN_SHARE:
        told["bot_regular"] = f"{len(at):,} views, one every {middle / 1000:.1f} s"
    known = places()
    of_catalogue = [known.get(one, -(10**9)) for one in ids.filter(pl.Series(looked)).to_list()]
    steps = np.diff(np.array(of_catalogue, dtype=np.int64)[other])
    if (np.abs(steps) == 1).mean() >= _IN_ORDER and abs(steps.mean()) > 0.3:
        told["bot_walk"] = f"{len(at):,} views along the catalogue"
    if _longest(at) >= _TIRELESS_MS:
        told["bot_tireless"] = f"{len(at):,} views, {_longest(at) / 3_600_000:.0f} hours without a pause"
    return told


def _longest(times: LongArray) -> int:
    """The longest stretch without a pause."""
    starts = np.concatenate([[0], np.flatnonzero(np.diff(times) > _PAUSE_MS) + 1])
    ends = np.append(starts[1:], len(times)) - 1
    return int((times[ends] - times[starts]).max())


def _rings(
    frame: pl.DataFrame,
    offsets: LongArray,
    lengths: LongArray,
    looked: BoolArray,
    codes: LongArray,
    found: Bots,
) -> list[tuple[int, str, str]]:
    """Shoppers of a single view, at a product that has ten times as many of them as others' views would bring."""
    once = np.flatnonzero((lengths == 1) & looked[offsets[:-1]])
    if len(once) < _RING:
        return []
    n_codes = int(codes.max()) + 1
    single = np.bincount(codes[offsets[once]], minlength=n_codes)
    of_once = np.zeros(len(codes), dtype=np.bool_)
    of_once[offsets[once]] = True
    owner = np.repeat(np.arange(len(lengths)), lengths)
    others = ~of_once & (codes > 0)
    pairs = np.unique(np.stack([owner[others], codes[others]]), axis=1)
    several = np.bincount(pairs[1], minlength=n_codes) if pairs.size else np.zeros(n_codes, dtype=np.int64)
    usual = (len(once) - single) * (several + 0.5) / max(float(several.sum()), 1.0)
    lifted = np.flatnonzero((single >= _RING) & (single > _RING_TIMES * np.maximum(usual, 1.0)))
    bought = np.isin(codes, lifted) & np.isin(frame["kind"].to_numpy(), _CLEARING)
    of_product = np.bincount(codes[bought], minlength=n_codes)
    ring: list[tuple[int, str, str]] = []
    for code in lifted.tolist():
        if of_product[code] > 0.02 * single[code] and several[code] > 0.1 * single[code]:
            continue  # others want it, too: a landing page
        members = once[codes[offsets[once]] == code]
        product = str(frame["product_id"][int(offsets[members[0]])])
        found.lifted[product] = len(members)
        ring += [(int(one), product, f"{len(members):,} ids of one view") for one in members.tolist()]
    return ring
