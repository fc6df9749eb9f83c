"""Photos of faces to learn from: a folder of aligned photos, and a table that says what each shows.

`attributes.csv` has the column `file` and one column of numbers for each attribute ("smile", "age"); each is brought to
0..1 by its least and greatest number. Names that are race, ethnicity or colour of skin are refused.

Shapes   N photos, P pixels a side, A attributes.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.inside import path_inside
from bottega.datasets.photos.reading import read_photo, square
from bottega.errors import EditRefused, PhotosTooFew, RequestInvalid, SourceUnreadable
from bottega.models.studio.refused import is_race
from bottega.names import BoolArray, FloatArray
from bottega.progress import Progress, silent

__all__ = ["LEAST_FACES", "FaceTable", "read_faces", "refuse_attributes"]

TABLE = "attributes.csv"
LEAST_FACES = 50
"""Photos below which nothing is learnt."""
_ASIDE = 8
"""Every so manieth photo is kept aside to judge by."""


@dataclass(frozen=True, slots=True)
class FaceTable:
    """`photos` [N, P, P, 3], names of `attributes`, their `values` [N, A] in 0..1, and which are kept aside [N]."""

    photos: NDArray[np.uint8]
    attributes: tuple[str, ...]
    values: FloatArray
    held_out: BoolArray

    @property
    def fingerprint(self) -> str:
        """Tells one table from another."""
        told = sha256(self.photos.tobytes())
        told.update("\n".join(self.attributes).encode())
        told.update(self.values.tobytes())
        return told.hexdigest()[:16]


def refuse_attributes(names: list[str] | tuple[str, ...]) -> None:
    """Raise `EditRefused` for names of race, ethnicity, colour of skin, or what stands for them."""
    if refused := [name for name in names if is_race(name)]:
        raise EditRefused(
            f"The attribute {refused[0]!r} is race, ethnicity or colour of skin, or stands for one.",
            allowed="Faces are changed by attributes such as smile, age, glasses, beard.",
            next_step=f"Leave {', '.join(map(repr, refused))} out of the table.",
        )


def read_faces(folder: Path, px: int, *, progress: Progress = silent) -> FaceTable:
    """Read such a folder.

    Raises `SourceUnreadable`, `EditRefused`, `RequestInvalid`, `PhotosTooFew`, `PhotoRefused`.
    """
    file = folder / TABLE
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceUnreadable(
            f"{file} cannot be read: {getattr(error, 'strerror', None) or error}.",
            allowed=f"The folder holds photos of faces and {TABLE}: the column file, and one for each attribute.",
            next_step="Check the path, and save the table as UTF-8.",
        ) from error
    names = tuple(name for name in (rows[0] if rows else {}) if name and name != "file")
    if not names or "file" not in rows[0]:
        raise SourceUnreadable(
            f"{file} has no {'attribute' if names == () and rows else 'column named file'}.",
            allowed="Its first line is file,smile,age or the like.",
            next_step="Name the columns.",
        )
    refuse_attributes(names)
    if len(rows) < LEAST_FACES:
        raise PhotosTooFew(
            f"{file} names {len(rows)} photos.",
            allowed=f"It takes {LEAST_FACES}, and thousands for faces that look like photos.",
            next_step="Add photos, of people who agreed to it.",
        )
    values = np.array([[_number(row, name, place) for name in names] for place, row in enumerate(rows, 2)], np.float32)
    low, high = values.min(0), values.max(0)
    if (flat := np.flatnonzero(high - low <= 0)).size:
        raise RequestInvalid(
            f"The attribute {names[int(flat[0])]!r} is {low[int(flat[0])]:g} on every photo.",
            allowed="Only what differs can be learnt.",
            next_step="Leave the column out, or add photos.",
        )
    photos = np.empty((len(rows), px, px, 3), np.uint8)
    for row, line in enumerate(rows):
        photos[row] = square(read_photo(path_inside(folder, line["file"] or ""), name=line["file"] or ""), px)
        progress("reading faces", row + 1, len(rows))
    held_out = np.arange(len(rows)) % _ASIDE == _ASIDE - 1
    return FaceTable(photos, names, np.asarray((values - low) / (high - low), np.float32), held_out)


def _number(row: dict[str, str | None], name: str, line: int) -> float:
    said = row.get(name)
    try:
        found = float(said or "")
    except ValueError:
        found = float("nan")
    if not np.isfinite(found):
        raise RequestInvalid(
            f"Line {line} of {TABLE} has {said!r} as {name}.",
            allowed="Attributes are numbers: 0 and 1, -1 and 1, or years.",
            next_step="Write a number there, or leave the line out.",
        )
    return found
