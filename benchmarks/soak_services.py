"""The services of a soak (soak.py): started again when they die, killed, and what memory they hold."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from soak_traffic import AGAIN_S

__all__ = ["Service", "own_mb"]


@dataclass
class Service:
    """A command that is started again when it dies, as systemd does: with all that it had started."""

    command: list[str]
    log: Path
    settings: dict[str, str]
    starts: int = 0
    process: subprocess.Popen[bytes] | None = None
    late: bool = False
    """Whether it had not ended a minute after it was told to."""
    ended: threading.Event = field(default_factory=threading.Event)

    def keep(self) -> None:
        while not self.ended.is_set():
            with self.log.open("ab") as out:
                self.process = subprocess.Popen(
                    self.command, stdout=out, stderr=out, env=os.environ | self.settings, process_group=0
                )
                self.starts += 1
                self.process.wait()
            self.sweep()
            self.ended.wait(AGAIN_S)

    def sweep(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> None:
        self.ended.set()
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.late = True
                self.sweep()

    def pids(self) -> list[int]:
        """The process first, then all that it started and those started."""
        found = [self.process.pid] if self.process is not None and self.process.poll() is None else []
        for pid in found:
            with suppress(OSError):
                found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found


def own_mb(pid: int) -> float:
    """Memory that a process has for itself, mapped files left out; 0 where it is gone."""
    with suppress(OSError, StopIteration):
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line.split()[1] for line in status if line.startswith("RssAnon"))) / 1024
    return 0.0
