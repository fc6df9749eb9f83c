"""Answers from the whole shelf: the cheapest and the dearest of a kind, and that there is none. Never from a page.

What a search finds is counted to its end; a product counts once, whatever variants it has, and only what can be bought.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bottega.actions.assistant.fact_shapes import AnswerSource, FactAnswer, Statement
from bottega.actions.assistant.saying_facts import price_words
from bottega.catalogue.product import Product
from bottega.languages.writing import writing
from bottega.models.dialogue.asked_words import AskedWords, asked_words
from bottega.models.dialogue.questions import AskedQuestion
from bottega.shop.open_shop import OpenShop

__all__ = ["answer_from_shelf", "most_among"]


def answer_from_shelf(shop: OpenShop, question: AskedQuestion) -> FactAnswer:
    """How many there are of what a question asks for, with the cheapest or the dearest; or that there are none."""
    asked = asked_words(question.language)
    words = question.rest.strip()
    index = shop.search_index(look=False)
    with shop.floor() as floor:
        allowed = index.allowed(floor, None, ())
        if words:
            found = index.listings(words, allowed, whole=True)
            rows = np.asarray(found.ids[: found.close_from], dtype=np.int64)
        else:
            rows = np.flatnonzero(allowed)
        if not len(rows):
            text = asked.said("none", words=words)
            source = AnswerSource("shelf", place=words, said=f"0: {words}")
            return FactAnswer(text, (Statement(text, "none", (words,), (source,)),), True, asked.language, key="none")
        prices = floor.shelf.prices_of(rows.astype(np.int32)).astype(np.int64)
        priced = rows[prices >= 0]
        prices = prices[prices >= 0]
        if not len(priced):
            return FactAnswer(
                f"{asked.said('unsaid')} {asked.said('person')}",
                (),
                False,
                asked.language,
                offers_person=True,
                key="price",
            )
        count = len(np.unique(floor.shelf.item[rows]))
        best = int(prices.max() if question.most > 0 else prices.min())
        alike = priced[prices == best]
        first = floor.shelf.product(int(alike[0]))
        others = len(np.unique(floor.shelf.item[alike])) - 1
    return _answer(first, count, others, words, question, asked)


def most_among(products: Sequence[Product], question: AskedQuestion) -> FactAnswer | None:
    """The cheapest or dearest of products that were pointed at; None where they are not all priced alike."""
    asked = asked_words(question.language)
    priced = [one for one in products if one.price_minor is not None]
    if len({one.currency for one in priced}) != 1:
        return None
    side = min if question.most < 0 else max
    first = side(priced, key=lambda one: one.price_minor or 0)
    others = sum(one.price_minor == first.price_minor for one in priced) - 1
    return _answer(first, len(priced), others, "", question, asked, among=True)


def _answer(
    product: Product,
    count: int,
    others: int,
    words: str,
    question: AskedQuestion,
    asked: AskedWords,
    *,
    among: bool = False,
) -> FactAnswer:
    price = price_words(product, asked)
    name = "cheapest" if question.most < 0 else "dearest"
    if question.any_of:
        name = "have" if count > 1 else "have.one"
    elif not words and not among:
        name = f"{name}.all"
    text = asked.said(name, count=str(count), title=product.title, price=price, words=words)
    if others and not question.any_of:
        text = f"{text} {asked.said('also_at', others=str(others))}"
    sources = (
        AnswerSource("listing", product.id, "title", product.title),
        AnswerSource("listing", product.id, "price", price),
        AnswerSource("shelf", place=words, said=f"{count}: {words}"),
    )
    counted = () if name == "have.one" else (str(count),)
    statement = Statement(text, "price", (product.title, price, *counted), sources)
    return FactAnswer(text, (statement,), True, writing(asked.language).code, key="price")
