"""Frames: sentences with slots, as a language's file has them.

Pattern  `{colour}` renders the facts of a key, `{colour:adj}` in a form, `{label}: {value}` any fact behind the label
         of its key. `{a}` is a small word of the language that follows the class of the thing and the word behind it.
         `<a|b>` holds one spelling for one thing and one for several, or one for each class of nouns.
         `#count<one:piece|other:pieces>` chooses by the plural rule of the number in the slot named.
Roles    Where in a text it may stand: `title`, `open` and `more` of a description, `bare` where nothing with a verb
         says it, `short` and `then` of a short text, `bullet`, `meta`, `alt`, `ad`, `greet` and `mail`, `keyword`,
         `review` where a count of reviews is said. A tone beside them (`friendly`, `formal`) keeps it to texts of that
         tone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from bottega.languages.writing import writing
from bottega.models.wording.text import Tone

__all__ = ["ClassChoice", "FrameSlot", "PluralChoice", "SentenceFrame", "frame_of", "frames"]

_TONES = frozenset(Tone)
_TOKEN = re.compile(r"\{([^{}]+)\}|#([\w.]+)<([^<>]+)>|<([^<>]*\|[^<>]*)>")


class FrameSlot(NamedTuple):
    """A slot; the name of a small word where `key` is one of the language's."""

    key: str
    form: str


class ClassChoice(NamedTuple):
    """Spellings by the class of the thing."""

    ways: tuple[str, ...]


class PluralChoice(NamedTuple):
    """Spellings by the plural rule of a number."""

    of: str
    ways: Mapping[str, str]


@dataclass(frozen=True)
class SentenceFrame:
    """One sentence plan."""

    id: str
    roles: frozenset[str]
    pieces: tuple[str | FrameSlot | ClassChoice | PluralChoice, ...]
    keys: tuple[str, ...]
    """Of its slots, in order, small words left out."""
    thing: bool
    """Whether it needs to know the class of the thing."""
    tones: frozenset[Tone] = frozenset()
    """That it is for; every one where there are none."""
    classes: frozenset[str] = frozenset()
    """Of nouns that it goes with, where it was learnt from some alone; any where there are none."""


@cache
def frames(code: str) -> tuple[SentenceFrame, ...]:
    """All of a language."""
    return tuple(frame_of(code, name, roles, pattern) for name, roles, pattern in writing(code).frames)


def frame_of(code: str, name: str, roles: str, pattern: str, classes: frozenset[str] = frozenset()) -> SentenceFrame:
    """A frame from its parts as they stand in a file; `roles` with commas between."""
    small = {name for name, _ in writing(code).small}
    pieces: list[str | FrameSlot | ClassChoice | PluralChoice] = []
    at = 0
    for match in _TOKEN.finditer(pattern):
        if match.start() > at:
            pieces.append(pattern[at : match.start()])
        at = match.end()
        if match[1]:
            key, _, form = match[1].partition(":")
            pieces.append(FrameSlot(key, form))
        elif match[2]:
            pieces.append(PluralChoice(match[2], dict(_pair(way) for way in match[3].split("|"))))
        else:
            pieces.append(ClassChoice(tuple(match[4].split("|"))))
    if at < len(pattern):
        pieces.append(pattern[at:])
    keys = tuple(one.key for one in pieces if isinstance(one, FrameSlot) and one.key not in small)
    thing = "kind" in keys or any(isinstance(one, ClassChoice) or _is_small(one, small) for one in pieces)
    said = frozenset(role.strip() for role in roles.split(","))
    tones = frozenset(Tone(one) for one in said & _TONES)
    return SentenceFrame(name, said - _TONES, tuple(pieces), keys, thing or bool(classes), tones, classes)


def _is_small(piece: object, small: set[str]) -> bool:
    return isinstance(piece, FrameSlot) and piece.key in small


def _pair(way: str) -> tuple[str, str]:
    name, _, said = way.partition(":")
    return name.strip(), said


def starts(sentences: Sequence[str], words: int = 5) -> list[tuple[str, ...]]:
    """How texts begin."""
    return [tuple(text.casefold().split()[:words]) for text in sentences]
