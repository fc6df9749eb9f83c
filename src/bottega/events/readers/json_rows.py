"""JSON objects out of a file: one a line, or all in one array or one object, as exports come."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from bottega.events.readers.base import Reading

__all__ = ["first_object", "ids_in", "json_rows", "row_digest", "text_of"]


def json_rows(reading: Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    """Place and object of every row: the line number, or the position in the array (from 1).

    Lines are read one by one. A file that is one array, or one object over several lines, is read as a whole. What is
    no object is refused.
    """
    with reading.source.open() as stream:
        if _is_whole(reading.source.head):
            text = stream.read()
            try:
                whole = json.loads(text)
            except (ValueError, RecursionError) as error:
                place = getattr(error, "lineno", 1)
                broken = (text.splitlines() or [""])[place - 1] if place else text
                reading.refuse("json_broken", place, broken, who=ids_in(broken))
                return
            for position, row in enumerate(whole if isinstance(whole, list) else [whole], start=1):
                if isinstance(row, dict):
                    yield str(position), row
                else:
                    reading.refuse("json_broken", position, json.dumps(row), who=ids_in(json.dumps(row)))
            return
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = None
            if isinstance(row, dict):
                yield str(number), row
            else:
                reading.refuse("json_broken", number, line.strip(), who=ids_in(line))


_NAMED = re.compile(
    r"""["'](?:shopper|user|customer|anonymous|visitor|client|device|session|cookie)(?:_?id)?["']\s*:\s*"""
    r"""(?:"((?:[^"\\]|\\.)*)"?|(-?\d+))""",
    re.IGNORECASE,
)
"""An id in what was meant to be an object."""


def ids_in(text: str) -> list[str]:
    """Ids that a row names which is no JSON.

    >>> ids_in('{"shopper_id": "ada", "anonymousId": "c-1", "user": 7, "kind": "view"')
    ['ada', 'c-1', '7']
    """
    return [quoted or number for quoted, number in _NAMED.findall(text)]


def first_object(head: str) -> dict[str, Any]:
    """The first object in the beginning of a file, for recognising formats; empty when there is none."""
    text = head.lstrip("\ufeff \t\r\n")
    if text.startswith("["):
        text = text[1:].lstrip()
    try:
        found, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def row_digest(row: dict[str, Any]) -> str:
    """An event id for a row that has none: the same row gives the same id, whatever the order of its fields."""
    text = json.dumps(row, sort_keys=True, ensure_ascii=True)
    return "h-" + hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def text_of(value: Any) -> str | None:
    """A field as text: numbers as they are written, a whole number without ".0"; None for what holds no text."""
    if value is None or isinstance(value, dict | list | bool):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def _is_whole(head: str) -> bool:
    """Whether the file is one array, or one object that goes on after its first line."""
    text = head.lstrip("\ufeff \t\r\n")
    if text.startswith("["):
        return True
    return text.split("\n", 1)[0].strip() == "{"
