"""Peak memory: a block that comes and goes is seen, by the kernel's mark and by sampling alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bottega.evaluation import memory
from bottega.evaluation.memory import PeakMemory

BLOCK_MB = 80


def hold_a_block() -> float:
    return float(np.ones(BLOCK_MB * 1_000_000 // 8).sum())


@pytest.mark.parametrize("kernel", [True, False], ids=["kernel mark", "sampling"])
def test_a_block_that_came_and_went_is_in_the_peak(kernel: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("this system has no /proc")
    if not kernel:
        monkeypatch.setattr(memory, "_CLEAR", Path("/nowhere/clear_refs"))
    with PeakMemory() as measured:
        block = np.ones(BLOCK_MB * 1_000_000 // 8)
        assert block.sum() > 0
        hold_a_block()
        del block
    assert measured.peak_mb - measured.before_mb > 0.9 * BLOCK_MB
    with PeakMemory() as later:
        pass
    assert later.peak_mb < measured.peak_mb  # the earlier peak is forgotten


def test_no_figure_where_the_system_gives_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_CLEAR", "_STATM"):
        monkeypatch.setattr(memory, name, Path("/nowhere") / name)
    with PeakMemory() as measured:
        pass
    assert np.isnan(measured.peak_mb) and np.isnan(measured.before_mb)
