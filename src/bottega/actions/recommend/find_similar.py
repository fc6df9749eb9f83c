"""Find similar: products like one product, by what they are, by how they look, or by who did what with them.

Works for a product that came a second ago: where a way knows nothing of it, the next one speaks, and at last whatever
is of its kind.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

from bottega.actions.recommend.answered_items import answered_items
from bottega.actions.recommend.explanation import Explainer
from bottega.actions.recommend.list_rules import ListRules
from bottega.actions.recommend.list_source import ListSource
from bottega.actions.recommend.selection import Situation, select
from bottega.actions.recommend.shapes import SimilarAnswer, SimilarBy, SimilarRequest
from bottega.actions.recommend.speech import speaking
from bottega.catalogue.filter import Filter
from bottega.datasets.arrays import Histories
from bottega.errors import ProductUnknown
from bottega.models.recommend.answering.member import Asked
from bottega.models.recommend.last_mile.reason_words import sentence
from bottega.models.recommend.last_mile.reasons import Reason
from bottega.models.recommend.last_mile.rules import pinned
from bottega.names import BoolArray, KindCode
from bottega.shop.experiments import UNTRIED
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.imposed import Imposed
from bottega.shop.rules.occasion import Occasion
from bottega.shop.rules.pins import pins_of
from bottega.shop.rules.rule import SavedRule
from bottega.shop.shown import shown_as
from bottega.shop.taking_part import taken_part, taking_part
from bottega.shop.trained.answering import States

__all__ = ["find_similar"]

_MEMBER: dict[SimilarBy, str] = {"attributes": "content", "behaviour": "item_neighbours"}
"""The recommender that a way is asked of."""
LOOKS, KIND = ListSource.LOOKS.value, ListSource.SAME_KIND.value
"""Sources of what looks like the product, and of what is of its kind and nothing else is known of."""
_Item = dict[str, Any]
_Made = tuple[list[_Item], list[_Item]]
"""Items, and the groups that their reasons fall into."""
_NO_GROUPS: list[_Item] = []


def find_similar(
    shop: OpenShop, request: SimilarRequest, *, now_ms: int | None = None, saved: Sequence[SavedRule] | None = None
) -> SimilarAnswer:
    """The products most like `request.product_id`, never itself nor its variants; `now_ms` is the moment that they are
    told for, and with `saved` these rules hold as if they were the shop's saved ones. Raises `ProductUnknown`."""
    started = time.perf_counter()
    now_ms = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    by = request.by
    index = shop.search_index() if by == "looks" else None
    with shop.floor() as floor:
        item = floor.items.code(request.product_id)
        if item < 0:
            raise ProductUnknown.named(request.product_id)
        n = request.n or floor.settings.count
        rules = shop.rules.on(floor) if saved is None else shop.rules.given(saved, floor)
        wanted = request.filter.category if request.filter is not None else None
        who, tried = None, UNTRIED
        if saved is None:
            who, tried = taking_part(shop, floor, "similar", request, request.shopper, now_ms)
        where = tuple(wanted or ()), (request.product_id,)
        imposed = rules.on(Occasion("similar", now_ms, *where, switched_on=tried.on, switched_off=tried.off))
        if index is not None:
            product = floor.shelf.get(request.product_id)
            vector = None if product is None else index.vector_of(product)
            rows = _open(floor, request, item, imposed)
            first = (
                (
                    []
                    if vector is None
                    else _of_rows(floor, _lifted(imposed, index.like(vector, rows)), ListSource.LOOKS.value, n, request)
                ),
                _NO_GROUPS,
            )
        else:
            first = _told(floor, by, item, n, request, imposed)
        items, groups = [*first[0]], [*first[1]]
        fallback = None if items else ("attributes" if by != "attributes" else KIND)
        for more in _rest(floor, by, item, n, request, imposed):
            if len(items) >= n:
                break
            _join(items, groups, *more)
        acted: list[str] = []
        if imposed is not None:
            items, groups = _ruled(floor, imposed, items, groups, n, _open(floor, request, item, imposed), request)
            acted = imposed.acting([one.get("rules", []) for one in items], floor.shelf.allowed(request.filter)[0])
    items, groups = _listed(items[:n], groups)
    for one in items if tried.shows else ():
        one["product"] = shown_as(one["product"], tried.shows)
    given = taken_part(shop, tried, who, [one["product_id"] for one in items], now_ms)
    took_ms = round((time.perf_counter() - started) * 1000, 3)
    fields = {"items": items, "reason_groups": groups, "rules": acted, "by": by, "fallback": fallback}
    fields |= {"experiments": given, "took_ms": took_ms}
    return SimilarAnswer.model_validate(fields)


def _join(items: list[_Item], groups: list[_Item], more: list[_Item], of_more: list[_Item]) -> None:
    """Put more items behind, each product once, with the groups of their reasons."""
    known, before = {one["product_id"] for one in items}, len(groups)
    groups += of_more
    for one in more:
        if one["product_id"] not in known:
            number = one.get("reason_group")
            items.append(one | {"reason_group": number + before if number else None})


def _listed(items: list[_Item], groups: list[_Item]) -> tuple[list[_Item], list[_Item]]:
    """The items with their ranks, and the groups that have any of them, numbered in their order."""
    used = list(dict.fromkeys(one["reason_group"] for one in items if one.get("reason_group")))
    number = {old: new for new, old in enumerate(used, start=1)}
    kept: list[_Item] = [
        groups[old - 1]
        | {"product_ids": [one["product_id"] for one in items if one.get("reason_group") == old]}
        | {"reason_group": number[old]}
        for old in used
    ]
    ranked = [
        one | {"rank": rank, "reason_group": number.get(one.get("reason_group") or 0)}
        for rank, one in enumerate(items, start=1)
    ]
    return ranked, kept


def _rest(
    floor: Floor, by: SimilarBy, item: int, n: int, request: SimilarRequest, imposed: Imposed | None
) -> Iterator[_Made]:
    """What fills a list that came out short: by attributes, then of the product's kind, then whatever there is."""
    if by != "attributes":
        yield _told(floor, "attributes", item, n, request, imposed)
    product = floor.shelf.get(request.product_id)
    rows = _open(floor, request, item, imposed)
    if product is not None:
        for depth in range(len(product.category), 0, -1):
            path = " > ".join(product.category[:depth])
            mine = np.flatnonzero(rows & floor.shelf.matching(Filter(category=[path]))).tolist()
            yield _of_rows(floor, dict.fromkeys(mine[:n], 0.0), KIND, n, request), _NO_GROUPS
    yield _told(floor, "attributes", item, n, request, imposed, known_alone=False)


def _told(
    floor: Floor,
    by: SimilarBy,
    item: int,
    n: int,
    request: SimilarRequest,
    imposed: Imposed | None,
    *,
    known_alone: bool = True,
) -> _Made:
    """What a recommender names, the most alike first; `known_alone`: only what it has anything to say for."""
    name, n_items = _MEMBER[by], len(floor.items)
    if name not in floor.answering.members:
        return [], []
    seen = Asked.of(Histories.from_lists([[item]], n_items=n_items, kinds=[[int(KindCode.VIEW)]]))
    unpinned = None if imposed is None else imposed.without_pins  # the whole list gets them, not each way of filling it
    rules = ListRules(count=n, filter=request.filter, exclude_ids=request.exclude_ids, named=True, saved=unpinned)
    with speaking(floor, name, seen, States(), ()) as speech:
        selected = select(speech, rules, Situation.of_nobody([item], n_items=n_items))
        chosen = selected.list.chosen
        if known_alone:
            shares = selected.pool.shares_of([one.place for one in chosen])
            chosen = [one for one, share in zip(chosen, shares, strict=True) if sum(share.values()) > 0]
        items, rows = [one.item for one in chosen], [one.row for one in chosen]
        explainer = Explainer(speech, lambda _: request.product_id, 0, items, rows, by_likeness=by == "attributes")
        return answered_items(
            floor.shelf, chosen, selected.pool, explainer, saved=unpinned, return_product=request.return_product
        )


def _of_rows(floor: Floor, scored: dict[int, float], source: str, n: int, request: SimilarRequest) -> list[_Item]:
    """Items of rows with their scores, the best first; of several variants the first."""
    of_item: dict[int, int] = {}
    for row in sorted(scored, key=lambda row: (-scored[row], row)):
        of_item.setdefault(int(floor.shelf.item[row]), row)
    rows = list(islice(of_item.values(), n))
    products = floor.shelf.products_at(rows) if request.return_product else [None] * len(rows)
    return [
        {
            "product_id": floor.shelf.product_id(row),
            "rank": rank,
            "score": round(scored[row], 6),
            "source": source,
            "product": product,
        }
        for rank, (row, product) in enumerate(zip(rows, products, strict=True), start=1)
    ]


def _lifted(imposed: Imposed | None, scored: dict[int, float]) -> dict[int, float]:
    """Scores by row after boosts and buries."""
    if imposed is None or imposed.factors is None:
        return scored
    factors = imposed.factors.of_rows
    return {row: score * float(factors[row]) for row, score in scored.items()}


def _ruled(
    floor: Floor,
    imposed: Imposed,
    items: list[_Item],
    groups: list[_Item],
    n: int,
    open_: BoolArray,
    request: SimilarRequest,
) -> tuple[list[_Item], list[_Item]]:
    """The list with products at their places, each item with the rules that moved it."""
    row_of = floor.shelf.row_of
    if imposed.factors is not None:
        moved = imposed.factors.moved_rows([row_of(one["product_id"]) for one in items])
        items = [{"rules": rules} | one for one, rules in zip(items, moved, strict=True)]
    pins = pins_of(floor, imposed, open_)
    made = _of_rows(floor, dict.fromkeys(pins.rows, 0.0), ListSource.PIN.value, n, request)
    if not made:
        return items, groups
    rule_of, place_of = dict(zip(pins.rows, pins.rules, strict=True)), dict(zip(pins.rows, pins.places, strict=True))
    told = sentence(Reason("pinned"), [])
    number = len(groups) + 1
    codes = floor.shelf.item
    fixed: dict[int, _Item] = {}
    for row in pins.rows:
        one = next(each for each in made if row_of(each["product_id"]) == row)
        reason = {"code": "pinned", "text": told, "evidence": []}
        fixed[int(codes[row])] = one | {"rules": [rule_of[row]], "reasons": [reason], "reason_group": number}
    rest = {int(codes[row_of(one["product_id"])]): one for one in items}
    wanted = [(int(codes[row]), place_of[row]) for row in pins.rows]
    order = pinned(list(rest), wanted, n)
    more = {"reason_group": number, "code": "pinned", "text": told, "product_ids": []}
    return [fixed.get(code) or rest[code] for code in order], [*groups, more]


def _open(floor: Floor, request: SimilarRequest, item: int, imposed: Imposed | None) -> BoolArray:
    """Rows [V] that the list may show."""
    rows, _ = floor.shelf.allowed(request.filter)
    rows = rows if imposed is None or imposed.left is None else rows & imposed.left.rows
    codes = floor.items.codes([*request.exclude_ids, request.product_id])
    return rows & ~np.isin(floor.shelf.item, [item, *codes[codes >= 0].tolist()])
