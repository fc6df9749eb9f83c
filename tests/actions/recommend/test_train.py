"""Training: events put aside to weigh by are learnt from in the end."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bottega.actions.recommend.shapes import TrainRequest
from bottega.actions.recommend.train import train
from bottega.catalogue.product import Product
from bottega.datasets.load import load_dataset
from bottega.events.event import Event
from bottega.models.recommend.counted.popular import Popular
from bottega.names import EventKind
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.trained_shop import TrainedShop


def test_what_is_popular_counts_every_event(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    with ShopFolder.open(tmp_path / "shop") as folder:
        folder.store.products.upsert([Product(id=str(item), title=f"Thing {item}") for item in range(12)])
        events = [
            Event(shopper_id=f"s{shopper}", product_id=str(item), kind=EventKind.VIEW, time_ms=1_000 * (step + 1))
            for shopper in range(60)
            for step, item in enumerate(rng.permutation(12)[:4])
        ]
        folder.store.events.add(events)
        run = train(OpenShop(folder), TrainRequest(model="popular"))
        found = TrainedShop.load(folder.root / "models" / "recommend" / "popular" / run.version, "popular")
        dataset = load_dataset(folder.store)
    whole = Popular().fit(dataset.histories, dataset.features, rng=rng)
    assert isinstance(found.recommender, Popular)
    np.testing.assert_allclose(found.recommender.shares_, whole.shares_, rtol=1e-6)
