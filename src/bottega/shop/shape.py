"""The base of every request and answer, and what all doors say of a shop.

Unknown fields are refused, so that a misspelt rule never passes in silence.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["COUNT_MAX", "DEVICE", "Health", "ModelInfo", "RunInfo", "Shape"]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


COUNT_MAX = 200
"""Longest list that can be asked for."""
DEVICE: Any = Field(
    default="auto",
    description="Where models learn: auto takes a graphics card where there is one; or cpu, cuda.",
)
"""The field `device` of everything that trains."""


class ModelInfo(Shape):
    """What answered."""

    name: str
    version: str
    trained_at: str | None = Field(description="ISO 8601, UTC; null when nothing was trained.")
    events_seen: int


class RunInfo(Shape):
    """One training that ended."""

    name: str = Field(description="Of the model, as in `blend`.")
    version: str = Field(description="Text that sorts by time; also the name of its folder.")
    room: str = Field(description="Of models, as in `recommend`.")
    trained_at_ms: int
    seconds: float
    peak_mb: float
    products: int = Field(description="Products it knows.")
    events_seen: int = Field(description="Events it learnt from.")
    shoppers: int
    folder: str = Field(description="Where its files lie, relative to the shop's folder.")
    measures: dict[str, Any] = Field(description="What was measured, as in `pairs` or `type_top1`.")


class Health(Shape):
    """Whether the shop answers, and from what."""

    status: Literal["ok", "store_unavailable"]
    version: str
    products: int
    recommendable_items: int
    events: int
    model: ModelInfo
    model_age_s: float | None
    store: str
