"""Which of several frames that could follow is taken: by chance, weighed by what it says and by what was learnt of it.

Chooser  `weigh` may be learnt elsewhere (success.py); without it each frame that says more is more probable.
Planner  Where one comes along (planning/), titles say what people's titles say, in their order: of the frames that say
         enough, the likelier one is taken more often.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from bottega.models.wording.facts import Fact, FactSheet
from bottega.models.wording.filling import Filled
from bottega.models.wording.frames import SentenceFrame
from bottega.models.wording.planning.likely import likely
from bottega.models.wording.planning.planner import Planner
from bottega.models.wording.text import Tone

__all__ = ["TELLING", "FrameChooser", "Way", "Weigh"]

Weigh = Callable[[str, SentenceFrame, tuple[Fact, ...]], float]
"""Role, frame, and the facts that it would say: how much to prefer it, 1 where nothing speaks for or against it."""
Way = tuple[SentenceFrame, Filled]
"""A frame, and what it says of the product."""
TONED = 400.0
"""How much likelier a frame of the tone that is asked for is than one of every tone."""
TELLING = 6.0
"""How much likelier an opening is for each fact in its first five words that sets the product apart."""
ENOUGH = 4
"""Facts that a planned title says at least, where any frame does: what people leave out beyond that may be left out."""
_APART = frozenset({"front", "line", "title", "brand", "colour", "pattern", "material", "season"})


class FrameChooser:
    """The frames of a language by role, and the choice among them."""

    def __init__(
        self, frames: Sequence[SentenceFrame], weigh: Weigh | None = None, planner: Planner | None = None
    ) -> None:
        self.weigh = weigh or (lambda role, frame, facts: 1.0)
        self.planner = planner
        self._frames: dict[str, list[SentenceFrame]] = {}
        for frame in frames:
            for role in frame.roles:
                self._frames.setdefault(role, []).append(frame)

    def of(self, role: str, tone: Tone = Tone.PLAIN) -> Sequence[SentenceFrame]:
        """Those of a role that a tone allows, in their order."""
        return [frame for frame in self._frames.get(role, ()) if not frame.tones or tone in frame.tones]

    def pick(
        self,
        role: str,
        ways: Sequence[Way],
        draw: Random,
        *,
        keys: frozenset[str] | None = None,
        most: bool = False,
        telling: bool = False,
        plan_for: FactSheet | None = None,
    ) -> Filled | None:
        """One of them by chance, what says more facts the likelier; `most`: of those alone that say the most;
        `telling`: the likelier by far the more its first words are this product's own; `plan_for`: the product, whose
        title a planner may think likely or not."""
        if not ways:
            return None
        counts = [
            len({slot.key for slot in part.sentence.slots if slot.facts and (keys is None or slot.key in keys)})
            for _, part in ways
        ]
        planner = self.planner if role == "title" else None
        if most:
            enough = max(counts) if planner is None else min(ENOUGH, max(counts))
            ways = [way for way, count in zip(ways, counts, strict=True) if count >= enough]
            counts = [1] * len(ways)
        weights = [
            (1 + count) ** 2 * self.weigh(role, frame, part.facts) * (TONED if frame.tones else 1.0)
            for (frame, part), count in zip(ways, counts, strict=True)
        ]
        if planner is not None and plan_for is not None:
            chances = likely(planner, plan_for, [part for _, part in ways])
            weights = [weight * chance for weight, chance in zip(weights, chances, strict=True)]
        if telling:
            weights = [weight * TELLING ** _own_words(part) for weight, (_, part) in zip(weights, ways, strict=True)]
        return draw.choices([part for _, part in ways], weights)[0]


def _own_words(part: Filled) -> int:
    """How many facts that set products of a kind apart begin within the first five words."""
    end = sum(len(word) + 1 for word in part.text.split()[:5])
    slots = [slot for slot in part.sentence.slots if slot.start < end and slot.key in _APART]
    return sum(1 if slot.key == "title" else len(slot.facts) for slot in slots)
