"""Answers of fact: what a listing says, as it says it, with where it stands; else that it does not say.

Idea     A question is read into a key and a value (`models/dialogue/questions.py`), and answered by a fact of that key,
         by price, stock and sizes of this moment, or by a sentence of the listing, quoted. Each statement carries the
         words it rests on; what does not hold them is not said. Yes and no are said by `models/dialogue/comparing.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from babel.lists import format_list
from babel.numbers import format_currency

from bottega.actions.assistant.fact_shapes import AnswerSource, FactAnswer, Statement
from bottega.actions.assistant.listing_said import ListedFact, ListingSaid, listings_said
from bottega.catalogue.product import Product
from bottega.languages.fold import fold, tokens
from bottega.languages.writing import writing, writing_languages
from bottega.models.dialogue.asked_words import AskedWords, asked_words
from bottega.models.dialogue.commands import Command
from bottega.models.dialogue.comparing import YesNo, compare_measures, compare_sizes, compare_value, truth_of
from bottega.models.dialogue.passages import passage_for
from bottega.models.dialogue.questions import AskedQuestion, AskedValue, read_question
from bottega.names import Availability
from bottega.prices import Price, plain_amount
from bottega.shop.open_shop import OpenShop

__all__ = ["answer_question"]

PRODUCTS_MOST = 4
"""Products that one answer speaks of."""
ABOUT = {
    "size": "size",
    "material": "material",
    "care": "care",
    "price": "price",
    "stock": "stock",
    "colour": "colour",
    "brand": "brand",
    "measure": "dimensions",
    "origin": "origin",
    "use": "occasion",
    "rating": "rating",
}
"""What a command says that it is about, as a key of questions."""


def answer_question(shop: OpenShop, product_ids: Sequence[str], command: Command, language: str) -> FactAnswer:
    """Answer what a command asks of these products, in a language. Raises nothing for what cannot be answered."""
    asked = asked_words(language)
    listings = listings_said(shop, product_ids)[:PRODUCTS_MOST]
    statements: list[Statement] = []
    key = ""
    for listing in listings:
        question = read_question(
            command.words,
            asked.language,
            names=listing.names,
            own_words=listing.own_words,
            about=ABOUT.get(command.about, ""),
        )
        key = key or (question.key.name if question.key else "")
        found = [one for one in _of_listing(listing, question, asked) if _stands(one)]
        if len(listings) > 1:
            found = [_named(one, listing.product) for one in found]
        statements += found
    return composed(statements, asked, key)


def composed(statements: Sequence[Statement], asked: AskedWords, key: str) -> FactAnswer:
    """Statements as an answer; without any, that the listing does not say."""
    if statements:
        text = " ".join(one.text for one in statements)
        return FactAnswer(text, tuple(statements), True, asked.language, key=key)
    label = label_of(key, asked) if key else ""
    unsaid = asked.said("unsaid.key", label=label) if label else asked.said("unsaid")
    return FactAnswer(f"{unsaid} {asked.said('person')}", (), False, asked.language, offers_person=True, key=key)


def label_of(key: str, asked: AskedWords) -> str:
    """What a key is called in a language; the merchant's own name where it has none."""
    spoken = writing(asked.language if asked.language in writing_languages() else "en")
    own = {"price": "price.label", "stock": "stock"}.get(key)
    return asked.said(own) if own else spoken.labels.get(key) or key.replace("_", " ")


def _of_listing(listing: ListingSaid, question: AskedQuestion, asked: AskedWords) -> list[Statement]:
    key = question.key.name if question.key else ""
    if key == "price" and not question.parts:
        return _price(listing, asked)
    if key == "stock" or (key == "size" and not question.parts):
        return _sizes_and_stock(listing, question, asked)
    if key in listing.contradictions:
        return _contradiction(listing, key, asked)
    fact = _fact_for(listing, question)
    if fact is not None:
        return [_told(listing, fact, question, asked)]
    return _passage(listing, question, asked)


def _fact_for(listing: ListingSaid, question: AskedQuestion) -> ListedFact | None:
    """The fact that answers; where a part of the thing is meant, only one that names the part."""
    if question.key is None:
        return _brand_named(listing, question)
    if question.parts:
        for part in question.parts:
            for fact in listing.facts:
                pieces = fact.place.split("_")
                named = part in pieces and (question.key.name in (*pieces, fact.key) or fact.place == part)
                if named or (fact.key in question.key.facts and part in tokens(fact.values[0])):
                    return fact
        return None
    return listing.fact(question.key.facts)


def _brand_named(listing: ListingSaid, question: AskedQuestion) -> ListedFact | None:
    """Whether the words that were left are the product's brand."""
    brand = listing.fact(("brand",))
    if brand is None or not question.yes_no or not question.words:
        return None
    return brand if set(question.words) <= set(fold(brand.values[0]).split()) else None


def _told(listing: ListingSaid, fact: ListedFact, question: AskedQuestion, asked: AskedWords) -> Statement:
    verdict = _verdict(listing, fact, question)
    values = [_rendered(value, concept, listing.language, asked) for value, concept in _pairs(fact)]
    label = label_of(fact.key if fact.key in writing(asked.language).labels else fact.place, asked)
    text = asked.said("fact", label=label, value=_listed(values, asked), **{"from": asked.said("from.listing")})
    sources = tuple(AnswerSource("listing", listing.product.id, fact.place, value) for value in fact.values)
    more = _other_values(listing, fact, question, verdict, asked)
    told = Statement(_with(verdict, text, asked), fact.key, fact.values, sources, verdict.value or "")
    if more is None:
        return told
    return Statement(
        f"{told.text} {more.text}", told.key, (*told.values, *more.values), (*told.sources, *more.sources), told.verdict
    )


def _pairs(fact: ListedFact) -> list[tuple[str, str]]:
    return list(zip(fact.values, fact.concepts or ("",) * len(fact.values), strict=True))


def _verdict(listing: ListingSaid, fact: ListedFact, question: AskedQuestion) -> YesNo:
    if not question.yes_no:
        return YesNo.OPEN
    truths = [truth_of(value) for value in fact.values]
    if len(truths) == 1 and truths[0] is not None and not question.values and not question.words:
        return YesNo.YES if truths[0] else YesNo.NO
    if question.key is None or (question.words and fact.key != "brand"):
        return YesNo.YES if question.key is None else YesNo.OPEN
    if fact.key == "brand":
        said = set(fold(fact.values[0]).split())
        return YesNo.YES if question.words and set(question.words) <= said else YesNo.OPEN
    if len(question.values) == 1:
        return compare_value(question.values[0], fact.values, listing.language, fact.key, real=question.real)
    if not question.values:
        return compare_measures(question.text, fact.values)
    return YesNo.OPEN


def _other_values(
    listing: ListingSaid, fact: ListedFact, question: AskedQuestion, verdict: YesNo, asked: AskedWords
) -> Statement | None:
    """Of a colour that it has not, and that a variant has: that one, too."""
    if verdict is not YesNo.NO or fact.key != "colour":
        return None
    for product, value in listing.others_of("colour"):
        wanted: AskedValue = question.values[0]
        if compare_value(wanted, (value,), listing.language, "colour") is YesNo.YES:
            place = next(name for name, values in product.attributes.items() if value in values)
            return Statement(
                asked.said("other_colours", value=value),
                "colour",
                (value,),
                (AnswerSource("listing", product.id, place, value),),
            )
    return None


def _price(listing: ListingSaid, asked: AskedWords) -> list[Statement]:
    product = listing.product
    if product.price_minor is None or product.currency is None:
        return []
    amount = price_words(product, asked)
    source = AnswerSource("listing", product.id, "price", amount)
    return [Statement(asked.said("price", value=amount), "price", (amount,), (source,))]


def price_words(product: Product, asked: AskedWords) -> str:
    """A product's price as the language writes it; it has one."""
    assert product.price_minor is not None and product.currency is not None
    amount = Decimal(plain_amount(Price(product.price_minor, product.currency)))
    return str(format_currency(amount, product.currency, locale=asked.language))


_STOCK = {
    Availability.IN_STOCK: "stock.in",
    Availability.OUT_OF_STOCK: "stock.out",
    Availability.PREORDER: "stock.preorder",
    Availability.BACKORDER: "stock.backorder",
}


def _sizes_and_stock(listing: ListingSaid, question: AskedQuestion, asked: AskedWords) -> list[Statement]:
    """Which sizes there are, whether one is, and what can be bought now."""
    sizes = listing.sizes()
    product = listing.product
    key = question.key.name if question.key else ""
    if not sizes:
        if key == "stock":
            source = AnswerSource("listing", product.id, "availability", product.availability.value)
            return [Statement(asked.said(_STOCK[product.availability]), "stock", (), (source,))]
        fact = _fact_for(listing, question)
        if fact is not None:
            return [_told(listing, fact, question, asked)]
        return _passage(listing, question, asked)
    sources = {size: _size_source(listing, size) for size in sizes}
    if question.sizes:
        return [_one_size(size, sizes, sources, asked) for size in question.sizes]
    if key == "stock":
        there = [size for size, left in sizes.items() if left]
        source = AnswerSource("listing", product.id, "availability", product.availability.value)
        if len(sizes) == 1 or not there:
            name = _STOCK[product.availability] if len(sizes) == 1 else "stock.out"
            return [Statement(asked.said(name), "stock", (), (source,))]
        text = asked.said("sizes.left", value=_listed(there, asked))
        return [Statement(text, "stock", tuple(there), tuple(sources[size] for size in there))]
    text = asked.said("sizes", value=_listed(list(sizes), asked))
    return [Statement(text, "size", tuple(sizes), tuple(sources.values()))]


def _one_size(
    asked_size: str, sizes: dict[str, bool], sources: dict[str, AnswerSource], asked: AskedWords
) -> Statement:
    found = next((size for size in sizes if compare_sizes(asked_size, [size]) is YesNo.YES), None)
    if found is not None:
        text = asked.said("size.in" if sizes[found] else "size.out", value=found)
        verdict = YesNo.YES if sizes[found] else YesNo.NO
        return Statement(_with(verdict, text, asked), "size", (found,), (sources[found],), verdict.value)
    every = tuple(sizes)
    if compare_sizes(asked_size, every) is YesNo.NO:
        text = asked.said("size.no", value=asked_size, sizes=_listed(every, asked))
        return Statement(_with(YesNo.NO, text, asked), "size", every, tuple(sources.values()), "no")
    text = asked.said("sizes", value=_listed(every, asked))
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


def _contradiction(listing: ListingSaid, key: str, asked: AskedWords) -> list[Statement]:
    """What the listing says twice, differently: both are told, neither is claimed."""
    facts = listing.contradictions[key].facts
    quotes = writing(asked.language).quotes
    text = asked.said("two", value=_listed([quotes.format(fact.value) for fact in facts], asked))
    sources = tuple(
        AnswerSource("listing", listing.product.id, fact.place or fact.source.value, fact.value) for fact in facts
    )
    return [Statement(text, key, tuple(fact.value for fact in facts), sources)]


def _passage(listing: ListingSaid, question: AskedQuestion, asked: AskedWords) -> list[Statement]:
    key = question.key.name if question.key else ""
    for one in listing.texts:
        if found := passage_for(question, one.text, listing.language):
            said = one.text[found.start : found.stop]
            quote = writing(asked.language).quotes.replace("{}", said)
            source = AnswerSource("listing", listing.product.id, one.place, said)
            return [Statement(asked.said("quote", quote=quote), key, (said,), (source,))]
    return []


def _with(verdict: YesNo, text: str, asked: AskedWords) -> str:
    return f"{asked.said(verdict.value)} {text}" if verdict is not YesNo.OPEN else text


def _rendered(value: str, concept: str, listed_in: str, asked: AskedWords) -> str:
    """A value as the merchant wrote it; in another language, behind the word that this has for exactly that."""
    truth = truth_of(value)
    if truth is not None and not value.isdigit():
        return asked.said("yes.word" if truth else "no.word") if asked.language != listed_in else value
    if asked.language == listed_in:
        return value
    spoken = writing(asked.language)
    word = spoken.words.get(concept) if concept else None
    if word is None or fold(word.forms[""][0]) == fold(value):
        return value
    return f"{word.forms[''][0]} ({spoken.quotes.format(value)})"


def _listed(values: Sequence[str], asked: AskedWords) -> str:
    return str(format_list(list(values), style="standard", locale=asked.language))


def _named(one: Statement, product: Product) -> Statement:
    return Statement(f"{product.title}: {one.text}", one.key, one.values, one.sources, one.verdict)


def _stands(one: Statement) -> bool:
    """Whether each value stands in the text and in what a source says."""
    text = fold(one.text)
    said = [fold(source.said) for source in one.sources]
    return bool(one.sources) and all(
        (fold(value) in text or truth_of(value) is not None) and any(fold(value) in words for words in said)
        for value in one.values
    )
