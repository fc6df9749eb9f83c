"""Every photo of a catalogue at one small size: those in images/ and those packed beside it, with labels and lines.

For models that look at or draw small pictures, to which a thumbnail shows as much as a photo. What is kept aside are
the lines that every model keeps aside (kept_aside.py), and as large a share of the lines that only the packed photos
show, so that the photos kept aside are made like those learnt from: of the same files, in the same shares. Where all
photos of images/ are exact squares and the packed ones are not, the squares were pressed together, and are drawn out
again: else one product would have two outlines.

Shapes   N photos, P pixels a side.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bottega.datasets.photos.catalogue import PhotoCatalogue, fingerprint, line_names, styles_of
from bottega.datasets.photos.files import open_picture
from bottega.datasets.photos.kept_aside import HELD_OUT, SPLIT_SEED, lines_split
from bottega.datasets.photos.reading import read_photo, square
from bottega.datasets.photos.zipped import Zipped, zipped_rows
from bottega.names import BoolArray, IntArray, LongArray
from bottega.progress import Progress, silent

__all__ = ["PACKED", "SmallPhotos", "small_photos"]

PACKED = ("medium.zip", "small.zip")
"""Files of further photos beside images/."""
_LOOKED_AT = 200
"""Photos of each source whose sizes are looked at."""


@dataclass(frozen=True, slots=True)
class SmallPhotos:
    """`photos` uint8 [N, P, P, 3]; `labels`: head -> label of each, "" unknown."""

    ids: tuple[str, ...]
    photos: NDArray[np.uint8]
    labels: Mapping[str, tuple[str, ...]]
    lines: IntArray
    """Product line of each [N]."""
    held_out: BoolArray
    """Whether it is of a line that no shipped model learns from [N]."""
    source: IntArray
    """0 for a photo of images/, else the place of its file among the packed ones that are there, from 1 [N]."""

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: BoolArray | LongArray) -> SmallPhotos:
        """These rows alone."""
        places = np.arange(len(self))[rows]
        labels = {head: tuple(found[row] for row in places.tolist()) for head, found in self.labels.items()}
        ids = tuple(self.ids[row] for row in places.tolist())
        return SmallPhotos(
            ids, self.photos[places], labels, self.lines[places], self.held_out[places], self.source[places]
        )


def small_photos(
    folder: Path, px: int, *, files: Sequence[str] = PACKED, kept: Path | None = None, progress: Progress = silent
) -> SmallPhotos:
    """All photos of images/ in a catalogue's folder and of those of the packed `files` that are there.

    `kept` is a folder where the decoded ones lie for the next time.

    Raises `SourceUnreadable` and `ColumnMissing` as `PhotoCatalogue.read` does.
    """
    catalogue = PhotoCatalogue.read(folder)
    packed = [zipped_rows(folder, name, held_out=()) for name in files if (folder / name).exists()]
    styles = styles_of(folder)
    names = line_names(styles)
    ids = (*catalogue.ids, *(name for one in packed for name in one.ids))
    sizes = [len(catalogue), *(len(one) for one in packed)]
    heads = [head for head in next(iter(styles.values())) if head != "title"]
    aside = {names[catalogue.ids[row]] for row in np.flatnonzero(lines_split(catalogue)[1])}
    shown = {names[name] for name in catalogue.ids}
    further = sorted({names[name] for name in ids} - shown)
    drawn = np.random.default_rng(SPLIT_SEED).random(len(further)) < HELD_OUT
    aside |= {name for name, held in zip(further, drawn, strict=True) if held}

    def decode() -> NDArray[np.uint8]:
        width = _pressed(catalogue, packed)
        first = np.empty((len(catalogue), px, px, 3), np.uint8)
        for row, path in enumerate(catalogue.paths):
            photo = read_photo(path)
            if width < 1:
                size = max(1, round(width * photo.shape[1])), photo.shape[0]
                photo = np.asarray(Image.fromarray(photo).resize(size, Image.Resampling.BICUBIC))
            first[row] = square(photo, px)
            if row % 64 == 63 or row == len(catalogue) - 1:
                progress("reading photos", row + 1, len(catalogue))
        return np.concatenate([first, *(one.photos(px) for one in packed)])

    return SmallPhotos(
        ids=ids,
        photos=decode() if kept is None else _kept(kept, ids, px, decode),
        labels={head: tuple(styles[name][head] for name in ids) for head in heads},
        lines=np.unique([names[name] for name in ids], return_inverse=True)[1].astype(np.int32),
        held_out=np.array([names[name] in aside for name in ids]),
        source=np.repeat(np.arange(len(sizes)), sizes).astype(np.int32),
    )


def _pressed(catalogue: PhotoCatalogue, packed: Sequence[Zipped]) -> float:
    """How wide photos of images/ have to be made, of their width: less than 1 where they were pressed into squares."""
    sizes = [_size(path.read_bytes(), str(path)) for path in catalogue.paths[:_LOOKED_AT]]
    if not packed or any(width != height for width, height in sizes):
        return 1.0
    ratios = []
    for one in packed:
        with zipfile.ZipFile(one.file) as file:
            found = [_size(file.read(f"{name}.jpg"), name) for name in one.ids[:_LOOKED_AT]]
        ratios += [width / height for width, height in found]
    return min(1.0, float(np.median(ratios))) if ratios else 1.0


def _size(content: bytes, name: str) -> tuple[int, int]:
    with open_picture(content, name) as picture:
        return picture.size


def _kept(folder: Path, ids: tuple[str, ...], px: int, decode: Callable[[], NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """The decoded photos of these products, of the folder where they lie there, else decoded and put there."""
    said, arrays = folder / f"photos{px}.json", folder / f"photos{px}.npy"
    made_of = {"photos": fingerprint([f"{row} {name}" for row, name in enumerate(ids)]), "px": px}
    if said.exists() and json.loads(said.read_text(encoding="utf-8")) == made_of:
        return np.asarray(np.load(arrays, mmap_mode="r"))
    photos = decode()
    folder.mkdir(parents=True, exist_ok=True)
    said.unlink(missing_ok=True)
    np.save(arrays, photos)
    said.write_text(json.dumps(made_of), encoding="utf-8")
    return photos
