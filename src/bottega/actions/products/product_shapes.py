"""One product whole, and the catalogue in figures: what is asked and answered, light to import."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from bottega.actions.rules.shapes import ListedRule
from bottega.actions.vision.shapes import SuggestionInfo
from bottega.catalogue.filter import Id
from bottega.catalogue.product import Product
from bottega.shop.shape import Request, Shape

__all__ = [
    "CatalogueCounts",
    "CatalogueCountsRequest",
    "ProductFact",
    "ProductRule",
    "ProductText",
    "ProductWhole",
    "ShowProductRequest",
    "ValueCount",
]


class ShowProductRequest(Request):
    """One product with all that is known of it."""

    EXAMPLES: ClassVar = {"One product": {"product_id": "lamp-7"}}

    product_id: Id = Field(description="A product; of one with variants, each variant is a product.")


class ProductFact(Shape):
    """One thing that is known of it, and who says so."""

    key: str
    value: str
    unit: str
    said_by: Literal["merchant", "title", "accepted", "eye", "shoppers"] = Field(
        description="merchant: a field of the catalogue. title: read off the title. accepted: a suggestion that was "
        "accepted. eye: guessed from the photo, and not accepted. shoppers: counted over reviews."
    )
    place: str = Field(description="The attribute that says it; else empty.")
    confidence: float = Field(description="1 for what is said; of a guess, how sure it is.")


class ProductText(Shape):
    """One text of the listing."""

    field: str = Field(description="title, description, or image_alt, with a language behind it in that one.")
    text: str
    written: bool = Field(description="Whether Bottega wrote it from facts, and it was accepted.")


class ProductRule(ListedRule):
    """A saved rule that has to do with it."""

    how: Literal["about it", "beside it"] = Field(
        description="about it: the rule moves it or keeps it out. beside it: it acts where lists stand beside it."
    )


class ProductWhole(Shape):
    """A product, and all that is known of it."""

    product: Product
    variants: list[Product] = Field(description="The others of its group, in catalogue order, hidden ones included.")
    facts: list[ProductFact]
    contradictions: list[str] = Field(description="What cannot all be true; no text says any of it.")
    texts: list[ProductText]
    suggestions: list[SuggestionInfo] = Field(description="Open and accepted, the newest last.")
    rules: list[ProductRule] = Field(description="In the order in which they win.")


class CatalogueCountsRequest(Request):
    """The catalogue in figures."""

    n: int = Field(default=100, ge=1, le=1000, description="At most so many categories, and so many brands.")


class ValueCount(Shape):
    """A category or a brand."""

    value: str = Field(description="A category as a path, as in `Home > Lamps`.")
    count: int = Field(description="Products, each variant by itself.")


class CatalogueCounts(Shape):
    """How many products there are, and of how many something is missing."""

    products: int = Field(description="Each variant by itself.")
    items: int = Field(description="Products, variants counted as one.")
    shown: int = Field(description="That lists may hold.")
    hidden: int
    availability: dict[str, int]
    without_picture: int
    without_description: int
    without_price: int
    not_in_model: int | None = Field(description="That came after the last training; null without one.")
    with_doubts: int = Field(description="With a label that the eye doubts, open.")
    with_suggestions: int = Field(description="With any suggestion that is open.")
    categories: list[ValueCount] = Field(description="Those with most products first.")
    brands: list[ValueCount]
