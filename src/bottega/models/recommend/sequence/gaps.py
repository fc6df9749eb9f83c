"""Times between events as codes, one for each doubling.

Shapes   N events.
"""

from __future__ import annotations

import numpy as np

from bottega.names import LongArray

__all__ = ["GAP_CODES", "gap_codes"]

GAP_CODES = 32
"""Codes of the time between events: 0 unknown, then one for each doubling from a second to 34 years."""


def gap_codes(gaps_ms: LongArray) -> LongArray:
    """Codes of times between events: 0 below a second, which says nothing (files without times count 0, 1, 2 ms).

    >>> gap_codes(np.array([1, 1000, 3_600_000])).tolist()
    [0, 1, 12]
    """
    seconds = np.maximum(gaps_ms, 1) / 1000
    codes: LongArray = np.clip(np.floor(np.log2(seconds)) + 1, 0, GAP_CODES - 1).astype(np.int64)
    return codes
