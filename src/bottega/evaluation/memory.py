"""The peak memory of a piece of work in this process, without psutil.

On Linux the kernel keeps the peak itself (VmHWM in /proc/self/status) and forgets it when 5 is written to
/proc/self/clear_refs, so the figure is exact. Where that is not allowed, a thread reads the resident size every 10 ms,
which can miss a short peak. Elsewhere (macOS, Windows) there is no figure: NaN, shown as "not measured".
"""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from bottega.memory import peak_bytes, trim

__all__ = ["PeakMemory"]

_STATM = Path("/proc/self/statm")
_CLEAR = Path("/proc/self/clear_refs")
_SAMPLE_S = 0.01
_MB = 1e6


class PeakMemory:
    """Measures between `with` and its end. `peak_mb` is the most the whole process held, in MB of 10^6 bytes; so it
    includes the program and the data. `before_mb` is what it held at the start, after returning what was unused.
    """

    def __init__(self) -> None:
        self.peak_mb = float("nan")
        self.before_mb = float("nan")
        self._stop: threading.Event | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        gc.collect()
        trim()  # what earlier work left behind must not hide the growth of this one
        self.before_mb = _resident_mb()
        try:
            _CLEAR.write_text("5")
        except OSError:
            self._sample()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stop is None:
            peak = peak_bytes()
            self.peak_mb = float("nan") if peak is None else peak / _MB
            return
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _sample(self) -> None:
        self._stop = threading.Event()
        if not _STATM.exists():
            return
        stop = self._stop
        self.peak_mb = self.before_mb

        def watch() -> None:
            while True:
                self.peak_mb = max(self.peak_mb, _resident_mb())
                if stop.wait(_SAMPLE_S):
                    self.peak_mb = max(self.peak_mb, _resident_mb())
                    return

        self._thread = threading.Thread(target=watch, name="peak memory", daemon=True)
        self._thread.start()


def _resident_mb() -> float:
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / _MB
    except (OSError, ValueError):
        return float("nan")
