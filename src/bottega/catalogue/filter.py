"""A filter: which products are meant, as a request says it and the shelf answers it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from bottega.names import ID_MAX, Availability, id_text
from bottega.placeholders import names_nobody

__all__ = ["IDS_MAX", "Asker", "Filter", "Id", "Ids", "PriceRange", "Somebody"]

IDS_MAX = 10_000
"""Most ids in one field of a request."""
NOTS_MAX = 50
"""Most filters under one `not`."""


def _somebody(name: str) -> str:
    if names_nobody(name):
        raise ValueError(
            "this is an id that names nobody (undefined, NULL, 0, guest, a zero UUID); "
            "send the id of the shopper, the device or the visit"
        )
    return name


def _or_nobody(name: str | None) -> str | None:
    return None if name is None or names_nobody(name) else name


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | int) else value


Id = Annotated[str, StringConstraints(min_length=1, max_length=ID_MAX, strip_whitespace=True), BeforeValidator(id_text)]
Somebody = Annotated[Id, AfterValidator(_somebody)]
"""A shopper id, anonymous id or session id that something is kept under: what one stranger says is not said by all."""
Asker = Annotated[Id | None, AfterValidator(_or_nobody)]
"""Who asks, by any of these ids; an id that names nobody is as good as none."""
Ids = Annotated[list[Id], BeforeValidator(_listed), Field(max_length=IDS_MAX)]
"""One id may stand without its list."""
Texts = Annotated[list[str], BeforeValidator(_listed), Field(max_length=IDS_MAX)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class PriceRange(_Shape):
    """Prices from `min` to `max`, both included, in minor units (cents). Products without a price match neither."""

    min: Annotated[int, Field(ge=0)] | None = Field(default=None, description="The lowest price, in minor units.")
    max: Annotated[int, Field(ge=0)] | None = Field(default=None, description="The highest, in minor units.")


class Filter(_Shape):
    """Which products are meant. All the given conditions must hold; within a list any value will do.

    Texts are compared without regard to case. `category` is the name of any level of the path ("Shoes") or the path
    from the top ("Apparel > Shoes").
    """

    ids: Ids | None = Field(default=None, description="Product or group ids.")
    category: Texts | None = Field(
        default=None, description='A level ("Shoes") or a path from the top ("Apparel > Shoes").'
    )
    brand: Texts | None = Field(default=None, description="Any of these brands.")
    availability: Annotated[list[Availability], BeforeValidator(_listed)] | None = Field(
        default=None, description="Any of these states of stock."
    )
    price_minor: PriceRange | None = Field(default=None, description="Price range in minor units (cents).")
    attributes: dict[str, Texts] | None = Field(default=None, description='As in {"color": ["red", "white"]}.')
    not_: Filter | Annotated[list[Filter], Field(max_length=NOTS_MAX)] | None = Field(
        default=None, alias="not", description="Products that match this one, or any of several, are left out."
    )
