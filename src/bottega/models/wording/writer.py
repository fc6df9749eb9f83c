"""The writer: which frames say which facts, in which order, for one kind of text.

Idea     A text is a plan over frames and facts, never over words. The plan is drawn by the product's id, the language
         and a seed: the same product always reads the same, two products do not. Every fact asked for is said; what
         fits no sentence stands behind its label.
Chooser  Which of several frames that could follow is taken may be learnt elsewhere (`weigh`); without it each that says
         more is more probable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from bottega.languages.writing import writing
from bottega.models.wording.facts import Fact, FactSheet
from bottega.models.wording.filling import Filled, filled, joined
from bottega.models.wording.frames import SentenceFrame, frames
from bottega.models.wording.keys import rank
from bottega.models.wording.keywords import Keyword
from bottega.models.wording.limits import limit_of
from bottega.models.wording.measures import measures_in
from bottega.models.wording.saying import Saying
from bottega.models.wording.text import Sentence, SlotSpan, Text, TextKind

__all__ = ["ListingWriter", "Weigh", "WrittenListing"]

Weigh = Callable[[str, SentenceFrame, tuple[Fact, ...]], float]
"""Role, frame, and the facts that it would say: how much to prefer it, 1 where nothing speaks for or against it."""
_UNSAID = frozenset({"title", "name", "category", "price", "review"})
"""Keys that a description does not say by itself."""
TELLING = 6.0
"""How much likelier an opening is for each such fact in its first five words."""
_APART = frozenset({"front", "line", "title", "brand", "colour", "pattern", "material", "season"})
_NAMES_OF_IT = frozenset({"kind", "front", "line"})
"""Keys that stand in sentences and never behind a label."""
_IN_TITLE = frozenset({"front", "line", "brand", "people", "colour", "material", "pattern", "occasion", "kind"})
FEW = 4
"""With fewer facts the category is said, too."""
FEW_FACTS = 6
"""With fewer a description begins with the product's name."""
BULLETS_MOST = 8
_ROLES = {
    TextKind.TITLE: "title",
    TextKind.META_TITLE: "title",
    TextKind.ALT: "alt",
    TextKind.ADVERT: "ad",
}
_LINK_WORDS = frozenset(
    {"for", "with", "of", "and", "in", "the", "a", "an", "by", "&", "für", "mit", "von", "und", "pour", "avec", "de"}
    | {"et", "para", "con", "y", "per", "di", "e", "-"}
)


@dataclass(frozen=True)
class WrittenListing:
    """All texts of one product in one language."""

    subject: str
    language: str
    title: Text
    bullets: tuple[Text, ...]
    description: Text
    alt: Text

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact that any of them claims."""
        texts = (self.title, *self.bullets, self.description, self.alt)
        return tuple({fact.name: fact for text in texts for fact in text.facts}.values())


class ListingWriter:
    """Writes in one language."""

    def __init__(self, language: str, *, weigh: Weigh | None = None) -> None:
        self.language = language
        self._weigh = weigh or (lambda role, frame, facts: 1.0)
        self._frames: dict[str, list[SentenceFrame]] = {}
        for frame in frames(language):
            for role in frame.roles:
                self._frames.setdefault(role, []).append(frame)

    def listing(
        self,
        sheet: FactSheet,
        *,
        seed: int = 0,
        channel: str = "google",
        asked: Collection[str] = (),
        keywords: Sequence[Keyword] = (),
    ) -> WrittenListing:
        """Everything that a listing needs. `keywords` that facts bear out stand in it as they were asked for."""
        page = _Page(self, sheet, seed)
        title = page.one(TextKind.TITLE, limit_of(TextKind.TITLE, channel))
        bullets = page.bullets()
        limit = limit_of(TextKind.DESCRIPTION, channel)
        placed = [one for one in keywords if one.facts]
        description = page.description(limit - sum(len(one.text) + 2 for one in placed), asked=asked)
        said = " ".join(text.text for text in (title, description, *bullets)).casefold()
        missing = [one for one in placed if one.text.casefold() not in said]
        return WrittenListing(
            sheet.subject,
            self.language,
            title,
            bullets,
            page.with_keywords(description, missing) if missing else description,
            page.one(TextKind.ALT, limit_of(TextKind.ALT)),
        )

    def text(
        self,
        sheet: FactSheet,
        kind: TextKind,
        *,
        seed: int = 0,
        channel: str = "google",
        asked: Collection[str] = (),
        given: Mapping[str, str] | None = None,
        sentences: int | None = None,
        first: Collection[str] = (),
        labels: bool = False,
        keywords: Sequence[Keyword] = (),
    ) -> Text:
        """One text. `asked`: names or keys of facts that it must say; `given`: texts for slots that are no facts
        (`shopper`); `sentences`: at most so many; `first`: names of facts to begin with; `labels`: each fact behind its
        label; `keywords`: as in `listing`."""
        page = _Page(self, sheet, seed, given, first=first)
        limit = limit_of(kind, channel)
        if kind in _ROLES:
            return page.one(kind, limit)
        if kind is TextKind.EMAIL:
            return page.letter(limit)
        if kind is TextKind.BULLET:
            return page.bullets()[0]
        few = 2 if kind in (TextKind.SHORT, TextKind.META) else sentences
        text = page.description(limit, asked=asked, kind=kind, sentences=few, labels=labels)
        missing = [one for one in keywords if one.facts and one.text.casefold() not in text.text.casefold()]
        return page.with_keywords(text, missing) if missing else text


class _Page:
    """One product's facts on the table while its texts are written."""

    def __init__(
        self,
        writer: ListingWriter,
        sheet: FactSheet,
        seed: int,
        given: Mapping[str, str] | None = None,
        *,
        first: Collection[str] = (),
    ) -> None:
        self.writer = writer
        self.sheet = sheet
        self.seed = seed
        self.first = frozenset(first)
        self.saying = Saying(sheet, writer.language, given)
        self._filled: dict[str, Filled | None] = {}

    def one(self, kind: TextKind, limit: int) -> Text:
        """A text of one frame: a title, an alternative text, an advertisement."""
        role = _ROLES[kind]
        draw = self._draw(kind)
        own = self.sheet.language == self.writer.language
        whole = not own or self.sheet.title_read or kind not in (TextKind.TITLE, TextKind.META_TITLE)
        ways = [(frame, part) for frame, part in self._ways(role) if whole or frame.keys == ("title",)]
        best = self._pick(role, [way for way in ways if len(way[1].text) <= limit], draw, keys=_IN_TITLE, most=True)
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
            part = self._pick("bullet", ways, draw) or self.labels([fact])
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
            part = self._pick("more", ways, draw)
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
        frame = self.writer._frames["keyword"][0]
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
        greeting = self._pick("greet", greetings, draw)
        line = self._pick("mail", [way for way in self._ways("mail") if len(way[1].text) <= limit], draw, most=True)
        parts = [part for part in (greeting, line or self.verbatim("mail", limit)) if part is not None]
        text, made, facts = joined(parts, "\n\n")
        return Text(self.sheet.subject, TextKind.EMAIL, self.writer.language, text, made, facts)

    def _wanted(self, asked: Collection[str] = ()) -> list[Fact]:
        """Facts to say, the first ones first."""
        facts = [fact for fact in self.sheet.claimed if fact.key not in _UNSAID]
        if len(facts) < FEW:
            facts += self.sheet.of("category")
        facts += [fact for fact in self.sheet.claimed if fact not in facts and {fact.name, fact.key} & set(asked)]
        return sorted(facts, key=lambda fact: (fact.name not in self.first, rank(fact.key)))

    def _opening(self, role: str, left: Mapping[str, Fact], limit: int, draw: Random) -> Filled:
        ways = [way for way in self._ways(role) if len(way[1].text) <= limit]
        said = {id(way[1]): len(_names(way[1].facts) & left.keys()) for way in ways}
        enough = min(2, max(said.values(), default=0))
        ways = [way for way in ways if said[id(way[1])] >= enough]
        named = [way for way in ways if {"front", "title"} & set(way[0].keys)]
        if len(left) < FEW_FACTS and named:
            ways = named
        if self.saying.thing and self.sheet.language != self.writer.language:
            ways = [way for way in ways if "title" not in way[0].keys] or ways
        if self.first:
            ways = [way for way in ways if self.first & _names(way[1].facts)] or ways
        return self._pick(role, ways, draw, telling=True) or self.verbatim(role, limit)

    def _ways(self, role: str) -> list[tuple[SentenceFrame, Filled]]:
        """Frames of a role that can be filled, filled."""
        ways = []
        for frame in self.writer._frames.get(role, ()):
            if "label" in frame.keys:
                continue
            if frame.id not in self._filled:
                self._filled[frame.id] = filled(frame, self.saying)
            part = self._filled[frame.id]
            if part is not None:
                ways.append((frame, part))
        return ways

    def _pick(
        self,
        role: str,
        ways: Sequence[tuple[SentenceFrame, Filled]],
        draw: Random,
        *,
        keys: frozenset[str] | None = None,
        most: bool = False,
        telling: bool = False,
    ) -> Filled | None:
        """One of them by chance, what says more facts the likelier; `most`: of those alone that say the most;
        `telling`: the likelier by far the more its first words are this product's own."""
        if not ways:
            return None
        counts = [len({fact.key for fact in part.facts if keys is None or fact.key in keys}) for _, part in ways]
        if most:
            best = max(counts)
            ways = [way for way, count in zip(ways, counts, strict=True) if count == best]
            counts = [1] * len(ways)
        weights = [
            (1 + count) ** 2 * self.writer._weigh(role, frame, part.facts)
            for (frame, part), count in zip(ways, counts, strict=True)
        ]
        if telling:
            weights = [weight * TELLING ** _own_words(part) for weight, (_, part) in zip(weights, ways, strict=True)]
        return draw.choices([part for _, part in ways], weights)[0]

    def labels(self, facts: Sequence[Fact]) -> Filled | None:
        """Facts behind their labels, where there is a frame for so many."""
        for frame in self.writer._frames.get("more", ()):
            if frame.keys.count("label") == len(facts):
                return filled(frame, self.saying, facts)
        return None

    def verbatim(self, role: str, limit: int) -> Filled:
        """The merchant's own title, at its full length or as many whole pieces of it as there is room for."""
        fact = self.sheet.of("title")[0]
        text = shortened(fact.value, limit)
        frame = next((one.id for one in self.writer._frames.get(role, ()) if one.keys == ("title",)), "kept")
        slot = SlotSpan(0, len(text), "title", "", (fact.name,))
        return Filled(text, Sentence(0, len(text), frame, (slot,)), (fact,))

    def _room(self, parts: Sequence[Filled], part: Filled, limit: int) -> bool:
        return sum(len(one.text) + 1 for one in parts) + len(part.text) <= limit

    def _tick(self, left: dict[str, Fact], part: Filled) -> None:
        for fact in part.facts:
            left.pop(fact.name, None)

    def _draw(self, kind: TextKind) -> Random:
        return Random(f"{self.seed}|{self.sheet.subject}|{self.writer.language}|{kind}")

    def made(self, kind: TextKind, parts: Sequence[Filled]) -> Text:
        """The sentences as one text."""
        text, sentences, facts = joined(parts)
        return Text(self.sheet.subject, kind, self.writer.language, text, sentences, facts)


def _own_words(part: Filled) -> int:
    """How many facts that set products of a kind apart begin within the first five words."""
    end = sum(len(word) + 1 for word in part.text.split()[:5])
    return sum(len(slot.facts) for slot in part.sentence.slots if slot.start < end and slot.key in _APART)


def _goes_on(facts: Sequence[Fact], left: Mapping[str, Fact]) -> bool:
    """Whether a sentence says nothing twice but the thing itself, and something that was not said."""
    return any(fact.name in left for fact in facts) and all(fact.name in left or fact.key == "kind" for fact in facts)


def _names(facts: Sequence[Fact]) -> set[str]:
    return {fact.name for fact in facts}


def shortened(title: str, limit: int) -> str:
    """A title as it is, else its beginning up to a comma or a word; never the half of a number.

    >>> shortened("Brass lamp, 5.5 x 8.5 in, with shade", 20), shortened("Brass lamp for the desk", 15)
    ('Brass lamp', 'Brass lamp')
    """
    if len(title) <= limit:
        return title
    inside = [(one.start, one.end) for one in measures_in(title)]
    marks = [match.start() for match in re.finditer(r"[,;:|(\[–—]|\s-\s", title[: limit + 1])]
    blanks = [match.start() for match in re.finditer(r"\s", title[: limit + 1])]
    for places in (marks, blanks):
        for place in reversed(places):
            if any(start < place < end for start, end in inside):
                continue
            text = title[:place].rstrip(" ,;:|(-–—")
            while text.split() and text.split()[-1].casefold() in _LINK_WORDS:
                text = text.rsplit(None, 1)[0] if " " in text else ""
            if len(text) >= limit // 3 or (text and places is blanks):
                return text
    return title[:limit]


def empty_phrases(text: str, language: str) -> list[str]:
    """Phrases of a text that say nothing and that no text may hold."""
    folded = f" {text.casefold()} "
    return [phrase for phrase in writing(language).never if f" {phrase}" in folded]
