"""Feeds from an address: fetched once into a file, within limits, and not again while they have not changed.

An address that leads into a private network is refused unless a setting allows it: whoever may name a feed could
otherwise read what the server alone can reach. What is checked is the address that the connection goes to, on each hop
of a redirect, so no name can answer differently the second time.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import shutil
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import httpcore
import httpx

from bottega.errors import SourceUnreadable, disk_full
from bottega.sources.web_address import plain_address, whole_address

__all__ = ["FetchLimits", "Fetched", "fetch"]

_HOPS_MAX = 5
_CONNECT_S = 15.0
_MB = 1_000_000
_STALE_S = 24 * 3600
_AWAY = frozenset({408, 425, 429})
"""Answers that mean: later."""
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much a feed from an address may take."""

    max_mb: float = 2000.0
    """Largest size, unpacked from what the transfer packed."""
    timeout_s: float = 900.0
    """Longest time, all hops together."""
    private: bool = False
    """Whether addresses inside private networks are allowed."""


@dataclass(slots=True)
class Fetched:
    """What came of an address. `unchanged`: it is as it was when it was last `keep`-t, and there is no file."""

    address: str
    path: Path
    name: str
    charset: str | None = None
    unchanged: bool = False
    _state: dict[str, str] = field(default_factory=dict)
    _state_path: Path = Path()

    def keep(self) -> None:
        """Remember this state as taken in: fetched again unchanged, it costs nothing."""
        work = self._state_path.with_suffix(f".{os.getpid()}")
        try:
            work.write_text(json.dumps(self._state))
            work.replace(self._state_path)
        except OSError as error:
            if (full := disk_full(error)) is not None:
                raise full from error


@contextmanager
def fetch(
    place: str | Path, folder: Path, limits: FetchLimits, *, options: str = "", again: bool = False
) -> Iterator[Fetched]:
    """Fetch an address into a file of `folder`, which goes when the block ends.

    `options` tell apart imports of one address that make different things of it; `again` asks for it whether it has
    changed or not. Raises `SourceUnreadable`.
    """
    address = whole_address(place)
    key = hashlib.blake2b(f"{address}\n{options}".encode(), digest_size=16).hexdigest()
    state_path = folder / f"{key}.json"
    _make_room(folder)
    alone = folder / f"{key}.{os.getpid()}.part"  # a folder of its own: no other file lies beside a fetched one
    try:
        alone.mkdir(exist_ok=True)
        fetched = _Fetch(address, limits).into(alone / "feed", {} if again else _state_of(state_path))
        fetched._state_path = state_path
        yield fetched
    finally:
        shutil.rmtree(alone, ignore_errors=True)


class _Fetch:
    """One fetching, hop by hop."""

    def __init__(self, address: str, limits: FetchLimits) -> None:
        self._address = address
        self._limits = limits
        self._until = time.monotonic() + limits.timeout_s

    def into(self, path: Path, before: dict[str, str]) -> Fetched:
        headers = {"User-Agent": "Bottega", "Accept-Encoding": "gzip, deflate"}
        if before.get("etag"):
            headers["If-None-Match"] = before["etag"]
        if before.get("last_modified"):
            headers["If-Modified-Since"] = before["last_modified"]
        address = self._address
        try:
            with httpx.Client(transport=_Checked(self._limits), timeout=_CONNECT_S, follow_redirects=False) as client:
                for _ in range(_HOPS_MAX + 1):
                    self._check_scheme(address)
                    with client.stream("GET", address, headers=headers) as response:
                        if response.status_code in _REDIRECTS and "location" in response.headers:
                            address = urljoin(address, response.headers["location"])
                            continue
                        return self._taken(response, address, path, before)
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise self._refused(f"is no address that can be fetched: {error}", "Check it.") from error
        except (httpx.TimeoutException, httpcore.TimeoutException) as error:
            raise self._refused("did not answer in time", "Try again, or download it yourself.", again=True) from error
        except (httpx.HTTPError, httpcore.NetworkError, httpcore.ProtocolError) as error:
            reason = str(error) or type(error).__name__
            advice = "Try again, or download it yourself."
            raise self._refused(f"cannot be fetched: {reason}", advice, again=True) from error
        raise self._refused(f"leads on more than {_HOPS_MAX} times", "Name the address that it ends at.")

    def _taken(self, response: httpx.Response, address: str, path: Path, before: dict[str, str]) -> Fetched:
        charset = response.charset_encoding
        fetched = Fetched(self._address, path, _name(response, address), charset)
        if response.status_code == 304 and before:
            fetched.unchanged, fetched._state = True, before
            return fetched
        if response.status_code != 200:
            raise self._refused(
                f"was answered with {response.status_code} {response.reason_phrase}".rstrip(),
                "Open it in a browser: it must lead to the feed without a log-in.",
                again=response.status_code in _AWAY or response.status_code >= 500,
            )
        digest = hashlib.blake2b(digest_size=16)
        size = 0
        most = self._limits.max_mb * _MB
        try:
            with path.open("wb") as stream:
                for block in response.iter_bytes(64 * 1024):
                    size += len(block)
                    if size > most:
                        raise self._refused(
                            f"is larger than {self._limits.max_mb:,.0f} MB", "Raise the setting fetch_max_mb."
                        )
                    if time.monotonic() > self._until:
                        raise self._refused(
                            f"took more than {self._limits.timeout_s:,.0f} s", "Raise the setting fetch_timeout_s."
                        )
                    digest.update(block)
                    stream.write(block)
        except OSError as error:
            if (full := disk_full(error)) is not None:
                raise full from error
            raise
        fetched._state = {
            "etag": response.headers.get("etag", ""),
            "last_modified": response.headers.get("last-modified", ""),
            "digest": digest.hexdigest(),
        }
        fetched.unchanged = before.get("digest") == digest.hexdigest()
        return fetched

    def _check_scheme(self, address: str) -> None:
        parts = urlsplit(address)
        _ = parts.port  # raises where it is none
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            raise self._refused(f"leads to {parts.scheme or address[:40]}:, which is not fetched", "Name http(s)://...")

    def _refused(self, what: str, next_step: str, *, again: bool = False) -> SourceUnreadable:
        return SourceUnreadable(f"{plain_address(self._address)} {what}.", next_step=next_step, again=again)


class _Checked(httpx.BaseTransport):
    """HTTP over connections that go only where they may."""

    def __init__(self, limits: FetchLimits) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(), network_backend=_CheckedNetwork(limits)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, Iterable)
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method, url, headers=request.headers.raw, content=request.stream, extensions=request.extensions
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


class _CheckedNetwork(httpcore.NetworkBackend):
    """Looks a name up once, checks what it stands for, and connects to exactly that."""

    def __init__(self, limits: FetchLimits) -> None:
        self._limits = limits
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise SourceUnreadable(f"No machine is called {host}.", next_step="Check the address.") from error
        numbers = list(dict.fromkeys(str(one[4][0]) for one in found))
        allowed = [number for number in numbers if self._limits.private or _is_public(number)]
        if not allowed:
            raise SourceUnreadable(
                f"{host} is {numbers[0]}, which lies inside a private network.",
                allowed="Feeds are fetched from the public internet.",
                next_step="If it is your own server, set fetch_private = true, or download the feed yourself.",
            )
        failed: Exception | None = None
        for number in allowed:
            try:
                return self._inner.connect_tcp(number, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        assert failed is not None
        raise failed


def _is_public(number: str) -> bool:
    """Whether an IP address is of the public internet, also behind the ways in which IPv6 wraps IPv4."""
    address = ipaddress.ip_address(number.split("%", 1)[0])
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if wrapped is None and address in ipaddress.ip_network("64:ff9b::/96"):
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
        if wrapped is not None:
            return _is_public(str(wrapped))
    return address.is_global and not address.is_multicast


def _name(response: httpx.Response, address: str) -> str:
    """The file's name: as the answer says it, else the last of the path."""
    message = Message()
    message["content-disposition"] = response.headers.get("content-disposition", "")
    said = message.get_filename()
    parts = urlsplit(address)
    last = PurePosixPath(unquote(parts.path)).name
    return PurePosixPath(str(said).replace("\\", "/")).name if said else last or parts.hostname or "feed"


def _state_of(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, dict) else {}


def _make_room(folder: Path) -> None:
    """Make the folder, and throw out what a killed import left there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob("*.part"):
            if time.time() - left.stat().st_mtime > _STALE_S:
                shutil.rmtree(left, ignore_errors=True)
    except OSError as error:
        raise disk_full(error) or SourceUnreadable(
            f"{folder} cannot be written: {error.strerror}.", next_step="Check its permissions."
        ) from error
