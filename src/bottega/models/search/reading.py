"""The words of a query as they are known: slips mended, compounds taken apart, phrases found.

Idea     A word that neither the shop nor the lists know is read as the likeliest known one; one that a language knows
         is no slip. Phrases are the longest that the shop or the lists know.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from bottega.languages.lexicon import lexicon
from bottega.languages.stems import LANGUAGES
from bottega.languages.synonyms import Synonyms
from bottega.models.search.learnt import LearntMeanings
from bottega.models.search.listing import BRAND, CATEGORY
from bottega.models.search.spelling import Speller, edits
from bottega.models.search.vocabulary import Phrase, Vocabulary

__all__ = ["Read", "Reader", "languages_of"]

COMPOUND = 0.9
PART_LETTERS = 3
"""Words of fewer letters are no part of a word written apart."""
SHORT = 4
"""A word of so few letters that begins with another letter is another word, if no shop has it."""
MEASURE = 5
"""Words of a measure at most, its numbers taken apart: "8-1/2 x 11 in"."""
FAR_FORM = 3
"""Letters that a stem takes from a word to be no more than a chance likeness."""
KNOWN_FROM = 3
"""A word of descriptions is known from so many listings on."""
UMLAUTS = (("ue", "u"), ("ae", "a"), ("oe", "o"))
"""How umlauts are typed without them, and how they are folded."""
PART_OF_THREE = 4
"""Letters that each part before the thing has at least, where there are two."""
LISTED = 0.03
"""What a word of the lists is behind a word of the shop that is as near."""
NEAR_ENOUGH = 0.95
"""The lists are not asked where a word of the shop is so near."""


class Read(NamedTuple):
    """A word as it was read, how surely; `beside`: of a compound, whether it says more about the last part."""

    word: str
    weight: float
    beside: bool = False


def languages_of(words: Sequence[str], shop: Vocabulary) -> tuple[str, ...]:
    """Languages that know most of a query's words, the likeliest first: the shop's own are ahead by a nose."""
    known = {
        language: sum(word in lexicon().stops[language] or bool(lexicon().means([word], [language])) for word in words)
        + 0.5 * (language in shop.languages)
        for language in LANGUAGES
    }
    most = max(known.values())
    return tuple(sorted((one for one in LANGUAGES if known[one] >= most - 0.5), key=lambda one: -known[one]))


@dataclass
class Reader:
    """Reads for a shop with this vocabulary; `described`: how many descriptions hold a word; `languages`: those
    that know most of the query, the likeliest first."""

    shop: Vocabulary
    described: Callable[[str], int]
    languages: tuple[str, ...]
    synonyms: Synonyms = field(default_factory=Synonyms)
    exact: bool = False
    """Whether words are taken as they stand: no slip is mended."""
    measures: Mapping[Phrase, str] = field(default_factory=dict)
    """Words that are a measure of the shop together."""
    as_typed: frozenset[str] = frozenset()
    """Words that are none other than they look."""
    alone: bool = False
    """Whether one word is all of the query."""
    learnt: LearntMeanings = field(default_factory=LearntMeanings)

    @property
    def stops(self) -> frozenset[str]:
        """Small words of the query's languages and of the shop's."""
        spoken = {*self.languages, *self.shop.languages}
        return frozenset().union(*(lexicon().stops[language] for language in spoken))

    def says_nothing(self, phrase: Phrase) -> bool:
        """Whether it is a small word or what an attribute is called, and none that means something in another of these
        languages ("hat"); beside other words, one of the shop's own language is small: "the lamp" is no tea."""
        small = phrase[0] in self.stops or self._names_a_field(phrase[0])
        if len(phrase) > 1 or not small or self._has_synonyms(phrase):
            return False
        if self.shop.named(phrase, self.shop.languages):
            return False
        first = self.languages[0]
        article = first in self.shop.languages and phrase[0] in lexicon().stops[first] and not self.alone
        return not lexicon().means(phrase, (first,) if article else self.languages)

    def read(self, words: Sequence[str], read_as: dict[str, tuple[str, ...]]) -> Iterator[Read]:
        """Each word as it is known; a compound nobody lists as its parts; a slip as what was meant."""
        for place, word in enumerate(words):
            if self.exact or word in self.as_typed:
                yield Read(word, 1.0)
            elif word.isdigit() or any(word in said for said in self.measures) or self.knows(word):
                slip = self._slip_of_a_thing(word) or self._slip_beside_a_phrase(words, place)
                if slip is not None:
                    read_as[word] = (slip[0],)
                yield Read(*slip) if slip is not None else Read(word, 1.0)
            elif (folded := self._without_umlauts(word)) is not None:
                yield Read(folded, 1.0)
            elif compound := self._compound(word):
                yield from (Read(part, COMPOUND, beside=True) for part in compound[:-1])
                yield Read(compound[-1], COMPOUND)
            elif word in self.learnt.words:
                yield Read(word, 1.0)
            elif near := self._near(word):
                read_as[word] = tuple(other for other, _ in near)
                yield Read(*near[0])
            elif parts := self._parts(word):
                read_as[word] = parts
                yield from (Read(part, COMPOUND) for part in parts)
            else:
                yield Read(word, 1.0)

    def joined(self, words: Sequence[str]) -> list[str]:
        """Words, those put together that name a thing as one and nothing as two: "house plant"."""
        found: list[str] = []
        for word in words:
            pair = (found[-1], word) if found else ()
            whole = "".join(pair)
            small = whole not in lexicon().known or any(len(one) < PART_LETTERS or one in self.stops for one in pair)
            if pair and not small and self._names_a_thing(whole) and not self._is_phrase(pair):
                found[-1] = whole
            else:
                found.append(word)
        return found

    def knows(self, word: str) -> bool:
        """Whether the shop or a list knows a word."""
        if word in self.shop.words or word in lexicon().known or word in self.synonyms.known:
            return True
        if self.described(word) >= KNOWN_FROM or self._names_a_field(word):
            return True
        return bool(self.shop.forms(word, self.shop.languages)) or bool(lexicon().means([word], self.languages))

    def cut(self, read: Sequence[Read]) -> Iterator[tuple[Phrase, float, bool]]:
        """Phrases of a query, the longest known ones; else word by word: each with how surely it was read, and whether
        it says more about the rest of a compound."""
        at = 0
        while at < len(read):
            for size in range(
                min(max(lexicon().longest, self.synonyms.longest, self.learnt.longest, MEASURE), len(read) - at), 0, -1
            ):
                phrase = tuple(one.word for one in read[at : at + size])
                if size == 1 or self._is_phrase(phrase):
                    break
            cut = read[at : at + size]
            yield phrase, min(one.weight for one in cut), all(one.beside for one in cut)
            at += size

    def _is_phrase(self, phrase: Phrase) -> bool:
        if phrase in lexicon().functions["without"] or self._has_synonyms(phrase) or phrase in self.measures:
            return True
        if phrase in self.learnt.meanings:
            return True
        if phrase[0] in self.stops and phrase[-1] in self.stops:
            return False
        if self.shop.named(phrase, self.shop.languages):
            return True
        return bool(lexicon().means(phrase, self.languages)) and not self._says_more(phrase)

    def _says_more(self, phrase: Phrase) -> bool:
        """Whether a word of it is a value of the shop, and the others mean by themselves what all of it does: "chelsea
        boots" where there is a cut called so."""
        meant = {meaning.concept for meaning in lexicon().means(phrase, self.languages)}
        for at, word in enumerate(phrase):
            rest = phrase[:at] + phrase[at + 1 :]
            if meant.isdisjoint(meaning.concept for meaning in lexicon().means(rest, self.languages)):
                continue
            named = self.shop.named((word,), self.shop.languages)
            if any(self.shop.value_of(value).field not in (CATEGORY, BRAND) for value in named):
                return True
        return False

    def _has_synonyms(self, phrase: Phrase) -> bool:
        return bool(self.synonyms.of_phrase(phrase, self.shop.languages))

    def _without_umlauts(self, word: str) -> str | None:
        """A word typed on a keyboard without umlauts: "guertel"."""
        for typed, letter in UMLAUTS:
            if typed in word and self.knows(other := word.replace(typed, letter)):
                return other
        return None

    def _near(self, word: str) -> list[tuple[str, float]]:
        found = dict(self.shop.speller.near(word, self._frequency))
        if max(found.values(), default=0.0) < NEAR_ENOUGH:
            for other, alike in _listed().near(word, self._frequency):
                if len(word) <= SHORT and other[0] != word[0]:
                    continue
                if lexicon().means([other], self.languages[:1]):
                    found[other] = max(found.get(other, 0.0), alike - LISTED)
        ranked = sorted(found.items(), key=lambda one: (-one[1] - 0.01 * math.log1p(self._frequency(one[0])), one[0]))
        return ranked[:2]

    def _frequency(self, word: str) -> int:
        return self.shop.frequency(word)

    def _slip_of_a_thing(self, word: str) -> tuple[str, float] | None:
        """A word of which no more than a stem is known, one letter from a thing's name: "earings"."""
        shop = self.shop
        if len(word) < 6 or word in shop.words or word in self.synonyms.known:
            return None
        if word in lexicon().known or lexicon().means([word], self.languages):
            return None
        forms = shop.forms(word, shop.languages)
        if min((len(word) - len(form) for form in forms), default=0) < FAR_FORM:
            return None
        for other, alike in shop.speller.near(word, self._frequency):
            if edits(word, other) == 1 and other[0] == word[0] and self._names_a_thing(other):
                return other, alike
        return None

    def _slip_beside_a_phrase(self, words: Sequence[str], place: int) -> tuple[str, float] | None:
        """A word of the lists' phrases alone that makes none here: "wite" is white, but for "wite out"."""
        word = words[place]
        if len(word) < 4 or word not in lexicon().known or word in self.shop.words or word in self.synonyms.known:
            return None
        alone = self.described(word) or word in self.stops or lexicon().means([word])
        functions = lexicon().functions.values()
        if alone or any((word,) in phrases for phrases in functions):
            return None
        spans = [(start, stop) for start in range(max(place - 2, 0), place + 1) for stop in range(place + 1, place + 4)]
        if any(stop - start > 1 and lexicon().means(tuple(words[start:stop])) for start, stop in spans):
            return None
        for other, alike in self._near(word):
            if edits(word, other) == 1 and other[0] == word[0] and lexicon().means([other], self.languages[:1]):
                return other, alike
        return None

    def _names_a_field(self, word: str) -> bool:
        return any(word in name.split("_") for name in self.shop.field_names)

    def _names_a_thing(self, word: str) -> bool:
        spoken = {*self.shop.languages, *self.languages[:1]}
        return any(meaning.concept.startswith("kind.") for meaning in lexicon().means([word], sorted(spoken)))

    def _compound(self, word: str) -> tuple[str, ...]:
        """A German compound's parts, where its list knows the longest last one as a thing, and the rest as one word
        or as two: "Seidentuch", "Herrenlederjacke"; typed with umlauts or without."""
        for typed in (word, *(word.replace(*pair) for pair in UMLAUTS if pair[0] in word)):
            for cut in range(3, len(typed) - 2):
                if _listed_thing(last := typed[cut:]) and (before := _said_before(typed[:cut])):
                    return (*before, last)
        return ()

    def _parts(self, word: str) -> tuple[str, ...]:
        """A compound's parts, where all of it is known: "Sommerkleid"."""
        for cut in range(3, len(word) - 2):
            first, last = word[:cut], word[cut:]
            if (len(last) > 3 and self.knows(last)) or _listed_thing(last):
                for stem in _unjoined(first):
                    if self.knows(stem):
                        return stem, last
        return ()


@cache
def _listed() -> Speller:
    """Words of the lists, where they mean something."""
    return Speller.of(word for word in sorted(lexicon().known) if len(word) > 3)


def _listed_thing(word: str) -> bool:
    return any(meaning.concept.startswith("kind.") for meaning in lexicon().means([word], ["de"]))


def _unjoined(first: str) -> Iterator[str]:
    """The first part of a compound, with and without what joins it to the next."""
    for stem in dict.fromkeys((first, first.removesuffix("s"), first.removesuffix("n"), first.removesuffix("en"))):
        if len(stem) > 2:
            yield stem


def _said_before(first: str) -> tuple[str, ...]:
    """What a compound says before its thing, in one word of the German list or in two."""
    for stem in _unjoined(first):
        if lexicon().means([stem], ["de"]):
            return (stem,)
    for cut in range(PART_OF_THREE, len(first) - PART_OF_THREE + 1):
        one = next((stem for stem in _unjoined(first[:cut]) if lexicon().means([stem], ["de"])), "")
        other = next((stem for stem in _unjoined(first[cut:]) if lexicon().means([stem], ["de"])), "")
        if min(len(one), len(other)) >= PART_OF_THREE:
            return one, other
    return ()
