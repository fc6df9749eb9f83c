"""A query understood: the thing asked for, what it shall be like, what it shall not be, what it may cost.

Idea     A query is cut into units, the longest first: a value of the shop ("navy blue"), a phrase of the lists ("gym
         bag"), else a word. A unit means terms: values and words of the shop, each with how surely. Its own name counts
         most, then what the lists say it means, then what is a kind of that, then words of titles. A word that neither
         the shop nor the lists know is read as the likeliest known one; one that a language knows is no slip.
Shapes   Weights lie between 0 and 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from bottega.languages.fold import fold, tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.stems import LANGUAGES
from bottega.models.search.listing import BRAND, CATEGORY
from bottega.models.search.prices import Bounds, bounds_in
from bottega.models.search.spelling import Speller, edits
from bottega.models.search.vocabulary import ROMANCE, Phrase, Vocabulary

__all__ = ["Query", "Term", "Unit", "understood"]

WORDS_MOST = 60
"""Further words of a query are not read."""
SENTENCE = 12
"""So many words or more are a sentence: each counts by how rare it is, and none is what the others are about."""
NAME, MEANT, KIND_OF = 1.0, 0.95, 0.85
"""A value of just this name; one that the lists say is meant; one that is a kind of what is meant."""
HEAD, PART = 0.75, 0.5
"""A value with the word in its name: as the thing, as what it is like."""
OF_BRAND = 0.6
MISSING = 0.6
"""What is broader than what is meant, where the shop has nothing of that."""
BROADER, BESIDE, BESIDE_MISSING = 0.45, 0.3, 0.4
"""What is broader; what is another kind of the same; that where nothing is meant by itself."""
WORD, WORD_TOO = 0.9, 0.6
"""A word of a title; that where there are values of the name, which say it more surely."""
FORM = 0.95
"""What another form of a word counts beside the word itself."""
WORD_MEANT, WORD_KIND_OF = 0.6, 0.5
DOING = 0.6
"""A verb's form beside the thing of that stem: "sharpened" beside "sharpener"."""
MENTIONED = 0.55
"""What a thing that a title only mentions counts beside one that it is about."""
DESCRIBED, SEEN = 0.35, 0.4
"""A word of a description; one read off a photo."""
CALLED_TO_MIND = 0.6
"""A kind of thing that an occasion or a season calls to mind."""
LOOSE = 0.5
"""What the single words of a phrase count where there is no value of its name."""
COMPOUND = 0.9
FAR_FORM = 3
"""Letters that a stem takes from a word to be no more than a chance likeness."""
FOREIGN = 0.5
"""A value of this name in the shop's language, where the query's language means another thing by it."""
KNOWN_FROM = 3
"""A word of descriptions is known from so many listings on."""
LISTED = 0.03
"""What a word of the lists is behind a word of the shop that is as near."""


class Term(NamedTuple):
    """What a listing may hold: a `value`, a `word` of its title (`bare`: of one without a category that is about this,
    where nothing else says what it is), all words of a phrase (`bare_phrase` likewise), those side by side (`said`,
    `said_bare`), a word `described` or `seen`."""

    space: str
    key: int | str | Phrase


@dataclass(slots=True)
class Unit:
    """Words of a query that mean one thing. `weight`: how surely they were read; `kind`: whether it is the thing asked
    for."""

    phrase: Phrase
    weight: float = 1.0
    terms: dict[Term, float] = field(default_factory=dict)
    near: dict[Term, float] = field(default_factory=dict)
    """What is not meant, but near it."""
    kind: bool = False
    purpose: bool = False
    """Whether it says what the thing is wanted for: "to carry"."""

    def put(self, term: Term, weight: float) -> None:
        """It may mean this; the surest way counts."""
        if weight > self.terms.get(term, 0.0):
            self.terms[term] = weight

    def put_near(self, term: Term, weight: float) -> None:
        """It does not mean this, but what it means is near."""
        if term.space in ("value", "bare", "said_bare") and weight > self.near.get(term, 0.0):
            self.near[term] = weight


@dataclass(slots=True)
class Query:
    """`units` asked for and `excluded`; words `read_as` others; words that mean nothing here."""

    text: str
    units: list[Unit] = field(default_factory=list)
    excluded: list[Unit] = field(default_factory=list)
    price: Bounds = field(default_factory=Bounds)
    cheap: bool = False
    read_as: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    languages: tuple[str, ...] = ()
    sentence: bool = False
    """Whether it is prose rather than what somebody types into a search field."""


class _Read(NamedTuple):
    word: str
    weight: float


def understood(text: str, shop: Vocabulary, described: dict[str, int]) -> Query:
    """What a query asks of a shop with this vocabulary; `described`: how many descriptions hold each word of them."""
    price, rest = bounds_in(fold(text))
    words = tokens(rest)[:WORDS_MOST]
    query = Query(text, price=price, sentence=len(words) >= SENTENCE)
    reader = _Reader(shop, described, _languages(words, shop), query.sentence)
    read = list(reader.read(words, query.read_as))
    if query.read_as:
        reader.languages = _languages([one.word for one in read], shop)
    query.languages = reader.languages
    denied, behind, owned, last = False, False, False, False
    """Whether the next unit is excluded, stands behind "for", is somebody's own; whether the last was excluded."""
    own: list[Unit] = []
    functions = lexicon().functions
    for phrase, weight in [((one.word,), one.weight) for one in read] if query.sentence else reader.cut(read):
        if phrase in functions["without"]:
            denied = True
            continue
        if phrase in functions["nor"] and (last or denied):
            denied = True
            continue
        if reader.says_nothing(phrase):
            behind |= phrase[0] in _RELATING
            owned |= phrase in functions["own"]
            continue
        unit = reader.meant(phrase, weight)
        unit.kind &= not (behind and any(other.kind for other in query.units))
        if owned:
            own.append(unit)
        owned, last = False, denied
        if denied:
            query.excluded.append(unit)
            denied = False
        elif any(meaning.concept == "quality.cheap" for meaning in lexicon().means(phrase, reader.languages)):
            query.cheap = True
        elif unit.terms or unit.near:
            query.units.append(unit)
        else:
            query.unknown.append(" ".join(phrase))
    _not_what_is_had(query.units, own)
    _one_thing(query.units, first=bool(ROMANCE.intersection(reader.languages)))
    return query


_RELATING = frozenset(
    {*("for", "with", "from", "in", "on", "of", "at"), *("fur", "mit", "aus", "von", "vom", "zum", "zur")}
    | {*("pour", "avec", "en", "de", "du", "des", "d"), *("para", "con", "de", "del"), *("per", "con", "di", "da")}
)
"""What stands behind one of these is not the thing asked for: "plant for the living room"."""


def _is_thing(form: str, word: str) -> bool:
    """Whether a form of a thing's name is one too."""
    return not any(form.endswith(ending) and not word.endswith(ending) for ending in ("ed", "ing", "able"))


def _not_what_is_had(units: Sequence[Unit], own: Sequence[Unit]) -> None:
    """Who says "my phone" has one: what is asked for is another thing, or what the purpose calls to mind."""
    if not any(unit.kind and unit not in own for unit in units):
        for unit in units:
            unit.kind |= unit.purpose
    if any(unit.kind and unit not in own for unit in units):
        for unit in own:
            unit.kind = False


def _one_thing(units: Sequence[Unit], *, first: bool) -> None:
    """Of things named side by side one is asked for: the last, in some languages the `first`; the other says more."""
    for one, other in pairwise(units):
        if one.kind and other.kind:
            (other if first else one).kind = False


def _languages(words: Sequence[str], shop: Vocabulary) -> tuple[str, ...]:
    """Languages that know most of a query's words, the likeliest first: the shop's own are ahead by a nose."""
    known = {
        language: sum(word in lexicon().stops[language] or bool(lexicon().means([word], [language])) for word in words)
        + 0.5 * (language in shop.languages)
        for language in LANGUAGES
    }
    most = max(known.values())
    return tuple(sorted((one for one in LANGUAGES if known[one] >= most - 0.5), key=lambda one: -known[one]))


@cache
def _listed() -> Speller:
    """Words of the lists, where they mean something."""
    speller = Speller()
    for word in sorted(lexicon().known):
        if len(word) > 3:
            speller.add(word)
    return speller


@dataclass
class _Reader:
    shop: Vocabulary
    described: dict[str, int]
    languages: tuple[str, ...]
    sentence: bool = False

    @property
    def stops(self) -> frozenset[str]:
        """Small words of the query's languages and of the shop's."""
        spoken = {*self.languages, *self.shop.languages}
        return frozenset().union(*(lexicon().stops[language] for language in spoken))

    def says_nothing(self, phrase: Phrase) -> bool:
        """Whether it is a small word, and none that means something in another of these languages ("hat")."""
        if len(phrase) > 1 or phrase[0] not in self.stops:
            return False
        return not (self.shop.named(phrase, self.shop.languages) or lexicon().means(phrase, self.languages))

    def read(self, words: Sequence[str], read_as: dict[str, tuple[str, ...]]) -> Iterator[_Read]:
        """Each word as it is known; a compound nobody lists as its parts; a slip as what was meant."""
        for word in words:
            if word.isdigit() or self.knows(word):
                slip = self._slip_of_a_thing(word)
                if slip is not None:
                    read_as[word] = (slip[0],)
                yield _Read(*slip) if slip is not None else _Read(word, 1.0)
            elif (folded := self._without_umlauts(word)) is not None:
                yield _Read(folded, 1.0)
            elif compound := self._parts(word, things=True):
                yield from (_Read(part, COMPOUND) for part in compound)
            elif near := self._near(word):
                read_as[word] = tuple(other for other, _ in near)
                yield _Read(*near[0])
            elif parts := self._parts(word):
                read_as[word] = parts
                yield from (_Read(part, COMPOUND) for part in parts)
            else:
                yield _Read(word, 1.0)

    def knows(self, word: str) -> bool:
        """Whether the shop or a list knows a word."""
        if word in self.shop.words or word in lexicon().known or self.described.get(word, 0) >= KNOWN_FROM:
            return True
        return bool(self.shop.forms(word, self.shop.languages)) or bool(lexicon().means([word], self.languages))

    def cut(self, read: Sequence[_Read]) -> Iterator[tuple[Phrase, float]]:
        """Phrases of a query, the longest known ones; else word by word."""
        at = 0
        while at < len(read):
            for size in range(min(lexicon().longest, len(read) - at), 0, -1):
                phrase = tuple(one.word for one in read[at : at + size])
                if size == 1 or self._is_phrase(phrase):
                    break
            yield phrase, min(one.weight for one in read[at : at + size])
            at += size

    def meant(self, phrase: Phrase, weight: float) -> Unit:
        """What a phrase may mean in this shop."""
        shop, unit = self.shop, Unit(phrase, weight)
        own = shop.named(phrase, shop.languages)
        for value in own:
            unit.put(Term("value", value), NAME)
        unit.kind = any(shop.fields[value] == CATEGORY for value in own)
        foreign = bool(own) and self._means_another_thing(phrase)
        spoken = self.languages[:1] if foreign else self.languages
        concepts = list(dict.fromkeys(meaning.concept for meaning in lexicon().means(phrase, spoken)))
        unit.kind |= any(concept.startswith("kind.") for concept in concepts)
        in_title = WORD_TOO if own else WORD
        aside = MENTIONED if unit.kind and not (shop.has_categories or self.sentence) else 1.0
        if len(phrase) == 1:
            self._by_word(unit, phrase[0], aside * in_title)
        else:
            beside, whole = ("said", LOOSE) if concepts and not own else ("phrase", 1.0)
            unit.put(Term("phrase", phrase), whole * aside * in_title)
            unit.put(Term("bare_phrase", phrase), whole * WORD)
            unit.put(Term(beside, phrase), aside * in_title)
            unit.put(Term("said_bare", phrase), WORD)
        if foreign:
            unit.terms = {term: FOREIGN * worth for term, worth in unit.terms.items()}
        for concept in concepts:
            self._by_concept(unit, concept)
            unit.purpose |= concept.startswith("purpose.") and bool(unit.terms)
        if len(phrase) > 1 and not own:
            for word in phrase:
                for term, worth in self.meant((word,), 1.0).terms.items():
                    unit.put(term, LOOSE * worth)
        return unit

    def _means_another_thing(self, phrase: Phrase) -> bool:
        """Whether it is the name of one thing in the shop's language and of another in the query's ("robe")."""
        if self.languages[0] in self.shop.languages:
            return False
        there, here = (
            {meaning.concept for meaning in lexicon().means(phrase, spoken)}
            for spoken in (self.languages[:1], self.shop.languages)
        )
        return bool(there) and bool(here) and here.isdisjoint(there)

    def _is_phrase(self, phrase: Phrase) -> bool:
        if phrase in lexicon().functions["without"]:
            return True
        if phrase[0] in self.stops and phrase[-1] in self.stops:
            return False
        return bool(self.shop.named(phrase, self.shop.languages) or lexicon().means(phrase, self.languages))

    def _by_word(self, unit: Unit, word: str, in_title: float) -> None:
        shop = self.shop
        for value in shop.holding(word, shop.languages):
            if shop.fields[value] == BRAND:
                unit.put(Term("value", value), OF_BRAND)
            else:
                is_head = shop.head(value) in shop.forms(word, shop.languages)
                unit.put(Term("value", value), HEAD if is_head else PART)
        for form in shop.forms(word, shop.languages):
            worth = 1.0 if form == word else FORM
            for space, share in (("word", in_title), ("bare", WORD), ("described", DESCRIBED), ("seen", SEEN)):
                unit.put(Term(space, form), share * worth)
        if word in self.described:
            unit.put(Term("described", word), DESCRIBED)

    def _by_concept(self, unit: Unit, concept: str) -> None:
        found = False
        for term, worth in self._said(concept):
            found |= term.space == "value"
            unit.put(term, worth * (MEANT if term.space == "value" else WORD_MEANT))
        for kind in lexicon().under(concept):
            for term, worth in self._said(kind):
                if term.space == "value":
                    found = True
                    unit.put(term, worth * KIND_OF)
                elif not self.shop.has_categories:  # which would say it if it were one
                    unit.put(term, worth * WORD_KIND_OF)
        for called in () if found else lexicon().calls_to_mind.get(concept, ()):
            for kind in (called, *(lexicon().under(called) if concept.startswith("purpose.") else ())):
                for term, worth in self._said(kind):
                    unit.put(term, worth * CALLED_TO_MIND)
        broader = lexicon().broader.get(concept)
        if broader is None:
            return
        for term, worth in self._said(broader):
            if term.space == "value" or not self.shop.has_categories:
                unit.put_near(
                    term,
                    worth
                    * (BROADER if found or term.space != "value" else MISSING)
                    * (1.0 if term.space == "value" else WORD_MEANT),
                )
        for other in lexicon().narrower[broader] if concept.startswith("kind.") else ():
            for term, worth in self._said(other) if other != concept else ():
                if term.space != "value":
                    continue
                unit.put_near(term, worth * (BESIDE if found else BESIDE_MISSING))

    def _said(self, concept: str) -> Iterator[tuple[Term, float]]:
        """Values and title words by which the shop says a concept, in its own languages or in any."""
        shop = self.shop
        for language, phrases in lexicon().words[concept].items():
            spoken = language in shop.languages
            for phrase in phrases:
                for value in shop.named(phrase, (language,)):
                    if shop.may_mean(value, concept) and (spoken or not self._means(shop.names[value])):
                        yield Term("value", value), 1.0
                if not spoken:
                    continue
                aside = MENTIONED if concept.startswith("kind.") and not shop.has_categories else 1.0
                if len(phrase) > 1:
                    yield Term("said", phrase), aside
                    yield Term("said_bare", phrase), 1.0
                    continue
                for value in shop.holding(phrase[0], (language,)):
                    if shop.may_mean(value, concept) and self._is_about(value, phrase[0], language):
                        yield Term("value", value), 0.8
                for form in shop.forms(phrase[0], (language,)):
                    alike = 1.0 if aside == 1.0 or _is_thing(form, phrase[0]) else DOING
                    yield Term("word", form), aside * alike
                    yield Term("bare", form), alike

    def _means(self, name: Phrase) -> bool:
        return bool(lexicon().means(name, self.shop.languages))

    def _is_about(self, value: int, word: str, language: str) -> bool:
        """Whether a word is the thing in a value's name, of which the lists know nothing as a whole."""
        shop = self.shop
        name = shop.names[value]
        if len(name) < 2 or shop.fields[value] == BRAND or self._means(name):
            return False
        return shop.head(value) in shop.forms(word, (language,))

    def _without_umlauts(self, word: str) -> str | None:
        """A word typed on a keyboard without umlauts: "guertel"."""
        for typed, letter in (("ue", "u"), ("ae", "a"), ("oe", "o")):
            if typed in word and self.knows(other := word.replace(typed, letter)):
                return other
        return None

    def _near(self, word: str) -> list[tuple[str, float]]:
        found = dict(self.shop.speller.near(word, self._frequency))
        if max(found.values(), default=0.0) < MEANT:
            for other, alike in _listed().near(word, self._frequency):
                if lexicon().means([other], self.languages[:1]):
                    found[other] = max(found.get(other, 0.0), alike - LISTED)
        ranked = sorted(found.items(), key=lambda one: (-one[1] - 0.01 * math.log1p(self._frequency(one[0])), one[0]))
        return ranked[:2]

    def _frequency(self, word: str) -> int:
        return self.shop.frequency(word)

    def _slip_of_a_thing(self, word: str) -> tuple[str, float] | None:
        """A word of which no more than a stem is known, one letter from a thing's name: "earings"."""
        shop = self.shop
        if len(word) < 6 or word in shop.words or word in lexicon().known or lexicon().means([word], self.languages):
            return None
        forms = shop.forms(word, shop.languages)
        if min((len(word) - len(form) for form in forms), default=0) < FAR_FORM:
            return None
        for other, alike in shop.speller.near(word, self._frequency):
            if edits(word, other) == 1 and other[0] == word[0] and self._names_a_thing(other):
                return other, alike
        return None

    def _names_a_thing(self, word: str) -> bool:
        return any(meaning.concept.startswith("kind.") for meaning in lexicon().means([word], self.shop.languages))

    def _parts(self, word: str, *, things: bool = False) -> tuple[str, ...]:
        """A compound's parts, where all of it is known: "Sommerkleid"; `things`: where the German list says what both
        are, and the whole is a thing."""
        for cut in range(3, len(word) - 2):
            first, last = word[:cut], word[cut:]
            if (len(last) > 3 and not things and self.knows(last)) or _listed_thing(last):
                for stem in (first, first.removesuffix("s"), first.removesuffix("n"), first.removesuffix("en")):
                    if len(stem) > 2 and (bool(lexicon().means([stem], ["de"])) if things else self.knows(stem)):
                        return stem, last
        return ()


def _listed_thing(word: str) -> bool:
    return any(meaning.concept.startswith("kind.") for meaning in lexicon().means([word], ["de"]))
