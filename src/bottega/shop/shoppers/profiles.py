"""Whom a name means: the one rule, for every verb and every door."""

from __future__ import annotations

from bottega.shop.shoppers.histories import RecentEvents

__all__ = ["profile_of"]


def profile_of(recent: RecentEvents, name: str, *, session_id: str | None = None) -> str:
    """The profile that a name means: a shopper id, an anonymous id or a session id.

    Its own where anything is kept under it; else the shopper whose log-in took it along. Where nobody is known by the
    name, `session_id` is asked the same; where nobody is known at all, a stranger keeps the name.
    """
    for one in (name, session_id):
        found = None if one is None else recent.profile(one)
        if found is not None:
            return found
    return name
