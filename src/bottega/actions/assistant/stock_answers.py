"""Price, sizes and stock as they are at this moment."""

from __future__ import annotations

from bottega.actions.assistant.fact_shapes import AnswerSource, Statement
from bottega.actions.assistant.listing_said import ListingSaid
from bottega.actions.assistant.saying_facts import listed, price_words, with_reply
from bottega.languages.fold import fold
from bottega.models.dialogue.asked_words import AskedWords
from bottega.models.dialogue.comparing import YesNo, compare_sizes
from bottega.models.dialogue.questions import AskedQuestion
from bottega.names import Availability

__all__ = ["price_of", "sizes_and_stock"]


def price_of(listing: ListingSaid, asked: AskedWords) -> list[Statement]:
    """What it costs; nothing where it has no price."""
    product = listing.product
    if product.price_minor is None or product.currency is None:
        return []
    amount = price_words(product, asked)
    source = AnswerSource("listing", product.id, "price", amount)
    return [Statement(asked.said("price", value=amount), "price", (amount,), (source,))]


_STOCK = {
    Availability.IN_STOCK: "stock.in",
    Availability.OUT_OF_STOCK: "stock.out",
    Availability.PREORDER: "stock.preorder",
    Availability.BACKORDER: "stock.backorder",
}


def sizes_and_stock(listing: ListingSaid, question: AskedQuestion, asked: AskedWords) -> list[Statement]:
    """Which sizes there are, whether one is, and what can be bought now; of what has none, the last alone."""
    sizes = listing.sizes()
    product = listing.product
    key = question.key.name if question.key else ""
    if not sizes:
        source = AnswerSource("listing", product.id, "availability", product.availability.value)
        return [Statement(asked.said(_STOCK[product.availability]), "stock", (), (source,))]
    sources = {size: _size_source(listing, size) for size in sizes}
    if question.sizes:
        return [_one_size(size, sizes, sources, asked) for size in question.sizes]
    if key == "stock":
        there = [size for size, left in sizes.items() if left]
        source = AnswerSource("listing", product.id, "availability", product.availability.value)
        if len(sizes) == 1 or not there:
            name = _STOCK[product.availability] if len(sizes) == 1 else "stock.out"
            return [Statement(asked.said(name), "stock", (), (source,))]
        text = asked.said("sizes.left", value=listed(there, asked))
        return [Statement(text, "stock", tuple(there), tuple(sources[size] for size in there))]
    text = asked.said("sizes", value=listed(list(sizes), asked))
    return [Statement(text, "size", tuple(sizes), tuple(sources.values()))]


def _one_size(
    asked_size: str, sizes: dict[str, bool], sources: dict[str, AnswerSource], asked: AskedWords
) -> Statement:
    found = next((size for size in sizes if compare_sizes(asked_size, [size]) is YesNo.YES), None)
    if found is not None:
        text = asked.said("size.in" if sizes[found] else "size.out", value=found)
        verdict = YesNo.YES if sizes[found] else YesNo.NO
        return Statement(with_reply(verdict, text, asked), "size", (found,), (sources[found],), verdict.value)
    every = tuple(sizes)
    if compare_sizes(asked_size, every) is YesNo.NO:
        text = asked.said("size.no", value=asked_size, sizes=listed(every, asked))
        return Statement(with_reply(YesNo.NO, text, asked), "size", every, tuple(sources.values()), "no")
    text = asked.said("sizes", value=listed(every, asked))
    return Statement(text, "size", every, tuple(sources.values()))


def _size_source(listing: ListingSaid, size: str) -> AnswerSource:
    for one in listing.siblings:
        for name, values in one.attributes.items():
            if size in values and "size" in fold(name):
                return AnswerSource("listing", one.id, name, size)
    for one in listing.siblings:
        for name, values in one.attributes.items():
            if size in values:
                return AnswerSource("listing", one.id, name, size)
    raise AssertionError("a size comes from an attribute")
