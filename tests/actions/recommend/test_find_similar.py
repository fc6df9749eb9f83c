"""Similar products: one meaning at every door, and never nothing where the shop has anything of the kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from bottega.actions.recommend.find_similar import find_similar
from bottega.actions.recommend.shapes import SimilarAnswer, SimilarRequest
from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.models.vision.eye.eye import Eye
from bottega.names import EventKind
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.store.vectors import PhotoKey, Stamp


def product(name: str, kind: str, colour: str, **more: object) -> Product:
    fields: dict[str, object] = {
        "id": name,
        "title": f"{colour} {kind}",
        "category": ("Home", kind),
        "attributes": {"color": (colour,)},
    }
    return Product.model_validate(fields | more)


PRODUCTS = [
    product("lamp-a", "Lamps", "red", images=("a.png",)),
    product("lamp-b", "Lamps", "red", images=("b.png",)),
    product("lamp-c", "Lamps", "blue", images=("c.png",)),
    product("mug-a", "Mugs", "red", images=("d.png",)),
    product("mug-b", "Mugs", "green"),
]


@pytest.fixture
def shop(tmp_path: Path, ships: Callable[..., None]) -> Iterator[OpenShop]:
    eye = Eye.fresh({"color": ["red", "blue"]}, [], rng=np.random.default_rng(0))
    ships(eye=eye, words=None)
    with ShopFolder.open(tmp_path / "shop") as folder:
        folder.store.products.upsert(PRODUCTS)
        rng = np.random.default_rng(1)
        base = rng.standard_normal(128)
        turns = {"lamp-a": 0.0, "mug-a": 0.1, "lamp-b": 1.0, "lamp-c": 2.0}
        vectors = np.array([base + turn * rng.standard_normal(128) for turn in turns.values()], np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        pictures = {one.id: one.images[0] for one in PRODUCTS if one.images}
        folder.store.vectors.put(Stamp("eye", eye.version), [PhotoKey(name, pictures[name]) for name in turns], vectors)
        events = [
            Event(
                event_id=f"{shopper}-{name}",
                shopper_id=f"s{shopper}",
                kind=EventKind.VIEW,
                product_id=name,
                time_ms=time,
            )
            for shopper in range(8)
            for time, name in enumerate(("lamp-a", "mug-b"), start=1_760_000_000_000 + shopper)
        ]
        folder.store.events.add(events)
    with OpenShop.open(tmp_path / "shop") as opened:
        yield opened


def ask(shop: OpenShop, name: str, **more: object) -> tuple[list[str], SimilarAnswer]:
    answer = find_similar(shop, SimilarRequest.model_validate({"product_id": name, "n": 3, **more}))
    return [item.product_id for item in answer.items], answer


def test_three_ways_say_three_things(shop: OpenShop) -> None:
    found, answer = ask(shop, "lamp-a")
    assert found[0] == "lamp-b" and (answer.by, answer.fallback) == ("attributes", None)
    found, answer = ask(shop, "lamp-a", by="looks")
    assert found[:2] == ["mug-a", "lamp-b"] and answer.fallback is None
    assert [item.source for item in answer.items[:2]] == ["looks", "looks"]
    assert [item.rank for item in answer.items] == [1, 2, 3]


def test_the_default_is_one_way_and_named(shop: OpenShop) -> None:
    assert ask(shop, "lamp-a")[0] == ask(shop, "lamp-a", by="attributes")[0]


@pytest.mark.parametrize("by", ["attributes", "looks", "behaviour"])
def test_a_product_of_which_nothing_is_known_has_what_is_of_its_kind(shop: OpenShop, by: str) -> None:
    shop.upsert([Product(id="new", title="Qwz", category=("Home", "Lamps"))])
    found, answer = ask(shop, "new", by=by)
    assert {"lamp-a", "lamp-b", "lamp-c"} == set(found), "a lamp, though it shares no word with any"
    assert answer.fallback == (None if by == "attributes" else "attributes") or answer.fallback == "same_kind"


def test_filters_and_exclusions_hold_whatever_answers(shop: OpenShop) -> None:
    for by in ("attributes", "looks", "behaviour"):
        found, _ = ask(shop, "lamp-a", by=by, exclude_ids=["lamp-b"], filter={"category": ["Lamps"]})
        assert found and set(found) == {"lamp-c"}
