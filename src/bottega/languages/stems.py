"""Stems: what the forms of a word have in common, by the Snowball rules of five languages.

Source   Porter 2001, "Snowball: a language for stemming algorithms"; the library PyStemmer.
"""

from __future__ import annotations

import threading
from functools import lru_cache

import Stemmer  # type: ignore[import-not-found,unused-ignore]

__all__ = ["LANGUAGES", "stem", "stems"]

LANGUAGES = {"en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian"}
"""Code of each language, and its name among the stemmers."""
_PLAIN = 3
"""Words of so few letters are their own stem."""

_mine = threading.local()


@lru_cache(200_000)
def stem(word: str, language: str) -> str:
    """The stem of a folded word in one language."""
    if len(word) <= _PLAIN or not word.isalpha():
        return word
    made = _mine.__dict__.setdefault("made", {})
    if language not in made:
        made[language] = Stemmer.Stemmer(LANGUAGES[language])
    found: str = made[language].stemWord(word)
    return found


def stems(word: str, languages: tuple[str, ...]) -> list[str]:
    """Its stems in some languages, each once."""
    return list(dict.fromkeys(stem(word, language) for language in languages))
