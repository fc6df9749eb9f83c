"""What words a shop has: those of its titles and descriptions, and the values of its categories, brands, attributes.

A value ("category", "Sports Shoes") is known by its name, word by word, and by each word of it. Words are known by
their stems in every language; which of these languages the shop speaks is counted by their smallest words. All of it
can be flat arrays, which a shop maps when it opens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.growing import GrowingColumn
from bottega.languages.fold import is_unspaced
from bottega.languages.lexicon import lexicon
from bottega.languages.stems import LANGUAGES, stem
from bottega.models.search.beginnings import WordStarts
from bottega.models.search.inverted_index import NOBODY, InvertedIndex
from bottega.models.search.listing import BRAND, CATEGORY
from bottega.models.search.numbered import Numbered
from bottega.models.search.spelling import Speller
from bottega.names import IntArray

__all__ = ["ROMANCE", "Phrase", "Value", "Vocabulary"]

SPEAKS_FROM = 0.4
"""A shop speaks a language whose small words are at least such a share as those of its first one."""
ROMANCE = frozenset({"fr", "es", "it"})
"""Languages in which the thing comes first in a name; in the others it comes last."""

TYPE_FIELDS = ("type", "category", "kind", "class", "department")
"""Words in the names of attributes that say what a thing is."""

Phrase = tuple[str, ...]


class Value(NamedTuple):
    """A value of a field: its name, word by word."""

    field: str
    name: Phrase


class Vocabulary:
    """Words and values, by number. Grows, never shrinks."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]] | None = None) -> None:
        """`arrays`: what `arrays` of one before gave."""
        packed = arrays if arrays is not None else {}

        def names(prefix: str) -> Numbered:
            return Numbered.from_arrays(packed, prefix) if packed else Numbered()

        def lists(prefix: str) -> InvertedIndex:
            return InvertedIndex.from_arrays(packed, prefix) if packed else InvertedIndex()

        self.words = names("words")
        self.values = names("values")
        self._stems, self._with_stem = names("stems"), lists("with_stem")
        """Stems of words in any language; the other words of each."""
        self._names, self._of_name = names("value_names"), lists("of_name")
        """Stems of names, blanks between them; the values of each."""
        self._parts, self._with_part = names("value_parts"), lists("with_part")
        """Stems of words of names; the values with each."""
        self.speller = Speller.from_arrays(self.words, packed) if packed else Speller(self.words)
        self._frequency = GrowingColumn(np.array(packed.get("word_counts", ()), dtype=np.int32))
        self._small_words: list[int] = packed["small_words"].tolist() if packed else [0] * len(LANGUAGES)
        self._languages: tuple[str, ...] | None = None
        self._order: IntArray = packed.get("words_order", NOBODY)
        """Numbers of the packed words in the order of their letters."""
        self._starts: WordStarts | None = None
        self.has_categories = bool(packed["has_categories"][0]) if packed else False
        """Whether the shop says by categories what its things are."""
        self.said: dict[str, Any] = {}
        """What others remember of it for as long as it stays as it is."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What it knows, as flat arrays."""
        names = list(self.words)
        arrays: dict[str, NDArray[Any]] = {
            "words_order": np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int32),
            "word_counts": self._frequency.values,
            "small_words": np.array(self._small_words, dtype=np.int64),
            "has_categories": np.array([self.has_categories]),
        }
        for prefix, table in (
            ("words", self.words),
            ("values", self.values),
            ("stems", self._stems),
            ("value_names", self._names),
            ("value_parts", self._parts),
        ):
            arrays |= table.arrays(prefix)
        for prefix, lists in (
            ("with_stem", self._with_stem),
            ("of_name", self._of_name),
            ("with_part", self._with_part),
        ):
            lists.compact()
            arrays |= lists.arrays(prefix)
        return arrays | self.speller.arrays()

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages that the shop speaks, two at most, the first one first."""
        if self._languages is None:
            counted = sorted(zip(self._small_words, LANGUAGES, strict=True), key=lambda pair: -pair[0])[:2]
            least = max(SPEAKS_FROM * counted[0][0], 1)
            self._languages = tuple(code for n, code in counted if n >= least) or ("en",)
        return self._languages

    def word(self, word: str) -> int:
        """The number of a word."""
        known = len(self.words)
        number = self.words.put(word)
        if number == known:
            self.said.clear()
            self._frequency = self._frequency.grown([0])
            if self._starts is not None:
                self._starts.add(word)
            if word.isalpha():
                self.speller.add(number)
                for one in {stem(word, language) for language in LANGUAGES} - {word}:
                    self._with_stem.add(number, [self._stems.put(one)])
        return number

    def value(self, field: str, name: Phrase) -> int:
        """The number of a value."""
        known = len(self.values)
        number = self.values.put(f"{field}\x1f{' '.join(name)}")
        if number == known:
            self.said.clear()
            self.has_categories |= field == CATEGORY
            stems = {tuple(stem(word, language) for word in name) for language in LANGUAGES}
            self._of_name.add(number, [self._names.put(" ".join(one)) for one in stems])
            self._with_part.add(number, [self._parts.put(part) for part in {part for one in stems for part in one}])
            for word in name:
                self.word(word)
        return number

    def value_of(self, number: int) -> Value:
        """The value of a number."""
        field, _, name = self.values.name(number).rpartition("\x1f")
        return Value(field, tuple(name.split(" ")))

    def count(self, words: Iterable[int]) -> None:
        """One more listing holds these words, by number."""
        counts = self._frequency.array
        for word in words:
            counts[word] += 1

    @property
    def heard(self) -> int:
        """How many small words were counted."""
        return sum(self._small_words)

    def hear(self, words: Iterable[str]) -> None:
        """Count the small words of a text, for what language it is in."""
        speakers = _speakers()
        for word in words:
            for language in speakers.get(word, ()):
                self._small_words[language] += 1
        if (before := self._languages) is not None:
            self._languages = None
            if self.languages != before:
                self.said.clear()

    def forms(self, word: str, languages: Sequence[str]) -> set[str]:
        """Words with the same stem, itself included where it is known; of a single character of a script without
        blanks the pairs that have it."""
        if len(word) == 1 and is_unspaced(word):
            return set(self._sorted().having(word))
        wanted = {language: stem(word, language) for language in languages}
        found = {word} if word in self.words else set()
        for one in set(wanted.values()):
            others = map(self.words.name, self._listed(self._stems, self._with_stem, one))
            for other in (one, *others) if one in self.words else others:
                if any(mine == one and stem(other, language) == one for language, mine in wanted.items()):
                    found.add(other)
        return found

    def begun(self, start: str, most: int) -> list[str]:
        """The `most` frequent words that begin so, or so but for one slip; the most frequent first."""
        starts = self._sorted()
        numbers, beside = starts.numbers_of(start), starts.beside(start)
        if not len(numbers) and not beside:
            beside = starts.near(start)
        often = self._frequency.array[numbers]
        if len(often) > most:  # those of the same frequency as the last one stay, for their names to decide
            kept = often >= np.partition(often, -most)[-most]
            numbers, often = numbers[kept], often[kept]
        ordered = numbers[np.argsort(-often, kind="stable")[:most]]
        found = [*map(self.words.name, ordered.tolist()), *beside]
        return sorted(found, key=lambda word: (-self.frequency(word), word))[:most]

    def _sorted(self) -> WordStarts:
        if self._starts is None:
            beside = map(self.words.name, range(len(self._order), len(self.words)))
            self._starts = WordStarts(beside, order=self._order, name=self.words.name)
        return self._starts

    def named(self, phrase: Phrase, languages: Sequence[str]) -> set[int]:
        """Values of this name, whatever the forms of its words."""
        wanted = {language: tuple(stem(word, language) for word in phrase) for language in languages}
        found = set()
        for stems in set(wanted.values()):
            for value in self._listed(self._names, self._of_name, " ".join(stems)):
                name = self.value_of(value).name
                if any(
                    mine == stems and tuple(stem(word, language) for word in name) == stems
                    for language, mine in wanted.items()
                ):
                    found.add(value)
        return found

    def holding(self, word: str, languages: Sequence[str]) -> set[int]:
        """Values with this word, or another form of it, in their name."""
        wanted = {language: stem(word, language) for language in languages}
        found = set()
        for one in set(wanted.values()):
            for value in self._listed(self._parts, self._with_part, one):
                name = self.value_of(value).name
                if any(
                    mine == one and any(stem(part, language) == one for part in name)
                    for language, mine in wanted.items()
                ):
                    found.add(value)
        return found

    def of_field(self, field: str) -> Sequence[int]:
        """The values of a field."""
        return self._by_field().get(field, ())

    @property
    def field_names(self) -> list[str]:
        """Fields that have values, in the order in which they came."""
        return list(self._by_field())

    def _by_field(self) -> dict[str, list[int]]:
        if "by field" not in self.said:
            found: dict[str, list[int]] = {}
            for number in range(len(self.values)):
                found.setdefault(self.value_of(number).field, []).append(number)
            self.said["by field"] = found
        by_field: dict[str, list[int]] = self.said["by field"]
        return by_field

    def may_mean(self, value: int, concept: str) -> bool:
        """Whether a value's field says such things: kinds stand in categories and types, nothing in brands."""
        field = self.value_of(value).field
        if concept.startswith("kind."):
            return field == CATEGORY or any(word in field for word in TYPE_FIELDS)
        return field != BRAND

    def head(self, value: int) -> str:
        """The word of a value's name that says what the thing is."""
        name = self.value_of(value).name
        return name[0] if ROMANCE.intersection(self.languages) else name[-1]

    def frequency(self, word: str) -> int:
        """How many listings hold a word in their title or their values, each value counted."""
        number = self.words.number(word)
        return int(self._frequency.array[number]) if number >= 0 else 0

    def _listed(self, names: Numbered, lists: InvertedIndex, name: str) -> Iterator[int]:
        number = names.number(name)
        return iter(lists.of(number).tolist() if number >= 0 else ())


@cache
def _speakers() -> dict[str, tuple[int, ...]]:
    """Small words, and the places of the languages that have each."""
    found: dict[str, tuple[int, ...]] = {}
    for place, language in enumerate(LANGUAGES):
        for word in lexicon().stops[language]:
            found[word] = (*found.get(word, ()), place)
    return found
