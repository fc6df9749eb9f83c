"""What the triggers need to know of shoppers, read from the shop: of many at a time, and no more than is asked.

Who may not be written to now is told from traits and earlier letters alone; only of the others events are read, and of
their products what the run does not know yet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from bottega.actions.messages.causes import RecipientState, RunsOut
from bottega.catalogue.product import Product
from bottega.names import KindCode, Purpose
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.shoppers.histories import Past
from bottega.shop.shoppers.letter_rules import zones_of
from bottega.store.events import StoredEvent
from bottega.store.looks import ProductLook

__all__ = ["GoodsKnown", "Recipient", "recipient", "recipients", "with_events"]

GOODS_KEPT = 20_000
"""Products that a run keeps in mind."""
_T = TypeVar("_T")
_zones = lru_cache(1024)(zones_of)


class Recipient(NamedTuple):
    """One shopper: what the triggers look at, and whom a letter names."""

    state: RecipientState
    name: str
    email: str | None
    language: str


class GoodsKnown:
    """Products and the looks at them, each read once a run, as long as there are not too many."""

    def __init__(self, shop: OpenShop) -> None:
        self._products = _Known(shop.store.products.get)
        self._looks = _Known(shop.store.looks.of)

    def products(self, ids: Collection[str]) -> dict[str, Product]:
        """Those that the catalogue has."""
        return self._products(ids)

    def looks(self, ids: Collection[str]) -> dict[str, ProductLook]:
        """Those that somebody looked at."""
        return self._looks(ids)


class _Known(Generic[_T]):
    def __init__(self, read: Callable[[Iterable[str]], dict[str, _T]]) -> None:
        self._read = read
        self._kept: dict[str, _T | None] = {}

    def __call__(self, ids: Collection[str]) -> dict[str, _T]:
        if missing := [one for one in ids if one not in self._kept]:
            if len(self._kept) + len(missing) > GOODS_KEPT:
                self._kept.clear()
                missing = list(ids)
            self._kept |= dict.fromkeys(missing) | self._read(missing)
        return {one: found for one in ids if (found := self._kept[one]) is not None}


def recipient(shop: OpenShop, floor: Floor, name: str) -> Recipient | None:
    """The profile that a name means; None where nobody is known by it."""
    found = shop.store.traits.of(name)
    if found is None:
        return None
    return with_events(shop, floor, recipients(shop, [found.shopper]), GoodsKnown(shop))[0]


def recipients(shop: OpenShop, profiles: Sequence[str]) -> list[Recipient]:
    """Profiles with what was told of them and what they were written, and without what they did."""
    told = shop.store.traits.of_profiles(profiles)
    sent = shop.store.letters.of_shoppers(profiles)
    found = []
    for shopper in profiles:
        traits = told.get(shopper)
        fields = traits.fields if traits is not None else {}
        said = traits.consents.get(Purpose.MESSAGES) if traits is not None else None
        agreed = said is not None and said.given is True and fields.get("email_opt_in") is not False
        state = RecipientState(
            shopper,
            agreed_ms=said.time_ms if agreed and said is not None else None,
            personal=shop.consents.personal(shopper),
            zones=_zones(fields.get("country"), shop.settings.zone),
            sent=sent.get(shopper, ()),
        )
        language = str(fields.get("language") or "").partition("-")[0]
        found.append(Recipient(state, str(fields.get("name") or ""), fields.get("email"), language))
    return found


def with_events(shop: OpenShop, floor: Floor, to: Sequence[Recipient], goods: GoodsKnown) -> list[Recipient]:
    """The same with what they did, where it may speak, and what has become of the products."""
    theirs = [one.state.shopper for one in to if one.state.personal]
    did = shop.store.events.of_shoppers(theirs, shop.settings.history_events)
    events = {
        shopper: sorted((one for one in found if not one.retold), key=lambda one: (one.time_ms, one.seq))
        for shopper, found in did.items()
    }
    del did
    runs_out = {shopper: _runs_out(floor, found) for shopper, found in events.items()}
    ids = {
        shopper: {one.product_id for one in found if one.product_id} | {one.product_id for one in runs_out[shopper]}
        for shopper, found in events.items()
    }
    every = set().union(*ids.values())
    products, looks = goods.products(every), goods.looks(every)
    return [
        one._replace(
            state=replace(
                one.state,
                events=events[shopper],
                products={name: products[name] for name in ids[shopper] if name in products},
                looks={name: looks[name] for name in ids[shopper] if name in looks and name in products},
                runs_out=runs_out[shopper],
            )
        )
        if (shopper := one.state.shopper) in events
        else one
        for one in to
    ]


def _runs_out(floor: Floor, events: Sequence[StoredEvent]) -> list[RunsOut]:
    """What they buy again and again, by the pace that the last training learnt."""
    repurchase = floor.side_models.repurchase
    if not repurchase.timed or not any(one.kind is KindCode.PURCHASE for one in events):
        return []
    rows = [(one.time_ms, int(one.kind), one.product_id or "") for one in events if one.returned < one.quantity]
    past = Past(rows, floor.items)
    named = past.touched(floor.items)
    return [
        RunsOut(named.get(one.item) or floor.items.id(one.item), one.bought_ms, one.expected_ms)
        for one in repurchase.due(past.history, floor.features.categories)
        if not floor.durable[one.item]
    ]
