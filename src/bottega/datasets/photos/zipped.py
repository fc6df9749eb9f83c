"""More photos of a catalogue's rows, packed in zip files beside it, that follow the same split by line.

Shapes   N photos, P pixels a side.
"""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.catalogue import PhotoCatalogue, line_names, styles_of
from bottega.datasets.photos.reading import read_photo, square
from bottega.names import BoolArray

__all__ = ["Named", "Zipped", "named_photos", "zipped_rows"]


@dataclass(frozen=True, slots=True)
class Zipped:
    """Rows of a catalogue with a photo in a zip file: ids, labels by head, lines by name."""

    file: Path
    ids: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]]
    lines: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: BoolArray | NDArray[np.integer]) -> Zipped:
        """These rows alone."""
        places = np.arange(len(self))[rows].tolist()
        labels = {head: tuple(found[row] for row in places) for head, found in self.labels.items()}
        picked = (tuple(found[row] for row in places) for found in (self.ids, self.lines))
        ids, lines = picked
        return Zipped(self.file, ids, labels, lines)

    def photos(self, px: int) -> NDArray[np.uint8]:
        """All photos [N, P, P, 3], decoded anew at each call."""
        found = np.empty((len(self), px, px, 3), dtype=np.uint8)
        with zipfile.ZipFile(self.file) as packed:
            for row, name in enumerate(self.ids):
                found[row] = square(read_photo(packed.read(f"{name}.jpg"), name=name), px)
        return found


def zipped_rows(folder: Path, file: str, *, held_out: Sequence[str]) -> Zipped:
    """The rows of a catalogue's folder with a photo in this zip file and none in images/.

    Left out are the lines that the products `held_out` (ids) are of: what is held out of the one is held out of all.
    """
    styles = styles_of(folder)
    lines = line_names(styles)
    never = {lines[name] for name in held_out}
    seen = set(PhotoCatalogue.read(folder).ids)
    with zipfile.ZipFile(folder / file) as packed:
        packed_ids = [Path(name).stem for name in packed.namelist()]
    ids = [name for name in packed_ids if name in lines and name not in seen and lines[name] not in never]
    heads = next(iter(styles.values())).keys()
    labels = {head: tuple(styles[name][head] for name in ids) for head in heads if head != "title"}
    return Zipped(folder / file, tuple(ids), labels, tuple(lines[name] for name in ids))


@dataclass(frozen=True, slots=True)
class Named:
    """Photos of one kind of thing with a name each."""

    images: tuple[str, ...]
    photos: NDArray[np.uint8]
    labels: tuple[str, ...]


def named_photos(folder: Path, px: int) -> Named:
    """All of a folder with photos.zip and labels.csv (image, and label or class), as squares."""
    with (folder / "labels.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    column = "label" if "label" in rows[0] else "class"
    with zipfile.ZipFile(folder / "photos.zip") as packed:
        photos = [square(read_photo(packed.read(f"{row['image']}.jpg"), name=row["image"]), px) for row in rows]
    return Named(tuple(row["image"] for row in rows), np.stack(photos), tuple(row[column] for row in rows))
