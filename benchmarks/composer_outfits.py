"""Dressed pictures to learn from and to judge by: outfits of catalogue photos on fashion models, and pasted flat.

Outfits are drawn at random: a top or a shirt with trousers or a skirt, or a dress; a third of them with a jacket. The
same seed gives the same outfits. A piece whose photo does not become cloth is passed over and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import lines_split
from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import BottegaError
from bottega.models.studio.bodies.body import body
from bottega.models.studio.bodies.fashion_models import on_call
from bottega.models.studio.bodies.figure import NO_LABEL, figure
from bottega.models.studio.bodies.scene import LABELS
from bottega.models.studio.composer.of_dressed import layers_in
from bottega.models.studio.composer.unsure import FIRST_PIECE, HAIR, SKIN
from bottega.models.studio.dressed.dressed import Dressed, dressed
from bottega.models.studio.garments.cut_outs import cut_out
from bottega.models.studio.garments.made import made
from bottega.models.vision.parts.parser import Parts

if TYPE_CHECKING:
    from bottega.models.studio.bodies.fashion_models import FashionModel
    from bottega.names import BoolArray

__all__ = ["CUT_OF", "Piece", "Worn", "as_parts", "headless", "pieces_of", "worn_outfits"]

CUT_OF = {
    "Tshirts": "top", "Tops": "top", "Sweatshirts": "top", "Sweaters": "top", "Shirts": "shirt", "Jackets": "jacket",
    "Jeans": "trousers", "Trousers": "trousers", "Track Pants": "trousers", "Skirts": "skirt", "Dresses": "dress",
}  # fmt: skip
_PART_OF = {"top": "upper", "shirt": "upper", "jacket": "outer", "trousers": "lower", "skirt": "lower",
            "dress": "one_piece"}  # fmt: skip
_POSES = ("standing", "weight_left", "weight_right", "hands_low", "hand_on_hip", "walking_left", "strolling")
_JACKETS = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A product's photo [H, W, 3], the mask of the piece [H, W], and its cut."""

    name: str
    type: str
    colour: str
    cut: str
    photo: Photo
    mask: BoolArray
    labels: LabelMap | None
    """The parser's, where somebody wears it."""


@dataclass(frozen=True, slots=True, eq=False)
class Worn:
    """An outfit on a fashion model, drawn by geometry and with its cut-outs pasted flat on the bare figure."""

    pieces: tuple[Piece, ...]
    model: str
    drawn: Dressed
    layers: NDArray[np.uint8]
    """[H, W], as the composer takes them."""
    flat: Photo
    flat_layers: NDArray[np.uint8]


@cache
def _parser() -> Parts:
    return Parts.shipped()


def pieces_of(data: Path, *, held_out: bool, seed: int, half: int = 0) -> dict[str, list[Iterator[Piece]]]:
    """Cut -> pieces in random order, of lines learnt from or kept aside (of those, product lines of one half)."""
    catalogue = PhotoCatalogue.read(data / "fashion")
    rows = np.flatnonzero(lines_split(catalogue)[int(held_out)])
    if held_out:
        rows = rows[catalogue.lines[rows] % 2 == half]
    rng = np.random.default_rng(seed)
    kinds = np.array(catalogue.labels["type"])[rows]
    found: dict[str, list[Iterator[Piece]]] = {}
    for kind, cut in CUT_OF.items():
        of = rng.permutation(rows[kinds == kind]).tolist()
        if of:
            found.setdefault(cut, []).append(_read(catalogue, of, cut))
    return found


def _read(catalogue: PhotoCatalogue, rows: Sequence[int], cut: str) -> Iterator[Piece]:
    while True:
        for row in rows:
            photo = read_photo(catalogue.paths[row], name=catalogue.ids[row])
            try:
                found = cut_out(photo, cut, lambda one: _parser().parse_labels([one])[0])
            except BottegaError:
                continue
            kind, colour = (catalogue.labels[head][row] for head in ("type", "color"))
            yield Piece(catalogue.ids[row], kind, colour, cut, photo, found.mask, found.labels if found.worn else None)


def as_parts(layers: NDArray[np.uint8], pieces: Sequence[Piece]) -> NDArray[np.uint8]:
    """Layers as codes of `PARTS`."""
    codes = [0, SKIN, HAIR, *(PARTS.index(_PART_OF[piece.cut]) for piece in pieces)]
    return np.array(codes, np.uint8)[layers]


def headless(parts: NDArray[np.uint8], drawn: Dressed) -> NDArray[np.uint8]:
    """Parts without the head of the figure, and without hair above the chin."""
    head = np.isin(drawn.labels, [LABELS.index("head"), LABELS.index("eyes")])
    left = np.where(head & (parts < FIRST_PIECE), 0, parts).astype(np.uint8)
    if head.any():
        above = left[: int(np.flatnonzero(head.any(1))[-1])]
        above[above == HAIR] = 0
    return left


def _outfit(found: dict[str, list[Iterator[Piece]]], rng: np.random.Generator) -> list[Piece]:
    def one(cut: str) -> Piece:
        kinds = found[cut]
        return next(kinds[int(rng.integers(len(kinds)))])

    if "dress" in found and rng.random() < 0.25:
        return [one("dress")]
    outfit = [one("skirt" if "skirt" in found and rng.random() < 0.25 else "trousers")]
    outfit.append(one("shirt" if rng.random() < 0.4 else "top"))
    if "jacket" in found and rng.random() < _JACKETS:
        outfit.append(one("jacket"))
    return outfit


def worn_outfits(
    data: Path, *, held_out: bool, seed: int, size: tuple[int, int], half: int = 0, passed: Counter[str] | None = None
) -> Iterator[Worn]:
    """Outfits without end; `passed` counts what did not become cloth, by cut."""
    found = pieces_of(data, held_out=held_out, seed=seed, half=half)
    rng = np.random.default_rng(seed)
    models = [model for model in on_call().values() if body(model.body).build.grown]
    passed = Counter() if passed is None else passed
    while True:
        outfit = _outfit(found, rng)
        model = models[int(rng.integers(len(models)))]
        pose_name = _POSES[int(rng.integers(len(_POSES)))]
        cloths, kept = [], []
        for piece in outfit:
            try:
                cloths.append(made(piece.photo, piece.mask, piece.cut, model.body, labels=piece.labels))
                kept.append(piece)
            except BottegaError:
                passed[piece.cut] += 1
        if len(kept) < len(outfit):
            continue
        try:
            drawn = dressed(model.body, model.appearance, pose_name, cloths, size=size)
        except BottegaError:
            passed["figure"] += 1
            continue
        flat, flat_layers = _pasted(drawn, kept, model, pose_name, size)
        yield Worn(tuple(kept), model.name, drawn, layers_in(drawn), flat, flat_layers)


def _pasted(
    drawn: Dressed, pieces: Sequence[Piece], model: FashionModel, pose_name: str, size: tuple[int, int]
) -> tuple[Photo, NDArray[np.uint8]]:
    """The cut-outs laid on the bare figure, each brought to the box that geometry's drawing of it has."""
    bare = figure(model.body, model.appearance, pose_name, size=size)
    photo = bare.photo.copy()
    layers = np.where(bare.labels == NO_LABEL, 0, SKIN).astype(np.uint8)
    layers[bare.labels == LABELS.index("hair")] = HAIR
    there, here = (np.array([(point.x, point.y) for point in one.key_points]) for one in (drawn, bare))
    scale = float(np.ptp(here[:, 1]) / np.ptp(there[:, 1]))
    move = here.mean(0) - scale * there.mean(0)
    for at, piece in enumerate(pieces):
        mask = drawn.mask(at)
        if not mask.any():
            continue
        box = np.array(_box(mask), float).reshape(2, 2) * scale + move
        (left, top), (right, bottom) = np.rint(box).astype(int)
        cut = _box(piece.mask)
        part = np.s_[cut[1] : cut[3], cut[0] : cut[2]]
        wide, high = max(1, right - left), max(1, bottom - top)
        picture = Image.fromarray(piece.photo[part]).resize((wide, high), Image.Resampling.BICUBIC)
        cover = Image.fromarray(np.where(piece.mask[part], 255, 0).astype(np.uint8)).resize(
            (wide, high), Image.Resampling.BILINEAR
        )
        canvas = Image.fromarray(photo)
        canvas.paste(picture, (int(left), int(top)), cover)
        photo = np.array(canvas)
        marks = Image.new("L", size, 0)
        marks.paste(cover, (int(left), int(top)))
        layers[np.array(marks) > 127] = FIRST_PIECE + at
    return photo, layers


def _box(mask: BoolArray) -> tuple[int, int, int, int]:
    """Left, top, right, bottom."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
