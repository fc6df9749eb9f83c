"""Write texts: titles, descriptions and alternative texts become suggestions, to accept or to reject.

Nothing is written over: `decide_suggestions` accepts, and takes acceptances back. Running it again proposes nothing
that was decided on; what was open before gives way to what is written now.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from pydantic import Field

from bottega.actions.wording.describe import chunks_of, spoken, with_reviews
from bottega.actions.wording.shapes import WriteTextsRequest
from bottega.catalogue.attributes import IMAGE_ALT, value_of
from bottega.catalogue.product import Product
from bottega.models.wording.limits import limit_of
from bottega.models.wording.text import Tone
from bottega.progress import Progress, silent
from bottega.shop.listings.listing_facts import facts_of, title_words
from bottega.shop.listings.suggested_texts import FIELDS, field_of, text_suggestion
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Shape
from bottega.shop.trained.wording_learnt import writer_of
from bottega.store.suggestions import Suggestion, SuggestionKind, SuggestionState

__all__ = ["WrittenTexts", "write_texts"]


class WrittenTexts(Shape):
    """What was written."""

    products: int
    suggested: int = Field(description="Texts that wait to be accepted.")
    full: int = Field(description="Texts that were not written because the product has one.")
    refused: int = Field(default=0, description="Claims that the proof refused; no text holds them.")
    language: str
    seconds: float


def write_texts(shop: OpenShop, request: WriteTextsRequest, *, progress: Progress = silent) -> WrittenTexts:
    """Suggest texts for products, a few hundred at a time. Raises what `describe` raises.

    An alternative text that the merchant gave is kept whatever is asked: who looked at the picture knows better.
    """
    started = time.monotonic()
    language = spoken(shop, request.language)
    words = title_words(shop.folder)
    writer = writer_of(shop.folder, language)
    products = suggested = full = 0
    refused: list[str] = []
    for chunk, total in chunks_of(shop, request.product_ids, everything=request.all):
        sheets = facts_of(shop.store, chunk, words)
        ours = _accepted_alts(shop, chunk)
        now = time.time_ns() // 1_000_000
        batch: list[Suggestion] = []
        for product in chunk:
            for part in request.parts:
                attribute = field_of(part, language, words.language)
                present = value_of(product, attribute)
                if present and (request.only_empty or (part == IMAGE_ALT and (product.id, present) not in ours)):
                    full += 1
                    continue
                told = request.reviews if part == "description" else "none"
                sheet = with_reviews(shop, sheets[product.id], told)
                text = writer.text(sheet, FIELDS[part], seed=request.seed, tone=Tone(request.tone))
                if len(text.text) <= limit_of(FIELDS[part]):
                    one = text_suggestion(product, attribute, text, sheet, now, refused)
                    batch += [] if one is None else [one]
        suggested += shop.store.suggestions.put(batch)
        products += len(chunk)
        progress("writing", products, total)
    seconds = round(time.monotonic() - started, 2)
    return WrittenTexts(
        products=products,
        suggested=suggested,
        full=full,
        refused=len(refused),
        language=language,
        seconds=seconds,
    )


def _accepted_alts(shop: OpenShop, products: Sequence[Product]) -> set[tuple[str, str]]:
    """Product and text of every alternative text that was written here and accepted."""
    about = shop.store.suggestions.about([product.id for product in products])
    accepted = (one for one in about if one.kind is SuggestionKind.TEXT and one.state is SuggestionState.ACCEPTED)
    return {(one.product_id, one.value) for one in accepted if one.attribute.startswith(IMAGE_ALT)}
