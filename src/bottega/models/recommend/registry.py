"""The recommenders by name. A class is imported only when asked for, so that a list of names costs no torch.

What a recommender can do stands on its class (`Abilities` in base.py); `those_that` asks all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bottega.errors import ModelUnknown

if TYPE_CHECKING:
    from bottega.models.recommend.base import Abilities

__all__ = ["RECOMMENDERS", "STAND_INS", "recommender_class", "those_that"]

_ROOM = "bottega.models.recommend"

RECOMMENDERS: dict[str, str] = {
    "popular": f"{_ROOM}.counted.popular:Popular",
    "content": f"{_ROOM}.counted.content:Content",
    "item_neighbours": f"{_ROOM}.counted.item_neighbours:ItemNeighbours",
    "shopper_neighbours": f"{_ROOM}.counted.shopper_neighbours:ShopperNeighbours",
    "vsknn": f"{_ROOM}.counted.session_neighbours:Vsknn",
    "stan": f"{_ROOM}.counted.session_neighbours:Stan",
    "als": f"{_ROOM}.counted.als:Als",
    "transitions": f"{_ROOM}.counted.transitions:Transitions",
    "linear_autoencoder": f"{_ROOM}.counted.linear_autoencoder:LinearAutoencoder",
    "affinity": f"{_ROOM}.affinity.affinity:Affinity",
    "adversarial": f"{_ROOM}.adversarial:Adversarial",
    "recurrent": f"{_ROOM}.sequence.recurrent:Recurrent",
    "variational": f"{_ROOM}.sequence.variational:Variational",
    "semantic_ids": f"{_ROOM}.semantic.semantic_ids:SemanticIds",
    "next_item": f"{_ROOM}.sequence.next_item:NextItem",
    "blend": f"{_ROOM}.blend.blend:Blend",
}
"""Name -> "module:Class" of everything that meets the protocol of base.py, simplest first."""

STAND_INS = ("popular", "content")
"""Names of those that stand in (`Abilities.stands_in`), so that nobody need import them all to know."""


def recommender_class(name: str) -> type[Any]:
    """The class of this name, which meets the `Recommender` protocol; `ModelUnknown` lists the names there are."""
    if name not in RECOMMENDERS:
        raise ModelUnknown(
            f"There is no recommender {name!r}.",
            allowed=f"The recommenders are {', '.join(RECOMMENDERS)}.",
            next_step="Use one of these names.",
        )
    module, _, attribute = RECOMMENDERS[name].partition(":")
    found: type[Any] = getattr(import_module(module), attribute)
    return found


def those_that(can: Callable[[Abilities], bool]) -> list[str]:
    """Names of the recommenders whose abilities answer yes, simplest first. Imports them all.

    >>> tuple(those_that(lambda abilities: abilities.stands_in)) == STAND_INS
    True
    """
    return [name for name in RECOMMENDERS if can(recommender_class(name).abilities)]
