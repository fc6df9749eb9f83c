"""Words of a text, in any script."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["search_words", "words_of"]

_WORD = re.compile(r"[^\W_]{2,}", re.UNICODE)
_LETTER_BEFORE = re.compile(r"(?<![\w'’])([^\W\d_])(?:-|(?<![aeiouyàèéêíòóôú])[ ])(?=[^\W\d_]{3,})")
"""A letter that belongs to the next word, as in "t-shirt" and "v neck"; but not the vowel of "a shirt"."""


def words_of(text: str) -> list[str]:
    """Lower-case words of two letters or more, accents kept, compatibility forms folded."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())


def search_words(text: str) -> list[str]:
    """The same, a single letter joined to the word it belongs to: a "t-shirt" is a "tshirt", and no "shirt"."""
    return _WORD.findall(_LETTER_BEFORE.sub(r"\1", unicodedata.normalize("NFKC", text).lower()))
