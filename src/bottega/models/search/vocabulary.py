"""What words a shop has: those of its titles and descriptions, and the values of its categories, brands, attributes.

A value ("category", "Sports Shoes") is known by its name, word by word, and by each word of it. Words are known by
their stems in every language; which of these languages the shop speaks is counted by their smallest words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from bottega.languages.lexicon import lexicon
from bottega.languages.stems import LANGUAGES, stem
from bottega.models.search.beginnings import WordStarts
from bottega.models.search.listing import BRAND, CATEGORY
from bottega.models.search.spelling import Speller

__all__ = ["ROMANCE", "Phrase", "Vocabulary"]

SPEAKS_FROM = 0.4
"""A shop speaks a language whose small words are at least such a share as those of its first one."""
ROMANCE = frozenset({"fr", "es", "it"})
"""Languages in which the thing comes first in a name; in the others it comes last."""

TYPE_FIELDS = ("type", "category", "kind", "class", "department")
"""Words in the names of attributes that say what a thing is."""

Phrase = tuple[str, ...]


class Vocabulary:
    """Words and values, by number. Grows, never shrinks."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self.values: dict[tuple[str, Phrase], int] = {}
        self.fields: list[str] = []
        """Field of each value."""
        self.names: list[Phrase] = []
        """Its words."""
        self.speller = Speller()
        self._frequency: Counter[str] = Counter()
        self._small_words: Counter[str] = Counter()
        self._by_stem: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._by_name: dict[tuple[str, Phrase], set[int]] = defaultdict(set)
        self._by_part: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._languages: tuple[str, ...] | None = None
        self._starts: WordStarts | None = None
        self._has_categories = False

    @property
    def languages(self) -> tuple[str, ...]:
        """Codes of the languages that the shop speaks, two at most, the first one first."""
        if self._languages is None:
            counted = self._small_words.most_common(2)
            most = counted[0][1] if counted else 0
            self._languages = tuple(code for code, n in counted if n >= max(SPEAKS_FROM * most, 1)) or ("en",)
        return self._languages

    def word(self, word: str) -> int:
        """The number of a word."""
        number = self.words.get(word)
        if number is None:
            number = self.words[word] = len(self.words)
            self.speller.add(word)
            if self._starts is not None:
                self._starts.add(word)
            for language in LANGUAGES:
                self._by_stem[language, stem(word, language)].add(word)
        return number

    def value(self, field: str, name: Phrase) -> int:
        """The number of a value."""
        number = self.values.get((field, name))
        if number is None:
            number = self.values[field, name] = len(self.values)
            self.fields.append(field)
            self._has_categories |= field == CATEGORY
            self.names.append(name)
            for language in LANGUAGES:
                stems = tuple(stem(word, language) for word in name)
                self._by_name[language, stems].add(number)
                for part in stems:
                    self._by_part[language, part].add(number)
            for word in name:
                self.word(word)
        return number

    def count(self, words: Iterable[str]) -> None:
        """One more listing holds these words."""
        self._frequency.update(iter(words))

    def hear(self, words: Iterable[str]) -> None:
        """Count the small words of a text, for what language it is in."""
        stops = lexicon().stops
        for word in words:
            for language in LANGUAGES:
                if word in stops[language]:
                    self._small_words[language] += 1
        self._languages = None

    def forms(self, word: str, languages: Sequence[str]) -> set[str]:
        """Words with the same stem, itself included where it is known."""
        found = {other for language in languages for other in self._by_stem.get((language, stem(word, language)), ())}
        return found | {word} if word in self.words else found

    def begun(self, start: str) -> list[str]:
        """Words that begin so, or so but for one slip; the most frequent ones first."""
        if self._starts is None:
            self._starts = WordStarts(self.words)
        found = self._starts.of(start) or self._starts.near(start)
        return sorted(found, key=lambda word: (-self._frequency[word], word))

    def named(self, phrase: Phrase, languages: Sequence[str]) -> set[int]:
        """Values of this name, whatever the forms of its words."""
        keys = ((language, tuple(stem(word, language) for word in phrase)) for language in languages)
        return {value for key in keys for value in self._by_name.get(key, ())}

    def holding(self, word: str, languages: Sequence[str]) -> set[int]:
        """Values with this word, or another form of it, in their name."""
        keys = ((language, stem(word, language)) for language in languages)
        return {value for key in keys for value in self._by_part.get(key, ())}

    @property
    def has_categories(self) -> bool:
        """Whether the shop says by categories what its things are."""
        return self._has_categories

    def may_mean(self, value: int, concept: str) -> bool:
        """Whether a value's field says such things: kinds stand in categories and types, nothing in brands."""
        field = self.fields[value]
        if concept.startswith("kind."):
            return field == CATEGORY or any(word in field for word in TYPE_FIELDS)
        return field != BRAND

    def head(self, value: int) -> str:
        """The word of a value's name that says what the thing is."""
        name = self.names[value]
        return name[0] if ROMANCE.intersection(self.languages) else name[-1]

    def frequency(self, word: str) -> int:
        """How many listings hold a word in their title or their values, each value counted."""
        return self._frequency[word]
