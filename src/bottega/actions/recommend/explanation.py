"""Puts reasons and interests into words: codes become the merchant's ids, titles and attribute values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from bottega.actions.recommend.list_filling import Chosen
from bottega.actions.recommend.list_source import ListSource
from bottega.actions.recommend.speech import Speech
from bottega.models.blocks.best import best
from bottega.models.recommend.answering.pool import pool_of
from bottega.models.recommend.last_mile.interests import interests, rank_chances
from bottega.models.recommend.last_mile.reason_words import (
    head_noun,
    sentence,
    shared_sentence,
    titles_named,
)
from bottega.models.recommend.last_mile.reasons import Question, Reason, counted, reasons
from bottega.models.recommend.last_mile.reasons_spread import Spread
from bottega.models.recommend.last_mile.rules import calibrated
from bottega.names import IntArray, KindCode
from bottega.shop.floor import Floor
from bottega.shop.shelf.shelf import Shelf

__all__ = ["Explainer", "Told", "Worded", "told_interests"]

_CATEGORY = "category: "
_OF_A_KIND = ("similar_to", "new_in_taste")
_KINDS = {int(code): code.kind.value for code in KindCode}
NOTHING: Sequence[str] = ()
WORDS_MAX = 60
"""Longer titles are cut in sentences; evidence keeps them whole."""
INTEREST_CANDIDATES = 100
"""Interests are told from so many of the model's best products."""


@dataclass(frozen=True)
class Told:
    """A reason, and what there is to say beside it."""

    reason: Reason
    evidence: list[dict[str, Any]] = field(default_factory=list)
    """What stands behind the products and attributes it names."""
    words: str = ""
    """What a reason that names no product is about."""


@dataclass(frozen=True)
class Worded:
    """Reasons in words: `reasons` as items of an answer have them, `groups` as the answer has them but for whose they
    are, and the `numbers` of each reason's group."""

    reasons: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    numbers: list[int]


@dataclass(frozen=True)
class _OneThing:
    """Whether the titles of an item and of the product at a position call them by one noun.

    It knows nothing of the explainer that asks: of two that hold each other, an answer would leave a ring behind, and
    with it the floor that it was made from.
    """

    shelf: Shelf
    heard: IntArray
    items: list[int]
    titles: list[str]
    """Of the items."""

    def __call__(self, position: int, item: int) -> bool:
        nouns = self._nouns
        if (other := int(self.heard[position])) not in nouns:
            rows = self.shelf.rows_of(other)[:1]
            nouns[other] = head_noun(self.shelf.titles_at(rows)[0]) if rows else ""
        return nouns[item] == nouns[other]

    @cached_property
    def _nouns(self) -> dict[int, str]:
        """What items are called; those of the answer to begin with."""
        return dict(zip(self.items, map(head_noun, self.titles), strict=True))


@dataclass(frozen=True)
class Explainer:
    """Explains the items of one answer: `why` finds a reason in codes, `in_words` says them all.

    `speech` is what was said to a history, `ids` tells the product id behind each of its positions, of which the first
    `own` are the shopper's events and the others the anchors.
    """

    speech: Speech
    ids: Callable[[int], str]
    own: int
    items: list[int]
    """Items of the answer: what looks into a model slowly looks once for all of them."""
    rows: list[int]
    """The rows of the shelf that they are shown by."""
    diversity: float = 0.0
    """`reason_diversity`."""
    by_likeness: bool = False
    """Whether the list is one of likeness to the anchors."""

    @property
    def floor(self) -> Floor:
        """The floor that answers."""
        return self.speech.floor

    @cached_property
    def _spread(self) -> Spread:
        return Spread(self.diversity)

    @cached_property
    def _question(self) -> Question:
        floor, asked = self.floor, self.speech.asked
        witnesses = self.speech.witnesses(self.items)
        return Question(
            items=asked.items,
            kinds=asked.kinds,
            own=self.own,
            witnesses=witnesses,
            impersonal=self.speech.voices.keys() - witnesses.keys(),
            attributes=floor.features.attributes,
            shopper_counts=floor.shopper_counts,
            trained=len(floor.items) if floor.untrained else floor.trained,
            categories=floor.features.categories,
            together=floor.side_models.together,
            by_likeness=self.by_likeness,
            levels=floor.category_columns(),
            one_thing=_OneThing(floor.shelf, asked.items, self.items, self._titles),
        )

    @cached_property
    def _titles(self) -> list[str]:
        """Of the products shown."""
        return self.floor.shelf.titles_at(self.rows)

    def why(self, one: Chosen, shares: Mapping[str, float]) -> Told:
        """The reason for one place, by how it came in and what each member added to its score."""
        if one.source is ListSource.PIN:
            return Told(self._spread.take(Reason("pinned")))
        if one.source is ListSource.PADDING:
            shoppers = int(self.floor.shopper_counts[one.item])
            return Told(self._spread.take(Reason("popular", shoppers=shoppers)))
        found = self._spread.pick(reasons(self._question, one.item, shares))
        return Told(self._spread.told_apart(found, self._question, one.item))

    def after_purchase(self, one: Chosen, shares: Mapping[str, float], because: int, bought: Iterable[int]) -> Told:
        """The reason of a complement, which the purchase at the position `because` lifted most: what goes with that, or
        with another one of those `bought`, if it was counted; else what the model says."""
        places = [because, *(place for place in bought if place != because)]
        claims = [claim for place in places if (claim := counted(self._question, place, one.item))]
        goes = [claim for claim in claims if claim.code == "goes_with_purchase"]
        return Told(self._spread.take(goes[0])) if goes else self.why(one, shares)

    def due(self, found: Reason, evidence: list[dict[str, Any]]) -> Told:
        """The reason of what runs out."""
        return Told(self._spread.take(found), evidence)

    def declared(self, place: int) -> Told:
        """The reason of an item that has the value at this place of the affinities, which the shopper declared."""
        groups = self.floor.tastes.groups
        attribute = f"{groups.names[int(groups.group_of[place])]}: {groups.values[place]}"
        return Told(Reason("you_said"), [{"attribute": attribute}], groups.word(place))

    def in_words(self, told: Sequence[Told]) -> Worded:
        """The reasons of all items as an answer has them, and what they have in common. The products that they name are
        looked up together."""
        named = self._products(sorted({position for one in told for position in one.reason.positions}))
        said: list[dict[str, Any]] = []
        groups: dict[tuple[Any, ...], list[int]] = {}
        for place, (one, own_title) in enumerate(zip(told, self._titles, strict=True)):
            found, names = one.reason, tuple[str, ...]()
            if found.positions:
                titles = [_short(named[position]["title"]) for position in found.positions]
                names = titles_named(found.code, titles, _short(own_title))
            said.append(self._said(one, named, names or (one.words,)))
            groups.setdefault((found.code, names, found.kinds, found.anchor), []).append(place)
        numbers, shared = [0] * len(told), []
        for number, ((code, names, *_), places) in enumerate(groups.items(), 1):
            for place in places:
                numbers[place] = number
            text = said[places[0]]["text"]
            if any(said[place]["text"] != text for place in places):
                reasons = [told[place].reason for place in places]
                text = shared_sentence(reasons, names, kinds=self._kinds(reasons[0]))
            shared.append({"reason_group": number, "code": code, "text": text, "product_ids": []})
        return Worded(said, shared, numbers)

    def _kinds(self, reason: Reason) -> list[str]:
        if reason.pair is None or not reason.pair.of_kinds:
            return []
        return [self.floor.features.category_names[kind].split(" > ")[-1] for kind in reason.kinds]

    def _said(self, told: Told, named: Mapping[int, dict[str, Any]], titles: Sequence[str]) -> dict[str, Any]:
        found = told.reason
        evidence: list[dict[str, Any]] = [named[position] for position in found.positions]
        telling, kinds = NOTHING, NOTHING
        if found.attributes:
            names = self.floor.features.attribute_names
            attributes = [_words(names[column]) for column in found.attributes]
            evidence += [{"attribute": name} for name in attributes]
            telling = _telling(attributes, kind=found.code in _OF_A_KIND)
        if found.code == "popular":
            evidence.append({"shoppers": found.shoppers})
        elif found.pair is not None:
            kinds = self._kinds(found)
            times = int(found.pair.times * 10 + 1e-6) / 10  # never more than it is
            evidence.append({"shoppers": found.pair.shoppers, "times_by_chance": times})
            if kinds:
                evidence[-1]["kinds"] = kinds
        text = sentence(found, titles, telling, kinds=kinds)
        return {"code": found.code, "text": text, "evidence": evidence + told.evidence}

    def _products(self, positions: list[int]) -> dict[int, dict[str, Any]]:
        """What is told of the product behind each of these positions of the history."""
        if not positions:
            return {}
        history, shelf = self.speech.asked, self.floor.shelf
        names = [self.ids(position) for position in positions]
        rows = []
        for position, name in zip(positions, names, strict=True):
            variants = shelf.rows_of(int(history.items[position]))
            row = variants[0] if len(variants) == 1 else self.floor.items.row(name)
            rows.append(row if row >= 0 else next(iter(variants), -1))
        titles = iter(shelf.titles_at([row for row in rows if row >= 0]))
        found = {}
        for position, name, row in zip(positions, names, rows, strict=True):
            shown: dict[str, Any] = {"product_id": name, "item_id": name, "title": next(titles) if row >= 0 else name}
            if position < self.own:
                shown["kind"] = _KINDS[int(history.kinds[position])]
                shown["time_ms"] = int(history.times[position])
            found[position] = shown
        return found


def told_interests(speech: Speech) -> list[dict[str, Any]]:
    """What the model takes this shopper's interests to be, from its own scores, before any rule."""
    floor = speech.floor
    within = floor.within(None)[1]
    pool = pool_of(speech.name, speech.voice, speech.desk, within, shut=np.zeros(0, dtype=np.int32))
    values = calibrated(pool.scores, np.ones(len(pool.items), dtype=np.bool_), pool.sample)
    places = best(values, INTEREST_CANDIDATES)
    items, learnt = pool.items[places], floor.side_models.last_mile
    chances = learnt.chances(values[places]) if learnt.curve else rank_chances(len(items))
    return [
        {
            "category": floor.features.category_names[one.category] if one.category >= 0 else None,
            "share": round(one.share, 4),
            "words": list(one.words),
            "searches": list(one.searches),
        }
        for one in interests(items, chances, floor.features, floor.side_models.searches)
    ]


@lru_cache(1 << 16)
def _words(attribute: str) -> str:
    name, _, value = attribute.partition("=")
    return f"{name.replace('_', ' ')}: {value}"


def _telling(attributes: list[str], *, kind: bool) -> list[str]:
    """What to name of the attributes shared: two that are no category, else, where a `kind` is told, the deepest."""
    others = [one for one in attributes if not one.startswith(_CATEGORY)]
    if others or not kind:
        return others[:2]
    levels = sorted((one.removeprefix(_CATEGORY) for one in attributes if one.startswith(_CATEGORY)), key=len)
    return [one.split(" > ")[-1] for one in levels[-1:]]


def _short(title: str) -> str:
    return title if len(title) <= WORDS_MAX else title[: WORDS_MAX - 1].rstrip() + "…"
