"""Whether a sentence in other words says what it said: neither more, nor less, nor something else.

Idea     Whoever reworded it is believed in nothing. What the sentence's frame was filled with (titles, wishes, prices,
         what sources say) stands there letter by letter, as often and in the same order; so do numbers and signs. Of
         all other words only those may come or go that claim nothing, and only those be exchanged that say one thing.
Denial   A sentence that denies or affirms is none to be reworded, and no word that does may come into one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import cache

from bottega.languages.fold import fold
from bottega.languages.rewording import rewording
from bottega.models.wording.clauses import language_of
from bottega.models.wording.proof.words import proof_words

__all__ = ["LONGER_MOST", "may_be_reworded", "why_not"]

LONGER_MOST = 1.5
"""How many times the characters of its sentence a rewording may have."""
_WORDS = re.compile(r"[^\W\d_]+")
_NUMBERS = re.compile(r"\d+(?:[.,'’ ]?\d+)*")
_QUOTED = re.compile(r"“[^“”]+”|„[^„“”]+[“”]|«[^«»]+»|‘[^‘’]+’|\"[^\"]+\"")
_PLAIN_SIGNS = frozenset(" .,;:!?¡¿'’-–—…")
_ENDS = re.compile(r"[.!?…]+(?=\s|$)")
_NO_BLANK = re.compile(r"[^\W\d_][.:/@\\][^\W_]")
"""What makes a link of two words: "shop.it"."""


def may_be_reworded(text: str, language: str, kept: Sequence[str] = ()) -> bool:
    """Whether a sentence neither denies nor affirms, and has words at all beside what must stand."""
    words = _said(_around(text, kept)[1])
    return bool(words) and not words & _decided(language)


def why_not(before: str, after: str, language: str, kept: Sequence[str] = ()) -> str:
    """Why `after` may not be said instead of `before`; empty where it may. `kept`: what the frame was filled with, and
    what sources say; of those, what stands in `before` must stand in `after`."""
    held, rest = _around(before, kept)
    values, said = _around(after, [*kept, *_QUOTED.findall(before)])
    if values != held:
        return f"it has {values}, and the sentence {held}"
    if len(after) > LONGER_MOST * len(before):
        return f"it has {len(after)} characters, and the sentence {len(before)}"
    if len(_ENDS.findall(said)) > max(len(_ENDS.findall(rest)), 1):
        return "it has more sentences"
    if ("?" in said) != ("?" in rest):
        return "one of them is a question"
    if _NUMBERS.findall(fold(said)) != _NUMBERS.findall(fold(rest)):
        return "its numbers are others"
    if _signs(said) != _signs(rest) or _NO_BLANK.search(said):
        return "it has other signs"
    if denied := (_said(said) - _said(rest)) & _decided(language):
        return f"{', '.join(sorted(denied))}: it denies or affirms"
    if _claims(said, language) != _claims(rest, language):
        differ = _claims(said, language) ^ _claims(rest, language)
        return f"{', '.join(sorted(differ))}: it says something else"
    if named := _names(said, language) - set(_WORDS.findall(rest)):
        return f"{', '.join(sorted(named))}: written as a name"
    spoken = language_of(after, likely=[language])
    if spoken not in (language, language_of(before, likely=[language])):
        return f"it is in another language: {spoken}"
    return ""


def _around(text: str, kept: Sequence[str]) -> tuple[list[str], str]:
    """The values that must stand, as they come in a text, and the text around them."""
    values = sorted({one for one in [*kept, *_QUOTED.findall(text)] if len(one) > 1}, key=len, reverse=True)
    if not values:
        return [], text
    found = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, values))})(?!\w)")
    return found.findall(text), found.sub(" ", text)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(fold(text)))


def _said(text: str) -> frozenset[str]:
    """The words, folded and with their accents: Italian "né" denies, and "ne" does not."""
    return _words(text) | frozenset(_WORDS.findall(unicodedata.normalize("NFKC", text).casefold()))


def _claims(text: str, language: str) -> frozenset[str]:
    """All that a text says beside words that claim nothing; of words that say one thing, the first."""
    alike = rewording(language).alike
    return frozenset(alike.get(word, word) for word in _words(text) - _free(language))


def _signs(text: str) -> Counter[str]:
    """Signs that are no plain stops: of money, quotes, markup, what nobody sees."""
    return Counter(
        one
        for one in unicodedata.normalize("NFKC", text)
        if one not in _PLAIN_SIGNS and unicodedata.category(one)[0] not in "LMN"
    )


def _names(text: str, language: str) -> set[str]:
    """Words that are written as names are: with a capital, and not behind a stop. German writes all nouns so."""
    if language == "de":
        return set()
    return {
        one[0]
        for one in _WORDS.finditer(text)
        if one[0][0].isupper() and one[0] != "I" and re.search(r"[^\s¿¡]\s*[¿¡]?$", text[: one.start()])
        and not re.search(r"[.!?…:]\s*[¿¡]?$", text[: one.start()])
    }  # fmt: skip


@cache
def _decided(language: str) -> frozenset[str]:
    """Words that deny or affirm."""
    words = proof_words(language)
    found = {phrase[0] for phrase, kind in words.functions.items() if kind == "not" and len(phrase) == 1}
    found |= {phrase[0] for phrase in words.yes if len(phrase) == 1}
    return frozenset(found - {"ne"} | {"né"} if language == "it" else found)


@cache
def _free(language: str) -> frozenset[str]:
    """Words that claim nothing, those among them that are taken for something here left out."""
    words, own = proof_words(language), rewording(language)
    plain = {
        phrase[0] for phrase, kind in words.functions.items() if kind in ("empty", "and", "link") and len(phrase) == 1
    }
    return (own.free | plain) - own.alike.keys() - _decided(language) - {"one"}
