"""JSON objects out of a source: one a line, or all in one array, or one over several lines, as exports come.

Lines are read one by one and arrays object by object, so memory does not grow with the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from bottega.sources.reading import Reading

__all__ = ["first_object", "is_array", "json_rows", "text_of"]

_BLOCK = 256 * 1024
_VALUE_MAX = 16 * 1024 * 1024
_BLANKS = " \t\r\n,"
_BEFORE = "\ufeff \t\r\n"

_Found = tuple[int, Any, str]
"""Place (line or position), the value, and what was seen instead of one."""


def json_rows(reading: Reading, *, item: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Place and object of every row: the line number, or `item` and the position in the array (from 1).

    What is no object is refused. An array that breaks ends there: nothing says where its next object starts.
    """
    head = reading.source.head
    whole = _is_whole(head)
    with reading.source.open_text() as stream:
        for number, value, seen in _values(stream) if whole else _lines(stream):
            place = f"{item}{number}" if whole else str(number)
            if isinstance(value, dict):
                yield place, value
            else:
                cut = bool(seen) and (whole or not seen.endswith("\n"))
                reading.cut_short = reading.cut_short or cut
                rule = "row_cut" if cut and not whole else "json_broken"
                reading.refuse_text(rule, place, seen or json.dumps(value, ensure_ascii=False))


def first_object(head: str) -> dict[str, Any]:
    """The first object in the beginning of a file, for recognising formats; empty when there is none."""
    text = head.lstrip(_BEFORE)
    if text.startswith("["):
        text = text[1:].lstrip()
    try:
        found, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def is_array(head: str) -> bool:
    """Whether a file that begins so is one array."""
    return head.lstrip(_BEFORE).startswith("[")


def text_of(value: Any) -> str | None:
    """A field as text: numbers as they are written, a whole number without ".0"; None for what holds no text."""
    if value is None or isinstance(value, dict | list | bool):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def _is_whole(head: str) -> bool:
    """Whether the file is one array, or one object that goes on after its first line."""
    return is_array(head) or head.lstrip(_BEFORE).split("\n", 1)[0].strip() == "{"


def _lines(stream: TextIO) -> Iterator[_Found]:
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line, strict=False), ""
        except (ValueError, RecursionError):
            yield number, None, line


def _values(stream: TextIO) -> Iterator[_Found]:
    """Entries of an array, or values that stand one after the other, decoded as they come."""
    decoder = json.JSONDecoder(strict=False)
    text = stream.read(_BLOCK).lstrip(_BEFORE)
    listed = text.startswith("[")
    text = text[1:] if listed else text
    place = 0
    at = 0
    ended = False
    while True:
        while at < len(text) and text[at] in _BLANKS:
            at += 1
        if listed and at < len(text) and text[at] == "]":
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
        block = "" if len(text) - at > _VALUE_MAX else stream.read(_BLOCK)
        if not block and (ended or len(text) - at > _VALUE_MAX):
            rest = text[at:].strip()
            if rest or listed:
                yield place + 1, None, rest[:200] or "the array is cut off"
            return
        ended = ended or not block
        text, at = text[at:] + block, 0
