"""What of a listing answers a question by the learnt matcher: every fact and every sentence is offered to it."""

from __future__ import annotations

from collections.abc import Iterator

from bottega.actions.assistant.listing_said import ListedFact, ListedText, ListingSaid
from bottega.languages.fold import tokens
from bottega.models.dialogue.matching import Matcher, OfferedPassage
from bottega.models.dialogue.passages import LONGEST, sentences_of
from bottega.models.dialogue.questions import AskedQuestion

__all__ = ["matched"]

OFFERED_MOST = 60
"""Facts and sentences that are looked at, in the order of the listing: some 10 ms."""


def matched(listing: ListingSaid, question: AskedQuestion) -> ListedFact | ListedText | None:
    """The fact, or the sentence, that answers; None where it is likelier that none does."""
    there = list(_all_of(listing))[:OFFERED_MOST]
    offered = [
        OfferedPassage(one.place, ", ".join(one.values))
        if isinstance(one, ListedFact)
        else OfferedPassage("" if one.place in ("description", "bullets") else one.place, one.text)
        for one in there
    ]
    best = Matcher.shipped().best(question, tokens(listing.product.title), offered)
    return there[best] if best is not None else None


def _all_of(listing: ListingSaid) -> Iterator[ListedFact | ListedText]:
    """Facts, then texts; of a long text its sentences. What the title says answers nobody who reads it."""
    disputed = set(listing.contradictions)
    yield from (fact for fact in listing.facts if fact.place != "title" and fact.key not in disputed)
    for one in listing.texts:
        if len(one.text) <= LONGEST and one.place != "description":
            yield one
            continue
        for start, stop in sentences_of(one.text):
            if stop - start <= LONGEST:
                yield ListedText(one.place, one.text[start:stop])
