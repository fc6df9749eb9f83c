"""Products in another colour, against photos of the same line in that colour; page: recolour.md.

    python benchmarks/recolour.py [--data FOLDER] [--half N] [--pairs N] [--words N] [--worn] [--seed N] [--sheet PNG]

Two products of one line, type and gender with different colours are siblings. Each way is told one colour of the
sibling's photo, three numbers, and makes it of the other's: `moved means` the mean of the whole product, the others its
main colour.
Distances are those of the colours inside the outlines (sliced Wasserstein in Lab over 24 directions) and of the pixels
after the outlines' boxes were laid on one another (CIEDE2000). Half 0 of the lines was looked at while it was built.
"""

from __future__ import annotations

import json
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from PIL import Image
from skimage.color import lab2rgb

from bottega.actions.studio.asked_colour import asked_colour
from bottega.actions.studio.product_seen import product_seen
from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.masks import PARTS
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import PhotoRefused
from bottega.evaluation.intervals import interval
from bottega.models.blocks.colours import ciede2000, dominant_colours, to_lab
from bottega.models.studio.recolour import recolour as recolouring
from bottega.models.studio.recolour.main_colour import inside, main_colour_of
from bottega.models.studio.recolour.recolour import GOOD, Lab, light_kept, recolour
from bottega.models.vision.parts.parser import Parts
from bottega.models.vision.parts.regions import PRODUCT
from bottega.names import BoolArray, FloatArray
from bottega.serving.cli.console import bar, guard
from common import DATA, machine

WORDS = ("black", "white", "grau", "navy", "rouge", "verde", "giallo", "beige", "pink", "brown", "turquoise", "#6b1c2d")
"""Colours that are asked for, in five languages."""
_ALIKE = 15.0
"""Colours no farther apart in lightness than this are as light as one another."""
_FEWEST, _MOST = 0.03, 0.95
"""Shares of a photo that a product takes; others are no outline."""
_SOLID = 0.7
"""Share of a product from which it is of one colour."""
_DIRECTIONS = np.random.default_rng(1).normal(size=(3, 24))
_QUANTILES = np.linspace(0.005, 0.995, 200)
_PX = 96


@dataclass(frozen=True)
class Seen:
    """A photo, its product, and the colours that ways are told of it."""

    photo: Photo
    mask: BoolArray
    part: str
    main: Lab
    share: float
    mean: Lab
    largest: Lab
    """Median of its largest cluster of colours."""

    def cloud(self, photo: Photo | None = None) -> FloatArray:
        """Lab of the product's pixels [P, 3]."""
        found: FloatArray = to_lab(self.photo if photo is None else photo)[inside(self.mask)]
        return found


def siblings(catalogue: PhotoCatalogue, half: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Rows of two products of one line in two colours, two pairs a line at most, in an order drawn at random."""
    lines = np.random.default_rng(0).permutation(np.unique(catalogue.lines))
    mine = set(lines[half::2].tolist())
    groups: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for row, line in enumerate(catalogue.lines.tolist()):
        if line in mine:
            groups[line, catalogue.labels["type"][row], catalogue.labels["gender"][row]].append(row)
    colours = catalogue.labels["color"]
    pairs: list[tuple[int, int]] = []
    several = [rows for rows in groups.values() if len({colours[row] for row in rows}) > 1]
    for place in rng.permutation(len(several)).tolist():
        rows = rng.permutation(several[place]).tolist()
        used: set[int] = set()
        for one in rows:
            other = next((row for row in rows if colours[row] != colours[one] and row not in used), None)
            if one not in used and other is not None and len(used) < 4:
                pairs.append((one, other))
                used |= {one, other}
    return pairs


def looked_at(
    catalogue: PhotoCatalogue, pairs: Sequence[tuple[int, int]], most: int, worn: bool, parser: Parts
) -> list[tuple[Seen, Seen]]:
    """Pairs both of which show a product lying, or both one worn part."""
    found: list[tuple[Seen, Seen]] = []
    for one, other in pairs:
        if len(found) == most:
            break
        first = _seen(catalogue, one, worn, parser)
        second = None if first is None else _seen(catalogue, other, worn, parser)
        if first is not None and second is not None and first.part == second.part:
            found.append((first, second))
    return found


def _seen(catalogue: PhotoCatalogue, row: int, worn: bool, parser: Parts) -> Seen | None:
    if worn and catalogue.labels["category"][row] != "Apparel":
        return None
    part = _PART.get(catalogue.labels["subcategory"][row]) if worn else None
    photo = read_photo(catalogue.paths[row])
    labels = parser.parse_labels([photo])[0]
    try:
        name, mask = product_seen(photo, lambda _: labels)
        if worn and part is not None and name != PRODUCT:
            name, mask = product_seen(
                photo, lambda _: labels, part if (labels == PARTS.index(part)).mean() > 0.03 else None
            )
    except PhotoRefused:
        return None
    if (name == PRODUCT) is worn or not _FEWEST < mask.mean() < _MOST:
        return None
    lab = to_lab(photo)
    main = main_colour_of(lab, mask)
    mean = lab[inside(mask)].mean(0)
    largest = dominant_colours(photo, inside(mask))[0].lab
    return Seen(photo, mask, name, main.lab, main.share, (float(mean[0]), float(mean[1]), float(mean[2])), largest)


_PART = {"Topwear": "upper", "Bottomwear": "lower", "Dress": "one_piece"}


def _moved(one: Seen, by: FloatArray) -> Photo:
    lab = to_lab(one.photo)
    lab[one.mask] += by
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # colours that no screen shows are clipped
        return np.asarray(np.rint(lab2rgb(lab) * 255), np.uint8)


def moved_means(one: Seen, to: Seen) -> Photo:
    """The whole product moved in Lab so that its mean is the sibling's."""
    return _moved(one, np.subtract(to.mean, one.mean).astype(np.float32))


def moved_main(one: Seen, to: Seen) -> Photo:
    """The whole product moved in Lab so that its main colour is the sibling's."""
    return _moved(one, np.subtract(to.main, one.main).astype(np.float32))


def with_power(power: float) -> Callable[[Seen, Seen], Photo]:
    """Ours, with so much of the physical change of contrast."""

    def way(one: Seen, to: Seen) -> Photo:
        usual = recolouring._POWER
        recolouring._POWER = power
        try:
            return recolour(one.photo, one.mask, to.main).photo
        finally:
            recolouring._POWER = usual

    return way


WAYS: Mapping[str, Callable[[Seen, Seen], Photo]] = {
    "as it is": lambda one, _: one.photo,
    "moved means": moved_means,
    "moved main colour": moved_main,
    "ours, light added": with_power(0.0),
    "ours, light multiplied": with_power(1.0),
    "ours, largest cluster": lambda one, to: recolour(one.photo, one.mask, to.largest).photo,
    "ours": lambda one, to: recolour(one.photo, one.mask, to.main).photo,
}


def colours_apart(one: FloatArray, other: FloatArray) -> float:
    """Sliced Wasserstein distance of two clouds of Lab pixels [P, 3]."""
    way = _DIRECTIONS / np.linalg.norm(_DIRECTIONS, axis=0)
    quantiles = [np.quantile(cloud @ way, _QUANTILES, axis=0) for cloud in (one, other)]
    return float(np.abs(quantiles[0] - quantiles[1]).mean())


def pixels_apart(photo: Photo, mask: BoolArray, to: Seen) -> float:
    """Mean CIEDE2000 where both products are, once their boxes have one size."""
    (one, here), (other, there) = _boxed(photo, mask), _boxed(to.photo, to.mask)
    both = here & there
    return float(ciede2000(one[both], other[both]).mean()) if both.any() else float("nan")


def _boxed(photo: Photo, mask: BoolArray) -> tuple[FloatArray, BoolArray]:
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    small = np.asarray(Image.fromarray(photo).crop(box).resize((_PX, _PX), Image.Resampling.BOX))
    inner = Image.fromarray(mask.astype(np.uint8) * 255).crop(box).resize((_PX, _PX), Image.Resampling.BOX)
    return to_lab(small), np.asarray(inner) > 200


def measured(pairs: Sequence[tuple[Seen, Seen]]) -> dict[str, FloatArray]:
    """Way -> distances [N, 2] of colours and of pixels from the siblings."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for one, to in pairs:
        there = to.cloud()
        for name, way in WAYS.items():
            made = way(one, to)
            found[name].append((colours_apart(one.cloud(made), there), pixels_apart(made, one.mask, to)))
    return {name: np.array(rows, np.float32).reshape(-1, 2) for name, rows in found.items()}


def sibling_test(apart: Mapping[str, FloatArray], seed: int) -> dict[str, dict[str, Any]]:
    """Way -> distances, and how often it is nearer to the sibling than the photo as it is, and than moved means."""
    found: dict[str, dict[str, Any]] = {}
    for name, distances in apart.items():
        row: dict[str, Any] = {}
        for place, kind in enumerate(("colours", "pixels")):
            row[kind] = round(float(np.nanmedian(distances[:, place])), 2)
            for rival in ("as it is", "moved means"):
                nearer = (distances[:, place] < apart[rival][:, place]).astype(np.float64)
                told = interval(nearer, np.random.default_rng(seed))
                row[f"{kind}_than_{rival.replace(' ', '_')}"] = [
                    round(value, 3) for value in (told.mean, told.low, told.high)
                ]
        found[name] = row
    return found


def asked_test(photos: Sequence[Seen], words: int) -> dict[str, Any]:
    """Each photo in several of `WORDS`: how far from it, and how its light was kept where it is as light."""
    off: list[float] = []
    own: list[float] = []
    kept: list[float] = []
    outside: list[float] = []
    contrast: dict[str, list[float]] = defaultdict(list)
    started = time.process_time()
    spent = 0.0
    for number, one in enumerate(photos):
        for step in range(words):
            word = WORDS[(number * words + step) % len(WORDS)]
            to = asked_colour(word)
            begin = time.process_time()
            found = recolour(one.photo, one.mask, to)
            spent += time.process_time() - begin
            own.append(found.off)
            largest = dominant_colours(found.photo, inside(one.mask))[0].lab
            off.append(float(ciede2000(np.array(largest, np.float32), np.array(to, np.float32))))
            outside.append(float(np.abs(found.photo[~one.mask].astype(int) - one.photo[~one.mask]).mean()))
            if abs(one.main[0] - to[0]) <= _ALIKE:
                kept.append(light_kept(one.photo, found.photo, one.mask))
            ways = {
                "white to black": one.main[0] > 80 and to[0] < 25,
                "black to white": one.main[0] < 30 and to[0] > 90,
            }
            for way, is_it in ways.items():
                if is_it:
                    lights = [one.cloud()[:, 0], one.cloud(found.photo)[:, 0]]
                    contrast[f"{way}, light kept"].append(light_kept(one.photo, found.photo, one.mask))
                    contrast[f"{way}, contrast left"].append(float(lights[1].std() / max(lights[0].std(), 1e-6)))
    return {
        "answers": len(off),
        "off_median": round(float(np.median(off)), 2),
        "off_good": round(float(np.mean(np.array(off) <= GOOD)), 3),
        "own_off_median": round(float(np.median(own)), 2),
        "light_answers": len(kept),
        "light_median": round(float(np.nanmedian(kept)), 4),
        "light_good": round(float(np.mean(np.array(kept) >= 0.97)), 3),
        "outside": round(float(np.mean(outside)), 3),
        "far": {name: round(float(np.nanmedian(values)), 3) for name, values in sorted(contrast.items())},
        "cpu_ms": round(1000 * spent / max(len(off), 1), 1),
        "cpu_s": round(time.process_time() - started, 1),
    }


def drawn(pairs: Sequence[tuple[Seen, Seen]], path: Path) -> None:
    """Photo, sibling, moved means, ours; then ours in four colours. Every pair, none chosen."""
    rows = []
    for one, to in pairs:
        cells = [one.photo, to.photo, moved_means(one, to), WAYS["ours"](one, to)]
        cells += [recolour(one.photo, one.mask, asked_colour(word)).photo for word in ("black", "white", "red", "navy")]
        rows.append(np.concatenate([np.asarray(Image.fromarray(cell).resize((128, 128))) for cell in cells], axis=1))
    if len(rows) % 2:
        rows.append(np.full_like(rows[0], 255))
    half = len(rows) // 2
    columns = [np.concatenate(rows[:half]), np.full((128 * half, 12, 3), 128, np.uint8), np.concatenate(rows[half:])]
    Image.fromarray(np.concatenate(columns, axis=1)).save(path)


def main(
    data: Annotated[Path, typer.Option(help="The folder with fashion/.")] = DATA,
    half: Annotated[int, typer.Option(help="Of the product lines: 0 looked at, 1 kept aside.")] = 1,
    pairs: Annotated[int, typer.Option(help="Pairs of siblings.")] = 150,
    words: Annotated[int, typer.Option(help="Colours asked for of each photo.")] = 2,
    worn: Annotated[bool, typer.Option("--worn", help="Garments on somebody instead of products lying.")] = False,
    seed: Annotated[int, typer.Option()] = 0,
    sheet: Annotated[Path | None, typer.Option(help="Draw the first 16 pairs, none chosen.")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Judge recolouring on one half of the product lines."""
    with guard(), bar():
        catalogue = PhotoCatalogue.read(data / "fashion")
        chosen = siblings(catalogue, half, np.random.default_rng(seed))
        found = looked_at(catalogue, chosen, pairs, worn, Parts.shipped())
        if sheet is not None:
            drawn(found[:16], sheet)
        apart = measured(found)
        solid = np.array([min(one.share, to.share) >= _SOLID for one, to in found], bool)
        figures: dict[str, Any] = {
            "half": half,
            "worn": worn,
            "pairs": len(found),
            "siblings": sibling_test(apart, seed),
            "solid_pairs": int(solid.sum()),
            "solid_siblings": sibling_test({name: rows[solid] for name, rows in apart.items()}, seed),
            "asked": asked_test([one for one, _ in found], words),
        }
    if as_json:
        typer.echo(json.dumps(figures))
        return
    typer.echo(machine())
    for title, table in (("siblings", figures["siblings"]), ("of one colour", figures["solid_siblings"])):
        typer.echo(f"{title}: {figures['pairs' if title == 'siblings' else 'solid_pairs']} pairs")
        for name, row in table.items():
            typer.echo(f"  {name:<22} " + "  ".join(f"{key} {value}" for key, value in row.items()))
    typer.echo("asked: " + json.dumps(figures["asked"]))


if __name__ == "__main__":
    typer.run(main)
