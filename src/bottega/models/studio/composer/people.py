"""Who is learnt from, and who only judged by: street photos with labels, and a catalogue's photos of worn things.

Idea     The split is that of every model that ships: product lines and street photos kept aside there are kept aside
         here. Labels of street photos are drawn by hand; those of worn photos come from whoever hands in `parse`, for
         the studio knows no parser.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from bottega.datasets.photos.asked import SHOWS_NOBODY
from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.heads import hide_heads, hide_labelled_head
from bottega.datasets.photos.kept_aside import lines_split, street_split
from bottega.datasets.photos.masks import LabelMap
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.models.studio.composer.lessons import CLOTH, FramedPeople, framed, without_head
from bottega.progress import Progress, silent

__all__ = ["Parse", "street_people", "worn_people"]

Parse = Callable[[Sequence[Photo]], Sequence[LabelMap]]
"""Photos to the part that each of their pixels shows."""
_LEAST_CLOTH = 0.04
"""Share of the frame that pieces take at least."""


def street_people(
    data: Path, sizes: Sequence[tuple[int, int]], *, held_out: bool, progress: Progress = silent
) -> list[FramedPeople]:
    """People of labelled street photos in `data`/parsing, in frames of each size.

    Those whose head is unsure are left out.
    """
    photos = street_split(data / "parsing", progress=progress)[int(held_out)]
    people = []
    for name, photo, parts in zip(photos.names, photos.photos, photos.parts, strict=True):
        covered = hide_labelled_head(photo, parts)
        if covered is not None:
            people.append((f"street/{name}", photo, without_head(covered, photo, parts)))
    return _lessons(people, sizes)


def worn_people(
    data: Path,
    sizes: Sequence[tuple[int, int]],
    parse: Parse,
    *,
    held_out: bool,
    most: int,
    seed: int = 0,
    progress: Progress = silent,
) -> list[FramedPeople]:
    """Worn things of `data`/fashion, in frames of each size; `most` photos at most, drawn at random."""
    catalogue = PhotoCatalogue.read(data / "fashion")
    rows = np.flatnonzero(lines_split(catalogue)[int(held_out)])
    labels = {head: np.array(catalogue.labels[head])[rows] for head in ("category", "subcategory")}
    rows = rows[(labels["category"] == "Apparel") & ~np.isin(labels["subcategory"], [*SHOWS_NOBODY, "Innerwear"])]
    rows = np.random.default_rng(seed).permutation(rows)
    people: list[tuple[str, Photo, LabelMap]] = []
    for done, row in enumerate(rows.tolist(), start=1):
        if len(people) == most:
            break
        photo = read_photo(catalogue.paths[row], name=catalogue.ids[row])
        hidden = hide_heads(photo[None], np.array([True]), np.array([True]))
        if hidden.unsure[0] or not hidden.worn[0]:
            continue
        parts = parse([photo])[0]
        people.append((f"worn/{catalogue.ids[row]}", photo, without_head(hidden.photos[0], photo, parts)))
        progress("reading worn photos", done, len(rows))
    return _lessons(people, sizes)


def _lessons(people: Sequence[tuple[str, Photo, LabelMap]], sizes: Sequence[tuple[int, int]]) -> list[FramedPeople]:
    found = []
    for size in sizes:
        made = []
        for name, photo, parts in people:
            one = framed(photo, parts, size)
            if one is not None and np.isin(one[1], CLOTH).mean() >= _LEAST_CLOTH:
                made.append((name, *one))
        found.append(FramedPeople.of(made, size))
    return found
