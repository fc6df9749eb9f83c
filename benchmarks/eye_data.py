"""What the benchmarks of the eye share: data sets from folders, and training on them with one recipe."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bottega.datasets.photos.catalogue import PhotoCatalogue, classes_of, words_of
from bottega.datasets.photos.drawn import draw_photos
from bottega.datasets.photos.masks import PhotoMasks
from bottega.models.vision.colours import foreground
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.fitting import STORED_PX, fit_eye
from bottega.models.vision.eye.material import Known
from bottega.models.vision.eye.street import street_sets
from bottega.models.vision.eye.tasks import TASKS, Task
from bottega.models.vision.eye.training import Training
from bottega.progress import Progress, silent

__all__ = ["DATA", "catalogue_known", "known_of", "street_split", "train_eye"]

DATA = Path(os.environ.get("BOTTEGA_DATA", Path(__file__).parent.parent.parent / "shared" / "data"))
DRAWN = 300
"""Products designed and drawn for the third vertical."""
DRAWN_SEED = 11
"""Not the demo shop's."""
SAME_TYPE = {"T-shirts": "Tshirts", "Sneakers": "Casual Shoes"}
"""Types of the drawn shop by the catalogue's name."""


def catalogue_known(catalogue: PhotoCatalogue, *, progress: Progress = silent) -> Known:
    """A catalogue's photos with labels, title words, lines, and the free mask of a plain background."""
    photos = catalogue.photos(STORED_PX, progress=progress)
    masks = np.empty(photos.shape[:3], dtype=bool)
    for row, photo in enumerate(photos):
        masks[row] = foreground(photo)
        if row % 64 == 0:
            progress("cutting products out", row, len(photos))
    words = [frozenset(words_of(title)) for title in catalogue.titles]
    return Known("catalogue", photos, "product", catalogue.labels, {"words": words}, catalogue.lines, masks)


def street_split(folder: Path, *, progress: Progress = silent) -> tuple[PhotoMasks, PhotoMasks]:
    """Street photos to learn from, and those that no model of ours ever sees (a fifth)."""
    return PhotoMasks.read(folder, progress=progress).split(0.2, np.random.default_rng(0))


def street_known(folder: Path, seed: int, progress: Progress) -> tuple[list[Known], tuple[str, ...]]:
    """The street sets of a folder of masked photos, and the garments they name; nothing where there is no folder."""
    if not folder.exists():
        return [], ()
    found, _ = street_split(folder, progress=progress)
    rng = np.random.default_rng(seed)
    return street_sets(found.photos, found.masks, found.labels, STORED_PX, rng=rng), found.labels[1:]


def drawn_known(colours: Sequence[str], progress: Progress) -> Known:
    """The drawn vertical. Its colours are told only where the catalogue has a colour of that name."""
    drawn = draw_photos(DRAWN, STORED_PX, seed=DRAWN_SEED, progress=progress)
    labels = dict(drawn.labels)
    labels["type"] = tuple(SAME_TYPE.get(label, label) for label in labels["type"])
    labels["color"] = tuple(label if label in colours else "" for label in labels["color"])
    words = [frozenset(words_of(title)) for title in drawn.titles]
    return Known("drawn", drawn.photos, "product", labels, {"words": words})


def known_of(
    catalogue: PhotoCatalogue, *, seed: int, street: Path = DATA / "parsing", progress: Progress = silent
) -> tuple[list[Known], dict[str, tuple[str, ...]]]:
    """All data sets of the recipe, the catalogue's first, and the marks of the many-of heads."""
    streets, garments = street_known(street, seed, progress)
    colours = classes_of(catalogue.labels["color"])
    data = [catalogue_known(catalogue, progress=progress), *streets, drawn_known(colours, progress)]
    return data, {"words": catalogue.frequent_words(), "garments": garments}


def train_eye(
    catalogue: PhotoCatalogue,
    *,
    seed: int,
    version: str,
    config: Training | None = None,
    tasks: tuple[Task, ...] = TASKS,
    street: Path = DATA / "parsing",
    progress: Progress = silent,
) -> Eye:
    """The shipped recipe on this catalogue: with street photos where they are, and drawn pictures."""
    data, marks = known_of(catalogue, seed=seed, street=street, progress=progress)
    rng = np.random.default_rng(seed)
    return fit_eye(data, marks=marks, rng=rng, version=version, config=config, tasks=tasks, progress=progress)
