"""Shapes of the audit log as it is read."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bottega.names import NUMBER_MAX
from bottega.shop.shape import Request, Shape

__all__ = ["AuditPage", "AuditQuery", "ChangeInfo"]


class AuditQuery(Request):
    """Which changes, the newest first."""

    EXAMPLES: ClassVar = {"What one key did": {"who": "till 2", "n": 20}}

    n: int = Field(default=50, ge=1, le=500, description="At most so many.")
    before: int | None = Field(default=None, ge=1, le=NUMBER_MAX, description="Only those before this number.")
    who: str = Field(default="", max_length=200, description="Only those of this key or user.")
    verb: str = Field(default="", max_length=64, description="Only those of this kind, as in upsert_products.")


class ChangeInfo(Shape):
    """One change."""

    number: int
    at: str = Field(description="ISO 8601, UTC.")
    by: str = Field(description="How they came: key, agent, user, command, or nobody where the shop does without keys.")
    who: str = Field(description="Label of the key, name of the user, or who was logged in at the machine.")
    verb: str
    what: str = Field(description="Ids and names of what was asked for; no secret, no person.")
    request_id: str = Field(description="As in the log of the server and in the header X-Request-ID; else empty.")


class AuditPage(Shape):
    """Changes, the newest first."""

    changes: list[ChangeInfo]
    next: int | None = Field(description="Ask with this as `before` for those that came before; null at the end.")
