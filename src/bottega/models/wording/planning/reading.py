"""People's texts as plans: which facts they say, in which order, in which sentences, as the house reads them.

Idea     A text is read as the proof reads it (proof/mentions.py): a phrase that is the value of a fact of the product
         says that fact; one that the lists of words know as a colour, a material and so on says a fact that the listing
         has nowhere else. What is not read is passed over and counted, so that everybody knows how much that is.
Differs  The proof refuses what is not understood; here the rest of a sentence may be anything.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bottega.languages.fold import fold
from bottega.languages.writing import concepts_named, is_spelt
from bottega.models.wording.facts import Fact, FactSheet, GivenListing
from bottega.models.wording.known import known
from bottega.models.wording.measures import measures_in
from bottega.models.wording.planning.plans import (
    LABEL,
    PIECE,
    SENTENCE,
    PlanQuestion,
    PlanRole,
    key_number,
    put_together,
    question_of,
)
from bottega.models.wording.proof.fact_phrases import FactPhrases
from bottega.models.wording.proof.mentions import Mention, MentionKind, find_mentions
from bottega.models.wording.proof.pieces import pieces

__all__ = ["HeardPlan", "ReadListing", "SaidFact", "read_listing", "read_plan", "said_facts"]

_NOT_SAID = frozenset({"title", "name", "category", "price", "review", "feature"})
"""Keys whose values are whole pieces of a title: they would hide what the piece says."""
_ROOMS = ("colour", "material", "pattern", "people", "season", "occasion")
"""Rooms of the lists whose words say a fact wherever they stand."""
_VALUES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("sleeves", re.compile(r"sleeve")),
    ("neckline", re.compile(r"neck")),
    ("fit", re.compile(r"slim|regular|relaxed|loose|tapered|straight|wide_leg")),
    ("length", re.compile(r"midi|mini$|maxi|knee_length")),
    ("closure", re.compile(r"zip|lace_up")),
    ("shape", re.compile(r"square|round$|rectangular|oval")),
    ("finish", re.compile(r"matt|glossy")),
    ("style", re.compile(r"minimal|romantic|playful|retro|urban|coastal|botanical|modern|classic|vintage|rustic")),
)
"""Which key a value that may be several has, by its name in the lists."""
VALUES_MOST = 2
"""Of one key that only a description says."""
_GLUED = re.compile(r"(?<=[a-z0-9)])(?=[A-Z][a-z])")
"""Where a line end was lost: "zip pocketOne handle"."""
_ENTITY = re.compile(r"&#?\w+;")
_SPLIT = frozenset({MentionKind.COMMA, MentionKind.DASH, MentionKind.COLON, MentionKind.END})


@dataclass(frozen=True, slots=True)
class SaidFact:
    """One fact that a text says. `known`: whether the product has it without this text."""

    start: int
    key: str
    value: str
    known: bool


@dataclass(frozen=True, slots=True)
class HeardPlan:
    """A text, read."""

    numbers: tuple[int, ...]
    """Marks and keys, as `put_together` takes them."""
    said: tuple[SaidFact, ...]
    sentences: int
    sentences_read: int
    """Of which at least one fact was read."""
    words: int
    words_read: int
    """That belong to a fact, or to what tells of what it is one, or claim nothing."""


@dataclass(frozen=True)
class ReadListing:
    """A listing, and the plans of the texts that a person wrote for it."""

    sheet: FactSheet
    plans: Mapping[PlanRole, tuple[int, ...]]
    heard: Mapping[PlanRole, HeardPlan]
    lost: int
    """Keys that a text says and that the sheet does not have, for instance because two contradict each other."""

    def question(self, role: PlanRole) -> PlanQuestion:
        """What a planner is asked about it."""
        return question_of(self.sheet, role)


def read_listing(listing: GivenListing) -> ReadListing:
    """The facts of a listing, with those that only its description says, and the plans of its title and description."""
    sheet = known(replace(listing, description=""))
    texts = {PlanRole.TITLE: listing.title, PlanRole.DESCRIPTION: listing.description}
    more: dict[str, dict[str, str]] = defaultdict(dict)
    for one in said_facts(listing.description, sheet, PlanRole.DESCRIPTION).said:
        if not one.known and not sheet.of(one.key):
            more[one.key].setdefault(fold(one.value), one.value)
    added = {key: tuple(values.values())[:VALUES_MOST] for key, values in more.items()}
    sheet = known(replace(listing, description="", attributes={**listing.attributes, **added}))
    heard = {role: said_facts(said, sheet, role) for role, said in texts.items()}
    plans, lost = {}, 0
    for role, text in heard.items():
        own = question_of(sheet, role).keys
        lost += sum(number not in own for number in text.numbers if number > PIECE)
        plans[role] = put_together(text.numbers, own)
    return ReadListing(sheet, plans, heard, lost)


def read_plan(text: str, sheet: FactSheet, role: PlanRole) -> tuple[int, ...]:
    """The plan of any text about a product."""
    return put_together(said_facts(text, sheet, role).numbers, question_of(sheet, role).keys)


def said_facts(text: str, sheet: FactSheet, role: PlanRole) -> HeardPlan:
    """What a text says, in its order."""
    if role is PlanRole.DESCRIPTION:
        text = _GLUED.sub("\n", text)
    facts = [fact for fact in sheet.claimed if fact.key not in _NOT_SAID]
    mentions = find_mentions(text, FactPhrases.of(facts, sheet.language), sheet.language)
    measured = {one.start: one for one in measures_in(text) if one.key}
    covered = [(one.start, one.end) for one in measured.values()]
    numbers: list[int] = [] if role is PlanRole.TITLE else [SENTENCE]
    said: list[SaidFact] = []
    sentences = sentences_read = words_read = 0
    open_words, open_facts = False, False
    waiting = dict(measured)
    for place, mention in enumerate(mentions):
        for start in sorted(start for start in waiting if start <= mention.start):
            one = waiting.pop(start)
            _say(numbers, said, SaidFact(start, one.key, one.value, bool(sheet.of(one.key))))
            open_facts = True
        if mention.kind is MentionKind.END:
            sentences += open_words
            sentences_read += open_facts
            open_words = open_facts = False
        if mention.kind in _SPLIT:
            if role is PlanRole.TITLE:
                numbers.append(PIECE)
            elif mention.kind is MentionKind.END:
                numbers.append(SENTENCE)
            continue
        open_words = True
        words_read += mention.kind is not MentionKind.UNKNOWN
        if any(start <= mention.start < end for start, end in covered):
            continue
        label = mention.kind is MentionKind.CUE and _is_label(mentions, place)
        if label and role is PlanRole.DESCRIPTION and numbers[-1] == SENTENCE:
            numbers.append(LABEL)
        key, value = _said(mention, text, sheet)
        if key:
            _say(numbers, said, SaidFact(mention.start, key, value, bool(mention.facts)))
            open_facts = True
    for start in sorted(waiting):
        one = waiting[start]
        _say(numbers, said, SaidFact(start, one.key, one.value, bool(sheet.of(one.key))))
        open_facts = True
    sentences += open_words
    sentences_read += open_facts
    words = sum(not piece.is_sign for piece in pieces(_ENTITY.sub(" ", text)))
    return HeardPlan(tuple(numbers), tuple(said), sentences, sentences_read, words, min(words, words_read))


def _say(numbers: list[int], said: list[SaidFact], one: SaidFact) -> None:
    number = key_number(one.key)
    if number is not None:
        numbers.append(number)
        said.append(one)


def _is_label(mentions: Sequence[Mention], place: int) -> bool:
    """Whether a colon stands behind the name of a key."""
    behind = mentions[place + 1].kind if place + 1 < len(mentions) else MentionKind.END
    cue = mentions[place].cue
    return behind is MentionKind.COLON and cue is not None and bool(cue.names)


def _said(mention: Mention, text: str, sheet: FactSheet) -> tuple[str, str]:
    """The key and the value that a phrase says; empty where it says none."""
    if mention.kind not in (MentionKind.VALUE, MentionKind.CUE):
        return "", ""
    value = text[mention.start : mention.end]
    if mention.facts:
        return _first(mention.facts).key, value
    if value.isdigit():
        return "", ""
    words, language = mention.words, sheet.language
    concepts = [one for one in concepts_named(words, language) if is_spelt(words, one, language)]
    spaces = {one.split(".")[0] for one in concepts} or set(mention.rooms)
    if len(spaces) == 1 and (room := next(iter(spaces))) in _ROOMS:
        return room, value
    for concept in concepts:
        if concept.startswith("value."):
            return next(((key, value) for key, way in _VALUES if way.search(concept)), ("", ""))
    return "", ""


def _first(facts: Sequence[Fact]) -> Fact:
    """The fact that a phrase most probably is: what the thing is before what a part of its name says."""
    return min(facts, key=lambda fact: (fact.key in ("stated", "line", "front"), fact.key))
