"""What readers of JSON share: rows taken apart by a function, and columns that `--map` names, at any depth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from bottega.errors import MappingInvalid
from bottega.events.batch import BETWEEN, RAW_FIELDS, RawBatch, batches
from bottega.events.readers.base import Reading
from bottega.placeholders import says_nothing
from bottega.sources.json_rows import json_rows, text_of

__all__ = [
    "FoundEvent", "at_path", "event_batches", "ids_of", "listed", "named_fields", "object_of", "objects_in", "said",
]  # fmt: skip


class FoundEvent(NamedTuple):
    """One event in a row: its fields, and the objects it came from, the innermost first."""

    fields: dict[str, Any]
    objects: tuple[Mapping[str, Any], ...] = ()
    place: str | None = None
    """Where it stands, if not in the row that was just read."""


def event_batches(
    reading: Reading,
    take_apart: Callable[[str, dict[str, Any]], Iterator[FoundEvent]],
    *,
    rest: Callable[[], Iterator[FoundEvent]] = lambda: iter(()),
) -> Iterator[RawBatch]:
    """Every row of a JSON source as events, in batches. `take_apart` gets its place and the object; `rest` gives what
    only the end shows."""
    columns = named_fields(reading)
    met = dict.fromkeys(columns, False)

    def rows() -> Iterator[tuple[str, dict[str, Any]]]:
        place, row = "", dict[str, Any]()
        for place, row in json_rows(reading):
            for found in take_apart(place, row):
                yield mapped(found, place, row)
        for found in rest():
            yield mapped(found, place, row)

    def mapped(found: FoundEvent, place: str, row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        objects = (*found.objects, row) if found.place is None else found.objects
        for name, path in columns.items():
            value = next((text for one in objects if (text := text_of(at_path(one, path)))), None)
            if value is not None:
                found.fields[name], met[name] = value, True
        return found.place or place, found.fields

    yield from batches(rows(), reading.chunk_rows)
    for name in (name for name, found in met.items() if not found):
        reading.notes.append(f"--map takes {name} from {columns[name]}, which no row of {reading.source.name} has.")


def named_fields(reading: Reading) -> Mapping[str, str]:
    """What `--map` said, its fields checked. Raises `MappingInvalid`."""
    for name in reading.columns:
        if name not in RAW_FIELDS:
            raise MappingInvalid(
                f"--map names the field {name!r}.",
                allowed=f"Events have: {', '.join(RAW_FIELDS)}.",
                next_step="Write field=column.",
            )
    return reading.columns


def at_path(row: Mapping[str, Any], path: str) -> Any:
    """What stands under a name, or under names with dots between them; None where nothing does.

    >>> at_path({"a": {"b": 1}, "c.d": 2}, "a.b"), at_path({"c.d": 2}, "c.d"), at_path({}, "x")
    (1, 2, None)
    """
    if path in row:
        return row[path]
    first, dot, rest = path.partition(".")
    inner = row.get(first)
    return at_path(inner, rest) if dot and isinstance(inner, dict) else None


def said(value: Any) -> str | None:
    """A field as text; None where it says nothing."""
    text = text_of(value)
    return None if text is None or says_nothing(text) else text


def ids_of(*values: Any) -> tuple[str | None, str | None]:
    """The first id of a product that says something, and the others, as `batch.ALTERNATIVES` holds them."""
    ids = list(dict.fromkeys(text for value in values if (text := said(value)) and text.strip("0")))
    return (ids[0] if ids else None), (BETWEEN.join(ids[1:]) or None)


def object_of(value: Any) -> dict[str, Any]:
    """The object itself, or an empty one for whatever else stands in its place."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """The list itself, or an empty one."""
    return value if isinstance(value, list) else []


def objects_in(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; whatever else stands in it is left out."""
    return [one for one in listed(value) if isinstance(one, dict)]
