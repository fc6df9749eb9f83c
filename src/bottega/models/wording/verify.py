"""The proof: a text claims nothing beyond its facts, or is not shown.

Idea     Whoever wrote it, a text is read back from its plain words: every word belongs to a claim, to what tells of
         what it is a claim, or to the closed list of words that claim nothing. A claim is licensed by one given fact
         that has this whole value and the key that the words give it. Whatever is not understood is not proved.
Relation "made of steel" is about a material, "steel-coloured" about a colour. A word that stands bare is all that
         a reader may take it for: "steel cufflinks" needs steel as a material, whatever has the colour "Steel".
Numbers  One that is no whole value of a fact is no claim that anybody made, nor is one with another measure.
Denial   No fact denies; a word that does is refused, unless it is inside a value ("no iron").
Differs  Nothing here knows the frames that texts are written by (frames.py); the two share the lists of words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bottega.models.wording.facts import Fact, FactSheet
from bottega.models.wording.proof.fact_phrases import FactPhrases
from bottega.models.wording.proof.mentions import Mention, MentionKind, find_mentions
from bottega.models.wording.proof.words import OWN, room_of

__all__ = ["Claim", "ProofReport", "verify"]

_MISREAD = frozenset({"colour", "material", "pattern", "people", "size", "season", "quality", "kind", "shade"})
"""Rooms of the lists that a reader takes a bare word for."""
_BESIDE_A_THING = frozenset({"colour", "material", "pattern", "season", "occasion", "people"})
"""Rooms whose words, beside a thing, are never taken for the thing itself: "orange" beside a shirt is no fruit."""
_RELATIONS = frozenset({"compatible"})
"""Rooms whose values are other things: said of one that fits them, and never as what it is."""
_NAMES = frozenset({"brand", "front", "line"})
_LOOKS = frozenset({"colour", "material", "pattern"})
"""What a name may not be taken for: "Indigo" is blue before a dress, and "Brother" no relative before a printer."""
_ROOMS = _MISREAD | {"occasion", "purpose", "brand", "price", "reviews", "name"}


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a text says: where, and by which fact it may, or why not."""

    start: int
    end: int
    said: str
    facts: tuple[Fact, ...] = ()
    """Those that license it; any of them would do."""
    reason: str = ""

    @property
    def fact(self) -> Fact | None:
        """The first of them."""
        return self.facts[0] if self.facts else None


@dataclass(frozen=True)
class ProofReport:
    """What was found in a text."""

    language: str
    claims: tuple[Claim, ...]
    """Licensed, each by a fact."""
    unlicensed: tuple[Claim, ...]
    unparsed: tuple[Claim, ...]
    """What nobody understood."""

    @property
    def proved(self) -> bool:
        """Whether the text may be shown."""
        return not self.unlicensed and not self.unparsed

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Those that it claims, each once."""
        return tuple(dict.fromkeys(claim.fact for claim in self.claims if claim.fact is not None))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it may not be shown, in the order of the text."""
        return tuple(claim.reason for claim in sorted((*self.unlicensed, *self.unparsed), key=lambda one: one.start))


def verify(
    text: str, facts: FactSheet | FactPhrases | Sequence[Fact], language: str, listing_language: str = ""
) -> ProofReport:
    """Read a text back and hold every claim against the given facts.

    `language` is the text's; `listing_language` is what the facts' values are written in, where no sheet says it.
    """
    if isinstance(facts, FactSheet):
        facts = FactPhrases.of(facts.claimed, facts.language)
    elif not isinstance(facts, FactPhrases):
        facts = FactPhrases.of(facts, listing_language or "en")
    judge = _Judge(text)
    judge.hear(find_mentions(text, facts, language))
    return ProofReport(language, tuple(judge.claims), tuple(judge.unlicensed), tuple(judge.unparsed))


class _Judge:
    """Goes through a text and keeps what its last words said about the next ones."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.claims: list[Claim] = []
        self.unlicensed: list[Claim] = []
        self.unparsed: list[Claim] = []
        self.cue: Mention | None = None
        self.keys: frozenset[str] = frozenset()
        """Of which keys the cue makes the next value."""
        self.waits = False
        """Whether the cue has not met its value yet."""
        self.is_list = False
        """Whether a colon stood behind the cue: all up to the end of the sentence is its list."""
        self.closed: frozenset[str] = frozenset()
        """The keys of the word that stood behind the last value."""
        self.value: Mention | None = None
        """The value just heard: a word behind it may still say what it is about."""

    def hear(self, mentions: Sequence[Mention]) -> None:
        for place, mention in enumerate(mentions):
            behind = mentions[place + 1].kind if place + 1 < len(mentions) else MentionKind.END
            if mention.kind is MentionKind.CUE:
                self._tell(mention, is_label=behind is MentionKind.COLON)
                continue
            self._settle()
            self.closed = frozenset()
            match mention.kind:
                case MentionKind.VALUE:
                    self.value = mention
                case MentionKind.COLON:
                    self.is_list = self.waits
                case MentionKind.END:
                    self._end()
                case MentionKind.DASH:
                    if not self.waits:
                        self._end()
                case MentionKind.NOT:
                    self._refuse(mention, f"{self._said(mention)!r} denies something, and no fact of the product does")
                case MentionKind.NUMBER:
                    self._refuse(mention, f"the number {self._said(mention)} is the whole value of no fact")
                case MentionKind.UNKNOWN:
                    said = self._said(mention)
                    reason = f"{said!r} is neither the value of a fact nor a word that claims nothing"
                    self.unparsed.append(Claim(mention.start, mention.end, said, (), reason))
                    self.waits = False
        self._settle()
        self._end()

    def _said(self, mention: Mention) -> str:
        return self.text[mention.start : mention.end]

    def _refuse(self, mention: Mention, reason: str) -> None:
        self.unlicensed.append(Claim(mention.start, mention.end, self._said(mention), (), reason))

    def _end(self) -> None:
        """Forget the sentence."""
        if self.waits and self.cue is not None and not self.cue.is_empty:
            self._refuse(self.cue, f"nothing that a fact says stands behind {self._said(self.cue)!r}")
        self.cue, self.keys, self.waits, self.is_list = None, frozenset(), False, False

    def _tell(self, mention: Mention, is_label: bool) -> None:
        """A phrase that says of what its neighbour is the value."""
        cue = mention.cue
        assert cue is not None
        closed, self.closed = self.closed, frozenset()
        behind = self.value if cue.after and (self.waits or not is_label or not cue.before) else None
        if behind is not None and (not cue.before or any(_is_of(fact, cue.after) for fact in behind.facts)):
            self.value = None
            self._judge(behind, cue.after)
            self.closed = cue.after
            return
        self._settle()
        if cue.after & closed and not cue.before:
            return  # "steel-coloured is the colour of": said twice
        if not cue.before:
            self._refuse(mention, f"{self._said(mention)!r} stands behind nothing that it can be about")
            return
        if self.waits and self.cue is not None:
            if mention.is_link and self.cue.cue is not None and self.cue.cue.names:
                return
            if mention.is_empty and not self.cue.is_empty:
                return
        both = self.keys & cue.before if self.waits else frozenset[str]()
        if self.waits and self.is_list and self.cue is not None and not both:
            self._refuse(self.cue, f"nothing that a fact says stands behind {self._said(self.cue)!r}")
        self.cue, self.keys, self.waits, self.is_list = mention, both or cue.before, True, False

    def _settle(self) -> None:
        if self.value is not None:
            value, self.value = self.value, None
            self._judge(value, frozenset())

    def _judge(self, value: Mention, after: frozenset[str]) -> None:
        """License a value, or refuse it. `after`: the keys that what stands behind it allows."""
        waits, self.waits = self.waits, False
        keys = after
        if waits and (not after or not (self.cue and self.cue.cue and self.cue.cue.is_weak)):
            keys = self.keys & after if after else self.keys
            if not keys:
                self._refuse(value, f"{self._said(value)!r} is said to be two things at once")
                return
        if self.is_list and not waits and not after:
            keys = self.keys
        facts, reason = self._license(value, keys)
        if not facts and self.keys and not waits and not after:
            facts, _ = self._license(value, self.keys)
        if facts:
            self.claims.append(Claim(value.start, value.end, self._said(value), facts))
        else:
            self._refuse(value, reason)

    def _license(self, value: Mention, keys: frozenset[str]) -> tuple[tuple[Fact, ...], str]:
        """The facts that a value may stand for; `keys`: what it is said to be, empty where it stands bare."""
        said = self._said(value)
        if not value.facts:
            rooms = ", ".join(sorted(value.rooms))
            return (), f"{said!r} ({rooms}) is the whole value of no fact"
        if value.torn:
            return (), f"{said!r} beside {value.torn!r} is another number than {_shown(value.facts)}"
        if not keys and all(room_of(fact.key) in _RELATIONS for fact in value.facts):
            return (), f"{said!r} is what it goes with, not what it is: {_shown(value.facts)}"
        fitting = tuple(fact for fact in value.facts if not keys or _is_of(fact, keys))
        if not fitting:
            return (), f"{said!r} is said of {_listed(keys)}, and the facts have it as {_shown(value.facts)}"
        if not keys and value.needs_name:
            return (), f"{said!r} says nothing without the name of what it is: {_shown(value.facts)}"
        held = {room_of(fact.key) for fact in fitting}
        misread = (value.rooms & (keys or _MISREAD)) - held
        if "kind" in held:
            misread = frozenset()
        elif held & _BESIDE_A_THING:
            misread -= {"kind"}
            if "material" in held:
                misread -= {"colour"}
        elif held <= _NAMES:
            misread &= _LOOKS
        if misread:
            return (), f"{said!r} reads as {_listed(misread)} here, and the facts have it as {_shown(value.facts)}"
        return fitting, ""


def _is_of(fact: Fact, keys: frozenset[str]) -> bool:
    room = room_of(fact.key)
    return room in keys or (OWN in keys and room not in _ROOMS)


def _listed(keys: frozenset[str]) -> str:
    return " or ".join(sorted(keys))


def _shown(facts: Sequence[Fact]) -> str:
    return ", ".join(fact.name for fact in facts)
