"""Vectors of pictures: kept to the bit of a float16, left out and made anew as catalogues change."""

from __future__ import annotations

import numpy as np

from bottega.catalogue.product import Product
from bottega.names import FloatArray
from bottega.store.store import Store
from bottega.store.vectors import PhotoKey, Stamp

LAMP, LAMP_BACK, DESK = PhotoKey("lamp 💡", "aa/1.jpg"), PhotoKey("lamp 💡", "aa/2.jpg"), PhotoKey("desk", "bb/1.jpg")


def vectors(count: int, seed: int = 0) -> FloatArray:
    return np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float16).astype(np.float32)


def fill(store: Store) -> None:
    lamp = Product(id=LAMP.product_id, title="Lamp", images=("aa/1.jpg", "https://s.example/x.jpg", "aa/2.jpg"))
    store.products.upsert(
        [lamp, Product(id="desk", title="Desk", images=("bb/1.jpg",)), Product(id="rug", title="Rug")]
    )


def test_what_is_put_comes_back(store: Store) -> None:
    fill(store)
    made = vectors(3)
    store.vectors.put(Stamp("eye", "1"), [DESK, LAMP_BACK, LAMP], made)
    found = store.vectors.all(Stamp("eye", "1"))
    assert (found.ids, found.images) == (
        ["desk", LAMP.product_id, LAMP.product_id],
        ["bb/1.jpg", "aa/2.jpg", "aa/1.jpg"],
    )
    assert found.positions.tolist() == [0, 2, 0]
    assert found.matrix.dtype == np.float16 and np.array_equal(found.matrix, made)
    assert store.vectors.all(Stamp("eye", "2")).ids == store.vectors.all(Stamp("other", "1")).ids == []
    assert store.vectors.all(Stamp("eye", "2")).matrix.shape[0] == 0


def test_readers_ask_for_what_is_newer(store: Store) -> None:
    fill(store)
    store.vectors.put(Stamp("eye", "1"), [LAMP], vectors(1))
    first = store.vectors.all(Stamp("eye", "1"))
    assert store.vectors.all(Stamp("eye", "1"), after=first.newest).ids == []
    assert store.vectors.all(Stamp("eye", "1"), after=first.newest).newest == first.newest
    store.vectors.put(Stamp("eye", "1"), [DESK], vectors(1))
    assert store.vectors.all(Stamp("eye", "1"), after=first.newest).ids == ["desk"]


def test_putting_again_replaces(store: Store) -> None:
    fill(store)
    store.vectors.put(Stamp("eye", "1"), [LAMP, DESK], vectors(2))
    store.vectors.put(Stamp("eye", "2"), [LAMP], vectors(1, seed=5))
    store.vectors.put(Stamp("eye", "1"), [LAMP], vectors(1, seed=9))
    found = store.vectors.all(Stamp("eye", "1"))
    assert found.ids == ["desk", LAMP.product_id]
    assert np.array_equal(found.matrix, np.concatenate([vectors(2)[1:], vectors(1, seed=9)]))
    store.vectors.put(Stamp("eye", "1"), [], vectors(0))


def test_what_is_missing_is_listed(store: Store) -> None:
    fill(store)
    assert store.vectors.missing(Stamp("eye", "1")) == [LAMP, LAMP_BACK, DESK]
    store.vectors.put(Stamp("eye", "1"), [LAMP, DESK], vectors(2))
    assert store.vectors.missing(Stamp("eye", "1")) == [LAMP_BACK]
    assert store.vectors.missing(Stamp("eye", "2")) == [LAMP, LAMP_BACK, DESK]
    revision = store.products.newest_revision()
    assert store.vectors.missing(Stamp("eye", "2"), revision=revision) == []
    store.products.upsert([Product(id="rug", title="Rug", images=("cc/1.jpg",))])
    assert store.vectors.missing(Stamp("eye", "2"), revision=revision) == [PhotoKey("rug", "cc/1.jpg")]
    store.vectors.put(Stamp("eye", "2"), [PhotoKey("rug", "cc/1.jpg")], vectors(1))
    assert store.vectors.missing(Stamp("eye", "2"), revision=revision) == []


def test_a_changed_picture_is_made_anew_and_the_old_one_is_left_out(store: Store) -> None:
    fill(store)
    store.vectors.put(Stamp("eye", "1"), [LAMP, LAMP_BACK, DESK], vectors(3))
    store.products.upsert([Product(id=LAMP.product_id, title="Lamp", images=("aa/9.jpg", "aa/2.jpg"))])
    found = store.vectors.all(Stamp("eye", "1"))
    assert (found.ids, found.images) == ([LAMP.product_id, "desk"], ["aa/2.jpg", "bb/1.jpg"])
    assert found.positions.tolist() == [1, 0], "the place it has now"
    assert store.vectors.missing(Stamp("eye", "1")) == [PhotoKey(LAMP.product_id, "aa/9.jpg")]


def test_pruning_deletes_what_no_product_shows_and_other_versions(store: Store) -> None:
    fill(store)
    store.vectors.put(Stamp("eye", "1"), [LAMP, LAMP_BACK], vectors(2))
    store.vectors.put(Stamp("eye", "2"), [LAMP, DESK, PhotoKey("gone", "dd/1.jpg")], vectors(3))
    store.vectors.put(Stamp("nose", "1"), [LAMP], vectors(1))
    store.products.upsert([Product(id="desk", title="Desk", images=("bb/2.jpg",))])
    assert store.vectors.prune("eye", "2") == 4
    assert store.vectors.prune("eye", "2") == 0
    assert store.vectors.all(Stamp("eye", "2")).ids == store.vectors.all(Stamp("nose", "1")).ids == [LAMP.product_id]
    assert store.vectors.all(Stamp("eye", "1")).ids == []


def test_more_than_fit_into_one_statement(store: Store) -> None:
    count = 5001
    store.products.upsert([Product(id=str(n), title="Mug", images=(f"{n}.jpg",)) for n in range(count)])
    missing = store.vectors.missing(Stamp("eye", "1"))
    assert len(missing) == count
    made = vectors(count)
    for _ in range(2):
        store.vectors.put(Stamp("eye", "1"), missing, made)
    found = store.vectors.all(Stamp("eye", "1"))
    assert found.ids == [str(n) for n in range(count)] and np.array_equal(found.matrix, made)
    assert store.vectors.prune("eye", "3") == count
