"""Products that come in pieces: what all variants share, and what each says for itself.

Shop platforms write a parent and its variants on rows (or in objects) of their own, together or far apart, in either
order. A variant is a product here; its parent is none, but gives it what it does not say itself, and its id as the
group. A parent none of whose variants is in the source is a product like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.fields.stock import stock_of
from bottega.names import Availability
from bottega.placeholders import says_nothing
from bottega.sources.columns import name_of

__all__ = ["Families", "Owners", "Relative", "best_path", "options_place", "put", "stock_word", "variant_of"]

_INHERITED = ("title", "description", "brand", "availability", "availability_date", "url", "updated_at", "currency")


def variant_of(shared: Draft, own: Draft) -> Draft:
    """A variant's draft, completed by what all variants of its product share; pictures of its own come first."""
    draft = replace(own, attributes={**shared.attributes, **own.attributes})
    for name in _INHERITED:
        if says_nothing(getattr(own, name)):
            setattr(draft, name, getattr(shared, name))
    if says_nothing(own.price):  # a sale belongs to its price
        draft.price, draft.sale_price, draft.list_price = shared.price, shared.sale_price, shared.list_price
        draft.sale_from, draft.sale_to = shared.sale_from, shared.sale_to
    draft.hidden = own.hidden or shared.hidden
    draft.category = own.category or list(shared.category)
    draft.images = list(dict.fromkeys([*own.images, *shared.images]))
    draft.alts = {**shared.alts, **own.alts}
    draft.html_expected = own.html_expected or shared.html_expected
    return draft


def options_place(parent: str, options: Iterable[str]) -> str:
    """The id of a variant that has none: its parent's, and its options, as in "mug/Blue/Large"."""
    return "/".join(part for part in (parent, *options) if part)


@dataclass(slots=True)
class Owners:
    """Whose an SKU is: the first variant that has it takes it as its id, any other falls back to its place."""

    first: dict[str, str] = field(default_factory=dict)

    def takes(self, name: str, owner: str) -> bool:
        """Whether a name is this one's, because no other had it before."""
        return bool(name) and self.first.setdefault(name, owner) == owner

    def id_of(self, sku: str, place: str, reading: Reading, row: str) -> str:
        """The SKU when it belongs to this variant alone, else `place`, with a warning."""
        if says_nothing(sku):
            return place
        if self.first.setdefault(sku, place) != place:
            reading.warn("sku_repeated", row, f"{sku} (first on {self.first[sku]})", field="sku")
            return place
        return sku


@dataclass(slots=True)
class Relative:
    """One row or object: its draft, what variants may call it, and which parent it names."""

    draft: Draft
    keys: tuple[str, ...] = ()
    """Names by which variants may mean it; only a parent's count."""
    is_parent: bool = False
    parent: str = ""
    """What it calls its parent."""
    titled_within: bool = False
    """Whether its title tells it from its siblings, and says nothing of what it is: "Red, Large"."""
    unseen_alone: bool = False
    """Whether it is hidden, unless it is a variant of a product that is seen."""
    variants: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """A parent's list: id of a variant to the attributes it gives it."""


@dataclass(slots=True)
class Families:
    """Parents by their names, learnt in a first reading of the source; memory is one draft a parent."""

    parents_list: bool = False
    """Whether parents list their variants, instead of being named by them."""
    parents: dict[str, Relative] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    """Names of parents that some variant gave."""
    claimed: dict[str, Relative] = field(default_factory=dict)
    """Id of a variant to the parent that lists it."""
    ids: set[str] = field(default_factory=set)
    """Ids of rows that a parent may list."""
    there: set[str] = field(default_factory=set)
    """Rows of parents of which a variant is in the source."""

    def learn(self, relatives: Iterable[Relative]) -> None:
        """Look at every row once, a file at a time, before any becomes a product."""
        for relative in relatives:
            if relative.is_parent:
                for key in filter(None, relative.keys):
                    self.parents.setdefault(key, relative)
                for variant in relative.variants:
                    self.claimed.setdefault(variant, relative)
            elif relative.parent:
                self.named.add(relative.parent)
            elif self.parents_list:
                self.ids.add(relative.draft.id)
        self.there = {self.parents[name].draft.row for name in self.named if name in self.parents}
        self.there |= {relative.draft.row for variant, relative in self.claimed.items() if variant in self.ids}

    def read(self, relatives: Iterable[Relative], reading: Reading) -> Iterator[Product]:
        """Products of the rows, in their order; parents with variants are counted as joined to them."""
        for relative in relatives:
            parent = self._parent(relative)
            if parent is not None:
                draft = variant_of(parent.draft, relative.draft)
                if relative.titled_within:
                    draft.title = f"{parent.draft.title} - {relative.draft.title}"
                draft.attributes |= parent.variants.get(relative.draft.id, {})
                draft.group_id = parent.draft.id
            elif not relative.is_parent or relative.draft.row not in self.there:
                draft = relative.draft
                if relative.unseen_alone:
                    draft.hidden = "hidden"
                if relative.is_parent and self._is_repeated(relative):
                    reading.refuse("duplicate_id", draft.row, draft.id, field="id")
                    continue
                if relative.parent:
                    draft.group_id = draft.group_id or relative.parent
                    reading.warn("parent_missing", draft.row, relative.parent, field="group_id")
            else:
                reading.joined += 1
                continue
            if (product := reading.finish(draft)) is not None:
                yield product

    def _parent(self, relative: Relative) -> Relative | None:
        if relative.is_parent:
            return None
        return self.parents.get(relative.parent) if relative.parent else self.claimed.get(relative.draft.id)

    def _is_repeated(self, relative: Relative) -> bool:
        """Whether an earlier row is the parent of the same name, and was joined to its variants."""
        first = (self.parents.get(key) for key in relative.keys)
        return any(other is not None and other.draft.row in self.there for other in first)


def stock_word(quantity: str, *, tracked: bool = True, sold_on: bool = False) -> str:
    """Availability of a stock count, as a text for a draft: what is not tracked is there; what may be sold on when it
    has run out is a backorder. What is not understood is left as it is, for the rule that reads availabilities.

    >>> stock_word("3"), stock_word("0"), stock_word("0", sold_on=True), stock_word("0", tracked=False)
    ('in_stock', 'out_of_stock', 'backorder', 'in_stock')
    """
    if not tracked or not quantity.strip():
        return "in_stock"
    known = stock_of(quantity)
    if known is Availability.OUT_OF_STOCK and sold_on:
        return "backorder"
    return known.value if known is not None else quantity


def best_path(paths: Sequence[Sequence[str]]) -> tuple[list[str], list[str]]:
    """The deepest of a product's categories, and the others that are no part of it, written "A > B".

    >>> best_path([["Kitchen"], ["Kitchen", "Kettles"], ["Gifts"]])
    (['Kitchen', 'Kettles'], ['Gifts'])
    """
    cleaned = [levels for path in paths if (levels := [level.strip() for level in path if level.strip()])]
    if not cleaned:
        return [], []
    best = max(cleaned, key=len)
    others = [path for path in cleaned if path != best[: len(path)]]
    return best, list(dict.fromkeys(" > ".join(path) for path in others))


_spelt = lru_cache(maxsize=10_000)(name_of)


def put(draft: Draft, name: str, *values: str) -> None:
    """Add an attribute of a draft under our spelling of its name; empty values and an empty name add nothing."""
    if (key := _spelt(name)) and (kept := [value.strip() for value in values if value.strip()]):
        draft.attributes[key] = [*draft.attributes.get(key, []), *kept]
