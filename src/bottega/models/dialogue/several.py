"""Several questions in one sentence: "what is it made of and where", "which sizes and colours are there".

Idea     A sentence is cut at "and" and at commas where each piece asks for a key of its own. "Cotton and linen",
         "wash and dry" and "a lid and a strap" ask for one thing, and stay whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from bottega.languages.fold import tokens
from bottega.languages.stems import stem
from bottega.models.dialogue.asked_keys import cue_of
from bottega.models.dialogue.asked_words import asked_words, spans
from bottega.models.dialogue.questions import AskedQuestion, read_question

__all__ = ["questions_in"]

_CUT = re.compile(r"\s*[,;]\s*(?:(?:and|und|et|y|e)\b)?\s*|\s+(?:and|und|et|y|e|&)\s+", re.IGNORECASE)
_MOST = 4
"""Questions of one sentence."""


def questions_in(
    text: str,
    language: str,
    *,
    names: Collection[str] = (),
    own_words: Collection[str] = (),
    own_kinds: Collection[str] = (),
    about: str = "",
) -> list[AskedQuestion]:
    """The questions of a sentence, read as `read_question` does; one where it cannot be cut."""

    def read(words: str, meant: str = "") -> AskedQuestion:
        return read_question(words, language, names=names, own_words=own_words, own_kinds=own_kinds, about=meant)

    pieces = [piece for piece in _CUT.split(text.strip(" ?!.")) if piece]
    if 1 < len(pieces) <= _MOST:
        found = [_with_place(read(f"{piece}?")) for piece in pieces]
        if _all_ask(found):
            return found
    return [read(text, about)]


def _all_ask(questions: Sequence[AskedQuestion]) -> bool:
    """Whether each asks for a key of its own, and speaks of nothing else."""
    keys = {one.key.name for one in questions if one.key is not None}
    return len(keys) == len(questions) and not any(one.words for one in questions)


def _with_place(question: AskedQuestion) -> AskedQuestion:
    """A bare "where" beside another question asks where the thing comes from."""
    asked = asked_words(question.language)
    stems = [stem(word, question.language) for word in tokens(question.text)]
    if question.key is None and stems and (0, len(stems)) in spans(stems, asked.lists["place"]):
        return replace(question, key=cue_of(asked.keys["origin"]))
    return question
