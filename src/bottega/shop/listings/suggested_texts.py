"""Texts as suggestions: each claims facts, holds as long as they do, and can be written anew from what is true now.

Counts of reviews are read for those products alone whose texts claim some.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from bottega.catalogue.attributes import value_of
from bottega.catalogue.product import Product
from bottega.errors import EncoderUnavailable
from bottega.models.wording.derivation import mended
from bottega.models.wording.facts import FactSheet
from bottega.models.wording.review_facts import (
    BLAME,
    REVIEW_KEY,
    ReviewCount,
    review_facts,
    with_counts,
    worth_saying,
)
from bottega.models.wording.text import Text, TextKind
from bottega.models.wording.writer import ListingWriter
from bottega.shop.folder import ShopFolder
from bottega.shop.listings.listing_facts import facts_of, title_words
from bottega.store.suggestions import Suggestion, SuggestionKind

__all__ = [
    "FIELDS",
    "MAKER",
    "claims_counts",
    "claims_hold",
    "counts_now",
    "field_of",
    "sheets_of",
    "text_again",
    "text_suggestion",
]

MAKER = "frames"
FIELDS = {"title": TextKind.TITLE, "description": TextKind.DESCRIPTION, "image_alt": TextKind.ALT}
"""What a text may be for, and the kind of text that it is."""


def field_of(field: str, language: str, own: str) -> str:
    """The attribute that a text is written to: the shop's own fields, else one for each language."""
    return field if language == own else f"{field}_{language}"


def text_suggestion(
    product: Product, attribute: str, text: Text, sheet: FactSheet, time_ms: int, refused: list[str] | None = None
) -> Suggestion | None:
    """A text waiting to be accepted; None where the product says it already, and where nothing of it is proved. What
    the proof refuses is left out; `refused` takes the reasons."""
    kept, reasons = mended(text, sheet, merchants=(product.title, product.description))
    if refused is not None:
        refused += reasons
    present = value_of(product, attribute)
    if kept is None or present == kept.text:
        return None
    text = kept
    return Suggestion(
        SuggestionKind.TEXT,
        product.id,
        attribute,
        text.text,
        1.0,
        MAKER,
        text.language,
        time_ms,
        present=present or None,
        facts=tuple(fact.name for fact in text.facts),
    )


def sheets_of(folder: ShopFolder, products: Sequence[Product]) -> Mapping[str, FactSheet]:
    """The facts of products as they are about to be stored."""
    return facts_of(folder.store, products, title_words(folder))


def claims_counts(one: Suggestion) -> bool:
    """Whether a text says what reviews say."""
    return any(name.startswith(f"{REVIEW_KEY}=") for name in one.facts or ())


def counts_now(folder: ShopFolder, texts: Iterable[Suggestion]) -> dict[str, list[ReviewCount]]:
    """What reviews say of the products whose texts claim it, by id. Nothing where the shop's encoder is not there: what
    cannot be counted is said by nobody."""
    products = sorted({one.product_id for one in texts if claims_counts(one)})
    if not products:
        return {}
    from bottega.shop.listings.reviews import ReviewReader
    from bottega.shop.trained.encoder import encoder_of

    try:
        reader = ReviewReader(folder.store, encoder_of(folder))
        return {product_id: reader.counts(product_id) for product_id in products}
    except EncoderUnavailable:
        return {}


def claims_hold(one: Suggestion, sheet: FactSheet, counts: Sequence[ReviewCount] = ()) -> bool:
    """Whether every fact that a text claims is still one."""
    now = {fact.name for fact in (*sheet.claimed, *review_facts(sheet.subject, counts))}
    return set(one.facts or ()) <= now


def text_again(
    one: Suggestion,
    product: Product,
    sheet: FactSheet,
    writer_in: Callable[[str], ListingWriter],
    counts: Sequence[ReviewCount] = (),
) -> Suggestion | None:
    """The same kind of text, from what is true now; what said what reviews say does so again, complaints where it had
    some. `writer_in`: who writes for the shop in a language."""
    if claims_counts(one):
        blame = any(name.startswith(f"{REVIEW_KEY}=") and name.endswith(f" {BLAME}") for name in one.facts or ())
        sheet = with_counts(sheet, worth_saying(counts, sheet, blame=blame))
    field = next((name for name in FIELDS if one.attribute == name or one.attribute.startswith(f"{name}_")), None)
    if field is None:
        return None
    text = writer_in(one.version).text(sheet, FIELDS[field])
    return text_suggestion(product, one.attribute, text, sheet, one.time_ms)
