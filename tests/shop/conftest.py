"""A shop of three things, open; and what a training of it would have made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from bottega.catalogue.product import Product
from bottega.datasets.arrays import Histories
from bottega.datasets.features import FeatureSpace
from bottega.datasets.items import Items
from bottega.datasets.load import variants_of
from bottega.models.recommend.counted.popular import Popular
from bottega.settings import load_settings
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.shelf.catalogue import Catalogue, catalogue_arrays
from bottega.shop.shoppers.histories import RecentEvents
from bottega.shop.trained.side_models import SideModels
from bottega.shop.trained.trained_shop import TrainedShop
from bottega.shop.versions import Versions
from bottega.store.runs import ModelRun
from bottega.store.store import Store

NOWHERE = Path("/nowhere")
PRODUCTS = [Product(id=name, title=f"{name} thing", attributes={"color": ("red",)}) for name in "abc"]


def _learnt(products: Sequence[Product], space: FeatureSpace) -> TrainedShop:
    items = Items.of(products)
    features = space.arrays(variants_of(items, {product.id: product for product in products}))
    nobody, rng = Histories.from_lists([], n_items=len(items)), np.random.default_rng(0)
    popular = Popular().fit(nobody, features, rng=rng)
    return TrainedShop.of(items, space, popular, SideModels.fit(nobody, features, rng=rng))


def _stood_on(store: Store, trained: TrainedShop) -> Floor:
    run = ModelRun("popular", "1", "recommend", "recommend", 1, 1.0, 1.0, 1, 0, 0, "")
    arrays, revision = catalogue_arrays(store, items=trained.items, space=trained.space)
    catalogue = Catalogue.from_arrays(store, arrays, revision, space=trained.space)
    assert store.database.engine.url.database is not None
    versions = Versions(Path(store.database.engine.url.database).with_name("versions"))
    recent = RecentEvents(store, versions, history_events=3)
    return Floor(load_settings(NOWHERE), store, recent, catalogue, run=run, trained=trained)


@pytest.fixture
def learnt() -> Callable[[Sequence[Product], FeatureSpace], TrainedShop]:
    """What a training on some products and no events makes."""
    return _learnt


@pytest.fixture
def stood_on() -> Callable[[Store, TrainedShop], Floor]:
    """A floor on it, over all products of the store."""
    return _stood_on


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/shop.db") as opened:
        opened.products.upsert(PRODUCTS)
        yield opened


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "bottega.toml").write_text("history_events = 3\n")
    with OpenShop.open(tmp_path / "shop") as opened:
        opened.upsert(PRODUCTS)
        yield opened
