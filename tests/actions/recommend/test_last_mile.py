"""Dials, caps, cut-off and interests in whole answers, through the verbs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from bottega.actions.intake.put_reviews import put_reviews
from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import PutReviewsRequest, RecordRequest, UpsertRequest
from bottega.actions.intake.upsert_products import upsert_products
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationAnswer, RecommendationRequest, TrainRequest
from bottega.actions.recommend.train import train
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

START_MS = 1_767_225_600_000
MINUTE_MS = 60_000
KINDS = {"lamp": ("Home", "Lamps"), "mug": ("Kitchen", "Mugs"), "shirt": ("Clothes", "Shirts")}
EACH = 20


@pytest.fixture(scope="module")
def answerer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    """Sixty products; shoppers walk along the numbers of one kind, lower numbers being better known."""
    folder: Path = tmp_path_factory.mktemp("shop")
    with OpenShop.open(folder) as opened:
        rows = [
            {
                "id": f"{kind}-{i}",
                "title": f"{kind} {'oak' if i % 2 else 'steel'} {i}",
                "category": path,
                "brand": f"brand{i % 4}",
                "price_minor": 1000 + 100 * i,
                "currency": "USD",
                "attributes": {"size": [str(i % 3)]},
            }
            for kind, path in KINDS.items()
            for i in range(EACH)
        ]
        upsert_products(opened, UpsertRequest(products=rows))
        rng = np.random.default_rng(4)
        events: list[dict[str, Any]] = []
        for shopper in range(480):
            kind, other = list(KINDS)[shopper % 3], list(KINDS)[(shopper + 1) % 3]
            start, now = int(rng.integers(0, 12) ** 2 // 12), START_MS + shopper * 60 * MINUTE_MS
            events.append({"shopper_id": f"s{shopper}", "kind": "search", "query": f"nice {kind}", "time_ms": now})
            for step in range(5):
                at = {"shopper_id": f"s{shopper}", "time_ms": now + (step + 1) * MINUTE_MS // 2}
                product = f"{other if step == 3 else kind}-{(start + step) % EACH}"
                events.append({**at, "kind": "view", "product_id": product})
        for i in (15, 16, 17):
            events.append(
                {"shopper_id": "rich", "kind": "purchase", "product_id": f"mug-{i}", "time_ms": START_MS + i * 1000}
            )
        for i in (1, 2, 3):
            events.append({"shopper_id": "ann", "kind": "view", "product_id": f"lamp-{i}", "time_ms": START_MS + i})
        record_events(opened, RecordRequest(events=events))
        with ShopFolder.open(folder) as shop:
            train(OpenShop(shop), TrainRequest(model="transitions"))
        opened.refresh()
        yield opened


def ask(answerer: OpenShop, who: str = "ann", **fields: Any) -> RecommendationAnswer:
    return recommend(answerer, RecommendationRequest(shopper=who, **{"diversity": 0, **fields}))


def ids(answer: RecommendationAnswer) -> list[str]:
    return [item.product_id for item in answer.items]


def kinds(answer: RecommendationAnswer) -> set[str]:
    return {name.split("-")[0] for name in ids(answer)}


def test_dials_move_the_list_and_its_scores_fall(answerer: OpenShop) -> None:
    plain = ask(answerer, n=6)
    for method in ("mmr", "dpp"):
        spread = ask(answerer, n=6, diversity=1, diversity_method=method)
        assert ids(spread) != ids(plain) and ids(spread)[0] == ids(plain)[0]
        scores = [item.score for item in spread.items]
        assert scores == sorted(scores, reverse=True)
    with answerer.floor() as floor:
        counts = floor.shopper_counts

        def fame(answer: RecommendationAnswer) -> float:
            return float(np.mean([counts[floor.items.code(name)] for name in ids(answer)]))

        assert fame(ask(answerer, n=6, novelty=1)) < fame(plain)


def test_price_fit_follows_the_shoppers_own_purchases(answerer: OpenShop) -> None:
    def level(answer: RecommendationAnswer) -> float:
        return float(np.mean([int(name.split("-")[1]) for name in ids(answer)]))

    assert level(ask(answerer, "rich", n=5, price_fit=1)) >= level(ask(answerer, "rich", n=5))
    assert ids(ask(answerer, n=5, price_fit=1)) == ids(ask(answerer, n=5))  # ann has bought nothing


def test_praise_follows_the_words_of_reviews(answerer: OpenShop) -> None:
    plain = ids(ask(answerer, n=6))
    assert ids(ask(answerer, n=6, praise=1)) == plain, "nobody has reviewed anything"
    loved = ids(ask(answerer, n=8))[-1]
    rows = [{"product_id": loved, "text": "I love it, great quality!"}]
    rows += [{"product_id": name, "text": "Terrible, it broke at once."} for name in plain]
    put_reviews(answerer, PutReviewsRequest(reviews=rows))
    answerer.review_reader().read_all()
    praised = ids(ask(answerer, n=6, praise=1))
    assert len(set(praised) & set(plain)) < len(plain) / 2, "what everybody complains of steps back"
    assert ids(ask(answerer, n=6)) == plain, "the dial is off unless it is asked for"


def test_caps_hold_in_the_whole_list(answerer: OpenShop) -> None:
    for extra in ({}, {"diversity": 0.5}, {"strict": False}):
        answer = ask(answerer, n=9, max_per_category=3, max_per_brand=4, return_product=True, **extra)
        products = [item.product for item in answer.items if item.product]
        assert len(products) == 9
        for most, names in (
            (4, [product.brand for product in products]),
            (3, [product.category[-1] for product in products]),
        ):
            assert max(Counter(names).values()) <= most
    one = ask(answerer, n=9, group_by="category", max_per_category=3, strict=True)
    assert len(kinds(one)) == len(one.items) == 3  # group_by is the narrower of the two


def test_variants_side_by_side_count_towards_the_caps(tmp_path: Path) -> None:
    with OpenShop.open(tmp_path) as shop:
        upsert_products(
            shop,
            UpsertRequest(
                products=[
                    {"id": f"{name}-{size}", "group_id": name, "title": name, "brand": brand}
                    for name, brand in (("sock", "Nord"), ("shoe", "Nord"), ("hat", "Sud"))
                    for size in "SML"
                ]
            ),
        )
        for most in (1, 2, 4):
            answer = recommend(
                shop, RecommendationRequest(n=9, group_by="none", max_per_brand=most, return_product=True)
            )
            brands = Counter(item.product.brand for item in answer.items if item.product)
            assert brands["Nord"] == most and brands["Sud"] == min(most, 3)


def test_a_boost_has_the_last_word(answerer: OpenShop) -> None:
    last = next(item.product_id for item in reversed(ask(answerer, n=15).items) if item.source == "transitions")
    boost = [{"filter": {"ids": [last]}, "add": 3}]
    for dials in ({"diversity": 1}, {"novelty": 1}, {"diversity": 0.5, "novelty": 0.5, "price_fit": 1}):
        assert ids(ask(answerer, n=5, strict=False, boost=boost, **dials))[0] == last
    pinned = ask(answerer, n=5, diversity=1, pin=[{"product_id": "mug-19", "rank": 3}])
    assert ids(pinned)[2] == "mug-19"


def test_the_cut_off_ends_the_list_and_says_so(answerer: OpenShop) -> None:
    whole = ask(answerer, n=15)
    cut = ask(answerer, n=15, cutoff=True)
    assert 1 <= len(cut.items) < 15 and cut.left_out == 15 - len(cut.items)
    assert ids(cut) == ids(whole)[: len(cut.items)]
    assert whole.left_out == 0
    one = ask(answerer, n=1, cutoff=True)
    assert len(one.items) == 1 and one.left_out == 0
    pinned = ask(answerer, n=15, cutoff=True, pin=["mug-19", "shirt-19"])
    assert ids(pinned)[:2] == ["mug-19", "shirt-19"] and len(pinned.items) == len(cut.items) + 2
    named = ask(answerer, n=15, cutoff=True, strategy="content", strict=False)
    assert len(named.items) == 15 and named.left_out == 0  # the curve is that of the trained model


def test_interests_are_told_in_words(answerer: OpenShop) -> None:
    told = ask(answerer, return_interests=True).interests
    assert told is not None and told[0].category == "Home > Lamps"
    assert told[0].share > 0.5 and "lamp" in told[0].words and told[0].searches[0] == "nice lamp"
    assert ask(answerer).interests is None
    assert ask(answerer, "stranger", return_interests=True).interests == []
    assert ask(answerer, return_interests=True, validate_only=True).interests is None


@pytest.mark.parametrize("field", ["novelty", "price_fit", "max_per_brand", "max_per_category"])
def test_dials_out_of_range_are_refused(field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        RecommendationRequest.model_validate({field: -1})


def test_the_default_costs_nothing(answerer: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a dial that is off was computed")

    with answerer.floor() as floor:
        monkeypatch.setattr(floor, "price_levels", refuse)
    for name in ("own_spread", "own_price_level", "dealt"):
        monkeypatch.setattr(f"bottega.actions.recommend.selection.{name}", refuse)
    monkeypatch.setattr("bottega.actions.recommend.recommend.told_interests", refuse)
    assert len(ask(answerer, n=5).items) == 5
