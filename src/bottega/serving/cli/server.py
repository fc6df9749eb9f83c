"""Runs the HTTP door with uvicorn."""

from __future__ import annotations

import gc
import socket
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from bottega.errors import SettingsInvalid
from bottega.log import log_as_json
from bottega.serving.cli.console import note, say
from bottega.serving.cli.workers import UVICORN, run_workers
from bottega.shop.folder import ShopFolder
from bottega.shop.key_ring import KeyRing

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["app_of", "check_free", "serve"]

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
SWITCH_S = 0.001
"""How long one thread may compute while another waits; Python's 5 ms would be felt in every answer."""


def serve(shop_folder: Path, host: str | None = None, port: int | None = None, *, workers: int = 1) -> None:
    """Serve the shop in a folder until interrupted; host and port default to the settings."""
    log_as_json()
    with ShopFolder.open(shop_folder) as folder:
        settings, of_server = folder.settings, folder.server
        host, port = host or of_server.host, of_server.port if port is None else port
        check_free(host, port)
        trusted = list(of_server.trusted_proxies)
        key = KeyRing(folder.store.keys).first() if settings.require_key else None
    if host not in _LOOPBACK:
        if not settings.require_key:
            note("require_key is false and the address is not this machine's own: anyone who reaches it may read.")
        if settings.storefront:
            note("The storefront is served without a key: anyone who reaches it may read and post events.")
    shown = f"[{host}]" if ":" in host else host
    if workers > 1:
        gc.enable()
        where = partial(_say_where, shown, key=key)
        run_workers(partial(app_of, shop_folder), host, port, workers, where, trusted=trusted)
        return
    app = app_of(shop_folder)
    _say_where(shown, port, key)
    uvicorn.run(app, host=host, port=port, forwarded_allow_ips=trusted, **UVICORN)


def app_of(shop_folder: Path) -> FastAPI:
    """The application in a process that does nothing but answer."""
    log_as_json()
    sys.setswitchinterval(SWITCH_S)
    gc.disable()
    try:
        from bottega.serving.http.app import create_app  # what watches over several workers needs none of it
        from bottega.serving.http.lists import warm_lists

        app = create_app(shop_folder)
        warm_lists(app.state.door.shop)
        app.state.door.shop.settle()
    finally:
        gc.enable()
    return app


def _say_where(shown: str, port: int, key: str | None) -> None:
    """The last words before the log: the address, and the key where it was just made."""
    say(f"Serving on http://{shown}:{port} (manual: /docs); Ctrl+C ends it.")
    if key is not None:
        say(f"API key of this shop, shown only now; send it as X-API-Key: {key}")


def check_free(host: str, port: int) -> None:
    """Refuse an address that cannot be listened on before anything is shown."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise SettingsInvalid(
            f"The server cannot listen on {host}, port {port}: {error.strerror or error}.",
            allowed="It needs an address of this machine and a port that nobody else uses.",
            next_step="Choose another with --host and --port, or end what uses it.",
        ) from error
