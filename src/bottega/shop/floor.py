"""The shop floor: one trained model together with the live shop it answers for. Replaced as a whole by the next model.

Shapes   I items, V products.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from scipy import sparse

from bottega.catalogue.product import Product
from bottega.datasets.arrays import Features, Histories
from bottega.datasets.features import FeatureSpace
from bottega.datasets.items import Items
from bottega.datasets.load import histories_of, variants_of
from bottega.errors import ModelUnknown
from bottega.models.recommend.affinity.declared_tastes import Declared
from bottega.models.recommend.base import NEW_SHOPPER, Composed, Extends, Recommender, members_of
from bottega.models.recommend.last_mile.diversity import unit_rows
from bottega.models.recommend.last_mile.leaning import price_levels
from bottega.models.recommend.registry import recommender_class, those_that
from bottega.names import BoolArray, FloatArray, IntArray
from bottega.shop.folder import ShopFolder
from bottega.shop.histories import LiveShop
from bottega.shop.shape import ModelInfo
from bottega.shop.shelf import Shelf
from bottega.shop.side_models import SideModels
from bottega.store.runs import ModelRun

__all__ = ["DEFAULT_STRATEGY", "Floor"]

DEFAULT_STRATEGY = "default"


class Floor:
    """What one answer needs, kept together. Not safe for several threads; `OpenShop` holds the lock."""

    def __init__(self, shop: ShopFolder, run: ModelRun | None) -> None:
        """Load the model of `run`; without one, answer from popularity and attributes. Raises `ModelFileBroken`."""
        self._store = shop.store
        self.settings = shop.settings
        self.run = run
        if run is not None:
            folder = shop.root / run.folder
            items = Items.load(folder / "items.json")
            space = FeatureSpace.load(folder / "features.json")
        else:
            catalogue = shop.store.products.all()
            items = Items.of(catalogue)
            space = FeatureSpace.learn(variants_of(items, {product.id: product for product in catalogue}))
        self.trained = len(items) if run is not None else 0
        """Items with a smaller code were there when the model was trained."""
        self._by_popularity: IntArray = np.zeros(0, dtype=np.int32)
        self._price_levels: FloatArray = np.zeros(0, dtype=np.float32)
        self.live = LiveShop(shop.store, items, space, history_events=shop.settings.history_events)
        self._revision = self.live.revision
        self.shelf = Shelf(items, self.live.products.values())
        self.learnt_at = (len(self.live.products), self.live.events_seen)
        """Products and events there were when the fallbacks were fitted."""
        consent = shop.settings.personalisation_consent
        learn = _Once(lambda: histories_of(shop.store.events.frame(consent), items)[0])
        self._stand_ins = those_that(lambda abilities: abilities.stands_in)
        self.members = self._members(run, shop.root, learn)
        """Every recommender that a request may name."""
        self.side_models = (
            SideModels.load(folder)
            if run is not None
            else SideModels.fit(learn(), self.features, rng=np.random.default_rng(0))
        )
        self.shoppers = self.side_models.shoppers
        self._covered = self.trained
        self._take_new(force=True)

    @property
    def untrained(self) -> bool:
        return self.run is None

    @property
    def features(self) -> Features:
        return self.live.features

    @property
    def info(self) -> ModelInfo:
        """What the answer says of the model."""
        run = self.run
        if run is None:
            return ModelInfo(name="untrained", version="", trained_at=None, events_seen=self.learnt_at[1])
        trained = datetime.fromtimestamp(run.trained_at_ms / 1000, UTC).isoformat(timespec="seconds")
        return ModelInfo(name=run.name, version=run.version, trained_at=trained, events_seen=run.events_seen)

    def recommender(self, strategy: str | None) -> Recommender:
        """The recommender a request names; the trained one where it names none. Raises `ModelUnknown`."""
        if strategy in (None, DEFAULT_STRATEGY):
            return self.members[self.run.name] if self.run is not None else self.stand_in(NEW_SHOPPER)
        assert strategy is not None
        if strategy not in self.members:
            raise ModelUnknown(
                f"There is no strategy {strategy!r}.",
                allowed=f"Strategies of this shop are {', '.join([DEFAULT_STRATEGY, *self.members])}.",
                next_step="Use one of these names, or leave the field out.",
            )
        return self.members[strategy]

    def stand_in(self, asked: str) -> Recommender:
        """Who answers for a shopper or a product (`Abilities.serves`) that the trained model has nothing to say to."""
        return next(model for name in self._stand_ins if asked in (model := self.members[name]).abilities.serves)

    def score(self, model: Recommender, histories: Histories) -> tuple[FloatArray, FloatArray, list[str]]:
        """Scores [B, I], what each member added to them [B, M, I], and the members' names [M]."""
        if isinstance(model, Composed):
            shares = model.shares(histories)
            return shares.sum(axis=1), shares, list(model.members_)
        scores = model.score(histories)
        return scores, scores[:, None, :], [model.name]

    def declared(self, shopper: str) -> list[Declared]:
        """What this profile says to like, as far as affinities know the attributes and values."""
        if shopper not in self.live.tellers:
            return []
        groups = self.side_models.affinity.groups_
        said = []
        for attribute, (values, time_ms) in self._store.tastes.of_shopper(shopper).items():
            places = [place for value in values if (place := groups.place(attribute, value)) is not None]
            if places:
                said.append(Declared(tuple(places), time_ms))
        return said

    def by_popularity(self) -> IntArray:
        """Every item [I], the most popular first; those the popularity model knows nothing of at the end."""
        if len(self._by_popularity) != len(self.live.items):
            nobody = Histories.from_lists([[]], n_items=len(self.live.items))
            scores = self.stand_in(NEW_SHOPPER).score(nobody)[0]
            self._by_popularity = np.argsort(-scores, kind="stable").astype(np.int32)
        return self._by_popularity

    def price_levels(self) -> FloatArray:
        """Where each item's price stands in its category [I], 0 to 1, NaN where unknown."""
        if len(self._price_levels) != len(self.live.items):
            self._price_levels = price_levels(self.features.prices, self.features.categories)
        return self._price_levels

    def refresh(self) -> None:
        """Take in the products that other processes wrote; `live.refresh_events` does so for events."""
        products, self._revision = self._store.products.changed_since(self._revision)
        if products:
            self.upsert(products)

    def upsert(self, products: Sequence[Product]) -> None:
        """Take in products that the store has."""
        self.live.upsert(products)
        self.shelf.update(products)
        self._take_new()

    def outgrown(self) -> bool:
        """Whether an untrained floor has seen so much more that its fallbacks should be fitted again."""
        products, events = self.learnt_at
        more = len(self.live.products) > 1.2 * products or self.live.events_seen > 1.2 * events
        return self.untrained and more

    def _take_new(self, *, force: bool = False) -> None:
        """Let the models know items that came after training."""
        n_items = len(self.live.items)
        if n_items == self._covered and not force:
            return
        if n_items > self._covered:
            models = [*self.members.values(), self.side_models.affinity]
            for model in {id(one): one for one in models}.values():
                if isinstance(model, Extends):
                    model.extend(self.features)
            self._covered = n_items
        self.shoppers = np.append(self.shoppers, np.zeros(n_items - len(self.shoppers), dtype=np.int32))
        self.durable: BoolArray = self.side_models.repeats.durable_of(self.features.categories)
        """Whether each item is bought once and not again [I]."""
        self.unit_attributes: sparse.csr_matrix = unit_rows(self.features.attributes)
        """Attribute rows of length 1, for likeness [I, A]."""

    def _members(self, run: ModelRun | None, root: Path, learn: Callable[[], Histories]) -> dict[str, Recommender]:
        members: dict[str, Recommender] = {}
        if run is not None:
            model = recommender_class(run.name).load(root / run.folder / "model")
            members = members_of(model)
        for name in self._stand_ins:
            if name not in members:
                fallback = recommender_class(name)()
                members[name] = fallback.fit(learn(), self.features, rng=np.random.default_rng(0))
        return members


class _Once:
    """Histories that are read from the store when first asked for, which most floors never do."""

    def __init__(self, read: Callable[[], Histories]) -> None:
        self._read = read
        self._found: Histories | None = None

    def __call__(self) -> Histories:
        if self._found is None:
            self._found = self._read()
        return self._found
