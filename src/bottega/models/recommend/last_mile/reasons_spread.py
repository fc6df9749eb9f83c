"""Which true reason to give where several are: the dial `reason_diversity`.

Idea     What was said of a place above is worth less at the next one: a reason's strength is multiplied by 1 - dial for
         each time that it was said. 0 gives the strongest reason always; 1 says everything that is true before it says
         anything twice. The products and their order are never touched. What must be said again is told apart by an
         attribute that was not named yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from bottega.models.recommend.last_mile.reasons import OTHER_CLAIM, Question, Reason, shared

__all__ = ["Spread"]

GOOD = OTHER_CLAIM
"""What is worth so much is taken at once."""
_DETAILS = 2
_Key = tuple[str, tuple[int, ...], tuple[int, int]]


@dataclass
class Spread:
    """What was said so far in one list."""

    dial: float
    said: dict[_Key, int] = field(default_factory=dict)
    """How often each sentence was said."""
    details: dict[_Key, set[int]] = field(default_factory=dict)
    """The attributes that were named with each."""

    def pick(self, options: Iterator[tuple[Reason, float]]) -> Reason:
        """One of some true reasons, the strongest of which comes first."""
        best, strength = next(options)
        name = key(best)
        if not self.dial or name not in self.said:
            return self._note(best, name)
        most = self._worth(best, strength)
        for one, strength in options:
            if (worth := self._worth(one, strength)) > most:
                best, most = one, worth
                if worth[0] >= GOOD:
                    break
        return self.take(best)

    def take(self, reason: Reason) -> Reason:
        """Note that this one is said."""
        return self._note(reason, key(reason))

    def told_apart(self, reason: Reason, question: Question, item: int) -> Reason:
        """A reason that was said before, with what the item shares that was not named yet."""
        if not self.dial or reason.attributes or reason.pair is not None or not reason.positions:
            return reason
        name = key(reason)
        if self.said.get(name, 0) < 2:
            return reason
        told, levels = self.details.setdefault(name, set()), question.levels
        columns = [one for one in shared(question, reason.positions[0], item) if one not in levels]
        fresh = [one for one in columns if one not in told]
        known = [one for one in columns if one in told]
        told.update(fresh[:_DETAILS])
        return reason._replace(attributes=(*fresh, *known))

    def _note(self, reason: Reason, name: _Key) -> Reason:
        self.said[name] = self.said.get(name, 0) + 1
        return reason

    def _worth(self, reason: Reason, strength: float) -> tuple[float, float]:
        times = self.said.get(key(reason), 0)
        if self.dial >= 1:
            return GOOD - times, strength
        return strength * (1 - self.dial) ** times, strength


def key(reason: Reason) -> _Key:
    """What makes two reasons one sentence, but for details and numbers."""
    return (reason.code, reason.positions[:2], reason.kinds)
