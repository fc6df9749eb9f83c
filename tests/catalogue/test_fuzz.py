"""Damaged feeds: whatever the bytes, products and problems come out, or one of our own errors."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.catalogue.samples import SAMPLES

from bottega.catalogue.readers.registry import READERS
from bottega.errors import InputError

PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "gzip": gzip.compress,
    "utf-16": lambda content: content.decode("utf-8", "replace").encode("utf-16"),
    "cut": lambda content: content[: len(content) * 2 // 3],
    "cut gzip": lambda content: gzip.compress(content)[:-12],
}


def test_every_reader_has_a_sample() -> None:
    assert {*SAMPLES, "parquet"} == {reader.name for reader in READERS}, "Parquet is no text: test_parquet.py"


@pytest.mark.parametrize("format", sorted(SAMPLES))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    damage=st.lists(
        st.tuples(
            st.integers(0, 700),
            st.integers(0, 8),
            st.sampled_from(
                (
                    b'"',
                    b"\n",
                    b"\r",
                    b"\xff",
                    b"\0",
                    b"<",
                    b"}",
                    b"[",
                    b",",
                    b"\t",
                    b"&",
                    b"&#",
                    b"]]>",
                    b"\x80\x81",
                    b"{{",
                )
            ),
        ),
        max_size=4,
    ),
    packed=st.sampled_from(sorted(PACKED)),
    named=st.booleans(),
)
@example(damage=[], packed="plain", named=True)
@example(damage=[(0, 200, b"")], packed="plain", named=True)
def test_damage_never_breaks_out(
    read_feed: Callable[..., Any], format: str, damage: list[tuple[int, int, bytes]], packed: str, named: bool
) -> None:
    content = SAMPLES[format][1].encode()
    for place, length, piece in damage:
        content = content[:place] + piece + content[place + length :]
    try:
        feed = read_feed("feed", PACKED[packed](content), format=format if named else None)
    except InputError as error:
        assert error.seen
        return
    assert feed.reading.read == len(feed.products) + feed.reading.rejected
    for product in feed.products:
        assert product.model_dump_json()
