"""Whom a name means: the profile of a shopper id, an anonymous id or a session id, asked for many names at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import BindParameter, Connection, Select, Table, Text, bindparam, case, func, or_, select

from bottega.store.database import IN_CHUNK
from bottega.store.tables import events, identities, metadata

__all__ = ["BY_ANY_ID", "PERSONAL", "WRITTEN", "listeners", "profile_of_name", "profiles", "session_owners"]

SHOWN = "answers"
"""What somebody was shown makes nobody known: whoever asks for a list, and does nothing else, stays a stranger."""
TAKEN_FOR = "bots"
"""Nor does what somebody is taken for."""
SAID_ELSEWHERE = "foreign_shoppers"
"""Nor does what another system's caller says of an id: it may be a cookie's, which a log-in has joined to a shopper."""

WRITTEN = "reviews"
"""Nor does what somebody wrote of a product: it may stand under an e-mail address."""
SENT = "letters"
"""Nor does what somebody was sent."""

VOTED = "word_votes"
"""Nor does what somebody went on to: events tell of it."""

GIVEN = "exposures"
"""Nor does what somebody was given in an experiment."""

WITHIN = ("talk_lines", "mirrored_talks")
"""Nor do rows that stand beside a row of another table, here a talk's: that one tells."""

PERSONAL: tuple[Table, ...] = tuple(table for table in metadata.sorted_tables if "shopper" in table.c)
"""Every table that holds what belongs to a profile."""


BY_ANY_ID = (SHOWN, SAID_ELSEWHERE, WRITTEN, SENT, VOTED, GIVEN)
"""Tables whose rows may stand under any id of a profile, and by which alone nobody is known."""
_KNOWN_BY = tuple(table for table in PERSONAL if table.name not in (*BY_ANY_ID, *WITHIN, TAKEN_FOR))
_OWNERS_FIRST = events.c.shopper_id.is_(None), events.c.time_ms, events.c.seq
"""The order of a session's events in which the first one tells whose it is."""


def profiles(connection: Connection, names: Iterable[str]) -> dict[str, str]:
    """The profile of each name that is known: its own, else the one its log-in joined (anonymous ids first)."""
    found: dict[str, str] = {}
    wanted = sorted(set(names))
    for start in range(0, len(wanted), IN_CHUNK):
        left = wanted[start : start + IN_CHUNK]
        for table in _KNOWN_BY:
            own = connection.execute(select(table.c.shopper).distinct().where(table.c.shopper.in_(left))).scalars()
            found.update((name, name) for name in own)
            left = [name for name in left if name not in found]
        statement = select(identities.c.id, identities.c.shopper_id).where(identities.c.id.in_(left))
        for name, shopper in connection.execute(statement.order_by(identities.c.space)):  # anonymous before session
            found.setdefault(name, shopper)
        left = [name for name in left if name not in found]
        statement = select(identities.c.shopper_id).distinct().where(identities.c.shopper_id.in_(left))
        found.update((name, name) for name in connection.execute(statement).scalars())
        left = [name for name in left if name not in found]
        found.update((name, owner) for name, (owner, _) in session_owners(connection, left).items())
    return found


def profile_of_name() -> Select[tuple[str | None]]:
    """The same for the one name bound as `name`, as one statement: its profile, or NULL."""
    name: BindParameter[str] = bindparam("name", type_=Text())
    own = or_(*(select(table.c.shopper).where(table.c.shopper == name).exists() for table in _KNOWN_BY))
    joined = select(identities.c.shopper_id).where(identities.c.id == name).order_by(identities.c.space).limit(1)
    joins = select(identities.c.shopper_id).where(identities.c.shopper_id == name).exists()
    of_session = select(events.c.shopper).where(
        events.c.session_id.is_not(None), events.c.anonymous_id.is_not(None), events.c.session_id == name
    )
    found = func.coalesce(
        joined.scalar_subquery(),
        case((joins, name)),
        of_session.order_by(*_OWNERS_FIRST).limit(1).scalar_subquery(),
    )
    return select(case((own, name), else_=found))


def session_owners(connection: Connection, sessions: Iterable[str]) -> dict[str, tuple[str, bool]]:
    """The profile of the events of each session that carry an anonymous id as well, and whether it is a shopper's.

    Of several, a log-in counts before a cookie, and the first of them. Such events belong to the cookie; what was told
    under the session belongs where they do.
    """
    found: dict[str, tuple[str, bool]] = {}
    wanted = sorted(set(sessions))
    columns = events.c.session_id, events.c.shopper, events.c.anonymous_id
    for start in range(0, len(wanted), IN_CHUNK):
        chosen = events.c.session_id.in_(wanted[start : start + IN_CHUNK])
        statement = select(*columns).where(events.c.session_id.is_not(None), events.c.anonymous_id.is_not(None), chosen)
        for session_id, shopper, anonymous_id in connection.execute(statement.order_by(*_OWNERS_FIRST)):
            found.setdefault(session_id, (shopper, shopper != anonymous_id))
    return found


def listeners(connection: Connection, whose: Mapping[str, str]) -> dict[str, str | None]:
    """For names and their profiles: the profile that hears what is told under it; None where a log-in took it along."""
    others = sorted(name for name, shopper in whose.items() if name != shopper)
    heard: dict[str, str | None] = dict(whose)
    for start in range(0, len(others), IN_CHUNK):
        statement = select(identities.c.id).where(identities.c.id.in_(others[start : start + IN_CHUNK]))
        heard.update(dict.fromkeys(connection.execute(statement).scalars()))
    for name, (_, logged_in) in session_owners(connection, [one for one in others if heard[one] is not None]).items():
        if logged_in:
            heard[name] = None
    return heard
