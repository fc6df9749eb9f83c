"""Words of a text as a search compares them: in any script, without case and accents.

A letter that belongs to the next word joins it: a "t-shirt" is a "tshirt", and no "shirt"; in "size M please" it
does not. What follows an apostrophe as an ending goes ("men's"), and an article before one ("d'oreilles"). Scripts
that put no blanks between words are cut into pairs of neighbouring characters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["SIZE_WORDS", "fold", "is_unspaced", "tokens"]

_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
"""Thai, Japanese, Chinese, Korean: words are looked for by pairs of characters."""
SIZE_WORDS = frozenset({"size", "sizes", "grosse", "taille", "talla", "taglia"})
"""What stands before a size, and says nothing by itself."""
_COURTESY = frozenset({"please", "bitte", "por", "per"})
"""How a "please" begins, which no letter belongs to."""
_NO_SIZE = "".join(rf"(?<!\b{word} )" for word in sorted(SIZE_WORDS))
_LETTER_BEFORE = re.compile(
    rf"(?<![\w'’]){_NO_SIZE}([a-z])(?:-|(?<![aeiouys])[ ])(?!(?:{'|'.join(sorted(_COURTESY))})\b)(?=[^\W\d_]{{3,}})"
)
_APOSTROPHE = re.compile(r"['’`´](?:s\b)?")
_PIECE = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+|[\U0001F300-\U0001FAFF\u2600-\u27BF]")
_UNIT = re.compile(
    r"(?<=\d)(?=(?:mm|cm|m|km|ml|cl|dl|l|g|gr|kg|oz|lb|lbs|gb|tb|mb|mah|w|v|h|inch|zoll|pcs)\b)|(?<=\d)\s*[x×]\s*(?=\d)"
)
"""Between a number and its measure, and between two measures: "500g", "50x70"."""
_SIZE_LETTERS = frozenset("sml")
"""Letters that are words where they name a size."""
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]+")
_SPECIAL = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def fold(text: str) -> str:
    """Lower case, compatibility forms and accents folded; a script that is no Latin keeps its marks.

    >>> fold("Été GÜRTEL ﬁlm")
    'ete gurtel film'
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return text
    text = text.translate(_SPECIAL)
    plain = []
    latin = False
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.combining(letter):
            if not latin:
                plain.append(letter)
            continue
        latin = letter < "\u0250" or "\u1e00" <= letter < "\u1f00"
        plain.append(letter)
    return unicodedata.normalize("NFC", "".join(plain))


def is_unspaced(text: str) -> bool:
    """Whether all of it is in a script that puts no blanks between words."""
    return _UNSPACED_RUN.fullmatch(text) is not None


def tokens(text: str) -> list[str]:
    """The words of a text, folded.

    >>> tokens("Men's T-shirt, boucles d'oreilles"), tokens("赤いドレス")
    (['men', 'tshirt', 'boucles', 'oreilles'], ['赤い', 'いド', 'ドレ', 'レス'])
    """
    return list(_tokens(text))


@lru_cache(50_000)
def _tokens(text: str) -> tuple[str, ...]:
    folded = _LETTER_BEFORE.sub(r"\1", fold(text))
    folded = _UNIT.sub(" ", _APOSTROPHE.sub(" ", folded))
    found: list[str] = []
    pieces = _PIECE.findall(folded)
    for place, piece in enumerate(pieces):
        if _UNSPACED_RUN.fullmatch(piece) and len(piece) > 2:
            found += [piece[at : at + 2] for at in range(len(piece) - 1)]
        elif len(piece) > 1 or not piece.isascii() or piece.isdigit() or _is_size(pieces, place):
            found.append(piece)
    return tuple(found)


def _is_size(pieces: list[str], place: int) -> bool:
    """Whether a letter names a size: alone, behind a word for sizes, at the end or before a "please"; no measure of a
    number."""
    before = pieces[place - 1] if place else ""
    ends = place == len(pieces) - 1 or pieces[place + 1] in _COURTESY
    named = before in SIZE_WORDS or (ends and not before.isdigit())
    return pieces[place] in _SIZE_LETTERS and named
