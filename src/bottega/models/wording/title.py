"""What a title says, word by word: the thing, whom it is for, its colour; names in front; numbers; and what is left.

Idea     A title is cut at its commas. In each piece the words that are the very name of something are read; around the
         thing itself they are sure ("men's black leather belt"), anywhere else only likely. What stands behind "for" or
         "with" is of something else. A piece that is not read to the end is repeated as it is, and nothing of it is
         taken for more than that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.writing import LONGEST, concepts_named, is_spelt
from bottega.models.wording.keys import NAMESPACES, VAGUE
from bottega.models.wording.kinship import agree, upwards
from bottega.models.wording.measures import Measure, measures_in

__all__ = ["TitleFact", "TitleRead", "read_title"]

_STOP = re.compile(r"[,;:|()\[\]–—•]|\s[-~]\s|\s\+\s")
_SAID = re.compile(r"(?<!\w)(?:'(?:[^']|(?<=\w)'(?=\w))+'|‘[^’]+’|\"[^\"]+\"|“[^”]+”)(?!\w)")
"""Words in quotation marks: a motto, never cut and never taken for what the thing is."""
_WORD = re.compile(r"[^\W_]+(?:[’'&.-][^\W_]+)*[’']?s?\b|&")
_HOLDERS = frozenset({"kind.cup", "kind.mug", "kind.glass", "kind.pot", "kind.basket"})
"""Kinds that another thing in front makes something else of."""
_AND = re.compile(r"(?:and|und|et|y|e|&)\s", re.IGNORECASE)
"""What a piece begins with that ends a list: the pieces before it are of the list, too."""
_SMALL = frozenset(
    {"in", "of", "the", "and", "&", "a", "an", "by", "mit", "und", "en", "et", "de", "y", "di", "e", "con"}
)
ROMANCE = frozenset({"fr", "es", "it"})
_KEY_OF = {namespace: key for key, namespaces in NAMESPACES.items() if key != "age" for namespace in namespaces}
NAME_WORDS_MOST = 4


@dataclass(frozen=True, slots=True)
class TitleFact:
    """One thing that a title says, and where. `sure`: whether it can be meant in no other way."""

    start: int
    end: int
    key: str
    value: str
    unit: str = ""
    concept: str = ""
    sure: bool = True


@dataclass(frozen=True)
class TitleRead:
    """A title, read. `whole`: whether all of it was read, so that another order of its words says as much."""

    title: str
    found: tuple[TitleFact, ...] = ()
    whole: bool = False
    colours_meant: frozenset[str] = field(default_factory=frozenset)
    """Concepts of every colour that it names, sure or not."""
    kinds_meant: frozenset[str] = field(default_factory=frozenset)
    """Concepts of every thing that it names."""


@dataclass(slots=True)
class _Part:
    start: int
    end: int
    text: str
    concepts: tuple[str, ...] = ()
    own: tuple[str, str] | None = None
    """Key and value of the product's own attribute that these words are."""
    small: bool = False
    one_of_several: bool = False
    """Whether a stroke joins it to another word: "Printer/Copier/Scanner"."""

    @property
    def read(self) -> bool:
        return bool(self.concepts) or self.own is not None

    @property
    def kinds(self) -> tuple[str, ...]:
        if self.one_of_several:
            return ()
        named = [one for one in self.concepts if one.startswith("kind.") and one not in VAGUE]
        return tuple(one for one in named if not any(one in upwards(other)[1:] for other in named))


def read_title(
    title: str,
    language: str,
    own: Mapping[str, Sequence[str]],
    *,
    kinds: frozenset[str],
    makers: frozenset[str],
    common: frozenset[str] = frozenset(),
) -> TitleRead:
    """Read a title; `own`: values of the product by key, `kinds`: concepts that its listing says it is, `makers`:
    folded first words that are names in this shop, `common`: folded words that are none."""
    numbers = measures_in(title)
    pieces = _pieces(title, numbers)
    found = [
        TitleFact(one.start, one.end, one.key, one.value, one.unit)
        for one in numbers
        if one.key and not _behind(title, one.start)
    ]
    whole = all(one.key for one in numbers)
    meant: set[str] = set()
    values = _own_values(own)
    have_kind = False
    for place, (start, end) in enumerate(pieces):
        parts = _parts(title, start, end, numbers, language, values)
        meant.update(one for part in parts for one in part.concepts)
        if not parts:
            continue
        listed = any(_AND.match(title[begin:stop]) for begin, stop in pieces[place + 1 :])
        read, complete = _piece(
            title,
            numbers,
            parts,
            language,
            makers,
            kinds,
            common,
            first=not place,
            kind_wanted=not have_kind and not listed,
        )
        have_kind |= any(one.startswith("kind.") for part in parts for one in part.concepts)
        if not complete and place:
            found.append(TitleFact(start, end, "feature", title[start:end]))
            found += [replace(one, sure=False) for one in read]
        else:
            found += read
        whole &= complete
    name = next((end for _, end in pieces[:-1] if len(tokens(title[:end])) > 2), None)
    if name is not None and pieces:
        found.append(TitleFact(pieces[0][0], name, "name", title[pieces[0][0] : name]))
    colours = frozenset(one for one in meant if one.startswith("colour."))
    people = {one for one in meant if one.startswith("people.")}
    if any(not agree(one, other) for one in people for other in people):
        found = [replace(one, sure=False) if one.key == "people" else one for one in found]
    ordered = tuple(sorted(found, key=lambda one: (one.start, one.end)))
    return TitleRead(title, ordered, whole, colours, frozenset(one for one in meant if one.startswith("kind.")))


def _behind(title: str, start: int) -> bool:
    """Whether what stands here is of something else: behind "for", "fits", "with"."""
    piece = _STOP.split(title[:start])[-1]
    behind = lexicon().functions["behind"]
    return any((word,) in behind for word in tokens(piece)) or "compatible" in piece.casefold()


def _pieces(title: str, numbers: Sequence[Measure]) -> list[tuple[int, int]]:
    whole = [(one.start, one.end) for one in numbers] + [match.span() for match in _SAID.finditer(title)]
    marks = [
        match.span()
        for match in _STOP.finditer(title)
        if not any(start < match.end() and match.start() < end for start, end in whole)
    ]
    starts = [0, *(end for _, end in marks)]
    ends = [*(start for start, _ in marks), len(title)]
    pieces = []
    for start, end in zip(starts, ends, strict=True):
        text = title[start:end]
        start += len(text) - len(text.lstrip())
        end = start + len(text.strip())
        if end > start:
            pieces.append((start, end))
    return pieces


def _own_values(own: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], tuple[str, str]]:
    return {
        phrase: (key, value)
        for key, listed in own.items()
        for value in listed
        if key not in ("kind", "year", "category") and (phrase := tuple(tokens(value)))
    }


def _parts(
    title: str,
    start: int,
    end: int,
    numbers: Sequence[Measure],
    language: str,
    values: Mapping[tuple[str, ...], tuple[str, str]],
) -> list[_Part]:
    """The words of a piece, those that are the name of something taken together; numbers are left out."""
    words = [
        match
        for match in _WORD.finditer(title, start, end)
        if not any(one.start < match.end() and match.start() < one.end for one in numbers)
    ]
    parts: list[_Part] = []
    at = 0
    while at < len(words):
        for size in range(min(LONGEST, len(words) - at), 0, -1):
            begin, stop = words[at].start(), words[at + size - 1].end()
            phrase = tuple(tokens(title[begin:stop]))
            concepts = concepts_named(phrase, language) if phrase else ()
            if language != "en" and not concepts and phrase:
                concepts = concepts_named(phrase, "en")
            concepts = tuple(one for one in concepts if one.startswith("kind.") or _spelt(phrase, one, language))
            concepts = tuple(one for one in concepts if one.startswith("kind.") or one.split(".")[0] in _KEY_OF)
            own = values.get(phrase)
            if concepts or own:
                stroke = title[:begin].rstrip().endswith("/") or title[stop:].lstrip().startswith("/")
                parts.append(_Part(begin, stop, title[begin:stop], concepts, own, one_of_several=stroke))
                break
        else:
            size = 1
            text = words[at][0]
            parts.append(_Part(words[at].start(), words[at].end(), text, small=text.casefold() in _SMALL))
        at += size
    return parts


def _spelt(phrase: tuple[str, ...], concept: str, language: str) -> bool:
    """Whether it is no other word of the same stem: "printing" is not "printed", nor "Blues" a colour."""
    return is_spelt(phrase, concept, language) or is_spelt(phrase, concept, "en")


def _piece(
    title: str,
    numbers: Sequence[Measure],
    parts: list[_Part],
    language: str,
    makers: frozenset[str],
    kinds: frozenset[str],
    common: frozenset[str],
    *,
    first: bool,
    kind_wanted: bool,
) -> tuple[list[TitleFact], bool]:
    """What a piece says, and whether it was read to the end."""
    behind_words = lexicon().functions["behind"]
    stop = next(
        (at for at, part in enumerate(parts) if at and tuple(tokens(part.text)) in behind_words and not part.read),
        len(parts),
    )
    alone = first or len(parts) == 1  # behind a comma, "black ink" is a part of the thing, "cufflinks" is the thing
    head = _head(parts[:stop], language, kinds) if kind_wanted and alone else None
    front = _front(parts, numbers) if first and (head is not None or kinds) else 0
    sure = _around(parts, head, stop)
    found: list[TitleFact] = []
    if front:
        begin, to = parts[0].start, parts[front - 1].end
        likely = "?" if any(_is_quality(part.text, language) for part in parts[:front]) else ""
        found.append(TitleFact(begin, to, "front", title[begin:to], likely))
    lone = stop == len(parts) and all(part.read or part.small for part in parts)
    left: list[int] = []
    for at, part in enumerate(parts[:stop]):
        if at < front or part.small:
            continue
        if at == head:
            known = at == 0 or parts[at - 1].read or (at == front and _is_maker(parts[:at], makers))
            concept = next((kind for kind in part.kinds if kind in kinds), part.kinds[-1])
            found.append(TitleFact(part.start, part.end, "kind", part.text, "" if known else "?", concept))
        elif (said := _said(part, sure=at in sure or (lone and (not first or head is not None)))) is not None:
            found.append(said)
        else:
            left.append(at)
    for part in parts[stop:]:
        people = _said(part, sure=False)
        if people is not None and people.key == "people":
            found.append(people)
    complete = stop == len(parts) and (head is not None or not kind_wanted or (not first and bool(found)))
    line = _line(title, parts, left, head, common)
    if line is not None and first:
        found.append(line)
        left = []
    return found, complete and not left


def _is_quality(word: str, language: str) -> bool:
    """Whether a word in front says what a thing is like, and is hardly a name: "Modern", "Elegant"."""
    meant = lexicon().means(tokens(word), (language,))
    return any(one.concept.split(".")[0] in ("quality", "size", "shade", "occasion", "season") for one in meant)


def _line(
    title: str, parts: Sequence[_Part], left: Sequence[int], head: int | None, common: frozenset[str]
) -> TitleFact | None:
    """What is left in the middle, where it can only be a name: "Lunarglide 3"."""
    if not left or head is None or left[-1] > head or left != list(range(left[0], left[-1] + 1)):
        return None
    words = [parts[at].text for at in left]
    known = lexicon().known | common
    if (
        len(words) > NAME_WORDS_MOST
        or not all(word[:1].isupper() or word[:1].isdigit() for word in words)
        or any(one in known for word in words for one in tokens(word))
    ):
        return None
    start, end = parts[left[0]].start, parts[left[-1]].end
    return TitleFact(start, end, "line", title[start:end])


def _is_maker(parts: Sequence[_Part], makers: frozenset[str]) -> bool:
    return any(word in makers for part in parts[:1] for word in tokens(part.text)[:1]) and len(parts) <= 2


def _head(parts: Sequence[_Part], language: str, kinds: frozenset[str]) -> int | None:
    """The place of the thing itself; None where the words around it, or two meanings of the word, leave that open."""
    things = [at for at, part in enumerate(parts) if part.kinds]
    if not things:
        return None
    last = things[0] if language in ROMANCE else things[-1]
    if not (len(parts[last].kinds) == 1 or kinds & set(parts[last].kinds)):
        return None  # what stands there may be two things
    if any(_is_apart(parts, at, last) for at in things) and not kinds & set(parts[last].kinds):
        return None  # "a pen, silver ink" is no ink
    if language in ROMANCE:
        return things[0] if things[0] == 0 else None
    if last and parts[last - 1].kinds and _HOLDERS & set(parts[last].kinds):
        return None  # a "pencil cup" is no cup
    behind = parts[last + 1 :]
    return last if all(part.read or part.small for part in behind) else None


def _is_apart(parts: Sequence[_Part], one: int, other: int) -> bool:
    """Whether two words for things stand apart and are no kind of one another: then one is a part of the other."""
    start, end = sorted((one, other))
    if all(part.kinds for part in parts[start : end + 1]):
        return False
    return not any(a in upwards(b) or b in upwards(a) for a in parts[one].kinds for b in parts[other].kinds)


def _front(parts: Sequence[_Part], numbers: Sequence[Measure]) -> int:
    """How many words at the beginning are a name."""
    count = next((at for at, part in enumerate(parts) if part.read), len(parts))
    cut = next(
        (at for at in range(1, count) if any(parts[at - 1].end <= one.start < parts[at].start for one in numbers)), 0
    )
    if cut:
        return 0 if cut > NAME_WORDS_MOST else cut
    if count > NAME_WORDS_MOST or count == len(parts):
        return 0
    named = all(part.text[:1].isupper() or part.text[:1].isdigit() or part.text == "&" for part in parts[:count])
    return count if named and (not count or parts[count - 1].text != "&") else 0


def _around(parts: Sequence[_Part], head: int | None, stop: int) -> set[int]:
    """Places of the words that stand with the thing without a gap, and of those behind "in"."""
    if head is None:
        return set()
    sure = set()
    for way in (-1, 1):
        at = head + way
        while 0 <= at < stop and (parts[at].read or parts[at].small):
            sure.add(at)
            at += way
    return sure


def _said(part: _Part, *, sure: bool) -> TitleFact | None:
    """What a word says of the thing; None where it is only a word."""
    if part.own is not None:
        key, _ = part.own
        space = NAMESPACES.get(key, ("value",))
        concept = next((one for one in part.concepts if one.split(".")[0] in space), "")
        return TitleFact(part.start, part.end, key, part.text, concept=concept, sure=sure)
    named = [one for one in part.concepts if one.split(".")[0] in _KEY_OF and not one.startswith("kind.")]
    if not named:
        return None
    one_way = len({one.split(".")[0] for one in part.concepts}) == 1
    concept = named[0]
    return TitleFact(
        part.start, part.end, _KEY_OF[concept.split(".")[0]], part.text, concept=concept, sure=sure and one_way
    )
