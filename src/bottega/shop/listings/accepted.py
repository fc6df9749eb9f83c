"""What was once accepted for products goes with them when they are written again.

Where the merchant's own data says it by now, that is noted: then it is theirs, and taking the acceptance back may not
take it from them.

A better picture goes with its product as long as the merchant sends the picture that it was made from.

A text holds as long as its facts do. When a fact of it has changed the text is withdrawn: the merchant's own stands
again, and another text is written and waits. The merchant's own text wins where it is another than when the text was
accepted.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from bottega.catalogue.attributes import TEXTS, value_of, with_before, with_value
from bottega.catalogue.product import Product
from bottega.shop.folder import ShopFolder
from bottega.shop.listings.suggested_texts import claims_hold, counts_now, sheets_of, text_again
from bottega.shop.trained.wording_learnt import writer_of
from bottega.store.suggestions import Suggestion, SuggestionKind, SuggestionState

__all__ = ["with_accepted"]


def with_accepted(
    folder: ShopFolder,
    products: Sequence[Product],
    *,
    from_merchant: Collection[str] = (),
    undone: Collection[int] = (),
) -> list[Product]:
    """Products about to be stored, with what was once accepted for them wherever they say nothing themselves.

    `from_merchant`: ids of those that come as the merchant wrote them, not out of the store. `undone`: numbers of
    suggestions whose acceptance is being taken back.
    """
    store = folder.store
    found = {product.id: product for product in products}
    about = [one for one in store.suggestions.about(found) if one.number not in undone]
    taken = [one for one in about if one.state is SuggestionState.ACCEPTED]
    accepted = [one for one in taken if one.kind in (SuggestionKind.FILL, SuggestionKind.DOUBT)]
    accepted.sort(key=lambda one: -(one.decided_ms or 0))
    own = set(from_merchant)
    theirs = [one for one in accepted if one.product_id in own and value_of(found[one.product_id], one.attribute)]
    if said := [one.number for one in theirs if not one.confirmed]:
        store.suggestions.confirm(said)
    for one in accepted:
        product = found[one.product_id]
        if not value_of(product, one.attribute):
            found[one.product_id] = with_value(product, one.attribute, one.value)
    for one in taken:
        if one.kind is SuggestionKind.PICTURE and one.product_id in own:
            product = found[one.product_id]
            before = _as_before(one, product)  # the merchant's pictures, or none, as they were
            same = product.images[:1] == before.images[:1]
            if same and value_of(product, one.attribute) == value_of(before, one.attribute):
                found[one.product_id] = with_value(product, one.attribute, one.value)
    if texts := [one for one in about if one.kind is SuggestionKind.TEXT]:
        _with_texts(folder, found, texts, own)
    return [found[product.id] for product in products]


def _with_texts(
    folder: ShopFolder, found: dict[str, Product], texts: Sequence[Suggestion], own: Collection[str]
) -> None:
    """Texts that hold go with their products; the others are withdrawn and written anew."""
    bare = dict(found)
    for one in texts:
        product = bare[one.product_id]
        if one.state is SuggestionState.ACCEPTED and value_of(product, one.attribute) == one.value:
            bare[one.product_id] = _as_before(one, product)
    sheets = sheets_of(folder, [bare[name] for name in dict.fromkeys(one.product_id for one in texts)])
    counts = counts_now(folder, texts)
    writer_in = cache(partial(writer_of, folder))
    withdrawn: list[int] = []
    again: list[Suggestion] = []
    for one in texts:
        sheet, said = sheets[one.product_id], counts.get(one.product_id, ())
        if not claims_hold(one, sheet, said):
            withdrawn.append(one.number)
            if one.state is SuggestionState.ACCEPTED and value_of(found[one.product_id], one.attribute) == one.value:
                found[one.product_id] = _as_before(one, found[one.product_id])
            if (text := text_again(one, bare[one.product_id], sheet, writer_in, said)) is not None:
                again.append(replace(text, time_ms=time.time_ns() // 1_000_000))
        elif one.state is SuggestionState.ACCEPTED and one.product_id in own:
            product = found[one.product_id]
            if value_of(product, one.attribute) in ("", _said_before(one)):
                found[one.product_id] = with_value(product, one.attribute, one.value)
    if withdrawn:
        folder.store.suggestions.retract(withdrawn)
        folder.store.suggestions.put(again)


def _said_before(one: Suggestion) -> str:
    values = (one.before or {}).get("values")
    return str(values[0]) if values else ""


def _as_before(one: Suggestion, product: Product) -> Product:
    before: Mapping[str, object] = one.before or {"name": one.attribute, "values": None}
    values = before["values"]
    said = tuple(map(str, values)) if isinstance(values, list) else None
    if said is None and one.attribute in TEXTS:
        said = ("",)
    return with_before(product, one.attribute, (str(before["name"]), said))
