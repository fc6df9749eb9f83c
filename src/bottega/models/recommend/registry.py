"""The recommenders by name. A class is imported only when asked for, so that a list of names costs no torch."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from bottega.errors import ModelUnknown

__all__ = ["QUICK", "RECOMMENDERS", "recommender_class"]

_ROOM = "bottega.models.recommend"

RECOMMENDERS: dict[str, str] = {
    "popular": f"{_ROOM}.counted.popular:Popular",
    "content": f"{_ROOM}.counted.content:Content",
    "item_neighbours": f"{_ROOM}.counted.item_neighbours:ItemNeighbours",
    "shopper_neighbours": f"{_ROOM}.counted.shopper_neighbours:ShopperNeighbours",
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

QUICK = ("popular", "content", "item_neighbours", "shopper_neighbours", "transitions", "linear_autoencoder", "blend")
"""Those worth judging while somebody waits: counted in seconds, and the default, which takes the longest of them."""


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
