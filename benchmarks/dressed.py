"""Dressed figures: seconds, megabytes, order of layers, and sheets to look at; page: dressed.md.

    python benchmarks/dressed.py [--half look|judge] [--sheet FILE] [--outfits FILE] [--cases N] [--json]

Seconds are of the processor, on one core. Who the pieces are still the pieces is judged by dressed_identity.py.
"""

from __future__ import annotations

import time

_STARTED = time.process_time()

import json  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from dataclasses import replace  # noqa: E402
from pathlib import Path  # noqa: E402
from statistics import median  # noqa: E402
from typing import Annotated, Any  # noqa: E402

import numpy as np  # noqa: E402
import typer  # noqa: E402
from PIL import Image, ImageDraw  # noqa: E402
from scipy import ndimage  # noqa: E402

from bottega.actions.studio.dressing.cloth_of_product import cloth_of_photo  # noqa: E402
from bottega.datasets.photos.provenance import SourceType, packet_of  # noqa: E402
from bottega.errors import InputError  # noqa: E402
from bottega.models.studio.bodies.body import FOLDER, body  # noqa: E402
from bottega.models.studio.bodies.fashion_models import FashionModel, on_call  # noqa: E402
from bottega.models.studio.dressed.dressed import Dressed, dressed_in  # noqa: E402
from bottega.models.studio.dressed.fitted import fitted  # noqa: E402
from bottega.models.studio.dressed.turn import turned  # noqa: E402
from bottega.models.studio.garments.cloth import Cloth  # noqa: E402
from bottega.models.studio.video.clip import as_webp  # noqa: E402
from bottega.models.vision.parts.parser import Parts  # noqa: E402
from bottega.names import BoolArray  # noqa: E402
from common import machine, peak_mb  # noqa: E402
from dressed_products import Piece, is_flat, pieces, worn_piece  # noqa: E402

MODELS = (
    "ada", "bela", "carmen", "daichi", "edda", "femi", "gita", "henrik", "imani", "jonas", "kaya", "remy",
)  # fmt: skip
POSES = ("standing", "hand_on_hip", "walking_left", "seated")
SAME = ("top", "trousers", "shoes")
OUTFITS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("weight_left", ("top", "trousers", "jacket", "shoes", "bag", "hat")),
    ("standing", ("shirt", "trousers", "shoes", "belt", "glasses", "scarf")),
    ("walking_left", ("dress", "shoes", "bag")),
    ("hand_on_hip", ("shirt", "skirt", "shoes", "hat")),
    ("turning_left", ("top", "trousers", "shoes", "scarf", "glasses")),
    ("from_behind", ("shirt", "trousers", "jacket", "shoes")),
)
SHEET_PX = (192, 256)
CASE_PX = (288, 384)
CASE_POSES = ("standing", "weight_left", "hand_on_hip", "walking_left", "walking_right", "turning_left", "strolling",
              "standing_wide", "seated", "from_behind")  # fmt: skip
_TEE = ((35, 8), (42, 12), (50, 13), (58, 12), (65, 8), (76, 12), (92, 32), (80, 39), (73, 32), (73, 92), (27, 92),
        (27, 32), (20, 39), (8, 32), (24, 12))  # fmt: skip
_SLEEVED = ((35, 8), (42, 11), (50, 12), (58, 11), (65, 8), (76, 12), (98, 78), (87, 82), (74, 38), (74, 94), (26, 94),
            (26, 38), (13, 82), (2, 78), (24, 12))  # fmt: skip
_TROUSERS = ((32, 4), (68, 4), (74, 50), (72, 97), (57, 97), (51, 40), (49, 40), (43, 97), (28, 97), (26, 50))
_SHAPES = {"top": _TEE, "shirt": _SLEEVED, "jacket": _SLEEVED, "trousers": _TROUSERS}
LEAST_KEPT = 0.97
"""Of what one would see of a piece without those under it, the share that has to stay."""


def main(
    half: Annotated[str, typer.Option(help="look or judge: which products.")] = "judge",
    sheet: Annotated[Path | None, typer.Option(help="Where to write twelve models in four poses, one outfit.")] = None,
    outfits: Annotated[Path | None, typer.Option(help="Where to write six outfits on one model.")] = None,
    cases: Annotated[int, typer.Option(help="Drawn cases of the order of layers.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object as the last line.")] = False,
) -> None:
    known = pieces(half)
    told: dict[str, Any] = _speed(known)
    told["order_right"], told["order_cases"], wrong = _order(cases)
    told["order_wrong"] = wrong
    if sheet is not None:
        _write(sheet, [picture for name in MODELS for picture in _one_outfit(on_call()[name], known)], len(POSES))
    if outfits is not None:
        _write(outfits, _outfits(on_call()["ada"], known), 3)
    if as_json:
        print(json.dumps(told))
        return
    print(machine())
    print("\n| | |\n|---|---|")
    for name, value in told.items():
        print(f"| {name} | {value} |")


def _speed(known: dict[str, list[Piece]]) -> dict[str, Any]:
    """A picture of six pieces from their photos on: first of the process, then again; a turn."""
    model = on_call()["ada"]
    cuts = ("top", "trousers", "jacket", "shoes", "bag", "hat")
    photo = _drawn("top", np.random.default_rng(0))
    warm = [cloth_of_photo(photo, lambda one: Parts.shipped().parse_labels([one])[0], model.body, cut="top")]
    dressed_in(fitted(body(model.body), warm), model.appearance, model.pose, size=(48, 64))
    loaded = time.process_time() - _STARTED
    chosen = [_flat(known, cut, 0, model.body)[1] for cut in cuts]
    times: dict[str, list[float]] = {"cloth": [], "fit": [], "draw": []}
    for _ in range(3):
        began = time.process_time()
        cloths = [worn_piece(piece, model.body) for piece in chosen]
        times["cloth"].append(time.process_time() - began)
        began = time.process_time()
        ready = fitted(body(model.body), cloths)
        times["fit"].append(time.process_time() - began)
        began = time.process_time()
        dressed_in(ready, model.appearance, model.pose)
        times["draw"].append(time.process_time() - began)
    began = time.process_time()
    clip = as_webp(list(turned(ready, model.appearance, model.pose, 24, (480, 640))), 12, most_bytes=4_000_000)
    turn_s = time.process_time() - began
    middle = {name: round(median(found), 2) for name, found in times.items()}
    return {
        "loading_s": round(loaded, 1),
        "pieces": len(chosen),
        "cloth_s": middle["cloth"],
        "fit_s": middle["fit"],
        "draw_s": middle["draw"],
        "picture_s": round(sum(map(median, times.values())), 2),
        "turn_s": round(turn_s, 1),
        "turn_kb": len(clip.content) // 1000,
        "peak_mb": round(peak_mb()),
        "file_mb": round((FOLDER / "bodies.npz").stat().st_size / 1e6, 2),
    }


def _flat(known: dict[str, list[Piece]], cut: str, skip: int, body_name: str) -> tuple[Cloth, Piece]:
    """A product of a cut that nobody wears in its photo, and that can be made into cloth."""
    for piece in known[cut]:
        try:
            if not is_flat(piece):
                continue
            cloth = worn_piece(piece, body_name)
        except InputError:
            continue
        if skip == 0:
            return cloth, piece
        skip -= 1
    raise LookupError(cut)


def _one_outfit(model: FashionModel, known: dict[str, list[Piece]]) -> list[np.ndarray[Any, Any]]:
    cloths = [_flat(known, cut, 0, model.body)[0] for cut in SAME]
    ready = fitted(body(model.body), cloths)
    return [dressed_in(ready, model.appearance, pose).photo for pose in POSES]


def _outfits(model: FashionModel, known: dict[str, list[Piece]]) -> list[np.ndarray[Any, Any]]:
    found = []
    for at, (pose, cuts) in enumerate(OUTFITS):
        cloths = [_flat(known, cut, at % max(1, min(4, len(known[cut]) // 3)), model.body)[0] for cut in cuts]
        found.append(dressed_in(fitted(body(model.body), cloths), model.appearance, pose).photo)
    return found


def _order(cases: int) -> tuple[int, int, list[str]]:
    """Of drawn cases how many show each piece over all that lies under it, and those that do not."""
    rng = np.random.default_rng(0)
    grown = [model for model in on_call().values() if model.build.grown]
    right, wrong = 0, []
    for case in range(cases):
        model, pose = grown[int(rng.integers(len(grown)))], CASE_POSES[case % len(CASE_POSES)]
        cuts = [
            cut
            for cut, share in (("top", 0.9), ("trousers", 0.9), ("shirt", 0.5), ("jacket", 0.6))
            if rng.random() < share
        ]
        if len(cuts) < 2:
            cuts = ["top", "jacket"]
        tucked = bool(rng.random() < 0.4) and "top" in cuts and "trousers" in cuts
        cloths = []
        for cut in cuts:
            cloth = cloth_of_photo(_drawn(cut, rng), _nobody, model.body, cut=cut)
            cloths.append(replace(cloth, layer=1) if cut == "top" and tucked else cloth)
        layers = [cloth.layer for cloth in cloths]
        whole = dressed_in(fitted(body(model.body), cloths), model.appearance, pose, size=CASE_PX)
        kept = [_kept(whole, model, pose, cloths, place, layers) for place in range(len(cloths))]
        if min(kept) >= LEAST_KEPT:
            right += 1
        else:
            said = ", ".join(f"{cut} {share:.3f}" for cut, share in zip(cuts, kept, strict=True))
            wrong.append(f"{model.name} {pose}{' tucked' if tucked else ''}: {said}")
    return right, cases, wrong


def _kept(
    whole: Dressed, model: FashionModel, pose: str, cloths: Sequence[Cloth], place: int, layers: Sequence[int]
) -> float:
    """Of what one sees of a piece worn alone, the share where the outfit shows it, or what lies over it."""
    alone = dressed_in(fitted(body(model.body), [cloths[place]]), model.appearance, pose, size=CASE_PX)
    inner = _moved(ndimage.binary_erosion(alone.mask(0), iterations=3), alone, whole)
    if not inner.any():
        return 1.0
    over = [at for at, layer in enumerate(layers) if (layer, at) >= (layers[place], place)]
    shown = np.isin(whole.piece, over) | (whole.piece < 0)  # a hand, too, is no cloth from under it
    return float(shown[inner].mean())


def _moved(mask: BoolArray, alone: Dressed, whole: Dressed) -> BoolArray:
    """A mask of one picture in another, whose camera stands a little nearer or farther."""
    scale = alone.camera.focal_px / whole.camera.focal_px
    rows, columns = np.indices(mask.shape) + 0.5
    x = (columns - whole.camera.centre_px[0]) * scale + alone.camera.centre_px[0] - 0.5
    y = (rows - whole.camera.centre_px[1]) * scale + alone.camera.centre_px[1] - 0.5
    return np.asarray(ndimage.map_coordinates(mask.astype(np.float32), [y, x], order=1) > 0.99, bool)


def _drawn(cut: str, rng: np.random.Generator) -> np.ndarray[Any, Any]:
    """A photo of a piece that lies before white, of a colour of its own."""
    picture = Image.new("RGB", (360, 360), "white")
    points = [(3.6 * (x + rng.normal(0, 0.5)), 3.6 * (y + rng.normal(0, 0.5))) for x, y in _SHAPES[cut]]
    ImageDraw.Draw(picture).polygon(points, fill=tuple(int(v) for v in rng.integers(20, 180, 3)))
    return np.asarray(picture)


def _nobody(photo: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.zeros(photo.shape[:2], np.uint8)


def _write(file: Path, pictures: Sequence[np.ndarray[Any, Any]], columns: int) -> None:
    size = SHEET_PX if len(pictures) > 12 else (2 * SHEET_PX[0], 2 * SHEET_PX[1])
    across = columns if len(pictures) <= 12 else 3 * columns
    out = Image.new("RGB", (size[0] * across, size[1] * -(-len(pictures) // across)), "white")
    for at, picture in enumerate(pictures):
        place = size[0] * (at % across), size[1] * (at // across)
        out.paste(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS), place)
    out.save(file, quality=88, xmp=packet_of(SourceType.COMPOSED))


if __name__ == "__main__":
    typer.run(main)
