"""The words of given facts, as a text may hold them: a value whole, with its measure, under every name of its key."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from bottega.languages.lexicon import lexicon
from bottega.languages.writing import likenesses
from bottega.models.wording.facts import Fact
from bottega.models.wording.proof.counted_reviews import ReviewClaim, claim_of
from bottega.models.wording.proof.pieces import TextPiece, pieces
from bottega.models.wording.proof.senses import senses_at
from bottega.models.wording.proof.words import Cue, Phrase, ProofWords, proof_languages, proof_words, room_of

__all__ = ["LENGTH_SIGNS", "SILENT", "TITLE_WORDS_LEAST", "FactPhrases", "FactWord"]

SILENT = frozenset("-–—',.()[]{}‘“”„«»*_:;!?…|•·~\\<>^™®©=")
"""Signs that change no value between its words."""
LENGTH_SIGNS = frozenset('"″”')
"""Inches, behind a number."""
TITLE_WORDS_LEAST = 2
"""A title may be cut, at its commas and no shorter than this."""
_PARTS = re.compile(r"[,;:|()\[–—]|\s-\s")
_QUOTED = frozenset({"title", "name", "feature", "stated", "front", "line", "brand", "part_number"})
"""Keys whose values are the merchant's own words."""
_KINDS_OF = frozenset({"kind", "people"})
"""Rooms in which the narrower word may give way to the broader one; faux leather is no leather, navy no plain blue."""


@dataclass(frozen=True, slots=True)
class FactWord:
    text: str
    is_number: bool
    unit: str
    """Of what stands behind a number."""
    quoted: bool = False
    """Whether it stands in the merchant's own words, which are repeated letter by letter in any language."""


@dataclass(frozen=True)
class FactPhrases:
    """The words of the given facts, made once for all texts that are held against them."""

    language: str
    """Of the listing."""
    by_fact: tuple[tuple[Fact, tuple[FactWord, ...]], ...]
    concepts: dict[str, tuple[Fact, ...]]
    names: dict[Phrase, Cue]
    """Names of keys that the lists do not know: the merchant's own."""
    quoted: frozenset[str] = frozenset()
    """Every word of the values."""
    counted: Mapping[ReviewClaim, Fact] = field(default_factory=dict)
    """What reviews say, by what a sentence about them must say; nothing else may say it."""

    @classmethod
    def of(cls, facts: Sequence[Fact], language: str) -> FactPhrases:
        words = proof_words(language)
        by_fact: list[tuple[Fact, tuple[FactWord, ...]]] = []
        concepts: dict[str, list[Fact]] = defaultdict(list)
        names: dict[Phrase, set[str]] = defaultdict(set)
        counted = {claim: fact for fact in facts if (claim := claim_of(fact)) is not None}
        for fact in facts:
            if fact.key == "review":
                continue
            room = room_of(fact.key)
            for name in {fact.key, fact.place}:
                plain = tuple(piece.text for piece in _telling(name.replace("_", " "), words))
                if plain and plain not in words.cues:
                    names[plain].add(room)
            value = _words_of(fact.value, words)
            if value and tuple(word.text for word in value) in words.yes:
                own = [plain for plain, rooms in names.items() if room in rooms]
                by_fact += [(fact, tuple(FactWord(text, False, "") for text in plain)) for plain in own]
            quoted = room in _QUOTED
            by_fact += [
                (fact, tuple(replace(one, quoted=True) for one in phrase) if quoted else phrase)
                for phrase in _as_written(fact, value, room, words)
            ]
            for concept in _exact(tuple(word.text for word in value), words):
                for wider in _upwards(concept):
                    concepts[wider].append(fact)
        cues = {phrase: Cue(frozenset(keys), frozenset(keys), min(keys)) for phrase, keys in names.items()}
        said = frozenset(word.text for _, phrase in by_fact for word in phrase)
        known = {name: tuple(found) for name, found in concepts.items()}
        return cls(language, tuple(by_fact), known, cues, said, counted)


def _telling(text: str, words: ProofWords) -> list[TextPiece]:
    found: list[TextPiece] = []
    for piece in pieces(text, frozenset(words.units)):
        is_inches = piece.text in LENGTH_SIGNS and found and found[-1].is_number
        if piece.is_sign and piece.text in SILENT | LENGTH_SIGNS and not is_inches:
            continue
        found.append(piece)
    return found


def _words_of(text: str, words: ProofWords) -> tuple[FactWord, ...]:
    found: list[FactWord] = []
    for piece in _telling(text, words):
        behind = bool(found) and found[-1].is_number
        unit = words.units.get('"' if piece.text in LENGTH_SIGNS else piece.text, "") if behind else ""
        number = words.numbers.get(piece.text)
        found.append(FactWord(number or piece.text, piece.is_number or number is not None, unit))
    return tuple(found)


def _as_written(fact: Fact, value: tuple[FactWord, ...], room: str, words: ProofWords) -> list[tuple[FactWord, ...]]:
    """The ways in which a value may stand."""
    if room == "count":
        return [value] if value else []
    if room == "title":
        ends = [match.start() for match in _PARTS.finditer(fact.value)]
        starts = [_words_of(fact.value[:end], words) for end in ends]
        return [value, *(start for start in starts if len(start) >= TITLE_WORDS_LEAST)]
    return _with_unit(value, fact.unit, room, words)


def _with_unit(value: tuple[FactWord, ...], unit: str, room: str, words: ProofWords) -> list[tuple[FactWord, ...]]:
    """A value as it may stand: with its unit behind it, a currency on either side."""
    if not value:
        return []
    if not unit:
        return [value]
    codes: set[str] = set()
    if room == "price":
        codes = {*words.money.get(unit.casefold(), ()), *([unit] if unit.isupper() and len(unit) == 3 else [])}
    if codes:
        every = (pair for language in proof_languages() for pair in proof_words(language).money.items())
        signs = {sign for sign, of in every if of & codes} | {code.casefold() for code in codes}
        as_words = [tuple(FactWord(piece.text, False, "") for piece in pieces(sign)) for sign in sorted(signs)]
        return [phrase for sign in as_words for phrase in ((*value, *sign), (*sign, *value))]
    tail = tuple(piece.text for piece in pieces(unit))
    known = words.units.get(tail[0], "") if len(tail) == 1 else ""
    return [(*value, *(FactWord(text, False, known) for text in tail))]


@cache
def _upwards(concept: str) -> tuple[str, ...]:
    """A concept and what it is a kind of, where whoever says that says nothing more: sneakers are shoes."""
    broader = likenesses().broader.get(concept) or lexicon().broader.get(concept)
    if broader is None or concept.partition(".")[0] not in _KINDS_OF:
        return (concept,)
    return (concept, *_upwards(broader))


def _exact(phrase: Phrase, words: ProofWords) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for sense in senses_at(phrase, 0, words).get(len(phrase), ()):
        found |= sense.exact
    return found
