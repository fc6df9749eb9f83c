"""How much memory this process has held at most, by the one figure that every room and benchmark reports."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["peak_bytes"]

_STATUS = Path("/proc/self/status")


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
