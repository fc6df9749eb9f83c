"""The recipe of the words that ship: titles and labels of the photos that the eye learnt from, in that eye's space."""

from __future__ import annotations

from typing import Any

import numpy as np

from bottega.datasets.photos.catalogue import PhotoCatalogue, fingerprint
from bottega.datasets.photos.kept_aside import HELD_OUT, SPLIT_SEED, lines_split
from bottega.datasets.photos.reading import read_photo
from bottega.datasets.words import search_words
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.joint_space import JointSpace
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["looked", "texts", "train_words", "words_card"]

FACTS = ("category", "subcategory", "type", "gender", "color", "usage")
AT_A_TIME = 256


def looked(catalogue: PhotoCatalogue, eye: Eye, *, progress: Progress = silent) -> FloatArray:
    """Vectors [N, E] of every photo."""
    parts = []
    for start in range(0, len(catalogue), AT_A_TIME):
        parts.append(eye.look([read_photo(path) for path in catalogue.paths[start : start + AT_A_TIME]]).vectors)
        progress("looking at photos", min(start + AT_A_TIME, len(catalogue)), len(catalogue))
    return np.concatenate(parts)


def texts(catalogue: PhotoCatalogue) -> list[list[str]]:
    """Words of each product: its title's, and those of its labels."""
    facts = zip(*(catalogue.labels[head] for head in FACTS), strict=True)
    return [search_words(" ".join([title, *row])) for title, row in zip(catalogue.titles, facts, strict=True)]


def train_words(
    catalogue: PhotoCatalogue,
    vectors: FloatArray,
    *,
    version: str,
    seed: int = 0,
    device: str = "auto",
    progress: Progress = silent,
) -> JointSpace:
    """The shipped recipe: `vectors` [N, E] of all photos by the eye of this `version`, the lines kept aside unseen."""
    learnt, _ = lines_split(catalogue)
    said = [text for text, mine in zip(texts(catalogue), learnt, strict=True) if mine]
    rng = np.random.default_rng(seed)
    return JointSpace().fit(said, vectors[learnt], rng=rng, version=version, device=device, progress=progress)


def words_card(catalogue: PhotoCatalogue) -> dict[str, Any]:
    """What the card of words trained by this recipe says of its data and split."""
    learnt, held_out = lines_split(catalogue)
    return {
        "trained_on": {"catalogue": f"fashion/, titles and labels of {int(learnt.sum())} products with a photo"},
        "split": {
            "held_out_photos": int(held_out.sum()),
            "held_out_ids": fingerprint([catalogue.ids[row] for row in np.flatnonzero(held_out)]),
            "share": HELD_OUT,
            "seed": SPLIT_SEED,
        },
    }
