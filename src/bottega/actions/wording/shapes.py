"""What is asked for when texts are written, and what comes back."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from bottega.catalogue.filter import Ids
from bottega.catalogue.product import ProductId
from bottega.shop.shape import Request, Shape

__all__ = [
    "ClaimInfo",
    "DescribeAnswer",
    "DescribeRequest",
    "DescribedListing",
    "FactInfo",
    "KeywordInfo",
    "RewordRequest",
    "SentenceInfo",
    "WriteTextsRequest",
]

Part = Literal["title", "description", "image_alt"]
Channel = Literal["search", "google", "amazon", "ebay", "etsy", "meta"]


class DescribeRequest(Request):
    """Texts for products, from what their listings say."""

    EXAMPLES: ClassVar[dict[str, Any]] = {
        "one product in German": {"product_ids": ["mug-1"], "language": "de"},
        "with keywords": {"product_ids": ["mug-1"], "keywords": ["enamel mug", "dishwasher safe"], "channel": "etsy"},
    }

    product_ids: Ids = Field(default=[], description="Products; none with `all`.")
    all: bool = Field(default=False, description="Every product of the shop.")
    language: str | None = Field(default=None, description="Code of a language, as in de; else the shop's own.")
    channel: Channel = Field(default="google", description="Where the listing is shown: its limits of length hold.")
    keywords: list[str] = Field(
        default=[], max_length=20, description="Words that shall stand in the text, where facts bear them out."
    )
    facts: list[str] = Field(
        default=[], max_length=50, description="Names or keys of facts that the description must say, as in colour."
    )
    seed: int = Field(default=0, ge=0, le=2**31, description="Another one, another choice of sentences.")
    rephrase: bool = Field(
        default=False, description="Let the shop's own language model word the description anew, if that is proved."
    )
    explain: bool = Field(default=False, description="Say of each sentence which facts it renders, and where.")


class FactInfo(Shape):
    """What is known of a product, and where from."""

    name: str = Field(description="As in colour=Navy Blue.")
    key: str
    value: str
    unit: str = ""
    source: str = Field(description="attribute, accepted, brand, category, title, price, reviews or eye.")
    place: str = Field(default="", description="The attribute that says it.")
    concept: str = Field(default="", description="What the lists of words know it as.")


class ClaimInfo(Shape):
    """Characters of a sentence that render facts."""

    start: int
    end: int
    key: str
    facts: list[str]


class SentenceInfo(Shape):
    """One sentence of a text: its frame, and which of its characters render which facts."""

    text: str
    frame: str
    claims: list[ClaimInfo]


class KeywordInfo(Shape):
    """A keyword that was asked for: placed, or why not."""

    keyword: str
    placed: bool
    why: str = Field(description="The facts that bear it out, or the reason why none does.")


class DescribedListing(Shape):
    """All texts of one product in one language."""

    product_id: str
    language: str
    title: str
    bullets: list[str]
    description: str
    alt: str
    facts: list[FactInfo] = Field(description="Those that the texts claim.")
    offered: list[FactInfo] = Field(default=[], description="What is guessed and not accepted yet; no text claims it.")
    contradictions: list[str] = Field(default=[], description="What cannot all be true, and is not written.")
    keywords: list[KeywordInfo] = Field(default=[], description="What became of each keyword asked for.")
    refused: list[str] = Field(default=[], description="What the proof refused, with the reason; no text holds it.")
    sentences: dict[str, list[SentenceInfo]] | None = Field(default=None, description="With `explain`: by text.")


class DescribeAnswer(Shape):
    """The texts, in the order of the products."""

    listings: list[DescribedListing]
    unknown: list[str] = Field(default=[], description="Ids that no product has.")


class RewordRequest(Request):
    """A text of a product, to be said anew."""

    EXAMPLES: ClassVar[dict[str, Any]] = {
        "shorter": {"product_id": "mug-1", "length": "short"},
        "in German": {"product_id": "mug-1", "language": "de"},
    }

    product_id: ProductId = Field(description="Whose text.")
    text: str | None = Field(default=None, max_length=20_000, description="Else the product's description.")
    language: str | None = Field(default=None, description="To write in; else the shop's own.")
    length: Literal["short", "same", "long"] = Field(
        default="same", description="short: two sentences of facts. long: every fact of the product."
    )
    tone: Literal["plain", "terse"] = Field(default="plain", description="In sentences, or as labels and values.")
    audience: str | None = Field(default=None, max_length=60, description="Whom it speaks to first, as in children.")
    keywords: list[str] = Field(
        default=[], max_length=20, description="Words that shall stand in it, where facts allow."
    )
    seed: int = Field(default=0, ge=0, le=2**31, description="Another one, another choice of sentences.")


class WriteTextsRequest(Request):
    """Texts of products as suggestions."""

    product_ids: Ids = Field(default=[], description="Products; none with `all`.")
    all: bool = Field(default=False, description="Every product of the shop.")
    language: str | None = Field(default=None, description="Code of a language, as in de; else the shop's own.")
    parts: list[Part] = Field(default=["description", "image_alt"], description="Which texts.")
    only_empty: bool = Field(default=True, description="Only where the product says nothing yet.")
    seed: int = Field(default=0, ge=0, le=2**31, description="Another one, another choice of sentences.")
