"""Which ways of saying something begin with what shall stand first: the names of facts, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bottega.models.wording.choosing import Way
from bottega.models.wording.filling import Filled

__all__ = ["CALLED", "leading"]

CALLED = frozenset({"kind", "front", "line", "title", "name"})
"""Keys that say what the thing is called."""


def leading(ways: Sequence[Way], names: Iterable[str]) -> list[Way]:
    """Of several ways those that say the first of these facts that any says, and say the fewest before it.

    What only the name of the thing tells, as the merchant wrote it, is not said by it.
    """
    for name in names:
        if those := [way for way in ways if _places(way[1], name)]:
            before = [_said_before(part, name) for _, part in those]
            return [way for way, count in zip(those, before, strict=True) if count == min(before)]
    return list(ways)


def _said_before(part: Filled, name: str) -> int:
    """How many facts a sentence says before the one named, what the thing is called aside."""
    start = _places(part, name)[0]
    return sum(len(slot.facts) for slot in part.sentence.slots if slot.start < start and slot.key not in CALLED)


def _places(part: Filled, name: str) -> list[int]:
    """Where a sentence says a fact, but for the name of the thing."""
    return [slot.start for slot in part.sentence.slots if name in slot.facts and slot.key not in CALLED]
