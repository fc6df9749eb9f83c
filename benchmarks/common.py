"""What the benchmarks share: where the data is, which commit on which machine, and what a process took."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bottega.progress import Progress

__all__ = [
    "BOTTEGA",
    "DATA",
    "HERE",
    "Done",
    "commit",
    "cpu_s",
    "machine",
    "peak_mb",
    "processor",
    "progress_lines",
    "run",
]

HERE = Path(__file__).parent
DATA = Path(os.environ.get("BOTTEGA_DATA", HERE.parent.parent / "shared" / "data"))
BOTTEGA = str(Path(sys.executable).with_name("bottega"))
"""The command of the environment that runs the benchmark."""


def commit() -> str:
    """Short hash of what is measured, with a + where files differ from it."""
    hashed = _git("rev-parse", "--short", "HEAD") or "unknown"
    return hashed + "+" * bool(_git("status", "--porcelain", "--untracked-files=no"))


def _git(*arguments: str) -> str:
    asked = subprocess.run(["git", *arguments], capture_output=True, text=True, cwd=HERE, check=False)
    return asked.stdout.strip()


def machine() -> str:
    """Where the numbers were made."""
    return f"commit {commit()}, Python {platform.python_version()}, {os.cpu_count()} cores, CPU only"


def processor() -> str:
    """What computes here, without the commit: figures of time are comparable where this is the same."""
    told = Path("/proc/cpuinfo")
    names = (
        [line.split(":", 1)[1] for line in told.read_text().splitlines() if line.startswith("model name")]
        if (told.exists())
        else []
    )
    name = names[0].strip() if names else platform.processor() or platform.machine()
    return f"{os.cpu_count()} cores {name}, Python {platform.python_version()}"


def peak_mb(process: int | str = "self") -> float:
    """Peak resident memory of a process so far, in MB (VmHWM on Linux; elsewhere only that of this process)."""
    status = Path(f"/proc/{process}/status")
    if status.exists():
        found = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        if found:
            return int(found[0]) / 1024
    if process != "self":
        return float("nan")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def cpu_s(process: int) -> float:
    """Processor seconds that a running process took so far, all its threads together; nan where /proc is absent."""
    stat = Path(f"/proc/{process}/stat")
    if not stat.exists():
        return float("nan")
    user, system = stat.read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Done:
    """A command that ended well: what it printed, and what it and its children took."""

    out: str
    cpu_s: float
    wall_s: float


def run(command: list[str | Path]) -> Done:
    """Run a command to its end. Raises `subprocess.CalledProcessError` with its last words where it fails.

    Threads that wait for each other sleep: else they spin, and on a busy machine that is most of the processor time.
    """
    before, started = os.times(), os.times().elapsed
    env = {"OMP_WAIT_POLICY": "PASSIVE"} | os.environ
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env=env, check=False)
    after = os.times()
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, done.args, done.stdout, done.stderr)
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return Done(done.stdout, spent, after.elapsed - started)


def progress_lines(every_s: float = 15.0) -> Progress:
    """Progress as a line on standard error now and then, for what runs for hours into a log."""
    last = [0.0]

    def tell(task: str, done: int, total: int | None = None, note: str = "") -> None:
        if time.monotonic() - last[0] >= every_s:
            last[0] = time.monotonic()
            sys.stderr.write(f"{time.strftime('%H:%M:%S')} {task} {done}/{total or '?'} {note}\n")

    return tell
