"""A member speaking to one history: what selection asks for scores, and explanation for reasons.

Shapes   T events, K items of a list.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from bottega.models.recommend.answering.member import Asked, Desk, Voice
from bottega.models.recommend.answering.mixture import MixedVoice
from bottega.models.recommend.base import KNOWN_SHOPPER, Evidence, Explains
from bottega.names import IntArray
from bottega.shop.floor import Floor
from bottega.shop.trained.answering import States

__all__ = ["Speech", "speaking"]


@dataclass(frozen=True)
class Speech:
    """`voice` of the member `name`, which speaks to `asked`; what it writes on lies on `desk`."""

    floor: Floor
    name: str
    asked: Asked
    voice: Voice
    desk: Desk

    @property
    def voices(self) -> Mapping[str, Voice]:
        """Those that add to its scores, by name."""
        return self.voice.voices if isinstance(self.voice, MixedVoice) else {self.name: self.voice}

    def witnesses(self, items: Sequence[int]) -> dict[str, Explains]:
        """Who can say why these items of an answer, by name; nobody is asked before evidence is wanted."""
        codes = np.array(items, dtype=np.int32)
        members = self.floor.answering.members
        return {
            name: _Witness(voice, codes) for name, voice in self.voices.items() if KNOWN_SHOPPER in members[name].serves
        }


@dataclass
class _Witness:
    """A voice asked once for the evidence of all items of an answer."""

    voice: Voice
    items: IntArray
    found: dict[int, list[Evidence]] = field(default_factory=dict)

    def evidence(self, history: IntArray, item: int, *, count: int = 3) -> list[Evidence]:
        if not self.found:
            self.found = dict(zip(self.items.tolist(), self.voice.evidence(self.items), strict=True))
        return self.found[item][:count]


@contextmanager
def speaking(floor: Floor, name: str, asked: Asked, states: States, key: Hashable) -> Iterator[Speech]:
    """The speech of a member of this floor; see `Answering.speaking`."""
    with floor.answering.speaking(name, asked, states, key) as (voice, desk):
        yield Speech(floor, name, asked, voice, desk)
