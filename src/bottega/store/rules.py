"""Saved rules, every version of each; the newest version of each is the one that holds."""

from __future__ import annotations

from typing import Any

from bottega.store.database import Database, take
from bottega.store.kept_versions import KeptVersions
from bottega.store.tables import rule_versions

__all__ = ["RuleStore"]


class RuleStore(KeptVersions):
    """Rules by id."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, rule_versions, name="rule_id", state="rule")

    def put(self, rule_id: str, rule: dict[str, Any] | None, *, time_ms: int, who: str) -> int:
        """A new version of a rule, None to remove it; returns its number."""
        with self._database.write() as connection:
            last = take(connection, "rules", 1)
            self.write(connection, [(rule_id, rule)], last=last, time_ms=time_ms, who=who)
        return last + 1
