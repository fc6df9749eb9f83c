"""A query understood: the thing asked for, what it shall be like, what it shall not be, what it may cost.

Idea     Words are read (reading.py) and cut into units, each of which may mean values and words of the shop
         (meaning.py). Of several things one is asked for; what stands behind "for" or "my" is not, and what stands
         behind "without" is excluded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bottega.languages.fold import SIZE_WORDS, fold, tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.synonyms import Synonyms
from bottega.models.search.learnt import LearntMeanings
from bottega.models.search.meaning import Meanings
from bottega.models.search.measures import measures_in
from bottega.models.search.prices import Bounds, bounds_in
from bottega.models.search.reading import Reader, languages_of
from bottega.models.search.unit import Unit
from bottega.models.search.vocabulary import ROMANCE, Vocabulary

__all__ = ["Query", "understood"]

WORDS_MOST = 60
"""Further words of a query are not read."""
SENTENCE = 12
"""So many words or more are a sentence: each counts by how rare it is, and none is what the others are about."""
_FOR = frozenset({"for", "fur", "zum", "zur", "pour", "para", "per"})
_RELATING = frozenset(
    {*("for", "with", "from", "in", "on", "of", "at"), *("fur", "mit", "aus", "von", "vom", "zum", "zur")}
    | {*("pour", "avec", "en", "de", "du", "des", "d"), *("para", "con", "de", "del"), *("per", "con", "di", "da")}
)
"""What stands behind one of these is not the thing asked for: "plant for the living room"."""


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


def understood(
    text: str,
    shop: Vocabulary,
    described: Callable[[str], int],
    *,
    synonyms: Synonyms | None = None,
    learnt: LearntMeanings | None = None,
    exact: bool = False,
    as_typed: frozenset[str] = frozenset(),
    prose: bool = True,
) -> Query:
    """What a query asks of a shop with this vocabulary; `described`: how many descriptions hold a word; `synonyms` of
    the merchant; what was `learnt` from shoppers; `exact`: no word is read as another, nor is any of those
    `as_typed`; `prose`: whether so many words as only prose has are read as such."""
    synonyms, learnt = synonyms or Synonyms(), learnt or LearntMeanings()
    price, rest = bounds_in(fold(text))
    words = _without_size_words(tokens(rest)[:WORDS_MOST])
    query = Query(text, price=price, sentence=prose and len(words) >= SENTENCE and not shop.has_categories)
    measures = {said: measure for measure, said in measures_in(rest) if measure in shop.words}
    spoken, alone = languages_of(words, shop), len(words) == 1
    reader = Reader(shop, described, spoken, synonyms, exact, measures, as_typed, alone, learnt)
    read = list(reader.read(words if exact or query.sentence else reader.joined(words), query.read_as))
    if query.read_as or any(one.beside for one in read):
        reader.languages = languages_of([one.word for one in read], shop)
    query.languages = reader.languages
    meanings = Meanings(shop, described, reader.languages, query.sentence, synonyms, measures, learnt)
    either, denied, behind, wanted, owned, last = False, False, False, False, False, False
    """Whether the next unit is another choice, is excluded, stands behind such a word, behind "for", is somebody's own;
    whether the last was excluded."""
    own: list[Unit] = []
    functions = lexicon().functions
    cut = [((one.word,), one.weight, one.beside) for one in read] if query.sentence else reader.cut(read)
    for phrase, weight, beside in cut:
        if phrase in functions["without"]:
            denied = True
            continue
        if phrase in functions["nor"] and (last or denied):
            denied = True
            continue
        if reader.says_nothing(phrase):
            if phrase[0] in _RELATING:
                behind, wanted = True, phrase[0] in _FOR
            either = phrase in functions["nor"]
            owned |= phrase in functions["own"]
            continue
        unit = meanings.meant(phrase, weight)
        unit.kind &= not beside and not (behind and any(other.kind for other in query.units))
        unit.behind = wanted
        joined, either = either, False
        if owned:
            own.append(unit)
        owned, last = False, denied
        if denied:
            query.excluded.append(unit)
            denied = False
        elif any(meaning.concept == "quality.cheap" for meaning in lexicon().means(phrase, reader.languages)):
            query.cheap = True
        elif joined and query.units and query.units[-1].kind == unit.kind:
            query.units[-1].may_be(unit)
        elif unit.terms or unit.near:
            query.units.append(unit)
        else:
            query.unknown.append(" ".join(phrase))
    _not_what_is_had(query.units, own)
    _one_thing(query.units, first=bool(ROMANCE.intersection(reader.languages)))
    return query


def _without_size_words(words: list[str]) -> list[str]:
    """The words but those for sizes that a number follows: "Größe 43" is no large one."""
    numbered = {place - 1 for place, word in enumerate(words) if word.isdigit()}
    return [word for place, word in enumerate(words) if word not in SIZE_WORDS or place not in numbered]


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
