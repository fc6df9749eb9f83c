"""Suggestions: attribute values that a model proposes for products, and what was decided on each.

Nothing here changes a product. Once a suggestion is accepted or rejected, the same value is never proposed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, insert, null, select, tuple_, update

from bottega.errors import RequestInvalid
from bottega.names import NUMBER_MAX
from bottega.store.database import IN_CHUNK, Database, take
from bottega.store.tables import suggestions

__all__ = ["Decision", "Suggestion", "SuggestionKind", "SuggestionState", "SuggestionStore", "SuggestionsWanted"]


class SuggestionKind(StrEnum):
    """What is suggested."""

    FILL = "fill"
    """A value for an attribute that is empty."""
    DOUBT = "doubt"
    """Another value than the one the product has."""
    TEXT = "text"
    """A title, a description or an alternative text, written from facts."""
    PICTURE = "picture"
    """A better main picture, made from the present one; or a first one, made from a sibling's; or one more,
    on a fashion model, behind the merchant's own (the attribute `more_images`)."""


class SuggestionState(StrEnum):
    """What became of it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    """A text that claimed what is no fact any more."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One value for one attribute of one product."""

    kind: SuggestionKind
    product_id: str
    attribute: str
    value: str
    confidence: float
    """How sure the maker is, 0 to 1."""
    maker: str
    version: str
    time_ms: int
    """UTC; when it was made."""
    present: str | None = None
    """What the product says now."""
    state: SuggestionState = SuggestionState.OPEN
    decided_ms: int | None = None
    batch: int | None = None
    """The decision that it was part of."""
    before: Mapping[str, Any] | None = None
    """`name` and `values` (None: there were none) that acceptance wrote over; None for what was accepted long ago."""
    confirmed: bool = False
    """The merchant's own data has come to say the accepted value: nobody may take it away any more."""
    facts: tuple[str, ...] | None = None
    """Names of the facts that a text claims."""
    number: int = 0
    """Given by the store."""


@dataclass(frozen=True, slots=True)
class SuggestionsWanted:
    """Which suggestions are meant; every condition that is given must hold."""

    kind: SuggestionKind | None = None
    product_ids: tuple[str, ...] | None = None
    attribute: str | None = None
    value: str | None = None
    above: float | None = None
    """At least so sure."""
    below: float | None = None
    """Less sure than that."""
    batch: int | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for the database."""
        column = suggestions.c
        found: list[ColumnElement[bool]] = []
        if self.kind is not None:
            found.append(column.kind == self.kind.value)
        if self.product_ids is not None:
            found.append(column.product_id.in_(self.product_ids))
        if self.attribute is not None:
            found.append(column.attribute == self.attribute)
        if self.value is not None:
            found.append(column.value == self.value)
        if self.above is not None:
            found.append(column.confidence >= self.above)
        if self.below is not None:
            found.append(column.confidence < self.below)
        if self.batch is not None:
            found.append(column.batch == self.batch)
        return found


@dataclass(frozen=True, slots=True)
class Decision:
    """What is left of one decision: so many suggestions of one kind for one attribute, in one state."""

    batch: int
    decided_ms: int
    """UTC"""
    state: SuggestionState
    kind: SuggestionKind
    attribute: str
    count: int


class SuggestionStore:
    """Suggestions by state, surest or least sure first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, batch: Sequence[Suggestion]) -> int:
        """Propose, in one transaction; returns how many stand open of the batch.

        An open suggestion of the same kind for the same product and attribute gives way to those of the batch; what
        was decided on before is left out.
        """
        wanted = {(one.kind.value, one.product_id, one.attribute, one.value): one for one in batch}
        keys = list(wanted)
        what = (suggestions.c.kind, suggestions.c.product_id, suggestions.c.attribute)
        is_open = suggestions.c.state == SuggestionState.OPEN.value
        is_withdrawn = suggestions.c.state == SuggestionState.WITHDRAWN.value
        if not keys:
            return 0
        with self._database.write() as connection:
            last = take(connection, "suggestions", len(keys))
            for start in range(0, len(keys), IN_CHUNK // 4):
                chunk = keys[start : start + IN_CHUNK // 4]
                places = sorted({key[:3] for key in chunk})
                connection.execute(delete(suggestions).where(is_open, tuple_(*what).in_(places)))
                same = tuple_(*what, suggestions.c.value).in_(chunk)
                connection.execute(delete(suggestions).where(is_withdrawn, same))  # what it claims is true again
                decided = select(*what, suggestions.c.value).where(tuple_(*what, suggestions.c.value).in_(chunk))
                for row in connection.execute(decided):
                    del wanted[row[0], row[1], row[2], row[3]]
            rows = [_row(one) | {"number": last + i} for i, one in enumerate(wanted.values(), start=1)]
            if rows:
                connection.execute(insert(suggestions), rows)
        return len(rows)

    def withdraw(self, numbers: Iterable[int]) -> None:
        """Delete open suggestions that hold no longer."""
        gone = list(numbers)
        is_open = suggestions.c.state == SuggestionState.OPEN.value
        with self._database.write() as connection:
            take(connection, "suggestions", 0)
            for start in range(0, len(gone), IN_CHUNK):
                chosen = suggestions.c.number.in_(gone[start : start + IN_CHUNK])
                connection.execute(delete(suggestions).where(is_open, chosen))

    def page(
        self,
        *,
        state: SuggestionState = SuggestionState.OPEN,
        wanted: SuggestionsWanted | None = None,
        surest_first: bool = True,
        limit: int = 50,
        after: str | None = None,
    ) -> tuple[list[Suggestion], str | None]:
        """One page of suggestions, and the cursor for the next one (None at the end)."""
        order = (suggestions.c.confidence, suggestions.c.number)
        statement = select(suggestions).where(suggestions.c.state == state.value)
        if wanted is not None:
            statement = statement.where(*wanted.conditions())
        if after is not None:
            place = tuple_(*order)
            statement = statement.where(place < _cursor(after) if surest_first else place > _cursor(after))
        ways = [column.desc() if surest_first else column.asc() for column in order]
        with self._database.read() as connection:
            rows = connection.execute(statement.order_by(*ways).limit(limit + 1)).all()
        page = [_suggestion(row) for row in rows[:limit]]
        return page, f"{page[-1].confidence!r},{page[-1].number}" if len(rows) > limit else None

    def get(self, numbers: Iterable[int]) -> list[Suggestion]:
        """Those of these numbers that there are, in their order; `IN_CHUNK` of them at most."""
        statement = select(suggestions).where(suggestions.c.number.in_(list(numbers)[:IN_CHUNK]))
        with self._database.read() as connection:
            return [_suggestion(row) for row in connection.execute(statement.order_by(suggestions.c.number))]

    def accepted(self, product_ids: Iterable[str]) -> list[Suggestion]:
        """What was accepted for these products, the newest decision first."""
        ids = list(product_ids)
        found: list[Suggestion] = []
        with self._database.read() as connection:
            for start in range(0, len(ids), IN_CHUNK):
                chosen = suggestions.c.product_id.in_(ids[start : start + IN_CHUNK])
                statement = select(suggestions).where(chosen, suggestions.c.state == SuggestionState.ACCEPTED.value)
                found += map(_suggestion, connection.execute(statement.order_by(suggestions.c.decided_ms.desc())))
        return found

    def about(self, product_ids: Iterable[str]) -> list[Suggestion]:
        """What is open or accepted for these products, the newest last."""
        ids = list(product_ids)
        states = (SuggestionState.OPEN.value, SuggestionState.ACCEPTED.value)
        found: list[Suggestion] = []
        with self._database.read() as connection:
            for start in range(0, len(ids), IN_CHUNK):
                chosen = suggestions.c.product_id.in_(ids[start : start + IN_CHUNK])
                statement = select(suggestions).where(chosen, suggestions.c.state.in_(states))
                found += map(_suggestion, connection.execute(statement.order_by(suggestions.c.number)))
        return found

    def standing_texts(self) -> list[Suggestion]:
        """Texts that are open or accepted, of any product, in the order of their numbers."""
        states = (SuggestionState.OPEN.value, SuggestionState.ACCEPTED.value)
        chosen = suggestions.c.kind == SuggestionKind.TEXT.value, suggestions.c.state.in_(states)
        with self._database.read() as connection:
            rows = connection.execute(select(suggestions).where(*chosen).order_by(suggestions.c.number))
            return [_suggestion(row) for row in rows]

    def new_batch(self) -> int:
        """A number for a decision, by which all of it can be found again."""
        with self._database.write() as connection:
            return take(connection, "batches", 1) + 1

    def in_batch(self, batch: int) -> list[Suggestion]:
        """What is still decided as that decision left it, in the order of numbers."""
        statement = select(suggestions).where(suggestions.c.batch == batch).order_by(suggestions.c.number)
        with self._database.read() as connection:
            return [_suggestion(row) for row in connection.execute(statement)]

    def reopen(self, numbers: Iterable[int]) -> None:
        """Take decisions back: the suggestions are open, as if nobody had decided."""
        nothing = {"decided_ms": None, "batch": None, "before": null(), "confirmed": False}
        self._update(numbers, state=SuggestionState.OPEN.value, **nothing)

    def retract(self, numbers: Iterable[int]) -> None:
        """Mark texts whose facts have changed; they stay in the history."""
        self._update(numbers, state=SuggestionState.WITHDRAWN.value, confirmed=False)

    def confirm(self, numbers: Iterable[int]) -> None:
        """Note that the merchant's own data says what was accepted."""
        self._update(numbers, confirmed=True)

    def _update(self, numbers: Iterable[int], **values: Any) -> None:
        all_of_them = list(numbers)
        with self._database.write() as connection:
            take(connection, "suggestions", 0)
            for start in range(0, len(all_of_them), IN_CHUNK):
                chosen = suggestions.c.number.in_(all_of_them[start : start + IN_CHUNK])
                connection.execute(update(suggestions).where(chosen).values(**values))

    def decide(
        self,
        numbers: Iterable[int],
        *,
        accept: bool,
        time_ms: int,
        batch: int | None = None,
        before: Mapping[int, Mapping[str, Any]] | None = None,
    ) -> list[Suggestion]:
        """Accept or reject; returns those decided on, in the order of their numbers. Unknown ones are left out.

        A decision may be changed later. Products stay as they are: whoever accepts writes the value there, and says
        what stood there `before`, by number.
        """
        state = SuggestionState.ACCEPTED if accept else SuggestionState.REJECTED
        chosen = suggestions.c.number.in_(list(numbers)[:IN_CHUNK])
        decided = {"state": state.value, "decided_ms": time_ms, "batch": batch, "confirmed": False}
        with self._database.write() as connection:
            take(connection, "suggestions", 0)  # wait for whoever is proposing
            connection.execute(update(suggestions).where(chosen).values(**decided))
            for number, said in (before or {}).items():
                connection.execute(update(suggestions).where(suggestions.c.number == number).values(before=dict(said)))
            rows = connection.execute(select(suggestions).where(chosen).order_by(suggestions.c.number))
            return [_suggestion(row) for row in rows]

    def count(self, state: SuggestionState, wanted: SuggestionsWanted) -> int:
        """How many of a state are meant."""
        statement = select(func.count()).select_from(suggestions)
        statement = statement.where(suggestions.c.state == state.value, *wanted.conditions())
        with self._database.read() as connection:
            return connection.execute(statement).scalar_one()

    def products_with(self, state: SuggestionState, wanted: SuggestionsWanted) -> list[str]:
        """Ids of the products that such suggestions are about, in order."""
        statement = select(suggestions.c.product_id).where(suggestions.c.state == state.value, *wanted.conditions())
        with self._database.read() as connection:
            return list(connection.execute(statement.distinct().order_by(suggestions.c.product_id)).scalars())

    def tallied(self, state: SuggestionState, wanted: SuggestionsWanted, limit: int) -> list[tuple[str, str, int]]:
        """Attribute, value and number of those of a state that are meant, the most frequent first."""
        what, number = (suggestions.c.attribute, suggestions.c.value), func.count()
        statement = (
            select(*what, number)
            .where(suggestions.c.state == state.value, *wanted.conditions())
            .group_by(*what)
            .order_by(number.desc(), *what)
            .limit(limit)
        )
        with self._database.read() as connection:
            return [(attribute, value, count) for attribute, value, count in connection.execute(statement)]

    def decisions(self, *, before: int | None = None, limit: int = 50) -> list[Decision]:
        """What is left of decisions that nobody took back, the newest first: some lines each, `limit` of them."""
        batches = select(suggestions.c.batch).where(suggestions.c.batch.is_not(None)).distinct()
        if before is not None:
            batches = batches.where(suggestions.c.batch < before)
        chosen = batches.order_by(suggestions.c.batch.desc()).limit(limit)
        what = (suggestions.c.batch, suggestions.c.state, suggestions.c.kind, suggestions.c.attribute)
        with self._database.read() as connection:
            numbers = list(connection.execute(chosen).scalars())
            statement = (
                select(*what, func.max(suggestions.c.decided_ms), func.count())
                .where(suggestions.c.batch.in_(numbers))
                .group_by(*what)
                .order_by(suggestions.c.batch.desc(), func.count().desc(), suggestions.c.attribute)
            )
            rows = connection.execute(statement).all()
        return [
            Decision(batch, at or 0, SuggestionState(state), SuggestionKind(kind), attribute, count)
            for batch, state, kind, attribute, at, count in rows
        ]

    def counts(self) -> dict[tuple[SuggestionKind, SuggestionState], int]:
        """How many there are of each kind in each state."""
        statement = select(suggestions.c.kind, suggestions.c.state, func.count()).group_by("kind", "state")
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        return {(SuggestionKind(kind), SuggestionState(state)): count for kind, state, count in rows}


def _cursor(text: str) -> tuple[float, int]:
    confidence, _, number = text.partition(",")
    try:
        place = float(confidence), int(number)
        if not (0 <= place[0] <= 1 and 0 <= place[1] <= NUMBER_MAX):
            raise ValueError
        return place
    except ValueError:
        raise RequestInvalid(
            f"The cursor is {text!r}.",
            allowed="It must be the `next` of the page before.",
            next_step="Start without it.",
        ) from None


def _row(one: Suggestion) -> dict[str, Any]:
    row = {name: getattr(one, name) for name in suggestions.c.keys()}  # noqa: SIM118 - columns, not a dictionary
    facts = null() if one.facts is None else list(one.facts)
    return row | {"kind": one.kind.value, "state": one.state.value, "facts": facts}


def _suggestion(row: Row[Any]) -> Suggestion:
    values = dict(row._mapping)
    facts = None if values["facts"] is None else tuple(values["facts"])
    known = {"kind": SuggestionKind(values["kind"]), "state": SuggestionState(values["state"]), "facts": facts}
    return Suggestion(**values | known)
