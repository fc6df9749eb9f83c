"""Any JSON objects, one a line or in one array; fields named by --map or guessed.

Nested objects become columns with dots ("image.src"); lists become several values. An array is read object by object,
so memory does not grow with the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, TextIO

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.generic import generic_draft, plan_columns
from bottega.catalogue.readers.mapping import Listed
from bottega.catalogue.readers.source import Source
from bottega.errors import SourceUnreadable

__all__ = ["GenericJsonl"]

_LOOK_AHEAD = 1000
_BLOCK = 256 * 1024
_OBJECT_MAX = 16 * 1024 * 1024
_BLANKS = " \t\r\n,"

_Found = tuple[int, Any, str]
"""Place (line or item number), the value, and what was seen instead of one."""


class GenericJsonl:
    """JSON Lines, or a JSON array of objects."""

    name = "jsonl"
    describe = "JSON Lines or a JSON array of objects; --map names the fields"
    takes_mapping = True
    natural_groups = False

    def recognises(self, source: Source) -> float:
        """By its first character."""
        head = source.head.lstrip("\ufeff \t\r\n")
        return (
            0.5 if head.startswith("{") or (head.startswith("[") and head[1:].lstrip()[:1] in ("{", "]", "")) else 0.0
        )

    def read(self, reading: Reading) -> Iterator[Product]:
        """A product an object. Columns are those of the first 1000 objects; later ones are added to the unused."""
        source = reading.source
        is_array = source.head.lstrip("\ufeff \t\r\n").startswith("[")
        with source.open_text() as stream:
            found = _array(stream) if is_array else _lines(stream)
            first = list(islice(found, _LOOK_AHEAD))
            columns: dict[str, None] = {}
            for _, value, _ in first:
                if isinstance(value, dict):
                    columns |= dict.fromkeys(_flat(value))
            if not columns:
                raise SourceUnreadable(
                    f"{source.name} holds no JSON object in its first {len(first)} entries.",
                    allowed='Each line, or each entry of the array, is an object such as {"id": ..., "title": ...}.',
                    next_step="Check that this is the product export.",
                )
            plan, unused = plan_columns(reading.mapping, list(columns), source.name)
            later = dict.fromkeys(unused)
            for place, value, seen in chain(first, found):
                row = reading.row(f"item {place}" if is_array else place)
                if not isinstance(value, dict):
                    reading.cut_short = reading.cut_short or (is_array and bool(seen))
                    reading.refuse("json_broken", row, seen or json.dumps(value, ensure_ascii=False))
                    continue
                cells = _flat(value)
                later |= {column: None for column in cells if column not in columns}
                product = reading.finish(generic_draft(cells, plan, row))
                if product is not None:
                    yield product
            reading.unused_columns = list(later)


def _flat(value: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Columns of an object: dots for nesting; a list is a cell of its entries."""
    cells: dict[str, str] = {}
    for key, inner in value.items():
        name = f"{prefix}{key}"
        if isinstance(inner, dict):
            cells |= _flat(inner, f"{name}.")
        elif isinstance(inner, list):
            if all(isinstance(entry, dict) for entry in inner) and inner:
                for column in dict.fromkeys(column for entry in inner for column in entry):
                    cells[f"{name}.{column}"] = Listed.of([_text(entry.get(column)) for entry in inner])
            else:
                cells[name] = Listed.of([_text(entry) for entry in inner])
        else:
            cells[name] = _text(inner)
    return cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _lines(stream: TextIO) -> Iterator[_Found]:
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line), ""
        except (ValueError, RecursionError):
            yield number, None, line.strip()


def _array(stream: TextIO) -> Iterator[_Found]:
    """Entries of an array, decoded as they come; reading ends at a broken one: nothing says where the next starts."""
    decoder = json.JSONDecoder()
    text = stream.read(_BLOCK).lstrip("\ufeff \t\r\n").removeprefix("[")
    place = 0
    at = 0
    ended = False
    while True:
        while at < len(text) and text[at] in _BLANKS:
            at += 1
        if at < len(text) and text[at] == "]":
            return
        value: Any = None
        try:
            value, after = decoder.raw_decode(text, at)
            whole = ended or after < len(text)
        except (ValueError, RecursionError):
            after, whole = at, False
        if whole:
            place += 1
            yield place, value, ""
            at = after
            continue
        block = "" if len(text) - at > _OBJECT_MAX else stream.read(_BLOCK)
        if not block and (ended or len(text) - at > _OBJECT_MAX):
            rest = text[at:].strip()
            yield place + 1, None, rest[:200] or "the array is cut off"
            return
        ended = ended or not block
        text, at = text[at:] + block, 0
