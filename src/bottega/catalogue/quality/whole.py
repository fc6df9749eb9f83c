"""What only the whole catalogue shows: doubles, prices far from the others, fields that only a few lack.

Each check is a function of the facts (`facts.py`) and yields findings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bottega.catalogue.quality.facts import Facts
from bottega.names import LongArray
from bottega.sources.findings import FEED, CheckFinding

__all__ = ["whole_findings"]

_ENOUGH = 20
"""Products from which a majority says anything."""
_HARDLY = 0.02
"""Share of the products on sale below which there is nothing to recommend."""
_MAIN_HOST = 0.9
_MANY_TEXTS = 5
_FAR = np.log(20.0)
"""Prices of one category may differ by this factor before the spread of the others is asked."""
_FAR_SPREADS = 6.0
_PICTURE_MOST = 20
"""More products of one picture have a placeholder (`image_placeholder`)."""


def whole_findings(facts: Facts) -> Iterator[CheckFinding]:
    """Everything that the whole shows, groups apart (`groups.py`)."""
    return chain(
        _for_sale(facts),
        _repeated(facts),
        _shared(facts),
        _near_texts(facts),
        _hosts(facts),
        _prices(facts),
        _spellings(facts),
        _flat(facts),
    )


def _for_sale(facts: Facts) -> Iterator[CheckFinding]:
    sold = int(np.sum(facts.sold))
    if len(facts) >= _ENOUGH and sold < _HARDLY * len(facts):
        yield CheckFinding("nothing_for_sale", FEED, "availability", f"{sold:,} of {len(facts):,} products can be sold")


def sets_of(facts: Facts, values: LongArray) -> Iterator[LongArray]:
    """Products of different groups that share a number other than 0: one product of each group."""
    said = np.flatnonzero(values)
    if not len(said):
        return
    pairs = np.stack([values[said], facts.own_group[said]])
    _, first = np.unique(pairs, axis=1, return_index=True)
    one_each = said[np.sort(first)]
    order = one_each[np.argsort(values[one_each], kind="stable")]
    keys = values[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    ends = np.append(starts[1:], len(order))
    several = np.flatnonzero(ends - starts > 1)
    found = [np.sort(order[starts[place] : ends[place]]) for place in several.tolist()]
    yield from sorted(found, key=lambda products: int(products[0]))


def _repeated(facts: Facts) -> Iterator[CheckFinding]:
    for products in sets_of(facts, facts.column("all_but_id")):
        yield CheckFinding("product_repeated", facts.rows[products[0]], "id", facts.named(products))


def _shared(facts: Facts) -> Iterator[CheckFinding]:
    same = facts.column("all_but_id")
    for rule, name, least, most in (
        ("title_shared", "title", 2, None),
        ("url_shared", "url", 2, None),
        ("description_shared", "description", _MANY_TEXTS, None),
        ("picture_shared", "picture", 2, _PICTURE_MOST),
    ):
        values = facts.column(name)
        for products in sets_of(facts, values):
            told = same[products]
            repeated = bool(told[0]) and bool((told == told[0]).all())  # said by product_repeated
            said = rule != "url_shared" and (repeated or facts.are_variants(products))
            if least <= len(products) <= (most or len(products)) and not said:
                field = "images" if name == "picture" else name
                yield CheckFinding(
                    rule, facts.rows[products[0]], field, f"{len(products):,} products: {facts.named(products)}"
                )


def _near_texts(facts: Facts) -> Iterator[CheckFinding]:
    title, text, told = (facts.column(name) for name in ("title", "description", "all_but_id"))
    for near in facts.texts.near():
        _, first = np.unique(facts.own_group[near], return_index=True)
        products = near[np.sort(first)]
        if len(products) < 2 or (told[products[0]] and (told[products] == told[products[0]]).all()):
            continue
        same_title = (title[products] == title[products[0]]).all()
        copied = len(products) >= _MANY_TEXTS and (text[products] == text[products[0]]).all() and text[products[0]]
        if same_title or copied or facts.are_variants(products):  # said by other rules
            continue
        seen = f"{len(products):,} products: {facts.named(products)}"
        yield CheckFinding("text_near", facts.rows[products[0]], "description", seen)


def _hosts(facts: Facts) -> Iterator[CheckFinding]:
    hosts = np.array(facts.host, dtype=np.int64)
    linked = hosts[hosts >= 0]
    if len(linked) < _ENOUGH:
        return
    counts = np.bincount(linked)
    main = int(counts.argmax())
    if _MAIN_HOST * len(linked) <= counts[main] < len(linked):
        names = list(facts.hosts)
        for product in np.flatnonzero((hosts >= 0) & (hosts != main)).tolist():
            seen = f"{names[hosts[product]]} (others: {names[main]})"
            yield CheckFinding("url_elsewhere", facts.rows[product], "url", seen)


def _prices(facts: Facts) -> Iterator[CheckFinding]:
    """Far from the median of the category, in a currency, on the scale of logarithms; of a small category, from that of
    all products."""
    prices, money = np.array(facts.price), np.array(facts.currency, dtype=np.int64)
    known = np.flatnonzero(np.isfinite(prices) & (prices > 0))
    if not len(known):
        return
    key = (facts.category_codes[known].astype(np.int64) + 1) * (len(facts.currencies) + 1) + money[known]
    order = np.argsort(key, kind="stable")
    small = []
    for products in np.split(known[order], np.flatnonzero(np.diff(key[order])) + 1):
        if len(np.unique(facts.own_group[products])) < _ENOUGH:
            small.append(products)
            continue
        name = list(facts.categories)[facts.category[products[0]]] if facts.category[products[0]] >= 0 else ()
        yield from _far(facts, prices, products, products, " > ".join(name) or "all")
    for products in small:
        everywhere = known[money[known] == money[products[0]]]
        if len(np.unique(facts.own_group[everywhere])) >= _ENOUGH:
            yield from _far(facts, prices, products, everywhere, "all")


def _far(
    facts: Facts, prices: NDArray[np.float64], products: LongArray, among: LongArray, name: str
) -> Iterator[CheckFinding]:
    """Those of the products whose prices lie far from the middle of those among which they stand."""
    logs = np.log(prices[among])
    middle = float(np.median(logs))
    far_at = max(_FAR, _FAR_SPREADS * 1.4826 * float(np.median(np.abs(logs - middle))))
    if np.sum(np.abs(logs - middle) > far_at) > max(2, 0.02 * len(among)):
        return  # so many are no mistakes: it is a category of all sorts
    for product in products[np.abs(np.log(prices[products]) - middle) > far_at].tolist():
        seen = f"{prices[product]:g}, where the middle of {name} is {np.exp(middle):g}"
        yield CheckFinding("price_far", facts.rows[product], "price", seen)


def _spellings(facts: Facts) -> Iterator[CheckFinding]:
    for name, counts in facts.spellings.items():
        if name in facts.free:
            continue
        by_key: dict[str, list[str]] = defaultdict(list)
        for value in counts:
            by_key["".join(mark for mark in value.casefold() if mark.isalnum())].append(value)
        for key, values in by_key.items():
            if key and len(values) > 1:
                shown = ", ".join(f"{value} ({counts[value]:,})" for value in sorted(values, key=lambda v: -counts[v]))
                yield CheckFinding("values_spelt", FEED, name, shown)


def _flat(facts: Facts) -> Iterator[CheckFinding]:
    depths = np.array([len(path) for path in facts.categories], dtype=np.int64)
    codes = facts.category_codes
    known = codes[codes >= 0]
    if len(known) >= _ENOUGH and len(facts.categories) > 1 and (depths[known] == 1).mean() > 0.9:
        yield CheckFinding(
            "category_flat", FEED, "category", f"{len(facts.categories):,} categories, none below another"
        )
