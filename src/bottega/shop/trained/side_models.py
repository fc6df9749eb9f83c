"""Side models: what is learnt beside the recommender and answers with it; fitted, saved and loaded together.

A further one is a field here, a line in `fit`, one in `save` and one in `load`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.recommend.base import Recommender, members_of
from bottega.models.recommend.last_mile.interests import Searches
from bottega.models.recommend.last_mile.learnt import LastMile
from bottega.models.recommend.last_mile.popularity_counts import count_shoppers, load_counts, save_counts
from bottega.models.recommend.last_mile.together import Together
from bottega.models.recommend.purchases.chances import Chances
from bottega.models.recommend.purchases.relations import Relations
from bottega.models.recommend.purchases.repeats import RepeatRates
from bottega.models.recommend.purchases.repurchase import Repurchase
from bottega.models.recommend.registry import recommender_class
from bottega.names import IntArray
from bottega.progress import Progress, silent
from bottega.shop.once import Once

if TYPE_CHECKING:
    from bottega.models.recommend.affinity.affinity import Affinity

__all__ = ["SideModels"]


@dataclass(frozen=True, slots=True)
class SideModels:
    """What is learnt beside the recommender, for one trained model or a floor without one."""

    shopper_counts: IntArray
    """How many shoppers chose each item [I]."""
    repeats: RepeatRates
    """How often the same item is bought again, by category."""
    repurchase: Repurchase
    """Whether anything of a category is bought again, and when."""
    relations: Relations
    """What goes with a product, and what could stand in its place."""
    together: Together
    """How many shoppers took two products, or looked at two of one kind."""
    last_mile: LastMile
    """Where lists had better end, and how varied shoppers usually are."""
    searches: Searches
    """Which products the shoppers' searches led to."""
    chances: Chances
    """How probable it is that a shopper buys soon, and that they have left."""
    learnt_affinity: Once[Affinity]
    """See `affinity`."""

    @property
    def affinity(self) -> Affinity:
        """What each shopper is drawn to, in the words of the catalogue; loaded when first asked for."""
        return self.learnt_affinity()

    @classmethod
    def fit(
        cls,
        histories: Histories,
        features: Features,
        *,
        rng: np.random.Generator,
        model: Recommender | None = None,
        holdout: Holdout | None = None,
        searches: Searches | None = None,
        device: str = "auto",
        progress: Progress = silent,
    ) -> Self:
        """Learn all of them; `model` is the recommender they stand beside, None on a floor without one, where only
        what costs next to nothing is learnt. `holdout`: questions that the model never learnt from."""
        last_mile = LastMile.fit(histories, features, rng=rng, model=model, holdout=holdout)
        affinity = _affinity(histories, features, rng=rng, model=model, device=device, progress=progress)
        return cls(
            shopper_counts=count_shoppers(histories),
            repeats=RepeatRates.fit(histories, features.categories),
            repurchase=Repurchase.fit(histories, features),
            relations=Relations.none(histories.n_items)
            if model is None
            else Relations.fit(histories, features, progress=progress),
            together=Together.none(histories.n_items) if model is None else Together.fit(histories, features),
            last_mile=last_mile,
            searches=searches or Searches.none(),
            chances=Chances() if model is None else Chances.fit(histories),
            learnt_affinity=Once(lambda: affinity),
        )

    def save(self, folder: Path) -> None:
        """Write into the folder of a training run, beside the model."""
        save_counts(self.shopper_counts, folder / "shoppers.json")
        self.repeats.save(folder / "repeats.json")
        one: Repurchase | Relations | Together
        for name, one in (
            ("repurchase", self.repurchase),
            ("relations", self.relations),
            ("together", self.together),
        ):
            (folder / name).mkdir()
            one.save(folder / name)
        self.last_mile.save(folder / "last_mile.json")
        self.searches.save(folder / "searches.json")
        self.chances.save(folder / "chances.json")
        (folder / "affinity").mkdir()
        self.affinity.save(folder / "affinity")

    @classmethod
    def load(cls, folder: Path, model: Callable[[], Recommender]) -> Self:
        """Read what `save` wrote beside the recommender that `model` gives. Raises `ModelFileBroken`."""
        counts = load_counts(folder / "shoppers.json")
        return cls(
            shopper_counts=counts,
            repeats=RepeatRates.load(folder / "repeats.json"),
            repurchase=Repurchase.load(folder / "repurchase"),
            relations=Relations.load(folder / "relations"),
            together=Together.load(folder / "together", len(counts)),
            last_mile=LastMile.load(folder / "last_mile.json"),
            searches=Searches.load(folder / "searches.json"),
            chances=Chances.load(folder / "chances.json"),
            learnt_affinity=Once(
                lambda: _affinity_in(model()) or recommender_class("affinity").load(folder / "affinity")
            ),
        )


def _affinity(
    histories: Histories,
    features: Features,
    *,
    rng: np.random.Generator,
    model: Recommender | None,
    device: str,
    progress: Progress,
) -> Affinity:
    """The affinity model: the recommender, or its member, where it is one; untaught (counts alone) where is none."""
    found = _affinity_in(model)
    if found is not None:
        return found
    made = recommender_class("affinity")
    learnt: Affinity = made() if model is not None else made(replace(made().config, most_steps=0))
    return learnt.fit(histories, features, rng=rng, device=device, progress=progress)


def _affinity_in(model: Recommender | None) -> Affinity | None:
    """The affinity model that the recommender is, or has as a member."""
    made = recommender_class("affinity")
    inside = () if model is None else members_of(model).values()
    found: Affinity | None = next((one for one in inside if isinstance(one, made)), None)
    return found
