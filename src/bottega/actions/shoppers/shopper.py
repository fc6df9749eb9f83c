"""A shopper as a record: what the shop was told of them, what they agreed to, and when they were seen.

Nothing here is inferred. Names may be a shopper id, an anonymous id or a session id; one that nobody has yet becomes a
profile with what is told of it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import Field

from bottega.actions.shoppers.export_shopper import unknown
from bottega.actions.shoppers.shapes import ShopperQuery, TellShopperRequest
from bottega.errors import RequestInvalid
from bottega.events.times import now_ms
from bottega.events.traits import Given, Traits
from bottega.names import Purpose
from bottega.placeholders import names_nobody
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Shape
from bottega.store.traits import Said, ShopperTraits, Telling

__all__ = [
    "ConsentSaid",
    "ConsentsSaid",
    "KnownShopperAnswer",
    "show_shopper",
    "tell_shopper",
]

_GIVEN: dict[bool | None, Given] = {True: "yes", False: "no", None: "not_asked"}


class ConsentSaid(Shape):
    """What was said to one purpose."""

    given: Given
    time: str | None = Field(default=None, description="When it was said, ISO 8601, UTC.")
    source: str | None = Field(default=None, description="Where it was said.")


class ConsentsSaid(Shape):
    """What was said to each purpose."""

    personalisation: ConsentSaid
    analytics: ConsentSaid
    messages: ConsentSaid


class KnownShopperAnswer(Shape):
    """What the shop was told of one shopper."""

    shopper: str = Field(description="The profile: the shopper id, or who an anonymous id or a session has become.")
    name: str | None
    language: str | None
    country: str | None
    birth_year: int | None
    age_band: str | None
    email: str | None
    email_opt_in: bool | None
    consent: ConsentsSaid
    personal: bool = Field(
        description="Whether answers are made from what they did, by what they said and the setting."
    )
    first_seen: str | None = Field(description="Time of their first event, ISO 8601, UTC; kept by the shop.")
    last_seen: str | None = Field(description="Time of their last event.")


def tell_shopper(shop: OpenShop, request: TellShopperRequest) -> KnownShopperAnswer:
    """Keep what is told of a shopper; it counts from the next answer on. Returns all that is known afterwards.

    Raises `RequestInvalid` for an id that names nobody: what one stranger said would hold for all.
    """
    if names_nobody(request.shopper):
        raise RequestInvalid(
            f"Field shopper is {request.shopper!r}.",
            allowed="An id that names nobody (undefined, NULL, 0, guest, a zero UUID) is not a shopper's.",
            next_step="Send the id of the shopper, the device or the visit.",
        )
    traits = Traits.model_validate(request.model_dump(exclude={"shopper"}, exclude_unset=True))
    ((profile, _),) = shop.folder.store.traits.tell([Telling(request.shopper, traits, source="api")], now_ms=now_ms())
    shop.consented()
    found = shop.folder.store.traits.of(profile)
    return _answer(shop, found or ShopperTraits(profile, {}, {}, None, None))


def show_shopper(shop: OpenShop, request: ShopperQuery) -> KnownShopperAnswer:
    """What the shop was told of a shopper, and when they were seen. Raises `ShopperUnknown`."""
    found = shop.folder.store.traits.of(request.shopper)
    if found is None:
        raise unknown(request.shopper)
    return _answer(shop, found)


def _answer(shop: OpenShop, found: ShopperTraits) -> KnownShopperAnswer:
    said = {purpose.value: _said(found.consents.get(purpose)) for purpose in Purpose}
    return KnownShopperAnswer(
        shopper=found.shopper,
        **{name: found.fields.get(name) for name in _FIELDS},
        consent=ConsentsSaid(**said),
        personal=shop.consents.personal(found.shopper),
        first_seen=_iso(found.first_seen_ms),
        last_seen=_iso(found.last_seen_ms),
    )


_FIELDS = tuple(name for name in Traits.model_fields if not name.startswith("consent"))


def _said(said: Said | None) -> ConsentSaid:
    if said is None:
        return ConsentSaid(given="not_asked")
    return ConsentSaid(given=_GIVEN[said.given], time=_iso(said.time_ms), source=said.source)


def _iso(time_ms: int | None) -> str | None:
    if time_ms is None:
        return None
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="milliseconds")
