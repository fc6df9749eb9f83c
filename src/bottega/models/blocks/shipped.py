"""Weights that come with Bottega: a folder a model, each with a card of what it was trained on and how well it did."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any

__all__ = ["BarMissed", "read_card", "shipped_folder", "weights_of"]

MODELS = Path(__file__).parents[1]


class BarMissed(UserWarning):
    """A shipped model does less well than it should, as its own card says."""


def read_card(folder: Path) -> dict[str, Any]:
    """The card of a model's folder; empty where there is none."""
    path = folder / "card.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def weights_of(room: str) -> Path:
    """Where the models of a room that come along have their folders."""
    return MODELS / room / "weights"


def shipped_folder(room: str, name: str) -> Path:
    """The folder of a shipped model of a room. Warns of every bar that its card says was missed.

    A card's `bars` are {measure: {"value": ..., "bar": ..., "met": true or false}}.
    """
    folder = weights_of(room) / name
    missed = [
        f"{measure} {bar['value']:.3g} (aim {bar['bar']})"
        for measure, bar in read_card(folder).get("bars", {}).items()
        if not bar["met"]
    ]
    if missed:
        warnings.warn(f"The shipped {name} missed: {', '.join(missed)}.", BarMissed, stacklevel=3)
    return folder
