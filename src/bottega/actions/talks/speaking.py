"""An answer in pieces: each is kept before it goes out, and the stream always ends, so that nobody waits for more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bottega.store.talks import TalkLine

__all__ = ["Ended", "Says", "spoken"]


class Says(Protocol):
    """The one door of the assistant's words (`TalkStore.say`)."""

    def say(
        self, talk_id: str, fence: int, line: TalkLine, state: Mapping[str, Any] | None = None, *, now_ms: int
    ) -> bool: ...


@dataclass(frozen=True, slots=True)
class Ended:
    """The last thing of every stream."""

    how: Literal["said", "silenced"]
    """silenced: somebody else has the word; what was left is not said."""


def spoken(
    talks: Says,
    talk_id: str,
    fence: int,
    pieces: Iterable[TalkLine],
    state: Callable[[], Mapping[str, Any]] | None = None,
    *,
    clock_ms: Callable[[], int],
) -> Iterator[TalkLine | Ended]:
    """The pieces of an answer as they may be shown, each only after it was kept, and how it ended.

    `state` is asked for and left with every piece: of an answer that is cut off, the talk knows what its reader saw.
    Nothing more is asked of `pieces` once one was turned down.
    """
    for piece in pieces:
        if not talks.say(talk_id, fence, piece, state() if state else None, now_ms=clock_ms()):
            yield Ended("silenced")
            return
        yield piece
    yield Ended("said")
