"""A floor is one moment: what comes in makes another one, and the models of the one before stay as they were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from bottega.catalogue.product import Product
from bottega.datasets.arrays import Features, Histories
from bottega.datasets.features import FeatureSpace
from bottega.models.recommend.affinity.affinity import Affinity
from bottega.models.recommend.base import Extends
from bottega.models.recommend.blend.blend import Blend, BlendConfig
from bottega.models.recommend.counted.content import Content
from bottega.names import Availability
from bottega.shop.floor import Floor
from bottega.shop.trained.members import covering
from bottega.shop.trained.trained_shop import TrainedShop
from bottega.store.store import Store

PRODUCTS = [Product(id=name, title=f"{name} thing", attributes={"color": ("red",)}) for name in "abc"]
Learnt = Callable[[Sequence[Product], FeatureSpace], TrainedShop]
StoodOn = Callable[[Store, TrainedShop], Floor]
SPACE = FeatureSpace.learn([[product] for product in PRODUCTS])


def test_products_younger_than_the_model_go_behind(store: Store, learnt: Learnt, stood_on: StoodOn) -> None:
    floor = stood_on(store, learnt(PRODUCTS[:2], SPACE))
    assert (
        [floor.items.id(code) for code in range(3)] == ["a", "b", "c"] and len(floor.items) == 3 and floor.trained == 2
    )
    assert floor.features.n_items == 3
    assert floor.recommendable.tolist() == [True, True, True]


def test_a_group_is_recommendable_while_one_variant_is(store: Store, learnt: Learnt, stood_on: StoodOn) -> None:
    small = Product(id="s", group_id="shirt", title="S", availability=Availability.OUT_OF_STOCK)
    medium = Product(id="m", group_id="shirt", title="M")
    store.products.upsert([small, medium])
    floor = stood_on(store, learnt(PRODUCTS, SPACE))
    shirt = floor.items.code("shirt")
    assert floor.recommendable[shirt]
    hidden = medium.model_copy(update={"hidden": True})
    after = floor.standing_on(floor.catalogue.stocked([hidden], [floor.revision + 1]))
    assert not after.recommendable[shirt] and floor.recommendable[shirt], "the floor before stays as it was"


def test_a_floor_stays_as_it_was_when_products_come(store: Store, learnt: Learnt, stood_on: StoodOn) -> None:
    floor = stood_on(store, learnt(PRODUCTS, SPACE))
    content, asked = floor.recommenders()["content"], Histories.from_lists([[0]], n_items=3)
    before = content.score(asked)
    new = Product(id="d", title="d thing", attributes={"color": ("red",)})
    changed = PRODUCTS[0].model_copy(update={"title": "Changed"})
    after = floor.standing_on(floor.catalogue.stocked([new, changed], [9, 9]))
    assert (len(floor.items), len(floor.shelf), floor.features.n_items, floor.revision) == (3, 3, 3, 1)
    assert floor.shelf.product(0).title == "a thing" and after.shelf.product(0).title == "Changed"
    assert np.array_equal(content.score(asked), before) and floor.items.code("d") == -1
    assert after.recommenders()["content"].score(Histories.from_lists([[0]], n_items=4)).shape == (1, 4)
    assert after.items.code("d") == after.shelf.row_of("d") == 3 and len(after.by_popularity()) == 4
    later = floor.standing_on(floor.catalogue.as_of(5))
    assert later.shelf is floor.shelf and later.revision == 5


def test_each_member_is_extended_once_for_a_new_product(learnt: Learnt, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = learnt(PRODUCTS, SPACE)
    features = SPACE.arrays([[product] for product in PRODUCTS])
    taste = trained.side_models.affinity
    content = Content().fit(Histories.from_lists([], n_items=3), features, rng=np.random.default_rng(0))
    blend = Blend(BlendConfig(members={"content": {}, "affinity": {}}))
    blend.members_, blend.n_items_ = {"content": content, "affinity": taste}, 3
    asked: Counter[str] = Counter()
    for made in (Blend, Content, Affinity):
        extend = made.extend

        def counted(self: Extends, features: Features, extend: object = extend, name: str = made.name) -> None:
            asked[name] += 1
            extend(self, features)  # type: ignore[operator]  # the method itself

        monkeypatch.setattr(made, "extend", counted)
    more = features.stack(SPACE.arrays([[Product(id="d", title="d", attributes={"color": ("red",)})]]))
    new, member, side = covering([blend, content, taste], more)
    assert asked == {"blend": 1, "content": 1, "affinity": 1}
    assert new.members_ == {"content": member, "affinity": side}  # type: ignore[attr-defined]  # a blend
    assert blend.members_ == {"content": content, "affinity": taste} and content.vectors_.shape[0] == 3
    assert member.vectors_.shape[0] == 4 and blend.n_items_ == 3  # type: ignore[attr-defined]  # content
