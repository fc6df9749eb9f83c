"""Nothing is lost, whatever stands in the cells: rows in = products + variants + rejected, for every reader.

Rows are counted by another reading than ours: the csv module over what was written, `json` and `ElementTree`.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.catalogue.samples import SAMPLES

from bottega.errors import InputError

SETTINGS = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TABLES = sorted(name for name, (file, _) in SAMPLES.items() if file.endswith((".csv", ".tsv")))
ODD = st.sampled_from(
    ["", " ", "0", "NULL", 'say "hi"', "a,b;c|d\te", "two\nlines", "\r", "5,00 €", "\x00", "é", "\ud83d", "=1/0", "'",
     "<b>&amp;", "[1, 2]", "true", "-1", "1e400", "9" * 400, "2026-13-45", "https://s.example/a b.jpg", "\ufeff",
     "\u2028", "İ"]
)  # fmt: skip
CELLS = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), ODD), max_size=6)


@pytest.mark.parametrize("format", TABLES)
@SETTINGS
@given(cells=CELLS, order=st.randoms(use_true_random=False), times=st.integers(1, 3))
def test_every_row_of_a_table_is_accounted_for(
    read_feed: Callable[..., Any], format: str, cells: list[tuple[int, int, str]], order: random.Random, times: int
) -> None:
    name, text = SAMPLES[format]
    mark = ";" if ";" in text.split("\n", 1)[0] and "," not in text.split(";", 1)[0] else "\t" if "\t" in text else ","
    header, *rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    rows = [list(row) for row in rows for _ in range(times)]
    order.shuffle(rows)
    for row, column, value in cells:
        rows[row % len(rows)][column % len(header)] = value
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=mark).writerows([header, *rows])
    content = written.getvalue().encode("utf-8", "surrogatepass")
    seen = sum(any(cell.strip() for cell in row) or any("\n" in c or "\r" in c for c in row) for row in rows)
    try:
        feed = read_feed(name, content, format=format)
    except InputError as error:
        assert error.seen and not any(any(cell.strip() for cell in row) for row in rows)
        return
    assert seen == len(feed.products) + feed.reading.joined + feed.reading.rejected
    assert feed.reading.read == len(feed.products) + feed.reading.rejected


def changed(value: Any, order: random.Random, odd: list[str]) -> Any:
    """A JSON value in which some of what is inside the entries is something else."""
    if isinstance(value, dict):
        return {key: changed(inner, order, odd) for key, inner in value.items()}
    if isinstance(value, list):
        return [changed(inner, order, odd) for inner in value]
    if odd and order.random() < 0.1:
        return order.choice([*odd, None, 7, -0.5, True, [], {}, ["x"], {"y": 1}])
    return value


@pytest.mark.parametrize("format", sorted(name for name in SAMPLES if name.endswith("json")))
@SETTINGS
@given(odd=st.lists(ODD, max_size=4), order=st.randoms(use_true_random=False))
def test_every_entry_of_json_is_accounted_for(
    read_feed: Callable[..., Any], format: str, odd: list[str], order: random.Random
) -> None:
    name, text = SAMPLES[format]
    whole = json.loads(text)
    entries = whole if isinstance(whole, list) else next((one for one in whole.values() if isinstance(one, list)), [])
    entries[:] = [changed(entry, order, odd) for entry in entries]
    try:
        feed = read_feed(name, json.dumps(whole), format=format)
    except InputError as error:
        assert error.seen
        return
    assert feed.reading.read == len(feed.products) + feed.reading.rejected
    assert feed.reading.read + feed.reading.joined >= len(entries)


@SETTINGS
@given(lines=st.lists(st.tuples(st.sampled_from(['{"id": "%d", "title": "T"}', "{", "[1]", "7", '{"id": "%d"}']), ODD)))
def test_every_line_of_jsonl_is_accounted_for(read_feed: Callable[..., Any], lines: list[tuple[str, str]]) -> None:
    rows = ['{"id": "first", "title": "T"}']
    for number, (line, odd) in enumerate(lines):
        rows.append(line % number if "%d" in line else line)
        rows.append(json.dumps({"id": f"x{number}", "title": "T", "note": odd, "price": odd}))
    feed = read_feed("feed.jsonl", "\n".join(rows) + "\n", format="jsonl")
    assert len(rows) == len(feed.products) + feed.reading.rejected == feed.reading.read


@SETTINGS
@given(odd=st.lists(ODD.filter(lambda text: "\x00" not in text and "\ud83d" not in text), max_size=5))
def test_every_item_of_xml_is_accounted_for(read_feed: Callable[..., Any], odd: list[str]) -> None:
    root = ElementTree.Element("rss")
    channel = ElementTree.SubElement(root, "channel")
    for number, value in enumerate(["", *odd]):
        item = ElementTree.SubElement(channel, "item")
        for name in ("id", "title", "price", "image_link"):
            ElementTree.SubElement(item, name).text = f"{number}{value}"
    content = ElementTree.tostring(root, encoding="unicode")
    items = len(ElementTree.fromstring(content).findall("channel/item"))
    feed = read_feed("feed.xml", content, format="merchant-xml")
    assert items == len(feed.products) + feed.reading.rejected == feed.reading.read
