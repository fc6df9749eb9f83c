"""Memory that a training loop frees stays with the process, so that the next step does not have to ask for it again.

A step allocates and frees buffers of megabytes. By default the C library hands each back to the kernel and every page
is cleared anew at its next use: a tenth to a half of a step's time.
"""

from __future__ import annotations

from bottega.memory import mallopt

__all__ = ["keep_freed_memory"]

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4
"""Parameter numbers of glibc's `mallopt` (malloc.h)."""


def keep_freed_memory() -> bool:
    """Tell glibc to reuse freed buffers, for this process; False where there is no glibc (nothing is changed)."""
    return mallopt(_MMAP_MAX, 0) and mallopt(_TRIM_THRESHOLD, 2**31 - 1) and mallopt(_TOP_PAD, 64 << 20)
