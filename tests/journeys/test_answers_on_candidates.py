"""Answers made on candidates are those made on all products; they need no torch, and a broken pack is made again."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from answer_questions import opened, ruled_questions, violations
from bottega.actions.demo.write_demo import write_demo
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest, RecordRequest
from bottega.actions.recommend.recommend import recommend, recommend_json, recommend_many
from bottega.actions.recommend.shapes import RecommendationAnswer, RecommendationRequest, TrainRequest
from bottega.actions.recommend.train import train
from bottega.models.recommend.answering import pool
from bottega.models.recommend.blend.members import MEMBERS
from bottega.names import KindCode
from bottega.shop.open_shop import OpenShop

QUESTIONS = 400
"""benchmarks/answer_contract.py asks more."""
NOW_MS = 1_790_000_000_000
OVERLAP, REASONS = 0.98, 0.99
THREADS = 6
WARMED = """
import json, sys, time
from numba.core.registry import CPUDispatcher
from bottega.actions.recommend.recommend import recommend_json
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.serving.http.lists import warm_lists
from bottega.shop.open_shop import OpenShop

def compiled():
    modules = [module for name, module in sys.modules.items() if name.startswith("bottega")]
    kernels = {one for module in modules for one in vars(module).values() if isinstance(one, CPUDispatcher)}
    return {f"{one.py_func.__name__} {types}" for one in kernels for types in one.signatures}

with OpenShop.open(sys.argv[1]) as shop:
    warm_lists(shop)
    before = compiled()
    for asked in json.load(sys.stdin):
        assert isinstance(recommend_json(shop, [RecommendationRequest(**asked)])[0], bytes), asked
    print(json.dumps([len(before), sorted(compiled() - before)]))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained demo shop large enough for candidates; its networks were taught for a moment."""
    folder = tmp_path_factory.mktemp("candidates")
    files = write_demo(folder / "feed", products=3600, shoppers=500, pictures=False)
    with pytest.MonkeyPatch.context() as patch, opened(folder) as shop:
        import_catalogue(shop, ImportCatalogueRequest(source=files.catalogue))
        import_events(shop, ImportEventsRequest(source=files.events))
        patch.setitem(MEMBERS, "variational", {"epochs": 1})
        patch.setitem(MEMBERS, "affinity", {"most_steps": 20})
        train(shop, TrainRequest())
    return folder


@pytest.fixture
def shop(folder: Path) -> Iterator[OpenShop]:
    with OpenShop.open(folder) as shop:
        yield shop


def answers(shop: OpenShop, asked: list[RecommendationRequest]) -> list[RecommendationAnswer]:
    found = recommend_many(shop, asked, now_ms=NOW_MS)
    assert all(isinstance(one, RecommendationAnswer) for one in found)
    return [one for one in found if isinstance(one, RecommendationAnswer)]


def said(answer: RecommendationAnswer) -> dict[str, Any]:
    """The answer but for what is of the moment."""
    return answer.model_dump(exclude={"recommendation_id", "took_ms"})


def test_the_same_lists_and_reasons(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    # Reasons that are spread over a list depend on those above (the next test): here each is compared by itself.
    asked = [one.model_copy(update={"reason_diversity": 0.0}) for one in ruled_questions(shop, QUESTIONS)]
    with shop.floor() as floor:
        assert len(floor.within(None)[1].codes) > pool.WHOLE, "else nothing is compared"
    some = answers(shop, asked)
    monkeypatch.setattr(pool, "WHOLE", 10**9)
    everything = answers(shop, asked)
    shared, shown, alike, both = 0, 0, 0, 0
    for request, one, other in zip(asked, some, everything, strict=True):
        assert len(one.items) == len(other.items), request
        assert (one.fallback, one.missing_ids) == (other.fallback, other.missing_ids)
        wanted = {item.product_id: item for item in other.items}
        shown += len(wanted)
        for item in one.items:
            if item.product_id in wanted:
                shared += 1
                both += 1
                alike += item.reasons == wanted[item.product_id].reasons
    assert shared >= OVERLAP * shown
    assert alike >= REASONS * both


def test_spread_reasons_differ_only_below_where_the_lists_do(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the default dial a reason depends on what was said above it in the list, and on nothing else of the list: two
    lists that part at some place (one product in two hundred is another) say the same down to it."""
    asked = ruled_questions(shop, QUESTIONS, seed=10)
    assert shop.settings.reason_diversity > 0 and all(one.reason_diversity is None for one in asked)
    some = answers(shop, asked)
    monkeypatch.setattr(pool, "WHOLE", 10**9)
    everything = answers(shop, asked)
    whole, places, alike = 0, 0, 0
    for one, other in zip(some, everything, strict=True):
        pairs = list(zip(one.items, other.items, strict=True))
        parted = next((place for place, (a, b) in enumerate(pairs) if a.product_id != b.product_id), len(pairs))
        whole += parted == len(pairs)
        places += parted
        alike += sum(a.reasons == b.reasons for a, b in pairs[:parted])
    assert whole > QUESTIONS / 2 and places > 5 * QUESTIONS
    assert alike == places


def test_rules_hold(shop: OpenShop) -> None:
    asked = ruled_questions(shop, 200, seed=6)
    with shop.floor() as floor:
        for request, answer in zip(asked, answers(shop, asked), strict=True):
            assert not violations(floor, request, answer), request


def test_every_event_changes_the_next_answer(shop: OpenShop) -> None:
    draw = random.Random(7)
    products = [product for product in shop.store.products.all() if product.recommendable]
    shoppers = shop.store.events.frame()["shopper"].unique(maintain_order=True).to_list()[:40]
    for number, shopper in enumerate(shoppers):
        request = RecommendationRequest(shopper=shopper, explain=False)
        before = [item.product_id for item in recommend(shop, request, now_ms=NOW_MS).items]
        event = {"shopper_id": shopper, "product_id": draw.choice(products).id, "kind": "view"}
        record_events(shop, RecordRequest(events=[event | {"time_ms": NOW_MS - 10**6 + number}]))
        after = recommend(shop, request, now_ms=NOW_MS)
        assert [item.product_id for item in after.items] != before


def test_several_threads_answer_as_one_does(shop: OpenShop) -> None:
    """Kernels run beside one another, and what is kept of a shopper is found by several at once."""
    asked = ruled_questions(shop, 100, seed=9)
    alone = [said(one) for one in answers(shop, asked)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with OpenShop.open(shop.folder.root) as fresh, ThreadPoolExecutor(THREADS) as threads:

            def turn(seed: int) -> list[tuple[int, object]]:
                order = random.Random(seed).sample(range(len(asked)), len(asked))
                return [(place, said(recommend(fresh, asked[place], now_ms=NOW_MS))) for place in order]

            for found in threads.map(turn, range(THREADS)):
                for place, answer in found:
                    assert answer == alone[place], asked[place]
    finally:
        sys.setswitchinterval(before)


def test_json_is_the_answer(shop: OpenShop) -> None:
    asked = [*ruled_questions(shop, 30, seed=8), RecommendationRequest(return_product=True, return_interests=True)]
    for request, body in zip(asked, recommend_json(shop, asked, now_ms=NOW_MS), strict=True):
        assert isinstance(body, bytes)
        wanted = json.loads(recommend(shop, request, now_ms=NOW_MS).model_dump_json())
        found = json.loads(body)
        for one in (wanted, found):
            del one["recommendation_id"], one["took_ms"]
        assert found == wanted


def test_an_error_takes_its_place_among_answers(shop: OpenShop) -> None:
    bad = RecommendationRequest(strategy="astrology")
    found = recommend_json(shop, [RecommendationRequest(), bad, RecommendationRequest()])
    assert [isinstance(one, bytes) for one in found] == [True, False, True]


def test_answers_load_nothing_that_only_trainings_and_imports_need(folder: Path) -> None:
    script = """
import json, sys
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.shop.open_shop import OpenShop
with OpenShop.open(sys.argv[1]) as shop:
    product = shop.store.products.all()[0].id
    for fields in ({"placement": "product", "product_ids": [product]}, *json.loads(sys.argv[2])):
        assert recommend(shop, RecommendationRequest(**fields)).items
assert not sys.modules.keys() & {"torch", "polars", "scipy.special"}
"""
    with OpenShop.open(folder) as shop:
        bought = shop.store.events.frame(kinds=[KindCode.PURCHASE])["shopper"].unique(maintain_order=True)[:20]
    asked = json.dumps([{"shopper": name} for name in bought])
    assert len(bought) == 20
    subprocess.run([sys.executable, "-c", script, str(folder), asked], check=True, timeout=120, env=dict(os.environ))


def test_what_is_warm_compiles_nothing_more(folder: Path, tmp_path: Path) -> None:
    """A kernel met for the first time would hold everybody up for half a second."""
    shutil.copytree(folder, tmp_path / "shop")
    with OpenShop.open(tmp_path / "shop") as shop:
        asked = ruled_questions(shop, 150, seed=12)
        product = next(product for product in shop.store.products.all() if product.recommendable)
        shop.upsert([product.model_copy(update={"id": "new-of-all", "group_id": None})])
    found = subprocess.run(
        [sys.executable, "-c", WARMED, str(tmp_path / "shop")],
        input=json.dumps([one.model_dump(mode="json", exclude_unset=True) for one in asked]),
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    warm, more = json.loads(found.stdout.splitlines()[-1])
    assert warm > 15 and not more


def test_a_broken_pack_is_made_again(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "shop"
    shutil.copytree(folder, copy)
    [pack] = copy.glob("models/recommend/*/*/pack")
    request = RecommendationRequest(n=20)
    with OpenShop.open(copy) as shop:
        before = recommend(shop, request, now_ms=NOW_MS).items
    torn = max(pack.glob("*.npy"), key=lambda path: path.stat().st_size)
    with torn.open("r+b") as file:
        file.seek(200)
        file.write(bytes(64))
    for _ in range(2):  # made again, then opened
        with OpenShop.open(copy) as shop:
            assert recommend(shop, request, now_ms=NOW_MS).items == before
    shutil.rmtree(pack)
    with OpenShop.open(copy) as shop:
        assert recommend(shop, request, now_ms=NOW_MS).items == before
    assert pack.exists()
