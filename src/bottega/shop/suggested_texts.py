"""Texts as suggestions: each claims facts, holds as long as they do, and can be written anew from what is true now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bottega.catalogue.attributes import value_of
from bottega.catalogue.product import Product
from bottega.models.wording.derivation import mended
from bottega.models.wording.facts import FactSheet
from bottega.models.wording.text import Text, TextKind
from bottega.models.wording.writer import ListingWriter
from bottega.shop.folder import ShopFolder
from bottega.shop.listing_facts import facts_of, title_words
from bottega.store.suggestions import Suggestion, SuggestionKind

__all__ = ["FIELDS", "MAKER", "claims_hold", "field_of", "sheets_of", "text_again", "text_suggestion"]

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


def claims_hold(one: Suggestion, sheet: FactSheet) -> bool:
    """Whether every fact that a text claims is still one."""
    now = {fact.name for fact in sheet.claimed}
    return set(one.facts or ()) <= now


def text_again(
    one: Suggestion, product: Product, sheet: FactSheet, writer_in: Callable[[str], ListingWriter]
) -> Suggestion | None:
    """The same kind of text, from what is true now. `writer_in`: who writes for the shop in a language."""
    field = next((name for name in FIELDS if one.attribute == name or one.attribute.startswith(f"{name}_")), None)
    if field is None:
        return None
    text = writer_in(one.version).text(sheet, FIELDS[field])
    return text_suggestion(product, one.attribute, text, sheet, one.time_ms)
