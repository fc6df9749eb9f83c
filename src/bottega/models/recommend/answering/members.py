"""From a trained recommender, or the pack of one, to the member that answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bottega.models.recommend.answering.affinity import PackedAffinity
from bottega.models.recommend.answering.content import PackedContent
from bottega.models.recommend.answering.item_table import PackedTable
from bottega.models.recommend.answering.member import Member
from bottega.models.recommend.answering.mixture import Mixture
from bottega.models.recommend.answering.neighbours import PackedNeighbours
from bottega.models.recommend.answering.popular import PackedPopular
from bottega.models.recommend.answering.taste import PackedTaste
from bottega.models.recommend.answering.whole import Whole
from bottega.models.recommend.base import WHOLE, Packed, Recommender, members_of, packed_of

__all__ = ["member_of", "opened"]

_KINDS: Mapping[str, Callable[[Packed], Member]] = {
    "item_table": PackedTable.of,
    "content": PackedContent.of,
    "taste": PackedTaste.of,
    "affinity": PackedAffinity.of,
    "neighbours": PackedNeighbours.of,
    "popular": PackedPopular.of,
}


def opened(name: str, packed: Packed, whole: Callable[[str], Recommender], n_items: int) -> Member:
    """The member of this name that a pack holds. `whole` gives recommenders, of `n_items` items, that could not be
    packed, by name; it is asked when the first of them is."""
    if packed.kind == WHOLE:
        return Whole(packed.serves, packed.logits, lambda: whole(name), n_items)
    if packed.kind != "mixture":
        return _KINDS[packed.kind](packed)
    return Mixture.of(packed, {label: opened(label, one, whole, n_items) for label, one in packed.members.items()})


def member_of(model: Recommender, n_items: int) -> Member:
    """The member that answers as a recommender does which is at hand and knows so many items."""
    models = members_of(model)
    return opened(model.name, packed_of(model), lambda name: models[name], n_items)
