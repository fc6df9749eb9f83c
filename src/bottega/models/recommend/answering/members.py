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
from bottega.models.recommend.base import Composed, Packed, Packs, Recommender

__all__ = ["member_of", "opened", "packed_of"]

_KINDS: Mapping[str, Callable[[Packed], Member]] = {
    "item_table": PackedTable.of,
    "content": PackedContent.of,
    "taste": PackedTaste.of,
    "affinity": PackedAffinity.of,
    "neighbours": PackedNeighbours.of,
    "popular": PackedPopular.of,
}


def packed_of(model: Recommender) -> Packed | None:
    """A recommender as flat arrays; None for one that cannot be packed."""
    return model.packed() if isinstance(model, Packs) else None


def opened(packed: Packed, whole: Callable[[str], Member]) -> Member:
    """The member that a pack holds; `whole` makes those of its own members, by label, that could not be packed."""
    if packed.kind != "mixture":
        return _KINDS[packed.kind](packed)
    members = {label: whole(label) if one is None else opened(one, whole) for label, one in packed.members.items()}
    return Mixture.of(packed, members)


def member_of(model: Recommender, n_items: int) -> Member:
    """The member that answers as a recommender does which is at hand and knows so many items."""
    packed = packed_of(model)
    if packed is None:
        return Whole(model, n_items)
    inside = model.members_ if isinstance(model, Composed) else {}
    return opened(packed, lambda label: Whole(inside[label], n_items))
