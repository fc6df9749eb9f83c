"""How long work says what it does, without knowing who listens.

A reader or a model calls `progress(task, done, total)`; the command line draws a bar, a test passes `silent`.
"""

from __future__ import annotations

from typing import Protocol

__all__ = ["Progress", "silent"]


class Progress(Protocol):
    """Called often; must be cheap and never raise.

    `task` is a short phrase ("reading styles.csv"); a new phrase starts a new bar. `done` and `total` count whatever
    the task counts; `total` None means unknown. `note` is shown behind the bar ("NDCG@10 0.061").
    """

    def __call__(self, task: str, done: int, total: int | None = None, note: str = "") -> None: ...


def silent(task: str, done: int, total: int | None = None, note: str = "") -> None:
    """Say nothing."""
