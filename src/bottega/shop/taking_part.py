"""Who takes part in experiments by a list, and what these make of it; written down for those who do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bottega.shop.experiments import UNTRIED, Tried
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.segments.crowd import Whom

__all__ = ["taken_part", "taking_part"]


def taking_part(
    shop: OpenShop, floor: Floor, placement: str, request: Any, shopper: str | None, now_ms: int
) -> tuple[str | None, Tried]:
    """The profile that takes part, and what it gets. Without one (nobody is named, or they said no to personal answers,
    or nobody writes down who was given what) it is the control's rules, and what was adopted."""
    name = None if shopper is None or not shop.experiments.noting else shop.profile(shopper)
    if name is not None and not shop.consents.personal(name):
        name = None
    whom = None
    if name is not None and shop.experiments.asks_who(placement):
        whom = Whom(floor, floor.past(name), now_ms)
    return name, shop.experiments.of_request(placement, request, name, whom) or UNTRIED


def taken_part(
    shop: OpenShop, tried: Tried, shopper: str | None, product_ids: Sequence[str], now_ms: int
) -> dict[str, str]:
    """Experiment -> variant, of those that a list of these products was part of; noted for the profile."""
    given = tried.left(product_ids) if tried.only_shown else tried.given
    if shopper is not None:
        shop.experiments.note(shopper, given, now_ms)
    return given
