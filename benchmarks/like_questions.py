"""Questions of the kind "like this, but ...", made from a catalogue's own rows by a seeded sampler (like_but.py)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from bottega.catalogue.product import Product
from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon

__all__ = ["Catalogue", "Question", "price_of", "values"]

COLOURS = ("color", "colour")
MOVED = ("material", "pattern", "brand", "size", "gender")
"""Attributes beside colour that are asked for."""
NOTHING = frozenset({"plain", "na", "none", "multi"})
CHEAPER = ("cheaper", "günstiger", "moins cher", "más barato", "più economico")


@dataclass(frozen=True)
class Question:
    """A product, what shall be different, and which values would be right."""

    asked: str
    """Which row of the table it counts in."""
    product: Product
    text: str
    wanted: dict[str, str] = field(default_factory=dict)
    """Attribute to value."""
    unwanted: dict[str, str] = field(default_factory=dict)
    cheaper: bool = False
    has: bool = True
    """Whether a product of the kind is all that."""
    by_photo: bool = False
    line: frozenset[str] = frozenset()
    """The same product in what was asked for, where the shop has it."""


class Catalogue:
    """Products that may be shown, by kind."""

    def __init__(self, products: Sequence[Product]) -> None:
        self.products = [one for one in products if one.recommendable and one.category]
        self.by_id = {one.id: one for one in self.products}
        self.of_kind: dict[tuple[str, ...], list[Product]] = defaultdict(list)
        self.line: dict[tuple[str, ...], list[Product]] = defaultdict(list)
        for one in self.products:
            self.of_kind[one.category].append(one)
            self.line[_line(one)].append(one)

    def others(self, product: Product) -> list[Product]:
        """What else is of its kind, its own variants left out."""
        mine = product.group_id or product.id
        return [one for one in self.of_kind[product.category] if (one.group_id or one.id) != mine]

    def questions(self, half: str, n: int, seed: int) -> Iterator[Question]:
        """Up to `n` of each sort, for products of one half."""
        rng = np.random.default_rng(seed)
        mine = [one for one in self.products if crc32(one.id.encode()) % 2 == (half == "b")]
        made: dict[str, int] = defaultdict(int)
        for place in rng.permutation(len(mine)):
            for question in self._of(mine[place], rng):
                if made[question.asked] < n:
                    made[question.asked] += 1
                    yield question

    def _of(self, product: Product, rng: np.random.Generator) -> Iterator[Question]:
        others = self.others(product)
        if not others:
            return
        colour = next((name for name in COLOURS if values(product, name)), None)
        if colour is not None:
            yield from self._colours(product, others, colour, rng)
        for name in MOVED:
            told = values(product, name)
            offered = sorted({v for one in others for v in values(one, name)} - told - NOTHING) if told else []
            if offered:
                value = str(rng.choice(offered))
                yield Question(name, product, _spelt(name, value), {name: value})
        below = [one for one in others if price_of(one) < price_of(product)]
        if below:
            yield Question("cheaper", product, str(rng.choice(CHEAPER)), cheaper=True)
            reds = sorted(
                {v for one in below for v in main(one, colour or "")} - values(product, colour or "") - NOTHING
            )
            if colour and reds:
                value = str(rng.choice(reds))
                yield Question("colour and cheaper", product, f"{value}, cheaper", {colour: value}, cheaper=True)

    def _colours(
        self, product: Product, others: Sequence[Product], name: str, rng: np.random.Generator
    ) -> Iterator[Question]:
        told = values(product, name)
        offered = sorted({v for one in others for v in main(one, name)} - told - NOTHING)
        if offered:
            value = str(rng.choice(offered))
            line = [one.id for one in self.line[_line(product)] if one.id != product.id and value in main(one, name)]
            known = frozenset(line)
            yield Question("colour", product, value, {name: value}, line=known)
            if product.images:
                yield Question("colour, by photo", product, value, {name: value}, by_photo=True, line=known)
            for language in ("de", "fr", "es", "it"):
                said = _in(language, value)
                if said:
                    yield Question("colour, another language", product, said, {name: value})
        if len(offered) > 1:
            gone = str(rng.choice(sorted({v for one in others for v in values(one, name)} & told - NOTHING) or [""]))
            if gone:
                yield Question("not a colour", product, f"not {gone}", unwanted={name: gone})
        for other in MOVED:
            both = [
                (v, w)
                for one in others
                for v in sorted(main(one, name) - told - NOTHING)
                for w in sorted(values(one, other) - values(product, other) - NOTHING)
            ]
            if both:
                value, second = both[int(rng.integers(len(both)))]
                yield Question("two at once", product, f"{value} {_spelt(other, second)}", {name: value, other: second})
                break
        lacking = sorted(
            {v for one in self.products for v in main(one, name)}
            - {v for one in others for v in values(one, name)}
            - told
            - NOTHING
        )
        if lacking:
            value = str(rng.choice(lacking))
            yield Question("colour that it lacks", product, value, {name: value}, has=False)


def values(product: Product, name: str) -> set[str]:
    """Values of an attribute, in small letters."""
    if name == "brand":
        return {product.brand.lower()} if product.brand else set()
    return {value.lower() for value in product.attributes.get(name, ())}


def main(product: Product, name: str) -> set[str]:
    """The colour that a product is called by."""
    return {value.lower() for value in product.attributes.get(name, ())[:1]}


def price_of(product: Product) -> float:
    return float("inf") if product.price_minor is None else product.price_minor


def _spelt(name: str, value: str) -> str:
    return f"size {value}" if name == "size" else value


def _in(language: str, value: str) -> str | None:
    """A colour in another language, where the list has just this one."""
    for meaning in lexicon().means(tokens(value), ("en",)):
        if meaning.concept.startswith("colour.") and meaning.rank == 0:
            words = lexicon().words[meaning.concept].get(language)
            return " ".join(words[0]) if words else None
    return None


def _line(product: Product) -> tuple[str, ...]:
    """A title without its colours: the same in every colour of a product."""
    told = {word for name in COLOURS for value in product.attributes.get(name, ()) for word in tokens(value)}
    coloured = {word for word in tokens(product.title) if any(_is_colour(word))} | told
    return (*product.category, *(word for word in tokens(product.title) if word not in coloured))


def _is_colour(word: str) -> Iterator[bool]:
    return (meaning.concept.startswith("colour.") for meaning in lexicon().means([word], ("en",)))
