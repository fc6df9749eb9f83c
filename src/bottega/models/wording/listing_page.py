"""One product's facts on the table while its texts are written: a plan for each kind of text."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from random import Random

from bottega.models.wording.choosing import FrameChooser, Way
from bottega.models.wording.facts import Fact, FactSheet
from bottega.models.wording.filling import Filled, filled, joined
from bottega.models.wording.keys import rank
from bottega.models.wording.keywords import Keyword
from bottega.models.wording.leading import leading
from bottega.models.wording.saying import Saying
from bottega.models.wording.shortening import shortened
from bottega.models.wording.text import Sentence, SlotSpan, Text, TextKind

__all__ = ["ROLES", "ListingPage"]

_UNSAID = frozenset({"title", "name", "category", "price", "review"})
"""Keys that a description does not say by itself."""
_NAMES_OF_IT = frozenset({"kind", "front", "line"})
"""Keys that stand in sentences and never behind a label."""
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
    ) -> None:
        self.chooser = chooser
        self.language = language
        self.sheet = sheet
        self.seed = seed
        self.first = {name: place for place, name in enumerate(first)}
        self.saying = Saying(sheet, language, given)
        self._filled: dict[str, Filled | None] = {}

    def one(self, kind: TextKind, limit: int) -> Text:
        """A text of one frame: a title, an alternative text, an advertisement."""
        role = ROLES[kind]
        draw = self._draw(kind)
        own = self.sheet.language == self.language
        whole = not own or self.sheet.title_read or kind not in (TextKind.TITLE, TextKind.META_TITLE)
        ways = [(frame, part) for frame, part in self._ways(role) if whole or frame.keys == ("title",)]
        best = self.chooser.pick(
            role, [way for way in ways if len(way[1].text) <= limit], draw, keys=_IN_TITLE, most=True
        )
        if best is None or (best.sentence.slots and {slot.key for slot in best.sentence.slots} == {"title"}):
            best = self.verbatim(role, limit)
        return self.made(kind, [best])

    def bullets(self) -> tuple[Text, ...]:
        """One fact each, the most telling first."""
        draw = self._draw(TextKind.BULLET)
        texts: list[Text] = []
        said: set[str] = set()
        for fact in self._wanted():
            if fact.name in said or fact.key in _NAMES_OF_IT or len(texts) == BULLETS_MOST:
                continue
            ways = [way for way in self._ways("bullet") if fact in way[1].facts and not said & _names(way[1].facts)]
            part = self.chooser.pick("bullet", ways, draw) or self.labels([fact])
            if part is None:
                continue
            said |= _names(part.facts)
            texts.append(self.made(TextKind.BULLET, [part]))
        return tuple(texts)

    def description(
        self,
        limit: int,
        *,
        asked: Collection[str] = (),
        kind: TextKind = TextKind.DESCRIPTION,
        sentences: int | None = None,
        labels: bool = False,
    ) -> Text:
        """An opening, then sentences until every fact is said."""
        draw = self._draw(kind)
        left = {fact.name: fact for fact in self._wanted(asked)}
        parts: list[Filled] = []
        used: set[str] = set()
        if not labels:
            parts.append(self._opening("meta" if kind is TextKind.META else "open", left, limit, draw))
            used.add(parts[0].sentence.frame)
            self._tick(left, parts[0])
        while left and (sentences is None or len(parts) < sentences):
            ways = (
                []
                if labels
                else [
                    (frame, part)
                    for frame, part in self._ways("more")
                    if frame.id not in used and _goes_on(part.facts, left)
                ]
            )
            part = (None if labels else self._next_first(ways, left, draw)) or self.chooser.pick("more", ways, draw)
            if part is None:
                break
            used.add(part.sentence.frame)
            if self._room(parts, part, limit):
                parts.append(part)
            self._tick(left, part)
        rest = [fact for fact in left.values() if fact.key not in _NAMES_OF_IT or (labels and fact.key == "kind")]
        while rest and (sentences is None or len(parts) < sentences):
            part = self.labels(rest[:2]) or self.labels(rest[:1])
            rest = rest[2:]
            if part is not None and self._room(parts, part, limit):
                parts.append(part)
        return self.made(kind, parts or [self.verbatim("open", limit)])

    def with_keywords(self, text: Text, keywords: Sequence[Keyword]) -> Text:
        """A text and a last sentence of the keywords that it does not hold."""
        frame = self.chooser.of("keyword")[0]
        said = ", ".join(one.text for one in keywords)
        facts = {fact.name: fact for one in keywords for fact in one.facts}
        start = len(text.text) + 1
        sentence = said[:1].upper() + said[1:] + "."
        slot = SlotSpan(start, start + len(said), "keyword", "", tuple(facts))
        made = Sentence(start, start + len(sentence), frame.id, (slot,))
        known_facts = {fact.name: fact for fact in text.facts} | facts
        return Text(
            text.subject,
            text.kind,
            text.language,
            f"{text.text} {sentence}",
            (*text.sentences, made),
            tuple(known_facts.values()),
        )

    def letter(self, limit: int) -> Text:
        """A greeting and one line about the product."""
        draw = self._draw(TextKind.EMAIL)
        greetings = [
            way for way in self._ways("greet") if ("shopper" in way[0].keys) == ("shopper" in self.saying.given)
        ]
        greeting = self.chooser.pick("greet", greetings, draw)
        line = self.chooser.pick(
            "mail", [way for way in self._ways("mail") if len(way[1].text) <= limit], draw, most=True
        )
        parts = [part for part in (greeting, line or self.verbatim("mail", limit)) if part is not None]
        text, made, facts = joined(parts, "\n\n")
        return Text(self.sheet.subject, TextKind.EMAIL, self.language, text, made, facts)

    def _wanted(self, asked: Collection[str] = ()) -> list[Fact]:
        """Facts to say, the first ones first."""
        facts = [fact for fact in self.sheet.claimed if fact.key not in _UNSAID]
        if len(facts) < FEW:
            facts += self.sheet.of("category")
        facts += [fact for fact in self.sheet.claimed if fact not in facts and {fact.name, fact.key} & set(asked)]
        return sorted(facts, key=lambda fact: (self.first.get(fact.name, len(self.first)), rank(fact.key)))

    def _opening(self, role: str, left: Mapping[str, Fact], limit: int, draw: Random) -> Filled:
        ways = [way for way in self._ways(role) if len(way[1].text) <= limit]
        said = {id(way[1]): len(_names(way[1].facts) & left.keys()) for way in ways}
        enough = min(2, max(said.values(), default=0))
        ways = [way for way in ways if said[id(way[1])] >= enough]
        named = [way for way in ways if {"front", "title"} & set(way[0].keys)]
        if len(left) < FEW_FACTS and named:
            ways = named
        if self.saying.thing and self.sheet.language != self.language:
            ways = [way for way in ways if "title" not in way[0].keys] or ways
        ways = leading(ways, self.first)
        return self.chooser.pick(role, ways, draw, telling=True) or self.verbatim(role, limit)

    def _next_first(self, ways: Sequence[Way], left: Mapping[str, Fact], draw: Random) -> Filled | None:
        """What says the next of the facts to begin with: a sentence, or its label, two labels together."""
        names = [name for name in self.first if name in left]
        if not names:
            return None
        if those := [way for way in ways if names[0] in _names(way[1].facts)]:
            return self.chooser.pick("more", leading(those, names), draw)
        told = {name for _, part in ways for name in _names(part.facts)}
        bare = [left[name] for name in names if name not in told]
        return self.labels(bare[:2]) or self.labels(bare[:1])

    def _ways(self, role: str) -> list[Way]:
        """Frames of a role that can be filled, filled."""
        ways = []
        for frame in self.chooser.of(role):
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
            if frame.keys.count("label") == len(facts):
                return filled(frame, self.saying, facts)
        return None

    def verbatim(self, role: str, limit: int) -> Filled:
        """The merchant's own title, at its full length or as many whole pieces of it as there is room for."""
        fact = self.sheet.of("title")[0]
        text = shortened(fact.value, limit)
        frame = next((one.id for one in self.chooser.of(role) if one.keys == ("title",)), "kept")
        slot = SlotSpan(0, len(text), "title", "", (fact.name,))
        return Filled(text, Sentence(0, len(text), frame, (slot,)), (fact,))

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


def _names(facts: Sequence[Fact]) -> set[str]:
    return {fact.name for fact in facts}
