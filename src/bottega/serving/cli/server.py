"""Runs the HTTP door with uvicorn."""

from __future__ import annotations

import gc
import socket
import sys
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from bottega.errors import SettingsInvalid
from bottega.log import log_as_json
from bottega.memory import few_arenas
from bottega.serving.cli.console import note, say
from bottega.serving.cli.workers import UVICORN, run_workers
from bottega.shop.doors.key_ring import KeyRing
from bottega.shop.folder import ShopFolder
from bottega.shop.shops_folder import ShopsFolder

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["app_of", "app_of_shops", "check_free", "serve", "serve_shops"]

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
SWITCH_S = 0.0001
"""How long one thread may compute while another waits. An answer gives way dozens of times, at every row of the
database; of Python's 5 ms, or one, the sum would be felt wherever a thread computes beside it."""


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
        if settings.storefront is True:
            note("The storefront is served without a key: anyone who reaches it may read and post events.")
    _run(partial(app_of, shop_folder), host, port, workers, partial(_say_where, host, key=key), trusted=trusted)


def serve_shops(folder: Path, host: str | None = None, port: int | None = None, *, workers: int = 1) -> None:
    """Serve all shops of a folder until interrupted; it becomes a shops folder where it is none."""
    log_as_json()
    shops = ShopsFolder.open(folder, make=True)
    of_server, names = shops.server, shops.names()
    host, port = host or of_server.host, of_server.port if port is None else port
    check_free(host, port)
    for name in names:  # what is wrong with one shop's settings is told before it is asked; the others are served
        try:
            open_to_all = not shops.settings(name).require_key or shops.settings(name).storefront is True
        except SettingsInvalid as error:
            note(str(error))
            continue
        if open_to_all and host not in _LOOPBACK:
            note(f"Anyone who reaches the shop {name} may read: require_key is false, or its storefront is served.")
    if not names:
        note(f"There is no shop in {shops.root} yet; `bottega shops new NAME` makes one, and needs no restart.")
    _run(
        partial(app_of_shops, folder),
        host,
        port,
        workers,
        partial(_say_where, host, several=names),
        trusted=list(of_server.trusted_proxies),
    )


def _run(
    make_app: Callable[[], FastAPI],
    host: str,
    port: int,
    workers: int,
    started: Callable[[int], None],
    *,
    trusted: list[str],
) -> None:
    if workers > 1:
        gc.enable()
        run_workers(make_app, host, port, workers, started, trusted=trusted)
        return
    app = make_app()
    started(port)
    uvicorn.run(app, host=host, port=port, forwarded_allow_ips=trusted, **UVICORN)


def app_of_shops(folder: Path) -> FastAPI:
    """The application of all shops of a folder, in a process that does nothing but answer."""
    log_as_json()
    few_arenas()
    sys.setswitchinterval(SWITCH_S)
    gc.disable()
    try:
        from bottega.serving.http.app import create_app_of_shops

        return create_app_of_shops(folder)
    finally:
        gc.freeze()
        gc.enable()


def app_of(shop_folder: Path) -> FastAPI:
    """The application in a process that does nothing but answer."""
    log_as_json()
    few_arenas()
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


def _say_where(host: str, port: int, *, key: str | None = None, several: Collection[str] = ()) -> None:
    """The last words before the log: the address, and the key where it was just made."""
    shown = f"[{host}]" if ":" in host else host
    say(f"Serving on http://{shown}:{port} (manual: /docs); Ctrl+C ends it.")
    if several:
        say(f"{len(several):,} shops, by their keys or at /s/NAME/: {', '.join(several)}.")
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
