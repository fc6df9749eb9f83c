"""A log-in without a product: whose ids belong together, and what is said of that shopper (`traits`).

It is no event: nothing of it enters a history. Any event may carry `traits`, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from bottega.errors import EventInvalid
from bottega.events.aliases import normalised
from bottega.events.event import EventId
from bottega.events.times import to_ms
from bottega.events.traits import Traits

__all__ = ["LOG_IN_FIELDS", "LogIn", "is_log_in", "segment_traits"]

LOG_IN_FIELDS = ("kind", "event_id", "shopper_id", "anonymous_id", "session_id", "time", "time_ms", "source", "traits")
"""What a row that is a log-in may hold."""

_PURPOSES = {
    "personalisation": "personalisation",
    "personalization": "personalisation",
    "analytics": "analytics",
    "messages": "messages",
}


class LogIn(BaseModel):
    """Ids of one shopper, and what was said of them at that moment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    shopper_id: EventId | None = None
    anonymous_id: EventId | None = None
    session_id: EventId | None = None
    time_ms: int | None = Field(default=None, description="UTC; None is now.")
    traits: Traits = Traits()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if not (self.shopper_id or self.anonymous_id or self.session_id):
            raise PydanticCustomError("who_missing", "a log-in needs a shopper_id, an anonymous_id or a session_id")
        return self

    @property
    def name(self) -> str:
        """The name that says most of whom it is about."""
        return self.shopper_id or self.anonymous_id or self.session_id or ""

    @classmethod
    def of(cls, row: Mapping[str, Any], *, now: int) -> LogIn:
        """From the fields of an event, those that say nothing of a shopper left out.

        Raises `EventInvalid` for its time, and pydantic's error for anything else.
        """
        fields = {name: row[name] for name in cls.model_fields if row.get(name) is not None}
        for name in ("time_ms", "time"):
            if (given := row.get(name)) is not None:
                if isinstance(given, bool) or not isinstance(given, int | float | str):
                    raise EventInvalid(
                        f"The time is {given!r}.", field=name, allowed="It is a number or an ISO 8601 text."
                    )
                fields["time_ms"] = to_ms(given, now=now, field=name)
        return cls.model_validate(fields)


def is_log_in(kind: object) -> bool:
    """Whether a kind of event means a log-in: `identify`, as Segment calls it."""
    return isinstance(kind, str) and normalised(kind) == "identify"


def segment_traits(call: Mapping[str, Any]) -> dict[str, Any]:
    """What an identify call says of a shopper in our words, unchecked.

    Source: https://segment.com/docs/connections/spec/identify/#traits and, for consent, the object
    `context.consent.categoryPreferences`, where its names are those of our purposes. A country that is a name, an age
    and the language of the device are left out: none of them says what our fields ask.
    """
    context = _object(call.get("context"))
    traits = _object(call.get("traits")) or _object(context.get("traits"))
    names = [traits.get(part) for part in ("firstName", "lastName")]
    whole = traits.get("name") or " ".join(part for part in names if isinstance(part, str) and part)
    country = traits.get("country") or _object(traits.get("address")).get("country")
    born = traits.get("birthday")
    preferences = _object(_object(context.get("consent")).get("categoryPreferences"))
    consent = {
        _PURPOSES[key.casefold()]: "yes" if given else "no"
        for key, given in preferences.items()
        if key.casefold() in _PURPOSES and isinstance(given, bool)
    }
    found = {
        "name": whole,
        "email": traits.get("email"),
        "language": traits.get("language") or traits.get("locale"),
        "country": country if isinstance(country, str) and len(country) == 2 else None,
        "birth_year": int(born[:4]) if isinstance(born, str) and born[:4].isdecimal() else None,
        "consent": consent,
    }
    return {name: value for name, value in found.items() if value}


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
