"""A recommender with its members, copied so that all of them know new products."""

from __future__ import annotations

import copy
from collections.abc import Sequence

from bottega.datasets.arrays import Features
from bottega.models.recommend.base import Composed, Extends, Recommender

__all__ = ["covering"]


def covering(models: Sequence[Recommender], features: Features) -> list[Recommender]:
    """Copies that cover every item of `features`; the models given stay as they are, for whoever answers with them.

    A model that several hold is copied once and extended once: a member by whose member it is. Copies are shallow:
    `extend` puts new arrays in the place of old ones and never writes into them.
    """
    copies: dict[int, Recommender] = {}

    def copied(model: Recommender) -> Recommender:
        if id(model) not in copies:
            new = copies[id(model)] = copy.copy(model)
            if isinstance(model, Composed) and isinstance(new, Composed):
                new.members_ = {label: copied(one) for label, one in model.members_.items()}
        return copies[id(model)]

    found = [copied(model) for model in models]
    inside = {id(one) for new in copies.values() if isinstance(new, Composed) for one in new.members_.values()}
    for new in copies.values():
        if id(new) not in inside and isinstance(new, Extends):
            new.extend(features)
    return found
