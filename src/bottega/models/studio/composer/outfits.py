"""Dressed pictures to learn from and to judge by: outfits of a catalogue's photos on fashion models.

Idea     Outfits are drawn at random: a top or a shirt with trousers or a skirt, or a dress; a third of them with a
         jacket. The same seed gives the same outfits. A piece whose photo does not become cloth is passed over and
         counted. Of a photo nothing but the cut-out piece is drawn, and of a figure's head nothing is learnt.
Costs    A second or two for each outfit.
Shapes   H, W height and width.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import lines_split
from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import BottegaError
from bottega.models.studio.bodies.body import body
from bottega.models.studio.bodies.fashion_models import FashionModel, on_call
from bottega.models.studio.bodies.scene import LABELS
from bottega.models.studio.composer.lessons import FramedPeople, framed
from bottega.models.studio.composer.of_dressed import layers_in
from bottega.models.studio.composer.unsure import FIRST_PIECE, HAIR, SKIN
from bottega.models.studio.dressed.dressed import Dressed, dressed
from bottega.models.studio.garments.cut_outs import cut_out
from bottega.models.studio.garments.made import made
from bottega.names import BoolArray
from bottega.progress import Progress, silent

__all__ = ["CUT_OF", "PhotoPiece", "WornOutfit", "as_parts", "drawn_lessons", "headless", "pieces_of", "worn_outfits"]

Parse = Callable[[Photo], LabelMap]

CUT_OF = {
    "Tshirts": "top", "Tops": "top", "Sweatshirts": "top", "Sweaters": "top", "Shirts": "shirt", "Jackets": "jacket",
    "Jeans": "trousers", "Trousers": "trousers", "Track Pants": "trousers", "Skirts": "skirt", "Dresses": "dress",
}  # fmt: skip
_PART_OF = {"top": "upper", "shirt": "upper", "jacket": "outer", "trousers": "lower", "skirt": "lower",
            "dress": "one_piece"}  # fmt: skip
_POSES = ("standing", "weight_left", "weight_right", "hands_low", "hand_on_hip", "walking_left", "strolling")
_JACKETS = 0.3
_LESSON_SIZE = (288, 384)
"""Width and height that outfits to learn from are drawn in, before they come into their frame."""


@dataclass(frozen=True, slots=True, eq=False)
class PhotoPiece:
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
class WornOutfit:
    """An outfit on a fashion model, drawn by geometry."""

    pieces: tuple[PhotoPiece, ...]
    model: FashionModel
    pose: str
    drawn: Dressed
    layers: NDArray[np.uint8]
    """[H, W], as the composer takes them."""


def pieces_of(
    data: Path, parse: Parse, *, held_out: bool, seed: int, half: int = 0
) -> dict[str, list[Iterator[PhotoPiece]]]:
    """Cut -> pieces in random order, of lines learnt from or kept aside (of those, product lines of one half).

    Photos are those of `data`/fashion; `parse` labels the pixels of one.
    """
    catalogue = PhotoCatalogue.read(data / "fashion")
    rows = np.flatnonzero(lines_split(catalogue)[int(held_out)])
    if held_out:
        rows = rows[catalogue.lines[rows] % 2 == half]
    rng = np.random.default_rng(seed)
    kinds = np.array(catalogue.labels["type"])[rows]
    found: dict[str, list[Iterator[PhotoPiece]]] = {}
    for kind, cut in CUT_OF.items():
        of = rng.permutation(rows[kinds == kind]).tolist()
        if of:
            found.setdefault(cut, []).append(_read(catalogue, of, cut, parse))
    return found


def _read(catalogue: PhotoCatalogue, rows: Sequence[int], cut: str, parse: Parse) -> Iterator[PhotoPiece]:
    while True:
        for row in rows:
            photo = read_photo(catalogue.paths[row], name=catalogue.ids[row])
            try:
                found = cut_out(photo, cut, parse)
            except BottegaError:
                continue
            kind, colour = (catalogue.labels[head][row] for head in ("type", "color"))
            yield PhotoPiece(
                catalogue.ids[row], kind, colour, cut, photo, found.mask, found.labels if found.worn else None
            )


def as_parts(layers: NDArray[np.uint8], pieces: Sequence[PhotoPiece]) -> NDArray[np.uint8]:
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


def _outfit(found: dict[str, list[Iterator[PhotoPiece]]], rng: np.random.Generator) -> list[PhotoPiece]:
    def one(cut: str) -> PhotoPiece:
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
    data: Path,
    parse: Parse,
    *,
    held_out: bool,
    seed: int,
    size: tuple[int, int],
    half: int = 0,
    passed: Counter[str] | None = None,
) -> Iterator[WornOutfit]:
    """Outfits without end, in pictures of `size` (width, height); `passed` counts what became no cloth, by cut."""
    found = pieces_of(data, parse, held_out=held_out, seed=seed, half=half)
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
        yield WornOutfit(tuple(kept), model, pose_name, drawn, layers_in(drawn))


def drawn_lessons(
    data: Path,
    parse: Parse,
    count: int,
    frame: tuple[int, int],
    *,
    seed: int,
    passed: Counter[str] | None = None,
    progress: Progress = silent,
) -> FramedPeople:
    """So many outfits of lines learnt from, without heads, in frames of a size (width, height)."""
    found = []
    outfits = worn_outfits(data, parse, held_out=False, seed=seed, size=_LESSON_SIZE, passed=passed)
    for at in range(count):
        worn = next(outfits)
        one = framed(worn.drawn.photo, headless(as_parts(worn.layers, worn.pieces), worn.drawn), frame)
        if one is not None:
            found.append((f"drawn/{at}", *one))
        progress("drawing outfits", at + 1, count)
    return FramedPeople.of(found, frame)
