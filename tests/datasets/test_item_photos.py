"""Photo vectors reach the features of items, those of later products too, and never those of another version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bottega.catalogue.product import Product
from bottega.datasets.features import FeatureSpace
from bottega.datasets.item_photos import MAKER, ItemPhotos
from bottega.datasets.load import load_dataset
from bottega.names import FloatArray
from bottega.store.store import Store
from bottega.store.vectors import PhotoKey, Stamp

MUG = Product(id="mug", title="Mug", images=("a/1.jpg", "a/2.jpg"))
SMALL = Product(id="s", group_id="shirt", title="Shirt")
MEDIUM = Product(id="m", group_id="shirt", title="Shirt", images=("a/3.jpg",))
BARE = Product(id="bare", title="Lamp")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/shop.db") as opened:
        opened.products.upsert([MUG, SMALL, MEDIUM, BARE])
        yield opened


def see(store: Store, version: str, seen: dict[tuple[str, str], list[float]]) -> None:
    keys = [PhotoKey(*key) for key in seen]
    store.vectors.put(Stamp(MAKER, version), keys, np.array(list(seen.values()), dtype=np.float32))


def rows(vectors: FloatArray | None) -> list[list[float] | None]:
    assert vectors is not None
    return [None if np.isnan(row).any() else row.tolist() for row in vectors]


def test_an_item_has_the_vector_of_its_first_photo_that_was_seen(store: Store) -> None:
    see(store, "1", {("mug", "a/2.jpg"): [0, 1], ("m", "a/3.jpg"): [0.5, 0]})
    found = load_dataset(store)
    assert rows(found.features.vectors) == [[0, 1], [0.5, 0], None]
    assert found.space.photos == Stamp(MAKER, "1", 2)
    see(store, "1", {("mug", "a/1.jpg"): [1, 0]})
    assert rows(load_dataset(store).features.vectors)[0] == [1, 0], "the main photo comes first"


def test_a_shop_nobody_looked_at_works_as_before(store: Store) -> None:
    found = load_dataset(store)
    assert found.features.vectors is None and found.space.photos is None
    assert ItemPhotos.newest(store) is None


def test_later_products_bring_theirs_and_another_version_stays_out(store: Store, tmp_path: Path) -> None:
    see(store, "1", {("mug", "a/1.jpg"): [1, 0]})
    load_dataset(store).space.save(tmp_path / "features.json")
    space = FeatureSpace.load(tmp_path / "features.json")
    assert space.photos == Stamp(MAKER, "1", 2)
    see(store, "2", {("mug", "a/1.jpg"): [1, 2, 3]})
    photos = space.item_photos(store)
    assert rows(space.arrays([[MUG], [SMALL, MEDIUM], [BARE]], photos).vectors) == [[1, 0], None, None]
    later = []
    for name, version in (("vase", "1"), ("bowl", "2")):
        later.append([Product(id=name, title=name, images=("b/1.jpg",))])
        store.products.upsert(later[-1])
        see(store, version, {(name, "b/1.jpg"): [0, 1] if version == "1" else [4, 5, 6]})
    photos = space.item_photos(store, ["vase", "bowl"])
    assert rows(space.arrays(later, photos).vectors) == [[0, 1], None]
    assert photos is not None and rows(photos.of(["mug"], np.zeros(1, np.int32), 1)) == [None], (
        "only those that were asked for were read"
    )
    assert load_dataset(store).space.photos == Stamp(MAKER, "2", 3), "the next training hears the newest version"


def test_vectors_of_another_stamp_are_refused(store: Store) -> None:
    see(store, "1", {("mug", "a/1.jpg"): [1, 0]})
    see(store, "2", {("mug", "a/1.jpg"): [1, 0]})
    space = FeatureSpace.learn([[MUG], [BARE]], ItemPhotos.newest(store))
    other = ItemPhotos(Stamp(MAKER, "1"))
    other.read(store)
    with pytest.raises(AssertionError, match="another maker"):
        space.arrays([[MUG]], other)
    assert rows(space.arrays([[MUG]]).vectors) == [None]


def test_a_stamp_written_as_a_list_is_read(tmp_path: Path) -> None:
    (tmp_path / "features.json").write_text(
        '{"attribute_names": [], "words": [], "idf": [], "category_names": [], "photos": ["eye", "eye-2", 128]}'
    )
    assert FeatureSpace.load(tmp_path / "features.json").photos == Stamp("eye", "eye-2", 128)
