"""The clauses of a review: what is said in one breath, cut where a sentence ends and where a contrast begins.

"Nice, but runs small" says two things; a reader of the whole would mix them. Each clause knows where in the text it
stands, so that it can be quoted.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import NamedTuple

from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.stems import LANGUAGES, stem
from bottega.models.wording.opinion_words import clause_tokens, opinion_words

__all__ = ["Clause", "clauses_of", "language_of"]

_END = re.compile(r"[.!?;…]+(?=\s|$)|\n")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[^\w\s]")
_LEAST = 2
"""Words that a clause has at least; fewer belong to the one before."""
_LONGEST = 400
"""Letters of a clause that are looked at: what has no full stop at all is cut there."""


class Clause(NamedTuple):
    """Part of a text: from `start` to `stop`; `against`: whether it begins with a contrast."""

    start: int
    stop: int
    text: str
    against: bool


def clauses_of(text: str, language: str) -> list[Clause]:
    """The clauses of a text, in order; what holds neither a letter nor a sign that says something is left out."""
    found: list[Clause] = []
    start = 0
    for stop in (*(sentence.end() for sentence in _END.finditer(text)), len(text)):
        while start < stop:
            end = min(stop, start + _LONGEST)
            if end < stop and (blank := text.rfind(" ", start, end)) > start:
                end = blank + 1
            found += _parts(text, start, end, language)
            start = end
    return found


def language_of(text: str, told: str = "", likely: Sequence[str] = ()) -> str:
    """The language of a text, among those that lists are there for: as it is told, else by its smallest words and by
    what it says; in doubt one that is `likely`, else English."""
    if told in LANGUAGES:
        return told
    words = tokens(text)
    raw = set(re.findall(r"[^\W\d_]+", text.casefold()))
    best, most = next(iter(likely), "en"), 0.0
    for language in dict.fromkeys([*likely, *LANGUAGES]):
        stops = lexicon().stops.get(language, frozenset())
        said = opinion_words(language)
        points = sum(2.0 for word in words if word in stops) + 1.5 * len(raw & _SMALL[language])
        points += sum(1.0 for word in words if (stem(word, language),) in said.codes)
        if points > most:
            best, most = language, points
    return best


_SMALL = {
    "en": {"the", "and", "is", "it", "was", "i", "my", "for", "with", "this", "to", "of", "they", "are", "you"},
    "de": {"der", "die", "das", "und", "ist", "ich", "nicht", "war", "mit", "für", "sehr", "es", "auf", "ein", "zu"},
    "fr": {"le", "la", "les", "et", "est", "je", "pas", "très", "pour", "avec", "c", "un", "une", "des", "à", "j"},
    "es": {"el", "la", "los", "y", "es", "no", "muy", "para", "con", "que", "un", "una", "me", "lo", "se"},
    "it": {"il", "la", "gli", "e", "è", "non", "molto", "per", "con", "che", "un", "una", "mi", "lo", "si", "di"},
}


def _parts(text: str, start: int, stop: int, language: str) -> list[Clause]:
    """One sentence, cut before each contrast."""
    contrasts = opinion_words(language).contrasts
    words = list(_WORD.finditer(text, start, stop))
    cuts: list[int] = []
    for place, word in enumerate(words):
        ahead = [clause_tokens(one[0]) for one in words[place : place + 4]]
        flat = [piece for pieces in ahead for piece in pieces]
        if not any(tuple(flat[:size]) in contrasts for size in (1, 2, 3, 4)) or not ahead[0]:
            continue
        if place < _LEAST:  # "Although it is nice, it runs small" turns at its comma
            comma = next((one.start() for one in words[place:] if one[0] == ","), None)
            cuts += [comma + 1] if comma is not None else []
        else:
            cuts.append(word.start())
    edges = [start, *sorted(set(cuts)), stop]
    found: list[Clause] = []
    for at, (left, right) in enumerate(itertools.pairwise(edges)):
        piece = text[left:right]
        inner = piece.strip(" \t\r\n,;")
        if not clause_tokens(inner):
            continue
        begin = left + piece.index(inner[0])
        if len(clause_tokens(inner)) < _LEAST and found and at:
            last = found.pop()
            found.append(Clause(last.start, begin + len(inner), text[last.start : begin + len(inner)], last.against))
            continue
        found.append(Clause(begin, begin + len(inner), inner, at > 0))
    return found
