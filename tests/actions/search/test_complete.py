"""While somebody types: products, categories, brands, and what several shoppers searched for before."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from bottega.actions.search.complete import complete
from bottega.actions.search.shapes import CompleteRequest, Completion
from bottega.catalogue.product import Product
from bottega.datasets.searches import LEAST_SHOPPERS, searches_led_to
from bottega.events.event import Event
from bottega.models.recommend.last_mile.interests import Searches
from bottega.names import Availability
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.search.completing import Completing

PRODUCTS = [
    Product(id="m1", title="Enamel mug", category=("Kitchen", "Mugs"), brand="Ofen"),
    Product(id="m2", title="Enamel mug, large", category=("Kitchen", "Mugs"), brand="Ofen"),
    Product(id="ete", title="Robe d'été fleurie", category=("Vêtements", "Robes"), brand="Été Bleu"),
    Product(id="s1", group_id="shirt", title="Linen shirt", category=("Clothing", "Shirts"), brand="Lana"),
    Product(id="s2", group_id="shirt", title="Linen shirt", category=("Clothing", "Shirts"), brand="Lana"),
    Product(id="gone", title="Enamel jug", category=("Kitchen", "Jugs"), availability=Availability.OUT_OF_STOCK),
    Product(id="lamp", title="Лампа настольная", category=("Дом", "Лампы")),
    Product(id="dress", title="赤いドレス", category=("服",)),
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    folder = ShopFolder.open(tmp_path_factory.mktemp("shop"))
    folder.store.products.upsert(PRODUCTS)
    with OpenShop(folder) as opened:
        yield opened


def completed(shop: OpenShop, text: str, n: int = 8) -> list[Completion]:
    return complete(shop, CompleteRequest(text=text, n=n)).items


def texts(shop: OpenShop, text: str, kind: str) -> list[str]:
    return [one.text for one in completed(shop, text) if one.kind == kind]


@pytest.mark.parametrize(
    ("typed", "kind", "found"),
    [
        ("en", "product", ["Enamel mug", "Enamel mug, large"]),  # none that nobody can buy
        ("enamel mu", "product", ["Enamel mug", "Enamel mug, large"]),
        ("mug ena", "product", ["Enamel mug", "Enamel mug, large"]),
        ("enmael", "product", ["Enamel mug", "Enamel mug, large"]),  # a slip in what is not finished yet
        ("lin", "product", ["Linen shirt"]),  # of two variants one
        ("mug", "category", ["Mugs"]),
        ("kitc", "category", ["Kitchen"]),
        ("of", "brand", ["Ofen"]),
        ("ete", "product", ["Robe d'été fleurie"]),
        ("ETE", "brand", ["Été Bleu"]),
        ("vete", "category", ["Vêtements"]),
        ("лам", "product", ["Лампа настольная"]),
        ("ЛАМ", "category", ["Лампы"]),
        ("赤い", "product", ["赤いドレス"]),
        ("qzqz", "product", []),
        ("", "product", []),
    ],
)
def test_what_begins_so(shop: OpenShop, typed: str, kind: str, found: list[str]) -> None:
    assert texts(shop, typed, kind) == found


def test_counts_are_of_products_that_can_be_shown(shop: OpenShop) -> None:
    [kitchen] = [one for one in completed(shop, "kitchen") if one.kind == "category"]
    assert (kitchen.value, kitchen.count) == ("Kitchen", 2)
    [shirts] = [one for one in completed(shop, "shirts") if one.kind == "category"]
    assert (shirts.value, shirts.count) == ("Clothing > Shirts", 1)  # variants are one product


def test_a_product_of_a_moment_ago_is_among_them(shop: OpenShop) -> None:
    assert texts(shop, "zir", "product") == []
    shop.upsert([Product(id="new", title="Zircon ring", category=("Zirconia",))])
    assert texts(shop, "zir", "product") == ["Zircon ring"] and texts(shop, "zirc", "category") == ["Zirconia"]


def asked(shopper: str, minute: int, query: str, product: str | None) -> list[Event]:
    at = 1_700_000_000_000 + minute * 3_600_000
    words = Event.model_validate({"kind": "search", "shopper_id": shopper, "query": query, "time_ms": at})
    if product is None:
        return [words]
    click = Event.model_validate({"kind": "click", "shopper_id": shopper, "product_id": product, "time_ms": at + 9_000})
    return [words, click]


def test_only_what_several_shoppers_searched_for_and_found_is_told_to_others(shop: OpenShop) -> None:
    events = [
        *(event for n in range(LEAST_SHOPPERS) for event in asked(f"s{n}", n, "Enamel for picnics", "m1")),
        *(event for n in range(LEAST_SHOPPERS) for event in asked(f"s{n}", 50 + n, "enamel pans", None)),  # led nowhere
        *(event for n in range(LEAST_SHOPPERS) for event in asked(f"s{n}", 90 + n, "enamel jugs", "gone")),  # sold out
        *(event for n in range(9) for event in asked("s1", 120 + n, "enamel for anna smith, 5 high street", "m2")),
    ]
    shop.record(events)
    with shop.floor() as floor:
        frame = searches_led_to(shop.store, floor.items)
        names = frame["query"].unique(maintain_order=True)
        number = {name: place for place, name in enumerate(names)}
        arrays = [
            np.array(column, dtype=np.int32)
            for column in ([number[name] for name in frame["query"]], frame["item"], frame["shoppers"])
        ]
        learnt = Searches(tuple(names), *arrays)
        object.__setattr__(floor.side_models, "searches", learnt)  # as a training leaves it
        assert Completing(floor).searches("ena", 5) == ["enamel for picnics"]
    assert texts(shop, "enamel", "search") == ["enamel for picnics"]


def test_twelve_thousand_products_are_completed_in_a_blink(tmp_path_factory: pytest.TempPathFactory) -> None:
    rng = np.random.default_rng(0)
    syllables = ["ka", "lo", "mi", "ren", "tas", "vo", "bel", "dur", "fi", "gan"]
    words = ["".join(rng.choice(syllables, 3)) for _ in range(2_000)]
    folder = ShopFolder.open(tmp_path_factory.mktemp("large"))
    folder.store.products.upsert(
        [
            Product(id=str(n), title=" ".join(rng.choice(words, 4)), category=(words[n % 300],), brand=words[n % 700])
            for n in range(12_000)
        ]
    )
    with OpenShop(folder) as opened:
        completed(opened, "ka")
        spent = []
        for typed in [word[:size] for word in words[:20] for size in (1, 3, 5)] + [
            f"{word[:4]}x" for word in words[:20]
        ]:
            started = time.process_time()
            completed(opened, typed)
            spent.append(time.process_time() - started)
    assert np.median(spent) < 0.010 and np.quantile(spent, 0.95) < 0.030
