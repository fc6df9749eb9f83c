"""What the triggers need to know of one shopper, read from the shop."""

from __future__ import annotations

from typing import NamedTuple

from bottega.actions.messages.causes import RecipientState, RunsOut
from bottega.names import Purpose
from bottega.shop.floor import Floor
from bottega.shop.letter_rules import zones_of
from bottega.shop.open_shop import OpenShop

__all__ = ["Recipient", "recipient"]


class Recipient(NamedTuple):
    """One shopper: what the triggers look at, and whom a letter names."""

    state: RecipientState
    name: str
    email: str | None
    language: str


def recipient(shop: OpenShop, floor: Floor, name: str) -> Recipient | None:
    """The profile that a name means; None where nobody is known by it."""
    found = shop.store.traits.of(name)
    if found is None:
        return None
    shopper = found.shopper
    said = found.consents.get(Purpose.MESSAGES)
    agreed = said is not None and said.given is True and found.fields.get("email_opt_in") is not False
    personal = shop.consents.personal(shopper)
    events = shop.store.events.of_shopper(shopper, shop.settings.history_events) if personal else []
    events = sorted((one for one in events if not one.retold), key=lambda one: (one.time_ms, one.seq))
    ids = {one.product_id for one in events if one.product_id}
    runs_out = _runs_out(floor, shopper) if personal else []
    products = shop.store.products.get(ids | {one.product_id for one in runs_out})
    state = RecipientState(
        shopper,
        events,
        products,
        shop.store.looks.of(products),
        runs_out,
        said.time_ms if agreed and said is not None else None,
        personal,
        zones_of(found.fields.get("country"), shop.settings.zone),
        shop.store.letters.of_shopper(shopper),
    )
    language = str(found.fields.get("language") or "").partition("-")[0]
    return Recipient(state, str(found.fields.get("name") or ""), found.fields.get("email"), language)


def _runs_out(floor: Floor, shopper: str) -> list[RunsOut]:
    """What they buy again and again, by the pace that the last training learnt."""
    past = floor.past(shopper)
    if not past:
        return []
    named = past.touched()
    found = floor.side_models.repurchase.due(past.history, floor.features.categories)
    return [
        RunsOut(named.get(one.item) or floor.items.id(one.item), one.bought_ms, one.expected_ms)
        for one in found
        if not floor.durable[one.item]
    ]
