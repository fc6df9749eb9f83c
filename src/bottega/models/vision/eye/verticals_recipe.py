"""The recipe of what stands beside the shipped eye's heads: its gate, and the names of other kinds of things.

Learns from the lines that the eye itself may learn from, from photos of clothes at home, groceries and furniture, of
which a fifth is kept aside, and from made-up things. The trunk stays as it is.

Shapes   N photos, P pixels a side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from bottega.datasets.photos.catalogue import PhotoCatalogue, classes_of, codes_of
from bottega.datasets.photos.drawn import draw_photos
from bottega.datasets.photos.kept_aside import lines_split
from bottega.datasets.photos.zipped import Zipped, named_photos, zipped_rows
from bottega.models.blocks.colours import foreground
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.fitting import LEAST_JUDGED, PRECISION
from bottega.models.vision.eye.gate import FURNITURE, GATED, GOODS, GROCERY, KINDS, OTHER, WORN, Gate
from bottega.models.vision.eye.gate_training import OfKind, fit_gate, strict
from bottega.models.vision.eye.heads_recipe import catalogue_aside
from bottega.models.vision.eye.oddments import grounds, oddments, rearranged
from bottega.models.vision.eye.recipe import DRAWN, DRAWN_SEED, street_known
from bottega.models.vision.eye.things import ThingHead, fit_thing
from bottega.models.vision.eye.views import shrink
from bottega.models.vision.tags import THRESHOLD, threshold_of
from bottega.names import BoolArray, FloatArray
from bottega.progress import Progress, silent

__all__ = ["CLOTHES", "FOLDERS", "KEPT_ASIDE", "kept_aside", "train_verticals"]

KEPT_ASIDE = 0.2
"""Share of the photos of a folder that no shipped model ever sees."""
CLOTHES = "clothes"
"""Clothes by the names that people give them at home, for photos taken there."""
FOLDERS = {CLOTHES: "clothing", GROCERY: "grocery_photos", FURNITURE: "furniture"}
"""Names -> the folder with their photos."""
STORED_PX = 80
"""Side of the pictures that the gate learns from."""
WORN_CATEGORIES = ("Apparel", "Accessories", "Footwear", "Clothing", "Shoes", "Bags")
GOODS_CATEGORIES = ("Personal Care", "Home", "Bath", "Electronics", "Kitchen", "Pantry")
SMALL_PHOTOS = 5000
"""Of the catalogue's small photos of worn things, so many are enough."""
ODDMENTS, GROUNDS, PIECES = 3500, 700, 800
FOLDS = 5
_RIDGES = {CLOTHES: 50.0, GROCERY: 10.0, FURNITURE: 10.0, GOODS: 20.0}
_EVENED = {CLOTHES: 0.0, GROCERY: 0.0, FURNITURE: 0.75, GOODS: 0.5}
"""Names -> how far rare ones are lifted, as a power of their share: 0 counts photos alike, 1 names alike. Chosen on
folds, without the photos kept aside."""


@dataclass(frozen=True, slots=True)
class _Photos:
    """Photos [N, P, P, 3] with names, "" where they have none, at the eye's size."""

    photos: NDArray[np.uint8]
    labels: tuple[str, ...]


def kept_aside(images: Sequence[str]) -> BoolArray:
    """Which images are kept aside: by their names, so that a folder that grows keeps what it had."""
    places = [int.from_bytes(sha256(name.encode()).digest()[:4], "big") / 2**32 for name in images]
    return np.array(places, dtype=np.float64) < KEPT_ASIDE


def train_verticals(
    eye: Eye, data: Path, *, seed: int, version: str, seconds: float | None = None, progress: Progress = silent
) -> Eye:
    """The eye with a gate and with names of other things. `seconds`: the most that the gate learns for."""
    rng = np.random.default_rng(seed)
    px = eye.config.image_px
    named = {name: _learnt(data / folder, px) for name, folder in FOLDERS.items() if (data / folder).exists()}
    worn, goods, aside = _catalogue(data / "fashion", px, seed, rng)
    drawn = _drawn(px)
    streets, _ = street_known(data / "parsing", seed, progress)
    street = {one.name: _shrunk(one.photos, px) for one in streets}
    progress("gathering kinds of things", 1, 2)
    stuffs = [worn, goods.photos, drawn[GOODS].photos, *(one.photos for one in named.values()), *street.values()]
    places = [one.photos for name, one in named.items() if name != CLOTHES] + [street["nothing"]]
    sets = [
        OfKind(WORN, _cut_out(worn), 0.30),
        OfKind(WORN, _cut_out(drawn[WORN].photos), 0.04),
        *[OfKind(WORN, _whole(named[CLOTHES].photos), 0.07) for _ in range(CLOTHES in named)],
        *[OfKind(WORN, _whole(street[name]), share) for name, share in (("garments", 0.05), ("street", 0.02))],
        OfKind(GOODS, _cut_out(goods.photos), 0.06),
        OfKind(GOODS, _cut_out(drawn[GOODS].photos), 0.06),
        *[OfKind(name, _cut_out(named[name].photos), 0.075) for name in (GROCERY, FURNITURE) if name in named],
        OfKind(OTHER, oddments(ODDMENTS, STORED_PX, stuffs, rng=rng), 0.17),
        OfKind(OTHER, rearranged(ODDMENTS, _cut_out(np.concatenate([worn[::4], *places[:-1]])), rng=rng), 0.08),
        OfKind(OTHER, _whole(_pieces(places, rng)), 0.04),
        OfKind(OTHER, _whole(street["nothing"]), 0.03),
    ]
    progress("gathering kinds of things", 2, 2)
    floors = grounds(GROUNDS, STORED_PX, stuffs, rng=rng)
    gate = fit_gate(sets, floors, rng=rng, seconds=seconds, progress=progress)
    gate = Gate(gate.network, opinion=_opinion(eye, sets, px))
    gate = strict(gate, aside, eye.features(aside))
    goods = _Photos(np.concatenate([goods.photos, drawn[GOODS].photos]), goods.labels + drawn[GOODS].labels)
    things = {
        name: _head(eye.features(one.photos), one.labels, _RIDGES[name], _EVENED[name], rng)
        for name, one in {**named, GOODS: goods}.items()
    }
    return with_verticals(eye, gate, things, version)


def _opinion(eye: Eye, sets: Sequence[OfKind], px: int) -> FloatArray:
    """What the eye's features say of the kind: a linear head on the photos as they are."""
    photos = [_shrunk(one.pictures[..., :3], px) for one in sets]
    codes = np.repeat([KINDS.index(one.kind) for one in sets], [len(one) for one in photos]).astype(np.int32)
    features = np.concatenate([eye.features(one) for one in photos])
    return fit_thing(features, codes, KINDS, ridge=30.0, steps=60).weights


def with_verticals(eye: Eye, gate: Gate, things: Mapping[str, ThingHead], version: str) -> Eye:
    """The eye with a gate before its heads, and with these names."""
    config = replace(
        eye.config,
        taught=dict.fromkeys(GATED, (WORN,)),
        things={name: head.classes for name, head in things.items()},
        version=version,
    )
    return Eye(config, eye.network, eye.implies, eye.second, gate, things, eye.outline)


def _learnt(folder: Path, px: int) -> _Photos:
    found = named_photos(folder, px)
    rows = np.flatnonzero(~kept_aside(found.images))
    return _Photos(found.photos[rows], tuple(found.labels[row] for row in rows))


def _catalogue(
    folder: Path, px: int, seed: int, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], _Photos, NDArray[np.uint8]]:
    """Worn things of the lines to learn from, other goods, and the worn things that the eye's training kept aside."""
    catalogue = PhotoCatalogue.read(folder)
    learnt, held_out = lines_split(catalogue)
    never = [catalogue.ids[row] for row in np.flatnonzero(held_out)]
    found: Zipped | None = None
    if (folder / "small.zip").exists():
        found = zipped_rows(folder, "small.zip", held_out=never)
    mine = catalogue.take(learnt)
    rest = catalogue_aside(mine, seed)
    aside, large = mine.take(rest), mine.take(~rest)
    aside = aside.take(np.isin(aside.labels["category"], WORN_CATEGORIES))
    is_worn = np.isin(large.labels["category"], WORN_CATEGORIES)
    worn, goods = [large.take(is_worn).photos(px)], [large.take(np.isin(large.labels["category"], GOODS_CATEGORIES))]
    photos, names = [goods[0].photos(px)], goods[0].labels["type"]
    if found is not None:
        rows = rng.permutation(np.flatnonzero(np.isin(found.labels["category"], WORN_CATEGORIES)))[:SMALL_PHOTOS]
        worn.append(found.take(rows).photos(px))
        others = found.take(np.isin(found.labels["category"], GOODS_CATEGORIES))
        photos.append(others.photos(px))
        names += others.labels["type"]
    return np.concatenate(worn), _Photos(np.concatenate(photos), names), aside.photos(px)


def _drawn(px: int) -> dict[str, _Photos]:
    found = draw_photos(DRAWN, px, seed=DRAWN_SEED)
    worn = np.isin(found.labels["category"], WORN_CATEGORIES)
    return {
        kind: _Photos(found.photos[rows], tuple(found.labels["type"][row] for row in np.flatnonzero(rows)))
        for kind, rows in ((WORN, worn), (GOODS, ~worn))
    }


def _pieces(photos: Sequence[NDArray[np.uint8]], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Pieces of photos of rooms and shelves, at the gate's size, where nothing is to be seen as a whole."""
    pieces = np.empty((PIECES, STORED_PX, STORED_PX, 3), dtype=np.uint8)
    for row in range(PIECES):
        one = photos[row % len(photos)]
        photo = one[rng.integers(len(one))]
        side = int(rng.integers(len(photo) // 3, len(photo) * 4 // 5))
        top, left = rng.integers(0, len(photo) - side + 1, 2)
        pieces[row] = _shrunk(photo[None, top : top + side, left : left + side], STORED_PX)[0]
    return pieces


def _head(
    features: FloatArray, labels: Sequence[str], ridge: float, evened: float, rng: np.random.Generator
) -> ThingHead:
    """A head for the names that occur, silent below the confidence from which enough of its answers are right."""
    classes = classes_of(labels)
    known = np.array([bool(label) for label in labels])
    rows, codes = features[known], codes_of(np.array(labels)[known].tolist(), classes)
    fold = rng.permutation(len(rows)) % FOLDS
    chances = np.zeros((len(rows), len(classes)), dtype=np.float32)
    for each in range(FOLDS):
        part = fit_thing(rows[fold != each], codes[fold != each], classes, ridge=ridge, evened=evened)
        chances[fold == each] = part.chances(rows[fold == each])
    right = chances.argmax(1) == codes
    threshold = THRESHOLD
    if len(rows) >= LEAST_JUDGED:
        threshold = max(THRESHOLD, threshold_of(chances.max(1), right, precision=PRECISION))
    return replace(fit_thing(rows, codes, classes, ridge=ridge, evened=evened), threshold=threshold)


def _shrunk(photos: NDArray[np.uint8], px: int) -> NDArray[np.uint8]:
    return np.asarray(shrink(torch.from_numpy(np.ascontiguousarray(photos)), px).numpy())


def _whole(photos: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """RGBA at the gate's size, all of it thing."""
    small = _shrunk(photos, STORED_PX)
    return np.concatenate([small, np.full((*small.shape[:3], 1), 255, dtype=np.uint8)], axis=3)


def _cut_out(photos: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """RGBA at the gate's size, with the outline where the background is plain enough to tell it."""
    found = _whole(photos)
    found[..., 3] = np.stack([foreground(photo) for photo in found[..., :3]]) * 255
    return found
