"""Words that may be exchanged in a finished sentence of a talk without it saying something else.

File     `rewording/<code>.txt`, read as sentences are (talking.py): `[free]` has words that claim nothing, `[alike]` a
         line of words for each thing that can be said in several ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bottega.languages.fold import fold
from bottega.languages.talking import said_in

__all__ = ["Rewording", "rewording"]


@dataclass(frozen=True)
class Rewording:
    """One language's, folded."""

    free: frozenset[str]
    alike: Mapping[str, str]
    """Word -> the first of those that say the same."""


@cache
def rewording(code: str) -> Rewording:
    """The words of a language.

    >>> rewording("en").alike["starting"]
    'from'
    """
    ways = said_in("rewording", code).ways
    free = frozenset(fold(" ".join(ways["free"])).split())
    lines = [fold(line).split() for line in ways["alike"]]
    return Rewording(free, {word: line[0] for line in lines for word in line})
