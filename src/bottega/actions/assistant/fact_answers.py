"""Answers of fact: what a listing says, as it says it, with where it stands; else that it does not say.

Idea     A question is read into a key and a value (`models/dialogue/questions.py`), and answered by a fact of that key,
         by price, stock and sizes of this moment, or by a sentence of the listing, quoted. Each statement carries the
         words it rests on; what does not hold them is not said. Yes and no are said by `models/dialogue/comparing.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from bottega.actions.assistant.asked_before import note_unanswered, said_before
from bottega.actions.assistant.fact_shapes import AnswerSource, FactAnswer, Statement
from bottega.actions.assistant.listing_said import ListedFact, ListedText, ListingSaid, listings_said
from bottega.actions.assistant.matched import matched
from bottega.actions.assistant.policy_answers import answer_from_rules
from bottega.actions.assistant.review_answers import OF_REVIEWS, of_reviews
from bottega.actions.assistant.saying_facts import composed, listed, stands
from bottega.actions.assistant.shelf_answers import answer_from_shelf, most_among
from bottega.actions.assistant.stock_answers import price_of, sizes_and_stock
from bottega.actions.assistant.told_facts import told_fact
from bottega.catalogue.product import Product
from bottega.languages.fold import fold, tokens
from bottega.languages.stems import stem
from bottega.languages.writing import writing
from bottega.models.dialogue.asked_values import concepts_in
from bottega.models.dialogue.asked_words import AskedWords, asked_words
from bottega.models.dialogue.commands import Command, Intent
from bottega.models.dialogue.matching import MATCHED_LANGUAGES
from bottega.models.dialogue.passages import passage_for
from bottega.models.dialogue.questions import AskedQuestion, read_question
from bottega.models.dialogue.several import questions_in
from bottega.shop.open_shop import OpenShop

__all__ = ["answer_question"]

PRODUCTS_MOST = 4
"""Products that one answer speaks of."""
ADVISED = frozenset({"size", "stock", "fit", "compatible_with", "waist", "chest", "length"})
"""Keys of which shoppers ask what would fit them; no listing knows that."""
STRICT = frozenset(
    {"pack", "contents", "compatible_with", "size", "stock", "platform", "batteries", "capacity", "dimensions"}
)
"""Keys that say nothing of another thing that a question speaks of: "how many carbs"."""
TOLD_BY_WEARERS = frozenset({"fit_reviews", "rating"})
"""Keys that no listing tells."""
SHOWN_MOST = 50
"""Products among which the cheapest is looked for."""
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


def answer_question(
    shop: OpenShop, product_ids: Sequence[str], command: Command, language: str, *, noted: bool = True
) -> FactAnswer:
    """Answer what a command asks of these products, in a language; without a product, what can be counted over the
    whole shelf; of an order, what the shop's rules say. What cannot be answered raises nothing; it is `noted`
    for the merchant.

    Raises `SourceUnreadable` for rules that cannot be read, and `EncoderUnavailable` where reviews are asked for.
    """
    asked = asked_words(language)
    if command.intent is Intent.ORDER:
        return answer_from_rules(shop, command, language)
    listings = listings_said(shop, product_ids[:SHOWN_MOST])
    wanted = read_question(command.words, asked.language)
    if wanted.any_of and _of_others(wanted, listings):
        return answer_from_shelf(shop, wanted)
    if wanted.most and len(listings) != 1:
        among = most_among([one.product for one in listings], wanted) if listings else answer_from_shelf(shop, wanted)
        if among is not None:
            return among
    listings = listings[:PRODUCTS_MOST]
    statements: list[Statement] = []
    key = ""
    unsaid: list[str] = []
    for listing in listings:
        for question in questions_in(
            command.words,
            asked.language,
            names=listing.names,
            own_words=listing.own_words,
            own_kinds=listing.own_kinds,
            about=ABOUT.get(command.about, ""),
        ):
            name = question.key.name if question.key else ""
            key = key or name
            found = [one for one in _of_listing(shop, listing, question, asked) if stands(one)]
            if not found:
                found = said_before(shop, listing, question, asked)
            if not found and len(listings) == 1:
                unsaid.append(name)
                if noted:
                    note_unanswered(shop, listing, question)
            if len(listings) > 1:
                found = [_named(one, listing.product) for one in found]
            statements += found
    return composed(statements, asked, key, unsaid)


def _of_others(question: AskedQuestion, listings: Sequence[ListingSaid]) -> bool:
    """Whether things are asked for that none of these products is."""
    if not listings or question.key is not None:
        return bool(question.rest) and not listings
    kinds = {one for _, _, one in concepts_in(tokens(question.rest), question.language) if one.startswith("kind.")}
    return bool(kinds) and not any(kinds & one.own_kinds for one in listings)


def _of_listing(shop: OpenShop, listing: ListingSaid, question: AskedQuestion, asked: AskedWords) -> list[Statement]:
    key = question.key.name if question.key else ""
    if key in OF_REVIEWS and (said := of_reviews(shop, listing, key, asked)):
        return said
    if question.advice and key in ADVISED:
        return of_reviews(shop, listing, "fit_reviews", asked)
    if key == "price" and not question.parts:
        return price_of(listing, asked)
    if (key == "stock" or (key == "size" and not question.parts)) and not question.words:
        if listing.sizes() or key == "stock":
            return sizes_and_stock(listing, question, asked)
        fact = _fact_for(listing, question)
        return [told_fact(listing, fact, question, asked)] if fact is not None else _passage(listing, question, asked)
    if key in listing.contradictions:
        return _contradiction(listing, key, asked)
    fact = _fact_for(listing, question)
    if fact is not None and _is_meant(fact, question):
        return [told_fact(listing, fact, question, asked)]
    return _passage(listing, question, asked)


def _is_meant(fact: ListedFact, question: AskedQuestion) -> bool:
    """Whether a fact answers a question that speaks of something else, too: only of what the fact itself names."""
    if fact.key == "brand" or question.parts:
        return True
    named = set(tokens(" ".join([*fact.values, fact.place.replace("_", " ")])))
    named |= {stem(word, question.language) for word in named}
    other = [word for word in question.words if word not in named and stem(word, question.language) not in named]
    if not other:
        return True
    strict = question.by_value or (question.key is not None and question.key.name in STRICT)
    return len(other) == 1 and not strict


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


def _contradiction(listing: ListingSaid, key: str, asked: AskedWords) -> list[Statement]:
    """What the listing says twice, differently: both are told, neither is claimed."""
    facts = listing.contradictions[key].facts
    quotes = writing(asked.language).quotes
    text = asked.said("two", value=listed([quotes.format(fact.value) for fact in facts], asked))
    sources = tuple(
        AnswerSource("listing", listing.product.id, fact.place or fact.source.value, fact.value) for fact in facts
    )
    return [Statement(text, key, tuple(fact.value for fact in facts), sources)]


def _passage(listing: ListingSaid, question: AskedQuestion, asked: AskedWords) -> list[Statement]:
    """What no fact of the key answers: the passage that likeliest does, or the sentence that the rules find.

    Where the matcher was judged, the rules are asked for what speaks of a key alone.
    """
    key = question.key.name if question.key else ""
    if key in TOLD_BY_WEARERS:
        return []
    if {question.language, listing.language} <= MATCHED_LANGUAGES:
        if found := matched(listing, question):
            return [_matched(listing, found, key, asked)]
        if not key:
            return []
    for one in listing.texts:
        if passage := passage_for(question, one.text, listing.language):
            return [_quoted(listing, one.place, one.text[passage.start : passage.stop], key, asked)]
    return []


def _matched(listing: ListingSaid, found: ListedFact | ListedText, key: str, asked: AskedWords) -> Statement:
    if isinstance(found, ListedText):
        return _quoted(listing, found.place, found.text, key, asked)
    return told_fact(listing, found, AskedQuestion("", asked.language), asked)


def _quoted(listing: ListingSaid, place: str, said: str, key: str, asked: AskedWords) -> Statement:
    quote = writing(asked.language).quotes.replace("{}", said)
    source = AnswerSource("listing", listing.product.id, place, said)
    return Statement(asked.said("quote", quote=quote), key, (said,), (source,))


def _named(one: Statement, product: Product) -> Statement:
    return Statement(f"{product.title}: {one.text}", one.key, one.values, one.sources, one.verdict)
