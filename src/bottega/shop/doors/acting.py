"""Who is asking: kept for as long as a request or a command lasts, and written beside what they change.

Of what was asked for, the audit log keeps ids and names of things alone: neither secrets nor persons.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from bottega.store.store import Store

__all__ = ["ACTOR", "Actor", "changing", "what_of"]

WHAT_MAX = 200
"""Longest text that says what was asked for."""
_SHOWN = 5
"""Ids of a list that are written out."""
_NAMED = (
    "verb",
    "id",
    "ids",
    "product_id",
    "product_ids",
    "number",
    "numbers",
    "name",
    "variant",
    "label",
    "purpose",
    "room",
    "version",
    "platform",
    "system",
    "role",
    "talk",
    "accept",
    "reject",
)
"""Fields of requests that name things of the shop."""


class Actor(NamedTuple):
    """Who asks."""

    by: str
    """How they came: key, agent, user, command or nobody (the shop does without keys)."""
    who: str
    request_id: str = ""


ACTOR: ContextVar[Actor | None] = ContextVar("actor", default=None)
"""Of this request or command; None where nobody is written down: a visitor of the shop, work that goes on by itself."""


@contextmanager
def changing(store: Store, verb: str, request: Any) -> Iterator[None]:
    """What is written within this block, the actor of this request wrote; with nobody there it is as without."""
    actor = ACTOR.get()
    if actor is None:
        yield
        return
    from bottega.store.changes import AuditLine  # a command's help names the actor and needs no store

    now_ms = time.time_ns() // 1_000_000
    with store.audit.changing(AuditLine(now_ms, actor.by, actor.who, verb, what_of(request), actor.request_id)):
        yield


def what_of(request: Any) -> str:
    """The things that a request names, on one line.

    >>> from types import SimpleNamespace
    >>> what_of(SimpleNamespace(product_ids=["a", "b"], shopper="mia", password="x", label="till 2"))
    'product_ids: a, b; label: till 2'
    """
    said = [f"{name}: {text}" for name in _NAMED if (text := _text(getattr(request, name, None)))]
    rows = getattr(type(request), "ROWS", "")
    if rows:
        there = getattr(request, rows, None) or ()
        ids = [str(one) for row in there if (one := _id(row)) is not None]
        said.insert(0, f"{len(there)} {rows}" + (f": {_text(ids)}" if ids else ""))
    found = "; ".join(said)
    return found if len(found) <= WHAT_MAX else f"{found[: WHAT_MAX - 1]}…"


def _id(row: Any) -> Any:
    given = row.get("id") if isinstance(row, dict) else getattr(row, "id", None)
    return given if isinstance(given, str | int) and not isinstance(given, bool) else None


def _text(value: Any) -> str:
    if isinstance(value, StrEnum):
        value = value.value
    if isinstance(value, bool) or not value:
        return ""
    if isinstance(value, str | int):
        return str(value)[:WHAT_MAX]
    if isinstance(value, list | tuple) and all(isinstance(one, str | int) for one in value):
        more = f" and {len(value) - _SHOWN} more" if len(value) > _SHOWN else ""
        return ", ".join(str(one)[:WHAT_MAX] for one in value[:_SHOWN]) + more
    return ""
