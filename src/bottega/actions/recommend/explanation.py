"""Puts reasons and interests into words: codes become the merchant's ids, titles and attribute values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from bottega.models.recommend.last_mile.reasons import Question, Reason, reason, sentence
from bottega.models.recommend.last_mile.rules import calibrated
from bottega.names import KindCode
from bottega.shop.floor import Floor

__all__ = ["Explainer", "Told", "told_interests"]

_CATEGORY = "category: "
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
class Explainer:
    """Explains the items of one answer: `why` finds a reason in codes, `in_words` says them all.

    `speech` is what was said to a history, `ids` the product id behind each of its positions, of which the first `own`
    are the shopper's events and the others the anchors.
    """

    speech: Speech
    ids: list[str]
    own: int
    items: list[int]
    """Items of the answer: what looks into a model slowly looks once for all of them."""

    @property
    def floor(self) -> Floor:
        """The floor that answers."""
        return self.speech.floor

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
        )

    def why(self, one: Chosen, shares: Mapping[str, float]) -> Told:
        """The reason for one place, by how it came in and what each member added to its score."""
        if one.source is ListSource.PIN:
            return Told(Reason("pinned"))
        if one.source is ListSource.PADDING:
            return Told(Reason("popular", shoppers=int(self.floor.shopper_counts[one.item])))
        return Told(reason(self._question, one.item, shares))

    def declared(self, place: int) -> Told:
        """The reason of an item that has the value at this place of the affinities, which the shopper declared."""
        groups = self.floor.tastes.groups
        attribute = f"{groups.names[int(groups.group_of[place])]}: {groups.values[place]}"
        return Told(Reason("you_said"), [{"attribute": attribute}], groups.word(place))

    def in_words(self, told: Sequence[Told]) -> list[dict[str, Any]]:
        """Reasons as an answer has them. The products they name are looked up together."""
        named = self._products(sorted({position for one in told for position in one.reason.positions}))
        return [self._said(one, named) for one in told]

    def _said(self, told: Told, named: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
        found = told.reason
        products = [named[position] for position in found.positions]
        names = self.floor.features.attribute_names
        attributes = [_words(names[column]) for column in found.attributes]
        evidence: list[dict[str, Any]] = [*products, *({"attribute": name} for name in attributes)]
        if found.code == "popular":
            evidence.append({"shoppers": found.shoppers})
        titles = [told.words] if told.words else [_short(product["title"]) for product in products]
        return {
            "code": found.code,
            "text": sentence(found, titles, _telling(attributes)),
            "evidence": evidence + told.evidence,
        }

    def _products(self, positions: list[int]) -> dict[int, dict[str, Any]]:
        """What is told of the product behind each of these positions of the history."""
        if not positions:
            return {}
        history, shelf = self.speech.asked, self.floor.shelf
        names = [self.ids[position] for position in positions]
        rows = self.floor.items.rows(names).tolist()
        for place, row in enumerate(rows):
            if row < 0 and (variants := shelf.rows_of(int(history.items[positions[place]]))):
                rows[place] = variants[0]
        titles = iter(shelf.titles_at([row for row in rows if row >= 0]))
        found = {}
        for position, name, row in zip(positions, names, rows, strict=True):
            shown: dict[str, Any] = {"product_id": name, "item_id": name, "title": next(titles) if row >= 0 else name}
            if position < self.own:
                shown["kind"] = KindCode(int(history.kinds[position])).kind.value
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


def _telling(attributes: list[str]) -> list[str]:
    """What to name of the attributes shared: two that are no category, else the last level of a category."""
    others = [one for one in attributes if not one.startswith(_CATEGORY)]
    levels = [one.removeprefix(_CATEGORY).split(" > ")[-1] for one in attributes if one.startswith(_CATEGORY)]
    return others[:2] or levels[:1]


def _short(title: str) -> str:
    return title if len(title) <= WORDS_MAX else title[: WORDS_MAX - 1].rstrip() + "…"
