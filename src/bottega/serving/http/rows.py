"""The three ways to post rows: one object, a list, or an object that holds the list."""

from __future__ import annotations

from typing import Any

from bottega.errors import RequestInvalid

__all__ = ["rows_of"]


def rows_of(body: dict[str, Any] | list[Any], name: str) -> list[Any]:
    """The rows of a body; `name` is the field that may hold them. Raises `RequestInvalid`."""
    if isinstance(body, list):
        return body
    if name not in body:
        return [body]
    extra = sorted(set(body) - {name})
    if extra or not isinstance(body[name], list):
        seen = f"Field {extra[0]!r} stands beside {name!r}." if extra else f"Field {name!r} is no list."
        raise RequestInvalid(
            seen,
            allowed=f'The body is one object, a list of objects, or {{"{name}": [...]}}.',
            next_step="Correct it and send the request again.",
        )
    rows: list[Any] = body[name]
    return rows
