"""Where an import takes its file from, looked at before anything is read."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from bottega.errors import SourceUnreadable

__all__ = ["refuse_source"]


class _Import(Protocol):
    @property
    def source(self) -> Path: ...


def refuse_source(request: _Import) -> None:
    """Raise `SourceUnreadable` where there is nothing of that name."""
    if not request.source.exists():
        raise SourceUnreadable(f"{request.source} does not exist.", next_step="Check the path.")
