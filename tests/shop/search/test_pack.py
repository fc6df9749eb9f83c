"""A search that opens out of its pack answers as one that read every product, whatever changed in between."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bottega.actions.search.shapes import SearchRequest
from bottega.actions.search.words import search_text
from bottega.catalogue.product import Product
from bottega.models.blocks.pack import write_pack
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.search import pack as search_pack
from bottega.shop.search import searching
from bottega.shop.search.pack import ListingRows, prepare_search, said_of

COLOURS = ["red", "blue", "green", "black"]
QUERIES = ["red scarf", "teapot", "P-17", "blue", "scraf", "glass teapot not green", "P-99", "zorbling"]


def product(number: int, *, title: str | None = None) -> Product:
    kind, colour = ("Scarf", "Teapot")[number % 2], COLOURS[number % 4]
    return Product(
        id=f"P-{number}",
        title=title or f"{colour.title()} {kind} {number}",
        category=("Things", f"{kind}s"),
        attributes={"colour": (colour,)},
        price_minor=1000 + number,
        currency="EUR",
        images=(f"pictures/{number}.jpg",),
    )


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenShop]:
    monkeypatch.setattr(search_pack, "PACKED_FROM", 20)
    with OpenShop(ShopFolder.open(tmp_path / "shop")) as opened:
        opened.upsert([product(number) for number in range(40)])
        prepare_search(opened.folder)
        yield opened


def answers(root: Path) -> list[list[str]]:
    with OpenShop(ShopFolder.open(root)) as shop:
        return [_found(shop, query) for query in QUERIES]


def _found(shop: OpenShop, query: str) -> list[str]:
    return [hit.product_id for hit in search_text(shop, SearchRequest(text=query, n=12)).items]


def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many products each reading of listings takes in, from now on."""
    sizes: list[int] = []
    whole = ListingRows.read

    def read(*given: object) -> ListingRows:
        said = whole(*given)  # type: ignore[arg-type]
        sizes.append(len(said))
        return said

    monkeypatch.setattr(ListingRows, "read", read)
    return sizes


def test_out_of_the_pack_as_out_of_the_store(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    root = shop.folder.root
    sizes = reads(monkeypatch)
    packed = answers(root)
    assert not sizes and packed[0] and packed[2] == ["P-17"]
    monkeypatch.setattr(search_pack, "PACKED_FROM", 1000)
    assert answers(root) == packed


def test_what_changed_since_is_read_again(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.upsert([product(3, title="Zorbling"), product(99)])
    sizes = reads(monkeypatch)
    packed = answers(shop.folder.root)
    assert not sizes and packed[-2:] == [["P-99"], ["P-3"]]
    monkeypatch.setattr(search_pack, "PACKED_FROM", 1000)
    assert [set(found) for found in answers(shop.folder.root)] == [set(found) for found in packed]


def test_pictures_wait_as_they_did(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.upsert([product(3).model_copy(update={"images": ()})])
    with OpenShop(ShopFolder.open(shop.folder.root)) as opened:
        index = opened._searching()._make_search(opened.models.eye_in_use())
        assert index.waiting == 39 and len(index.slots) == 40


@pytest.mark.parametrize("harm", ["torn", "older", "other rows", "many changed"])
def test_a_pack_that_does_not_fit_is_made_again(shop: OpenShop, harm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = answers(shop.folder.root)
    folder = shop.folder.root / "pack" / "search"
    if harm == "torn":
        (folder / "slots.npy").write_bytes((folder / "slots.npy").read_bytes()[:-4])
    elif harm == "older":
        shop.store.products.upsert([product(50)])
        newest = np.load(folder / "revisions.npy")
        _write(shop, revisions=newest + 5)
    elif harm == "other rows":
        said = ListingRows.read(shop.store)
        said.probed = said.probed[::-1].copy()
        _write(shop, probed=said.probed)
    else:
        shop.upsert([product(number, title=f"Red Scarf {number}") for number in range(30)])
    sizes = reads(monkeypatch)
    now = answers(shop.folder.root)
    assert sizes or harm == "other rows"
    if harm != "many changed":
        assert [set(found) for found in now] == [set(found) for found in wanted]


def _write(shop: OpenShop, **arrays: np.ndarray) -> None:
    made_from = {"store": shop.store.identity(), "layout": search_pack.LAYOUT}
    said = ListingRows.read(shop.store)
    write_pack(shop.folder.root / "pack" / "search", said.arrays() | arrays, made_from=made_from)


def test_a_small_catalogue_needs_none(tmp_path: Path) -> None:
    with OpenShop(ShopFolder.open(tmp_path / "shop")) as opened:
        opened.upsert([product(1)])
        prepare_search(opened.folder)
        assert not (tmp_path / "shop" / "pack" / "search").exists() and len(said_of(opened.folder)) == 0


def test_a_folder_that_cannot_be_written_to(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = answers(shop.folder.root)

    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(search_pack, "write_pack", full)
    monkeypatch.setattr(search_pack, "LAYOUT", 99)
    assert answers(shop.folder.root) == wanted


def test_a_large_catalogue_is_prepared_in_a_process_of_its_own(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = answers(shop.folder.root)
    shutil.rmtree(shop.folder.root / "pack" / "search")
    monkeypatch.setattr(search_pack, "APART_FROM", 20)
    prepare_search(shop.folder)
    sizes = reads(monkeypatch)
    assert answers(shop.folder.root) == wanted and not sizes


def test_what_cannot_be_prepared_is_made_by_the_first_search(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(shop.folder.root / "pack" / "search")
    monkeypatch.setattr(search_pack, "APART_FROM", 20)
    monkeypatch.setattr(search_pack, "__name__", "bottega.no_such_module")
    prepare_search(shop.folder)
    sizes = reads(monkeypatch)
    assert answers(shop.folder.root)[2] == ["P-17"] and sizes == [40]


def test_an_open_search_takes_another_index_when_much_came_anew(
    shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "FOLLOWED_TO", 20)
    before = shop.search_index(look=False)
    assert _found(shop, "zorbling") == []
    with OpenShop(ShopFolder.open(shop.folder.root)) as other:
        other.upsert([product(number, title=f"Zorbling {number}") for number in range(10, 35)])
        prepare_search(other.folder)
    sizes = reads(monkeypatch)
    assert len(_found(shop, "zorbling")) == 12 and not sizes
    assert shop.search_index(look=False) is not before
    shop.upsert([product(7, title="Gorbling")])
    assert _found(shop, "gorbling") == ["P-7"]
