"""A sentence that counts reviews, read back: how many, of how many, of which aspect, and what they say of it.

Nothing of it is read word by word: a whole sentence is one of the language's ways to count (`languages/proof/reviews`)
with one of its ways to say one thing of one aspect, or it is no count. So "9 of the 12 reviews that mention the size"
and then a word of the quality, "not all 9", "more than 9", "9 of the 12, or 13" are understood by nobody, and what
nobody understands is refused.

Lines of a file, each with phrases behind a colon: `counted` are the sentences, with `{count}` and `{of}`, or `{all}`
for both, and `{says}`, or `{about}` and `{that}`; `about A` is how an aspect is named in them; `says A.S` what may be
said alone, `that A.S` only where the aspect was named before.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bottega.models.wording.facts import Fact
from bottega.models.wording.proof.pieces import TextPiece, number_value
from bottega.models.wording.proof.words import Phrase, proof_lines, spoken

__all__ = ["ReviewClaim", "claim_of", "counted_claim", "counting_words"]

_VALUE = re.compile(r"(\d+)/(\d+) (\w+) (\w+)")
_BETWEEN = frozenset(",:()[]'\"“”„«»")
"""Signs that may stand between the words of such a sentence."""


@dataclass(frozen=True, slots=True)
class ReviewClaim:
    """What such a sentence says: so many `of` all reviews that speak of an aspect say the same of it."""

    count: int
    of: int
    aspect: str
    side: str


@dataclass(frozen=True)
class CountingWords:
    """One language's."""

    sentences: tuple[tuple[str, ...], ...]
    """Each as words, and slots in braces."""
    about: Mapping[Phrase, frozenset[tuple[str, str]]]
    """Names of aspects, with what may be said of each."""
    says: Mapping[Phrase, frozenset[tuple[str, str]]]
    that: Mapping[Phrase, frozenset[tuple[str, str]]]


@cache
def counting_words(language: str) -> CountingWords:
    """The ways of a language, read once."""
    sentences: list[tuple[str, ...]] = []
    found: dict[str, dict[Phrase, set[tuple[str, str]]]] = {"says": defaultdict(set), "that": defaultdict(set)}
    names: dict[Phrase, str] = {}
    for head, phrases in proof_lines(f"{language}.txt", "proof/reviews"):
        kind, _, key = head.partition(" ")
        if kind == "counted":
            sentences += [tuple(_tokens(text)) for text in phrases]
        elif kind == "about":
            names |= {spoken(text): key for text in phrases}
        else:
            aspect, _, side = key.partition(".")
            for text in phrases:
                found[kind][spoken(text)].add((aspect, side))
    every = {pair for phrases in found.values() for pairs in phrases.values() for pair in pairs}
    says, that = ({phrase: frozenset(pairs) for phrase, pairs in found[kind].items()} for kind in ("says", "that"))
    about = {phrase: frozenset(pair for pair in every if pair[0] == aspect) for phrase, aspect in names.items()}
    return CountingWords(tuple(sentences), about, says, that)


def claim_of(fact: Fact) -> ReviewClaim | None:
    """What a fact counts; None for one that counts no reviews."""
    found = _VALUE.fullmatch(fact.value) if fact.key == "review" else None
    return None if found is None else ReviewClaim(int(found[1]), int(found[2]), found[3], found[4])


def counted_claim(sentence: Sequence[TextPiece], language: str) -> ReviewClaim | None:
    """What a whole sentence counts; None where it is no such sentence, or could be read in two ways."""
    if any(piece.is_sign and piece.text not in _BETWEEN for piece in sentence):
        return None
    pieces = [piece for piece in sentence if not piece.is_sign]
    if sum(piece.is_number for piece in pieces) not in (1, 2):
        return None
    words = counting_words(language)
    found = {claim for one in words.sentences for claim in _read(one, pieces, words, language)}
    return found.pop() if len(found) == 1 else None


def _read(
    sentence: tuple[str, ...], pieces: Sequence[TextPiece], words: CountingWords, language: str
) -> Iterator[ReviewClaim]:
    """The claims that pieces make by one way to count; all of them must be used up."""
    ways: list[tuple[int, dict[str, int], frozenset[tuple[str, str]] | None]] = [(0, {}, None)]
    for token in sentence:
        going: list[tuple[int, dict[str, int], frozenset[tuple[str, str]] | None]] = []
        for at, numbers, pairs in ways:
            if at >= len(pieces):
                continue
            if token in ("{count}", "{of}", "{all}"):
                if (number := _whole(pieces[at], language)) is not None:
                    going.append((at + 1, {**numbers, token: number}, pairs))
            elif token.startswith("{"):
                phrases = {"{says}": words.says, "{that}": words.that, "{about}": words.about}[token]
                for phrase, some in phrases.items():
                    left = some if pairs is None else some & pairs
                    if left and tuple(piece.text for piece in pieces[at : at + len(phrase)]) == phrase:
                        going.append((at + len(phrase), numbers, left))
            elif pieces[at].text == token and not pieces[at].is_number:
                going.append((at + 1, numbers, pairs))
        ways = going
    for at, numbers, pairs in ways:
        if at == len(pieces) and pairs is not None:
            count = numbers.get("{all}", numbers.get("{count}", 0))
            of = numbers.get("{all}", numbers.get("{of}", 0))
            for aspect, side in pairs:
                yield ReviewClaim(count, of, aspect, side)


def _whole(piece: TextPiece, language: str) -> int | None:
    if not piece.is_number:
        return None
    value = number_value(piece.text, language)
    return None if isinstance(value, str) or value != int(value) else int(value)


def _tokens(text: str) -> Iterator[str]:
    for part in text.split():
        if part.startswith("{"):
            yield part
        else:
            yield from spoken(part)
