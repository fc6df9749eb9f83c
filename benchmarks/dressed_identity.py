"""Is a product that a figure wears still that product? Its type, colours, outline, and whether it is found; dressed.md.

    python benchmarks/dressed_identity.py [--half look|judge] [--outfits N] [--gallery N] [--kept FILE] [--json]

Products lie flat in their photos: those with nobody on them. Each outfit, a top and what is worn below it, is worn by
three models, of light, middle and dark skin, so that groups are compared on the same products. What is looked at is the
box around the piece in the picture, with the air that search by photo leaves around it; the piece alone; and the piece
alone in the middle of a square with as much air as photos of shops have. Beside it stands the same cut-out pasted flat
on the same ground, looked at in the same ways. What the eye makes of boxes at all is told by photos of people.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from PIL import Image
from scipy import ndimage

from bottega.datasets.photos.provenance import SourceType, packet_of
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import InputError
from bottega.models.blocks.colours import ciede2000, dominant_colours
from bottega.models.studio.bodies.appearance import SKIN_TONES
from bottega.models.studio.bodies.body import body
from bottega.models.studio.bodies.fashion_models import FashionModel, on_call
from bottega.models.studio.dressed.dressed import dressed_in, pictured
from bottega.models.studio.dressed.fitted import fitted
from bottega.models.studio.garments.made import tailored
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.parts.regions import crop, region_of_mask
from bottega.models.vision.slots import heed_parts, slot_of
from bottega.names import BoolArray, FloatArray
from common import DATA, machine
from dressed_products import FOLDER, Piece, cut_out_of, is_flat, pieces

POSES = ("standing", "weight_left", "hand_on_hip", "walking_left", "standing_wide", "turning_left")
SAME_COLOUR = 10.0
"""CIEDE2000 within which a colour is the same."""
PRINTED = 0.6
"""A product is printed whose largest colour covers less of it."""
LEAST_SHARE = 0.1
"""Colours of a print that cover so much of it are its palette."""
RANK = 10
PART_OF = {"top": "upper", "shirt": "upper", "jacket": "outer", "trousers": "lower", "skirt": "lower"}
"""What a parser calls a cut: the eye heeds it, as it does where it looks at people."""
AIR, FILLED = 0.08, 0.7
"""Air that a crop has on each side; of the longer side of a shop's photo, what a piece that lies in it fills."""
LIGHT, MIDDLE = 4, 7
"""The last tones of light and of middle skin."""


@dataclass
class Tally:
    """What was found of the pieces of one group."""

    pieces: int = 0
    type: int = 0
    place: int = 0
    colour: int = 0
    prints: int = 0
    palette: list[float] = field(default_factory=list)
    dressed: int = 0
    laid: int = 0
    laid_type: int = 0
    aired: int = 0
    aired_type: int = 0
    flat: int = 0
    flat_type: int = 0
    flat_aired: int = 0
    outline: list[float] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """As shares."""
        count = max(self.pieces, 1)
        return {
            "pieces": self.pieces,
            "type": round(self.type / count, 3),
            "type_laid": round(self.laid_type / count, 3),
            "type_aired": round(self.aired_type / count, 3),
            "type_flat": round(self.flat_type / count, 3),
            "place": round(self.place / count, 3),
            "colour": round(self.colour / count, 3),
            "prints": self.prints,
            "palette": round(float(np.mean(self.palette)), 3) if self.palette else None,
            "recall_dressed": round(self.dressed / count, 3),
            "recall_laid": round(self.laid / count, 3),
            "recall_aired": round(self.aired / count, 3),
            "recall_flat": round(self.flat / count, 3),
            "recall_flat_aired": round(self.flat_aired / count, 3),
            "ratio": round(self.dressed / max(self.flat, 1), 3),
            "ratio_laid": round(self.laid / max(self.flat, 1), 3),
            "ratio_aired": round(self.aired / max(self.flat, self.flat_aired, 1), 3),
            "outline_iou": round(float(np.mean(self.outline)), 3) if self.outline else None,
        }


@dataclass(frozen=True)
class Look:
    """One piece on one model, to be looked at by the eye."""

    piece: Piece
    groups: tuple[str, ...]
    worn: Photo
    laid: Photo
    """The piece alone, on the ground of the picture."""
    pasted: Photo
    colour: bool
    palette: float | None
    outline: float


def main(
    half: Annotated[str, typer.Option(help="look or judge: which products.")] = "judge",
    outfits: Annotated[int, typer.Option(help="Outfits, each on three models.")] = 40,
    photos: Annotated[int, typer.Option(help="Photos of people, of each cut.")] = 8,
    gallery: Annotated[int, typer.Option(help="Products among which the same one is looked for.")] = 8000,
    kept: Annotated[Path | None, typer.Option(help="File of the vectors of all photos, written once.")] = None,
    sheet: Annotated[Path | None, typer.Option(help="Where to write some of what was looked at.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line.")] = False,
) -> None:
    began = time.process_time()
    looks = _looks(half, outfits)
    if sheet is not None:
        _write(sheet, looks)
    eye = Eye.shipped()
    vectors, ids = _gallery(eye, gallery, {look.piece.id for look in looks}, kept)
    tallies = _judged(looks, eye, vectors, ids)
    told = {group: tally.told() for group, tally in sorted(tallies.items())}
    people = _people(half, eye, photos)
    if as_json:
        print(json.dumps({**told, "people": people}))
        return
    print(
        machine(), f"{len(ids)} products in the gallery, {time.process_time() - began:.0f} s of the processor", sep=", "
    )
    names = list(next(iter(told.values())))
    print(f"\n| group | {' | '.join(names)} |\n|{'---|' * (len(names) + 1)}")
    for group, row in told.items():
        print(f"| {group} | {' | '.join('' if row[name] is None else str(row[name]) for name in names)} |")
    print("\n| worn by people | photos | type | by catalogue |\n|---|---|---|---|")
    for cut, (count, same, named) in people.items():
        print(f"| {cut} | {count} | {same / max(count, 1):.3f} | {named / max(count, 1):.3f} |")


def _judged(looks: Sequence[Look], eye: Eye, vectors: FloatArray, ids: Sequence[str]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    worn = eye.look([look.worn for look in looks])
    laid = eye.look([look.laid for look in looks])
    pasted = eye.look([look.pasted for look in looks])
    aired, flat_aired = (eye.look([_aired(one) for one in of]) for of in (
        [look.laid for look in looks], [look.pasted for look in looks]
    ))  # fmt: skip
    own = eye.look([_square(look.piece) for look in looks])
    types = eye.heads["type"]
    parts = [PART_OF[look.piece.cut] for look in looks]
    heeded, alone, in_air, lying = (
        heed_parts(of.probabilities["type"], types, parts) for of in (worn, laid, aired, pasted)
    )
    for at, look in enumerate(looks):
        found, asked = types[int(heeded[at].argmax())], types[int(own.probabilities["type"][at].argmax())]
        for group in ("all", look.piece.cut, *look.groups):
            tally = tallies.setdefault(group, Tally())
            tally.pieces += 1
            tally.type += found == asked
            tally.laid_type += types[int(alone[at].argmax())] == asked
            tally.aired_type += types[int(in_air[at].argmax())] == asked
            tally.flat_type += types[int(lying[at].argmax())] == asked
            tally.place += slot_of([found]) == slot_of([asked])
            tally.colour += look.colour
            tally.dressed += _rank(vectors, ids, worn.vectors[at], look.piece.id) <= RANK
            tally.laid += _rank(vectors, ids, laid.vectors[at], look.piece.id) <= RANK
            tally.aired += _rank(vectors, ids, aired.vectors[at], look.piece.id) <= RANK
            tally.flat_aired += _rank(vectors, ids, flat_aired.vectors[at], look.piece.id) <= RANK
            tally.flat += _rank(vectors, ids, pasted.vectors[at], look.piece.id) <= RANK
            tally.outline.append(look.outline)
            if look.palette is not None:
                tally.prints += 1
                tally.palette.append(look.palette)
    return tallies


def _people(half: str, eye: Eye, most: int) -> dict[str, tuple[int, int, int]]:
    """Of pieces that people wear in their photos, by cut: how many, in how many the eye calls the box around the piece
    as it calls the whole photo, and as the catalogue does."""
    known, types = pieces(half), eye.heads["type"]
    found = {}
    for cut, part in PART_OF.items():
        boxes: list[Photo] = []
        wholes: list[Photo] = []
        said = []
        for piece in known.get(cut, [])[: 6 * most]:
            if len(boxes) == most:
                break
            try:
                photo, mask, worn = cut_out_of(piece)
            except InputError:
                continue
            if worn:
                boxes.append(crop(photo, region_of_mask("piece", mask, photo)))
                wholes.append(photo)
                said.append(piece.type)
        if not boxes:
            continue
        seen, whole = (eye.look(of).probabilities["type"] for of in (boxes, wholes))
        heeded, asked = (heed_parts(of, types, [part] * len(boxes)).argmax(1) for of in (seen, whole))
        named = [types[int(one)] for one in heeded]
        found[cut] = (
            len(boxes), int((heeded == asked).sum()), sum(a == b for a, b in zip(named, said, strict=True)),
        )  # fmt: skip
    return found


def _looks(half: str, outfits: int) -> list[Look]:
    known = pieces(half)
    groups = _by_skin()
    tops = _usable([*known["top"], *known["shirt"], *known["jacket"]])
    below = _usable([*known["trousers"], *known["skirt"]])
    found: list[Look] = []
    for turn in range(outfits):
        outfit = [next(tops), next(below)]
        for skin, models in groups.items():
            model = models[turn % len(models)]
            found += _worn(outfit, model, POSES[turn % len(POSES)], (skin, _build(model)))
    return found


def _usable(candidates: Sequence[Piece]) -> Any:
    """Flat ones that can be made into cloth, mixed, round and round."""
    order = [candidates[place] for place in np.random.default_rng(7).permutation(len(candidates))]
    good = []
    for piece in order:
        try:
            if is_flat(piece):
                photo, mask, _ = cut_out_of(piece)
                tailored(photo, mask, piece.cut, "woman_28")
                good.append(piece)
                yield piece
        except InputError:
            continue
    while good:
        yield from good


def _by_skin() -> dict[str, list[FashionModel]]:
    tones = list(SKIN_TONES)
    found: dict[str, list[FashionModel]] = {"light skin": [], "middle skin": [], "dark skin": []}
    for model in on_call().values():
        tone = tones.index(model.appearance.skin) + 1
        found["light skin" if tone <= LIGHT else "middle skin" if tone <= MIDDLE else "dark skin"].append(model)
    return found


def _build(model: FashionModel) -> str:
    if not model.build.grown:
        return "under 18"
    if any(word in model.body for word in ("large", "full", "broad")):
        return "large bodies"
    return "women" if model.build.gender == "female" else "men"


def _worn(outfit: Sequence[Piece], model: FashionModel, pose: str, groups: tuple[str, ...]) -> list[Look]:
    made = []
    for piece in outfit:
        photo, mask, _ = cut_out_of(piece)
        try:
            made.append((piece, photo, mask, tailored(photo, mask, piece.cut, model.body)))
        except InputError:  # fits one body and not another
            continue
    ready = fitted(body(model.body), [one.cloth for *_, one in made])
    picture = dressed_in(ready, model.appearance, pose)
    ground = picture.photo[2, 2]
    looks = []
    for at, (piece, photo, mask, one) in enumerate(made):
        there = picture.mask(at)
        if there.sum() < 400:
            continue
        rest = pictured(fitted(one.fitting.body, [one.cloth]), model.appearance, one.fitting, size=(384, 512))
        own = dominant_colours(photo, mask, count=5)
        seen = dominant_colours(picture.photo, there, count=6)
        printed = own[0].share < PRINTED
        looks.append(
            Look(
                piece,
                groups,
                crop(picture.photo, region_of_mask("piece", there, picture.photo)),
                _pasted(picture.photo, there, ground),
                _pasted(photo, mask, ground),
                _near(own[0].lab, [colour.lab for colour in seen[: 3 if printed else 1]]),
                _palette(own, seen) if printed else None,
                _overlap(mask, rest.mask(0)),
            )
        )
    return looks


def _near(lab: tuple[float, float, float], others: Sequence[tuple[float, float, float]]) -> bool:
    one = np.array(lab, np.float32)
    return any(float(ciede2000(one, np.array(other, np.float32))) <= SAME_COLOUR for other in others)


def _palette(own: Sequence[Any], seen: Sequence[Any]) -> float:
    """Of a print's colours, by what they cover, the share that is found in the picture."""
    of = [colour for colour in own if colour.share >= LEAST_SHARE]
    kept = sum(colour.share for colour in of if _near(colour.lab, [one.lab for one in seen]))
    return float(kept / sum(colour.share for colour in of))


def _pasted(photo: Photo, mask: BoolArray, ground: Photo) -> Photo:
    flat = np.where(mask[..., None], photo, ground).astype(np.uint8)
    return crop(flat, region_of_mask("piece", mask, flat))


def _aired(photo: Photo) -> Photo:
    """A crop in the middle of a square of its ground, as large in it as products are in photos of shops."""
    height, width = photo.shape[:2]
    # The crop has air of its own, a share of its longer side.
    side = round(max(height, width) / (1 + 2 * AIR) / FILLED)
    side = max(side, height, width)
    out = np.empty((side, side, 3), np.uint8)
    out[:] = photo[0, 0]
    top, left = (side - height) // 2, (side - width) // 2
    out[top : top + height, left : left + width] = photo
    return out


def _overlap(asked: BoolArray, drawn: BoolArray) -> float:
    """Intersection over union of two outlines, one moved and sized to the other by its area and middle."""
    if not drawn.any():
        return 0.0
    scale = np.sqrt(drawn.sum() / asked.sum())
    here, there = (np.argwhere(mask).mean(0) for mask in (asked, drawn))
    best = 0.0
    for times in (0.97, 1.0, 1.03):
        rows, columns = np.indices(drawn.shape)
        at = [(rows - there[0]) / (scale * times) + here[0], (columns - there[1]) / (scale * times) + here[1]]
        moved = ndimage.map_coordinates(asked.astype(np.float32), at, order=1) > 0.5
        best = max(best, float((moved & drawn).sum() / (moved | drawn).sum()))
    return best


def _square(piece: Piece) -> Photo:
    file = FOLDER / "images" / f"{piece.id}.jpg"
    return read_photo(file) if file.is_file() else piece.photo()


def _gallery(eye: Eye, most: int, asked: set[str], kept: Path | None) -> tuple[FloatArray, list[str]]:
    """Vectors and ids of products, those that are asked for among them."""
    files = sorted((DATA / "fashion" / "images").glob("*.jpg"))
    if kept is not None and kept.is_file():
        vectors = np.load(kept)
    else:
        parts = [
            eye.look([read_photo(file) for file in files[at : at + 64]]).vectors for at in range(0, len(files), 64)
        ]
        vectors = np.concatenate(parts)
        if kept is not None:
            np.save(kept, vectors)
    order = sorted(range(len(files)), key=lambda at: (files[at].stem not in asked, at))[:most]
    return vectors[order], [files[at].stem for at in order]


def _rank(vectors: FloatArray, ids: Sequence[str], asked: FloatArray, own: str) -> int:
    if own not in ids:
        return RANK + 1
    likeness = vectors @ asked
    return int((likeness > likeness[ids.index(own)]).sum()) + 1


def _write(file: Path, looks: Sequence[Look]) -> None:
    px, rows = 192, 6
    chosen = looks[:: max(1, len(looks) // (4 * rows))][: 4 * rows]
    out = Image.new("RGB", (px * 8, px * rows), "white")
    for at, look in enumerate(chosen):
        for side, photo in enumerate((look.pasted, look.worn)):
            small = Image.fromarray(photo)
            small.thumbnail((px - 8, px - 8))
            out.paste(small, (px * (2 * (at % 4) + side), px * (at // 4)))
    out.save(file, quality=88, xmp=packet_of(SourceType.COMPOSED))


if __name__ == "__main__":
    typer.run(main)
