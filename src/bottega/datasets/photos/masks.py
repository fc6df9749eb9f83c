"""A folder of street photos with pixel labels: `photos/*.jpg`, `masks/*.png` and `labels.txt` become arrays.

A mask's value is a line of labels.txt, counted from 0. The 59 labels of Clothing Co-Parsing (Yang et al. 2014,
https://github.com/bearpaw/clothing-co-parsing) stand in where that file is absent. `LABELS_OF` maps them to nine parts.

Shapes   H, W height and width of one photo; N photos.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import SourceUnreadable
from bottega.progress import Progress, silent

__all__ = ["LABELS", "LABELS_OF", "PARTS", "LabelMap", "PhotoMasks", "part_codes"]

LabelMap = NDArray[np.uint8]
"""[H, W], a code a pixel."""

LABELS_OF: Mapping[str, tuple[str, ...]] = {
    "background": ("null",),
    "skin": ("skin",),
    "hair": ("hair",),
    "upper": (*("blouse", "bra", "intimate", "jumper", "shirt"), *("sweater", "sweatshirt", "t-shirt", "top", "vest")),
    "outer": ("blazer", "cape", "cardigan", "coat", "hoodie", "jacket", "suit"),
    "lower": ("jeans", "leggings", "panties", "pants", "shorts", "skirt", "socks", "stockings", "tights"),
    "one_piece": ("bodysuit", "dress", "romper", "swimwear"),
    "shoes": (*("boots", "clogs", "flats", "heels", "loafers"), *("pumps", "sandals", "shoes", "sneakers", "wedges")),
    "bag": (
        *("accessories", "bag", "belt", "bracelet", "earrings", "glasses", "gloves", "hat", "necklace", "purse"),
        *("ring", "scarf", "sunglasses", "tie", "wallet", "watch"),
    ),
}
"""Part -> its labels, as the photos show them: a suit is its jacket (the trousers are labelled apart), a jumper and a
vest are worn without a shirt, both hoodies are worn open or as a jacket, whatever covers the legs is lower wear. The
last part takes every accessory."""

PARTS = tuple(LABELS_OF)
"""The nine parts; their order is their code."""

LABELS = tuple(
    sorted((label for labels in LABELS_OF.values() for label in labels), key=lambda name: (name != "null", name))
)
"""The 59 labels in the order of the public labels.txt."""

_PART_OF = {label: code for code, labels in enumerate(LABELS_OF.values()) for label in labels}


def part_codes(labels: Sequence[str]) -> NDArray[np.uint8]:
    """Code of the part of each label [len(labels)]; raises `SourceUnreadable` for one that no part takes."""
    strange = [label for label in labels if label not in _PART_OF]
    if strange:
        raise SourceUnreadable(
            f"labels.txt holds {len(strange)} unknown label(s), first {strange[0]!r}.",
            allowed=f"Known are {', '.join(LABELS)}.",
            next_step="Rename the label to the nearest of these, or leave the file out where masks have these 59.",
        )
    return np.array([_PART_OF[label] for label in labels], np.uint8)


@dataclass(frozen=True, slots=True)
class PhotoMasks:
    """Photos and their pixel labels, in the order of their names."""

    names: tuple[str, ...]
    photos: tuple[Photo, ...]
    masks: tuple[LabelMap, ...]
    """Codes of `labels`, of the photo's size."""
    labels: tuple[str, ...] = LABELS
    unpaired: tuple[str, ...] = ()
    """Names of photos without a mask and of masks without a photo: not read."""

    def __len__(self) -> int:
        return len(self.names)

    @classmethod
    def read(cls, folder: Path, *, progress: Progress = silent) -> PhotoMasks:
        """Read a folder. A photo is brought to its mask's size where only its scale differs.

        Raises `SourceUnreadable` where nothing fits together, `PhotoRefused` for a damaged photo.
        """
        photos = {path.stem: path for path in (folder / "photos").glob("*.jpg")}
        masks = {path.stem: path for path in (folder / "masks").glob("*.png")}
        names = tuple(sorted(photos.keys() & masks.keys()))
        if not names:
            raise SourceUnreadable(
                f"{folder} has {len(photos)} photo(s) and {len(masks)} mask(s), and no pair of them.",
                allowed="A photo is photos/<name>.jpg and its mask masks/<name>.png.",
                next_step="Check the path; it is the folder that holds photos/ and masks/.",
            )
        file = folder / "labels.txt"
        labels = tuple(file.read_text(encoding="utf-8").split()) if file.exists() else LABELS
        part_codes(labels)
        pairs = []
        for done, name in enumerate(names, start=1):
            pairs.append(_pair(photos[name], masks[name], labels))
            progress("reading masks", done, len(names))
        return cls(
            names=names,
            photos=tuple(photo for photo, _ in pairs),
            masks=tuple(mask for _, mask in pairs),
            labels=labels,
            unpaired=tuple(sorted(photos.keys() ^ masks.keys())),
        )

    @classmethod
    def one(cls, folder: Path, name: str) -> tuple[Photo, LabelMap]:
        """A photo [H, W, 3] of such a folder, and its parts [H, W]; raises as `read` does."""
        file = folder / "labels.txt"
        labels = tuple(file.read_text(encoding="utf-8").split()) if file.exists() else LABELS
        photo, mask = _pair(folder / "photos" / f"{name}.jpg", folder / "masks" / f"{name}.png", labels)
        return photo, part_codes(labels)[mask]

    @property
    def parts(self) -> tuple[LabelMap, ...]:
        """The masks in codes of `PARTS`."""
        codes = part_codes(self.labels)
        return tuple(codes[mask] for mask in self.masks)

    @property
    def fingerprint(self) -> str:
        """Hash of the names, to say in a card which photos a model has not seen."""
        return sha256("\n".join(self.names).encode()).hexdigest()[:16]

    def take(self, rows: Sequence[int]) -> PhotoMasks:
        """The photos of these rows."""
        picked = [(self.names[row], self.photos[row], self.masks[row]) for row in rows]
        names, photos, masks = zip(*picked, strict=True) if picked else ((), (), ())
        return PhotoMasks(names, photos, masks, self.labels)

    def split(self, share: float, rng: np.random.Generator) -> tuple[PhotoMasks, PhotoMasks]:
        """Two sets without a photo in common; the second has `share` of them, drawn at random."""
        order = rng.permutation(len(self))
        cut = len(self) - round(len(self) * share)
        return self.take(sorted(order[:cut].tolist())), self.take(sorted(order[cut:].tolist()))


def _pair(photo_file: Path, mask_file: Path, labels: tuple[str, ...]) -> tuple[Photo, LabelMap]:
    photo = read_photo(photo_file)
    try:
        with Image.open(mask_file) as picture:
            mask = np.array(picture if picture.mode in {"L", "P"} else picture.convert("L"))
    except OSError as error:
        raise _misfit(mask_file, f"cannot be read ({error})") from error
    if mask.max() >= len(labels):
        raise _misfit(mask_file, f"holds the value {mask.max()}, and there are {len(labels)} labels")
    (height, width), (rows, columns) = mask.shape, photo.shape[:2]
    if abs(height * columns / (width * rows) - 1) > 0.02:
        raise _misfit(mask_file, f"is {width}x{height} and its photo {columns}x{rows}")
    if (height, width) != (rows, columns):
        photo = np.array(Image.fromarray(photo).resize((width, height), Image.Resampling.BOX))
    return photo, mask


def _misfit(file: Path, what: str) -> SourceUnreadable:
    return SourceUnreadable(
        f"The mask {file} {what}.",
        allowed="A mask is an 8-bit grey or palette PNG in its photo's proportions, a label's number in each pixel.",
        next_step="Write the mask again, or take it and its photo out of the folder.",
    )
