"""Several processes behind one port, watched over by uvicorn: one that dies is started again.

Each listens for itself (SO_REUSEPORT), and the system spreads connections over them; with one socket for all, whoever
happens to be awake would take most of them, and keep them. Counters lie in files that each process writes for itself
and any of them adds up (`serving/http/meters.py`).
"""

from __future__ import annotations

import os
import socket
import tempfile
import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from uvicorn import Config
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from bottega.serving.http.meters import SHARED_COUNTERS

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["UVICORN", "run_workers"]

warnings.filterwarnings("ignore", "Clearing labels")  # gauges are this process's own, and cleared as ever

UVICORN: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False, "ws": "none"}
"""How every server of ours runs."""
SILENT_S = 60
"""A process that does not answer its watcher for so long is ended and started again."""


def run_workers(
    make_app: Callable[[], FastAPI],
    host: str,
    port: int,
    workers: int,
    started: Callable[[int], None],
    *,
    trusted: list[str],
) -> None:
    """Serve with so many processes until interrupted; `make_app` is called in each of them.

    `started` is told the port, which differs where it was 0; `trusted` are the proxies that say who asks.
    """
    with tempfile.TemporaryDirectory(prefix="bottega-counters-") as counters:
        os.environ[SHARED_COUNTERS] = counters
        config = Config(
            make_app,
            factory=True,
            host=host,
            port=port,
            workers=workers,
            timeout_worker_healthcheck=SILENT_S,
            forwarded_allow_ips=trusted,
            **UVICORN,
        )
        watcher = _Watcher(config)
        started(watcher.port)
        try:
            watcher.run()
        finally:
            watcher.let_go()
            del os.environ[SHARED_COUNTERS]
        if any(process.exitcode == STARTUP_FAILURE for process in watcher.processes):
            raise SystemExit(1)


class _Watcher(Multiprocess):
    """Gives each process a socket of its own, and keeps none: else connections would come to a process that died."""

    def __init__(self, config: Config) -> None:
        self._held: list[socket.socket] = []
        self._address: tuple[Any, ...] = (config.host, config.port)
        self._address = self._listener().getsockname()
        super().__init__(config, [])

    @property
    def port(self) -> int:
        """Where all of them listen."""
        return int(self._address[1])

    @property
    def sockets(self) -> list[socket.socket]:
        """A socket for the next process to be started; that of the one before is its process's alone from now on."""
        listener = self._listener()
        self.let_go()
        self._held.append(listener)
        return [listener]

    @sockets.setter
    def sockets(self, _: list[socket.socket]) -> None:
        """The base class wants to share one."""

    def let_go(self) -> None:
        """Close what was handed to processes."""
        while self._held:
            self._held.pop().close()

    def _listener(self) -> socket.socket:
        """Bound and not listening: its process begins to when it is ready."""
        family = socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(self._address)
        listener.set_inheritable(True)
        return listener
