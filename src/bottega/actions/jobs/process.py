"""The process in which a job is done: `python -m bottega.actions.jobs.process SHOP NUMBER`.

It runs at low priority, so that who answers shoppers goes first, and does nothing but the work: its parent
(`attempt.py`) keeps the row. It says on its standard output, one JSON object a line, how far it is, and at last the
answer or the error; what libraries print goes to standard error. SIGTERM ends the work as an exception would, so that
half-written files are taken away. When its parent dies, and with it the other end of its standard input, so does it:
whoever takes the job up again shall be the only one.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from bottega.errors import BottegaError, disk_full, memory_short

__all__ = ["NICENESS", "main", "without_folders"]

NICENESS = 10
"""Added to the process's own: the system gives it what others leave."""
_SAY_S = 0.2
"""Least time between two words on the same stage."""


class _Told(BaseException):
    """Somebody wishes the work to end."""


class _Speaker:
    """Writes lines to the parent, the progress among them, and never raises."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._stage = ""
        self._said_s = 0.0

    def say(self, **what: Any) -> None:
        try:
            self._out.write(json.dumps(what) + "\n")
            self._out.flush()
        except (OSError, ValueError):
            pass  # nobody listens any more; the end of standard input will tell

    def progress(self, task: str, done: int, total: int | None = None, note: str = "") -> None:
        now_s = time.monotonic()
        if task != self._stage or now_s - self._said_s >= _SAY_S or done == total:
            self._stage, self._said_s = task, now_s
            self.say(progress=[task, int(done), None if total is None else int(total), note])


def main() -> None:
    """Do the job that the arguments name."""
    speaker = _Speaker(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)
    _step_back()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGTERM, _tell)
    try:
        speaker.say(answer=_work(Path(sys.argv[1]), int(sys.argv[2]), speaker))
    except _Told:
        pass
    except BottegaError as error:
        speaker.say(error=without_folders(error.as_dict(), Path(sys.argv[1])), again=error.again)
    except Exception as error:  # noqa: BLE001 - whatever it is, the row shall say so and the log have the rest
        if (passes := disk_full(error) or memory_short(error)) is not None:
            speaker.say(error=without_folders(passes.as_dict(), Path(sys.argv[1])), again=True)
            return
        traceback.print_exc()
        seen, next_step = "Something failed inside.", "The log of the worker has the details."
        speaker.say(
            error={"code": "bug", "message": f"{seen} {next_step}", "seen": seen, "allowed": "", "next_step": next_step}
        )


_FOLDERS = re.compile(r"(?<![\w.:/])/(?!v1/)(?:[^\s/'\",;]+/)+(?=[^\s/'\",;])")


def without_folders(error: dict[str, str], root: Path) -> dict[str, str]:
    """An error whose files are called by their own names: where they lie on this machine is nobody's business.

    >>> without_folders({"seen": "/srv/my shop/uploads/0f/a.csv is gone; see /v1/jobs."}, Path("/srv/my shop"))
    {'seen': 'a.csv is gone; see /v1/jobs.'}
    """
    inside = re.compile(re.escape(f"{root}/") + r"(?:[^\s/'\",;]+/)*")
    return {name: _FOLDERS.sub("", inside.sub("", text)) for name, text in error.items()}


def _step_back() -> None:
    """Let everybody else go first, also where Linux shares time among sessions before it looks at processes (sched(7),
    "The autogroup feature"): there, niceness alone would count among this session's own processes only."""
    os.nice(NICENESS)
    with suppress(OSError):  # no such file elsewhere, or the kernel was built without it
        Path("/proc/self/autogroup").write_text(str(NICENESS))


def _work(root: Path, number: int, speaker: _Speaker) -> dict[str, Any]:
    from bottega.actions.jobs.perform import perform
    from bottega.log import log_as_json
    from bottega.shop.open_shop import OpenShop

    log_as_json()
    with OpenShop.open(root) as shop:
        job = shop.folder.store.jobs.get(number)
        assert job is not None, "the parent has just claimed it"
        return perform(shop, job, progress=speaker.progress)


def _end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os._exit(1)


def _tell(number: int, frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise _Told


if __name__ == "__main__":
    main()
