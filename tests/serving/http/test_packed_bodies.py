"""Bodies packed by gzip are read; bombs, broken ones and other packings are told what is wrong."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

LIST = "/v1/recommendations"


def send(door: Any, content: Any, encoding: str = "gzip", path: str = LIST, kind: str = "application/json") -> Any:
    headers = {"X-API-Key": door.key, "Content-Encoding": encoding, "Content-Type": kind}
    return door.client.post(path, content=content, headers=headers)


@pytest.mark.parametrize("kind", ["application/json", "application/vnd.shop+json"])
def test_a_packed_body_is_the_body(door: Any, kind: str) -> None:
    raw = json.dumps({"shopper": "s1", "n": 3}).encode()
    expected = door.ask(shopper="s1", n=3)["items"]
    for encoding in ("gzip", "GZIP", "x-gzip", "identity"):
        content = raw if encoding == "identity" else gzip.compress(raw)
        assert send(door, content, encoding, kind=kind).json()["items"] == expected
    assert send(door, gzip.compress(raw[:9]) + gzip.compress(raw[9:]), kind=kind).json()["items"] == expected


def test_it_may_come_byte_by_byte(door: Any) -> None:
    packed = gzip.compress(b'{"shopper": "s1", "n": 2}')

    def bytes_() -> Iterator[bytes]:
        for place in range(len(packed)):
            yield packed[place : place + 1]

    assert len(send(door, bytes_()).json()["items"]) == 2


@pytest.mark.parametrize("kind", ["application/json", "application/vnd.shop+json"])
def test_a_bomb_is_refused_before_it_goes_off(trained: Path, open_door: Callable[..., Any], kind: str) -> None:
    door = open_door(trained, max_body_mb=1)
    door.ask(shopper="s1")
    inner = gzip.compress(b" " * 200_000_000, 1)
    assert len(inner) < 5_000_000
    started = gzip.compress(b" " * 900_000) + b"".join(gzip.compress(b" " * 900_000) for _ in range(3))
    assert len(started) < 10_000
    for content in (started, inner[:900_000]):
        answer = send(door, content, kind=kind)
        assert answer.status_code == 413 and "unpacks to more than 1 MB" in answer.json()["error"]["message"]
    assert send(door, gzip.compress(b'{"n": 2}' + b" " * 900_000), kind=kind).status_code == 200


@pytest.mark.parametrize("kind", ["application/json", "application/vnd.shop+json"])
@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b'{"n": 2}', "is no gzip, though its header says so"),
        (gzip.compress(b'{"n": 2}')[:-6], "breaks off before its end"),
        (gzip.compress(b'{"n": 2}') + b"tail", "is no gzip"),
        (gzip.compress(b'{"n": 2}')[:-4] + b"\xff\xff\xff\xff", "is no gzip"),
        (zlib.compress(b'{"n": 2}'), "is no gzip"),
    ],
    ids=["plain", "cut", "tail", "checksum", "zlib"],  # the bytes hold the time
)
def test_what_is_no_whole_gzip_is_told_so(door: Any, content: bytes, seen: str, kind: str) -> None:
    answer = send(door, content, kind=kind)
    assert answer.status_code == 400 and seen in answer.json()["error"]["message"]


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, br", "gzip, gzip"])
def test_another_packing_is_named_with_what_is_taken(door: Any, encoding: str) -> None:
    error = send(door, b"x", encoding).json()["error"]
    assert error["code"] == "encoding_unknown" and encoding in error["seen"] and "gzip" in error["allowed"]


@pytest.mark.parametrize("path", [LIST, "/v1/events", "/v1/products/query"])
def test_bytes_that_are_no_utf8_are_pointed_at(door: Any, path: str) -> None:
    headers = {"X-API-Key": door.key, "Content-Type": "application/json"}
    error = door.client.post(path, content='{"shopper": "José"}'.encode("latin-1"), headers=headers).json()["error"]
    assert error["code"] == "request_unreadable" and "not UTF-8: byte 0xe9 at place 16" in error["message"]


def test_json_beyond_all_depth_is_told_so(door: Any) -> None:
    headers = {"X-API-Key": door.key, "Content-Type": "application/json"}
    answer = door.client.post("/v1/products/query", content=b"[" * 200_000, headers=headers)
    assert answer.status_code in (400, 422) and answer.json()["error"]["message"]
    assert "There was an error parsing" not in answer.json()["error"]["message"]
