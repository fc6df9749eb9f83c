"""What the benchmarks of the parser share: the recipe, shop photos as lessons, and the masks checked by hand."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.masks import PhotoMasks
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.parts.network import PartsShape
from bottega.models.vision.parts.parser import Parts, PartsConfig
from bottega.models.vision.parts.shop_lessons import agreed, part_of, shop_material
from bottega.models.vision.parts.training import PartsTraining
from bottega.models.vision.parts.views import PartsMaterial
from bottega.names import BoolArray
from bottega.progress import Progress, silent

__all__ = ["HELD_OUT", "ROUNDS", "SPLIT_SEED", "ShopLessons", "shop_lessons", "shop_masks", "train_parts"]

HELD_OUT, SPLIT_SEED = 0.2, 0
"""Share of the street photos that no shipped model ever sees, and the seed of that split: those of eye_data.py."""
SHOP_PHOTOS, SHOP_PX = 800, 224
ROUNDS = (
    PartsTraining(steps=1800, sizes=((1.0, 144, 96),)),
    PartsTraining(steps=1500, sizes=((1.0, 192, 128),), learning_rate=1.5e-3),
    PartsTraining(steps=400, sizes=((1.0, 288, 192),), learning_rate=1e-3, average=0.99),
)
"""Small pictures first. Before the last round, the parser says what it sees in shop photos."""


@dataclass(frozen=True, slots=True)
class ShopLessons:
    """Shop photos to learn from, and the part that each one's type says."""

    material: PartsMaterial
    parts: tuple[int | None, ...]


def shop_masks() -> dict[str, BoolArray]:
    """Masks of 40 shop photos, by id, each looked at and right; how they came about is told in parts.md."""
    held = json.loads(Path(__file__).with_name("shop_masks.json").read_text())
    size = held["height"], held["width"]
    packed = {name: zlib.decompress(base64.b64decode(text)) for name, text in held["masks"].items()}
    return {
        name: np.unpackbits(np.frombuffer(bits, np.uint8)).astype(bool).reshape(size) for name, bits in packed.items()
    }


def shop_lessons(folder: Path, *, seed: int, progress: Progress = silent) -> ShopLessons:
    """Photos of a catalogue on a plain background, none of a line that the eye is judged on or that a mask shows."""
    catalogue = PhotoCatalogue.read(folder)
    free, _ = catalogue.split_lines(0.15, np.random.default_rng(0))
    judged = np.unique(catalogue.lines[np.isin(catalogue.ids, list(shop_masks()))])
    rows = np.flatnonzero(free & ~np.isin(catalogue.lines, judged))
    rows = np.sort(np.random.default_rng(seed).permutation(rows)[:SHOP_PHOTOS])
    photos: list[Photo] = []
    for done, row in enumerate(rows, start=1):
        photos.append(read_photo(catalogue.paths[row]))
        progress("reading shop photos", done, len(rows))
    heads = ("type", "subcategory", "category")
    parts = [part_of([catalogue.labels[head][row] for head in heads]) for row in rows]
    material, plain = shop_material(photos, parts, SHOP_PX)
    return ShopLessons(material, tuple(part for part, kept in zip(parts, plain, strict=True) if kept))


def train_parts(
    street: PhotoMasks,
    *,
    shop: ShopLessons | None = None,
    projection: bool = True,
    seed: int = 0,
    rounds: tuple[PartsTraining, ...] = ROUNDS,
    after: Callable[[int, Parts], None] | None = None,
    progress: Progress = silent,
) -> Parts:
    """The shipped recipe on these photos; `after` hears of each round."""
    rng = np.random.default_rng(seed)
    config = PartsConfig(version="parts-2", shape=PartsShape(projection=projection))
    parser = Parts.fresh(rng=rng, config=config, eye=Eye.shipped())
    lessons = shop.material if shop else None
    for number, training in enumerate(rounds, start=1):
        Parts.fit(
            street.photos, street.parts, rng=rng, training=training, shop=lessons, start=parser, progress=progress
        )
        parser.config = replace(parser.config, image_px=training.sizes[-1][1])
        if after is not None:
            after(number, parser)
        if shop is not None and number == len(rounds) - 1:
            lessons = agreed(parser, shop.material, shop.parts, progress=progress)
    return parser
