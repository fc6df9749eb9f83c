"""JSON objects out of a source: one a line, or all in one array, or one over several lines, as exports come.

Lines are read one by one and arrays object by object, so memory does not grow with the file. Where a caller names the
keys that APIs put around their rows (`inside`), rows are found inside them: {"products": [...]}, {"data": {"products":
{"edges": [{"node": ...}]}}}. An object that says itself what it is (an id, a name) is a row, whatever lists it holds.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any, TextIO

import orjson

from bottega.sources.reading import Reading
from bottega.sources.source import Source

__all__ = ["first_object", "first_row", "is_array", "json_rows", "text_of"]

_decode = json.JSONDecoder(strict=False).decode
_NO_TEXT = (dict, list, bool)
_WHOLE_MAX = 2.0**63
_SHORT = frozenset({str, int, bool, type(None)})
"""Types of values that lose nothing."""
_BLOCK = 256 * 1024
_VALUE_MAX = 16 * 1024 * 1024
_BLANKS = " \t\r\n,"
_BEFORE = "\ufeff \t\r\n"
_OWN = frozenset({"id", "gid", "name", "title", "sku", "handle", "event", "event_name", "type"})
"""Keys of an object that is a row itself."""

_Found = tuple[int, Any, str]
"""Place (line or position), the value, and what was seen instead of one."""


def json_rows(
    reading: Reading, *, item: str = "", inside: Collection[str] = ()
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Place and object of every row: the line number, or `item` and the position in the array (from 1).

    `inside` are the keys around rows. What is no object is refused. An array that breaks ends there: nothing says where
    its next object starts.
    """
    head = reading.source.head
    whole = _is_whole(head) or _start_of(head.lstrip(_BEFORE), inside) is not None
    with reading.source.open_text(up_to_the_cut=True) as stream:
        for number, value, seen in reading.up_to_a_cut(_values(stream, inside) if whole else _lines(stream)):
            place = f"{item}{number}" if whole else str(number)
            if isinstance(value, dict):
                if not inside:
                    yield place, value
                    continue
                for row in _unwrapped(value, inside):
                    yield place, row
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


def first_row(source: Source, inside: Collection[str] = ()) -> dict[str, Any]:
    """The first object of a file, however long it is, for recognising formats; empty when there is none."""
    head = source.head.lstrip(_BEFORE)
    if not head.startswith(("{", "[")):
        return {}
    whole = _is_whole(head) or _start_of(head, inside) is not None
    with source.open_text(up_to_the_cut=True) as stream:
        for _, value, _ in _values(stream, inside) if whole else _lines(stream):
            return next(iter(_unwrapped(value, inside)), {}) if isinstance(value, dict) else {}
    return {}


def is_array(head: str) -> bool:
    """Whether a file that begins so is one array."""
    return head.lstrip(_BEFORE).startswith("[")


def text_of(value: Any) -> str | None:
    """A field as text: numbers as they are written, a whole number without ".0"; None for what holds no text."""
    if type(value) is str or value is None:
        return value
    if isinstance(value, _NO_TEXT):
        return None
    if type(value) is float and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def _is_whole(head: str) -> bool:
    """Whether the file is one array, or one object that goes on after its first line."""
    return is_array(head) or head.lstrip(_BEFORE).split("\n", 1)[0].strip() == "{"


def _lines(stream: TextIO) -> Iterator[_Found]:
    for number, line in enumerate(stream, start=1):
        if line.isspace():
            continue
        try:
            yield number, _value_of(line), ""
        except (ValueError, RecursionError):
            yield number, None, line


def _value_of(line: str) -> Any:
    """The value of a line. What the quick parser refuses (NaN, half a character) or shortens, the other one reads."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _decode(line)
    return _decode(line) if _shortened(value) else value


def _shortened(value: Any) -> bool:
    """Whether a number in it may have been a whole one of more than 64 bits."""
    if type(value) is float:
        return abs(value) >= _WHOLE_MAX
    if type(value) is dict:
        return any(_shortened(one) for one in value.values() if type(one) not in _SHORT)
    return any(_shortened(one) for one in value if type(one) not in _SHORT) if type(value) is list else False


def _unwrapped(value: dict[str, Any], inside: Collection[str]) -> Iterator[dict[str, Any]]:
    """The rows in a value: itself, or what the keys around rows hold."""
    if inside and set(value) <= {"node", "cursor"} and isinstance(value.get("node"), dict):
        yield value["node"]
        return
    held = [value[key] for key in inside if isinstance(value.get(key), dict | list)]
    if not held or not _OWN.isdisjoint(value):
        yield value
        return
    for inner in held:
        for entry in inner if isinstance(inner, list) else [inner]:
            if isinstance(entry, dict):
                yield from _unwrapped(entry, inside)


def _start_of(text: str, inside: Collection[str]) -> int | None:
    """Where the first row begins in a text that opens with objects around an array; None where it does not."""
    decoder = json.JSONDecoder(strict=False)
    at = 0
    try:
        while inside and text[at] == "{":
            at += 1
            while True:
                at = _past(text, at, _BLANKS)
                key, at = decoder.raw_decode(text, at)
                at = _past(text, _past(text, at, " \t\r\n") + 1, " \t\r\n")  # and past the colon
                if not isinstance(key, str) or key in _OWN:
                    return None
                if key in inside and text[at] in "[{":
                    break
                _, at = decoder.raw_decode(text, at)
            if text[at] == "[":
                return at + 1
    except (ValueError, IndexError, RecursionError):
        pass
    return None


def _past(text: str, at: int, marks: str) -> int:
    while text[at] in marks:
        at += 1
    return at


def _values(stream: TextIO, inside: Collection[str] = ()) -> Iterator[_Found]:
    """Entries of an array, or values that stand one after the other, decoded as they come."""
    decoder = json.JSONDecoder(strict=False)
    text = stream.read(_BLOCK).lstrip(_BEFORE)
    start = 1 if text.startswith("[") else _start_of(text, inside)
    listed = start is not None
    text = text[start or 0 :]
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
