"""Reword: a merchant's own text in another tone, length, language, or with keywords; its facts and no others.

Nothing is written into the product; the answer shows what would change.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bottega.actions.wording.describe import fact_info, sentences_of, spoken
from bottega.actions.wording.shapes import FactInfo, KeywordInfo, RewordRequest, SentenceInfo
from bottega.errors import ProductUnknown, RequestInvalid
from bottega.models.wording.keywords import keywords_of
from bottega.models.wording.rewording import KEPT, Length, reword
from bottega.models.wording.text import Tone
from bottega.shop.listings.listing_facts import facts_of, title_words
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Shape
from bottega.shop.trained.wording_learnt import writer_of

__all__ = ["OldSentence", "RewordAnswer", "reword_text"]


class OldSentence(Shape):
    """A sentence of the text as it was, and what became of it."""

    text: str
    became: Literal["written", "kept", "left"] = Field(
        description="written: its facts are said anew. kept: not a letter changed. left: out of the new text."
    )
    facts: list[str] = Field(description="Names of the facts that it claims.")
    why: str = Field(default="", description="Why it was not read as facts.")


class RewordAnswer(Shape):
    """The text said anew."""

    product_id: str
    language: str
    text: str
    before: str
    facts: list[FactInfo]
    sentences: list[SentenceInfo] = Field(description="Those whose frame is `kept` are the merchant's own.")
    kept_language: str | None = Field(description="Language of the sentences that were kept, where there are any.")
    old: list[OldSentence]
    keywords: list[KeywordInfo]
    refused: list[str] = Field(description="What was asked for and is borne out by no fact.")


def reword_text(shop: OpenShop, request: RewordRequest) -> RewordAnswer:
    """Say a text anew. Raises `ProductUnknown`, and `RequestInvalid` where there is no text or no such language."""
    product = shop.store.products.get([request.product_id]).get(request.product_id)
    if product is None:
        raise ProductUnknown(
            f"There is no product {request.product_id!r}.", next_step="Look its id up in the catalogue and try again."
        )
    before = product.description if request.text is None else request.text
    if not before.strip():
        raise RequestInvalid(
            f"Product {request.product_id!r} has no description, and no text was given.",
            allowed="It takes the product's own description, or a text.",
            next_step="Give a text, or write one: `bottega describe`.",
        )
    language = spoken(shop, request.language)
    words = title_words(shop.folder)
    sheet = facts_of(shop.store, [product], words)[product.id]
    keywords = keywords_of(sheet, request.keywords, language)
    made = reword(
        sheet,
        before,
        writer_of(shop.folder, language),
        length=Length(request.length),
        tone=Tone(request.tone),
        audience=request.audience or "",
        keywords=keywords,
        seed=request.seed,
    )
    left = set(made.left)
    return RewordAnswer(
        product_id=product.id,
        language=language,
        text=made.text.text,
        before=before,
        facts=[fact_info(fact) for fact in made.text.facts],
        sentences=sentences_of(made.text),
        kept_language=words.language if any(sentence.frame == KEPT for sentence in made.text.sentences) else None,
        old=[
            OldSentence(
                text=one.text,
                became="written" if one.is_fact else "left" if one.text in left else "kept",
                facts=[fact.name for fact in one.facts],
                why=one.why,
            )
            for one in made.read
        ],
        keywords=[
            KeywordInfo(
                keyword=one.text,
                placed=bool(one.facts),
                why=", ".join(fact.name for fact in one.facts) if one.facts else one.why,
            )
            for one in keywords
        ],
        refused=list(made.refused),
    )
