"""Find similar: products like one product, by what they are. Works for a product that came a second ago."""

from __future__ import annotations

import time

import numpy as np

from bottega.actions.recommend.after_purchases import AfterPurchases
from bottega.actions.recommend.explanation import Explainer
from bottega.actions.recommend.selection import Situation, select
from bottega.actions.recommend.shapes import AnsweredItem, RecommendationRequest, SimilarAnswer, SimilarRequest
from bottega.datasets.arrays import Histories
from bottega.errors import ProductUnknown
from bottega.models.recommend.affinity.declared_tastes import DeclaredGains
from bottega.names import KindCode
from bottega.shop.open_shop import OpenShop

__all__ = ["find_similar"]


def find_similar(shop: OpenShop, request: SimilarRequest) -> SimilarAnswer:
    """The products most like `request.product_id`, never itself nor its variants. Raises `ProductUnknown`."""
    started = time.perf_counter()
    with shop.floor() as floor:
        item = floor.items.code(request.product_id)
        if item < 0:
            raise ProductUnknown(
                f"No product has the id {request.product_id!r}.",
                next_step="Post it to /v1/products first, or look its id up with /v1/products/query.",
            )
        history = Histories.from_lists([[item]], n_items=len(floor.items), kinds=[[int(KindCode.VIEW)]])
        model = floor.members["content"]
        wanted = RecommendationRequest(
            placement="product",
            product_ids=[request.product_id],
            strategy="content",
            n=request.n,
            filter=request.filter,
            exclude_ids=request.exclude_ids,
            diversity=0.0,
            novelty=0.0,
            price_fit=0.0,
        )
        n_items = len(floor.items)
        nobody = AfterPurchases.none(n_items), DeclaredGains.nothing(n_items)
        situation = Situation(np.zeros(0, dtype=np.int32), [item], set(), *nobody)
        chosen = select(floor, wanted, situation, model.score(history)[0]).chosen
        explainer = Explainer(floor, history, [request.product_id], 0, [one.item for one in chosen])
        items = [
            AnsweredItem(
                product_id=floor.shelf.products[one.row].id,
                rank=rank,
                score=round(one.score, 6),
                source="content",
                reasons=[explainer.explain(one.item, "", {"content": 1.0})],
                product=floor.shelf.products[one.row] if request.return_product else None,
            )
            for rank, one in enumerate(chosen, start=1)
        ]
    return SimilarAnswer(items=items, took_ms=round((time.perf_counter() - started) * 1000, 3))
