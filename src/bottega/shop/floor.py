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
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from scipy import sparse

from bottega.catalogue.filter import Filter
from bottega.catalogue.product import Product
from bottega.datasets.arrays import Histories
from bottega.datasets.load import histories_of
from bottega.errors import ModelUnknown
from bottega.models.recommend.affinity.declared_tastes import Declared
from bottega.models.recommend.answering.affinity import PackedAffinity
from bottega.models.recommend.answering.member import Asked
from bottega.models.recommend.answering.pool import Within
from bottega.models.recommend.base import NEW_SHOPPER, Recommender, members_of, packed_of
from bottega.models.recommend.last_mile.diversity import unit_rows
from bottega.models.recommend.last_mile.leaning import price_levels
from bottega.models.recommend.registry import STAND_INS, recommender_class
from bottega.names import BoolArray, FloatArray, IntArray
from bottega.settings import ShopSettings
from bottega.shop.listings.praise import unpraised_items
from bottega.shop.once import Once
from bottega.shop.shape import ModelInfo
from bottega.shop.shelf.catalogue import Catalogue
from bottega.shop.shelf.fact_columns import FactColumns
from bottega.shop.shelf.shelf import MASKS_KEPT, items_with
from bottega.shop.shoppers.histories import Past, RecentEvents
from bottega.shop.trained.answering import Answering, States
from bottega.shop.trained.members import covering
from bottega.shop.trained.model_pack import AFFINITY, TASTES
from bottega.shop.trained.side_models import SideModels
from bottega.shop.trained.trained_shop import TrainedShop
from bottega.store.runs import ModelRun
from bottega.store.store import Store

if TYPE_CHECKING:
    from bottega.models.recommend.affinity.affinity import Affinity

__all__ = ["CROSS_SELL", "DEFAULT_STRATEGY", "SELLING", "UPSELL", "Floor"]

CATEGORY_COLUMN = "category="
"""How the columns of attributes begin that are levels of a category."""
DEFAULT_STRATEGY = "default"
UPSELL, CROSS_SELL = SELLING = ("upsell", "cross_sell")
"""Strategies that are the default one with less to choose from (actions/recommend/selling.py)."""


class Floor:
    """What one answer needs, all of one moment. Any number of threads may read it."""

    def __init__(
        self,
        settings: ShopSettings,
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
        self._store = store
        self._unpraised: tuple[int, FloatArray] | None = None
        self._by_popularity: IntArray | None = None
        self._price_levels: FloatArray | None = None
        self._category_columns: tuple[tuple[str, ...], frozenset[int]] = ((), frozenset())
        self._fact_columns: FactColumns | None = None
        self._take(catalogue)
        self.learnt_at = (len(self.shelf), recent.events_seen)
        """Products and events there were when the fallbacks were fitted."""
        learn = Once(lambda: histories_of(store.events.frame(settings.personalisation_consent), self.items)[0])
        fitted: dict[str, Recommender] = {}
        if trained is None:
            side = SideModels.fit(learn(), self.features, rng=np.random.default_rng(0))
            packed, known = {TASTES: packed_of(side.affinity)}, len(self.items)
        else:
            side, packed, known = trained.side_models, dict(trained.packed), self.trained
        self._learnt = Once(lambda: fitted if trained is None else members_of(trained.recommender) | fitted)
        self._affinity = side.learnt_affinity
        self._cover()
        answering = Answering.of(packed, known, self._named())
        if len(self.items) > known:
            answering = answering.extended(self.features, self._named())
        for name in STAND_INS:
            if name not in answering.members:
                made: Recommender = recommender_class(name)()
                fitted[name] = made.fit(learn(), self.features, rng=np.random.default_rng(0))
                answering = answering.beside(
                    Answering.of({name: packed_of(fitted[name])}, len(self.items), fitted.__getitem__)
                )
        self._stand_on(answering, replace(side, learnt_affinity=self._covered_affinity()))

    @property
    def untrained(self) -> bool:
        return self.run is None

    @cached_property
    def told_info(self) -> dict[str, Any]:
        """The fields of `info`, the same for every answer from this floor."""
        return self.info.model_dump()

    @cached_property
    def info(self) -> ModelInfo:
        """What the answer says of the model."""
        run = self.run
        if run is None:
            return ModelInfo(name="untrained", version="", trained_at=None, events_seen=self.learnt_at[1])
        trained = datetime.fromtimestamp(run.trained_at_ms / 1000, UTC).isoformat(timespec="seconds")
        return ModelInfo(name=run.name, version=run.version, trained_at=trained, events_seen=run.events_seen)

    @property
    def strategies(self) -> list[str]:
        """Those that a request may name, the default first."""
        return [DEFAULT_STRATEGY, *SELLING, *(name for name in self.answering.members if name != TASTES)]

    def strategy(self, asked: str | None) -> str:
        """The member that a request names; the trained model where it names none. Raises `ModelUnknown`."""
        if asked in (None, DEFAULT_STRATEGY, *SELLING):
            return self.run.name if self.run is not None else self.stand_in(NEW_SHOPPER)
        assert asked is not None
        known = self.strategies
        if asked not in known:
            raise ModelUnknown(
                f"There is no strategy {asked!r}.",
                allowed=f"Strategies of this shop are {', '.join(known)}.",
                next_step="Use one of these names, or leave the field out.",
            )
        return asked

    def knows(self, strategy: str) -> bool:
        """Whether a request may name it."""
        return strategy in (DEFAULT_STRATEGY, *SELLING) or (strategy in self.answering.members and strategy != TASTES)

    def stand_in(self, asked: str) -> str:
        """Who answers for a shopper or a product (`Abilities.serves`) that the trained model has nothing to say to."""
        return next(name for name in STAND_INS if asked in self.answering.members[name].serves)

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
        groups = self.tastes.groups
        declared = []
        for attribute, (values, time_ms) in self._recent.said(shopper).items():
            places = [place for value in values if (place := groups.place(attribute, value)) is not None]
            if places:
                declared.append(Declared(tuple(places), time_ms))
        return declared

    def of_kind(self, field: str, name: str) -> BoolArray:
        """Whether some variant of each item [I] is of a `brand` or a `category`; read only."""
        if (field, name) not in self._kinds:
            rows = self.shelf.matching(Filter.model_validate({field: [name]}))
            self._kinds[field, name] = items_with(rows, self.shelf.item, len(self.items))
        return self._kinds[field, name]

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

    def unpraised(self) -> FloatArray:
        """How little the reviews of each item praise it [I], 0 to 1, NaN without; counted again when reviews came."""
        mark = self._store.marks().get("reviews", 0)
        if self._unpraised is None or self._unpraised[0] != mark:
            self._unpraised = mark, unpraised_items(self._store.reviews, self.items)
        return self._unpraised[1]

    def category_columns(self) -> frozenset[int]:
        """The columns of attributes that are levels of a category."""
        names = self.features.attribute_names
        if self._category_columns[0] is not names:
            found = frozenset(column for column, name in enumerate(names) if name.startswith(CATEGORY_COLUMN))
            self._category_columns = names, found
        return self._category_columns[1]

    def fact_columns(self, language: str) -> FactColumns:
        """Which columns of attributes say which fact of a listing in this language."""
        found = self._fact_columns
        if found is None or found.names is not self.features.attribute_names or found.language != language:
            found = self._fact_columns = FactColumns.of(self.features, language)
        return found

    def standing_on(self, catalogue: Catalogue) -> Self:
        """The floor on a later moment of its catalogue."""
        new = copy.copy(self)
        new._take(catalogue)
        if len(catalogue.items) > len(self.items):
            new._cover()
            answering = self.answering.extended(new.features, new._named())
            new._stand_on(answering, replace(self.side_models, learnt_affinity=new._covered_affinity()))
        return new

    def _take(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.items, self.shelf = catalogue.items, catalogue.shelf
        self.space, self.features = catalogue.space, catalogue.features
        self._kinds: dict[tuple[str, str], BoolArray] = {}
        self._within_lock = threading.Lock()
        self._within: OrderedDict[int, Within] = OrderedDict()
        """By the mask's identity, which a `Within` holds."""

    def outgrown(self) -> bool:
        """Whether an untrained floor has seen so much more that its fallbacks should be fitted again."""
        products, events = self.learnt_at
        more = len(self.shelf) > 1.2 * products or self._recent.events_seen > 1.2 * events
        return self.untrained and more

    def _cover(self) -> None:
        """See to it that recommenders, when they are asked for, know the items of this floor."""
        learnt, features = self._learnt, self.features

        def cover() -> dict[str, Recommender]:
            found = learnt()
            return dict(zip(found, covering(list(found.values()), features), strict=True))

        self.recommenders = Once(cover)
        """Every recommender that a request may name, with all it learnt by; loaded when first asked for, for answers
        need none of them but those that cannot be packed."""

    def _named(self) -> Callable[[str], Recommender]:
        recommenders = self.recommenders
        return lambda name: recommenders()[name]

    def _covered_affinity(self) -> Once[Affinity]:
        affinity, features = self._affinity, self.features
        return Once(lambda: covering([affinity()], features)[0])  # type: ignore[arg-type,return-value]

    def _stand_on(self, answering: Answering, side_models: SideModels) -> None:
        """Take models that cover every item, and what follows from them."""
        self.answering = answering
        """Who answers, by the names that a request may use."""
        tastes = answering.members.get(TASTES) or answering.members[AFFINITY]
        assert isinstance(tastes, PackedAffinity)
        self.tastes = tastes
        """Reads declared tastes."""
        self.side_models = side_models
        known = side_models.shopper_counts
        self.shopper_counts: IntArray = np.append(known, np.zeros(len(self.items) - len(known), dtype=np.int32))
        """How many shoppers chose each item [I]."""
        self.durable: BoolArray = side_models.repeats.durable_of(self.features.categories)
        """Whether each item is bought once and not again [I]."""
        self.unit_attributes: sparse.csr_matrix = unit_rows(self.features.attributes)
        """Attribute rows of length 1, for likeness [I, A]."""
        self._by_popularity = self._price_levels = self._unpraised = None

    @property
    def recommendable(self) -> BoolArray:
        """Whether some variant of the item may be shown [I]. Read only."""
        return self.shelf.allowed(None)[1]
