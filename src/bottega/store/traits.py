"""What is said of shoppers, and what they agreed to: a row a shopper, and a row for each purpose they spoke of.

Both tables have a column `shopper`, so that export and forget reach them (shoppers.py). When somebody was first and
last seen is asked of the events, which alone know.

A word without a time is said now and counts. One with a time (an import, an event that came late) never replaces a
newer one: of consent purpose by purpose, of the other fields by filling only what is empty. So files may come in any
order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, func, insert, select

from bottega.events.traits import Traits
from bottega.names import Purpose
from bottega.store.database import IN_CHUNK, Database, take
from bottega.store.profiles import listeners, profiles
from bottega.store.tables import consents, events, shoppers
from bottega.store.tellings import Word, Words, by_place, note_words, shelves

__all__ = ["KeptTelling", "Said", "ShopperTraits", "Telling", "TraitStore", "rebuild_traits"]

FIELDS = tuple(name for name in shoppers.c.keys() if name not in ("shopper", "time_ms"))  # noqa: SIM118 - columns
_Row = dict[str, Any]
_Words = dict[tuple[str, str], _Row]
"""Rows of consents by shopper and purpose."""


class Telling(NamedTuple):
    """What is told of one shopper. `time_ms`: when it was told, UTC; None is now. `source`: where consent was given,
    unless the traits say it themselves."""

    name: str
    traits: Traits
    time_ms: int | None = None
    source: str | None = None


class KeptTelling(NamedTuple):
    """Whom something told belongs to. `new`: nobody was known by the name before."""

    shopper: str
    new: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One word on one purpose. `given`: yes, no, or None where it was taken back."""

    given: bool | None
    time_ms: int
    source: str | None


@dataclass(frozen=True, slots=True)
class ShopperTraits:
    """One profile. `fields`: those of `Traits` but consent, None where unknown. Times: UTC ms, None without events."""

    shopper: str
    fields: dict[str, Any]
    consents: dict[Purpose, Said]
    first_seen_ms: int | None
    last_seen_ms: int | None


class TraitStore:
    """Traits and consents of profiles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tell(self, told: Sequence[Telling], *, now_ms: int) -> list[KeptTelling]:
        """Keep what is told, in one transaction and in this order; returns the profile that each belongs to.

        A name may be a shopper id, an anonymous id or a session id; one that nobody has yet becomes a profile.
        """
        if not told:
            return []
        with self._database.write() as connection:
            take(connection, "events", 0)  # wait for whoever is adding events: their log-ins say whom a name means
            known = profiles(connection, [one.name for one in told])
            whose = [known.get(one.name, one.name) for one in told]
            rows, words = _rows(connection, whose), _words(connection, whose)
            described, spoken = dict[str, None](), dict[tuple[str, str], None]()
            for one, shopper in zip(told, whose, strict=True):
                if fields := one.traits.fields():
                    rows[shopper] = _described(rows.get(shopper), fields, one.time_ms, now_ms)
                    described[shopper] = None
                spoken.update(dict.fromkeys(_speak(words, shopper, one, now_ms)))
            _write(connection, {shopper: rows[shopper] for shopper in described})
            _write_words(connection, [words[key] for key in spoken])
            told_to = listeners(connection, {one.name: shopper for one, shopper in zip(told, whose, strict=True)})
            note_words(
                connection,
                [
                    (shopper, one.name, _noted(one, told_to[one.name], now_ms))
                    for one, shopper in zip(told, whose, strict=True)
                ],
            )
        first = {shopper: place for place, shopper in reversed([*enumerate(whose)])}
        there = set(known.values())
        return [KeptTelling(one, one not in there and first[one] == place) for place, one in enumerate(whose)]

    def of(self, name: str) -> ShopperTraits | None:
        """What is known of the profile that `name` belongs to; None where nothing is, not even an event."""
        with self._database.read() as connection:
            shopper = profiles(connection, [name]).get(name)
            if shopper is None:
                return None
            row = _rows(connection, [shopper]).get(shopper, {})
            words = _words(connection, [shopper])
            when = select(func.min(events.c.time_ms), func.max(events.c.time_ms)).where(events.c.shopper == shopper)
            first, last = connection.execute(when).one()
        said = _said(words).get(shopper, {})
        return ShopperTraits(shopper, {name: row.get(name) for name in FIELDS}, said, first, last)

    def of_profiles(self, names: Sequence[str]) -> dict[str, ShopperTraits]:
        """The same of many profiles, by their own names and without when they were seen."""
        with self._database.read() as connection:
            rows, words = _rows(connection, names), _words(connection, names)
        said = _said(words)
        return {
            shopper: ShopperTraits(shopper, {name: row.get(name) for name in FIELDS}, said.get(shopper, {}), None, None)
            for shopper in names
            if (row := rows.get(shopper, {})) or shopper in said
        }

    def consents_since(self, revision: int, purpose: Purpose) -> tuple[dict[str, bool | None], int]:
        """What profiles said to a purpose after a revision, and the revision reached; 0 is the beginning."""
        statement = select(consents.c.shopper, consents.c.given, consents.c.purpose, consents.c.revision)
        statement = statement.where(consents.c.revision > revision).order_by(consents.c.revision)
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
        said = {shopper: given for shopper, given, what, _ in rows if what == purpose}
        return said, rows[-1].revision if rows else revision


def rebuild_traits(connection: Connection, shopper: str, told: Mapping[str, Words], *, gone: bool) -> None:
    """Make anew what counts of a profile, from all that was told of it (`tellings.words_of`).

    What is said of the shopper wins over what came along at log-in; of two words on one purpose, or on e-mail, the no.
    `gone`: the profile is another one's name now, so that nothing is left to say of it.
    """
    row, words = _replayed(shopper, *shelves(shopper, told, ""), *shelves(shopper, told, "consent."))
    _write(connection, {shopper: row})
    before = {purpose: word for (_, purpose), word in _words(connection, [shopper]).items()}
    if gone:
        connection.execute(delete(consents).where(consents.c.shopper == shopper))
    else:
        taken_back = {purpose: {**word, "given": None} for purpose, word in before.items() if purpose not in words}
        after = taken_back | words
        _write_words(connection, [after[purpose] for purpose in after if after[purpose] != before.get(purpose)])


def _said(words: _Words) -> dict[str, dict[Purpose, Said]]:
    found: dict[str, dict[Purpose, Said]] = {}
    for (shopper, purpose), word in words.items():
        found.setdefault(shopper, {})[Purpose(purpose)] = Said(word["given"], word["time_ms"], word["source"])
    return found


_Along = list[tuple[int, list[Words]]]


def _replayed(
    shopper: str, fields: list[Words], fields_along: _Along, said: list[Words], said_along: _Along
) -> tuple[_Row, dict[str, _Row]]:
    """The row of `shoppers`, and those of `consents` by purpose, after all that was told, in order."""
    row: _Row = {}
    words: _Words = {}
    steps: list[tuple[int, str, list[Words]]] = [(_place(one), "own", [one]) for one in by_place(fields)]
    steps += [(place, "along", group) for place, group in fields_along]
    for _, kind, group in sorted(steps, key=lambda step: step[0]):
        if kind == "own":
            row = _told_again(row, group[0])
        else:
            theirs: _Row = {}
            for one in by_place(group):
                theirs = _told_again(theirs, one)
            row = _merged(theirs, row)
    steps = [(_place(one), "own", [one]) for one in by_place(said)]
    steps += [(place, "along", group) for place, group in said_along]
    for _, kind, group in sorted(steps, key=lambda step: step[0]):
        if kind == "own":
            _said_again(words, shopper, group[0])
            continue
        other: _Words = {}
        for one in by_place(group):
            _said_again(other, shopper, one)
        for key, word in other.items():
            if key not in words or _outweighs(word, words[key]):
                words[key] = word
    return row, {purpose: word for (_, purpose), word in words.items()}


def _place(words: Words) -> int:
    return max(word["place"] for word in words.values())


def _told_again(row: _Row, words: Words) -> _Row:
    """`_described` once more, with fields that were told at once."""
    given = {matter: word["value"] for matter, word in words.items()}
    time_ms, now = max(word["time_ms"] for word in words.values()), any(word["now"] for word in words.values())
    return _described(row or None, given, None if now else time_ms, time_ms)


def _said_again(words: _Words, shopper: str, told: Words) -> None:
    for purpose, word in told.items():
        own = words.get((shopper, purpose))
        if own is None or word["now"] or word["time_ms"] >= own["time_ms"]:
            words[shopper, purpose] = {
                "shopper": shopper,
                "purpose": purpose,
                "given": word["value"],
                "time_ms": word["time_ms"],
                "source": word["source"],
            }


def _noted(told: Telling, told_to: str | None, now_ms: int) -> Words:
    """What is told, matter by matter, to be kept under its name."""
    said_ms = told.traits.said_ms if told.traits.said_ms is not None else told.time_ms
    source = told.traits.consent_source or told.source

    def word(value: object, time_ms: int | None, source: str | None = None) -> Word:
        when = now_ms if time_ms is None else min(time_ms, now_ms)
        return Word(value=value, time_ms=when, now=time_ms is None, source=source, told_to=told_to, place=0)

    found = {name: word(value, told.time_ms) for name, value in told.traits.fields().items()}
    found |= {f"consent.{what.value}": word(given, said_ms, source) for what, given in told.traits.said().items()}
    return found


def _outweighs(theirs: _Row, own: _Row) -> bool:
    if own["given"] is None or theirs["given"] is None:
        return own["given"] is None
    return bool(own["given"]) and not theirs["given"]


def _merged(theirs: _Row, own: _Row) -> _Row:
    """One row of two; an age, or an address with its opt-in, comes from one of them whole."""
    if not own or not theirs:
        return own or theirs
    found = {name: theirs[name] if own[name] is None else own[name] for name in ("name", "language", "country")}
    aged = own if own["birth_year"] is not None or own["age_band"] is not None else theirs
    mailed = own if own["email"] is not None else theirs
    opted = {row["email_opt_in"] for row in (own, theirs) if row["email"] in (None, mailed["email"])} - {None}
    return found | {
        "birth_year": aged["birth_year"],
        "age_band": aged["age_band"],
        "email": mailed["email"],
        "email_opt_in": min(opted) if opted else None,
        "time_ms": max(own["time_ms"], theirs["time_ms"]),
    }


def _described(row: _Row | None, given: _Row, told_ms: int | None, now_ms: int) -> _Row:
    """The row of a shopper with the fields given; those told late go only where it is empty."""
    row = row or {**dict.fromkeys(FIELDS), "time_ms": 0}
    if told_ms is not None and told_ms < row["time_ms"]:
        filled = _merged({**dict.fromkeys(FIELDS), **given, "time_ms": told_ms}, row)
        return filled if row["email_opt_in"] is None else filled | {"email_opt_in": row["email_opt_in"]}
    if given.get("email", row["email"]) != row["email"]:
        row = row | {"email_opt_in": None}  # it was given for another address
    return row | given | {"time_ms": max(row["time_ms"], now_ms if told_ms is None else told_ms)}


def _speak(words: _Words, shopper: str, told: Telling, now_ms: int) -> list[tuple[str, str]]:
    """Put the given words into the rows of a shopper's consents; returns the keys of those that changed."""
    said_ms = told.traits.said_ms if told.traits.said_ms is not None else told.time_ms
    changed = []
    for purpose, given in told.traits.said().items():
        key = (shopper, purpose.value)
        own = words.get(key)
        if own is not None and said_ms is not None and said_ms < own["time_ms"]:
            continue
        words[key] = {
            "shopper": shopper,
            "purpose": purpose.value,
            "given": given,
            "time_ms": now_ms if said_ms is None else min(said_ms, now_ms),
            "source": told.traits.consent_source or told.source,
        }
        changed.append(key)
    return changed


def _rows(connection: Connection, names: Sequence[str]) -> dict[str, _Row]:
    """Rows of `shoppers` without the key, by shopper."""
    found: dict[str, _Row] = {}
    for start in range(0, len(names), IN_CHUNK):
        chosen = shoppers.c.shopper.in_(names[start : start + IN_CHUNK])
        for row in connection.execute(select(shoppers).where(chosen)).mappings():
            found[row["shopper"]] = {name: value for name, value in row.items() if name != "shopper"}
    return found


def _words(connection: Connection, names: Sequence[str]) -> _Words:
    found: _Words = {}
    for start in range(0, len(names), IN_CHUNK):
        chosen = consents.c.shopper.in_(names[start : start + IN_CHUNK])
        for row in connection.execute(select(consents).where(chosen)).mappings():
            found[row["shopper"], row["purpose"]] = {name: value for name, value in row.items() if name != "revision"}
    return found


def _write(connection: Connection, rows: dict[str, _Row]) -> None:
    """Put the rows in place of those of their shoppers; one that says nothing is left out."""
    names = list(rows)
    for start in range(0, len(names), IN_CHUNK):
        connection.execute(delete(shoppers).where(shoppers.c.shopper.in_(names[start : start + IN_CHUNK])))
    kept = [
        {"shopper": name} | row for name, row in rows.items() if any(row.get(field) is not None for field in FIELDS)
    ]
    if kept:
        connection.execute(insert(shoppers), kept)


def _write_words(connection: Connection, words: Sequence[_Row]) -> None:
    """Put the words in place of those of the same shoppers and purposes, under new revisions."""
    if not words:
        return
    first = take(connection, "consents", len(words)) + 1
    for purpose in Purpose:
        names = [word["shopper"] for word in words if word["purpose"] == purpose]
        for start in range(0, len(names), IN_CHUNK):
            mine = consents.c.shopper.in_(names[start : start + IN_CHUNK])
            connection.execute(delete(consents).where(consents.c.purpose == purpose.value, mine))
    connection.execute(insert(consents), [{**word, "revision": first + place} for place, word in enumerate(words)])
