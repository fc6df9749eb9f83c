"""The base of every request and answer, and what all doors say of a shop.

Unknown fields are refused, so that a misspelt rule never passes in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, computed_field, model_validator

from bottega.errors import RequestInvalid
from bottega.shop.old_names import heard
from bottega.texts import broken_place

__all__ = [
    "COUNT_MAX",
    "DEVICE",
    "FoundBy",
    "Health",
    "ModelInfo",
    "OfProduct",
    "Request",
    "RunInfo",
    "SearchOrder",
    "Shape",
    "Upload",
]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Request(Shape):
    """What is asked of a verb. Names that fields had in the version before are still taken (`shop/old_names.py`)."""

    OLD_NAMES: ClassVar[Mapping[str, str]] = {}
    """Old name -> field."""
    EXAMPLES: ClassVar[Mapping[str, Any]] = {}
    """What an example shows -> its fields; they stand in the API's manual."""
    ROWS: ClassVar[str] = ""
    """The field that holds rows, where it has one; each row is checked by itself."""

    @model_validator(mode="before")
    @classmethod
    def _whole(cls, given: Any) -> Any:
        """Refuses half a character, wherever it stands: nothing behind the door could store or answer it."""
        fields = {name: given[name] for name in given if name != cls.ROWS} if isinstance(given, Mapping) else {}
        if (place := broken_place(fields)) is not None:
            raise RequestInvalid(
                f"Field {'.'.join(place)!r} holds half a character, as text has that was cut inside an emoji.",
                allowed="Text is whole characters.",
                next_step="Cut it between characters and send the request again.",
            )
        return given

    @model_validator(mode="before")
    @classmethod
    def _by_new_names(cls, given: Any) -> Any:
        old = [name for name in cls.OLD_NAMES if name in given] if isinstance(given, Mapping) else []
        if not old:
            return given
        fields = dict(given)
        for name in old:
            new = cls.OLD_NAMES[name]
            if new in fields:
                raise ValueError(f"{name} is the old name of {new}; send {new} alone")
            fields[new] = fields.pop(name)
            heard(name, new)
        return fields


class Upload(Shape):
    """A photo as it came in, not yet looked at. In JSON its content is base64."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    name: str = Field(description="Echoed in answers and messages.")
    content: bytes = Field(repr=False, description="The file as it is.")


class OfProduct(Shape):
    """What an answer says of one product."""

    product_id: str

    @computed_field(  # type: ignore[prop-decorator]  # mypy knows no decorated property
        description="`product_id` by its old name, for this version.", json_schema_extra={"deprecated": True}
    )
    @property
    def item_id(self) -> str:
        return self.product_id


FoundBy = Literal["photo", "words"]
SearchOrder = Literal["relevance", "price_up", "price_down", "newest"]
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
    version: str = Field(description="Tells when it was made, by the trainer's clock; also the name of its folder.")
    room: str = Field(description="Room of models that it is of: `recommend` or `vision`.")
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

    status: Literal["ok", "store_unavailable", "disk_full"] = Field(
        description="disk_full: it answers, and stores nothing, because less than 1 MB is free."
    )
    version: str
    products: int
    recommendable_items: int
    events: int
    model: ModelInfo
    model_age_s: float | None
    store: str
