"""A trained shop: a recommender, what is learnt beside it, and the codes and columns in which both think.

The one way into and out of the folder of a training run, for whoever trains, answers, simulates or groups shoppers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bottega.catalogue.product import Product
from bottega.datasets.arrays import Features
from bottega.datasets.features import FeatureSpace
from bottega.datasets.items import Items
from bottega.models.recommend.base import Packed, Recommender
from bottega.models.recommend.registry import recommender_class
from bottega.shop.once import Once
from bottega.shop.trained.model_pack import open_model_pack, packed_models, write_model_pack
from bottega.shop.trained.side_models import SideModels
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
    learnt: Once[Recommender]
    """See `recommender`."""
    side_models: SideModels
    packed: Mapping[str, Packed]
    """What answers are made from: the recommender as flat arrays, and the affinity model that reads declared tastes."""

    @classmethod
    def of(cls, items: Items, space: FeatureSpace, recommender: Recommender, side_models: SideModels) -> Self:
        """What was learnt just now."""
        packed = packed_models(recommender, side_models.affinity)
        return cls(items, space, Once(lambda: recommender), side_models, packed)

    @property
    def recommender(self) -> Recommender:
        """The recommender with all it learnt by; loaded when first asked for, since answers need it no more."""
        return self.learnt()

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
        write_model_pack(folder, self.packed)

    @classmethod
    def load(cls, folder: Path, name: str) -> Self:
        """Read what `save` wrote; `name` is that of the recommender. Raises `ModelFileBroken`."""

        def load() -> Recommender:
            recommender: Recommender = recommender_class(name).load(folder / "model")
            return recommender

        learnt = Once(load)
        side_models = SideModels.load(folder, learnt)
        packed = open_model_pack(folder, lambda: packed_models(learnt(), side_models.affinity))
        return cls(
            items=items_of_run(folder),
            space=FeatureSpace.load(folder / "features.json"),
            learnt=learnt,
            side_models=side_models,
            packed=packed,
        )
