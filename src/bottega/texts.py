"""Text that is whole: no half of a character in it.

JSON and JavaScript write what lies beyond the first 65,536 characters as a pair ("\\ud83d\\ude00" is one emoji). Text
that was cut in the middle of a pair ends in half of it, which no database, file or answer can hold. Of what describes a
product a half is left out, with a warning; everything else that holds one is refused: an id without it might be
somebody else's. One rule for every door.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

__all__ = [
    "SEEN_MAX",
    "broken_place",
    "is_whole",
    "plain_fault",
    "sentence",
    "shown",
    "whole",
    "whole_value",
    "without_controls",
]

SEEN_MAX = 120
"""Longest piece of a bad value that is shown back, in characters."""

_HALF = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]+")


def is_whole(text: str) -> bool:
    """Whether every character is whole.

    >>> is_whole("\\U0001f600"), is_whole("re\\ud83d")
    (True, False)
    """
    return text.isascii() or _HALF.search(text) is None


def whole(text: str) -> str:
    """The text without halves of characters."""
    return text if text.isascii() else _HALF.sub("", text)


def without_controls(text: str) -> str:
    """The text with a space for what steers a terminal (NUL, escape and the like); ends of lines and tabs stay.

    >>> without_controls("red\\0\\x1b[2J lamps")
    'red [2J lamps'
    """
    return _CONTROLS.sub(" ", text)


def whole_value(value: Any) -> Any:
    """The same of every text in a value as JSON has them, names included."""
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, Mapping):
        return {whole_value(name): whole_value(inner) for name, inner in value.items()}
    return [whole_value(inner) for inner in value] if isinstance(value, list | tuple) else value


def broken_place(value: Any) -> tuple[str, ...] | None:
    """Where in a value as JSON has them the first text with half a character stands; None where all are whole.

    >>> broken_place({"filter": {"brand": ["Nord", "\\ud83d"]}}), broken_place({"n": 3})
    (('filter', 'brand', '1'), None)
    """
    if isinstance(value, str):
        return None if is_whole(value) else ()
    if isinstance(value, Mapping):
        pairs = list(value.items())
    elif isinstance(value, list | tuple):
        pairs = list(enumerate(value))
    else:
        return None
    for name, inner in pairs:
        if isinstance(name, str) and not is_whole(name):
            return (ascii(name)[1:-1],)
        if (inside := broken_place(inner)) is not None:
            return (str(name), *inside)
    return None


def shown(value: Any) -> str:
    """A value as a message shows it: a text in quotes, anything else as JSON writes it, and never much of it.

    >>> shown("red"), shown(None), shown({"kind": "view"})
    ("'red'", 'null', '{"kind": "view"}')
    """
    text = repr(value) if isinstance(value, str | bytes) else json.dumps(value, default=str)
    return text if len(text) <= SEEN_MAX else text[: SEEN_MAX - 1] + "…"


_FAULTS = {
    "greater_than": "it must be more than {gt}",
    "greater_than_equal": "it must be at least {ge}",
    "less_than": "it must be less than {lt}",
    "less_than_equal": "it must be at most {le}",
    "int_type": "a whole number is needed, as in 10",
    "int_parsing": "a whole number is needed, as in 10",
    "int_parsing_size": "a smaller number is needed",
    "int_from_float": "a whole number is needed, as in 10",
    "float_type": "a number is needed, as in 0.5",
    "float_parsing": "a number is needed, as in 0.5",
    "finite_number": "a finite number is needed",
    "bool_type": "true or false is needed",
    "bool_parsing": "true or false is needed",
    "string_type": "a text is needed",
    "string_too_short": "at least {min_length:,} characters are needed",
    "string_too_long": "at most {max_length:,} characters are allowed",
    "too_short": "at least {min_length:,} are needed",
    "too_long": "at most {max_length:,} are allowed",
    "list_type": "a list is needed",
    "tuple_type": "a list is needed",
    "dict_type": "an object of names with their values is needed",
    "mapping_type": "an object of names with their values is needed",
    "model_type": "an object of fields is needed",
    "model_attributes_type": "an object of fields is needed",
    "none_required": "nothing may stand here",
    "missing": "it is missing",
    "extra_forbidden": "there is no such field",
}
"""How a check of fields says what it wants, in words for whoever sent the value; by pydantic's name of the fault."""


def plain_fault(problem: Mapping[str, Any]) -> str:
    """What is wrong with a value, in plain words, as pydantic accounts for it: a part of a sentence.

    >>> plain_fault({"type": "greater_than_equal", "ctx": {"ge": 1}, "msg": "Input should be ..."})
    'it must be at least 1'
    >>> plain_fault({"type": "literal_error", "ctx": {"expected": "'last' or 'time'"}, "msg": "Input should be ..."})
    'it may be last or time'
    >>> plain_fault({"type": "string_too_short", "ctx": {"min_length": 1}, "msg": "String should have ..."})
    'it may not be empty'
    >>> plain_fault({"type": "value_error", "msg": "Value error, a country is two letters"})
    'a country is two letters'
    """
    kind, context = str(problem["type"]), problem.get("ctx") or {}
    if kind in ("literal_error", "enum") and "expected" in context:
        return f"it may be {str(context['expected']).replace(chr(39), '')}"
    if kind == "string_too_short" and context["min_length"] == 1:
        return "it may not be empty"
    if words := _FAULTS.get(kind):
        return words.format(**context)
    return re.sub(r"^(Value|Assertion) error, ", "", str(problem["msg"]))


def sentence(text: str) -> str:
    """A part of a sentence as one that stands alone.

    >>> sentence("it must be at least 1"), sentence("Send one.")
    ('It must be at least 1.', 'Send one.')
    """
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."
