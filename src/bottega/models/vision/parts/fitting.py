"""From photos and masks to a parser: pack, train, note what parts weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.checkpoint import Checkpoint
from bottega.models.blocks.device import device_of
from bottega.models.vision.parts.parser import Parts, PartsConfig
from bottega.models.vision.parts.training import PartsTraining, fit_parts, part_weights
from bottega.models.vision.parts.views import PartsMaterial, pack
from bottega.progress import Progress, silent

__all__ = ["fit_parser"]


def fit_parser(
    photos: Sequence[Photo],
    masks: Sequence[LabelMap],
    *,
    rng: np.random.Generator,
    config: PartsConfig | None = None,
    training: PartsTraining | None = None,
    shop: PartsMaterial | None = None,
    start: Parts | None = None,
    device: str = "auto",
    seconds: float | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Progress = silent,
) -> Parts:
    """Learn from photos [H, W, 3] and masks [H, W] in codes of `PARTS`; `shop` are products of known outline.

    `start` goes on from a trained parser, in place. `seconds`: the most that it learns for.
    """
    device_of(device)
    parser = start or Parts.fresh(rng=rng, config=config or PartsConfig(version="1"))
    training = training or PartsTraining()
    height, width = max(size[1:] for size in training.sizes)
    street = pack(photos, masks, height, width)
    fit_parts(
        parser.network,
        street,
        rng=rng,
        config=training,
        shop=shop,
        device=device,
        seconds=seconds,
        checkpoint=checkpoint,
        progress=progress,
    )
    weights = part_weights(street, len(PARTS), training.rare)
    parser.config = replace(parser.config, weights=tuple(round(weight, 4) for weight in weights.tolist()))
    return parser
