"""Push: values that somebody accepted here, told to the platform, each once and only on request."""

from __future__ import annotations

from typing import Any

from bottega.actions.connect.shapes import Pushed
from bottega.connectors.base import Accepted, Connector
from bottega.progress import Progress
from bottega.shop.open_shop import OpenShop
from bottega.store.suggestions import Suggestion, SuggestionKind, SuggestionState

__all__ = ["push_accepted"]

AT_ONCE = 25
"""Values told before it is noted down that they were."""
_PAGE = 500
_PUSHED = "pushed"


def push_accepted(
    shop: OpenShop, connector: Connector, address: str, cursors: dict[str, Any], *, progress: Progress
) -> Pushed:
    """Tell the platform every value that was accepted and not told yet. What it refuses is told in its words."""
    told = set(cursors.get(_PUSHED, {}).get("numbers", []))
    waiting = [one for one in _accepted(shop) if one.number not in told]
    known = shop.store.products.get({one.product_id for one in waiting})
    pushed = Pushed()
    for start in range(0, len(waiting), AT_ONCE):
        some = waiting[start : start + AT_ONCE]
        values = [
            Accepted(product.group_id or product.id, one.attribute, one.value)
            for one in some
            if (product := known.get(one.product_id)) is not None
        ]
        refused = connector.push(list(dict.fromkeys(values)))
        pushed.values += len(values) - len(refused)
        pushed.refused += refused
        told |= {one.number for one in some}
        cursors[_PUSHED] = {"numbers": sorted(told)}
        shop.store.connections.put(connector.name, address, cursors)
        progress(f"telling {connector.name}", start + len(some), len(waiting))
    return pushed


def _accepted(shop: OpenShop) -> list[Suggestion]:
    found: list[Suggestion] = []
    after: str | None = None
    while True:
        page, after = shop.store.suggestions.page(state=SuggestionState.ACCEPTED, limit=_PAGE, after=after)
        found += [one for one in page if one.kind not in (SuggestionKind.TEXT, SuggestionKind.PICTURE)]
        if after is None:
            return sorted(found, key=lambda one: one.number)
