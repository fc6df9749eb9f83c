"""What somebody may mean while they type: searches of the past that led to products, categories, brands, products."""

from __future__ import annotations

import time

import numpy as np

from bottega.actions.search.shapes import CompleteAnswer, CompleteRequest, Completion
from bottega.languages.fold import fold, tokens
from bottega.models.blocks.best import best
from bottega.names import BoolArray
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.rules.occasion import Occasion
from bottega.shop.search.completing import CountedGroup
from bottega.shop.search.index import SearchIndex

__all__ = ["complete"]

OF_A_KIND = 3
"""At most so many categories, brands and searches each, so that products have room."""


def complete(shop: OpenShop, request: CompleteRequest) -> CompleteAnswer:
    """Whose words begin as those typed do, in any script, accents and small slips forgiven."""
    started = time.perf_counter()
    index = shop.search_index(look=False)
    with shop.floor() as floor:
        now_ms, tried = time.time_ns() // 1_000_000, shop.experiments.of_nobody("search")
        occasion = Occasion("search", now_ms, switched_on=tried.on, switched_off=tried.off)
        left = shop.rules.on(floor).left_on(occasion)
        known, text = shop.completing(floor, left), request.text
        most = min(OF_A_KIND, request.n)
        found = [Completion(kind="search", text=one) for one in known.searches(text, most)]
        said = {fold(one.text) for one in found}
        categories = [one for one in known.categories(text, most + len(said)) if fold(one.path[-1]) not in said]
        found += [_of_group("category", one) for one in categories[:most]]
        found += [_of_group("brand", one) for one in known.brands(text, most)]
        room = max(request.n - len(found), min(OF_A_KIND, request.n))
        usable = floor.shelf.usable if left is None else floor.shelf.usable & left.rows
        found = found[: max(request.n - room, 0)] + _products(index, floor, text, room, usable)
    return CompleteAnswer(items=found[: request.n], took_ms=round((time.perf_counter() - started) * 1000, 3))


def _of_group(kind: str, group: CountedGroup) -> Completion:
    value = " > ".join(group.path)
    return Completion.model_validate({"kind": kind, "text": group.path[-1], "value": value, "count": group.count})


def _products(index: SearchIndex, floor: Floor, text: str, n: int, usable: BoolArray) -> list[Completion]:
    """Products among those `usable` [V], what many shoppers chose first; of several variants one, and of several alike
    in name one."""
    rows = index.begun(text, usable)
    if not len(rows) and (finished := index.finished(text)):
        found = index.listings(finished, usable, n)
        rows = found.ids[: found.close_from]
    items = floor.shelf.item[rows]
    chosen = floor.shopper_counts[items] if len(rows) else np.zeros(0, dtype=np.int32)
    order = best(chosen.astype(np.int64), 20 * n)
    _, first = np.unique(items[order], return_index=True)
    found_first = rows[order[np.sort(first)]][: 3 * n].tolist()
    titles = floor.shelf.titles_at(found_first)
    start = " ".join(tokens(text))
    begins = [not " ".join(tokens(title)).startswith(start) for title in titles]
    ranked = sorted(range(len(found_first)), key=lambda place: (begins[place], place))
    told = {titles[place]: floor.shelf.product_id(found_first[place]) for place in reversed(ranked)}
    return [Completion(kind="product", text=title, product_id=id_) for title, id_ in list(told.items())[::-1][:n]]
