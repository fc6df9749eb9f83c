"""Which words of a text stand for which facts, and which say how; whether they may is judged elsewhere (verify.py).

The longest phrase that is known wins at each place: of words of the given facts, of the lists of words, and of what
tells relations. So "faux leather" is never "leather", and a fact's value counts only where all of it stands there:
"8.5" is no part of "5.5 x 8.5", and "iron" is no part of "no iron".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from bottega.models.wording.facts import Fact
from bottega.models.wording.proof.counted_reviews import counted_claim
from bottega.models.wording.proof.fact_phrases import (
    LENGTH_SIGNS,
    SILENT,
    TITLE_WORDS_LEAST,
    FactPhrases,
    FactWord,
)
from bottega.models.wording.proof.pieces import TextPiece, number_value, pieces
from bottega.models.wording.proof.senses import senses_at
from bottega.models.wording.proof.words import Cue, Phrase, ProofWords, Sense, proof_words, room_of

__all__ = ["Mention", "MentionKind", "find_mentions"]


class MentionKind(StrEnum):
    VALUE = "value"
    CUE = "cue"
    EMPTY = "empty"
    AND = "and"
    NOT = "not"
    COMMA = "comma"
    COLON = "colon"
    DASH = "dash"
    END = "end"
    NUMBER = "number"
    UNKNOWN = "unknown"


_NAMED = frozenset({"stated"})
"""Keys of what a listing leaves open: it is said under its name or not at all."""
_SIGNS: Mapping[str, MentionKind | None] = {
    **dict.fromkeys(".!?…|•·;", MentionKind.END),
    **dict.fromkeys(":=", MentionKind.COLON),
    **dict.fromkeys(",()[]", MentionKind.COMMA),
    **dict.fromkeys("'\"“”„«»*_/™®©~", None),
}
"""What signs do; what is none of these is not understood."""
COMPOUND_LEAST = 7
"""Letters of the shortest word that may be two."""
_COMPOUNDED = frozenset({"people", "material", "season", "occasion", "colour", "pattern"})
_DASHES = "-–—"
_OPEN_ENDS = "?…"
"""Behind a sentence that says nothing, or not all."""
GOES_ON = "…"
"""Behind a title that is cut between two words."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One phrase of a text, and all that it may be."""

    kind: MentionKind
    start: int
    end: int
    words: Phrase
    facts: tuple[Fact, ...] = ()
    """Those whose whole value it is."""
    rooms: frozenset[str] = frozenset()
    """What the lists of words may read it as."""
    cue: Cue | None = None
    is_link: bool = False
    is_empty: bool = False
    torn: str = ""
    """What stands beside a number and makes it another one."""
    needs_name: bool = False
    """A number or a word of no meaning of its own, which is a value only beside the name of its key."""


@dataclass
class _Reader:
    """One text, read from left to right."""

    found: tuple[TextPiece, ...]
    words: ProofWords
    facts: FactPhrases
    listing: ProofWords
    texts: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.texts = [piece.text for piece in self.found]
        for at, piece in enumerate(self.found):
            behind = at > 0 and self.found[at - 1].is_number
            if at > 1 and piece.text != "-" and self.found[at - 1].text == "-" and self.found[at - 1].tied:
                behind = self.found[at - 2].is_number and piece.tied
            text = '"' if piece.text in LENGTH_SIGNS else piece.text
            unit = (self.words.units.get(text) or self.listing.units.get(text) or "") if behind else ""
            self.units.append(unit)

    def equal(self, word: FactWord, at: int) -> bool:
        piece = self.found[at]
        if word.quoted and word.text == piece.text:
            return True
        if word.is_number or piece.is_number:
            if not (word.is_number and piece.is_number):
                return False
            here = number_value(piece.text, self.words.language)
            there = number_value(word.text, self.facts.language)
            return here == there and (not isinstance(here, str) or piece.text == word.text)
        if word.text == piece.text:
            return True
        if word.unit or self.units[at]:
            return word.unit == self.units[at]
        return self.words.language == self.listing.language and self.words.alike(word.text, piece.text)

    def fact_end(self, phrase: tuple[FactWord, ...], at: int) -> int:
        """Behind the phrase, where it stands at a place; else -1. Hyphens and commas between its words do not count."""
        place = at
        for order, word in enumerate(phrase):
            if order:
                while place < len(self.found) and self._is_silent(place):
                    place += 1
            if place >= len(self.found) or not self.equal(word, place):
                return -1
            place += 1
        return place

    def cut_end(self, title: tuple[FactWord, ...], at: int) -> int:
        """Behind the sign that a title goes on, where its beginning stands at a place and ends between two words that
        say nothing together; else -1."""
        place = at
        for order, word in enumerate(title):
            while order and place < len(self.found) and self._is_silent(place) and self.found[place].text != GOES_ON:
                place += 1
            if place >= len(self.found):
                return -1
            if order and self.found[place].text == GOES_ON:
                last = title[order - 1]
                joins = last.is_number or last.text == "x" or self.words.functions.get((last.text,)) == "not"
                return -1 if joins or word.unit or order < TITLE_WORDS_LEAST else place + 1
            if not self.equal(word, place):
                return -1
            place += 1
        return -1

    def _is_silent(self, at: int) -> bool:
        piece = self.found[at]
        if piece.text in LENGTH_SIGNS:
            return not self.found[at - 1].is_number
        return piece.is_sign and piece.text in SILENT

    def torn(self, at: int, end: int) -> str:
        """What makes a number another one: more of it before or behind, a measure, a sign."""
        found = self.found
        if found[at].is_number and at and self._grows(at - 1, tied=found[at].tied, before=True):
            return found[at - 1].text
        if not found[end - 1].is_number or end >= len(found):
            return ""
        if self._grows(end, tied=found[end].tied, before=False):
            return found[end].text
        measure = end + 1 if found[end].text == "-" and end + 1 < len(found) else end
        text = found[measure].text
        return text if self.units[measure] and (text,) not in self.words.cues else ""

    def _grows(self, at: int, *, tied: bool, before: bool) -> bool:
        """Whether a piece beside a number makes it longer."""
        piece, found = self.found[at], self.found
        far = at - 1 if before else at + 1
        number_beyond = 0 <= far < len(found) and found[far].is_number
        if piece.is_number:
            return True
        if piece.text == "x":
            return number_beyond
        if not piece.is_sign or not tied:
            return piece.text in "%°" and piece.is_sign and not before
        if piece.text in "-–":
            return number_beyond or (before and not piece.tied)
        return piece.text in ("+#/=<>~±" if before else "%°+/")


def find_mentions(text: str, facts: FactPhrases, language: str) -> list[Mention]:
    """The phrases of a text from left to right: all of it, but blanks and signs that say nothing."""
    words = proof_words(language)
    listing = proof_words(facts.language)
    glued = frozenset(words.units) | frozenset(listing.units)
    reader = _Reader(tuple(_plain(pieces(text, glued), words, listing, facts.quoted)), words, facts, listing)
    found: list[Mention] = []
    at = 0
    last_end = 0
    while at < len(reader.found):
        piece = reader.found[at]
        if "\n" in text[last_end : piece.start]:
            found.append(Mention(MentionKind.END, last_end, piece.start, ("\n",)))
        whole = _counted(reader, text, at) if at == 0 or _ends(reader, text, at) else None
        mention, at = whole or _one(reader, at)
        if mention is not None:
            found.append(mention)
        last_end = reader.found[at - 1].end
    return found


def _counted(reader: _Reader, text: str, at: int) -> tuple[Mention, int] | None:
    """A sentence that counts reviews, from its first word to its last."""
    end = at
    while end < len(reader.found) and not (_is_end(reader.found[end]) or (end > at and _ends(reader, text, end))):
        end += 1
    sentence = reader.found[at:end]
    if not sentence or (end < len(reader.found) and reader.found[end].text in _OPEN_ENDS):
        return None
    claim = counted_claim(sentence, reader.words.language)
    if claim is None:
        return None
    fact = reader.facts.counted.get(claim)
    said = f"{claim.count} of {claim.of} reviews: {claim.aspect} {claim.side}"
    place = sentence[0].start, sentence[-1].end
    words = tuple(piece.text for piece in sentence)
    facts = () if fact is None else (fact,)
    return Mention(MentionKind.VALUE, *place, words, facts, frozenset() if facts else frozenset({said})), end


def _ends(reader: _Reader, text: str, at: int) -> bool:
    """Whether a sentence ends right before a place."""
    before, here = reader.found[at - 1], reader.found[at]
    return _is_end(before) or "\n" in text[before.end : here.start]


def _is_end(piece: TextPiece) -> bool:
    return piece.is_sign and _SIGNS.get(piece.text) is MentionKind.END


def _plain(
    found: Sequence[TextPiece], words: ProofWords, listing: ProofWords, quoted: frozenset[str]
) -> Iterator[TextPiece]:
    """The pieces with words for numbers as numbers, and with nouns that are written as one word in two."""
    for piece in found:
        if piece.text in quoted and piece.text not in listing.numbers:
            yield piece  # the merchant's own word, whatever it counts in another language
        elif (number := words.numbers.get(piece.text) or listing.numbers.get(piece.text)) is not None:
            yield replace(piece, text=number, is_number=True)
        elif len(piece.text) < COMPOUND_LEAST or not words.compounds:
            yield piece
        elif (cut := _cut(piece.text, words.language)) is not None:
            first, behind = cut
            # Folding may have changed the number of letters; a claim then points a letter beside.
            middle = min(piece.start + len(piece.text) - len(behind), piece.end - 1)
            yield replace(piece, text=first, end=middle)
            yield replace(piece, text=behind, start=middle, tied=True)
        else:
            yield piece


@lru_cache(20_000)
def _cut(word: str, language: str) -> tuple[str, str] | None:
    """The two nouns of a compound that is no word of the lists: what it is of or for, and the thing."""
    words = proof_words(language)
    if (
        any(1 in senses_at((base,), 0, words) for base in (word,))
        or (word,) in words.functions
        or (word,) in words.cues
    ):
        return None
    for at in range(3, len(word) - 2):
        thing = senses_at((word[at:],), 0, words).get(1, ())
        if not any("kind" in sense.rooms for sense in thing):
            continue
        for ending in ("", *words.compounds):
            first = word[:at].removesuffix(ending)
            if any(sense.exact and sense.rooms & _COMPOUNDED for sense in senses_at((first,), 0, words).get(1, ())):
                return first, word[at:]
    return None


def _one(reader: _Reader, at: int) -> tuple[Mention | None, int]:
    """What stands at a place, and where it ends."""
    told_end = _told_end(reader, at)
    value = _value(reader, at, told_end)
    if value is not None:
        return value
    if told_end:
        return _told(reader, at, told_end), told_end
    piece = reader.found[at]
    if piece.is_number:
        return Mention(MentionKind.NUMBER, piece.start, piece.end, (piece.text,)), at + 1
    kind: MentionKind | None = MentionKind.UNKNOWN
    if piece.is_sign:
        kind = _SIGNS.get(piece.text, MentionKind.UNKNOWN)
        if piece.text in _DASHES:
            kind = None if piece.tied else MentionKind.DASH
    return (None if kind is None else Mention(kind, piece.start, piece.end, (piece.text,))), at + 1


def _value(reader: _Reader, at: int, told_end: int) -> tuple[Mention, int] | None:
    """The longest value of a fact or of the lists, where no word that tells a relation is longer."""
    piece = reader.found[at]
    by_end: dict[int, list[Fact]] = defaultdict(list)
    for fact, written in reader.facts.by_fact:
        end = reader.fact_end(written, at)
        if end < 0 and fact.key == "title":
            end = reader.cut_end(written, at)
        if end > 0:
            by_end[end].append(fact)
    senses: dict[int, list[Sense]] = {}
    if not piece.is_sign and not piece.is_number:
        for length, found in senses_at(reader.texts, at, reader.words).items():
            senses[at + length] = found
            for concept in (concept for sense in found for concept in sense.exact):
                if known := reader.facts.concepts.get(concept):
                    by_end[at + length] += known
    end = max((*by_end, *senses), default=0)
    facts = tuple(dict.fromkeys(by_end.get(end, ())))
    if not end or end < told_end or (end == told_end and not facts):
        return None
    phrase = tuple(reader.texts[at:end])
    # A word for a number is longer than its digits: "two" is said of something, a bare 2 of nothing.
    only_numbers = all(
        (one.is_number and one.end - one.start == len(one.text)) or one.text == "x" for one in reader.found[at:end]
    )
    mention = Mention(
        MentionKind.VALUE,
        piece.start,
        reader.found[end - 1].end,
        phrase,
        facts,
        frozenset(room for sense in senses.get(end, ()) for room in sense.rooms) | _rooms_of(phrase, reader),
        torn=reader.torn(at, end),
        needs_name=only_numbers or _is_function(phrase, reader) or _is_short(phrase) or _is_named(facts),
    )
    return mention, end


def _told(reader: _Reader, at: int, end: int) -> Mention:
    """A phrase that claims nothing itself."""
    words = reader.words
    phrase = tuple(reader.texts[at:end])
    place = reader.found[at].start, reader.found[end - 1].end
    kind = words.functions.get(phrase)
    if kind in ("not", "and"):
        return Mention(MentionKind(kind), *place, phrase)
    is_link = phrase in words.links
    if (cue := _cue(phrase, reader)) is not None:
        return Mention(MentionKind.CUE, *place, phrase, cue=cue, is_link=is_link, is_empty=kind == "empty")
    return Mention(MentionKind.EMPTY, *place, phrase, is_link=is_link)


def _told_end(reader: _Reader, at: int) -> int:
    """Behind the longest phrase that claims nothing or tells a relation."""
    words = reader.words
    for length in range(min(words.longest, len(reader.found) - at), 0, -1):
        phrase = tuple(reader.texts[at : at + length])
        if phrase in words.functions or phrase in words.cues or phrase in words.links or phrase in reader.facts.names:
            return at + length
    return 0


def _cue(phrase: Phrase, reader: _Reader) -> Cue | None:
    return reader.words.cues.get(phrase) or reader.facts.names.get(phrase)


def _is_function(phrase: Phrase, reader: _Reader) -> bool:
    """Whether every word of it is one that texts are held together by."""
    words = reader.words
    for word in phrase:
        cue = words.cues.get((word,))
        tells = cue is not None and bool(cue.before) and not cue.names
        if not (tells or (word,) in words.functions or (word,) in words.yes or (word,) in words.links):
            return False
    return True


def _is_named(facts: Sequence[Fact]) -> bool:
    return bool(facts) and all(room_of(fact.key) in _NAMED for fact in facts)


def _is_short(phrase: Phrase) -> bool:
    return len(phrase) == 1 and len(phrase[0]) == 1


def _rooms_of(phrase: Phrase, reader: _Reader) -> frozenset[str]:
    """What the listing's own language may read it as, where it stands in another one as it was."""
    if reader.words.language == reader.listing.language:
        return frozenset()
    found = senses_at(phrase, 0, reader.listing).get(len(phrase), ())
    return frozenset(room for sense in found for room in sense.rooms)
