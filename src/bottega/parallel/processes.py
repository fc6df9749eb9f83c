"""Portions of work in processes of this machine.

They are started afresh, not forked: a fork would copy the locks of threads that a library may be holding. What all
need lies in one file that each maps. They end with whoever started them, be it by Ctrl+C or by kill -9: each listens
to a pipe that only that process holds open.
"""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bottega.errors import CrewUnavailable
from bottega.parallel.one_thread import one_thread
from bottega.parallel.packed import read_file, write_file
from bottega.progress import silent

__all__ = ["in_processes"]

_mine: Any = None
"""In a hand: what all portions need."""


def in_processes(
    work: Any, portions: Sequence[Any], shared: Any, processes: int, *, ahead: int | None = None
) -> Generator[Any]:
    """The results in order; see `crew.in_order`."""
    context = get_context("spawn")
    listen, hold = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(prefix="bottega-shared-") as folder:
        path = Path(folder) / "shared"
        lengths = write_file(shared, path)
        pool = ProcessPoolExecutor(
            min(processes, len(portions)), mp_context=context, initializer=_begin, initargs=(path, lengths, listen)
        )
        waiting: deque[Future[Any]] = deque()
        begun = 0
        try:
            while begun < len(portions) or waiting:
                with one_thread():
                    while begun < len(portions) and (ahead is None or len(waiting) < ahead):
                        waiting.append(pool.submit(_do, work, portions[begun]))
                        begun += 1
                yield waiting.popleft().result()
            pool.shutdown()
        except BrokenProcessPool as error:
            raise CrewUnavailable(
                "A process that shared the work could not be started, or died.",
                allowed="One that dies is mostly ended by the system for want of memory.",
                next_step="Lower the setting `processes`; 1 does all the work in one process.",
            ) from error
        finally:
            hold.close()
            pool.shutdown(cancel_futures=True)
            listen.close()


def _begin(path: Path, lengths: Sequence[int], listen: Connection) -> None:
    """In a hand, once."""
    global _mine
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches all; the one who started us decides
    threading.Thread(target=_end_with, args=(listen,), daemon=True).start()
    _mine = read_file(path, lengths)


def _do(work: Any, portion: Any) -> Any:
    return work(portion, _mine, silent)


def _end_with(listen: Connection) -> None:
    listen.poll(None)
    os._exit(1)
