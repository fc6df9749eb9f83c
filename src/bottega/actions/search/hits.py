"""From scored products to the items of a search's answer: one of each product's variants, as many as asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bottega.actions.search.shapes import Hit, PhotoSearchRequest, SearchRequest
from bottega.shop.floor import Floor
from bottega.shop.search_index import SearchIndex

__all__ = ["FoundBy", "hits"]

FoundBy = Literal["photo", "words"]


def hits(
    index: SearchIndex,
    floor: Floor,
    scored: Mapping[int, tuple[float, list[FoundBy]]],
    request: PhotoSearchRequest | SearchRequest,
) -> list[Hit]:
    """The best products, code to score and what found it; of several variants the best one stands for all."""
    count = request.n or floor.settings.count
    taken: set[int] = set()
    found: list[Hit] = []
    for code, (score, by) in sorted(scored.items(), key=lambda pair: (-pair[1][0], pair[0])):
        id_ = index.ids[code]
        item = floor.live.items.code(id_)
        if item in taken or id_ not in floor.shelf.row:
            continue
        taken.add(item)
        product = floor.shelf.products[floor.shelf.row[id_]] if request.return_product else None
        found.append(Hit(item_id=id_, rank=len(found) + 1, score=round(score, 6), found_by=by, product=product))
        if len(found) == count:
            break
    return found
