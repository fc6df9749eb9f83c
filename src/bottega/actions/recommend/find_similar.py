"""Find similar: products like one product, by what they are. Works for a product that came a second ago."""

from __future__ import annotations

import time

from bottega.actions.recommend.answered_items import answered_items
from bottega.actions.recommend.explanation import Explainer
from bottega.actions.recommend.list_rules import ListRules
from bottega.actions.recommend.selection import Situation, select
from bottega.actions.recommend.shapes import SimilarAnswer, SimilarRequest
from bottega.actions.recommend.speech import speaking
from bottega.datasets.arrays import Histories
from bottega.errors import ProductUnknown
from bottega.models.recommend.answering.member import Asked
from bottega.names import KindCode
from bottega.shop.answering import States
from bottega.shop.open_shop import OpenShop

__all__ = ["find_similar"]


def find_similar(shop: OpenShop, request: SimilarRequest) -> SimilarAnswer:
    """The products most like `request.product_id`, never itself nor its variants. Raises `ProductUnknown`."""
    started = time.perf_counter()
    with shop.floor() as floor:
        item = floor.items.code(request.product_id)
        if item < 0:
            raise ProductUnknown.named(request.product_id)
        n_items = len(floor.items)
        seen = Asked.of(Histories.from_lists([[item]], n_items=n_items, kinds=[[int(KindCode.VIEW)]]))
        rules = ListRules(
            count=request.n or floor.settings.count,
            filter=request.filter,
            exclude_ids=request.exclude_ids,
            named=True,
        )
        with speaking(floor, "content", seen, States(), ()) as speech:
            selected = select(speech, rules, Situation.of_nobody([item], n_items=n_items))
            chosen = selected.list.chosen
            items, groups = answered_items(
                floor.shelf,
                chosen,
                selected.pool,
                Explainer(
                    speech,
                    lambda _: request.product_id,
                    0,
                    [one.item for one in chosen],
                    [one.row for one in chosen],
                    by_likeness=True,
                ),
                return_product=request.return_product,
            )
    took_ms = round((time.perf_counter() - started) * 1000, 3)
    return SimilarAnswer.model_validate({"items": items, "reason_groups": groups, "took_ms": took_ms})
