"""The recipe of the eye that ships: its data sets, what is kept from it, and training on them.

Learns from a catalogue of product photos, street photos with masks (where they are) and pictures of drawn products. Its
split is that of every model that ships: nothing here or there learns from the lines and street photos kept aside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bottega.datasets.photos.catalogue import PhotoCatalogue, classes_of, fingerprint, words_of
from bottega.datasets.photos.drawn import draw_photos
from bottega.datasets.photos.kept_aside import HELD_OUT, SPLIT_SEED, lines_split, some_lines, street_split
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.colours import foreground
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.fitting import STORED_PX, fit_eye
from bottega.models.vision.eye.material import Known
from bottega.models.vision.eye.street import street_sets
from bottega.models.vision.eye.tasks import TASKS, Task
from bottega.models.vision.eye.training import Training
from bottega.progress import Progress, silent

__all__ = [
    "DRAWN_SEED",
    "SAME_TYPE",
    "catalogue_known",
    "eye_card",
    "known_of",
    "train_eye",
]

PHOTOS_A_SECOND = 40
"""A network that learns by the clock reads no more photos of the catalogue for each of its seconds: it would hardly
come round to them."""
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
    catalogue: PhotoCatalogue, *, seed: int, street: Path, progress: Progress = silent
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
    street: Path,
    device: str = "auto",
    seconds: float | None = None,
    kept: Path | None = None,
    progress: Progress = silent,
) -> Eye:
    """The shipped recipe on this catalogue: with street photos where they are, and drawn pictures.

    `seconds`: the most that its network learns for. `kept`: where a training that was stopped goes on from.
    """
    if seconds is not None:
        catalogue = some_lines(catalogue, round(seconds * PHOTOS_A_SECOND), seed=seed)
    data, marks = known_of(catalogue, seed=seed, street=street, progress=progress)
    rng = np.random.default_rng(seed)
    checkpoint = None if kept is None else Checkpoint(kept, rng=rng)
    eye = fit_eye(
        data,
        marks=marks,
        rng=rng,
        version=version,
        config=config,
        tasks=tasks,
        device=device,
        seconds=seconds,
        checkpoint=checkpoint,
        progress=progress,
    )
    if checkpoint is not None:
        checkpoint.done()
    return eye


def eye_card(catalogue: PhotoCatalogue, more: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What the card of an eye trained by this recipe says of its data and split; `more`: what else was learnt from."""
    learnt, held_out = lines_split(catalogue)
    types, counts = np.unique([label for label in catalogue.labels["type"] if label], return_counts=True)
    return {
        "trained_on": {
            "catalogue": f"fashion/, {int(learnt.sum())} photos of {len(np.unique(catalogue.lines[learnt]))} lines",
            "street": "parsing/, four fifths of the photos",
            "drawn": "pictures of the demo shop's designs, drawn by bottega.datasets.photos.drawn",
            **(more or {}),
        },
        "split": {
            "held_out_photos": int(held_out.sum()),
            "held_out_ids": fingerprint([catalogue.ids[row] for row in np.flatnonzero(held_out)]),
            "share": HELD_OUT,
            "seed": SPLIT_SEED,
        },
        "type_counts": dict(zip(types.tolist(), counts.tolist(), strict=True)),
    }
