"""Work that tests of crews ask for; a module, so that other processes find it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from bottega.errors import LetterNotTaken, RowInvalid
from bottega.progress import Progress

__all__ = ["drawn", "never_ends", "refused", "threads", "vanishes", "written"]


def drawn(seed: int, shared: Any, progress: Progress) -> tuple[int, float]:
    """The process that did it, and a sum of random numbers and the shared ones, after writing into these."""
    rows = shared["rows"]
    value = float((rows * np.random.default_rng(seed).standard_normal(rows.shape)).sum())
    rows += 0.0
    return os.getpid(), value


def written(number: int, shared: Any, progress: Progress) -> float:
    """The sum of the shared rows as this process finds them; then it spoils its own."""
    found = float(shared["rows"].sum())
    shared["rows"] *= 0.0
    return found


def threads(number: int, shared: Any, progress: Progress) -> tuple[int, str]:
    import torch

    return torch.get_num_threads(), os.environ["OMP_NUM_THREADS"]


def refused(number: int, shared: Any, progress: Progress) -> int:
    if number == 3:
        raise RowInvalid("Row 3 is odd.", field="size", allowed="Even ones.", next_step="Leave it out.", rule="even")
    if number == 5:
        raise LetterNotTaken("No.", again=False)
    return number


def vanishes(number: int, shared: Any, progress: Progress) -> int:
    if number == 1:
        os._exit(7)
    return number


def never_ends(place: Path, shared: Any, progress: Progress) -> int:
    place.write_text(str(os.getpid()))
    time.sleep(600)
    return 0
