"""Talks: every line of them, and who has the word. Whoever speaks passes one door of this file.

Idea     A talk has an owner and a fence, a number that grows with every change of owner. The assistant says something
         only by `say`, which keeps the words if the assistant still is the owner and the fence still is the one that it
         began with: one UPDATE with both in its WHERE. A person who takes a talk over changes the same row, so that
         everything the assistant had begun before ends at its next words, in whichever process and for whatever reason
         it was begun (an answer, a button, a timer, a second try).
Source   Fencing tokens: Kleppmann 2016, https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html.
Shapes   Lines of a talk are numbered from 1 on, in the order of commits: the row of the talk is locked meanwhile.

The tables have a column `shopper`, so that export and forget reach them (shoppers.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, case, delete, func, insert, select, update

from bottega.errors import TalkUnknown
from bottega.names import KindCode, LineBy, Owner
from bottega.store.database import Database
from bottega.store.profiles import profiles
from bottega.store.tables import events, mirrored_talks, talk_lines, talks

__all__ = ["ShoppersLine", "Talk", "TalkLine", "TalkStore", "TalksLed", "move_talks", "talk_of"]


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk as it was at one moment. All times are UTC milliseconds."""

    talk_id: str
    shopper: str | None
    """The profile it belongs to; None where nobody said."""
    owner: Owner
    fence: int
    """Pass it to `say`: what is begun now ends when the owner changes."""
    language: str
    state: dict[str, Any]
    """What the assistant left for its next turn; empty at first."""
    turns: int
    """Lines of the shopper so far."""
    lines: int
    """Number of the last line."""
    agent: str | None
    """The person who has it, or had it last."""
    why: str | None
    """For what it waits, or waited last."""
    opened_ms: int
    changed_ms: int
    waiting_ms: int | None
    """Since when it waits for a person; None where it does not."""


@dataclass(frozen=True, slots=True)
class TalksLed:
    """Of so many talks, those in which a product was viewed, put aside, bought; and how often something was."""

    talks: int
    viewed: int
    added: int
    bought: int
    purchases: int


class ShoppersLine(NamedTuple):
    """One line of a shopper."""

    talk_id: str
    text: str
    """Empty where its words are gone."""
    commands: Sequence[Mapping[str, Any]]
    body: Mapping[str, Any]
    time_ms: int


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One line of a talk, or one piece of an answer that comes in pieces."""

    by: LineBy
    text: str
    commands: tuple[dict[str, Any], ...] = ()
    """What it was read as: `intent`, `about`, `words`, as plain values."""
    body: Mapping[str, Any] = field(default_factory=dict)
    """What goes with it: `products` (ids), `sources`, `buttons`; of a change of owner `owner`, `why`."""
    name: str | None = None
    """Of the person, where one speaks."""
    turn: int = 0
    """Of the shopper's line that it answers; 0: the last one."""
    number: int = 0
    """Given by the store."""
    time_ms: int = 0
    """Given by the store."""
    shortened: bool = False
    """Given by the store: whether its words are gone."""


class TalkStore:
    """Talks by id, by shopper, and those that wait. Every moment is passed in, UTC milliseconds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, talk_id: str, *, shopper: str | None, language: str, now_ms: int) -> Talk:
        """The talk of this id, begun if it is new. A talk of nobody becomes the shopper's who is named.

        `shopper` may be any id of theirs. Whose a talk is already, it stays: compare `Talk.shopper` before answering.
        """
        found = self.get(talk_id)
        if found is not None and (found.shopper or not shopper):
            return found
        with self._database.write() as connection:
            profile = profiles(connection, [shopper]).get(shopper, shopper) if shopper else None
            names = ("talk_id", "shopper", "told_as", "owner", "fence", "language", "state", "turns", "lines")
            values = (talk_id, profile, shopper, Owner.ASSISTANT.value, 1, language, "{}", 0, 0)
            more = {"opened_ms": now_ms, "changed_ms": now_ms, "told_fence": 0, "shortened": False}
            self._database.insert_ignoring(connection, talks, "talk_id", (*names, *more), [(*values, *more.values())])
            if profile:
                nobodys = talks.c.talk_id == talk_id, talks.c.shopper.is_(None)
                if connection.execute(update(talks).where(*nobodys).values(shopper=profile, told_as=shopper)).rowcount:
                    _give(connection, [talk_id], profile)
            return talk_of(_locked(connection, talk_id))

    def get(self, talk_id: str) -> Talk | None:
        """The talk of an id."""
        with self._database.read() as connection:
            row = connection.execute(select(talks).where(talks.c.talk_id == talk_id)).first()
        return talk_of(row) if row else None

    def hear(self, talk_id: str, line: TalkLine, *, now_ms: int) -> Talk:
        """Keep a line of the shopper, whoever has the word; returns the talk as it is with it.

        A closed talk is the assistant's again with it, and a line says so. Raises `TalkUnknown`.
        """
        assert line.by is LineBy.SHOPPER, "only shoppers are heard"
        with self._database.write() as connection:
            row = _locked(connection, talk_id)
            if row.owner == Owner.CLOSED:
                row = _hand(connection, row, Owner.ASSISTANT, now_ms=now_ms, why="new line")
            return talk_of(_add(connection, row, line, now_ms=now_ms, turns=row.turns + 1))

    def say(
        self, talk_id: str, fence: int, line: TalkLine, state: Mapping[str, Any] | None = None, *, now_ms: int
    ) -> bool:
        """Words of the assistant: kept, and to be shown, if it is the owner and `fence` is that of now; else False.

        Everything that it says goes this way, piece by piece. `state` is what it leaves for the next turn; that of an
        earlier turn (its `turn`) never replaces that of a later one. The language of the talk is that of its state.
        """
        assert line.by is LineBy.ASSISTANT, "only the assistant says what it may not say"
        with self._database.write() as connection:
            row = _if_its(connection, talk_id, fence, lines=1, now_ms=now_ms)
            if row is None:
                return False
            _write(connection, row, line, now_ms=now_ms)
            _leave(connection, row, state)
            return True

    def wait(
        self,
        talk_id: str,
        fence: int,
        line: TalkLine | None = None,
        state: Mapping[str, Any] | None = None,
        *,
        why: str,
        now_ms: int,
    ) -> bool:
        """The assistant asks for a person, with its last words: by the same compare-and-set as `say`."""
        with self._database.write() as connection:
            row = _if_its(connection, talk_id, fence, lines=0 if line is None else 1, now_ms=now_ms)
            if row is None:
                return False
            if line is not None:
                _write(connection, row, line, now_ms=now_ms)
            _leave(connection, row, state)
            _hand(connection, row, Owner.WAITING, now_ms=now_ms, why=why, waiting_ms=now_ms)
            return True

    def take(self, talk_id: str, agent: str, *, now_ms: int, by: str | None = None) -> Talk:
        """The talk is this person's from here on; `by`: who gave it to them, where that was another one.

        Taking what one has changes nothing. Raises `TalkUnknown`.
        """
        with self._database.write() as connection:
            return talk_of(_taken(connection, _locked(connection, talk_id), agent, now_ms=now_ms, by=by))

    def speak(self, talk_id: str, line: TalkLine, *, now_ms: int) -> Talk:
        """Words of a person (`line.name`): the first of them takes the talk over. Raises `TalkUnknown`."""
        assert line.by is LineBy.PERSON and line.name, "a person has a name"
        with self._database.write() as connection:
            row = _taken(connection, _locked(connection, talk_id), line.name, now_ms=now_ms)
            return talk_of(_add(connection, row, line, now_ms=now_ms))

    def note(self, talk_id: str, line: TalkLine, *, now_ms: int) -> Talk:
        """Words for other persons of the shop: nobody's place changes by them. Raises `TalkUnknown`."""
        assert line.by is LineBy.NOTE and line.name, "a note has an author"
        with self._database.write() as connection:
            return talk_of(_add(connection, _locked(connection, talk_id), line, now_ms=now_ms))

    def give_back(self, talk_id: str, *, by: str, now_ms: int, state: Mapping[str, Any] | None = None) -> Talk:
        """The assistant has the word again, and a line says so; `state` is what it begins with, where given.

        Giving back what the assistant has changes nothing. Raises `TalkUnknown`.
        """
        with self._database.write() as connection:
            row = _locked(connection, talk_id)
            if row.owner == Owner.ASSISTANT:
                return talk_of(row)
            if state is not None:
                connection.execute(update(talks).where(talks.c.talk_id == talk_id).values(state=dict(state)))
            return talk_of(_hand(connection, row, Owner.ASSISTANT, now_ms=now_ms, name=by))

    def close(self, talk_id: str, *, by: str, now_ms: int) -> Talk:
        """The talk is over: nobody has the word until the shopper says something. Raises `TalkUnknown`."""
        with self._database.write() as connection:
            row = _locked(connection, talk_id)
            return talk_of(
                row if row.owner == Owner.CLOSED else _hand(connection, row, Owner.CLOSED, now_ms=now_ms, name=by)
            )

    def lines(self, talk_id: str, after: int = 0) -> list[TalkLine]:
        """Its lines with a number above `after`, in order."""
        chosen = talk_lines.c.talk_id == talk_id, talk_lines.c.number > after
        with self._database.read() as connection:
            rows = connection.execute(select(talk_lines).where(*chosen).order_by(talk_lines.c.number))
            return [_line(row) for row in rows]

    def last_words(self, talk_id: str) -> str:
        """What the shopper last wrote; empty where they wrote nothing, or where its words are gone."""
        theirs = talk_lines.c.talk_id == talk_id, talk_lines.c.said_by == LineBy.SHOPPER.value, talk_lines.c.text != ""
        newest = select(talk_lines.c.text).where(*theirs).order_by(talk_lines.c.number.desc()).limit(1)
        with self._database.read() as connection:
            return str(connection.execute(newest).scalar_one_or_none() or "")

    def opened_since(self, after_ms: int) -> int:
        """How many talks were begun after a moment (UTC milliseconds)."""
        begun = talks.c.changed_ms > after_ms, talks.c.opened_ms > after_ms  # there is an index of the first
        with self._database.read() as connection:
            return connection.execute(select(func.count()).select_from(talks).where(*begun)).scalar_one()

    def inbox(self, owners: Sequence[Owner], *, limit: int, shopper: str | None = None) -> list[Talk]:
        """Talks with these owners, perhaps of one profile alone: who waits comes first, and of those who waits
        longest; then by the last line, the newest first."""
        mine: list[ColumnElement[bool]] = [talks.c.owner.in_([owner.value for owner in owners])]
        if shopper is not None:
            mine.append(talks.c.shopper == shopper)
        waits = case((talks.c.owner == Owner.WAITING.value, 0), else_=1)
        order = waits, case((waits == 0, talks.c.waiting_ms)), talks.c.changed_ms.desc(), talks.c.talk_id
        with self._database.read() as connection:
            return [
                talk_of(row) for row in connection.execute(select(talks).where(*mine).order_by(*order).limit(limit))
            ]

    def led(self, since_ms: int) -> TalksLed:
        """What talks begun since a moment (UTC) led to: events that name the talk that they came from, whoever did
        them."""
        begun = talks.c.opened_ms >= since_ms
        own = (events.c.recommendation_id == talks.c.talk_id) & (events.c.time_ms >= talks.c.opened_ms)
        named = (
            select(events.c.kind, talks.c.talk_id, func.count())
            .select_from(talks.join(events, own))
            .where(begun, events.c.retold.is_(False), events.c.returned < events.c.quantity)
            .group_by(events.c.kind, talks.c.talk_id)
        )
        with self._database.read() as connection:
            total: int = connection.execute(select(func.count()).select_from(talks).where(begun)).scalar_one()
            rows = [(KindCode(kind), talk_id, n) for kind, talk_id, n in connection.execute(named)]

        def of(*kinds: KindCode) -> int:
            return len({talk_id for kind, talk_id, _ in rows if kind in kinds})

        return TalksLed(
            talks=total,
            viewed=of(KindCode.VIEW, KindCode.CLICK, KindCode.TRY_ON),
            added=of(KindCode.ADD_TO_CART, KindCode.WISHLIST),
            bought=of(KindCode.PURCHASE),
            purchases=sum(n for kind, _, n in rows if kind is KindCode.PURCHASE),
        )

    def heard(self, since_ms: int, *, most: int) -> list[ShoppersLine]:
        """What shoppers said since a moment (UTC), the newest first, at most so many lines."""
        any_words = talk_lines.c.shortened.in_([False, True])  # there is an index of it and the time
        theirs = any_words, talk_lines.c.time_ms >= since_ms, talk_lines.c.said_by == LineBy.SHOPPER.value
        columns = (
            talk_lines.c.talk_id,
            talk_lines.c.text,
            talk_lines.c.commands,
            talk_lines.c.body,
            talk_lines.c.time_ms,
        )
        newest = talk_lines.c.time_ms.desc(), talk_lines.c.talk_id, talk_lines.c.number.desc()
        statement = select(*columns).where(*theirs).order_by(*newest).limit(most)
        with self._database.read() as connection:
            return [ShoppersLine(*row) for row in connection.execute(statement)]

    def waited_for(self, since_ms: int) -> dict[str, int]:
        """Of talks begun since a moment (UTC), for what a person was asked, with how often."""
        chosen = talks.c.opened_ms >= since_ms, talks.c.why.is_not(None)
        statement = select(talks.c.why, func.count()).where(*chosen).group_by(talks.c.why)
        with self._database.read() as connection:
            return {str(why): n for why, n in connection.execute(statement)}

    def waiting(self) -> int:
        """How many wait for a person."""
        statement = select(func.count()).select_from(talks).where(talks.c.owner == Owner.WAITING.value)
        with self._database.read() as connection:
            return connection.execute(statement).scalar_one()

    def remove(self, talk_id: str) -> bool:
        """Delete a talk with every line of it; False where there was none."""
        with self._database.write() as connection:
            there = connection.execute(delete(talks).where(talks.c.talk_id == talk_id)).rowcount
            for table in (talk_lines, mirrored_talks):
                connection.execute(delete(table).where(table.c.talk_id == talk_id))
        return bool(there)


def move_talks(connection: Connection, name: str, shopper: str) -> None:
    """Give the talks that were begun under a name to the profile it now belongs to."""
    connection.execute(update(talks).where(talks.c.told_as == name).values(shopper=shopper))
    _give(connection, select(talks.c.talk_id).where(talks.c.told_as == name), shopper)


def _give(connection: Connection, talk_ids: Any, shopper: str) -> None:
    """What stands beside the rows of talks goes with them."""
    for table in (talk_lines, mirrored_talks):
        connection.execute(update(table).where(table.c.talk_id.in_(talk_ids)).values(shopper=shopper))


def _locked(connection: Connection, talk_id: str) -> Row[Any]:
    """The row of a talk, for nobody else to change until the transaction ends."""
    row = connection.execute(select(talks).where(talks.c.talk_id == talk_id).with_for_update()).first()
    if row is None:
        raise TalkUnknown.named(talk_id)
    return row


def _if_its(connection: Connection, talk_id: str, fence: int, *, lines: int, now_ms: int) -> Row[Any] | None:
    """The compare-and-set: the row of a talk that is the assistant's at this fence, with its lines counted on."""
    its = talks.c.talk_id == talk_id, talks.c.owner == Owner.ASSISTANT.value, talks.c.fence == fence
    counted = update(talks).where(*its).values(lines=talks.c.lines + lines, changed_ms=now_ms)
    return connection.execute(counted.returning(talks)).first()


def _leave(connection: Connection, row: Row[Any], state: Mapping[str, Any] | None) -> None:
    if state is not None and int(state.get("turn", 0)) >= int(row.state.get("turn", 0)):
        values = {"state": dict(state), "language": state.get("language") or row.language, "shortened": False}
        connection.execute(update(talks).where(talks.c.talk_id == row.talk_id).values(values))


def _add(connection: Connection, row: Row[Any], line: TalkLine, *, now_ms: int, **more: Any) -> Row[Any]:
    """One more line of a locked talk."""
    values = {"lines": row.lines + 1, "changed_ms": now_ms, **more}
    chosen = update(talks).where(talks.c.talk_id == row.talk_id)
    added = connection.execute(chosen.values(**values).returning(talks)).one()
    _write(connection, added, line, now_ms=now_ms)
    return added


def _write(connection: Connection, row: Row[Any], line: TalkLine, *, now_ms: int) -> None:
    """The line that a row of a talk has counted already."""
    values = {
        "talk_id": row.talk_id,
        "number": row.lines,
        "shopper": row.shopper,
        "turn": line.turn or row.turns,
        "said_by": line.by.value,
        "name": line.name,
        "text": line.text.replace("\0", ""),  # which no database keeps
        "commands": list(line.commands),
        "body": dict(line.body),
        "time_ms": now_ms,
        "shortened": False,
    }
    connection.execute(insert(talk_lines), values)


_SAYS = {
    Owner.ASSISTANT: "back with the assistant",
    Owner.WAITING: "waits for a person",
    Owner.PERSON: "with a person",
    Owner.CLOSED: "closed",
}


def _hand(
    connection: Connection,
    row: Row[Any],
    owner: Owner,
    *,
    now_ms: int,
    name: str | None = None,
    why: str | None = None,
    **more: Any,
) -> Row[Any]:
    """Another owner, another fence, and a line that says so: the only place where either changes."""
    body = {"owner": owner.value, "fence": row.fence + 1, **({"why": why} if why else {})}
    line = TalkLine(LineBy.OWNER, _SAYS[owner], body=body, name=name)
    values = {"owner": owner.value, "fence": row.fence + 1, "waiting_ms": None, **more}
    if owner is Owner.WAITING:
        values["why"] = why
    return _add(connection, row, line, now_ms=now_ms, **values)


def _taken(connection: Connection, row: Row[Any], agent: str, *, now_ms: int, by: str | None = None) -> Row[Any]:
    if row.owner == Owner.PERSON and row.agent == agent:
        return row
    return _hand(connection, row, Owner.PERSON, now_ms=now_ms, name=agent, why=f"by {by}" if by else None, agent=agent)


def talk_of(row: Row[Any]) -> Talk:
    """A row of talks as the talk it is."""
    values = {name: getattr(row, name) for name in Talk.__dataclass_fields__}
    return Talk(**values | {"owner": Owner(row.owner)})


def _line(row: Row[Any]) -> TalkLine:
    values = {name: getattr(row, name) for name in TalkLine.__dataclass_fields__ if name not in ("by", "commands")}
    return TalkLine(LineBy(row.said_by), commands=tuple(row.commands), **values)
