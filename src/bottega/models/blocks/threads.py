"""How many threads one answer may use. Serving wants one: a small answer on many threads waits for them to meet."""

from __future__ import annotations

import sys

__all__ = ["limit_threads"]


def limit_threads(count: int) -> None:
    """Let torch compute on `count` threads in this process; where no model has loaded torch, nothing happens."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(count)
