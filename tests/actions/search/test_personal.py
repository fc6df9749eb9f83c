"""A shopper's own order: the same hits in the same bands, and within a band what the shopper is drawn to first."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest
from bottega.actions.search.shapes import SearchAnswer, SearchRequest
from bottega.actions.search.words import search_text
from bottega.actions.shoppers.affinities import DeclareRequest, declare_tastes
from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.search.found import BAND, FoundRows, fused

COLOURS = ("black", "green", "red", "blue")
NOW_MS = time.time_ns() // 1_000_000


def products() -> Iterator[Product]:
    for number in range(40):
        colour = COLOURS[number % 4]
        yield Product(
            id=f"dress-{number}",
            title=f"Dress number {number}",
            category=("Clothing", "Dresses"),
            brand=("Lana", "Ofen")[number // 4 % 2],
            price_minor=4000 + 100 * (number % 7),
            currency="EUR",
            attributes={"color": (colour,), "fit": ("wide", "narrow")[number // 20 : number // 20 + 1]},
        )
    for number in range(12):
        yield Product(
            id=f"boot-{number}",
            title=f"Boot number {number}, goes with a dress",
            category=("Shoes", "Boots"),
            attributes={"color": ("red",)},
        )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    folder = ShopFolder.open(tmp_path_factory.mktemp("shop"))
    folder.store.products.upsert(list(products()))
    with OpenShop(folder) as opened:
        for shopper, looked_at in {
            "reds": [f"dress-{number}" for number in range(2, 32, 4)],
            "everything": [f"dress-{number}" for number in range(12)],
            "blues": [f"dress-{number}" for number in range(3, 35, 4)],
        }.items():
            seen = [
                {"kind": "view", "shopper_id": shopper, "product_id": id_, "time": NOW_MS - 60_000 + place}
                for place, id_ in enumerate(looked_at)
            ]
            assert not record_events(opened, RecordRequest(events=seen)).rejected
        yield opened


def asked(shop: OpenShop, text: str, **fields: object) -> SearchAnswer:
    return search_text(shop, SearchRequest.model_validate({"text": text, "n": 200} | fields))


def own(shop: OpenShop, text: str, shopper: str | None, **fields: object) -> SearchAnswer:
    return asked(shop, text, personal=True, shopper=shopper, **fields)


def ids(answer: SearchAnswer) -> list[str]:
    return [hit.product_id for hit in answer.items]


def colours(answer: SearchAnswer) -> list[str]:
    of = {product.id: product.attributes["color"][0] for product in products()}
    return [of[id_] for id_ in ids(answer)]


def bands(answer: SearchAnswer) -> list[set[str]]:
    """Hits by how far they lie behind the best of the whole, and of the close ones."""
    found: dict[tuple[bool, int], set[str]] = {}
    for part in (answer.items[: answer.close_from], answer.items[answer.close_from :]):
        best = max((hit.score for hit in part), default=0.0)
        for hit in part:
            step = int((best - hit.score) / BAND + 1e-4)
            found.setdefault((part is answer.items[: answer.close_from], step), set()).add(hit.product_id)
    return list(found.values())


def test_who_only_looks_at_red_dresses_sees_red_ones_first_among_equal_ones(shop: OpenShop) -> None:
    anybodys, reds, blues = asked(shop, "dress"), own(shop, "dress", "reds"), own(shop, "dress", "blues")
    assert colours(anybodys)[:4] == list(COLOURS)
    assert set(colours(reds)[:10]) == {"red"} and set(colours(blues)[:10]) == {"blue"}
    assert reds.personal is not None and reds.personal.basis == "events" and reds.personal.events_known == 8
    assert reds.personal.moved == sum(one != other for one, other in zip(ids(anybodys), ids(reds), strict=True)) > 20


def test_off_is_as_before_and_says_nothing(shop: OpenShop) -> None:
    for text in ("dress", "red dress", "boot", "wide dress under 45"):
        plain, named = asked(shop, text), asked(shop, text, shopper="reds")
        assert named.model_copy(update={"took_ms": plain.took_ms}) == plain and plain.personal is None


@pytest.mark.parametrize("text", ["dress", "red dress", "boot", "blue wide dress", "dresss", "number"])
@pytest.mark.parametrize("shopper", ["reds", "blues", "everything"])
def test_on_the_same_hits_stand_in_each_band(shop: OpenShop, text: str, shopper: str) -> None:
    plain, personal = asked(shop, text), own(shop, text, shopper)
    assert bands(plain) == bands(personal)
    assert (plain.total, plain.close, plain.close_from) == (personal.total, personal.close, personal.close_from)
    assert {hit.product_id: hit.score for hit in plain.items} == {hit.product_id: hit.score for hit in personal.items}


def test_what_is_less_surely_of_the_kind_is_never_lifted(shop: OpenShop) -> None:
    """Boots that mention a dress are red, which the shopper likes best of all."""
    assert not any(id_.startswith("boot") for id_ in ids(own(shop, "dress", "reds"))[:40])
    found = fused(np.array([5, 6, 7]), np.array([1, 0.99, 0.98], np.float32), 3, {}, kinds=np.array([1, 0.8, 1.0]))
    assert len(set(found.bands().tolist())) == 1
    places = found.ordered(_Shelf(), "relevance", drawn=np.array([0, 9, 1], np.float32))[0]  # type: ignore[arg-type]
    assert found.rows[places].tolist() == [7, 5, 6]


class _Shelf:
    """Every row a product of its own."""

    item = np.arange(10)


def test_bands_are_counted_down_from_the_best_of_the_whole_and_of_what_is_close() -> None:
    scores = np.array([0.98, 0.94, 0.93, 0.88, 0.4, 0.36, 0.2], np.float32)
    whole = np.arange(7) < 4
    found = FoundRows(np.arange(7, dtype=np.int32), scores, whole, ~whole, whole, np.ones(7, np.float32))
    assert found.bands().tolist() == [0, 0, 1, 2, 0, 0, 4]


def test_pages_hold_every_product_once(shop: OpenShop) -> None:
    every, listed = ids(own(shop, "dress", "reds")), []
    for after in range(0, len(every), 9):
        listed += ids(own(shop, "dress", "reds", n=9, after=after))
    assert listed == every and len(set(listed)) == len(listed)


def test_a_price_comes_before_what_the_shopper_likes(shop: OpenShop) -> None:
    personal = own(shop, "dress", "reds", sort="price_up", return_product=True)
    prices = [hit.product.price_minor for hit in personal.items[:40] if hit.product]
    assert prices == sorted(prices, key=lambda price: price or 0)
    cheapest = [colour for colour, price in zip(colours(personal), prices, strict=False) if price == 4000]
    assert cheapest[: cheapest.count("red")] == ["red"] * cheapest.count("red")


def test_what_a_shopper_declares_counts_before_any_event(shop: OpenShop) -> None:
    stranger = own(shop, "dress", "nia")
    assert stranger.personal is not None and stranger.personal.basis == "nothing known"
    assert ids(stranger) == ids(asked(shop, "dress")) and stranger.personal.moved == 0
    declare_tastes(shop, DeclareRequest(shopper="nia", tastes={"color": ["green"]}))
    declared = own(shop, "dress", "nia")
    assert declared.personal is not None and declared.personal.basis == "declared"
    assert set(colours(declared)[:10]) == {"green"}


def test_nobodys_order_is_that_of_anybody_and_a_missing_shopper_is_said(shop: OpenShop) -> None:
    nobody = own(shop, "dress", "null")
    assert nobody.personal is not None and nobody.personal.shopper is None
    assert ids(nobody) == ids(asked(shop, "dress"))
    with pytest.raises(RequestInvalid, match="shopper is missing"):
        asked(shop, "dress", personal=True)


def test_without_consent_the_order_is_that_of_anybody(shop: OpenShop) -> None:
    said = {"kind": "identify", "shopper_id": "shy", "traits": {"consent": {"personalisation": "no"}}}
    told = [{"kind": "view", "shopper_id": "shy", "product_id": f"dress-{n}", "time": NOW_MS} for n in (2, 6)]
    assert not record_events(shop, RecordRequest(events=[said, *told])).rejected
    answer = own(shop, "dress", "shy")
    assert answer.personal is not None and answer.personal.basis == "no consent"
    assert ids(answer) == ids(asked(shop, "dress"))
