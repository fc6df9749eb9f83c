"""Products that rules set at places, as rows of the shelf: for lists that are made of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bottega.models.recommend.last_mile.rules import first_variant
from bottega.names import BoolArray
from bottega.shop.rules.imposed import Imposed

if TYPE_CHECKING:
    from bottega.shop.floor import Floor

__all__ = ["Pinned", "pins_of"]


@dataclass(frozen=True, slots=True)
class Pinned:
    """Rows, each with its place, from 0, and the rule that sets it there."""

    rows: list[int]
    places: list[int]
    rules: list[str]


def pins_of(floor: Floor, imposed: Imposed, allowed: BoolArray) -> Pinned:
    """Which products can be set at their places: those `allowed` [V]; of several variants the first."""
    found: dict[int, tuple[int, int, str]] = {}
    for name, place, rule in imposed.pins:
        item, own = floor.items.code(name), floor.shelf.row_of(name)
        rows = [own] if own >= 0 else floor.shelf.rows_of(item) if item >= 0 else []
        if (row := first_variant(rows, allowed)) >= 0:
            found.setdefault(item, (row, place, rule))
    return Pinned(*([each[at] for each in found.values()] for at in range(3)))  # type: ignore[arg-type]
