"""The passage of a listing that answers a question, to be quoted: chosen so that silence is likelier than a wrong one.

Idea     A sentence answers where it speaks of the key in the words by which listings do ("machine wash" of care), and
         holds what such an answer holds: a number, a country, a value of that key. Whatever else the question speaks of
         (a part, a thing, a number) stands in it as well. It is quoted as it is: nothing of it is reckoned or reworded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from babel import Locale

from bottega.languages.fold import fold, tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.stems import stem
from bottega.models.dialogue.asked_values import KEY_OF_SPACE, concepts_in
from bottega.models.dialogue.asked_words import ASKED_LANGUAGES, AskedKey, asked_words, spans
from bottega.models.dialogue.questions import AskedQuestion

__all__ = ["FILLED", "LONGEST", "Passage", "can_answer", "passage_for", "rule_score", "sentences_of"]

LONGEST = 300
"""Letters of a passage; a longer one is no sentence."""
_END = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_]|[\"“„«(0-9¡¿-])|\s*[\n•|·▪●]+\s*|\s+[-*–]\s+|(?<=\.)\.(?=\S)")
_DIGIT = re.compile(r"\d")
_NUMBER_WORDS = frozenset(
    tokens(
        """one two three four five six seven eight nine ten twelve twenty thirty forty fifty dozen half single
        ein eine zwei drei vier fünf sechs sieben acht neun zehn zwölf zwanzig dreißig
        un une deux trois quatre cinq six sept huit neuf dix douze vingt trente
        uno una dos tres cuatro cinco seis siete ocho nueve diez doce veinte treinta
        due tre quattro cinque sei sette otto nove dieci dodici venti trenta"""
    )
)
FILLED = frozenset({"contents", "compatible_with", "ingredients", "instructions", "lights", "stock"})
"""Keys that mean little without what the question speaks of: "does it come with a lid"."""
_SHORT = 3


class Passage(NamedTuple):
    """Where it stands in the text."""

    start: int
    stop: int


def sentences_of(text: str) -> Iterator[Passage]:
    """The sentences, lines and bullets of a text."""
    start = 0
    for found in _END.finditer(text):
        yield from _trimmed(text, start, found.start())
        start = found.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, stop: int) -> Iterator[Passage]:
    while start < stop and text[start].isspace():
        start += 1
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    if start < stop:
        yield Passage(start, stop)


def passage_for(question: AskedQuestion, text: str, language: str) -> Passage | None:
    """The sentence of a text in a `language` that answers best; None where none surely does.

    Where none speaks of the key, one that holds every word of the question does: a "laptop sleeve" is no sleeve.
    """
    found = _best(question, text, language)
    if found is None and question.key is not None and question.words and len(question.content) > 1:
        found = _best(replace(question, key=None, words=question.content, parts=()), text, language)
    return found


def _best(question: AskedQuestion, text: str, language: str) -> Passage | None:
    best: tuple[float, int, Passage] | None = None
    for place, one in enumerate(sentences_of(text)):
        if one.stop - one.start > LONGEST:
            continue
        score = rule_score(question, text[one.start : one.stop], language)
        if score > 0 and (best is None or (score, -place) > best[:2]):
            best = score, -place, one
    return best[2] if best else None


def rule_score(question: AskedQuestion, sentence: str, language: str) -> float:
    """How well a sentence answers; 0 where it does not."""
    code = language if language in ASKED_LANGUAGES else "en"
    words = tokens(sentence)
    stems = [stem(word, code) for word in words]
    if sentence.rstrip().endswith("?"):
        return 0.0
    covered = [_speaks_of(word, question.language, words, stems, code) for word in question.words]
    if question.key is None:
        most = len(covered) - (len(covered) >= 3)
        if not question.words or sum(covered) < most or all(len(word) <= _SHORT for word in question.words):
            return 0.0
        return float(sum(len(word) for word in question.words)) * (1.0 if not question.many or _counts(words) else 0.0)
    key = asked_words(code).keys.get(question.key.name)
    if key is None:
        named = [part for part in question.key.name.split("_") if part]
        speaks = all(_speaks_of(part, code, words, stems, code) for part in named)
    else:
        speaks = _speaks_of_key(stems, key, code)
    space = next((one for one, name in KEY_OF_SPACE.items() if name == question.key.name), "")
    meant = {concept for _, _, concept in concepts_in(words, code)} if space else set()
    values = {one.concept for one in question.values if one.concept}
    if space and values & meant:
        speaks = True
    elif space and not any(one.startswith(f"{space}.") for one in meant):
        return 0.0
    if not speaks or (question.key.number and not _counts(words)) or (question.key.place and not _is_placed(sentence)):
        return 0.0
    if question.key.name in FILLED and not (covered and sum(covered) >= len(covered) - (len(covered) >= 3)):
        return 0.0
    if len(covered) > 1 and 2 * sum(covered) < len(covered):
        return 0.0
    parts = [_speaks_of(word, question.language, words, stems, code) for word in question.parts]
    if parts and not all(parts):
        return 0.0
    return 1.0 + sum(covered) + 0.5 * bool(values & meant)


def _speaks_of_key(stems: Sequence[str], key: AskedKey, code: str) -> bool:
    """Whether words speak of a key, and are no part of a longer phrase of another: "line dry" speaks of no lining."""
    own = spans(stems, key.passages)
    if not own:
        return False
    others = [phrase for other in asked_words(code).keys.values() if other is not key for phrase in other.passages]
    wider = spans(stems, [phrase for phrase in others if len(phrase) > 1])
    return any(
        not any(first <= start and stop <= last and last - first > stop - start for first, last in wider)
        for start, stop in own
    )


def can_answer(question: AskedQuestion, passage: str) -> bool:
    """Whether a passage holds what any answer would: a number where one is asked for, a country where a place is."""
    if question.key is not None and question.key.place:
        return _is_placed(passage)
    return _counts(tokens(passage)) or not question.many


def _counts(words: Iterable[str]) -> bool:
    return any(_DIGIT.search(word) or word in _NUMBER_WORDS for word in words)


def _speaks_of(word: str, spoken: str, words: list[str], stems: list[str], code: str) -> bool:
    """Whether a sentence holds a word, in its own language or by what the lists know it as."""
    if word in words or stem(word, code) in stems:
        return True
    if len(word) > 5 and any(_is_within(word, other) for other in words):
        return True
    for meaning in lexicon().means((word,), (spoken,)):
        for phrase in lexicon().words[meaning.concept].get(code, ()):
            if spans(stems, [tuple(stem(one, code) for one in phrase)]):
                return True
    return False


def _is_within(word: str, other: str) -> bool:
    """Whether one word holds the other at an end: "laptopfach" and "laptop"."""
    short, long = sorted((word, other), key=len)
    return len(short) > 5 and (long.startswith(short) or long.endswith(short))


def _is_placed(sentence: str) -> bool:
    """Whether a country, or a part of the world, is named."""
    folded = f" {' '.join(tokens(sentence))} "
    return any(f" {name} " in folded for name in _places())


@cache
def _places() -> frozenset[str]:
    found = {"usa", "us", "uk", "america", "american", "german", "french", "italian", "spanish", "european", "eu"}
    for code in ASKED_LANGUAGES:
        for territory, name in Locale.parse(code).territories.items():
            plain = " ".join(tokens(fold(str(name))))
            if (len(plain) > _SHORT and not territory.isdigit()) or territory in ("150", "019", "142", "002"):
                found.add(plain)
    return frozenset(found)
