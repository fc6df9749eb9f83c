"""Texts met before: never mistaken, whatever their hashes, in little memory."""

from __future__ import annotations

import tracemalloc
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bottega.sources import seen
from bottega.sources.seen import HashTable, SeenTexts, hashed


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=6)))
def test_it_knows_what_a_dictionary_knows(texts: list[str]) -> None:
    met, known = SeenTexts(), dict[str, str]()
    for number, text in enumerate(texts):
        assert met.first(text, str(number)) == known.get(text)
        known.setdefault(text, str(number))
    assert len(met) == len(known) and all(text in met for text in known) and "no such text" not in met


def test_texts_that_share_a_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "hashed", lambda text: (1 << 64) - 1 if text.startswith("a") else 1)
    met = SeenTexts()
    texts = [f"{letter}{number}" for number in range(50) for letter in "ab"]
    assert [met.first(text, text) for text in texts] == [None] * 100
    assert [met.first(text, "") for text in texts] == texts


def test_what_is_on_disk_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seen, "_BUFFER", 100)
    met = SeenTexts()
    texts = [f"product/{number} 🙂 ü" for number in range(3000)]
    for place, text in enumerate(texts):
        assert met.first(text, f"feed.csv:{place}") is None
    assert [met.first(text, "") for text in texts] == [f"feed.csv:{place}" for place in range(3000)]


@given(st.lists(st.integers(0, 50)))
def test_counts_are_those_of_a_counter(numbers: list[int]) -> None:
    table, counter = HashTable("H"), Counter[int]()
    for number in numbers:
        counter[number] += 1
        assert table.count(hashed(f"{number}")) == counter[number]
    assert len(table) == len(counter) and table.get(hashed("no")) == 0


def test_a_hundred_thousand_take_three_megabytes() -> None:
    tracemalloc.start()
    try:
        met = SeenTexts()
        before = tracemalloc.get_traced_memory()[0]
        for number in range(100_000):
            met.first(f"a product with a long id, number {number}", f"catalogue.csv:{number}")
        assert tracemalloc.get_traced_memory()[0] - before < 5_000_000
    finally:
        tracemalloc.stop()
