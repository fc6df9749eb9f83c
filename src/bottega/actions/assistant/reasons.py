"""Why a product stands in a talk's list, in a few words of its language, with the shopper's own events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bottega.actions.assistant.speaking import Speaker
from bottega.actions.recommend.shapes import ReasonInfo
from bottega.names import KindCode

if TYPE_CHECKING:
    from bottega.shop.open_shop import OpenShop

__all__ = ["leanings_of", "reason_of"]


def reason_of(reason: ReasonInfo, speaker: Speaker) -> str:
    """A recommender's reason; empty where it has none that can be said in a few words."""
    name = f"why.{reason.code}"
    if not speaker.can(name):
        return ""
    title = next((str(one["title"]) for one in reason.evidence if one.get("title")), "")
    try:
        return speaker.say(name, **({"title": title} if title else {}))
    except KeyError:  # it names a product, and none is known
        return ""


def leanings_of(
    shop: OpenShop, shopper: str | None, product_ids: Sequence[str], speaker: Speaker
) -> dict[str, list[str]]:
    """Of each product what this shopper is drawn to in it, with one of the events that say so."""
    if shopper is None or not product_ids:
        return {}
    from bottega.shop.leanings import Leanings
    from bottega.shop.listings.listing_facts import facts_of, title_words

    words = title_words(shop.folder)
    with shop.floor() as floor:
        leanings = Leanings(floor, shopper, words.language)
        if not leanings.events_known:
            return {}
        products = [one for id_ in product_ids if (one := floor.shelf.get(id_)) is not None]
        sheets = facts_of(shop.store, products, words)
        found: dict[str, list[str]] = {}
        for id_, sheet in sheets.items():
            for leaning in leanings.of(sheet)[:1]:
                event = next((one for one in leaning.events if floor.shelf.get(one.product_id) is not None), None)
                if event is None:
                    continue
                other = floor.shelf.get(event.product_id)
                assert other is not None
                name = "why.leans.bought" if event.kind is KindCode.PURCHASE else "why.leans"
                found[id_] = [speaker.say(name, value=leaning.fact.whole, title=other.title)]
    return found
