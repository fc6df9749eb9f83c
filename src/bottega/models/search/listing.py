"""A listing as a search sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = ["BRAND", "CATEGORY", "Listing"]

CATEGORY = "category"
"""Field under which the levels of a category path are values."""
BRAND = "brand"


@dataclass(frozen=True, slots=True)
class Listing:
    """What is said of one product; `names` are its id, SKU and the like, `seen` the words read off its photos."""

    title: str
    category: Sequence[str] = ()
    attributes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    brand: str = ""
    description: str = ""
    names: Sequence[str] = ()
    seen: Sequence[str] = ()
    price: float | None = None
    """In whole units of the shop's currency."""
