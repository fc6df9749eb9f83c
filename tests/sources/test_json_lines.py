"""Lines of JSON lose nothing to the parser that reads most of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bottega.sources.json_rows import json_rows
from bottega.sources.problems import Rule, reject
from bottega.sources.reading import Reading
from bottega.sources.source import Source


class _Reading(Reading):
    RULES: ClassVar[dict[str, Rule]] = {"json_broken": reject("", ""), "row_cut": reject("", "")}


def rows_of(path: Path, text: str) -> list[dict[str, Any]]:
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    return [row for _, row in json_rows(_Reading(Source(path), lambda _: None))]


@pytest.mark.parametrize(
    "line",
    [
        '{"id": 123456789012345678901234567890}',
        '{"a": {"b": [1, 18446744073709551616]}}',
        '{"a": NaN, "b": Infinity}',
        '{"a": "\\ud83d"}',
        '{"a": "line\tbreak"}',
        '{"a": 1e400, "b": -0.0, "c": 1.10}',
        '{"a": 1, "a": 2}',
    ],
)
def test_a_line_is_what_it_always_was(line: str, tmp_path: Path) -> None:
    (found,) = rows_of(tmp_path / "rows.jsonl", line + "\n")
    assert repr(found) == repr(json.loads(line, strict=False))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def test_every_object_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"

    @settings(max_examples=80, deadline=None, database=None)
    @given(st.lists(st.dictionaries(st.text(max_size=4), VALUES, max_size=4), min_size=1, max_size=4))
    def check(rows: list[dict[str, Any]]) -> None:
        text = "".join(json.dumps(row) + "\n" for row in rows)
        assert repr(rows_of(path, text)) == repr([json.loads(json.dumps(row)) for row in rows])

    check()
