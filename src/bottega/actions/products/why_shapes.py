"""Why a product is shown or not: what is asked and answered, light to import."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from bottega.catalogue.filter import Id
from bottega.shop.shape import Request, Shape

__all__ = ["ShownAt", "ShownCheck", "WhyShownAnswer", "WhyShownRequest"]


class WhyShownRequest(Request):
    """Is this product shown, where, and what keeps it back?"""

    EXAMPLES: ClassVar = {"Why does nobody see it": {"product_id": "lamp-7"}}

    product_id: Id = Field(description="A product; of one with variants, each variant is a product.")


class ShownCheck(Shape):
    """One thing that decides whether and how often it is shown."""

    code: str = Field(
        description="hidden, availability, variant, rule, own_page, in_model, events, price, picture, text, durable."
    )
    state: Literal["good", "slows", "stops"] = Field(
        description="good: nothing in the way. slows: it is shown less, or in fewer places. stops: kept out of lists."
    )
    text: str = Field(description="What was found, in a sentence.")
    fix: str = Field(default="", description="What to do about it; empty where nothing is to be done.")
    rule: str | None = Field(default=None, description="Id of the saved rule that it is about.")


class ShownAt(Shape):
    """One place on the site."""

    placement: Literal["home", "product", "cart", "category", "similar", "search"]
    can: bool = Field(description="Whether any request for this place can bring it now.")
    text: str = Field(description="How it comes there, or why it cannot.")
    rank: int | None = Field(
        description="Its place in the longest list that can be asked for there without a filter of its own: of home by "
        "a new shopper, of search by its own title. null: not in that list."
    )
    instead: str | None = Field(
        default=None, description="The variant that stands at that place for it; null where it stands there itself."
    )
    of: int = Field(description="Products in that list.")
    rules: list[str] = Field(description="Saved rules that keep it out, always or under their conditions.")
    ask: dict[str, Any] | None = Field(
        description="A request that brings it now: of POST /v1/recommendations, for similar of /v1/similar, for search "
        "of /v1/search. null where it cannot come, or only to shoppers of a kind (`text` says which)."
    )


class WhyShownAnswer(Shape):
    """Whether a product is shown, and why."""

    product_id: str
    title: str
    can: bool = Field(description="Whether any place can show it now.")
    says: str = Field(description="The main reason in a sentence.")
    checks: list[ShownCheck] = Field(description="What stops it first, then what slows it, then what is good.")
    places: list[ShownAt]
    events: dict[str, int] = Field(description="Events that the shop keeps of it, by kind; its variants not included.")
    shoppers: int = Field(description="Shoppers who chose it or a variant, as the last training counted them.")
    in_model: bool = Field(description="Whether the model in use knew it when it was trained.")
