"""A merchant's sentence as a pattern of a frame: what stands for facts becomes slots, what is left claims nothing.

Idea     The proof (verify.py) says which words of a sentence stand for which facts. A slot is the key and the form that
         render these very words for this product, so that another product's facts stand there in the same grammar.
Grammar  Verbs and pronouns agree with the thing, and small words with what stands behind them. An article that leads
         to the thing is the language's small word; any other word stays as it is, and the frame goes with nouns of the
         class that it was seen with. What would have to follow a word of a slot ("a", "l'") makes no frame.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from bottega.languages.fold import tokens
from bottega.models.wording.facts import Fact, FactSheet
from bottega.models.wording.frames import FrameSlot, PluralChoice, frames
from bottega.models.wording.saying import Saying
from bottega.models.wording.shortening import empty_phrases
from bottega.models.wording.verify import Claim, verify

__all__ = ["DescriptionPiece", "SeenPattern", "pattern_of", "pieces_of", "words_of_title"]

_END = re.compile(r"(?<=[.!?…])[\"”»']?\s+(?=[^\s\d])|\n+")
_CUT = re.compile(r"\s*[,;]\s+")
_MARK = re.compile(r"^\s*(?:[-–—•*·]+\s+|\d+[.)]\s+)?")
_OWN_SIGNS = re.compile(r"[{}<>|#\[\]\\/\"“”„«»()*_~=+]")
_SAYS_NO_MORE = frozenset({"title", "name", "front", "line", "brand", "kind"})
"""Keys that say what it is and is called: a sentence of these alone says nothing of it."""
_NO_SLOTS = frozenset({"category", "price", "review", "stated"})
ALONE = "an"
"""The small word that follows what stands behind it alone, whatever the thing is: "a round neck", "an open front"."""
WORDS_MOST = 25
"""Of a sentence."""


@dataclass(frozen=True, slots=True)
class SeenPattern:
    """One sentence as a pattern."""

    pattern: str
    role: str
    noun_class: str
    facts: tuple[Fact, ...]
    said: str
    """The sentence."""


class _Slot(NamedTuple):
    """A slot, or two side by side, as a pattern has it, with the facts that it renders."""

    pattern: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class DescriptionPiece:
    """Part of a description that may stand alone."""

    text: str
    first: bool
    """Whether the description begins with it."""
    item: bool
    """Whether it is an item of a list."""


def pieces_of(description: str) -> list[DescriptionPiece]:
    """The sentences of a description; behind each that has commas, what stands before its first one."""
    found: list[DescriptionPiece] = []
    for place, sentence in enumerate(piece for piece in _END.split(description) if piece and piece.strip()):
        text = " ".join(_MARK.sub("", sentence, count=1).split())
        item = text[-1:] not in tuple(".!?…")
        found.append(DescriptionPiece(text, place == 0, item))
        head = _CUT.split(text, maxsplit=1)[0]
        if head != text and len(head.split()) > 1:
            found.append(DescriptionPiece(head, place == 0, item))
    return found


def pattern_of(piece: DescriptionPiece, sheet: FactSheet, saying: Saying) -> SeenPattern | None:
    """The pattern of a sentence of this product's listing; None where a word of it is not borne out, or is no slot."""
    text = piece.text.rstrip(" .")
    if not text or text.endswith("?") or len(text.split()) > WORDS_MOST or not saying.thing_class:
        return None
    if empty_phrases(text, saying.language.code):
        return None
    report = verify(text, sheet, sheet.language)
    if not report.proved or not report.claims:
        return None
    made = _patterned(text, sorted(report.claims, key=lambda one: one.start), saying)
    if made is None:
        return None
    pattern, facts = made
    if all(fact.key in _SAYS_NO_MORE for fact in facts) or re.fullmatch(r"\{[^{}]+\}", pattern):
        return None
    keys = {fact.key for fact in facts}
    noun_class = saying.language.like.get(saying.thing_class, saying.thing_class)
    role = "open" if piece.first and keys & {"kind", "front", "title"} else "bullet, more" if piece.item else "more"
    end = "" if pattern.endswith("!") else "."
    return SeenPattern(pattern + end, role, noun_class, facts, piece.text)


def _patterned(text: str, claims: Sequence[Claim], saying: Saying) -> tuple[str, tuple[Fact, ...]] | None:
    """Literal texts and slots in turn; None where what stands for facts is no form of them that the writer has."""
    literals: list[str] = []
    slots: list[_Slot] = []
    at = place = 0
    while place < len(claims):
        found = next(
            (
                (last, slot)
                for last in range(len(claims) - 1, place - 1, -1)
                if (slot := _slot(text, claims, place, last, saying)) is not None
            ),
            None,
        )
        if found is None or claims[place].start < at:
            return None
        last, named = found
        literals.append(text[at : claims[place].start])
        slots.append(named)
        at, place = claims[last].end, last + 1
    literals.append(text[at:])
    if any(_OWN_SIGNS.search(one) or any(letter.isdigit() for letter in one) for one in literals):
        return None
    facts = tuple(fact for one in slots for fact in one.facts)
    if len({fact.name for fact in facts}) < len(facts):
        return None  # said twice
    led = _with_small_words(literals, slots, saying)
    if led is None:
        return None
    return "".join(f"{literal}{one.pattern}" for literal, one in zip(led, slots, strict=False)) + led[-1], facts


def _slot(text: str, claims: Sequence[Claim], first: int, last: int, saying: Saying) -> _Slot | None:
    """The slot that renders the words of these claims. Its form is the one that such words take in the language's own
    frames: behind the word that stands before it, or before the thing."""
    said = text[claims[first].start : claims[last].end]
    keys = list(dict.fromkeys(fact.key for claim in claims[first : last + 1] for fact in claim.facts))
    if {"title", "name"} & set(keys):
        return _named(said, claims[first].start == 0, saying)
    if {"brand", "line"} & set(keys):
        keys.append("front")
    before = text[: claims[first].start].split()
    word = before[-1].casefold() if before else ""
    behind = claims[last + 1 :]
    leads = bool(behind) and not text[claims[last].end : behind[0].start].strip()
    for key in (one for one in keys if one not in _NO_SLOTS):
        usual = _usual_forms(saying.language.code).get((key, word))
        forms = [usual] if usual is not None else ["adj", "pre"] if leads else ["named"] if word.endswith(":") else []
        for form in dict.fromkeys((*forms, "low", "own", "", "pred", "for", "of", "named")) if key != "kind" else ("",):
            rendered = saying.slot(key, form)
            if rendered is None or len(rendered.facts) < last + 1 - first or not rendered.facts:
                continue
            slot = "{" + (f"{key}:{form}" if form else key) + "}"
            own, its = said[: len(rendered.text)], said[len(rendered.text) :]
            if its and not (its[0] == " " and _names_key(its.strip(), key, saying)):
                continue
            exact = own == rendered.text or (own[1:] == rendered.text[1:] and claims[first].start == 0)
            if exact or (form not in ("low", "own") and own.casefold() == rendered.text.casefold()):
                return _Slot(slot + its, rendered.facts)
    return None


def _names_key(word: str, key: str, saying: Saying) -> bool:
    """Whether a word behind a value is what its key is called: "slim fit"."""
    language = saying.language
    return word.casefold() in {language.labels.get(key, key).casefold(), *language.attributes.get(key, ())}


def _named(said: str, begins: bool, saying: Saying) -> _Slot | None:
    """What a product is called: its title in front of all, else its name beside the word for it."""
    front, kind = saying.slot("front", ""), saying.slot("kind", "")
    if front is not None and kind is not None:
        for pattern in ("{front} {kind}", "{kind} {front}"):
            if pattern.format(front=front.text, kind=kind.text).casefold() == said.casefold():
                return _Slot(pattern, (*front.facts, *kind.facts))
    title = saying.slot("title", "")
    if begins and title is not None and title.text.casefold() == said.casefold():
        return _Slot("{title}", title.facts)
    return None


@cache
def _usual_forms(code: str) -> Mapping[tuple[str, str], str]:
    """By key and the word before it: the form of a slot in the language's own frames."""
    found: dict[tuple[str, str], str] = {}
    for frame in frames(code):
        before: tuple[str, ...] = ("",)
        for piece in frame.pieces:
            if isinstance(piece, FrameSlot):
                for text in before:
                    words = text.split()
                    found.setdefault((piece.key, words[-1].casefold() if words else ""), piece.form)
                before = ()
            elif isinstance(piece, str):
                before = tuple(text + piece for text in before) or (piece,)
            else:
                ways = tuple(piece.ways.values()) if isinstance(piece, PluralChoice) else piece.ways
                before = tuple(text + way for text in (before or ("",)) for way in ways)
    return {place: form for place, form in found.items() if place[1]}


def _with_small_words(literals: Sequence[str], slots: Sequence[_Slot], saying: Saying) -> list[str] | None:
    """The literal texts, with the articles that lead to the thing as small words."""
    small = saying.language.small
    forms: dict[str, str] = {}
    choosy: set[str] = {"a", "an"}
    for (name, noun_class), word in small.items():
        ways = [way.casefold() for way in (word.plain, *(other for _, other in word.before)) if way]
        choosy.update(ways if word.before else ())
        if noun_class == saying.thing_class and name != ALONE:
            forms.update(dict.fromkeys(ways, name))
    found = list(literals)
    for place, literal in enumerate(literals[:-1]):
        if literal and literal[-1].isalnum():
            return None  # glued to a slot
        words = literal.split()
        last = words[-1].casefold() if words else ""
        if not last or literal[-1] not in " '’":
            continue
        ahead = next((at for at in range(place, len(slots)) if "{kind}" in slots[at].pattern), -1)
        leads = ahead >= 0 and not any(between.strip() for between in literals[place + 1 : ahead + 1])
        article = forms.get(last) if leads else None
        if last in ("a", "an") and not leads and (ALONE, saying.thing_class) in small:
            article = ALONE
        if article is not None:
            found[place] = literal.rstrip()[: -len(words[-1])] + "{" + article + "} "
        elif last in choosy or last.endswith(("'", "’")):
            return None
    return found


def words_of_title(title: str, saying: Saying) -> frozenset[str]:
    """What tells a title from others: its words without numbers and colours."""
    colours = {word for fact in saying.sheet.of("colour") for word in tokens(fact.value)}
    return frozenset(word for word in tokens(title) if not any(letter.isdigit() for letter in word)) - colours
