"""Reads published sequence files (a line a user, items in time order) and their item attributes into arrays."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from bottega.datasets.arrays import Features, Histories
from bottega.errors import InputError, SourceUnreadable

__all__ = ["read_sequences"]


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
        return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise SourceUnreadable(
            f"{path} cannot be read: {error}.",
            allowed="A text file, plain or .gz, is needed.",
            next_step="Check the path.",
        ) from error


def read_sequences(sequences: Path, attributes: Path | None = None) -> tuple[Histories, Features, list[str], list[str]]:
    """Histories, features, user ids and item ids of a file with lines `user item item ...`, oldest first.

    Item and user ids are any text without white space. `attributes` is JSON `{item: [value, ...]}` (plain or .gz);
    items it does not name have none. Raises `SourceUnreadable` and, naming the line, `InputError`.
    """
    users: list[str] = []
    rows: list[list[int]] = []
    code: dict[str, int] = {}
    for number, line in enumerate(_text(sequences).splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        if len(words) < 2:
            raise InputError(
                f"{sequences}, line {number}: {line!r} has a user and no item.",
                allowed="Each line is `user item item ...`.",
                next_step="Remove the line or add its items.",
            )
        users.append(words[0])
        rows.append([code.setdefault(word, len(code)) for word in words[1:]])
    if not rows:
        raise SourceUnreadable(f"{sequences} is empty.", allowed="Each line is `user item item ...`.")
    items = list(code)
    if attributes is None:
        return Histories.from_lists(rows, n_items=len(items)), Features.empty(len(items)), users, items
    try:
        table = json.loads(_text(attributes))
        values = [[str(value) for value in table.get(item, [])] for item in items]
    except (ValueError, AttributeError, TypeError) as error:
        raise InputError(
            f"{attributes} is not JSON of the form {{item: [value, ...]}}: {error}.",
            next_step="Convert it to that form.",
        ) from error
    return Histories.from_lists(rows, n_items=len(items)), Features.from_attributes(values), users, items
