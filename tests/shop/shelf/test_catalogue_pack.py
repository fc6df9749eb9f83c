"""The catalogue's pack: what stands on it answers as what is read from the store would."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from bottega.actions.recommend.shapes import TrainRequest
from bottega.actions.recommend.train import train
from bottega.catalogue.filter import Filter, PriceRange
from bottega.catalogue.product import Product
from bottega.datasets.features import FeatureSpace
from bottega.datasets.item_photos import MAKER
from bottega.events.event import Event
from bottega.names import Availability, EventKind
from bottega.shop.floor import Floor
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.shelf import catalogue_pack
from bottega.shop.shelf.catalogue import Catalogue, catalogue_arrays
from bottega.shop.shelf.catalogue_pack import open_catalogue
from bottega.shop.trained.trained_shop import TrainedShop
from bottega.store.products import ProductStore
from bottega.store.vectors import PhotoKey, Stamp

Learnt = Callable[[Sequence[Product], FeatureSpace], TrainedShop]
COLORS = ("red", "blue", "green")
FILTERS = [
    Filter(brand=["lana"]),
    Filter(category=["Shirts"]),
    Filter(category=["apparel > shirts", "Home"]),
    Filter(attributes={"color": ["red", "green"]}),
    Filter(availability=[Availability.OUT_OF_STOCK]),
    Filter(price_minor=PriceRange(min=300, max=600)),
    Filter(ids=["g1", "p3"]),
    Filter.model_validate({"not": {"brand": "Lana"}}),
]


def made(number: int, luck: random.Random) -> Product:
    return Product(
        id=f"p{number}",
        group_id=luck.choice([None, None, f"g{number % 7}"]),
        title=f"{luck.choice(COLORS)} thing {number % 5}",
        brand=luck.choice([None, "Lana", "Ofen"]),
        category=luck.choice([(), ("Apparel", "Shirts"), ("Home",)]),
        price_minor=luck.choice([None, *range(100, 900, 100)]),
        availability=luck.choice([Availability.IN_STOCK, Availability.IN_STOCK, Availability.OUT_OF_STOCK]),
        hidden=luck.random() < 0.1,
        attributes={"color": (luck.choice(COLORS),)},
        images=("a.jpg",),
    )


@pytest.fixture(autouse=True)
def packed_from_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_pack, "PACKED_FROM", 1)


@pytest.fixture
def shop(tmp_path: Path) -> ShopFolder:
    folder = ShopFolder.open(tmp_path / "shop")
    luck = random.Random(3)
    folder.store.products.upsert([made(number, luck) for number in range(60)])
    return folder


def told(catalogue: Catalogue) -> list[object]:
    """All that answers can ask of a catalogue."""
    items, shelf, features = catalogue.items, catalogue.shelf, catalogue.features
    visible = shelf.visible()
    return [
        [(items.id(code), items.product_ids(code)) for code in range(len(items))],
        shelf.products_at(range(len(shelf))),
        [mask.tolist() for wanted in [None, *FILTERS] for mask in shelf.allowed(wanted)],
        [len({shelf.group(row, by) for row in range(len(shelf))}) for by in ("brand", "category")],
        [shelf.siblings(name) for name in [*(f"p{number}" for number in range(60)), "g1", "g2", "nothing"]],
        [(visible.of(group), visible.paths[visible.path_of[group]]) for group in range(len(visible.path_of))],
        features.attributes.toarray().tolist(),
        features.text.toarray().tolist(),
        np.nan_to_num(features.prices, nan=-1).tolist(),
        features.categories.tolist(),
        None if features.vectors is None else np.nan_to_num(features.vectors, nan=-1).tolist(),
        catalogue.revision,
    ]


def pack_of(shop: ShopFolder) -> Path:
    return shop.root / "pack" / "catalogue"


def written_at(shop: ShopFolder) -> int:
    return (pack_of(shop) / "pack.json").stat().st_mtime_ns


def read_only_what_is_newer(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Whoever reads more products than so many from the store fails."""
    iterate = ProductStore.iterate_revised

    def counted(self: ProductStore, *, since: int = 0, chunk: int = 10_000) -> object:
        assert since and self.count_newer(since) <= most, "the pack knows the others"
        return iterate(self, since=since, chunk=chunk)

    monkeypatch.setattr(ProductStore, "iterate_revised", counted)


def test_a_catalogue_opened_again_reads_nothing_from_the_store(
    shop: ShopFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = told(open_catalogue(shop, None, None))
    read_only_what_is_newer(monkeypatch, 0)
    assert told(open_catalogue(shop, None, None)) == first


def test_what_came_later_goes_behind_the_pack(shop: ShopFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    luck = random.Random(4)
    catalogue = open_catalogue(shop, None, None)
    before, space = told(catalogue), catalogue.space
    for round_ in range(4):
        numbers = [*luck.sample(range(60), 2), 60 + round_]
        shop.store.products.upsert([made(number, luck) for number in numbers])
    monkeypatch.setattr(catalogue_pack, "REMADE_AFTER", 0.5)
    with monkeypatch.context() as patch:
        read_only_what_is_newer(patch, 12)
        later = open_catalogue(shop, None, None)
    arrays, revision = catalogue_arrays(shop.store, items=catalogue.items, space=space)
    again = Catalogue.from_arrays(shop.store, arrays, revision, space=space)
    mine, whole = told(later), told(again)
    assert mine[:6] == whole[:6] and mine[-1] == whole[-1] == shop.store.products.newest_revision()
    assert mine[6][:1] == before[6][:1], "what is known of an item stays as models learnt it"  # type: ignore[index]
    new = [later.items.code(f"p{number}") for number in range(60, 64)]
    fresh = [code for code in new if code >= len(catalogue.items)]
    assert fresh and all(mine[6][code] == whole[6][code] for code in fresh)  # type: ignore[index]  # rows
    assert told(catalogue) == before, "a moment stays as it was"


def test_a_pack_is_made_again_once_too_much_changed(shop: ShopFolder) -> None:
    open_catalogue(shop, None, None)
    before = written_at(shop)
    luck = random.Random(5)
    shop.store.products.upsert([made(number, luck) for number in range(60, 71)])
    assert len(open_catalogue(shop, None, None).shelf) == 71 and written_at(shop) == before
    shop.store.products.upsert([made(number, luck) for number in range(71, 74)])
    assert len(open_catalogue(shop, None, None).shelf) == 74 and written_at(shop) > before


def test_a_torn_pack_is_refused_and_made_again(shop: ShopFolder) -> None:
    first = told(open_catalogue(shop, None, None))
    path = pack_of(shop) / "shelf.price.npy"
    path.write_bytes(path.read_bytes()[:-9])
    with capture_logs() as logs:
        assert told(open_catalogue(shop, None, None)) == first
    assert [line["event"] for line in logs] == ["pack_refused"]
    with capture_logs() as logs:
        assert told(open_catalogue(shop, None, None)) == first
    assert not logs


def test_a_pack_with_other_arrays_is_refused(shop: ShopFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(catalogue_pack, "LAYOUT", catalogue_pack.LAYOUT - 1)
        first = told(open_catalogue(shop, None, None))
    with capture_logs() as logs:
        assert told(open_catalogue(shop, None, None)) == first
    assert [line["event"] for line in logs] == ["pack_refused"]


def test_a_pack_of_another_database_is_refused(shop: ShopFolder, tmp_path: Path) -> None:
    open_catalogue(shop, None, None)
    shop.close()
    for path in shop.root.glob("shop.db*"):
        path.unlink()
    with ShopFolder.open(shop.root) as again:
        luck = random.Random(3)
        again.store.products.upsert([made(number, luck).model_copy(update={"title": "New"}) for number in range(60)])
        found = open_catalogue(again, None, None)
        assert found.shelf.product(0).title == "New" and found.space.words == ()
        assert open_catalogue(again, None, None).space == found.space


def test_a_folder_that_cannot_be_written_opens_all_the_same(shop: ShopFolder) -> None:
    (shop.root / "pack").write_text("a file in the place of the folder")
    with capture_logs() as logs:
        assert len(open_catalogue(shop, None, None).shelf) == 60
    assert [line["event"] for line in logs] == ["pack_not_written"]


def test_photos_of_a_model_are_in_its_pack(shop: ShopFolder, learnt: Learnt) -> None:
    stamp = Stamp(MAKER, "1", 2)
    keys = [PhotoKey(f"p{number}", "a.jpg") for number in range(60)]
    shop.store.vectors.put(stamp, keys[:30], np.arange(60, dtype=np.float32).reshape(30, 2))
    products = shop.store.products.all()
    space = FeatureSpace(("color=red",), (), (), (), stamp)
    arrays, revision = catalogue_arrays(
        shop.store, items=learnt(products, FeatureSpace((), (), (), ())).items, space=space
    )
    found = Catalogue.from_arrays(shop.store, arrays, revision, space=space)
    by_item = space.arrays(
        [[products[row] for row in found.items.rows_of(code)] for code in range(len(found.items))],
        space.item_photos(shop.store),
    )
    assert found.features.vectors is not None and by_item.vectors is not None
    assert np.array_equal(found.features.vectors, by_item.vectors, equal_nan=True)


def test_a_training_writes_the_pack_that_its_run_is_opened_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    luck = random.Random(6)
    with OpenShop.open(tmp_path / "shop") as shop:
        shop.upsert([made(number, luck) for number in range(40)])
        shop.record(
            [
                Event(
                    kind=EventKind.VIEW, product_id=f"p{n % 40}", shopper_id=f"s{n % 9}", time_ms=1_700_000_000_000 + n
                )
                for n in range(150)
            ]
        )
        run = train(shop, TrainRequest(model="popular"))
        assert (shop.folder.root / run.folder / "catalogue" / "pack.json").exists()
    read_only_what_is_newer(monkeypatch, 0)
    with OpenShop.open(tmp_path / "shop").warm() as shop, shop.floor() as floor:
        assert isinstance(floor, Floor) and len(floor.shelf) == 40 and floor.run is not None
        assert floor.trained == len(floor.items) == floor.features.n_items
