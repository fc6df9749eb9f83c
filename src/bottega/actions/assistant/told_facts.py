"""A fact of a listing as a statement: its label and value, and yes or no where the question named a value."""

from __future__ import annotations

from bottega.actions.assistant.fact_shapes import AnswerSource, Statement
from bottega.actions.assistant.listing_said import ListedFact, ListingSaid
from bottega.actions.assistant.saying_facts import label_of, listed, rendered, with_reply
from bottega.languages.fold import fold
from bottega.languages.writing import writing
from bottega.models.dialogue.asked_values import AskedValue
from bottega.models.dialogue.asked_words import AskedWords
from bottega.models.dialogue.comparing import YesNo, compare_measures, compare_value, truth_of
from bottega.models.dialogue.questions import AskedQuestion

__all__ = ["told_fact"]


def told_fact(listing: ListingSaid, fact: ListedFact, question: AskedQuestion, asked: AskedWords) -> Statement:
    """A fact, as a language says it."""
    verdict = _verdict(listing, fact, question)
    values = [rendered(value, concept, listing.language, asked) for value, concept in _pairs(fact)]
    label = label_of(fact.key if fact.key in writing(asked.language).labels else fact.place, asked)
    text = asked.said("fact", label=label, value=listed(values, asked), **{"from": asked.said("from.listing")})
    sources = tuple(AnswerSource("listing", listing.product.id, fact.place, value) for value in fact.values)
    more = _other_values(listing, fact, question, verdict, asked)
    told = Statement(with_reply(verdict, text, asked), fact.key, fact.values, sources, verdict.value or "")
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
