"""Feeds from an address: fetched once into a file, within limits, and not again while they have not changed.

An address that leads into a private network is refused unless a setting allows it (reach.py), on each hop.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import httpcore
import httpx

from bottega.errors import AddressRefused, SourceUnreadable, disk_full
from bottega.reach import PUBLIC, Reach
from bottega.sources.checked_transport import CheckedTransport
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
    reach: Reach = PUBLIC
    """Where it may come from."""


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
            way = CheckedTransport(self._limits.reach)
            with httpx.Client(transport=way, timeout=_CONNECT_S, follow_redirects=False) as client:
                for _ in range(_HOPS_MAX + 1):
                    self._check_scheme(address)
                    with client.stream("GET", address, headers=headers) as response:
                        if response.status_code in _REDIRECTS and "location" in response.headers:
                            address = urljoin(address, response.headers["location"])
                            continue
                        return self._taken(response, address, path, before)
        except AddressRefused as error:
            raise SourceUnreadable(
                error.seen,
                allowed="Feeds are fetched from the public internet.",
                next_step="If it is your own server, name it in the setting private_hosts, set fetch_private = true, "
                "or download the feed yourself.",
            ) from error
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
