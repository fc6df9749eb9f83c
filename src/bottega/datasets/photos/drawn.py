"""Pictures of the demo shop's designs with what they show: a vertical of drawn things for the eye to learn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.demo_store.catalogue import design_catalogue
from bottega.datasets.demo_store.pictures import draw
from bottega.datasets.demo_store.wording import picture_design, product_rows
from bottega.datasets.photos.reading import square
from bottega.progress import Progress, silent

__all__ = ["DrawnPhotos", "draw_photos"]


@dataclass(frozen=True, slots=True)
class DrawnPhotos:
    """`photos` uint8 [N, P, P, 3]; `labels`: head (category, subcategory, type, color) -> label of each, "" unknown."""

    photos: NDArray[np.uint8]
    labels: Mapping[str, tuple[str, ...]]
    titles: tuple[str, ...]


def draw_photos(count: int, px: int, *, seed: int, progress: Progress = silent) -> DrawnPhotos:
    """Design a catalogue of `count` products and draw each design once, whatever sizes it comes in.

    The demo shop itself has seed 7; another seed gives other designs.
    """
    catalogue = design_catalogue(count, np.random.default_rng(seed))
    rows = list(product_rows(catalogue, pictures=False))
    chosen = [rows[first] for first in catalogue.offsets[:-1].tolist()]
    photos = np.empty((len(chosen), px, px, 3), dtype=np.uint8)
    for i in range(len(chosen)):
        photos[i] = square(np.asarray(draw(picture_design(catalogue, i, seed))), px)
        progress("drawing pictures", i + 1, len(chosen))
    paths = [row["category"] for row in chosen]
    return DrawnPhotos(
        photos,
        {
            "category": tuple(path[0] for path in paths),
            "subcategory": tuple(" > ".join(path[:2]) for path in paths),
            "type": tuple(path[-1] for path in paths),
            "color": tuple(row["attributes"].get("color", [""])[0].title() for row in chosen),
        },
        tuple(row["title"] for row in chosen),
    )
