"""Values that a question names: colours, materials and the like by what they mean, sizes, and numbers with units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bottega.languages.lexicon import lexicon
from bottega.languages.writing import concepts_named
from bottega.models.dialogue.asked_words import Phrase

__all__ = ["KEY_OF_SPACE", "AskedValue", "concepts_in", "longer_values", "measures_of", "sizes_named", "values_named"]

KEY_OF_SPACE: Mapping[str, str] = {
    "material": "material",
    "colour": "colour",
    "pattern": "pattern",
    "people": "people",
    "season": "season",
    "occasion": "occasion",
}
"""Of a concept's space, the key whose value it is."""
_SIZE = re.compile(r"(?<![\w'’.,/-])((?:[2-5]|X{0,3})X[SL]|[SML])(?![\w'’]|[.,]\d)")
_SIZE_LOW = re.compile(r"(?<![\w'’.,/-])([2-5]x[sl]|x{1,4}[sl])(?![\w'’])", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![\w.,])(\d+(?:[.,]\d+)?)\s?(cm|mm|m|km|kg|g|mg|lbs?|oz|ml|cl|l|inch(?:es)?|in|ft|feet|zoll|v|volts?|w|watts?|"
    r"gb|tb|mah|%|litres?|liters?|liter|litros?|litri|jahre|years?|ans|años|anni|pieces?|pcs|stück)?(?![\w])",
    re.IGNORECASE,
)
_LONGEST = 4


@dataclass(frozen=True, slots=True)
class AskedValue:
    """A value that a question names. `concept` where the lists know it; `number` and `unit` of a measure."""

    words: str
    concept: str = ""
    number: str = ""
    unit: str = ""


def concepts_in(words: Sequence[str], language: str) -> list[tuple[int, int, str]]:
    """What folded words mean, the longest phrases first: from, to, concept."""
    found: list[tuple[int, int, str]] = []
    taken: set[int] = set()
    for length in range(min(_LONGEST, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            places = set(range(start, start + length))
            if taken & places:
                continue
            meant = _meant(tuple(words[start : start + length]), language)
            if meant:
                taken |= places
                found += [(start, start + length, one) for one in meant]
    return sorted(found)


@lru_cache(50_000)
def _meant(phrase: Phrase, language: str) -> tuple[str, ...]:
    exact = concepts_named(phrase, language)
    return exact or tuple(dict.fromkeys(one.concept for one in lexicon().means(phrase, (language,))))


def longer_values(words: Sequence[str], language: str) -> list[tuple[int, int]]:
    """Where values of several words stand."""
    return [
        (start, stop)
        for start, stop, concept in concepts_in(words, language)
        if stop - start > 1 and concept.split(".")[0] in KEY_OF_SPACE
    ]


def values_named(words: Sequence[str], used: set[int], language: str) -> tuple[tuple[AskedValue, ...], set[int]]:
    """Values that the words name, and their places."""
    found: list[AskedValue] = []
    places: set[int] = set()
    for start, stop, concept in concepts_in(words, language):
        here = set(range(start, stop))
        if here & used or concept.split(".")[0] not in KEY_OF_SPACE or places & here:
            continue
        places |= here
        found.append(AskedValue(" ".join(words[start:stop]), concept))
    return tuple(found), places


def sizes_named(text: str) -> tuple[str, ...]:
    """Sizes that are named: letters as labels write them, and numbers."""
    letters = [one[1].upper() for pattern in (_SIZE, _SIZE_LOW) for one in pattern.finditer(text)]
    numbers = [one[1] for one in _NUMBER.finditer(text) if not one[2] and len(one[1]) <= 4]
    return tuple(dict.fromkeys([*letters, *numbers]))


def measures_of(text: str) -> Iterable[tuple[str, str]]:
    """Numbers of a text with their units, folded."""
    for found in _NUMBER.finditer(text):
        yield found[1].replace(",", "."), (found[2] or "").casefold()
