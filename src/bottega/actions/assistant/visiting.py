"""A talk of the visitor who asks: a browser speaks for nobody else, and goes on with no talk that it did not begin.

A talk's id is drawn at random and told to nobody but who began it; one of somebody who is named is theirs alone.
"""

from __future__ import annotations

from bottega.actions.assistant.shapes import AssistantRequest
from bottega.actions.visitors.own import own_name
from bottega.errors import VisitorRefused
from bottega.shop.open_shop import OpenShop

__all__ = ["own_talk"]


def own_talk(shop: OpenShop, request: AssistantRequest) -> AssistantRequest:
    """A turn of the visitor's own talk; a shopper id counts with the signature of the shop's server. Raises
    `SignatureRefused`, and `VisitorRefused` for a talk id that the shop never gave."""
    if request.talk_id is not None and shop.store.talks.get(request.talk_id) is None:
        raise VisitorRefused(
            f"No talk has the id {request.talk_id[:64]!r}.",
            allowed="With a publishable key a talk is begun without talk_id, and goes on with the id of its answer.",
            next_step="Leave talk_id out.",
        )
    return request.model_copy(update={"shopper": own_name(shop, request) if request.shopper else None})
