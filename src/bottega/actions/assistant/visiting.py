"""A talk of the visitor who asks: a browser speaks for nobody else, and goes on with no talk that it did not begin.

A talk's id is drawn at random and told to nobody but who began it; one of somebody who is named is theirs alone.
"""

from __future__ import annotations

import time

from bottega.actions.assistant.shapes import AssistantRequest
from bottega.actions.visitors.own import own_name
from bottega.errors import RateExceeded, VisitorRefused
from bottega.shop.open_shop import OpenShop

__all__ = ["own_talk"]


TURNS_MOST = 500
"""Lines of one talk; who says more begins another."""
HOUR_MS = 3_600_000


def own_talk(shop: OpenShop, request: AssistantRequest) -> AssistantRequest:
    """A turn of the visitor's own talk; a shopper id counts with the signature of the shop's server.

    All visitors together begin some talks in an hour, and a talk has an end, lest a page fill the shop's disk and its
    persons' mail. Raises `SignatureRefused`, `RateExceeded`, and `VisitorRefused` for a talk id that the shop never
    gave.
    """
    talk = shop.store.talks.get(request.talk_id) if request.talk_id is not None else None
    if talk is None and request.talk_id is not None:
        raise VisitorRefused(
            f"No talk has the id {request.talk_id[:64]!r}.",
            allowed="With a publishable key a talk is begun without talk_id, and goes on with the id of its answer.",
            next_step="Leave talk_id out.",
        )
    if talk is None:
        _check_talks(shop)
    elif talk.turns >= TURNS_MOST:
        raise RateExceeded(
            f"This talk has {talk.turns} lines of the shopper.",
            allowed=f"With a publishable key it is at most {TURNS_MOST}.",
            next_step="Begin another talk: leave talk_id out.",
        )
    return request.model_copy(update={"shopper": own_name(shop, request) if request.shopper else None})


def _check_talks(shop: OpenShop) -> None:
    begun = shop.store.talks.opened_since(time.time_ns() // 1_000_000 - HOUR_MS)
    if begun >= (most := shop.settings.talks_an_hour):
        raise RateExceeded(
            f"{begun} talks were begun within the last hour.",
            allowed=f"With a publishable key no more are begun beyond {most} an hour (the setting talks_an_hour).",
            next_step="Try again later, or go on with a talk that is there.",
        )
