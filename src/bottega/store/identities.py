"""Who is who: which anonymous devices and sessions belong to which shopper.

An event that carries a shopper id and an anonymous id is a log-in: it joins that anonymous id to that shopper. Without
an anonymous id, its session id joins instead. The log-in that happened first wins, whatever the order of arrival, so
that a device handed on stays where it was, and importing the same files in another order gives the same profiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, tuple_, update

from bottega.store.answers import move_answers
from bottega.store.bots import part_bots
from bottega.store.closet import move_closet
from bottega.store.database import IN_CHUNK, take
from bottega.store.designs import move_designs
from bottega.store.experiments import move_exposures
from bottega.store.letters import move_letters
from bottega.store.meanings import move_votes
from bottega.store.profiles import session_owners
from bottega.store.shopper_pictures import move_pictures
from bottega.store.tables import closet_items, closet_pictures, designs, events, identities, shares, talks, tellings
from bottega.store.talks import move_talks
from bottega.store.tastes import rebuild_tastes
from bottega.store.tellings import move_words, words_of
from bottega.store.traits import rebuild_traits

__all__ = [
    "ANONYMOUS",
    "SESSION",
    "Join",
    "Who",
    "apply_joins",
    "known_shoppers",
    "new_joins",
    "profile",
    "sessions_beside",
    "settle",
]

ANONYMOUS = "anonymous"
SESSION = "session"

Name = tuple[str, str]
"""A space (`ANONYMOUS` or `SESSION`) and an id in it."""


class Who(NamedTuple):
    """The ids on one event, and when it happened."""

    shopper_id: str | None
    anonymous_id: str | None
    session_id: str | None
    time_ms: int


@dataclass(frozen=True, slots=True)
class Join:
    """`name` now belongs to `shopper_id`; its events stood under `before` until now."""

    name: Name
    before: str
    shopper_id: str
    time_ms: int


def profile(who: Who, shoppers: dict[Name, str]) -> str:
    """The profile that an event belongs to."""
    shopper_id, anonymous_id, session_id, _ = who
    if shopper_id:
        return shopper_id
    if anonymous_id:
        return shoppers.get((ANONYMOUS, anonymous_id), anonymous_id)
    assert session_id, "an event names a shopper, an anonymous id or a session"
    return shoppers.get((SESSION, session_id), session_id)


def known_shoppers(connection: Connection, batch: Iterable[Who]) -> dict[Name, tuple[int, str]]:
    """Log-in time and shopper of every anonymous id and session in the batch that has one."""
    names: set[Name] = set()
    for shopper_id, anonymous_id, session_id, _ in batch:
        if anonymous_id:
            names.add((ANONYMOUS, anonymous_id))
        elif session_id:
            names.add((SESSION, session_id))
        else:
            assert shopper_id, "an event names a shopper, an anonymous id or a session"
    found: dict[Name, tuple[int, str]] = {}
    for space in (ANONYMOUS, SESSION):
        ids = sorted(one for where, one in names if where == space)
        for start in range(0, len(ids), IN_CHUNK):
            statement = select(identities.c.id, identities.c.time_ms, identities.c.shopper_id).where(
                identities.c.space == space, identities.c.id.in_(ids[start : start + IN_CHUNK])
            )
            for one, time_ms, shopper_id in connection.execute(statement):
                found[space, one] = (time_ms, shopper_id)
    return found


def new_joins(batch: Iterable[Who], known: dict[Name, tuple[int, str]]) -> list[Join]:
    """Log-ins of the batch that `known` lacks, or has at a later time. Equal times go by shopper id."""
    earliest: dict[Name, tuple[int, str]] = {}
    for shopper_id, anonymous_id, session_id, time_ms in batch:
        if not shopper_id:
            continue
        if anonymous_id:
            name = (ANONYMOUS, anonymous_id)
        elif session_id:
            name = (SESSION, session_id)
        else:
            continue
        login = (time_ms, shopper_id)
        if name not in earliest or login < earliest[name]:
            earliest[name] = login
    return [
        Join(name, known[name][1] if name in known else name[1], shopper_id, time_ms)
        for name, (time_ms, shopper_id) in earliest.items()
        if name not in known or (time_ms, shopper_id) < known[name]
    ]


def apply_joins(connection: Connection, joins: Sequence[Join]) -> set[str]:
    """Write the joins down, and move the events that stood under the old profile; returns the sessions of those."""
    if not joins:
        return set()
    keys = [join.name for join in joins]
    for start in range(0, len(keys), IN_CHUNK):
        chunk = keys[start : start + IN_CHUNK]
        connection.execute(delete(identities).where(tuple_(identities.c.space, identities.c.id).in_(chunk)))
    first = take(connection, "identities", len(joins)) + 1
    names = ("space", "id", "shopper_id", "time_ms", "revision")
    values = ((*join.name, join.shopper_id, join.time_ms, first + place) for place, join in enumerate(joins))
    connection.execute(insert(identities), [dict(zip(names, row, strict=True)) for row in values])
    moved = [join for join in joins if join.before != join.shopper_id]
    became = {join.before: join.shopper_id for join in reversed(moved) if join.before == join.name[1]}
    move_answers(connection, became)
    move_letters(connection, became)
    move_exposures(connection, became)
    move_votes(connection, became)
    part_bots(connection, {join.before for join in moved})
    cookies = [join for join in moved if join.name[0] == ANONYMOUS]
    sessions: set[str] = set()
    for start in range(0, len(cookies), IN_CHUNK):
        chunk = [(join.before, join.name[1]) for join in cookies[start : start + IN_CHUNK]]
        there = (
            select(events.c.session_id)
            .distinct()
            .where(
                events.c.shopper.in_({before for before, _ in chunk}),  # for the index
                tuple_(events.c.shopper, events.c.anonymous_id).in_(chunk),
                events.c.shopper_id.is_(None),
                events.c.session_id.is_not(None),
            )
        )
        sessions.update(connection.execute(there).scalars())
    of_cookie = events.c.anonymous_id == bindparam("one")
    of_session = events.c.anonymous_id.is_(None) & (events.c.session_id == bindparam("one"))
    for space, theirs in ((ANONYMOUS, of_cookie), (SESSION, of_session)):
        mine = (events.c.shopper == bindparam("before"), events.c.shopper_id.is_(None), theirs)
        rows = [
            {"before": join.before, "one": join.name[1], "theirs": join.shopper_id}
            for join in moved
            if join.name[0] == space
        ]
        if rows:
            connection.execute(update(events).where(*mine).values(shopper=bindparam("theirs")), rows)
    return sessions


def sessions_beside(batch: Iterable[Who]) -> set[str]:
    """Sessions that a batch names beside an anonymous id: what was told under them belongs where the events do."""
    return {who.session_id for who in batch if who.session_id and who.anonymous_id}


def settle(connection: Connection, joins: Sequence[Join], sessions: Iterable[str]) -> dict[str, str]:
    """Bring what was told under these names to the profile that each means now; returns whose moved, and where to.

    Cookies and sessions go by their log-in; a session without one goes with the events that name it beside a cookie,
    unless it has events of its own.
    """
    joined = {join.name[1] for join in joins if join.before != join.shopper_id}
    names = _told_among(connection, joined | set(sessions))
    if not names:
        return {}
    whose: dict[str, str] = {}
    for start in range(0, len(names), IN_CHUNK):
        chunk = names[start : start + IN_CHUNK]
        statement = select(identities.c.id, identities.c.shopper_id).where(identities.c.id.in_(chunk))
        for name, shopper in connection.execute(statement.order_by(identities.c.space)):  # anonymous before session
            whose.setdefault(name, shopper)
        left = [name for name in chunk if name not in whose]
        own = set(connection.execute(select(events.c.shopper).distinct().where(events.c.shopper.in_(left))).scalars())
        left = [name for name in left if name not in own]
        whose.update((name, shopper) for name, (shopper, _) in session_owners(connection, left).items())
    moved: dict[str, str] = {}
    for name, shopper in whose.items():
        move_closet(connection, name, shopper)
        move_designs(connection, name, shopper)
        move_pictures(connection, name, shopper)
        move_talks(connection, name, shopper)
        moved.update(dict.fromkeys(move_words(connection, name, shopper), shopper))
    for each in {*moved, *moved.values()}:
        told = words_of(connection, each)
        rebuild_traits(connection, each, told, gone=each in whose and whose[each] != each)
        rebuild_tastes(connection, each, told)
    return moved


def _told_among(connection: Connection, names: Iterable[str]) -> list[str]:
    """Those of these names under which anything was told, hung up, made or talked of."""
    wanted, found = sorted(names), set[str]()
    for start in range(0, len(wanted), IN_CHUNK):
        for table in (tellings, closet_items, closet_pictures, designs, shares, talks):
            chosen = table.c.told_as.in_(wanted[start : start + IN_CHUNK])
            found.update(connection.execute(select(table.c.told_as).distinct().where(chosen)).scalars())
    return sorted(found)
