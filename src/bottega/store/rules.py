"""Saved rules, every version of each: nothing is overwritten, so that whatever was changed can be put back."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import delete, func, insert, select

from bottega.store.database import Database, take
from bottega.store.tables import rule_versions

__all__ = ["VERSIONS_KEPT", "RuleStore", "RuleVersion"]

VERSIONS_KEPT = 100
"""Versions kept of one rule, the newest."""


class RuleVersion(NamedTuple):
    """A rule as it stood from one change to the next."""

    number: int
    """Order of the changes, over all rules."""
    rule_id: str
    rule: dict[str, Any] | None
    """Its fields; None: it was removed."""
    time_ms: int
    """UTC; when it was changed."""
    who: str
    """Label of the key, name of the user, or of who was logged in at the machine."""


class RuleStore:
    """Rules by id; the newest version of each is the one that holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, rule_id: str, rule: dict[str, Any] | None, *, time_ms: int, who: str) -> int:
        """A new version of a rule, None to remove it; returns its number."""
        with self._database.write() as connection:
            number = take(connection, "rules", 1) + 1
            row = RuleVersion(number, rule_id, rule, time_ms, who)
            connection.execute(insert(rule_versions), row._asdict())
            mine = rule_versions.c.rule_id == rule_id
            newest = select(rule_versions.c.number).where(mine).order_by(rule_versions.c.number.desc())
            beyond = connection.execute(newest.offset(VERSIONS_KEPT).limit(1)).scalar()
            if beyond is not None:
                connection.execute(delete(rule_versions).where(mine, rule_versions.c.number <= beyond))
        return number

    def current(self) -> list[RuleVersion]:
        """Every rule there is, as it holds now, in the order of the last changes."""
        newest = select(func.max(rule_versions.c.number)).group_by(rule_versions.c.rule_id)
        asked = select(*_columns).where(rule_versions.c.number.in_(newest)).order_by(rule_versions.c.number)
        with self._database.read() as connection:
            rows = [RuleVersion(*row) for row in connection.execute(asked)]
        return [row for row in rows if row.rule is not None]

    def removed(self) -> list[RuleVersion]:
        """Of every rule that is no more, how it stood before it was removed, the last removed first; its time and who
        are those of the removal. A rule of which no version but that is kept is left out."""
        newest = select(func.max(rule_versions.c.number)).group_by(rule_versions.c.rule_id)
        gone = rule_versions.c.number.in_(newest), rule_versions.c.rule.is_(None)
        there = rule_versions.c.rule.is_not(None)
        last = select(rule_versions.c.rule_id, func.max(rule_versions.c.number).label("number")).where(there)
        before = last.group_by(rule_versions.c.rule_id).subquery()
        fields = select(rule_versions.c.rule_id, rule_versions.c.rule)
        fields = fields.join(before, before.c.number == rule_versions.c.number)
        with self._database.read() as connection:
            stood = {row.rule_id: row.rule for row in connection.execute(fields)}
            asked = select(*_columns).where(*gone).order_by(rule_versions.c.number.desc())
            rows = [RuleVersion(*row) for row in connection.execute(asked)]
        return [row._replace(rule=stood[row.rule_id]) for row in rows if row.rule_id in stood]

    def versions(self, rule_id: str) -> list[RuleVersion]:
        """All versions of a rule that are kept, the newest first; none for an id that no rule ever had."""
        asked = select(*_columns).where(rule_versions.c.rule_id == rule_id).order_by(rule_versions.c.number.desc())
        with self._database.read() as connection:
            return [RuleVersion(*row) for row in connection.execute(asked)]


_columns = [rule_versions.c[name] for name in RuleVersion._fields]
