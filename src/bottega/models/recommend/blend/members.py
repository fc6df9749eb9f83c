"""Who takes part in a blend by default, and how a label becomes a member."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bottega.models.recommend.base import Recommender
from bottega.models.recommend.registry import recommender_class

__all__ = ["MEMBERS", "made_member", "model_of"]

MEMBERS: dict[str, dict[str, Any]] = {
    "variational": {},
    "transitions": {},
    "content": {},
    "content_last": {"model": "content", "last_events": 1},
    "item_neighbours": {},
    "linear_autoencoder": {"max_items": 6000},
    "shopper_neighbours": {},
    "affinity": {},
    "popular": {},
}
"""The default's members. A label may name its recommender under "model", so that one can take part twice; a recommender
whose `suits(features)` is false for the catalogue is left out."""


def model_of(label: str, settings: Mapping[str, Any]) -> str:
    """The recommender's name behind a label."""
    return str(settings.get("model", label))


def made_member(label: str, settings: Mapping[str, Any]) -> Recommender:
    """An unfitted member; its config class is the default config's."""
    made = recommender_class(model_of(label, settings))
    changes = {name: value for name, value in settings.items() if name != "model"}
    plain: Recommender = made()
    return made(replace(plain.config, **changes)) if changes else plain
