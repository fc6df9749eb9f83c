"""Calls of urllib that go only where they may: over connections that `Reach` has checked.

Redirects are not followed, so that what an address is sent (a token, a letter) goes nowhere else. Where the environment
names a proxy (`HTTPS_PROXY`), connections go to it: what a name stands for here is checked before, and the proxy, which
looks names up for itself, answers for the rest. This machine is never asked through a proxy.
"""

from __future__ import annotations

import http.client
import socket
import urllib.request
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from bottega.errors import AddressRefused
from bottega.reach import LOOPBACK, Reach

__all__ = ["opener_to"]

_PORTS = {"http": 80, "https": 443}


def opener_to(address: str, reach: Reach) -> urllib.request.OpenerDirector:
    """What opens requests to one address. Raises `AddressRefused`, here or when it connects."""
    scheme, host, port = _parts(address)
    proxies = {} if host in LOOPBACK else urllib.request.getproxies()
    proxied = scheme in proxies and not urllib.request.proxy_bypass(host)
    if proxied:
        _check_before_proxy(host, port, reach)
    way = None if proxied else reach
    return urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler(proxies), _Http(way), _Https(way))


def _parts(address: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError) as error:
        raise AddressRefused(
            f"{address.partition('://')[0][:20]!r} begins no address that can be asked.",
            allowed="It is http(s)://host/path.",
        ) from error


def _check_before_proxy(host: str, port: int, reach: Reach) -> None:
    with suppress(OSError):  # a name that is unknown here may be known to the proxy
        reach.numbers(host, port)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _connections(kind: type[http.client.HTTPConnection], reach: Reach | None) -> Any:
    """Makes connections of a kind: checked ones, or with None those to a proxy."""

    def connect(address: tuple[str, int], timeout: Any, *_: Any) -> socket.socket:
        if reach is None:
            return socket.create_connection(address, timeout)
        return reach.connect(*address, timeout if isinstance(timeout, int | float) else None)

    def made(host: str, **settings: Any) -> Any:
        connection: Any = kind(host, **settings)
        connection._create_connection = connect  # as http.client makes it, with the name of the host for TLS beside it
        return connection

    return made


class _Http(urllib.request.HTTPHandler):
    def __init__(self, reach: Reach | None) -> None:
        super().__init__()
        self._made = _connections(http.client.HTTPConnection, reach)

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._made, req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, reach: Reach | None) -> None:
        super().__init__()
        self._made = _connections(http.client.HTTPSConnection, reach)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self._made, req)
