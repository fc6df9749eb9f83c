"""What a line means in this shop: its words as parts of a wish, its pointing as products.

The shop's own search understands the words, so that a talk and a search mean the same by them. A talk holds more words
than a query, most of which are about nothing for sale: what no listing holds counts for nothing, and a word is read as
a slip of another only where it all but is one that names a thing or a value ("sneekers"), never as some word of a title
that looks like it ("time", "tire").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import cache

import numpy as np
from rapidfuzz.distance import OSA

from bottega.actions.assistant.plain_words import plainly
from bottega.actions.assistant.wish import CHEAP, KIND, ORDER, PRICE, WORDS, HeardWords, same_thing
from bottega.actions.search.words import SaidInTalk
from bottega.languages.fold import fold, tokens
from bottega.languages.lexicon import STEPS, lexicon
from bottega.languages.talking import talking, talking_languages
from bottega.languages.writing import writing, writing_languages
from bottega.models.dialogue.known_words import known_words
from bottega.models.dialogue.state import WishPart
from bottega.models.search.heads import upwards
from bottega.models.search.kinds import Kind, things_in
from bottega.models.search.query import Query
from bottega.models.search.unit import Unit
from bottega.names import BoolArray
from bottega.shop.search.index import SearchIndex

__all__ = ["all_said", "belonging", "hear", "key_of"]

SLIP_FROM = 5
"""Shorter words are no slips."""
MOSTLY = 0.3
"""So much of what is called by a name must be the wish's own thing, for the name to be of it."""
SURE = 0.85
"""So surely a value is meant by its words to be of the value's field."""
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_NO = re.compile(r"^\s*(?:no|nope|nein|nee|non|not that)\b[\s,.!;:–-]*", re.IGNORECASE)
_NO_BEFORE = re.compile(r"^\s*(?:no|nope|nein|nee|non)\s*[,.!;:–-]+\s*", re.IGNORECASE)
"""A "no" that answers what was said before; "no leather" denies leather."""
_FIELDS = ("colour", "material", "people", "size", "season", "occasion")
"""Fields that words are of by their meaning, whether or not the shop has a value of them."""


def hear(index: SearchIndex, size: int, text: str, language: str, *, corrects: bool = False) -> HeardWords:
    """What words ask of this shop; `size`: how many products stand on its shelf. `corrects`: the line before was wrong,
    so that a "no" at its beginning denies that, and nothing that follows."""
    text = plainly((_NO if corrects else _NO_BEFORE).sub("", text), language)
    parts: dict[tuple[str, str, bool], WishPart] = {}
    unknown: list[str] = []
    missing = ""
    order, text = _superlative(text)
    step = _step_in(text)
    for piece in _SENTENCE.split(text):
        query = _read(index, piece)
        unknown += query.unknown
        for denied, units in ((False, query.units), (True, query.excluded)):
            for unit in units:
                words, what = _as_said(piece, unit.phrase), _what(index, unit)
                if not _is_held(index, unit, size):
                    if unit.purpose:
                        continue  # "do you carry": what the shop does, not what is wanted for carrying
                    if what == KIND and not denied:
                        missing = words
                    unknown.append(words)
                    continue
                parts.setdefault((what, words, denied), WishPart(what, words, denied))
        if query.price:
            parts[PRICE, "", False] = WishPart(PRICE, _bounds(query))
        if query.cheap and not step:
            parts[CHEAP, "", False] = WishPart(CHEAP, _cheap_in(piece))
    if order:
        parts[ORDER, "", False] = WishPart(ORDER, order)
    return HeardWords(tuple(parts.values()), step, tuple(dict.fromkeys(unknown)), missing)


def all_said(index: SearchIndex, lines: Sequence[str], wish: Sequence[WishPart], language: str) -> SaidInTalk:
    """Lines of a talk as the shop's search reads them, sentence by sentence, and what its wish is called."""
    pieces = [piece for line in lines for piece in _SENTENCE.split(plainly(_NO_BEFORE.sub("", line), language))]
    kinds = [index.understood(part.words) for part in wish if part.what == KIND and not part.denied]
    return SaidInTalk([_read(index, one) for one in pieces if one.strip()], kinds, known_words(language))


def belonging(index: SearchIndex, size: int, wish: Sequence[WishPart], heard: HeardWords) -> frozenset[str]:
    """Names of things that here are mostly said of the wish's own thing, or of what is another thing: the battery of
    watches, no table of lamps."""
    own = _called(index, size, [part.words for part in wish if part.what == KIND and not part.denied])
    found = set()
    for name in (part.words for part in heard.parts if part.what == KIND and not part.denied):
        called = _called(index, size, [name])
        if not called.any():
            continue
        if (called & own).sum() >= MOSTLY * called.sum() or not _is_sold(index, name, called):
            found.add(name)
    return frozenset(found)


def _is_sold(index: SearchIndex, name: str, called: BoolArray) -> bool:
    """Whether enough of the products called so are that thing, as far as anybody knows what they are."""
    meant = {one.concept for one in lexicon().means(tuple(tokens(name))) if one.concept.startswith("kind.")}
    kinds = Counter(kind for row in np.flatnonzero(called).tolist() if (kind := index.kinds.of(row)))
    so = sum(count for kind, count in kinds.items() if _is_kind(kind, name, meant, index.languages))
    return so >= MOSTLY * kinds.total()


def _is_kind(kind: Kind, name: str, meant: Collection[str], languages: tuple[str, ...]) -> bool:
    if any(same_thing(level, name) for level in kind if not level.startswith("kind.")):
        return True
    return any(up in meant for one in things_in(kind[-1], languages) for up in upwards(one))


def _called(index: SearchIndex, size: int, names: Sequence[str]) -> BoolArray:
    """Which products are called so."""
    called: BoolArray = np.zeros(size, dtype=np.bool_)
    for unit in (unit for name in names for unit in index.understood(name, exact=True).units if unit.terms):
        called |= np.asarray(index.sureness(unit.terms, size) > 0)
    return called


def _read(index: SearchIndex, text: str) -> Query:
    """The query of a text; words that would be read as what they are not are taken as typed."""
    query = index.understood(text)
    wrong = {word for word, near in query.read_as.items() if not _is_slip(index, word, near)}
    return index.understood(text, as_typed=frozenset(wrong)) if wrong else query


def _is_slip(index: SearchIndex, word: str, near: Sequence[str]) -> bool:
    """Whether a word all but is one that names a thing or a value of the shop; of a compound, whether its parts do."""
    if len(near) > 1 and "".join(near) == word:
        return True
    other = near[0]
    if len(word) < SLIP_FROM or word[0] != other[0] or OSA.distance(word, other) > 1 + (len(word) > 7):
        return False
    units = index.understood(other, exact=True).units
    return any(unit.kind or any(term.space == "value" for term in unit.terms) for unit in units)


def _is_held(index: SearchIndex, unit: Unit, size: int) -> bool:
    return bool(unit.terms) and bool(index.sureness(unit.terms, size).any())


def _what(index: SearchIndex, unit: Unit) -> str:
    """The field that a unit is of."""
    if unit.kind:
        return KIND
    families = {one.concept.partition(".")[0] for one in lexicon().means(unit.phrase)}
    if named := next((one for one in _FIELDS if one in families), ""):
        return named
    values = [(weight, term.key) for term, weight in unit.terms.items() if term.space == "value" and weight >= SURE]
    if not values:
        return WORDS
    field = index.field_of(max(values)[1])  # type: ignore[arg-type]
    return key_of(field)


def key_of(field: str) -> str:
    """What a field of the catalogue is about, whatever the export calls it: "base_colour" is a colour."""
    return KIND if field == "category" else _keys().get(field, field)


@cache
def _keys() -> dict[str, str]:
    """What attributes are called in exports, and the key that each is of."""
    named: dict[str, str] = {}
    for code in writing_languages():
        for key, names in writing(code).attributes.items():
            for name in names:
                named.setdefault(name, key)
    return named


def _as_said(text: str, phrase: Sequence[str]) -> str:
    """A phrase as it stands in the text; its own words where it stands there otherwise."""
    words = re.findall(r"[^\s,.;:!?()\"“”„«»]+", text)
    for size in range(1, len(phrase) + 2):
        for start in range(len(words) - size + 1):
            if tokens(" ".join(words[start : start + size])) == list(phrase):
                return " ".join(words[start : start + size])
    return " ".join(phrase)


def _bounds(query: Query) -> str:
    """Prices as the search reads them again in any language."""
    least, most = query.price.least, query.price.most
    if least is not None and most is not None:
        return f"between {least:.2f} and {most:.2f}"
    return f"under {most:.2f}" if most is not None else f"over {least:.2f}"


def _cheap_in(text: str) -> str:
    words = re.findall(r"\w+", text)
    for size in (3, 2, 1):
        for start in range(len(words) - size + 1):
            said = words[start : start + size]
            if any(one.concept == "quality.cheap" for one in lexicon().means(tuple(tokens(" ".join(said))))):
                return " ".join(said)
    return "cheap"


def _step_in(text: str) -> str:
    words = tokens(text)
    phrases, longest = _steps()
    said = {tuple(words[at : at + size]) for size in range(1, longest + 1) for at in range(len(words) - size + 1)}
    return next((step for step in STEPS if not said.isdisjoint(phrases[step])), "")


@cache
def _steps() -> tuple[dict[str, frozenset[tuple[str, ...]]], int]:
    """The phrases of each step, and how many words the longest has."""
    phrases = {step: frozenset(tuple(phrase) for phrase in lexicon().functions[step]) for step in STEPS}
    return phrases, max(len(phrase) for said in phrases.values() for phrase in said)


def _superlative(text: str) -> tuple[str, str]:
    """Which end of the prices is asked for, and the text without the words for it."""
    for order, pattern in _superlatives():
        if (found := pattern.search(fold(text))) and len(fold(text)) == len(text):
            return order, f"{text[: found.start()]} {text[found.end() :]}"
        if found:
            return order, pattern.sub(" ", fold(text))
    return "", text


@cache
def _superlatives() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for order in ("price_up", "price_down"):
        said = [fold(way) for code in talking_languages() for way in talking(code).ways[f"words.{order}"]]
        longest = sorted(said, key=len, reverse=True)
        found.append((order, re.compile(rf"\b(?:{'|'.join(map(re.escape, longest))})\b")))
    return tuple(found)
