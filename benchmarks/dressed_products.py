"""Products of `fashion/` for benchmarks that dress figures: what is worn, in two halves, as cloth on a body.

The halves go by the parity of the product's id: `look` was looked at while the code was made, `judge` was not. A photo
is the larger one where the folder has two.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from bottega.actions.studio.dressing.cloth_of_product import cloth_of_photo
from bottega.datasets.photos.masks import PARTS, LabelMap
from bottega.datasets.photos.reading import Photo
from bottega.models.studio.garments.cloth import Cloth
from bottega.models.studio.garments.cut_outs import cut_out
from bottega.models.studio.garments.cuts import cut_of
from bottega.models.vision.parts.parser import Parts
from bottega.names import BoolArray
from common import DATA

__all__ = ["Piece", "cut_out_of", "is_flat", "pieces", "worn_piece"]

FOLDER = DATA / "fashion"
TYPES = (
    "Tshirts", "Shirts", "Tops", "Sweatshirts", "Sweaters", "Jackets", "Jeans", "Trousers", "Track Pants", "Shorts",
    "Capris", "Leggings", "Skirts", "Dresses", "Kurtas", "Tunics", "Casual Shoes", "Sports Shoes", "Formal Shoes",
    "Handbags", "Caps", "Belts", "Scarves", "Sunglasses",
)  # fmt: skip


_SOMEBODY = [PARTS.index("skin"), PARTS.index("hair")]
_NOBODY = 0.002
"""Of a photo, what the parser may take for skin and hair where nobody is."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One product."""

    id: str
    type: str
    title: str
    gender: str
    cut: str

    def photo(self) -> Photo:
        """[H, W, 3], the larger of its photos."""
        with zipfile.ZipFile(FOLDER / "large.zip") as large:
            name = f"{self.id}.jpg"
            content = large.read(name) if name in _large() else (FOLDER / "images" / name).read_bytes()
        return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


def pieces(half: str, *, seed: int = 0) -> dict[str, list[Piece]]:
    """Products of a half by their cut, mixed."""
    assert half in {"look", "judge"}
    with (FOLDER / "styles.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["articleType"] in TYPES]
    found: dict[str, list[Piece]] = {}
    for place in np.random.default_rng(seed).permutation(len(rows)):
        row = rows[place]
        has_photo = row["id"] in _large_ids() or (FOLDER / "images" / f"{row['id']}.jpg").is_file()
        if has_photo and (int(row["id"]) % 2 == 0) == (half == "look"):
            cut = cut_of([row["articleType"], row["productDisplayName"]])
            found.setdefault(cut, []).append(
                Piece(row["id"], row["articleType"], row["productDisplayName"], row["gender"], cut)
            )
    return found


@lru_cache(maxsize=1)
def _large() -> frozenset[str]:
    with zipfile.ZipFile(FOLDER / "large.zip") as large:
        return frozenset(large.namelist())


@lru_cache(maxsize=1)
def _large_ids() -> frozenset[str]:
    return frozenset(Path(name).stem for name in _large())


@lru_cache(maxsize=1)
def _parser() -> Parts:
    return Parts.shipped()


@lru_cache(maxsize=256)
def _labels(piece: Piece) -> LabelMap:
    return _parse(piece.photo())


def _parse(photo: Photo) -> LabelMap:
    return _parser().parse_labels([photo])[0]


@lru_cache(maxsize=128)
def cut_out_of(piece: Piece) -> tuple[Photo, BoolArray, bool]:
    """A product's photo, where the piece is on it, and whether somebody wears it. Raises `InputError`."""
    photo = piece.photo()
    found = cut_out(photo, piece.cut, _parse)
    return photo, found.mask, found.worn


def is_flat(piece: Piece) -> bool:
    """Whether the parser sees nobody on the photo: next to no skin and no hair."""
    return bool(np.isin(_labels(piece), _SOMEBODY).mean() < _NOBODY)


def worn_piece(piece: Piece, body_name: str) -> Cloth:
    """A product as cloth on a body. Raises `InputError` where its photo cannot carry it."""
    return cloth_of_photo(piece.photo(), _parse, body_name, cut=piece.cut)
