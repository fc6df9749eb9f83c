"""Events in, answers out: a shop from its first product to a trained model, through the verbs alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest, UpsertRequest
from bottega.actions.intake.upsert_products import upsert_products
from bottega.actions.recommend.find_similar import find_similar
from bottega.actions.recommend.recommend import recommend, recommend_many
from bottega.actions.recommend.shapes import RecommendationRequest, SimilarRequest, TrainRequest
from bottega.actions.recommend.train import train
from bottega.catalogue.filter import Filter
from bottega.errors import CatalogueEmpty, ModelUnknown
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

DAY_MS = 86_400_000
START_MS = 1_767_225_600_000


def ids(answer: object) -> list[str]:
    return [item.product_id for item in answer.items]  # type: ignore[attr-defined]


def test_from_an_empty_shop_to_a_trained_one(tmp_path: Path) -> None:
    with OpenShop.open(tmp_path) as answerer:
        with pytest.raises(CatalogueEmpty):
            recommend(answerer, RecommendationRequest())
        kinds = {"pen": ("Paper", "Pens"), "book": ("Paper", "Books"), "pot": ("Garden", "Pots")}
        rows = [
            {"id": f"{kind}-{i}", "title": f"{kind} {i}", "category": path, "brand": f"b{i % 4}"}
            for kind, path in kinds.items()
            for i in range(12)
        ]
        assert upsert_products(answerer, UpsertRequest(products=rows)).added == 36
        first = recommend(answerer, RecommendationRequest(shopper="v", n=6))
        assert len(first.items) == 6 and first.fallback == "untrained"

        rng = np.random.default_rng(3)
        events = []
        for shopper in range(30):
            kind = list(kinds)[shopper % 3]
            start = int(rng.integers(0, 12))
            for step in range(5):
                events.append(
                    {
                        "shopper_id": f"s{shopper}",
                        "kind": "view",
                        "product_id": f"{kind}-{(start + step) % 12}",
                        "time_ms": START_MS + shopper * DAY_MS + step * 60_000,
                    }
                )
        posted = record_events(answerer, RecordRequest(events=events))
        assert posted.accepted == 150 and record_events(answerer, RecordRequest(events=events)).duplicates == 150

        with ShopFolder.open(tmp_path) as shop:
            run = train(OpenShop(shop), TrainRequest(model="transitions"))
        assert answerer.refresh()
        record_events(answerer, RecordRequest(events=[{"shopper_id": "v", "kind": "view", "product_id": "pen-3"}]))
        trained = recommend(answerer, RecommendationRequest(shopper="v", n=3, diversity=0))
        assert trained.model.version == run.version and trained.fallback is None
        assert ids(trained)[0] == "pen-4"  # everyone went on to the next number
        assert trained.items[0].reasons[0].code == "because_you_viewed"
        assert trained.items[0].reasons[0].evidence[0]["product_id"] == "pen-3"

        beside = recommend(answerer, RecommendationRequest(placement="product", product_ids=["pot-5"], n=1))
        assert ids(beside) == ["pot-6"] and beside.items[0].reasons[0].text == "Similar to pot 5 (Pots)"
        similar = find_similar(answerer, SimilarRequest(product_id="book-1", n=3))
        assert all(name.startswith("book") for name in ids(similar))

    with OpenShop.open(tmp_path) as answerer:  # a restart forgets nothing
        again = recommend(answerer, RecommendationRequest(shopper="v", n=3, diversity=0))
        assert ids(again) == ids(trained) and again.recommendation_id != trained.recommendation_id


def test_many_answered_together_are_answered_as_alone(tmp_path: Path) -> None:
    with OpenShop.open(tmp_path) as answerer:
        upsert_products(
            answerer,
            UpsertRequest(
                products=[{"id": f"p{i}", "title": f"thing {i % 5}", "brand": f"b{i % 3}"} for i in range(40)]
            ),
        )
        rng = np.random.default_rng(0)
        events = [
            {
                "shopper_id": f"s{i % 20}",
                "kind": "view",
                "product_id": f"p{rng.integers(0, 40)}",
                "time_ms": START_MS + i,
            }
            for i in range(200)
        ]
        record_events(answerer, RecordRequest(events=events))
        with ShopFolder.open(tmp_path) as shop:
            train(OpenShop(shop), TrainRequest(model="item_neighbours"))
        answerer.refresh()
        requests = [RecommendationRequest(shopper=f"s{i}", n=5) for i in range(8)]
        requests += [
            RecommendationRequest(strategy="no such"),
            RecommendationRequest(shopper="stranger", n=7),
            RecommendationRequest(shopper="s1", n=5, strategy="content"),
            RecommendationRequest(shopper="s2", n=4, filter=Filter(brand=["b1"])),
            RecommendationRequest(placement="cart", product_ids=["p1", "p2"], n=4),
        ]
        together = recommend_many(answerer, requests)
        for request, answer in zip(requests, together, strict=True):
            if isinstance(answer, Exception):
                assert isinstance(answer, ModelUnknown)
                with pytest.raises(ModelUnknown):
                    recommend(answerer, request)
                continue
            alone = recommend(answerer, request)
            assert ids(alone) == ids(answer) and alone.fallback == answer.fallback
            assert [i.reasons for i in alone.items] == [i.reasons for i in answer.items]
            assert [i.score for i in alone.items] == pytest.approx([i.score for i in answer.items], abs=1e-4)
