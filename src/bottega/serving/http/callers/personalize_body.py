"""The body of a call to Personalize: an object whose fields are looked at before they are believed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bottega.errors import RequestInvalid

__all__ = ["Body"]

TEXT_MAX = 256


@dataclass(frozen=True)
class Body:
    """An object of named fields."""

    fields: Mapping[str, Any]

    @classmethod
    def parsed(cls, content: bytes) -> Body:
        """Raises `RequestInvalid` for what is no JSON object."""
        try:
            found = json.loads(content or b"{}")
        except ValueError as error:
            raise RequestInvalid("The body is not JSON.") from error
        if not isinstance(found, dict):
            raise RequestInvalid("The body is no JSON object.")
        return cls(found)

    def only(self, *names: str) -> Body:
        """Itself. Raises `RequestInvalid` for a field that is none of these."""
        if strange := sorted(set(self.fields) - set(names)):
            raise RequestInvalid(f"The field {strange[0]!r} is unknown.", allowed=f"Fields are {', '.join(names)}.")
        return self

    def text(self, name: str) -> str | None:
        """A text of at most 256 characters; None where it is absent. Raises `RequestInvalid`."""
        value = self.fields.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not 0 < len(value) <= TEXT_MAX:
            raise RequestInvalid(f"{name} is {value!r}.", allowed=f"It is a text of 1 to {TEXT_MAX} characters.")
        return value

    def needed(self, name: str) -> str:
        """The same, for a text that must be there."""
        value = self.text(name)
        if value is None:
            raise RequestInvalid(f"{name} is missing.", next_step="Send it.")
        return value

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 0 to `most`. Raises `RequestInvalid`."""
        value = self.fields.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
            raise RequestInvalid(f"{name} is {value!r}.", allowed=f"It is a whole number from 0 to {most}.")
        return value

    def table(self, name: str) -> Mapping[str, Any]:
        """An object; empty where it is absent. Raises `RequestInvalid`."""
        value = self.fields.get(name) or {}
        if not isinstance(value, dict):
            raise RequestInvalid(f"{name} is no object.")
        return value

    def texts(self, name: str, most: int) -> list[str]:
        """A list of 1 to `most` texts. Raises `RequestInvalid`."""
        value = self._listed(name, most)
        if not all(isinstance(one, str) and 0 < len(one) <= TEXT_MAX for one in value):
            raise RequestInvalid(f"{name} holds what is no text of 1 to {TEXT_MAX} characters.")
        return value

    def rows(self, name: str, most: int, *, needs: Collection[str]) -> list[dict[str, Any]]:
        """A list of 1 to `most` objects, each with the fields that it `needs`. Raises `RequestInvalid`."""
        value = self._listed(name, most)
        for place, row in enumerate(value):
            lacking = [one for one in needs if not isinstance(row, dict) or row.get(one) in (None, "")]
            if lacking:
                raise RequestInvalid(f"{name}[{place}].{lacking[0]} is missing.", next_step="Send it.")
        return value

    def _listed(self, name: str, most: int) -> list[Any]:
        value = self.fields.get(name)
        if not isinstance(value, list) or not 0 < len(value) <= most:
            seen = f"has {len(value)} entries" if isinstance(value, list) else "is no list"
            raise RequestInvalid(f"{name} {seen}.", allowed=f"It is a list of 1 to {most}.")
        return value
