"""What the heads see of a line: its words and letters, its cues, what its other words are, how it is built.

Idea     Words that a shop sells things by ("blue", "jacket", "42") stand as what they are (<colour>, <kind>, a number),
         so that a way of asking learnt of one thing holds of all; words of no list count as names of things. All pieces
         are hashed into places of one table.
         Cues hold in all five languages and are few, so they weigh more than words do; how they follow each other is
         looked at with other words between them and without.
Shapes   N texts, P places; each group of pieces of a row has the length of its weight.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise

import numpy as np

from bottega.languages.lexicon import lexicon
from bottega.languages.stems import stem
from bottega.models.dialogue.cues import cues
from bottega.models.dialogue.known_words import known_words
from bottega.models.dialogue.line_words import line_words
from bottega.names import FloatArray, IntArray

__all__ = ["PLACES", "Rows", "language_rows", "line_rows"]

PLACES = 1 << 15
WORD_WEIGHT, LETTER_WEIGHT, CUE_WEIGHT = 1.0, 0.8, 2.5
ORDER_WEIGHT, ALONE_WEIGHT, ENDS_WEIGHT, ASKED_WEIGHT = 1.0, 0.7, 0.6, 0.5
"""Of how cues follow each other, of cues by themselves, of where a line begins and ends, of its question mark."""
_LONGEST_LINE = 60
"""Words of a clause that are looked at."""
_TYPES = (
    "colour",
    "kind",
    "material",
    "people",
    "occasion",
    "pattern",
    "size",
    "season",
    "quality",
    "shade",
    "purpose",
)

Rows = list[tuple[IntArray, FloatArray]]
"""Of each text the places that are not 0, and their values."""


def line_rows(texts: Sequence[str], languages: Sequence[str]) -> Rows:
    """Rows of clauses, for what they want."""
    return [_row(_pieces(text, language)) for text, language in zip(texts, languages, strict=True)]


def language_rows(texts: Sequence[str]) -> Rows:
    """Rows of lines, for what language they are in: words and letters, as they stand."""
    return [
        _row([(WORD_WEIGHT, _plain_words(words)), (1.0, _letters(words, (2, 3, 4)))])
        for words in map(_raw_words, texts)
    ]


def _raw_words(text: str) -> list[str]:
    return line_words(text)[:_LONGEST_LINE]


def _plain_words(words: list[str]) -> Iterator[str]:
    for word in words:
        yield f"W{word}"


def _row(groups: Iterable[tuple[float, Iterable[str]]]) -> tuple[IntArray, FloatArray]:
    values: dict[int, float] = {}
    for weight, pieces in groups:
        counted: dict[int, float] = {}
        for piece in pieces:
            place, sign = _place(piece)
            counted[place] = counted.get(place, 0.0) + sign
        length = sum(value * value for value in counted.values()) ** 0.5
        for place, value in counted.items():
            values[place] = values.get(place, 0.0) + weight * value / max(length, 1e-9)
    return np.fromiter(values.keys(), np.int32, len(values)), np.fromiter(values.values(), np.float32, len(values))


@lru_cache(200_000)
def _place(piece: str) -> tuple[int, float]:
    number = zlib.crc32(piece.encode(errors="replace"))
    return (number >> 1) % PLACES, 1.0 if number & 1 else -1.0


def _pieces(text: str, language: str) -> Iterator[tuple[float, list[str]]]:
    words = _raw_words(text)
    kinds = [_kind(word, language) for word in words]
    plain = [kind if kind.startswith("<") else stem(word, language) for word, kind in zip(words, kinds, strict=True)]
    cued = cues(language).found(words)
    framed = ["^", *plain, "$"]
    said = [f"w{one}" for one in plain]
    said += [f"p{one} {other}" for one, other in pairwise(framed)]
    said += [f"t{one} {two} {three}" for one, two, three in zip(framed, framed[1:], framed[2:], strict=False)]
    said += [f"s{one} {other}" for one, other in zip(plain, plain[2:], strict=False)]
    yield WORD_WEIGHT, said
    yield (
        LETTER_WEIGHT,
        [
            f"c{piece}"
            for piece in _letters([w for w, k in zip(words, kinds, strict=True) if not k.startswith("<")], (3, 4, 5))
        ],
    )
    names = list(dict.fromkeys(name for at in cued for name in at))
    flat = [at[0] if at else kind for at, kind in zip(cued, kinds, strict=True)]
    about = [f"q{name}" for name in names]
    about += [f"Q{one} {other}" for one, other in combinations(sorted(names)[:12], 2)]
    about += [f"r{one} {other}" for one, other in pairwise(["^", *flat, "$"])]
    about += [f"k{kind}" for kind in sorted(set(kinds)) if kind.startswith("<")]
    about += [f"K{kind} {name}" for kind in sorted(set(kinds)) if kind.startswith("<") for name in names]
    about.append(f"l{_length(len(words))}")
    about.append(f"u{min(3, kinds.count('<name>'))}")
    uncued = sum(not at for at in cued)
    about.append(f"n{_length(uncued)} {len(names) > 0}")
    yield CUE_WEIGHT, about
    yield from _built(text, kinds, cued, names)


def _built(text: str, kinds: list[str], cued: list[list[str]], names: list[str]) -> Iterator[tuple[float, list[str]]]:
    """How a line is built: its cues in their order, where all that is sold is one thing or one trait of it."""
    coarse = ["^", *(at[0] if at else _coarse(kind) for at, kind in zip(cued, kinds, strict=True)), "$"]
    order = ["^", *(at[0] for at in cued if at), "$"]
    for mark, run in (("T", coarse), ("z", order)):
        pieces = [f"{mark}{one} {two} {three}" for one, two, three in zip(run, run[1:], run[2:], strict=False)]
        yield ORDER_WEIGHT, pieces + [f"{mark}{one} {two}" for one, two in pairwise(run)]
    yield ALONE_WEIGHT, [f"q{name}" for name in names]
    ends = [f"F{name}" for at in cued[:1] for name in at] + [f"E{name}" for at in cued[-1:] for name in at]
    flat = [at[0] if at else kind for at, kind in zip(cued[:2], kinds, strict=False)]
    yield ENDS_WEIGHT, [*ends, *([f"F2{flat[0]} {flat[1]}"] if len(flat) > 1 else [])]
    mark = "?" if "?" in text else "-"
    yield ASKED_WEIGHT, [f"?{mark}", *(f"?{mark}{name}" for name in names)]


def _coarse(kind: str) -> str:
    if kind in ("<kind>", "<name>"):
        return "<thing>"
    return "<trait>" if kind.startswith("<") else kind


def _length(count: int) -> int:
    return count if count < 4 else 4 if count < 7 else 5 if count < 12 else 6


def _letters(words: list[str], sizes: tuple[int, ...]) -> list[str]:
    found = []
    for word in words:
        padded = f"<{word}>"
        for size in sizes:
            found += [padded[at : at + size] for at in range(len(padded) - size + 1)]
    return found


@lru_cache(50_000)
def _kind(word: str, language: str) -> str:
    """What a word is: <colour>, <kind>, ..., a number, a name of no list, a small word as itself."""
    if word[0].isdigit():
        return "<number>"
    if not word[0].isalpha():
        return word
    cued = any(cues(language).found([word]))
    for spoken in dict.fromkeys((language, "en")):
        for meaning in lexicon().means((word,), (spoken,)):
            head = meaning.concept.partition(".")[0]
            if head in _TYPES and not (cued and head in ("quality", "purpose", "season")):
                return f"<{head}>"
    if word in lexicon().stops[language] or cued:
        return word
    if len(word) > 2 and word not in lexicon().known and word not in known_words(language):
        return "<name>"
    return word
