"""What a title says, word by word: the thing, whom it is for, its colour; names in front; numbers; and what is left.

Idea     A title is cut at its commas. In each piece the words that are the very name of something are read; around the
         thing itself they are sure ("men's black leather belt"), anywhere else only likely. What stands behind "for" or
         "with" is of something else. A piece that is not read to the end is repeated as it is, and nothing of it is
         taken for more than that.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bottega.languages.fold import tokens
from bottega.languages.kinship import agree, upwards
from bottega.languages.lexicon import lexicon
from bottega.languages.writing import writing
from bottega.models.wording.keys import NAMESPACES
from bottega.models.wording.measures import Measure, measures_in
from bottega.models.wording.title_pieces import (
    KEY_OF,
    TitlePart,
    is_kind,
    own_values,
    parts_of,
    pieces_of,
    stands_behind,
)

__all__ = ["TitleFact", "TitleRead", "read_title"]

_HOLDERS = frozenset(
    {"kind.cup", "kind.mug", "kind.glass", "kind.pot", "kind.basket", "kind.bag", "kind.card", "kind.ring", "kind.tank"}
)
"""Kinds that another thing in front makes something else of."""
_FLOWERS = frozenset({"kind.bouquet", "kind.wreath", "kind.flowers"})
_QUOTES = re.compile(r"[\"“”«»„‘]|(?<!\w)'")
_ORDINAL = re.compile(r"\d+(?:st|rd|th|n[d])", re.IGNORECASE)
_ONE_SET = frozenset({"set", "sets", "pair", "paar", "paire", "par", "coppia", "lot", "lote", "collection"})
"""Words for several things together that are of one kind."""
_COUNTED = re.compile(r"\d+-[A-Z]?[a-z]+")
_YEARS = re.compile(r"(?:1[5-9]|20)\d\d(?:-\d{2,4})?")
_LIKE = re.compile(
    r".+-(?:grade|inspired|ready|based|shaped|free|coated|cased|inking|duty|resistant|proof|sided|point|tip|size|style)",
    re.IGNORECASE,
)
"""Words that say what a thing is like by their ends."""
_SHADES = frozenset(
    f"material.{one}" for one in ("metal", "steel", "copper", "iron", "brass", "stone", "wood", "glass", "wax", "oak")
)
"""Materials that name a shade before a colour."""
_VEINED = frozenset({"material.marble", "material.stone", "material.pearl", "material.crystal"})
"""Materials that say how a thing looks behind a colour: "green marble"."""
_LIST = re.compile(r"\s*(?:[,;]|&|[,;]?\s(?:and|und|et|y|e))\s*", re.IGNORECASE)
"""What stands between two of a list."""
_COUNTS = re.compile(r"\b(?:with|of|for|mit|von|für|avec|de|pour|con|per|da)\s\d[\d.,]*$", re.IGNORECASE)
"""Where a name may not end: a number that counts what stands behind it."""
_ONWARDS = re.compile(r"\s*[-–]\s*\d")
_AND = re.compile(r"(?:and|und|et|y|e|&)\s", re.IGNORECASE)
"""What a piece begins with that ends a list: the pieces before it are of the list, too."""
ROMANCE = frozenset({"fr", "es", "it"})
NAME_WORDS_MOST = 4
SHORT_MOST = 4
"""Letters of a word that a full stop shortens."""
LONG_NAME_WORDS_MOST = 6
"""Of a name that begins with a maker's."""


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
    another: bool = False
    """Whether its first words end in a word that nobody reads, and that is no number of a model: "Camera Grip"."""
    colours_plain: frozenset[str] = frozenset()
    """Concepts of colours before a word that describes, so that they are hardly a name: "White Check"."""


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
    pieces = pieces_of(title, numbers)
    if writing(language).sets & set(tokens(title)) - _ONE_SET:
        # How many a bundle holds of one thing is not how many bundles there are.
        numbers = [
            replace(one, key="stated", value=title[one.start : one.end], unit="") if one.key == "count" else one
            for one in numbers
        ]
    measured = [
        TitleFact(one.start, one.end, one.key, one.value, one.unit)
        for one in numbers
        if one.key and not stands_behind(title, one.start)
    ]
    found: list[TitleFact] = []
    colours: list[tuple[TitleFact, ...] | None] = []
    """Of each piece the colours that are all it says; None where it is one word that nobody reads."""
    whole = all(one.key for one in numbers)
    meant: set[str] = set()
    values = own_values(own)
    have_kind = another = False
    plain: set[str] = set()
    ends_in_colour: list[bool] = []
    begins_with_colour: list[bool] = []
    for place, (start, end) in enumerate(pieces):
        parts = parts_of(title, start, end, numbers, language, values)
        meant.update(one for part in parts for one in part.concepts)
        if not parts:
            colours.append(())
            ends_in_colour.append(False)
            begins_with_colour.append(False)
            continue
        another |= not place and _ends_apart(parts)
        plain |= _plain_colours(parts)
        ends_in_colour.append(_is_colour(parts[-1]))
        begins_with_colour.append(_is_colour(parts[0]))
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
            kind_wanted=not have_kind and not listed and not another,
        )
        have_kind |= any(one.startswith("kind.") for part in parts for one in part.concepts)
        if any(part.one_of_several and not part.kinds for part in parts) and complete and place:
            complete = False  # "Blue/Black" is one of two, or both in one
        if place and read and not any(one.sure for one in read):
            complete = False  # nothing of it is sure, so it is repeated as it stands
        only = tuple(one for one in read if one.key == "colour" and one.sure and complete)
        colours.append(None if len(parts) == 1 and not parts[0].read else only if len(only) == len(read) else ())
        if not complete and place:
            # "36 Pieces of Lead" is said as it stands, and its 36 are no count of the thing.
            measured = [one for one in measured if one.key != "count" or not start <= one.start < end]
            if not title[start:end].isdigit():
                found.append(TitleFact(start, end, "feature", title[start:end]))
            found += [replace(one, sure=False) for one in read]
        else:
            found += read
        whole &= complete
    shades = frozenset(one for one in meant if one.startswith("colour."))
    found = [*measured, *_told_apart(title, found, colours, shades)]
    behind = {one.start for one in numbers if one.key == "part_number"}
    ends = [
        end
        for at, (_, end) in enumerate(pieces, 1)
        if (at < len(pieces) or any(start >= end for start in behind))
        and not (at < len(pieces) and ends_in_colour[at - 1] and begins_with_colour[at])
    ]
    name = next((end for end in ends if len(tokens(title[:end])) > 2 and _is_name(title, end)), None)
    if name is not None and pieces:
        found.append(TitleFact(pieces[0][0], name, "name", title[pieces[0][0] : name]))
    people = {one for one in meant if one.startswith("people.")}
    if any(not agree(one, other) for one in people for other in people):
        found = [replace(one, sure=False) if one.key == "people" else one for one in found]
    ordered = tuple(sorted(found, key=lambda one: (one.start, one.end)))
    things = frozenset(one for one in meant if one.startswith("kind."))
    return TitleRead(title, ordered, whole, shades, things, another, frozenset(plain))


def _ends_apart(parts: Sequence[TitlePart]) -> bool:
    """Whether words end in one that nobody reads, and that is no number of a model: it says what the thing is."""
    last = parts[-1]
    named = not last.read or (is_kind(last) and not last.kinds)
    return named and not last.small and not last.text.isupper() and not any(map(str.isdigit, last.text))


def _is_colour(part: TitlePart) -> bool:
    return any(one.startswith("colour.") for one in part.concepts)


def _plain_colours(parts: Sequence[TitlePart]) -> set[str]:
    """Colours before a word that describes the thing."""
    return {
        one.concepts[0]
        for one, other in itertools.pairwise(parts)
        if len(one.concepts) == 1 and _is_colour(one) and other.read and not is_kind(other) and not _is_colour(other)
    }


def _is_name(title: str, end: int) -> bool:
    """Whether a title may be called by its beginning: no bracket is open, no number waits for more."""
    start = title[:end]
    spans = start[-1:].isdigit() and _ONWARDS.match(title, end)  # "1920 - 1956"
    return start.count("(") == start.count(")") and not _COUNTS.search(start) and not spans


def _told_apart(
    title: str,
    found: Sequence[TitleFact],
    colours: Sequence[tuple[TitleFact, ...] | None],
    shades: frozenset[str],
) -> list[TitleFact]:
    """What was found; colours of a list with a word that nobody reads are repeated as they stand, since the others
    alone would be too few: "Black, Celadon, Yellow". So are those between commas where the title names another one
    elsewhere: "Keyring, Gold, Silver Keyring"."""
    sure = {one.concept for one in found if one.key == "colour" and one.sure}
    others = any(not any(agree(one, other) for other in sure) for one in shades)
    alone = {one for said in colours for one in said or ()}
    torn = (
        alone
        if others
        else {
            one
            for at, said in enumerate(colours)
            if said is None
            for way in (colours[:at][::-1], colours[at + 1 :])
            for one in next((other for other in way if other is not None), ())
            if sum(bool(other) for other in colours) > 1
        }
    )
    if not torn:
        return list(found)
    every = {one for said in colours for one in said or ()}
    rest = [replace(one, sure=False) if one in every else one for one in found]
    return [*rest, *(TitleFact(one.start, one.end, "feature", title[one.start : one.end]) for one in every)]


def _piece(
    title: str,
    numbers: Sequence[Measure],
    parts: list[TitlePart],
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
    front = _front(parts, numbers, head, makers) if first and (head is not None or kinds) else 0
    sure = _around(parts, head, stop)
    found: list[TitleFact] = []
    if front:
        begin, to = parts[0].start, parts[front - 1].end
        torn = title[to : to + 1] == "." and front == 1 and to - begin <= SHORT_MOST  # "Mr. Men" is not called Mr
        front = 0 if torn or _QUOTES.search(title[begin:to]) else front
    if front:
        likely = "?" if any(_is_quality(part.text, language) for part in parts[:front]) else ""
        named = set(tokens(parts[0].text)) & makers and not _is_quality(parts[0].text, language)
        likely = "" if named else likely
        found.append(TitleFact(begin, to, "front", title[begin:to], likely))
    lone = stop == len(parts) and all(part.read or part.small for part in parts)
    sure -= _too_few(title, parts)
    others = {at for at in range(len(parts)) if _of_an_occasion(parts, at)} | _of_another(parts, head)
    others |= {at for at in range(len(parts)) if _of_what_follows(parts, at)}
    sure -= others | {at for at in range(len(parts)) if _of_a_shade(parts, at)}
    left: list[int] = []
    for at, part in enumerate(parts[:stop]):
        if at < front or part.small:
            continue
        if at == head:
            known = at == 0 or parts[at - 1].read or (at == front and _is_maker(parts[:at], makers))
            concept = next((kind for kind in part.kinds if kind in kinds), part.kinds[-1])
            found.append(TitleFact(part.start, part.end, "kind", part.text, "" if known else "?", concept))
        elif (
            said := _said(part, sure=at in sure or (lone and (not first or head is not None) and at not in others))
        ) is not None:
            found.append(said)
        else:
            left.append(at)
    for part in parts[stop:]:
        people = _said(part, sure=False)
        if people is not None and people.key == "people":
            found.append(people)
    complete = stop == len(parts) and (head is not None or not kind_wanted or (not first and bool(found)))
    line = _line(title, parts, left, head, common, language)
    doubtful = {one.start for one in found if not one.sure}
    if line is not None and any(start < line.start for start in doubtful):
        line = None  # of "Luxe Diamond Barrel" the name is not "Luxe Barrel"
    if line is not None and first:
        found.append(line)
        left = []
    return found, complete and not left


def _of_an_occasion(parts: Sequence[TitlePart], at: int) -> bool:
    """Whether two occasions side by side are one: a "wedding party" is no party."""
    near = [parts[place] for place in (at - 1, at + 1) if 0 <= place < len(parts)]
    said = {one for one in parts[at].concepts if one.startswith("occasion.")}
    return bool(said) and any(one.startswith("occasion.") and one not in said for part in near for one in part.concepts)


def _of_a_shade(parts: Sequence[TitlePart], at: int) -> bool:
    """Whether a material is a word of the colour behind it: "metal grey", "steel blue"."""
    metals = any(one in _SHADES for one in parts[at].concepts)
    veined = any(one in _VEINED for one in parts[at].concepts) and at > 0 and _is_colour(parts[at - 1])
    return veined or (metals and at + 1 < len(parts) and _is_colour(parts[at + 1]))


def _too_few(title: str, parts: Sequence[TitlePart]) -> set[int]:
    """Places of colours that are only some of a list: "black and celadon"."""
    shades = {at for at, part in enumerate(parts) if any(one.startswith("colour.") for one in part.concepts)}
    plain = [at for at, part in enumerate(parts) if not part.small]
    for one, other in itertools.pairwise(plain):
        between = title[parts[one].end : parts[other].start]
        if _LIST.fullmatch(between) and {one, other} & shades and not (parts[one].read and parts[other].read):
            return shades
    return set()


def _is_quality(word: str, language: str) -> bool:
    """Whether a word in front says what a thing is like, and is hardly a name: "Modern", "Elegant"."""
    meant = lexicon().means(tokens(word), (language,))
    return (
        word.casefold() in writing(language).describing
        or bool(_LIKE.fullmatch(word))
        or any(one.concept.split(".")[0] in ("quality", "size", "shade", "occasion", "season") for one in meant)
    )


def _line(
    title: str, parts: Sequence[TitlePart], left: Sequence[int], head: int | None, common: frozenset[str], language: str
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
        or any(_ORDINAL.fullmatch(word) or _is_quality(word, language) for word in words)
    ):
        return None
    start, end = parts[left[0]].start, parts[left[-1]].end
    return TitleFact(start, end, "line", title[start:end])


def _is_maker(parts: Sequence[TitlePart], makers: frozenset[str]) -> bool:
    return any(word in makers for part in parts[:1] for word in tokens(part.text)[:1]) and len(parts) <= 2


def _head(parts: Sequence[TitlePart], language: str, kinds: frozenset[str]) -> int | None:
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
    if last and is_kind(parts[last - 1]) and _HOLDERS & set(parts[last].kinds) and not kinds & set(parts[last].kinds):
        return None  # a "pencil cup" is no cup
    if any(part.one_of_several and is_kind(part) for part in parts) and not kinds & set(parts[last].kinds):
        return None  # a "pencil case/bag" may be either
    behind = parts[last + 1 :]
    return last if all(part.read or part.small for part in behind) else None


def _is_apart(parts: Sequence[TitlePart], one: int, other: int) -> bool:
    """Whether two words for things stand apart and are no kind of one another: then one is a part of the other."""
    start, end = sorted((one, other))
    if all(part.kinds for part in parts[start : end + 1]):
        return False
    return not any(a in upwards(b) or b in upwards(a) for a in parts[one].kinds for b in parts[other].kinds)


def _front(parts: Sequence[TitlePart], numbers: Sequence[Measure], head: int | None, makers: frozenset[str]) -> int:
    """How many words at the beginning are a name."""
    count = next((at for at, part in enumerate(parts) if part.read), len(parts))
    cut = next(
        (at for at in range(1, count) if any(parts[at - 1].end <= one.start < parts[at].start for one in numbers)), 0
    )
    whole = count == len(parts) and not cut
    count = cut or count
    while count > 1 and count < len(parts) and _COUNTED.fullmatch(parts[count - 1].text):
        count -= 1  # of a "3-Ring Binder" the 3 counts the rings
    if count < len(parts) and count > 1 and parts[count - 1].text.isdigit() and parts[count].kinds and count != head:
        count -= 1  # of a "3 Ring Binder" the 3 counts the rings
    words = [part.text for part in parts[:count]]
    long = bool(words) and bool(set(tokens(words[0])) & makers)
    most = LONG_NAME_WORDS_MOST if long else NAME_WORDS_MOST
    if not words or count > most or whole or words[-1] == "&" or parts[count - 1].small:
        return 0
    if (
        all(word.isdigit() for word in words)
        or _YEARS.fullmatch(words[0])
        or any(_ORDINAL.fullmatch(word) for word in words)
    ):
        return 0  # "1961 60th" is the beginning of "60th Birthday"
    goes_on = head is not None and count < head - 1 and count < NAME_WORDS_MOST and is_kind(parts[count])
    if goes_on and not is_kind(parts[count + 1]) and parts[count].text[:1].isupper():
        words.append(parts[count].text)  # "Urban Yoga", "Kraus Jeans": a thing in a name
        count += 1
    named = all(
        word[:1].isupper() or word[:1].isdigit() or part.small for word, part in zip(words, parts, strict=False)
    )
    return count if named and not parts[0].small else 0


def _around(parts: Sequence[TitlePart], head: int | None, stop: int) -> set[int]:
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


def _of_what_follows(parts: Sequence[TitlePart], at: int) -> bool:
    """Whether a word is one thing with the next: a floral bouquet has no pattern, "baby gifts" may be a mother's."""
    behind = parts[at + 1].concepts if at + 1 < len(parts) else ()
    flowers = "pattern.floral" in parts[at].concepts and bool(_FLOWERS & set(behind))
    return flowers or ("people.baby" in parts[at].concepts and "occasion.gift" in behind)


def _of_another(parts: Sequence[TitlePart], head: int | None) -> set[int]:
    """Places before a word for many things that stands before the thing: crystal, in "Crystal Cat Scarf"."""
    vague = [
        at for at in range(head or 0) if is_kind(parts[at]) and not parts[at].kinds and not parts[at].one_of_several
    ]
    return set(range(vague[-1])) if vague else set()


def _said(part: TitlePart, *, sure: bool) -> TitleFact | None:
    """What a word says of the thing; None where it is only a word."""
    if part.own is not None:
        key, _ = part.own
        space = NAMESPACES.get(key, ("value",))
        concept = next((one for one in part.concepts if one.split(".")[0] in space), "")
        return TitleFact(part.start, part.end, key, part.text, concept=concept, sure=sure)
    named = [one for one in part.concepts if one.split(".")[0] in KEY_OF and not one.startswith("kind.")]
    if not named:
        return None
    one_way = len({one.split(".")[0] for one in part.concepts}) == 1 and not part.one_of_several
    concept = named[0]
    return TitleFact(
        part.start, part.end, KEY_OF[concept.split(".")[0]], part.text, concept=concept, sure=sure and one_way
    )
