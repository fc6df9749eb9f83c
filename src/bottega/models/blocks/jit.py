"""Kernels: plain loops over flat arrays, compiled by numba the first time they run and kept for the next process.

Idea     An answer is made of many small steps, and a call of NumPy or torch costs more than such a step. A kernel is a
         function of numbers and flat arrays that calls only other kernels; with NUMBA_DISABLE_JIT=1 it runs as Python.
Costs    numba's import takes about 0.3 s, compiling all kernels about half a minute once for a type of processor; from
         the cache, under a second. `bottega train` fills the cache.
Cache    NUMBA_CACHE_DIR where it is set; else beside the sources; where these cannot be written, in the user's cache
         folder; without one, in a private temporary folder. Where nothing can be written, every process compiles
         for itself.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import numba

__all__ = ["cache_folder", "kernel"]

_F = TypeVar("_F", bound=Callable[..., object])
_RELAXED = {"nsz", "arcp", "contract", "afn", "reassoc"}
"""Sums may be reordered; infinities and NaN keep their meaning."""


def cache_folder() -> str | None:
    """Where compiled kernels are kept; empty for beside the sources, None for nowhere.

    Nobody else may write there: numba unpickles.
    """
    given = os.environ.get("NUMBA_CACHE_DIR", "")
    if given or os.access(Path(__file__).parent.parent, os.W_OK):
        return given
    for root in (os.environ.get("XDG_CACHE_HOME"), os.environ.get("HOME")):
        if root and (folder := _private(Path(root) / ("" if root != os.environ.get("HOME") else ".cache"))):
            return folder
    try:
        return _private(Path(tempfile.gettempdir()), f"bottega-kernels-{_user()}") or tempfile.mkdtemp()
    except OSError:  # nothing here can be written
        return None


def _private(parent: Path, name: str = "bottega-kernels") -> str:
    """A folder of ours in `parent`; empty where it cannot be made or is open to others."""
    folder = parent / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except OSError:
        return ""
    ours = found.st_uid == _user() and not found.st_mode & 0o022
    return str(folder) if ours and os.access(folder, os.W_OK) else ""


def _user() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0


_FOLDER = cache_folder()
numba.config.CACHE_DIR = _FOLDER or ""  # type: ignore[attr-defined]


def kernel(function: _F) -> _F:
    """The function, compiled when it is first called; it lets other threads run meanwhile."""
    kept = _FOLDER is not None
    return cast(_F, numba.njit(cache=kept, nogil=True, fastmath=_RELAXED, error_model="numpy")(function))
