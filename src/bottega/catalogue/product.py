"""A product: one thing that can be put in a cart. Variants (sizes, colours) are products that share a group id."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from bottega.names import ID_MAX, Availability, id_text

__all__ = ["RECOMMENDABLE", "Product", "ProductId", "listing_words"]

ProductId = Annotated[
    str, StringConstraints(min_length=1, max_length=ID_MAX, strip_whitespace=True), BeforeValidator(id_text)
]
"""Free text: slashes, spaces and emoji included; a whole number is taken as its digits. Never part of a URL path."""

RECOMMENDABLE = frozenset({Availability.IN_STOCK, Availability.PREORDER, Availability.BACKORDER})
"""Availabilities that may appear in an answer."""

_Text = Annotated[str, StringConstraints(strip_whitespace=True)]


class Product(BaseModel):
    """What every reader turns its rows into, what the store keeps and what the API returns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: ProductId
    group_id: ProductId | None = None
    """Shared by the variants of one product; None for a product without variants."""
    title: Annotated[_Text, StringConstraints(min_length=1, max_length=1000)]
    description: _Text = ""
    """Plain text; readers strip HTML."""
    brand: str | None = None
    category: tuple[str, ...] = ()
    """Path from the broadest to the deepest, as in ("Apparel", "Topwear", "T-shirts")."""
    price_minor: Annotated[int, Field(ge=0, le=2**53)] | None = None
    """Price in minor units (cents) of `currency`."""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    availability: Availability = Availability.IN_STOCK
    hidden: bool = False
    """Kept, but never shown: drafts, archived, unpublished."""
    images: tuple[str, ...] = ()
    """URLs, or paths inside the shop's images folder."""
    attributes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Name to values, as in {"color": ("red", "white")}. Names are lower case with underscores."""
    url: str | None = None
    updated_at_ms: Annotated[int, Field(ge=0, lt=253_402_300_800_000)] | None = None
    """When the merchant changed it, UTC milliseconds."""
    source_row: str | None = None
    """Where it came from, as in "styles.csv:12"."""

    @property
    def recommendable(self) -> bool:
        """Whether it may appear in an answer at all."""
        return not self.hidden and self.availability in RECOMMENDABLE


def listing_words(product: Product) -> str:
    """What a search in the catalogue looks for words in: id, title, brand and category, in small letters."""
    return " ".join((product.id, product.title, product.brand or "", " > ".join(product.category))).casefold()
