"""Runs the HTTP door with uvicorn."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import uvicorn

from bottega.errors import BottegaError, SettingsInvalid
from bottega.log import log_as_json
from bottega.serving.cli.console import note, say
from bottega.serving.http.app import create_app
from bottega.shop.open_shop import OpenShop

__all__ = ["serve"]

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
SWITCH_S = 0.001
"""How long one thread may compute while another waits; Python's 5 ms would be felt in every answer."""


def serve(shop_folder: Path, host: str | None = None, port: int | None = None) -> None:
    """Serve the shop in a folder until interrupted; host and port default to the settings."""
    log_as_json()
    sys.setswitchinterval(SWITCH_S)
    app = create_app(shop_folder)
    shop: OpenShop = app.state.door.shop
    settings = shop.settings
    host, port = host or settings.host, settings.port if port is None else port
    try:
        _check_free(host, port)
    except BottegaError:
        shop.close()
        raise
    if settings.require_key and (key := shop.keys.first()) is not None:
        say(f"API key of this shop (shown only now; send it as X-API-Key): {key}")
    if host not in _LOOPBACK:
        if not settings.require_key:
            note("require_key is false and the address is not this machine's own: anyone who reaches it may read.")
        if settings.storefront:
            note("The storefront is served without a key: anyone who reaches it may read and post events.")
    shown = f"[{host}]" if ":" in host else host
    say(f"Serving on http://{shown}:{port} (manual: /docs); Ctrl+C ends it.")
    shop.settle()
    uvicorn.run(app, host=host, port=port, log_config=None, access_log=False, server_header=False)


def _check_free(host: str, port: int) -> None:
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
