"""A text in pieces: words, numbers and signs, each with where it stands.

Words are folded (no case, no accents). A letter that a hyphen ties to the next word joins it ("t-shirt"); what stands
before or behind an apostrophe is a piece of its own ("d'oreilles", "men's", "isn't"). A number keeps its marks ("5.5",
"1/3", "1,299.00") and parts from a measure that is written onto it ("25mm"); any other mix of digits and letters
("N9K01AN") is one word, which nobody reads as a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from bottega.languages.fold import fold
from bottega.languages.writing import POINT_BEFORE_TENTHS

__all__ = ["TextPiece", "number_value", "pieces"]

_PIECE = re.compile(
    r"(?P<times>(?<=\d)\s*[x×]\s*(?=[\d¼-¾⅐-⅞]))"
    r"|(?P<joined>(?<![^\W_])(?<!['’])[^\W\d_]-(?=[^\W\d_]{3})[^\W\d_]+)"
    r"|(?P<measured>\d+(?:[.,/]\d+)*(?=[^\W\d_]{1,4}(?![^\W_])|\s*[x×]\s*\d))"
    r"|(?P<mixed>(?=[^\W_]*\d)(?=[^\W_]*[^\W\d_])[^\W_]+)"
    r"|(?P<number>(?<![\w.,])\.\d+|\d{1,3}(?:[\u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,/]\d+)*|[¼-¾⅐-⅞])"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<sign>[^\s\w]|_)"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_TIMES = re.compile(r"[x×]\s*\d")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """One word, number or sign."""

    start: int
    end: int
    text: str
    """Folded; a sign as it stands."""
    is_number: bool = False
    is_sign: bool = False
    tied: bool = False
    """No blank stands before it."""


@lru_cache(2_000)  # words of values come back in the next sentence; whole texts never do
def pieces(text: str, glued: frozenset[str] = frozenset()) -> tuple[TextPiece, ...]:
    """The pieces of a text. `glued`: words for measures, which part from the number they are written onto.

    >>> [piece.text for piece in pieces("Men's T-shirt, 5.5 x 8.5 in, N9K01AN")]
    ['men', 's', 'tshirt', ',', '5.5', 'x', '8.5', 'in', ',', 'n9k01an']
    """
    found: list[TextPiece] = []
    at = 0
    last = -1
    while (match := _PIECE.search(text, at)) is not None:
        kind, start, end = match.lastgroup, match.start(), match.end()
        if kind == "measured":
            tail = _LETTERS.match(text, end)
            if tail is not None and fold(tail[0]) not in glued and not _TIMES.match(text, end):
                kind, end = "mixed", tail.end()
        said = match[0] if kind == "number" else text[start:end]
        if (
            kind == "sign"
            and said in "'’`´-"
            and start == last
            and text[start - 1].isalpha()
            and text[end : end + 1].isalpha()
        ):
            at = last = end  # between letters: it only parts them
            continue
        if kind == "times":
            piece = TextPiece(start, end, "x")
        elif kind == "sign":
            piece = TextPiece(start, end, "'" if said in "’`´" else said, is_sign=True, tied=start == last)
        elif kind in ("number", "measured"):
            plain = "".join(fold(said).replace("⁄", "/").split())
            piece = TextPiece(start, end, plain, is_number=True, tied=start == last)
        else:
            word = fold(said).replace("-", "") if kind == "joined" else fold(said)
            piece = TextPiece(start, end, word, tied=start == last)
        found.append(piece)
        at = last = end
    return tuple(found)


@lru_cache(20_000)
def number_value(said: str, language: str) -> Decimal | str:
    """What a number is to readers of a language; what is no plain number ("1/3", "1.2.3") stands for itself.

    >>> number_value("1,299.00", "en"), number_value("1.299", "de"), number_value("1/3", "en")
    (Decimal('1299'), Decimal('1299'), '1/3')
    """
    if said.isdigit():
        return Decimal(said) if said[0] != "0" or len(said) == 1 else said
    comma, point = said.rfind(","), said.rfind(".")
    thousands = ""
    if comma >= 0 and point >= 0:
        thousands = "," if comma < point else "."
        if not _THOUSANDS.fullmatch(said[: max(comma, point)]):
            return said
    elif match := _THOUSANDS.fullmatch(said):
        own = "," if language in POINT_BEFORE_TENTHS else "."
        thousands = match[1] if match[1] == own or said.count(match[1]) > 1 else ""
    plain = said.replace(thousands, "") if thousands else said
    try:
        return Decimal(plain.replace(",", ".")).normalize() + 0
    except InvalidOperation:
        return said
