"""What shall be otherwise? "Like this, but red", "in leather and cheaper", "una talla más", "andere Farbe".

Idea     Prices, steps ("cheaper", "darker", "another colour") and sizes are read first; the rest is a query like any
         other (query.py), whose units say which fields of the catalogue they are about. A colour that the shop has a
         value for is that value alone; all else is had by whoever holds the unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from bottega.languages.fold import fold, tokens
from bottega.languages.lexicon import NAMED, STEPS, lexicon
from bottega.models.blocks.colour_words import lab_of_word, means_colour
from bottega.models.search.listing import BRAND, CATEGORY
from bottega.models.search.meaning import MEANT, NAME
from bottega.models.search.prices import Bounds, bounds_in
from bottega.models.search.query import Query
from bottega.models.search.sizes import SIZES, size_in
from bottega.models.search.unit import Term, Unit
from bottega.models.search.vocabulary import TYPE_FIELDS, Vocabulary
from bottega.models.search.word_search import WordSearch

__all__ = ["Change", "Changes", "colour_fields", "fields_called", "read_changes"]

What = Literal["colour", "size", "price", "kind", "attribute"]
SURE = 0.9
"""A unit is about the fields whose values it means so surely, beside the surest."""
HELD = 0.5
"""Who holds a unit so surely, beside the surest value, is that."""
COLOURED = 0.6
"""A field is one of colours where such a share of its values are."""
_OF_STEP: Mapping[str, What] = {
    "cheaper": "price", "dearer": "price", "larger": "size", "smaller": "size", "darker": "colour", "lighter": "colour",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that shall be otherwise."""

    words: str
    """As the text says it."""
    what: What
    fields: tuple[str, ...] = ()
    """Fields of the catalogue that it is about; empty where the shop has none for it."""
    terms: Mapping[Term, float] = field(default_factory=dict)
    near: Mapping[Term, float] = field(default_factory=dict)
    least: float = 0.0
    """Who holds the terms so surely is that; 0 where it is a share (`HELD`) of how surely the surest does."""
    lab: tuple[float, float, float] | None = None
    """Of a colour, where it is."""
    step: str = ""
    """One of `STEPS`, or `another`: any value but those that the product has."""
    size: str = ""
    price: Bounds = field(default_factory=Bounds)
    denied: bool = False
    """Whether it shall not be that."""


@dataclass(frozen=True, slots=True)
class Changes:
    """All that shall be otherwise, and the query that was read for it."""

    asked: list[Change]
    query: Query

    def __bool__(self) -> bool:
        return bool(self.asked)


def read_changes(text: str, search: WordSearch) -> Changes:
    """What a text asks to be otherwise, in the words of this shop and of the lists."""
    shop = search.vocabulary
    asked: list[Change] = []
    price, rest = bounds_in(fold(text))
    if price:
        asked.append(Change(text.strip(), "price", price=price))
    said, rest = _cut(rest, _another())
    if said is not None:
        line = next(name for name in NAMED if tuple(tokens(said["named"] or said["named_first"])) in _phrases(name))
        asked.append(Change(said[0].strip(), _what(line), fields_called(line, shop), step="another"))
    for step in STEPS:
        said, rest = _cut(rest, _step(step))
        if said is not None:
            what = _OF_STEP[step]
            line = {"colour": "of_colour", "size": "of_size"}.get(what, "")
            asked.append(Change(said[0].strip(), what, fields_called(line, shop) if line else (), step=step))
    size, rest = size_in(rest, text)
    if size:
        asked.append(Change(size, "size", fields_called("of_size", shop), size=size))
    named, rest = _named_fields(rest, shop)
    query = search.understood(rest)
    if query.cheap and not any(one.what == "price" for one in asked):
        asked.append(Change("cheap", "price", step="cheaper"))
    named += tuple(_called_by(query.units, shop))
    for units, denied in ((query.units, False), (query.excluded, True)):
        for unit in units:
            if (unit.terms or unit.near) and "_".join(unit.phrase) not in named:
                asked.append(_of_unit(unit, query, shop, named, denied))
    return Changes(asked, query)


def _called_by(units: Sequence[Unit], shop: Vocabulary) -> Iterator[str]:
    """Fields that a unit is the name of, where another unit has values in them: "black frame"."""
    for unit in units:
        name = "_".join(unit.phrase)
        others = (term for other in units if other is not unit for term in other.terms if term.space == "value")
        if any(shop.value_of(term.key).field == name for term in others):  # type: ignore[arg-type]
            yield name


def colour_fields(shop: Vocabulary) -> tuple[str, ...]:
    """Fields that say colours: those called so, else those whose values are."""
    called = fields_called("of_colour", shop)
    if called:
        return called
    found = []
    for name in shop.field_names:
        values = shop.of_field(name)[:200]
        coloured = sum(means_colour(" ".join(shop.value_of(value).name), shop.languages) for value in values)
        if name not in (CATEGORY, BRAND) and len(values) > 1 and coloured >= COLOURED * len(values):
            found.append(name)
    return tuple(found)


def fields_called(line: str, shop: Vocabulary) -> tuple[str, ...]:
    """Fields of the shop that a line of the lists names, as in `of_size`."""
    named = _phrases(line)
    if line == "of_brand":
        return (BRAND,)
    return tuple(
        name for name in shop.field_names if any(one in named for one in _runs(tokens(name.replace("_", " "))))
    )


def _of_unit(unit: Unit, query: Query, shop: Vocabulary, named: tuple[str, ...], denied: bool) -> Change:
    """A unit of the query as a change: what it is about, by the fields of the values that it means most surely."""
    words = " ".join(unit.phrase)
    values = {term: worth for term, worth in unit.terms.items() if term.space == "value"}
    meant = [one.concept for one in lexicon().means(unit.phrase, query.languages or shop.languages)]
    size = next((SIZES[concept] for concept in meant if concept in SIZES), "")
    if size and not denied and not values:
        return Change(words, "size", fields_called("of_size", shop), size=size)
    within = _within(values, shop, named)
    coloured = colour_fields(shop)
    if (not named and any(concept.startswith("colour.") for concept in meant)) or _any_in(within, coloured, shop):
        kept = _in_fields(values, coloured, shop)
        lab = lab_of_word(words, query.languages or shop.languages)
        if kept or lab is not None:
            least = NAME if max(kept.values(), default=0.0) >= NAME else MEANT
            return Change(words, "colour", coloured, kept | _of_words(unit), unit.near, least, lab, denied=denied)
    fields = _surest(within, shop)
    things = {CATEGORY, *(name for name in fields if any(word in name for word in TYPE_FIELDS))}
    other = [concept for concept in meant if not concept.startswith("kind.")]
    if unit.kind and not other and set(fields) <= things:
        return Change(words, "kind", fields, unit.terms, unit.near, denied=denied)
    kept = _in_fields(within, fields, shop) | _of_words(unit)
    return Change(words, "attribute", fields, kept, unit.near, denied=denied)


def _within(values: Mapping[Term, float], shop: Vocabulary, named: tuple[str, ...]) -> dict[Term, float]:
    """Values in the fields that the text names, where there are any."""
    inside = _in_fields(values, named, shop)
    return inside or dict(values)


def _in_fields(values: Mapping[Term, float], fields: Iterable[str], shop: Vocabulary) -> dict[Term, float]:
    wanted = set(fields)
    return {term: worth for term, worth in values.items() if shop.value_of(term.key).field in wanted}  # type: ignore[arg-type]


def _any_in(values: Mapping[Term, float], fields: tuple[str, ...], shop: Vocabulary) -> bool:
    """Whether the surest of these values is in one of these fields."""
    return bool(set(_surest(values, shop)) & set(fields))


def _surest(values: Mapping[Term, float], shop: Vocabulary) -> tuple[str, ...]:
    most = max(values.values(), default=0.0)
    sure = [term for term, worth in values.items() if worth >= SURE * most]
    return tuple(dict.fromkeys(shop.value_of(term.key).field for term in sure))  # type: ignore[arg-type]


def _of_words(unit: Unit) -> dict[Term, float]:
    """What of a unit a title may say; a description says too much."""
    return {term: worth for term, worth in unit.terms.items() if term.space not in ("value", "described")}


def _what(line: str) -> What:
    return {"of_size": "size", "of_colour": "colour"}.get(line, "attribute")  # type: ignore[return-value]


def _named_fields(text: str, shop: Vocabulary) -> tuple[tuple[str, ...], str]:
    """Fields that a text calls by name ("in size 42", "brand Nord"), and the text without their names."""
    fields: list[str] = []
    for line in NAMED:
        found, text = _cut(text, _step(line))
        if found is not None:
            fields += fields_called(line, shop)
    return tuple(fields), text


def _runs(words: list[str]) -> Iterable[tuple[str, ...]]:
    return [tuple(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)]


def _phrases(line: str) -> frozenset[tuple[str, ...]]:
    return lexicon().functions[line] if line else frozenset()


def _cut(text: str, pattern: re.Pattern[str]) -> tuple[re.Match[str] | None, str]:
    found = pattern.search(text)
    return found, text if found is None else f"{text[: found.start()]} {text[found.end() :]}"


@cache
def _step(line: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_any(lexicon().functions[line])}(?!\w)")


@cache
def _another() -> re.Pattern[str]:
    """ "another colour", "couleur différente"."""
    named = _any(frozenset().union(*(lexicon().functions[line] for line in NAMED)))
    other = _any(lexicon().functions["another"])
    return re.compile(rf"(?<!\w)(?:{other}\s+(?P<named>{named})|(?P<named_first>{named})\s+{other})(?!\w)")


def _any(phrases: frozenset[tuple[str, ...]]) -> str:
    texts = sorted((r"[\s-]+".join(map(re.escape, phrase)) for phrase in phrases), key=lambda text: (-len(text), text))
    return f"(?:{'|'.join(texts)})"
