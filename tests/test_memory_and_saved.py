"""The one figure of peak memory, and the one error for a broken file of a model."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bottega import memory
from bottega.errors import ModelFileBroken
from bottega.memory import few_arenas, held_bytes, peak_bytes, trim
from bottega.saved import ModelFile

_ARENAS = """
import ctypes, sys, threading
from bottega.memory import few_arenas
assert few_arenas(int(sys.argv[1]))
library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
ready = threading.Barrier(13)
def hold():
    library.malloc(1000)
    ready.wait()
    ready.wait()
threads = [threading.Thread(target=hold) for _ in range(12)]
for thread in threads:
    thread.start()
ready.wait()
library.fdopen.restype = ctypes.c_void_p
out = ctypes.c_void_p(library.fdopen(1, b"w"))
library.malloc_info(0, out)
library.fflush(out)
ready.wait()
"""


def test_the_peak_is_no_less_than_what_is_held() -> None:
    block = np.ones(64_000_000 // 8)
    peak = peak_bytes()
    assert peak is not None and block.nbytes < peak < 10**12


def test_without_proc_the_system_is_asked_in_its_own_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    monkeypatch.setattr(memory, "_STATUS", Path("/nowhere"))
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for system, unit in (("linux", 1024), ("darwin", 1)):
        monkeypatch.setattr("sys.platform", system)
        assert held * unit <= (peak_bytes() or 0) < 1.5 * held * unit


@pytest.mark.parametrize("error", [OSError("gone"), ValueError("no JSON"), KeyError("rates"), TypeError("a list")])
def test_whatever_is_wrong_with_a_file_is_one_error(tmp_path: Path, error: Exception) -> None:
    message = r"items.json of a trained model cannot be read: .* Run `bottega train`"
    with pytest.raises(ModelFileBroken, match=message), ModelFile(tmp_path / "items.json"):
        raise error


def test_our_own_mistakes_stay_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(AssertionError), ModelFile(tmp_path / "items.json"):
        raise AssertionError("a bug")


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's")
def test_what_is_free_in_the_heap_goes_back_to_the_system() -> None:
    blocks = [bytes([1]) * 60_000 for _ in range(2_000)]  # below what glibc maps by itself
    last = bytes([1]) * 60_000  # keeps the end of the heap
    full = held_bytes()
    blocks.clear()
    trim()
    held = held_bytes()
    assert full is not None and held is not None and len(last) == 60_000
    assert held < full - 80_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's")
@pytest.mark.parametrize("most", [2, 4])
def test_threads_share_so_many_arenas(most: int) -> None:
    """Counted in a process of its own by glibc's account of itself, while twelve threads hold memory."""
    found = subprocess.run(
        [sys.executable, "-c", _ARENAS, str(most)], capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.count("<heap nr=") == most


def test_elsewhere_nothing_is_set_nor_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert not few_arenas()
    trim()
