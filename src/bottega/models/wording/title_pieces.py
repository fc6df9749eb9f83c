"""A title in pieces and words: cut at its commas, words that are the name of something taken together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bottega.languages.fold import tokens
from bottega.languages.kinship import upwards
from bottega.languages.lexicon import lexicon
from bottega.languages.writing import LONGEST, concepts_named, is_spelt
from bottega.models.wording.keys import NAMESPACES, VAGUE
from bottega.models.wording.measures import THOUSANDS, Measure

__all__ = ["KEY_OF", "TitlePart", "is_kind", "own_values", "parts_of", "pieces_of", "stands_behind"]

_STOP = re.compile(r"[,;:|()\[\]–—•]|\s[-~]\s|\s\+\s|(?<=[^\W\d])[-~]\s(?!(?:and|und|et|y|e|o(?:r|u|der)?)\b)")
_SAID = re.compile(r"(?<!\w)(?:'(?:[^']|(?<=\w)'(?=\w))+'|‘[^’]+’|\"[^\"]+\"|“[^”]+”)(?!\w)")
"""Words in quotation marks: a motto, never cut and never taken for what the thing is."""
_WORD = re.compile(r"[^\W_]+(?:[’'&.-][^\W_]+)*[’']?s?\b|&")
_OR = re.compile(r"\so(?:r|u|der)?\s", re.IGNORECASE)
_AND = re.compile(r"\s(?:and|und|et|y|e|&)\s", re.IGNORECASE)
_FOR = frozenset({"for", "fur", "pour", "para", "per"})
_SAYS = frozenset({"colour", "material", "pattern", "people", "quality", "size", "shade", "season", "occasion"})
"""Rooms of words that say something of the thing where they stand alone."""
LIST_MOST = 6
"""Words from the last "for" to the end of what may be a list."""
_LAST = re.compile(r"(?:and|und|et|y|e|&|o(?:r|u|der)?)\s", re.IGNORECASE)
_SMALL = frozenset(
    {"in", "of", "the", "and", "&", "a", "an", "by", "mit", "und", "en", "et", "de", "y", "di", "e", "con"}
)
KEY_OF = {
    namespace: key
    for key, namespaces in NAMESPACES.items()
    if key not in ("age", "feature")
    for namespace in namespaces
}
_OF_COLOUR = frozenset({"material.plain_silver", "material.plain_gold", "material.rose_gold", "colour.skin"})
"""Materials that are as likely a colour in a title, and a colour that is a thing ("laptop skin"): only an attribute
says that they are meant."""


@dataclass(slots=True)
class TitlePart:
    start: int
    end: int
    text: str
    concepts: tuple[str, ...] = ()
    own: tuple[str, str] | None = None
    """Key and value of the product's own attribute that these words are."""
    small: bool = False
    one_of_several: bool = False
    """Whether a stroke joins it to another word: "Printer/Copier/Scanner", "Blue/Black"."""

    @property
    def read(self) -> bool:
        return bool(self.concepts) or self.own is not None

    @property
    def kinds(self) -> tuple[str, ...]:
        if self.one_of_several:
            return ()
        named = [one for one in self.concepts if one.startswith("kind.") and one not in VAGUE]
        return tuple(one for one in named if not any(one in upwards(other)[1:] for other in named))


def is_kind(part: TitlePart) -> bool:
    return any(one.startswith("kind.") for one in part.concepts)


def pieces_of(title: str, numbers: Sequence[Measure]) -> list[tuple[int, int]]:
    apart = [(one.start, one.end) for one in numbers if one.key == "part_number"]
    whole = [(one.start, one.start + len(title[one.start : one.end].rstrip())) for one in numbers]
    whole += [match.span() for match in _SAID.finditer(title)]
    whole += [match.span() for match in THOUSANDS.finditer(title)]
    marks = [
        match.span()
        for match in _STOP.finditer(title)
        if not any(start < match.end() and match.start() < end for start, end in whole)
    ]
    marks = sorted([*marks, *apart])
    starts = [0, *(end for _, end in marks)]
    ends = [*(start for start, _ in marks), len(title)]
    pieces = []
    for start, end in zip(starts, ends, strict=True):
        text = title[start:end]
        start += len(text) - len(text.lstrip())
        end = start + len(text.strip())
        if end > start:
            pieces.append((start, end))
    return _lists_joined(title, pieces)


def _lists_joined(title: str, pieces: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pieces with a list behind "for" in one: "for School, Home, or Office"."""
    joined: list[tuple[int, int]] = []
    behind = lexicon().functions["behind"]
    for start, end in pieces:
        joined.append((start, end))
        near = len(joined) - 2 if _AND.search(title[start:end]) else len(joined)
        begin = 0 if _OR.search(title[start:end]) or _LAST.match(title[start:end]) else near
        places = range(begin, len(joined) - 1)
        of = next((at for at in places if any((w,) in behind for w in tokens(title[slice(*joined[at])]))), None)
        if of is None and len(joined) > 1 and _goes_on_counting(title, joined[-2], joined[-1], behind):
            of = len(joined) - 2
        if of is None and len(joined) > 1 and _is_one_more(title, joined[-2], joined[-1]):
            of = len(joined) - 2
        joined = joined if of is None else [*joined[:of], (joined[of][0], end)]
    return joined


def _goes_on_counting(
    title: str, before: tuple[int, int], this: tuple[int, int], behind: frozenset[tuple[str, ...]]
) -> bool:
    """Whether a bare number goes on with what a piece fits: "for Officejet Pro 251, 276, 8100"."""
    number = re.fullmatch(r"\d+(?:…|\.\.\.)?", title[slice(*this)])
    return number is not None and any((word,) in behind for word in tokens(title[slice(*before)]))


def _is_one_more(title: str, before: tuple[int, int], this: tuple[int, int]) -> bool:
    """Whether a lone word goes on with what a piece ends in: "for Desk, Tools, Crafts"."""
    words, told = tokens(title[slice(*this)]), tokens(title[slice(*before)])
    if len(words) != 1 or any(map(str.isdigit, words[0])) or title[before[1] : this[0]].strip() != ",":
        return False
    said = {one.concept.split(".")[0] for one in lexicon().means(words, ("en",))}
    people = {"people"} == said == {one.concept.split(".")[0] for one in lexicon().means(told[-1:], ("en",))}
    if said & _SAYS and not people:  # "for Women, Men" goes on, "for School, Blue" does not
        return False
    return any(word in _FOR for word in told[-LIST_MOST:-1])


def own_values(own: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], tuple[str, str]]:
    return {
        phrase: (key, value)
        for key, listed in own.items()
        for value in listed
        if key not in ("kind", "year", "category") and (phrase := tuple(tokens(value)))
    }


def parts_of(
    title: str,
    start: int,
    end: int,
    numbers: Sequence[Measure],
    language: str,
    values: Mapping[tuple[str, ...], tuple[str, str]],
) -> list[TitlePart]:
    """The words of a piece, those that are the name of something taken together; numbers are left out."""
    words = [
        match
        for match in _WORD.finditer(title, start, end)
        if not any(one.start < match.end() and match.start() < one.end for one in numbers)
    ]
    parts: list[TitlePart] = []
    at = 0
    while at < len(words):
        for size in range(min(LONGEST, len(words) - at), 0, -1):
            begin, stop = words[at].start(), words[at + size - 1].end()
            if size > 1 and "&" in (words[at][0], words[at + size - 1][0]):
                continue
            phrase = tuple(tokens(title[begin:stop]))
            concepts = concepts_named(phrase, language) if phrase else ()
            if language != "en" and not concepts and phrase:
                concepts = concepts_named(phrase, "en")
            concepts = tuple(one for one in concepts if one.startswith("kind.") or _spelt(phrase, one, language))
            concepts = tuple(one for one in concepts if one.split(".")[0] in KEY_OF and one not in _OF_COLOUR)
            own = values.get(phrase)
            if concepts or own:
                stroke = title[:begin].rstrip().endswith("/") or title[stop:].lstrip().startswith("/")
                parts.append(TitlePart(begin, stop, title[begin:stop], concepts, own, one_of_several=stroke))
                break
        else:
            size = 1
            text = words[at][0]
            parts.append(TitlePart(words[at].start(), words[at].end(), text, small=text.casefold() in _SMALL))
        at += size
    return parts


def _spelt(phrase: tuple[str, ...], concept: str, language: str) -> bool:
    """Whether it is no other word of the same stem: "printing" is not "printed", nor "Blues" a colour."""
    return is_spelt(phrase, concept, language) or is_spelt(phrase, concept, "en")


def stands_behind(title: str, start: int) -> bool:
    """Whether what stands here is of something else: behind "for", "fits", "with"."""
    piece = _STOP.split(title[:start])[-1]
    behind = lexicon().functions["behind"]
    return any((word,) in behind for word in tokens(piece)) or "compatible" in piece.casefold()
