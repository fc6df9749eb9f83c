"""A trained shop: a recommender, what is learnt beside it, and the codes and columns in which both think.

The one way into and out of the folder of a training run, for whoever trains, answers, simulates or groups shoppers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bottega.catalogue.product import Product
from bottega.datasets.arrays import Features
from bottega.datasets.features import FeatureSpace
from bottega.datasets.items import Items
from bottega.models.recommend.base import Recommender
from bottega.models.recommend.registry import recommender_class
from bottega.shop.side_models import SideModels
from bottega.store.store import Store
from bottega.store.vectors import Stamp

__all__ = ["TrainedShop", "items_of_run"]


def items_of_run(folder: Path) -> Items:
    """The items that a training learnt about. Raises `ModelFileBroken`."""
    table = folder / "items.npz"
    return Items.load(table if table.exists() else folder / "items.json")  # as versions before 0.4 wrote it


@dataclass(frozen=True)
class TrainedShop:
    """What one training made."""

    items: Items
    space: FeatureSpace
    recommender: Recommender
    side_models: SideModels

    @property
    def stamp(self) -> Stamp | None:
        """Who made the photo vectors that it learnt with; it must be given no others."""
        return self.space.photos

    def features(self, store: Store, products: Sequence[Sequence[Product]]) -> Features:
        """Features of items [I], each a list of its variants, with the photo vectors of its own stamp."""
        return self.space.arrays(products, self.space.item_photos(store))

    def save(self, folder: Path) -> None:
        """Write into the folder of a run, beside its empty `model/`."""
        self.items.save(folder / "items.npz")
        self.space.save(folder / "features.json")
        self.side_models.save(folder)
        self.recommender.save(folder / "model")

    @classmethod
    def load(cls, folder: Path, name: str) -> Self:
        """Read what `save` wrote; `name` is that of the recommender. Raises `ModelFileBroken`."""
        recommender = recommender_class(name).load(folder / "model")
        return cls(
            items=items_of_run(folder),
            space=FeatureSpace.load(folder / "features.json"),
            recommender=recommender,
            side_models=SideModels.load(folder, recommender),
        )
