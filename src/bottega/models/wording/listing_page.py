"""One product's facts on the table while its texts are written: a plan for each kind of text."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from random import Random

from bottega.languages.fold import tokens
from bottega.models.wording.choosing import FrameChooser, Way
from bottega.models.wording.derivation import why_not
from bottega.models.wording.facts import Fact, FactSheet
from bottega.models.wording.filling import Filled, filled, joined
from bottega.models.wording.keys import rank
from bottega.models.wording.keywords import Keyword
from bottega.models.wording.leading import leading
from bottega.models.wording.placing import ways_to_place, with_sentence
from bottega.models.wording.review_facts import REVIEW_KEY
from bottega.models.wording.saying import Saying
from bottega.models.wording.shortening import CUT, shortened
from bottega.models.wording.text import Sentence, SlotSpan, Text, TextKind, Tone

__all__ = ["ROLES", "ListingPage"]

_UNSAID = frozenset({"title", "name", "category", "price", "review"})
"""Keys that a description does not say by itself."""
_NAMES_OF_IT = frozenset({"kind", "front", "line"})
"""Keys that stand in sentences, and behind a label only where they are asked for."""
_CALLED = frozenset({"front", "line"})
"""Keys that are parts of its name."""
_IN_TITLE = frozenset({"front", "line", "brand", "people", "colour", "material", "pattern", "occasion", "kind"})
FEW = 4
"""With fewer facts the category is said, too."""
FEW_FACTS = 6
"""With fewer a description begins with the product's name."""
BULLETS_MOST = 8
ROLES = {
    TextKind.TITLE: "title",
    TextKind.META_TITLE: "title",
    TextKind.ALT: "alt",
    TextKind.ADVERT: "ad",
}


_OPENINGS = {TextKind.META: "meta", TextKind.SHORT: "short"}


class ListingPage:
    """One product's facts on the table while its texts are written."""

    def __init__(
        self,
        chooser: FrameChooser,
        language: str,
        sheet: FactSheet,
        seed: int,
        given: Mapping[str, str] | None = None,
        *,
        first: Sequence[str] = (),
        tone: Tone = Tone.PLAIN,
    ) -> None:
        self.chooser = chooser
        self.language = language
        self.sheet = sheet
        self.seed = seed
        self.tone = tone
        self.first = {name: place for place, name in enumerate(first)}
        self.saying = Saying(sheet, language, given)
        self._filled: dict[str, Filled | None] = {}
        self._is_proved: dict[str, bool] = {}

    def one(self, kind: TextKind, limit: int) -> Text:
        """A text of one frame: a title, an alternative text, an advertisement."""
        role = ROLES[kind]
        draw = self._draw(kind)
        own = self.sheet.language == self.language
        whole = not own or self.sheet.title_read or kind not in (TextKind.TITLE, TextKind.META_TITLE)
        ways = [(frame, part) for frame, part in self._ways(role) if whole or frame.keys == ("title",)]
        best = self._pick(role, [way for way in ways if len(way[1].text) <= limit], draw, keys=_IN_TITLE, most=True)
        as_it_is = best is None or {slot.key for slot in best.sentence.slots} == {"title"}
        if best is None or (as_it_is and kind is not TextKind.ADVERT):
            best = self.verbatim(role, limit)
        return self.made(kind, [best])

    def bullets(self) -> tuple[Text, ...]:
        """One fact each, the most telling first, what reviews say last."""
        draw = self._draw(TextKind.BULLET)
        texts: list[Text] = []
        said: set[str] = set()
        counts = [self.made(TextKind.BULLET, [part]) for part in self._counts(TextKind.BULLET)]
        for fact in self._wanted():
            if fact.name in said or fact.key in _NAMES_OF_IT or len(texts) == BULLETS_MOST - len(counts):
                continue
            ways = [way for way in self._ways("bullet") if fact in way[1].facts and not said & _names(way[1].facts)]
            part = self._pick("bullet", ways, draw) or self._proved(self.labels([fact]))
            if part is None:
                continue
            said |= _names(part.facts)
            texts.append(self.made(TextKind.BULLET, [part]))
        return (*texts, *counts)

    def description(
        self,
        limit: int,
        *,
        asked: Collection[str] = (),
        kind: TextKind = TextKind.DESCRIPTION,
        sentences: int | None = None,
    ) -> Text:
        """An opening, then sentences until every fact is said; behind them what reviews say, where the sheet has it."""
        draw = self._draw(kind)
        labels = self.tone is Tone.TERSE
        left = {fact.name: fact for fact in self._wanted(asked)}
        parts: list[Filled] = []
        used: set[str] = set()
        if not labels:
            parts.append(self._opening(_OPENINGS.get(kind, "open"), left, limit, draw, set(asked)))
            used.add(parts[0].sentence.frame)
            self._tick(left, parts[0])
        while left and (sentences is None or len(parts) < sentences):
            roles = () if labels else ("then", "more", "bare") if kind is TextKind.SHORT else ("more", "bare")
            ways = self._going_on(roles, used, left, parts[-1].text if parts else "")
            part = (None if labels else self._next_first(ways, left, draw)) or self._pick("more", ways, draw)
            if part is None:
                break
            used.add(part.sentence.frame)
            if self._room(parts, part, limit):
                parts.append(part)
            self._tick(left, part)
        also = {fact.name for fact in left.values() if {fact.name, fact.key} & set(asked)}
        also |= {fact.name for fact in left.values() if labels and fact.key == "kind"}
        if len({fact.name for part in parts for fact in part.facts}) + len(left.keys() - also) < FEW:
            also |= {fact.name for fact in left.values() if fact.key in _CALLED}
        rest = [fact for fact in left.values() if fact.key not in _NAMES_OF_IT or fact.name in also]
        for part in self._behind_labels(rest):
            if (sentences is None or len(parts) < sentences) and self._room(parts, part, limit):
                parts.append(part)
        for part in self._counts(kind) if kind is TextKind.DESCRIPTION else ():
            if self._room(parts, part, limit):
                parts.append(part)
        return self.made(kind, parts or [self.verbatim("open", limit)])

    def _going_on(
        self, roles: Sequence[str], used: Collection[str], left: Mapping[str, Fact], before: str
    ) -> list[Way]:
        """Ways to go on, of the first role that has any; where it can be, such as begin otherwise than `before`."""
        by_role = [
            [way for way in self._ways(role) if way[0].id not in used and _goes_on(way[1].facts, left)]
            for role in roles
        ]
        by_role = [_fullest(ways, left) for ways in by_role]
        others = [[way for way in ways if _beginning(way[1].text) != _beginning(before)] for ways in by_role]
        return next((ways for ways in (*others, *by_role) if ways), [])

    def with_keywords(self, text: Text, keywords: Sequence[Keyword]) -> Text:
        """A text and, behind it, the keywords that it does not hold, each as the proof lets it through."""
        for keyword in keywords:
            if not keyword.stands_in(text.text):
                frame = self.chooser.of("keyword")[0].id
                ways = ways_to_place(keyword, self.sheet, self.language, frame, self.labels)
                part = next(filter(None, map(self._proved, ways)), None)
                text = text if part is None else with_sentence(text, part)
        return text

    def letter(self, limit: int) -> Text:
        """A greeting and one line about the product."""
        draw = self._draw(TextKind.EMAIL)
        greetings = [
            way for way in self._ways("greet") if ("shopper" in way[0].keys) == ("shopper" in self.saying.given)
        ]
        greetings = [way for way in greetings if way[0].tones] or greetings
        greeting = self.chooser.pick("greet", greetings, draw)
        line = self._pick("mail", [way for way in self._ways("mail") if len(way[1].text) <= limit], draw, most=True)
        parts = [part for part in (greeting, line or self.verbatim("mail", limit)) if part is not None]
        text, made, facts = joined(parts, "\n\n")
        return Text(self.sheet.subject, TextKind.EMAIL, self.language, text, made, facts)

    def _counts(self, kind: TextKind) -> Iterator[Filled]:
        """What reviews say, each count in a sentence of its own, no two alike."""
        draw = Random(f"{self.seed}|{self.sheet.subject}|{self.language}|{kind}|{REVIEW_KEY}")
        used: set[str] = set()
        for fact in self.sheet.of(REVIEW_KEY):
            alone = Saying(replace(self.sheet, claimed=(fact,)), self.language)
            frames = [one for one in self.chooser.of(REVIEW_KEY, self.tone) if one.id not in used]
            ways = [(frame, part) for frame in frames if (part := filled(frame, alone)) is not None]
            if (part := self._pick(REVIEW_KEY, ways, draw)) is not None:
                used.add(part.sentence.frame)
                yield part

    def _wanted(self, asked: Collection[str] = ()) -> list[Fact]:
        """Facts to say, the first ones first."""
        facts = [fact for fact in self.sheet.claimed if fact.key not in _UNSAID]
        if len(facts) < FEW and self.sheet.language == self.language:
            facts += self.sheet.of("category")
        named = [fact for fact in self.sheet.claimed if fact.key != REVIEW_KEY and {fact.name, fact.key} & set(asked)]
        facts += [fact for fact in named if fact not in facts]
        return sorted(facts, key=lambda fact: (self.first.get(fact.name, len(self.first)), rank(fact.key)))

    def _opening(
        self, role: str, left: Mapping[str, Fact], limit: int, draw: Random, asked: Collection[str] = ()
    ) -> Filled:
        ways = [way for way in self._ways(role) if len(way[1].text) <= limit]
        if role == "short" and not ways:
            return self._opening("open", left, limit, draw, asked)
        named = [way for way in ways if {"front", "title"} & set(way[0].keys)]
        if len(left) < FEW_FACTS and named and self._has_a_name():
            ways = named
        said = {id(way[1]): len(_put_anew(way[1]) & left.keys()) for way in ways}
        enough = min(2, max(said.values(), default=0))
        ways = [way for way in ways if said[id(way[1])] >= enough]
        named = [way for way in ways if {"front", "title"} & set(way[0].keys)]
        if len(left) < FEW_FACTS and named:
            ways = named
        if self.saying.thing and self.sheet.language != self.language and self.saying.slot("front", ""):
            ways = [way for way in ways if "title" not in way[0].keys] or ways
        ways = leading(ways, self.first)
        for key in _NAMES_OF_IT & {fact.key for fact in left.values() if {fact.name, fact.key} & set(asked)}:
            ways = [way for way in ways if any(fact.key == key for fact in way[1].facts)] or ways
        return self._pick(role, ways, draw, telling=True) or self.verbatim(role, limit)

    def _has_a_name(self) -> bool:
        """Whether it is called by more than what its facts say: "Canon PIXMA MG2920 Printer", no "Black Markers"."""
        told = {word for fact in self.sheet.claimed if fact.key not in ("name", "title") for word in tokens(fact.whole)}
        return any(not set(tokens(fact.value)) <= told for fact in self.sheet.of("name"))

    def _pick(
        self,
        role: str,
        ways: Sequence[Way],
        draw: Random,
        *,
        keys: frozenset[str] | None = None,
        most: bool = False,
        telling: bool = False,
    ) -> Filled | None:
        """What the chooser takes of those that the proof lets through: what would be refused is said another way."""
        left = list(ways)
        pick = partial(self.chooser.pick, keys=keys, most=most, telling=telling, plan_for=self.sheet)
        while (part := pick(role, left, draw)) is not None:
            if self._proved(part) is not None:
                return part
            left = [way for way in left if way[1] is not part]
        return None

    def _proved(self, part: Filled | None) -> Filled | None:
        """A sentence that the proof lets through alone, else None."""
        if part is None:
            return None
        if part.text not in self._is_proved:
            self._is_proved[part.text] = not why_not(self.made(TextKind.SHORT, [part]), self.sheet)
        return part if self._is_proved[part.text] else None

    def _behind_labels(self, facts: Sequence[Fact]) -> Iterator[Filled]:
        """Facts behind their labels, two in a sentence where they may; what a thing is called by its whole name."""
        named = [fact for fact in facts if fact.key in _CALLED]
        if named and (part := self._proved(self.labels(self.sheet.of("title")[:1]))) is not None:
            yield part
        by_key: dict[str, list[Fact]] = {}
        for fact in facts:
            if fact.key not in _CALLED:
                by_key.setdefault(fact.key, []).append(fact)
        groups = list(by_key.values())
        for at in range(0, len(groups), 2):
            some = [fact for group in groups[at : at + 2] for fact in group]
            both = self._proved(self.labels(some))
            alone = [both] if both else [self._proved(self.labels([fact])) for fact in some]
            yield from (part for part in alone if part is not None)

    def _next_first(self, ways: Sequence[Way], left: Mapping[str, Fact], draw: Random) -> Filled | None:
        """What says the next of the facts to begin with: a sentence, or its label, two labels together.

        Behind a label stand all values of its key, those to begin with in front.
        """
        names = [name for name in self.first if name in left]
        if not names:
            return None
        if those := [way for way in ways if names[0] in _names(way[1].facts)]:
            return self._pick("more", leading(those, names), draw)
        told = {name for _, part in ways for name in _names(part.facts)}
        bare = [left[name] for name in names if name not in told]
        others = [fact for fact in left.values() if fact.name not in told and fact not in bare]
        for some in (bare[:2], bare[:1]):
            keys = {fact.key for fact in some}
            whole = [*(fact for fact in bare if fact.key in keys), *(fact for fact in others if fact.key in keys)]
            if (part := self._proved(self.labels(whole))) is not None:
                return part
        return self._proved(self.labels(bare[:1]))

    def _ways(self, role: str) -> list[Way]:
        """Frames of a role that can be filled, filled."""
        ways = []
        for frame in self.chooser.of(role, self.tone):
            if "label" in frame.keys:
                continue
            if frame.id not in self._filled:
                self._filled[frame.id] = filled(frame, self.saying)
            part = self._filled[frame.id]
            if part is not None:
                ways.append((frame, part))
        return ways

    def labels(self, facts: Sequence[Fact]) -> Filled | None:
        """Facts behind their labels, where there is a frame for so many."""
        for frame in self.chooser.of("more"):
            if frame.keys.count("label") == len({fact.key for fact in facts}):
                return filled(frame, self.saying, facts)
        return None

    def verbatim(self, role: str, limit: int) -> Filled:
        """The merchant's own title, at its full length or as many whole pieces of it as there is room for."""
        fact = self.sheet.of("title")[0]
        text = shortened(fact.value, limit)
        facts = (fact, *self.saying.told_by((0, len(text.removesuffix(CUT)))))
        if role not in ROLES.values():
            text = text.rstrip(" ,;:")
        end = "" if role in ROLES.values() or text[-1:] in ".!?…" else "."
        frame = next((one.id for one in self.chooser.of(role) if one.keys == ("title",)), "kept")
        slot = SlotSpan(0, len(text), "title", "", tuple(one.name for one in facts))
        return Filled(text + end, Sentence(0, len(text + end), frame, (slot,)), facts)

    def _room(self, parts: Sequence[Filled], part: Filled, limit: int) -> bool:
        return sum(len(one.text) + 1 for one in parts) + len(part.text) <= limit

    def _tick(self, left: dict[str, Fact], part: Filled) -> None:
        for fact in part.facts:
            left.pop(fact.name, None)

    def _draw(self, kind: TextKind) -> Random:
        return Random(f"{self.seed}|{self.sheet.subject}|{self.language}|{kind}")

    def made(self, kind: TextKind, parts: Sequence[Filled]) -> Text:
        """The sentences as one text."""
        text, sentences, facts = joined(parts)
        return Text(self.sheet.subject, kind, self.language, text, sentences, facts)


def _goes_on(facts: Sequence[Fact], left: Mapping[str, Fact]) -> bool:
    """Whether a sentence says nothing twice but the thing itself, and something that was not said."""
    return any(fact.name in left for fact in facts) and all(fact.name in left or fact.key == "kind" for fact in facts)


def _fullest(ways: Sequence[Way], left: Mapping[str, Fact]) -> list[Way]:
    """Of several sentences those that say two facts more, where any does: few sentences read better than many."""
    news = [len(_names(part.facts) & left.keys()) for _, part in ways]
    enough = min(2, max(news, default=0))
    return [way for way, count in zip(ways, news, strict=True) if count >= enough]


def _beginning(text: str) -> list[str]:
    """The two words that a sentence begins with."""
    return text.casefold().split()[:2]


def _put_anew(part: Filled) -> set[str]:
    """The facts that it says in words of its own, not in those of the title."""
    return {name for slot in part.sentence.slots if slot.key != "title" for name in slot.facts}


def _names(facts: Sequence[Fact]) -> set[str]:
    return {fact.name for fact in facts}
