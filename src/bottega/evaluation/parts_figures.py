"""How the parser is judged: pixels of street photos called what they are, and outlines of products checked by hand.

Shapes   H, W height and width of a photo.
"""

from __future__ import annotations

import base64
import json
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import lines_split
from bottega.datasets.photos.masks import PARTS, LabelMap, PhotoMasks
from bottega.datasets.photos.reading import read_photo
from bottega.evaluation.photo_measures import confusion, intersection_over_union, pixel_accuracy
from bottega.models.vision.parts.parser import Parts
from bottega.models.vision.parts.product_mask import product_mask
from bottega.models.vision.parts.shop_lessons import part_of
from bottega.names import BoolArray
from bottega.progress import Progress, silent

__all__ = ["BARS", "SHOP_BAR", "JudgedParts", "covered", "judge_clothes", "judge_parts", "judge_shop", "shop_masks"]

BARS = {"miou": 0.55, "pixel_accuracy": 0.92}
"""What the shipped parser should reach on the street photos kept from it."""
SHOP_BAR = 0.97
"""What its outlines of products should reach."""
_LEAST_SHARE, _FOUND = 0.005, 0.5
"""Share of the photo from which a garment counts as shown, and share of its pixels that have to be found."""
_OVER = ("upper", "outer")
_CLOTHES, _SKIN_SHOWS = (*_OVER, "lower", "one_piece"), 0.01


def shop_masks() -> dict[str, BoolArray]:
    """Masks of 40 shop photos, by id, each looked at and right; how they came about: benchmarks/parts.md."""
    held = json.loads(Path(__file__).with_name("shop_masks.json").read_text())
    size = held["height"], held["width"]
    packed = {name: zlib.decompress(base64.b64decode(text)) for name, text in held["masks"].items()}
    return {
        name: np.unpackbits(np.frombuffer(bits, np.uint8)).astype(bool).reshape(size) for name, bits in packed.items()
    }


@dataclass(frozen=True, slots=True)
class JudgedParts:
    """What a parser said of a set, and what it took."""

    figures: dict[str, Any]
    said: list[LabelMap]
    ms_a_photo: float


def judge_parts(parser: Parts, judged: PhotoMasks, *, progress: Progress = silent) -> JudgedParts:
    """mIoU, pixel accuracy and IoU by part."""
    table, said = np.zeros((len(PARTS), len(PARTS)), np.int64), []
    started = time.perf_counter()
    for done, (photo, truth) in enumerate(zip(judged.photos, judged.parts, strict=True), start=1):
        said += parser.parse_labels([photo])
        table += confusion(said[-1], truth, len(PARTS))
        progress("parsing photos", done, len(judged))
    ms = (time.perf_counter() - started) * 1000 / len(judged)
    overlap = intersection_over_union(table)
    figures = {
        "miou": round(float(np.nanmean(overlap)), 4),
        "pixel_accuracy": round(pixel_accuracy(table), 4),
        "iou": {
            part: None if np.isnan(one) else round(float(one), 4) for part, one in zip(PARTS, overlap, strict=True)
        },
        "photos": len(judged),
    }
    return JudgedParts(figures, said, ms)


def covered(judged: PhotoMasks, said: Sequence[LabelMap]) -> dict[str, Any]:
    """How often an outer garment and the upper one under it are found, each and both."""
    outer, upper = PARTS.index("outer"), PARTS.index("upper")
    found = []
    for truth, answer in zip(judged.parts, said, strict=True):
        shown = [truth == part for part in (outer, upper)]
        if min(one.mean() for one in shown) >= _LEAST_SHARE:
            found.append(
                [(answer[one] == part).mean() >= _FOUND for one, part in zip(shown, (outer, upper), strict=True)]
            )
    table = np.array(found, dtype=bool).reshape(-1, 2)
    both = table[:, 0] & table[:, 1]
    shares = {"outer_found": table[:, 0], "upper_found": table[:, 1], "both_found": both}
    return {"photos": len(table)} | {name: round(float(one.mean()), 4) for name, one in shares.items() if len(one)}


def judge_shop(parser: Parts, folder: Path) -> dict[str, Any]:
    """IoU of the product with the 40 masks checked by hand: mean over photos, all pixels together, and the worst."""
    found: dict[str, list[tuple[int, int]]] = {"parser": [], "cut_out": []}
    for name, truth in shop_masks().items():
        photo = read_photo(folder / "images" / f"{name}.jpg")
        for way, mask in (
            ("parser", parser.parse_labels([photo])[0] != 0),
            ("cut_out", product_mask(photo, parser=parser)),
        ):
            found[way].append((int((mask & truth).sum()), int((mask | truth).sum())))
    answer: dict[str, Any] = {"photos": len(found["parser"])}
    for way, pairs in found.items():
        both, either = np.array(pairs, np.float64).T
        values = {"mean": (both / either).mean(), "pooled": both.sum() / either.sum(), "worst": (both / either).min()}
        answer[way] = {key: round(float(value), 4) for key, value in values.items()}
    return answer


def judge_clothes(parser: Parts, folder: Path, *, most: int = 160, seed: int = 11) -> dict[str, Any]:
    """Shop photos of clothes, of lines kept aside: how often the largest garment is of the part that the type says.

    Upper and outer wear count as one. `worn`: photos in which the parser sees skin; `called_bag`: the share of what is
    worn in them, by pixels, that it calls a bag.
    """
    catalogue = PhotoCatalogue.read(folder)
    _, aside = lines_split(catalogue)
    bag, skin = PARTS.index("bag"), PARTS.index("skin")
    right: list[bool] = []
    bags: list[float] = []
    for row in np.random.default_rng(seed).permutation(np.flatnonzero(aside)).tolist():
        part = part_of([catalogue.labels[head][row] for head in ("type", "subcategory", "category")])
        if part is None or PARTS[part] not in _CLOTHES:
            continue
        seen = np.bincount(parser.parse_labels([read_photo(catalogue.paths[row])])[0].ravel(), minlength=len(PARTS))
        worn = seen.astype(float)
        worn[[PARTS.index(name) for name in ("background", "skin", "hair")]] = 0
        meant = _OVER if PARTS[part] in _OVER else (PARTS[part],)
        right.append(PARTS[int(worn.argmax())] in meant)
        bags.append(float(worn[bag] / max(worn.sum(), 1)) if seen[skin] > _SKIN_SHOWS * seen.sum() else np.nan)
        if len(right) == most:
            break
    shows = ~np.isnan(bags)
    return {
        "photos": len(right),
        "right": round(float(np.mean(right)), 4),
        "worn": int(shows.sum()),
        "worn_right": round(float(np.mean(np.array(right)[shows])), 4),
        "called_bag": round(float(np.mean(np.array(bags)[shows])), 4),
    }
