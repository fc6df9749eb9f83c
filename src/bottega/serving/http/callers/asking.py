"""What the doors for callers of other systems share: one way to ask a verb, whatever shape came in."""

from __future__ import annotations

from typing import Any

import orjson

from bottega.actions.verbs import verb
from bottega.errors import RequestInvalid
from bottega.events.aliases import kind_of, set_aside
from bottega.names import EventKind
from bottega.serving.http.door import Door
from bottega.serving.http.routes import answering

__all__ = ["ask", "kind_named"]


async def ask(door: Door, name: str, **fields: Any) -> dict[str, Any]:
    """The answer of a verb to a request of these fields; lists are logged and counted as at the door of our own.

    Raises what the verb raises, and pydantic's `ValidationError` for fields that do not fit.
    """
    asked = verb(name)
    answer: dict[str, Any] = orjson.loads(await answering(asked)(door, asked.takes(**fields)))
    return answer


def kind_named(door: Door, name: str) -> EventKind | None:
    """The kind that a caller's name means: by the shop's own table, then by the common one; None where it is of no use.

    Raises `RequestInvalid` for a name that nobody knows.
    """
    own = door.shop.settings.event_kinds.get(name)
    found = kind_of(own if own is not None else name)
    if found is None and not set_aside(name):
        raise RequestInvalid(
            f"There is no kind of event {own or name!r}.",
            allowed=f"Kinds are {', '.join(EventKind)}, and their names in docs/events.md.",
            next_step=f'Say what it means in bottega.toml, under [event_kinds]: "{name}" = "view".',
        )
    return found
