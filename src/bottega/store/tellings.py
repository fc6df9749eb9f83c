"""Under which name everything was told of a shopper, so that it can move on with that name.

Idea    `shoppers`, `consents` and `tastes` hold what counts of a profile. Beside them each word is kept under the name
        that it was told under: a shopper id, a cookie, a session. When a log-in shows that a name is somebody else's,
        its words leave with it, and what counts of both is made anew from the words they have.
Order   Words told to a profile count in the order they were told. Those that came along at log-in are first made into
        one, then weighed against the shopper's own at the place where the log-in stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from sqlalchemy import Connection, delete, insert, select, tuple_

from bottega.store.database import IN_CHUNK, take
from bottega.store.tables import tellings

__all__ = ["Word", "Words", "by_place", "move_words", "note_words", "shelves", "words_of"]


class Word(TypedDict):
    """The last thing told of one matter under one name."""

    value: Any
    time_ms: int
    """UTC; when it was said."""
    now: bool
    """Whether it was said when it was told: it then counts whatever clock spoke before."""
    source: str | None
    """Where consent was given."""
    told_to: str | None
    """The profile that the name meant then; None: a shopper whose log-in had taken the name along."""
    place: int
    """Grows with everything told, and with a log-in that takes the word along."""


Words = dict[str, Word]
"""By matter, as in "name", "consent.messages" or "taste.color"."""


def note_words(connection: Connection, told: Sequence[tuple[str, str, Words]]) -> None:
    """Keep words, each with the profile it was told to and the name it was told under, in this order.

    One that was said before what its name has said since is left out. `place` is given here.
    """
    told = [one for one in told if one[2]]
    if not told:
        return
    place = take(connection, "tellings", len(told))
    kept = dict(_read(connection, {name for _, name, _ in told}))
    for shopper, name, words in told:
        place += 1
        own = kept.setdefault((shopper, name), {})
        for matter, word in words.items():
            if matter not in own or word["now"] or word["time_ms"] >= own[matter]["time_ms"]:
                own[matter] = {**word, "place": place}
    _write(connection, {key: kept[key] for key in {(shopper, name) for shopper, name, _ in told}})


def words_of(connection: Connection, shopper: str) -> dict[str, Words]:
    """Everything told that belongs to a profile, by the name it was told under."""
    rows = connection.execute(select(tellings.c.told_as, tellings.c.words).where(tellings.c.shopper == shopper))
    return {row.told_as: row.words for row in rows}


def move_words(connection: Connection, name: str, shopper: str) -> set[str]:
    """Give all that was told under a name to the profile it now belongs to; returns those it belonged to before."""
    found = dict(_read(connection, [name]))
    before = {owner for owner, _ in found} - {shopper}
    if not before:
        return before
    place = take(connection, "tellings", 1) + 1
    here = found.pop((shopper, name), {})
    for words in found.values():
        for matter, word in words.items():
            if word["told_to"] is not None:
                word = {**word, "place": place}
            if matter not in here or here[matter]["place"] < word["place"]:
                here[matter] = word
    connection.execute(delete(tellings).where(tellings.c.told_as == name))
    _write(connection, {(shopper, name): here})
    return before


def shelves(shopper: str, told: Mapping[str, Words], prefix: str) -> tuple[list[Words], list[tuple[int, list[Words]]]]:
    """Words on matters that begin so (without the prefix): those told to a profile, then what came along at log-ins.

    Of what came along each profile stands by itself, at the place of its log-in.
    """
    own: list[Words] = []
    along: dict[str, list[Words]] = defaultdict(list)
    for words in told.values():
        for matter, word in words.items():
            if matter.startswith(prefix) and (prefix or "." not in matter):
                mine = word["told_to"] in (None, shopper)
                (own if mine else along[str(word["told_to"])]).append({matter.removeprefix(prefix): word})
    return own, [(max(_place(one) for one in group), group) for group in along.values()]


def by_place(words: Iterable[Words]) -> list[Words]:
    """In the order they were told; what was told at once is together."""
    together: dict[int, Words] = defaultdict(dict)
    for one in words:
        together[_place(one)].update(one)
    return [together[place] for place in sorted(together)]


def _place(words: Words) -> int:
    return max(word["place"] for word in words.values())


def _read(connection: Connection, names: Iterable[str]) -> list[tuple[tuple[str, str], Words]]:
    wanted, found = sorted(names), []
    for start in range(0, len(wanted), IN_CHUNK):
        chosen = tellings.c.told_as.in_(wanted[start : start + IN_CHUNK])
        for shopper, name, words in connection.execute(select(tellings).where(chosen)):
            found.append(((shopper, name), words))
    return found


def _write(connection: Connection, rows: Mapping[tuple[str, str], Words]) -> None:
    keys = sorted(rows)
    for start in range(0, len(keys), IN_CHUNK):
        chunk = keys[start : start + IN_CHUNK]
        indexed = tellings.c.told_as.in_([name for _, name in chunk])
        connection.execute(delete(tellings).where(indexed, tuple_(tellings.c.shopper, tellings.c.told_as).in_(chunk)))
    if keys:
        values = [{"shopper": shopper, "told_as": name, "words": rows[shopper, name]} for shopper, name in keys]
        connection.execute(insert(tellings), values)
