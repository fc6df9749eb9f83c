"""Which public photos no shipped model learns from: one split for every model, so that each may be judged by another.

Whole product lines of a catalogue are kept aside, and a part of the street photos.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.masks import PhotoMasks
from bottega.names import BoolArray
from bottega.progress import Progress, silent

__all__ = ["HELD_OUT", "SPLIT_SEED", "STREET_HELD_OUT", "lines_split", "some_lines", "street_split"]

HELD_OUT, SPLIT_SEED = 0.15, 0
"""Share of the product lines that no shipped model ever sees, and the seed of that split."""
STREET_HELD_OUT = 0.2
"""Share of the street photos that none ever sees; the seed is the same."""


def lines_split(catalogue: PhotoCatalogue) -> tuple[BoolArray, BoolArray]:
    """Which photos [N] of a catalogue models that ship learn from, and which they never see."""
    return catalogue.split_lines(HELD_OUT, np.random.default_rng(SPLIT_SEED))


def some_lines(catalogue: PhotoCatalogue, most: int, *, seed: int) -> PhotoCatalogue:
    """Whole product lines, drawn at random, with about `most` photos; all where there are no more."""
    if len(catalogue) <= most:
        return catalogue
    lines, counts = np.unique(catalogue.lines, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(lines))
    chosen = lines[order[np.cumsum(counts[order]) <= most]]
    return catalogue.take(np.isin(catalogue.lines, chosen))


def street_split(folder: Path, *, progress: Progress = silent) -> tuple[PhotoMasks, PhotoMasks]:
    """Street photos to learn from, and those that no model of ours ever sees (a fifth)."""
    return PhotoMasks.read(folder, progress=progress).split(STREET_HELD_OUT, np.random.default_rng(SPLIT_SEED))
