"""Questions that no listing answers, counted over their wordings, and the merchant's answers to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from bottega.store.database import IN_CHUNK, Database, take
from bottega.store.tables import asked_questions

__all__ = ["AskedQuestionStore", "KeptQuestion"]

WORDINGS_MOST = 5


class KeptQuestion(NamedTuple):
    """One question about one product."""

    number: int
    product_id: str
    """Of the product, or of the group of its variants."""
    about: str
    """What is asked, the same for all wordings of it."""
    key: str
    wordings: tuple[str, ...]
    times: int
    first_ms: int
    last_ms: int
    answer: str | None = None
    answered_ms: int | None = None


class AskedQuestionStore:
    """Questions by number."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, product_id: str, about: str, key: str, wording: str, time_ms: int) -> int:
        """Count a question once more; returns its number. At most `WORDINGS_MOST` wordings are kept."""
        with self._database.write() as connection:
            last = take(connection, "asked_questions", 1)  # so that two who ask at once write one after the other
            same = (asked_questions.c.product_id == product_id) & (asked_questions.c.about == about)
            found = connection.execute(
                select(asked_questions.c.number, asked_questions.c.wordings).where(same)
            ).one_or_none()
            if found is None:
                row = {
                    "number": last + 1,
                    "product_id": product_id,
                    "about": about,
                    "key": key,
                    "wordings": [wording] if wording else [],
                    "times": 1,
                    "first_ms": time_ms,
                    "last_ms": time_ms,
                }
                connection.execute(insert(asked_questions).values(row))
                return last + 1
            wordings = list(dict.fromkeys([*found.wordings, *([wording] if wording else [])]))[:WORDINGS_MOST]
            connection.execute(
                update(asked_questions)
                .where(asked_questions.c.number == found.number)
                .values(times=asked_questions.c.times + 1, last_ms=time_ms, wordings=wordings)
            )
            number: int = found.number
            return number

    def of_product(self, product_ids: Sequence[str]) -> list[KeptQuestion]:
        """Everything that was asked of a product, under any of its names."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(*_columns())
                .where(asked_questions.c.product_id.in_(list(product_ids)))
                .order_by(asked_questions.c.number)
            ).all()
        return [_kept(row) for row in rows]

    def page(
        self, *, answered: bool, product_ids: Sequence[str] = (), after: int = 0, n: int = 100
    ) -> tuple[list[KeptQuestion], int]:
        """Questions that are answered, or not yet, those asked most first; and how many there are in all."""
        wanted: ColumnElement[bool] = (
            asked_questions.c.answer.is_not(None) if answered else asked_questions.c.answer.is_(None)
        )
        if product_ids:
            wanted = wanted & asked_questions.c.product_id.in_(list(product_ids))
        with self._database.read() as connection:
            total: int = connection.execute(
                select(func.count()).select_from(asked_questions).where(wanted)
            ).scalar_one()
            rows = connection.execute(
                select(*_columns())
                .where(wanted)
                .order_by(asked_questions.c.times.desc(), asked_questions.c.number)
                .offset(after)
                .limit(n)
            ).all()
        return [_kept(row) for row in rows], total

    def answer(self, number: int, text: str, time_ms: int) -> KeptQuestion | None:
        """Keep the merchant's answer, in the place of an older one; None where there is no such question."""
        with self._database.write() as connection:
            take(connection, "asked_questions", 1)
            done = connection.execute(
                update(asked_questions)
                .where(asked_questions.c.number == number)
                .values(answer=text, answered_ms=time_ms)
            )
            if not done.rowcount:
                return None
            row = connection.execute(select(*_columns()).where(asked_questions.c.number == number)).one()
        return _kept(row)

    def remove(self, numbers: Sequence[int]) -> list[int]:
        """Take questions out of the list, with their answers; returns the numbers of those that were there."""
        gone: list[int] = []
        with self._database.write() as connection:
            for start in range(0, len(numbers), IN_CHUNK):
                chosen = asked_questions.c.number.in_(list(numbers[start : start + IN_CHUNK]))
                gone += connection.execute(select(asked_questions.c.number).where(chosen)).scalars()
                connection.execute(delete(asked_questions).where(chosen))
        return sorted(gone)


def _columns() -> list[Any]:
    return [asked_questions.c[name] for name in KeptQuestion._fields]


def _kept(row: Row[Any]) -> KeptQuestion:
    values = {name: getattr(row, name) for name in KeptQuestion._fields}
    return KeptQuestion(**{**values, "wordings": tuple(values["wordings"])})
