"""Words become what a generator of product pictures is asked for: type, colour, for whom, for what, worn or laid flat.

Idea     The words that it learnt are a vocabulary like a shop's, so a text is understood as a search understands it
         (`models/search`), in five languages, with the merchant's synonyms. What the lists know and it cannot draw, a
         thing it never learnt, and a word that nobody knows are told apart and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from bottega.datasets.photos.asked import AskedNames
from bottega.languages.fold import fold, tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.steering import asks_only, cut, pattern, picked
from bottega.languages.synonyms import Synonyms
from bottega.models.blocks.colour_words import lab_of_word, shaded
from bottega.models.search.listing import CATEGORY
from bottega.models.search.query import Query, understood
from bottega.models.search.unit import Unit
from bottega.models.search.vocabulary import Value, Vocabulary
from bottega.models.studio.products.turns import AskedProduct, Steering
from bottega.models.studio.products.usual import Lab, Usual

__all__ = ["NotDrawn", "ProductWords", "read_words"]

Why = Literal["unknown", "not_drawn", "not_learnt", "excluded", "drawn_instead"]
_GENDER, _USAGE, _COLOUR = "gender", "usage", "color"
_SURE = 0.7
"""A unit means a value from here on."""
_NEAR = 0.4
"""What is drawn instead of a thing that was never learnt is so near at least."""
_FOR = re.compile(r"\bfür\b", re.IGNORECASE)
"""Without its dots it would be an English fur."""
_WORD = re.compile(r"(?<![\w'’-])\w+(?![\w'’])")
_SHADES = {"shade.dark": "dark", "shade.light": "light"}


@dataclass(frozen=True, slots=True)
class NotDrawn:
    """Words of the text that nothing was drawn of, and why; `instead`: what stands in their place."""

    words: str
    why: Why
    instead: str = ""


@dataclass(frozen=True, slots=True)
class ProductWords:
    """What a text asks for, what it asks to be otherwise, and what of it cannot be drawn."""

    asked: AskedProduct
    steering: Steering
    not_drawn: tuple[NotDrawn, ...] = ()

    @property
    def says_something(self) -> bool:
        return bool(self.asked) or bool(self.steering)


@dataclass(slots=True)
class _Found:
    type: str | None = None
    lab: Lab | None = None
    gender: str | None = None
    usage: str | None = None
    not_drawn: list[NotDrawn] = field(default_factory=list)
    shades: list[tuple[str, str]] = field(default_factory=list)
    """Words and what they say of a colour."""


def read_words(text: str, names: AskedNames, usual: Usual, *, synonyms: Synonyms | None = None) -> ProductWords:
    """What a text says, be it the first one or a turn."""
    rest = fold(_FOR.sub("for", text))
    alike, _, rest = picked(rest)
    other_colour, rest = _other_colour(rest)
    steps = 0
    for line, step in (("darker", -1), ("lighter", 1)):
        said, rest = cut(rest, line)
        steps += step if said else 0
    worn: bool | None = None
    for line, value in (("worn", True), ("flat", False)):
        said, rest = cut(rest, line)
        while said:
            worn = value
            said, rest = cut(rest, line)
    fresh, rest = cut(rest, "fresh")
    rest = _WORD.sub(lambda found: "" if asks_only(found[0]) else found[0], rest)
    vocabulary, values = _vocabulary(names, usual.colours)
    query = understood(rest, vocabulary, lambda _: 0, synonyms=synonyms)
    found = _Found()
    for unit in query.units:
        _take(found, unit, query, vocabulary, values, names, usual)
    found.not_drawn += _left(query, found)
    _shade(found)
    asked = AskedProduct(found.type, found.lab, found.gender, found.usage, worn)
    return ProductWords(asked, Steering(steps, alike, bool(fresh), other_colour), tuple(found.not_drawn))


def _take(
    found: _Found,
    unit: Unit,
    query: Query,
    vocabulary: Vocabulary,
    values: dict[Value, str],
    names: AskedNames,
    usual: Usual,
) -> None:
    """What one unit of the text says."""
    words = " ".join(unit.phrase)
    concepts = [one.concept for one in lexicon().means(unit.phrase, query.languages)]
    meant = _meant(unit, vocabulary)
    best = max(meant.values(), default=0.0)
    shade = next((_SHADES[one] for one in concepts if one in _SHADES), "")
    if shade and best < _SURE:
        found.shades.append((words, shade))
        return
    surest = [value for value, worth in meant.items() if worth >= best - 1e-6 and worth >= _SURE]
    kinds = [values[value] for value in surest if value.field == CATEGORY]
    colour = next((values[value] for value in surest if value.field == _COLOUR), "")
    if kinds:
        kind = max(kinds, key=lambda name: int(usual.counts[names.types.index(name)]))
        if found.type in (None, kind):
            found.type = kind
        else:
            found.not_drawn.append(NotDrawn(words, "not_drawn"))
    elif colour:
        found.lab = _between(found.lab, _named(usual, colour))
    elif (lab := lab_of_word(words, query.languages or ("en",))) is not None:
        found.lab = _between(found.lab, (round(lab[0], 2), round(lab[1], 2), round(lab[2], 2)))
    elif genders := [values[value] for value in surest if value.field == _GENDER]:
        found.gender = genders[0]
        if len({one for one in genders if one != "Unisex"}) > 1:
            found.not_drawn.append(NotDrawn(words, "drawn_instead", found.gender))
    elif usage := next((values[value] for value in surest if value.field == _USAGE), ""):
        found.usage = usage
    elif unit.kind or any(one.startswith("kind.") for one in concepts):
        _instead(found, unit, words, vocabulary, values)
    else:
        found.not_drawn.append(NotDrawn(words, "not_drawn" if concepts else "unknown"))


def _instead(found: _Found, unit: Unit, words: str, vocabulary: Vocabulary, values: dict[Value, str]) -> None:
    """A thing that was never learnt: what is nearest to it is drawn, where anything is near."""
    near = {value: worth for value, worth in _meant(unit, vocabulary, near=True).items() if value.field == CATEGORY}
    best = max(near.values(), default=0.0)
    if best < _NEAR or found.type is not None:
        found.not_drawn.append(NotDrawn(words, "not_learnt"))
        return
    found.type = next(values[value] for value, worth in near.items() if worth == best)
    found.not_drawn.append(NotDrawn(words, "drawn_instead", found.type))


def _shade(found: _Found) -> None:
    """Words for dark and light are of the colour beside them; without one they say nothing that can be drawn."""
    for words, shade in found.shades:
        if found.lab is None:
            found.not_drawn.append(NotDrawn(words, "not_drawn"))
        else:
            lab = shaded(found.lab, shade)
            found.lab = round(lab[0], 2), round(lab[1], 2), round(lab[2], 2)


def _left(query: Query, found: _Found) -> Iterator[NotDrawn]:
    """What the query has besides units."""
    for words in query.unknown:
        known = [one.concept for one in lexicon().means(tokens(words))]
        if shade := next((_SHADES[one] for one in known if one in _SHADES), ""):
            found.shades.append((words, shade))
            continue
        thing = any(one.concept.startswith("kind.") for one in lexicon().means(tokens(words), query.languages))
        yield NotDrawn(words, "not_learnt" if thing else "not_drawn" if known else "unknown")
    for unit in query.excluded:
        yield NotDrawn(" ".join(unit.phrase), "excluded")
    if query.price or query.cheap:
        yield NotDrawn("price", "not_drawn")


def _meant(unit: Unit, vocabulary: Vocabulary, *, near: bool = False) -> dict[Value, float]:
    terms = unit.near if near else unit.terms
    return {vocabulary.value_of(term.key): worth for term, worth in terms.items() if term.space == "value"}  # type: ignore[arg-type]


def _named(usual: Usual, colour: str) -> Lab:
    lightness, a, b = usual.labs[usual.colours.index(colour)].astype(float).round(2).tolist()
    return lightness, a, b


def _between(one: Lab | None, other: Lab) -> Lab:
    """Two colours named side by side are one between them: "blue green"."""
    if one is None:
        return other
    lightness, a, b = (round((mine + theirs) / 2, 2) for mine, theirs in zip(one, other, strict=True))
    return lightness, a, b


def _other_colour(text: str) -> tuple[bool, str]:
    """Whether any other colour is asked for: "another colour", "couleur différente"."""
    other, colour = pattern("another").search(text), pattern("of_colour").search(text)
    if other is None or colour is None:
        return False, text
    first, last = sorted((other.span(), colour.span()))
    if text[first[1] : last[0]].strip():
        return False, text
    return True, f"{text[: first[0]]} {text[last[1] :]}"


@lru_cache(4)
def _vocabulary(names: AskedNames, colours: tuple[str, ...]) -> tuple[Vocabulary, dict[Value, str]]:
    """The words of a generator as those of a shop, and the name of each value."""
    vocabulary, values = Vocabulary(), {}
    lists: Sequence[tuple[str, Sequence[str]]] = (
        (CATEGORY, names.types), (_GENDER, names.genders), (_USAGE, names.usages), (_COLOUR, colours),
    )  # fmt: skip
    for name, spelt in lists:
        for one in spelt:
            if one:
                values[vocabulary.value_of(vocabulary.value(name, tuple(tokens(one))))] = one
    return vocabulary, values
