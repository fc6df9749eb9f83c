"""The recipe of what goes with what that ships: the garments of people in street photos, as one eye sees them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bottega.datasets.photos.masks import PhotoMasks
from bottega.models.blocks.colours import dominant_colours
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.harmony import COLOURS
from bottega.models.vision.outfits import Garments, Outfits, OutfitsConfig
from bottega.models.vision.outfits_training import pairs_within, slot_masks, worn_garments
from bottega.names import FloatArray, IntArray
from bottega.progress import Progress, silent

__all__ = ["People", "outfits_card", "read_people", "train_outfits"]


@dataclass(frozen=True)
class People:
    """Garments [N], the person of each [N], and the light of each one's photo [N, 3]: Lab of what has no label."""

    garments: Garments
    person: IntArray
    light: FloatArray

    def take(self, rows: IntArray) -> People:
        return People(self.garments.take(rows), self.person[rows], self.light[rows])


def read_people(folder: Path, eye: Eye, *, progress: Progress = silent) -> People:
    """The garments of everyone."""
    found = PhotoMasks.read(folder, progress=progress)
    people = [(photo, slot_masks(mask, found.labels)) for photo, mask in zip(found.photos, found.masks, strict=True)]
    garments, person = worn_garments(
        people,
        lambda photos: eye.look(photos).vectors,
        lambda photo, mask: dominant_colours(photo, mask, count=COLOURS),
        progress=progress,
    )
    light = [
        dominant_colours(photo, mask == 0, count=1)[0].lab
        for photo, mask in zip(found.photos, found.masks, strict=True)
    ]
    return People(garments, person, np.array(light, dtype=np.float32)[person])


def train_outfits(
    people: People, *, version: str, seed: int = 0, device: str = "auto", progress: Progress = silent
) -> Outfits:
    """The shipped recipe: learn from everyone; `version` names the eye that saw them."""
    pairs = pairs_within(people.person, people.garments.slots)
    rng = np.random.default_rng(seed)
    return Outfits(OutfitsConfig(eye=version)).fit(
        people.garments, pairs, rng=rng, groups=people.person, device=device, progress=progress
    )


def outfits_card(people: People) -> dict[str, Any]:
    """What the card of outfits trained by this recipe says of its data and of how it was measured."""
    return {
        "trained_on": {"street": "garments of street photos (Clothing Co-Parsing), worn together"},
        "split": {"measured": "five folds by photo; the weights themselves learnt from everyone"},
        "people": len(np.unique(people.person)),
        "garments": len(people.person),
        "pairs": len(pairs_within(people.person, people.garments.slots)),
    }
