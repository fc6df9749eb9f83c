"""What a listing holds, as numbers: its values, words, phrases, names; every number stands for one term of a space.

Spaces   `value`; `word` of the title, or a measure; `bare`: of a title without a category, what it is about; `said`: a
         phrase of the lists, `said_bare` likewise; `described`: a word of the description; `seen` on a photo; `own`:
         ids and SKUs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.languages.fold import fold, tokens
from bottega.models.search.heads import is_listed, mentioned, stems_of
from bottega.models.search.listing import BRAND, CATEGORY, Listing
from bottega.models.search.measures import measures_in
from bottega.models.search.numbered import Numbered
from bottega.models.search.vocabulary import ROMANCE, Phrase, Vocabulary

__all__ = ["SPACES", "ListingTerms", "names_in", "phrase_name", "ways_of"]

SPACES = ("value", "word", "bare", "said", "said_bare", "described", "seen", "own")
VALUE_MOST = 60
"""Longer attribute values are prose; their words count as a description's."""
DESCRIPTION_MOST = 4000
"""Letters of a description that are read."""
HEARD_MOST = 400
"""Letters of a description by which its language is told."""
HEARD_ENOUGH = 100_000
"""Small words by which the languages of a shop are known well; titles are heard all the same."""
PHRASE_MOST = 3
"""Words of a phrase that is looked for in titles."""


_NUMBERED = re.compile(r"(?=.*[^\W\d_])(?=.*\d{4})|\d{8}")
"""What a part of a query is that may be an id or a number, and no size, price or year."""
_TABLES = ("phrases", "prose", "own_names")


class ListingTerms:
    """Numbers of everything that listings have held so far."""

    def __init__(self, *, described: bool, arrays: Mapping[str, NDArray[Any]]) -> None:
        """`described`: whether descriptions are read; `arrays`: what `arrays` of one before gave, or nothing."""
        self.described = described
        self.vocabulary = Vocabulary(arrays or None)
        names = [Numbered.from_arrays(arrays, prefix) if arrays else Numbered() for prefix in _TABLES]
        self.phrases, self.prose, self.own_names = names

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it as flat arrays."""
        arrays = self.vocabulary.arrays() | {"reads_descriptions": np.array([self.described])}
        for prefix, table in zip(_TABLES, (self.phrases, self.prose, self.own_names), strict=True):
            arrays |= table.arrays(prefix)
        return arrays

    def hear(self, title: Sequence[str], listing: Listing) -> None:
        """Take note of the language of a listing, before its terms are asked for."""
        self.vocabulary.hear(title)
        if self.described and self.vocabulary.heard < HEARD_ENOUGH:
            self.vocabulary.hear(tokens(listing.description[:HEARD_MOST]))

    def terms(self, title: Sequence[str], listing: Listing) -> dict[str, Collection[int]]:
        """What a listing holds, by space."""
        vocabulary = self.vocabulary
        prose = tokens(listing.description[:DESCRIPTION_MOST]) if self.described else []
        values: list[tuple[str, str]] = [(CATEGORY, level) for level in listing.category]
        for name, texts in listing.attributes.items():
            for text in texts:
                if len(text) <= VALUE_MOST:
                    values.append((name, text))
                else:
                    prose += tokens(text)
        if listing.brand:
            values.append((BRAND, listing.brand))
        named = [(field, words) for field, text in values if (words := tuple(tokens(text)))]
        held = dict.fromkeys(vocabulary.value(field, words) for field, words in named)
        numbers = {word: vocabulary.word(word) for word in title}
        for text in (listing.title, *(text for _, text in values)):
            numbers |= {measure: vocabulary.word(measure) for measure, _ in measures_in(text)}
        aside = set(title) if listing.category else mentioned(listing.title, vocabulary.languages)
        phrases = self._listed_phrases(title)
        vocabulary.count(numbers.values())
        vocabulary.count(vocabulary.word(word) for _, words in named for word in words)
        return {
            "value": held,
            "word": numbers.values(),
            "bare": [number for word, number in numbers.items() if word not in aside],
            "said": phrases,
            "said_bare": [phrase for phrase, head in phrases.items() if head not in aside],
            "described": dict.fromkeys(map(self.prose.put, prose)),
            "seen": dict.fromkeys(map(vocabulary.word, listing.seen)),
            "own": dict.fromkeys(map(self.own_names.put, (way for name in listing.names for way in ways_of(name)))),
        }

    def _listed_phrases(self, title: Sequence[str]) -> dict[int, str]:
        """Number of each phrase of the lists in a title, with the word that says what the thing is."""
        found: dict[int, str] = {}
        spoken = self.vocabulary.languages
        for size in range(2, PHRASE_MOST + 1):
            for at in range(len(title) - size + 1):
                phrase = tuple(title[at : at + size])
                for language in spoken:
                    if is_listed(phrase, language):
                        number = self.phrases.put(phrase_name(phrase, language))
                        found.setdefault(number, phrase[0] if language in ROMANCE else phrase[-1])
        return found


def phrase_name(phrase: Phrase, language: str) -> str:
    return " ".join((language, *stems_of(phrase, language)))


def ways_of(name: str) -> list[str]:
    """How somebody may type an id or a number: as it stands in any case, or without what parts its letters and digits.

    >>> ways_of("BOO-00025"), ways_of("Red-Shirt")
    (['boo-00025', 'boo00025'], ['red-shirt'])
    """
    whole = " ".join(fold(name).split())
    bare = "".join(letter for letter in whole if letter.isalnum())
    return [whole, bare] if bare != whole and any(letter.isdigit() for letter in bare) else [whole]


def names_in(text: str) -> list[str]:
    """Ids and numbers that a text may be, or hold: all of it, and each piece of it with digits."""
    whole, *bare = ways_of(text)
    if " " in whole and not re.search(r"\d{4}", whole):
        bare = []
    pieces = [way for piece in whole.split() if _NUMBERED.search(piece) for way in ways_of(piece)]
    return list(dict.fromkeys([whole, *bare, *pieces]))
