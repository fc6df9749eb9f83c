"""Where a line may hold several commands: "thanks! and does it come in blue?" is two, at its sign or at its "and"."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["LinePiece", "pieces_of"]

_END = re.compile(r"(?:(?:(?<!\d)\.|\.(?=\s|$)|[!?;…\n])[.!?…;)]*|\s[-–—])(?:\s+|$)")
_JOINT = re.compile(
    r"\s*,\s*(?:(?:and|but|also|plus|und|aber|et|mais|y|e|pero|ma|però)\s+)?"
    r"|\s+(?=(?:and|but|also|plus|und|aber|et|mais|y|e|pero|ma|però)\s)",
    re.IGNORECASE,
)
_LONGEST = 600
"""Letters of a line that are read."""
_PIECES = 6


class LinePiece(NamedTuple):
    """A part of a line, from `start` to `stop`; `joined`: whether it hangs on the part before by a comma or "and"."""

    start: int
    stop: int
    joined: bool


def pieces_of(text: str) -> list[LinePiece]:
    """The parts of a line, in order, cut wherever a command may begin.

    >>> [text[one.start : one.stop] for text in ["thanks! and in blue, please?"] for one in pieces_of(text)]
    ['thanks', 'and in blue', 'please']
    """
    line = text[:_LONGEST]
    found: list[LinePiece] = []
    start = 0
    for stop in (*(end.end() for end in _END.finditer(line)), len(line)):
        inner, joined = start, False
        for cut, after in (*((j.start(), j.end()) for j in _JOINT.finditer(line, start, stop)), (stop, stop)):
            part = line[inner:cut]
            bare = part.strip(" \t\r\n,;.!?…-–—")
            if re.search(r"\w", bare):
                begin = inner + part.index(bare)
                found.append(LinePiece(begin, begin + len(bare), joined))
                joined = True
            inner = after
        start = stop
    if len(found) > _PIECES:
        found = [*found[: _PIECES - 1], LinePiece(found[_PIECES - 1].start, found[-1].stop, joined=True)]
    return found
