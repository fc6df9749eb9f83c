"""How much memory this process holds, and has held at most, by the figures that every room and benchmark reports."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable
from pathlib import Path

__all__ = ["few_arenas", "give_back", "held_bytes", "mallopt", "peak_bytes", "trim"]

_STATUS = Path("/proc/self/status")
_ARENA_MAX = -8
"""A parameter's number of glibc's `mallopt` (malloc.h)."""


def peak_bytes() -> int | None:
    """The most memory this process held so far, libraries and data included; None where the system keeps no figure.

    Linux keeps it by process (VmHWM); `getrusage` would begin there at the size of whoever launched this one, and is
    asked elsewhere. It counts in kB, on macOS in bytes.
    """
    try:
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        import resource
    except ImportError:  # Windows
        return None
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held if sys.platform == "darwin" else held * 1024


def held_bytes() -> int | None:
    """The memory that this process holds by itself now, files that it maps left out; None where none can tell."""
    try:
        for line in _STATUS.read_text().splitlines():
            if line.startswith("RssAnon"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


def give_back() -> None:
    """Free what nobody needs any more, and return it to the system, which else lies ready for this process alone."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    trim()


def trim() -> None:
    """Return to the system what is free already (glibc's `malloc_trim`; nothing is done where there is none)."""
    call = _of_c_library("malloc_trim")
    if call is not None:
        call(0)


def few_arenas(most: int = 2) -> bool:
    """Let the threads of this process share so many arenas (glibc's `M_ARENA_MAX`); False where there is no glibc.

    By itself glibc makes them for dozens of threads, up to eight a core, and what is freed in one serves no other.
    """
    return mallopt(_ARENA_MAX, most)


def mallopt(parameter: int, value: int) -> bool:
    """Set a parameter of glibc's allocator (malloc.h), for this process; False where it is refused, or no glibc."""
    call = _of_c_library("mallopt")
    return call is not None and bool(call(parameter, value))


def _of_c_library(name: str) -> Callable[..., int] | None:
    """A function of the C library on Linux; None elsewhere, and of a library that has none."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
