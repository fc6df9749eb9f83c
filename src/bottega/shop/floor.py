"""The shop floor: one moment of the shop to answer from. A trained model, what it knows of every item, and the shelf.

A floor never changes, so an answer needs no lock: what comes in makes another floor, which takes this one's place and
shares with it what stayed. Features of an item stay as they were when it was first seen, because models have learnt
them; whether it may be shown follows every change at once.
Shapes   I items, V products.
"""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, datetime
from typing import Self

import numpy as np
from scipy import sparse

from bottega.catalogue.filter import Filter
from bottega.catalogue.product import Product
from bottega.datasets.arrays import Features, Histories
from bottega.datasets.load import histories_of
from bottega.errors import ModelUnknown
from bottega.models.recommend.affinity.declared_tastes import Declared
from bottega.models.recommend.answering.member import Asked
from bottega.models.recommend.answering.pool import Within
from bottega.models.recommend.base import NEW_SHOPPER, Recommender, members_of
from bottega.models.recommend.last_mile.diversity import unit_rows
from bottega.models.recommend.last_mile.leaning import price_levels
from bottega.models.recommend.registry import recommender_class, those_that
from bottega.names import BoolArray, FloatArray, IntArray
from bottega.settings import Settings
from bottega.shop.answering import Answering, States
from bottega.shop.catalogue import Catalogue
from bottega.shop.histories import Past, RecentEvents
from bottega.shop.members import covering
from bottega.shop.once import Once
from bottega.shop.shape import ModelInfo
from bottega.shop.shelf import MASKS_KEPT
from bottega.shop.side_models import SideModels
from bottega.shop.trained_shop import TrainedShop
from bottega.store.runs import ModelRun
from bottega.store.store import Store

__all__ = ["DEFAULT_STRATEGY", "Floor"]

DEFAULT_STRATEGY = "default"


class Floor:
    """What one answer needs, all of one moment. Any number of threads may read it."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        recent: RecentEvents,
        catalogue: Catalogue,
        *,
        run: ModelRun | None = None,
        trained: TrainedShop | None = None,
    ) -> None:
        """Stand on what `run` trained; without one, answer from popularity and attributes.

        `catalogue`: in the codes and columns of the model.
        """
        assert (run is None) == (trained is None)
        self.settings = settings
        self.run = run
        self.trained = 0 if trained is None else len(trained.items)
        """Items with a smaller code were there when the model was trained."""
        self._recent = recent
        self._answering: Answering | None = None
        self._by_popularity: IntArray | None = None
        self._price_levels: FloatArray | None = None
        self._take(catalogue)
        self.learnt_at = (len(self.shelf), recent.events_seen)
        """Products and events there were when the fallbacks were fitted."""
        learn = Once(lambda: histories_of(store.events.frame(settings.personalisation_consent), self.items)[0])
        self._stand_ins = those_that(lambda abilities: abilities.stands_in)
        models: dict[str, Recommender] = {}
        if run is not None and trained is not None:
            models = members_of(trained.recommender)
            side = trained.side_models
        else:
            side = SideModels.fit(learn(), self.features, rng=np.random.default_rng(0))
        if len(self.items) > self.trained and trained is not None:
            models, side = _grown(models, side, self.features)
        for name in self._stand_ins:
            if name not in models:
                made: Recommender = recommender_class(name)()
                models[name] = made.fit(learn(), self.features, rng=np.random.default_rng(0))
        self._stand_on(models, side)

    @property
    def untrained(self) -> bool:
        return self.run is None

    @property
    def info(self) -> ModelInfo:
        """What the answer says of the model."""
        run = self.run
        if run is None:
            return ModelInfo(name="untrained", version="", trained_at=None, events_seen=self.learnt_at[1])
        trained = datetime.fromtimestamp(run.trained_at_ms / 1000, UTC).isoformat(timespec="seconds")
        return ModelInfo(name=run.name, version=run.version, trained_at=trained, events_seen=run.events_seen)

    def strategy(self, asked: str | None) -> str:
        """The member that a request names; the trained model where it names none. Raises `ModelUnknown`."""
        if asked in (None, DEFAULT_STRATEGY):
            return self.run.name if self.run is not None else self.stand_in(NEW_SHOPPER)
        assert asked is not None
        if asked not in self.answering.members:
            raise ModelUnknown(
                f"There is no strategy {asked!r}.",
                allowed=f"Strategies of this shop are {', '.join([DEFAULT_STRATEGY, *self.answering.members])}.",
                next_step="Use one of these names, or leave the field out.",
            )
        return asked

    def stand_in(self, asked: str) -> str:
        """Who answers for a shopper or a product (`Abilities.serves`) that the trained model has nothing to say to."""
        return next(name for name in self._stand_ins if asked in self.answering.members[name].serves)

    def within(self, wanted: Filter | None) -> tuple[BoolArray, Within]:
        """Products [V] that may be shown and meet the filter, and the items that have one."""
        rows, allowed = self.shelf.allowed(wanted)
        with self._within_lock:
            found = self._within.get(id(allowed))
            if found is None:
                found = self._within[id(allowed)] = Within(allowed)
                while len(self._within) > MASKS_KEPT:
                    self._within.popitem(last=False)
        return rows, found

    def past(self, shopper: str | None) -> Past:
        """What a profile did, its newest events included; nothing for None."""
        return self._recent.past(shopper, self.items) if shopper else Past((), self.items)

    def declared(self, shopper: str) -> list[Declared]:
        """What this profile says to like, as far as affinities know the attributes and values."""
        groups = self.side_models.affinity.groups_
        declared = []
        for attribute, (values, time_ms) in self._recent.said(shopper).items():
            places = [place for value in values if (place := groups.place(attribute, value)) is not None]
            if places:
                declared.append(Declared(tuple(places), time_ms))
        return declared

    def variants(self, item: int) -> list[Product]:
        """The products of an item, in catalogue order."""
        return self.shelf.products_at(self.shelf.rows_of(item))

    @property
    def revision(self) -> int:
        """Revision of the store up to which products are known."""
        return self.catalogue.revision

    def by_popularity(self) -> IntArray:
        """Every item [I], the most popular first; those the popularity model knows nothing of at the end."""
        if self._by_popularity is None:
            nobody = Asked.of(Histories.from_lists([[]], n_items=len(self.items)))
            scores = np.empty(len(self.items), dtype=np.float32)
            with self.answering.speaking(self.stand_in(NEW_SHOPPER), nobody, States(), ()) as (voice, _):
                voice.scores(np.arange(len(self.items), dtype=np.int32), scores)
            self._by_popularity = np.argsort(-scores, kind="stable").astype(np.int32)
        return self._by_popularity

    def price_levels(self) -> FloatArray:
        """Where each item's price stands in its category [I], 0 to 1, NaN where unknown."""
        if self._price_levels is None:
            self._price_levels = price_levels(self.features.prices, self.features.categories)
        return self._price_levels

    def standing_on(self, catalogue: Catalogue) -> Self:
        """The floor on a later moment of its catalogue."""
        new = copy.copy(self)
        new._take(catalogue)
        if len(catalogue.items) > len(self.items):
            new._stand_on(*_grown(self.members, self.side_models, new.features))
        return new

    def _take(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.items, self.shelf = catalogue.items, catalogue.shelf
        self.space, self.features = catalogue.space, catalogue.features
        self._within_lock = threading.Lock()
        self._within: OrderedDict[int, Within] = OrderedDict()
        """By the mask's identity, which a `Within` holds."""

    def outgrown(self) -> bool:
        """Whether an untrained floor has seen so much more that its fallbacks should be fitted again."""
        products, events = self.learnt_at
        more = len(self.shelf) > 1.2 * products or self._recent.events_seen > 1.2 * events
        return self.untrained and more

    def _stand_on(self, members: dict[str, Recommender], side_models: SideModels) -> None:
        """Take models that cover every item, and what follows from them."""
        self.members = members
        """Every recommender that a request may name."""
        before = self._answering
        self.answering = (
            Answering.of(members, len(self.items)) if before is None else before.extended(self.features, members)
        )
        """The same as they answer."""
        self._answering = self.answering
        self.side_models = side_models
        known = side_models.shopper_counts
        self.shopper_counts: IntArray = np.append(known, np.zeros(len(self.items) - len(known), dtype=np.int32))
        """How many shoppers chose each item [I]."""
        self.durable: BoolArray = side_models.repeats.durable_of(self.features.categories)
        """Whether each item is bought once and not again [I]."""
        self.unit_attributes: sparse.csr_matrix = unit_rows(self.features.attributes)
        """Attribute rows of length 1, for likeness [I, A]."""
        self._by_popularity = self._price_levels = None

    @property
    def recommendable(self) -> BoolArray:
        """Whether some variant of the item may be shown [I]. Read only."""
        return self.shelf.allowed(None)[1]


def _grown(
    members: dict[str, Recommender], side_models: SideModels, features: Features
) -> tuple[dict[str, Recommender], SideModels]:
    """The models with items that came after training."""
    *models, affinity = covering([*members.values(), side_models.affinity], features)
    return dict(zip(members, models, strict=True)), replace(side_models, affinity=affinity)  # type: ignore[arg-type]
