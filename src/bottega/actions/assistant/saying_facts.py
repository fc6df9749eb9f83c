"""Facts as words of a language, and the proof that an answer says no more than its sources."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from babel.lists import format_list
from babel.numbers import format_currency

from bottega.actions.assistant.fact_shapes import FactAnswer, Statement
from bottega.catalogue.product import Product
from bottega.languages.fold import fold
from bottega.languages.writing import writing, writing_languages
from bottega.models.dialogue.asked_words import AskedWords
from bottega.models.dialogue.comparing import YesNo, truth_of
from bottega.prices import Price, plain_amount

__all__ = ["composed", "label_of", "listed", "price_words", "rendered", "stands", "with_reply"]

_UNNAMED = frozenset({"", "people"})
"""Keys that are called by no noun: "for" stands before a value, and alone names nothing."""


def composed(
    statements: Sequence[Statement], asked: AskedWords, key: str, unsaid_keys: Sequence[str] = ()
) -> FactAnswer:
    """Statements as an answer; of what nothing says, and without any statement, that the listing does not say."""
    if statements and not unsaid_keys:
        text = " ".join(one.text for one in statements)
        return FactAnswer(text, tuple(statements), True, asked.language, key=key)
    told = [one.text for one in statements]
    for name in unsaid_keys or [key]:
        label = label_of(name, asked) if name not in _UNNAMED else ""
        label = label if asked.language == "de" else f"{label[:1].lower()}{label[1:]}"  # nouns there are capitalised
        told.append(asked.said("unsaid.key", label=label) if label else asked.said("unsaid"))
    text = " ".join([*dict.fromkeys(told), asked.said("person")])
    return FactAnswer(text, tuple(statements), bool(statements), asked.language, offers_person=True, key=key)


def label_of(key: str, asked: AskedWords) -> str:
    """What a key is called in a language; the merchant's own name where it has none."""
    spoken = writing(asked.language if asked.language in writing_languages() else "en")
    own = {"price": "price.label", "stock": "stock"}.get(key)
    return asked.said(own) if own else spoken.labels.get(key) or key.replace("_", " ")


def price_words(product: Product, asked: AskedWords) -> str:
    """A product's price as the language writes it; it has one."""
    assert product.price_minor is not None and product.currency is not None
    amount = Decimal(plain_amount(Price(product.price_minor, product.currency)))
    return str(format_currency(amount, product.currency, locale=asked.language))


def with_reply(verdict: YesNo, text: str, asked: AskedWords) -> str:
    return f"{asked.said(verdict.value)} {text}" if verdict is not YesNo.OPEN else text


def rendered(value: str, concept: str, listed_in: str, asked: AskedWords) -> str:
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


def listed(values: Sequence[str], asked: AskedWords) -> str:
    return str(format_list(list(values), style="standard", locale=asked.language))


def stands(one: Statement) -> bool:
    """Whether each value stands in the text and in what a source says."""
    text = fold(one.text)
    said = [fold(source.said) for source in one.sources]
    return bool(one.sources) and all(
        (fold(value) in text or truth_of(value) is not None) and any(fold(value) in words for words in said)
        for value in one.values
    )
