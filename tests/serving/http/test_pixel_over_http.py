"""The scripts of pages as files: small, kept by browsers, asked for again only when it has changed."""

from __future__ import annotations

import gzip
from typing import Any

import pytest


def test_it_is_small_and_kept(door: Any) -> None:
    answer = door.client.get("/pixel.js", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200 and answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 3000
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "max-age=3600" in answer.headers["cache-control"] and answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(gzip.compress(answer.content, 9)) < 3000 and b"sendBeacon" in answer.content
    plain = door.client.get("/pixel.js", headers={"Accept-Encoding": "identity"})
    assert plain.content == answer.content and "content-encoding" not in plain.headers
    refused = door.client.get("/pixel.js", headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in refused.headers


def test_an_unchanged_one_costs_nothing(door: Any) -> None:
    tag = door.client.get("/pixel.js").headers["etag"]
    for asked in (tag, f"W/{tag}", f'"other", {tag}'):
        again = door.client.get("/pixel.js", headers={"If-None-Match": asked})
        assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == tag
    assert door.client.get("/pixel.js", headers={"If-None-Match": '"other"'}).status_code == 200
    assert door.client.head("/pixel.js").headers["etag"] == tag


@pytest.mark.parametrize(("name", "most"), [("assistant.js", 12_000), ("dressing-room.js", 8_000)])
def test_the_larger_ones_are_small_one_function_and_put_in_no_html(door: Any, name: str, most: int) -> None:
    answer = door.client.get(f"/{name}", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(answer.content, 9)) < most
    assert answer.text.startswith("(() => {") and answer.text.endswith("})();\n"), "no name of it is the page's"
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "DOMParser"):
        assert way not in answer.text
