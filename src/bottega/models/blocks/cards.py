"""The card of a trained model, `card.json`: what it learnt from, what was kept from it, and how well it does.

Every card has the same first fields; what only one model can say (its limits, how many photos of each type) follows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["add_to_card", "bars", "read_card", "write_card"]

_NAME = "card.json"


def read_card(folder: Path) -> dict[str, Any]:
    """The card of a model's folder; empty where there is none."""
    path = folder / _NAME
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def write_card(
    folder: Path,
    *,
    name: str,
    version: str,
    trained_on: Mapping[str, str],
    split: Mapping[str, Any],
    seed: int,
    train_s: float,
    device: str,
    measures: Mapping[str, Any],
    bars: Mapping[str, Mapping[str, Any]] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Write the card into an existing folder, and return it.

    `trained_on`: data set -> what of it. `split`: what was kept from it, so that it can be found again. `train_s`:
    seconds of the recipe, on `device`. `measures`: on what was kept from it. `bars`: what `bars()` makes of them.
    """
    card = {
        "name": name,
        "version": version,
        "trained_on": dict(trained_on),
        "split": dict(split),
        "seed": seed,
        "train_s": round(train_s, 1),
        "device": device,
        "measures": dict(measures),
        "bars": {measure: dict(bar) for measure, bar in (bars or {}).items()},
    }
    _write(folder, card | more)
    return card | more


def add_to_card(folder: Path, **more: Any) -> None:
    """Fields that were found later, in the place of those of the same name."""
    _write(folder, read_card(folder) | more)


def bars(
    values: Mapping[str, float | int | None], at_least: Mapping[str, float], at_most: Mapping[str, float] | None = None
) -> dict[str, dict[str, Any]]:
    """Measure -> its value, the bar, and whether it is met; a value that is missing does not meet it.

    >>> bars({"miou": 0.58, "ece": 0.04}, {"miou": 0.55}, {"ece": 0.03})["ece"]
    {'value': 0.04, 'bar': 0.03, 'met': False}
    """
    found = {}
    for limits, most in ((at_least, False), (at_most or {}, True)):
        for measure, bar in limits.items():
            value = values.get(measure)
            met = value is not None and (value <= bar if most else value >= bar)
            found[measure] = {"value": value, "bar": bar, "met": met}
    return found


def _write(folder: Path, card: Mapping[str, Any]) -> None:
    (folder / _NAME).write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
