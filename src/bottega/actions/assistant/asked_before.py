"""What the merchant answered once, for who asks it again; and a note of what still waits for an answer.

Idea     Wordings of one question are one: those that ask for the same key (and the same part, or the same other thing),
         in any language; where no key was understood, those that share most of their words.
"""

from __future__ import annotations

import re
import time

from bottega.actions.assistant.fact_shapes import AnswerSource, Statement
from bottega.actions.assistant.listing_said import ListingSaid
from bottega.languages.fold import tokens
from bottega.languages.stems import stem
from bottega.languages.writing import writing
from bottega.models.dialogue.asked_words import AskedWords
from bottega.models.dialogue.passages import FILLED
from bottega.models.dialogue.questions import AskedQuestion
from bottega.shop.open_shop import OpenShop
from bottega.store.asked_questions import KeptQuestion

__all__ = ["note_unanswered", "said_before"]

ALIKE = 0.6
"""Of the words of two questions without a key, the share that both have, from which they are one."""
WORDING_MOST = 200
_PERSONAL = re.compile(r"\S+@\S+|\d[\d\s()/.-]{5,}\d|https?:\S+")
"""What may say who somebody is: it is not kept."""


def said_before(shop: OpenShop, listing: ListingSaid, question: AskedQuestion, asked: AskedWords) -> list[Statement]:
    """The merchant's own answer to this question about this product, word for word."""
    found = _alike(shop, listing, question)
    if found is None or found.answer is None:
        return []
    quote = writing(asked.language).quotes.replace("{}", found.answer)
    source = AnswerSource("shop", listing.product.id, found.key, found.answer)
    return [Statement(f"{quote} {asked.said('from.shop')}", found.key, (found.answer,), (source,))]


def note_unanswered(shop: OpenShop, listing: ListingSaid, question: AskedQuestion) -> None:
    """Count it for the merchant's list; what asks for nothing is left out."""
    if question.key is None and len(question.content) < 2:
        return
    known = _alike(shop, listing, question)
    wording = _impersonal(question.text)[:WORDING_MOST]
    product_id = listing.product.group_id or listing.product.id
    about = known.about if known is not None else _about(question)
    shop.store.asked_questions.note(
        product_id, about, question.key.name if question.key else "", wording, time.time_ns() // 1_000_000
    )


def _alike(shop: OpenShop, listing: ListingSaid, question: AskedQuestion) -> KeptQuestion | None:
    names = [listing.product.id, *([listing.product.group_id] if listing.product.group_id else [])]
    kept = shop.store.asked_questions.of_product(names)
    about = _about(question)
    same = next((one for one in kept if one.about == about), None)
    if same is not None or question.key is not None:
        return same
    words = set(about.split()[1:])
    best = max(kept, key=lambda one: _share(words, one), default=None)
    return best if best is not None and _share(words, best) >= ALIKE else None


def _share(words: set[str], other: KeptQuestion) -> float:
    theirs = set(other.about.split()[1:])
    if other.key or not words or not theirs:
        return 0.0
    return len(words & theirs) / len(words | theirs)


def _impersonal(text: str) -> str:
    return " ".join(_PERSONAL.sub(" ", text).split())


def _about(question: AskedQuestion) -> str:
    """What is asked, for all its wordings: the key and what of the product is meant, or the stems of its words."""
    kept = set(tokens(_impersonal(question.text)))
    if question.key is None:
        return " ".join(["?", *sorted({stem(word, question.language) for word in question.content if word in kept})])
    things = [word for word in (question.words if question.key.name in FILLED else question.parts) if word in kept]
    sizes = {one.casefold() for one in question.sizes if kept.issuperset(tokens(one))}
    more = sorted({stem(word, question.language) for word in things} | sizes)
    return " ".join([question.key.name, *more])
