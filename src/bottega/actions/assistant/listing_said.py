"""What the listing of a product says, ready to be told: its facts, its texts, its variants, price and stock of now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from bottega.catalogue.product import Product
from bottega.languages.fold import tokens
from bottega.languages.kinship import upwards
from bottega.models.dialogue.asked_values import concepts_in
from bottega.models.dialogue.comparing import size_order, truth_of
from bottega.models.wording.facts import Contradiction, FactSheet
from bottega.models.wording.keys import key_of
from bottega.names import Availability
from bottega.placeholders import says_nothing
from bottega.shop.listings.listing_facts import facts_of, title_words
from bottega.shop.open_shop import OpenShop

__all__ = ["ListedFact", "ListedText", "ListingSaid", "listings_said"]

_YES_NO = re.compile(r"(?:is|has|are)_(.+)")
_PROSE_FROM = 60
"""Letters from which a value is a text to quote from."""
_TEXTS = re.compile(r"(?:bullets?|features?|highlights?|details?|specifications?|about)(?:_\w+|\d+)?")
_UNTOLD = frozenset({"title", "name", "category", "feature", "stated", "front", "line", "review", "price", "kind"})
"""Keys of facts that answer no question by themselves."""


@dataclass(frozen=True, slots=True)
class ListedFact:
    """One attribute, or what the title says in its place."""

    key: str
    place: str
    """`title`, `brand`, or the name of the attribute."""
    values: tuple[str, ...]
    """As they are written."""
    concepts: tuple[str, ...] = ()
    """What each is the very name of, or empty."""


@dataclass(frozen=True, slots=True)
class ListedText:
    """Words to quote from."""

    place: str
    text: str


@dataclass(frozen=True)
class ListingSaid:
    """One product."""

    product: Product
    language: str
    facts: tuple[ListedFact, ...]
    texts: tuple[ListedText, ...]
    sheet: FactSheet
    contradictions: Mapping[str, Contradiction]
    siblings: tuple[Product, ...]
    """Variants of the group that may be shown, itself included."""

    def fact(self, keys: Sequence[str]) -> ListedFact | None:
        """The first fact of these keys; an attribute called exactly so wins over one whose key is that."""
        for key in keys:
            named = [one for one in self.facts if one.place == key] or [one for one in self.facts if one.key == key]
            if named:
                return named[0]
        return None

    @property
    def names(self) -> tuple[str, ...]:
        """What can be asked for by its name."""
        return tuple(dict.fromkeys(fact.key for fact in self.facts))

    @property
    def own_words(self) -> frozenset[str]:
        """Folded words that mean the product itself."""
        said = [self.product.title, *self.product.category]
        return frozenset(word for text in said for word in tokens(text))

    @property
    def own_kinds(self) -> frozenset[str]:
        """What it is, and all that this is a kind of: words for it in any language mean the product itself."""
        said = [self.product.title, *self.product.category]
        meant = {one for text in said for _, _, one in concepts_in(tokens(text), self.language)}
        return frozenset(one for kind in meant if kind.startswith("kind.") for one in upwards(kind))

    def sizes(self) -> dict[str, bool]:
        """Each size there is, and whether it can be bought now; the product's own alone where it has no variants."""
        found: dict[str, bool] = {}
        for one in self.siblings:
            for name, values in one.attributes.items():
                if key_of(name) == "size":
                    for value in values:
                        found[value] = found.get(value, False) or one.availability is not Availability.OUT_OF_STOCK
        return dict(sorted(found.items(), key=lambda one: size_order(one[0])))

    def others_of(self, key: str) -> list[tuple[Product, str]]:
        """Values of a key that variants have and it has not."""
        own = {value.casefold() for fact in self.facts if fact.key == key for value in fact.values}
        found: dict[str, tuple[Product, str]] = {}
        for one in self.siblings:
            for name, values in one.attributes.items():
                if key_of(name) == key:
                    for value in values:
                        if value.casefold() not in own:
                            found.setdefault(value.casefold(), (one, value))
        return list(found.values())


def listings_said(shop: OpenShop, product_ids: Sequence[str]) -> list[ListingSaid]:
    """What can be told of products, in their order; those that nobody has or that are hidden are left out."""
    found = shop.store.products.get(product_ids)
    products = [found[one] for one in dict.fromkeys(product_ids) if one in found and not found[one].hidden]
    words = title_words(shop.folder)
    sheets = facts_of(shop.store, products, words)
    said = []
    for product in products:
        family = shop.store.reviews.family(product.id) if product.group_id else [product.id]
        there = shop.store.products.get(family).values() if product.group_id else [product]
        siblings = tuple(sorted((one for one in there if not one.hidden), key=lambda one: one.id))
        sheet = sheets[product.id]
        said.append(
            ListingSaid(
                product,
                words.language,
                tuple(_facts(product, sheet)),
                tuple(_texts(product)),
                sheet,
                {one.key: one for one in sheet.contradictions},
                siblings,
            )
        )
    return said


def _facts(product: Product, sheet: FactSheet) -> Iterator[ListedFact]:
    disputed = {one.key for one in sheet.contradictions}
    concepts = {(fact.place, fact.value): fact.concept for fact in sheet.claimed}
    attributes: set[str] = set()
    for name, values in product.attributes.items():
        key = key_of(name)
        told = [" ".join(value.split()) for value in values if not says_nothing(value) or truth_of(value) is not None]
        if key is None:
            yes_no = _YES_NO.fullmatch(name)
            if yes_no is None or not told or any(truth_of(value) is None for value in told):
                continue
            key = yes_no[1]
        told = [value for value in told if value and len(value) <= _PROSE_FROM]
        if told and key not in _UNTOLD:
            attributes.add(key)
            yield ListedFact(key, name, tuple(told), tuple(concepts.get((name, value), "") for value in told))
        elif told and key == "kind" and not any(fact.key == "kind" and fact.place == name for fact in sheet.claimed):
            yield ListedFact(name, name, tuple(told), tuple("" for _ in told))
    for fact in sheet.claimed:
        if fact.place or fact.key in _UNTOLD or fact.key in attributes or fact.key in disputed:
            continue
        place = "brand" if fact.key == "brand" else "title"
        title = " ".join(unescape(product.title).split())
        said = title[slice(*fact.at)] if fact.at is not None and place == "title" else fact.whole
        yield ListedFact(fact.key, place, (said,), (fact.concept,))


def _texts(product: Product) -> Iterator[ListedText]:
    if product.description:
        yield ListedText("description", product.description)
    for name, values in product.attributes.items():
        for value in values:
            if (len(value) > _PROSE_FROM and (key_of(name) is not None or _TEXTS.fullmatch(name))) or _TEXTS.fullmatch(
                name
            ):
                yield ListedText(name, value)
