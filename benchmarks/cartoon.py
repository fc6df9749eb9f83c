"""The cartoon style beside plain posterising: how flat it is, which edges of the photo it keeps, which it makes up.

    python benchmarks/cartoon.py [--most N] [--sheet FILE]

Takes the photos in --data: large product photos (fashion/large.zip), street photos (parsing/), furniture. Each way is
judged by the same three shares, on the photos' own pixels, and by how far its colours are from the photo's:

flat      pixels whose neighbours are all within 2 of them in each channel of Lab
kept      of the photo's clear edges, those with an edge of the picture within 2 px
made up   of the picture's edges, those with no edge of the photo, not even a faint one, within 3 px
dE        mean difference of colours (CIEDE2000)
"""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image, ImageOps
from scipy import ndimage
from skimage.color import deltaE_ciede2000, rgb2lab
from skimage.feature import canny

from bottega.datasets.photos.provenance import SourceType, packet_of
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.models.studio.cartoon.cartoon import CartoonStyle, cartoon
from bottega.names import BoolArray, FloatArray
from common import DATA, machine

PX = 640
"""Longer side of the photos."""
FLAT, NEAR_PX, MADE_UP_PX = 2.0, 2, 3
CLEAR, FAINT = (0.06, 0.14), (0.015, 0.04)


def _posterised(bits: int) -> Callable[[Photo], Photo]:
    return lambda photo: np.asarray(ImageOps.posterize(Image.fromarray(photo), bits))


WAYS: dict[str, Callable[[Photo], Photo]] = {
    "cartoon": cartoon,
    "cartoon, no lines": lambda photo: cartoon(photo, CartoonStyle(lines=0.0)),
    "posterise, 2 bits": _posterised(2),
    "posterise, 3 bits": _posterised(3),
    "10 colours, median cut": lambda photo: np.asarray(
        Image.fromarray(photo).quantize(10, dither=Image.Dither.NONE).convert("RGB")
    ),
}


def flatness(picture: Photo) -> float:
    lab = rgb2lab(picture)
    spans = [ndimage.maximum_filter(lab[..., k], 3) - ndimage.minimum_filter(lab[..., k], 3) for k in range(3)]
    return float((np.max(spans, axis=0) <= 2 * FLAT).mean())


def edges(picture: Photo, thresholds: tuple[float, float]) -> BoolArray:
    lightness = rgb2lab(picture)[..., 0] / 100
    low, high = thresholds
    found: BoolArray = canny(lightness, sigma=1.5, low_threshold=low, high_threshold=high)  # type: ignore[no-untyped-call]
    return found


def near(marks: BoolArray, reach: int) -> BoolArray:
    return np.asarray(ndimage.distance_transform_edt(~marks) <= reach, bool) if marks.any() else marks


def judged(photo: Photo, picture: Photo) -> FloatArray:
    clear, faint, ours = edges(photo, CLEAR), edges(photo, FAINT), edges(picture, CLEAR)
    kept = near(ours, NEAR_PX)[clear].mean() if clear.any() else np.nan
    made_up = 1 - near(faint, MADE_UP_PX)[ours].mean() if ours.any() else 0.0
    apart = deltaE_ciede2000(rgb2lab(photo), rgb2lab(picture)).mean()  # type: ignore[no-untyped-call]
    return np.array([flatness(picture), kept, made_up, apart])


def photos_of(data: Path, most: int) -> list[Photo]:
    """So many of each source that is there, drawn by one seed."""
    rng, found = np.random.default_rng(0), []
    for name in ("fashion/large.zip", "furniture/photos.zip"):
        if (data / name).exists():
            with zipfile.ZipFile(data / name) as packed:
                names = sorted(one for one in packed.namelist() if one.endswith(".jpg"))
                chosen = rng.permutation(len(names))[:most].tolist()
                found += [read_photo(packed.read(names[row]), name=names[row]) for row in chosen]
    street = sorted((data / "parsing" / "photos").glob("*.jpg"))
    found += [read_photo(street[row]) for row in rng.permutation(len(street))[:most].tolist()]
    return [_fitting(photo) for photo in found]


def _fitting(photo: Photo) -> Photo:
    picture = Image.fromarray(photo)
    picture.thumbnail((PX, PX), Image.Resampling.BOX)
    return np.array(picture)


def sheet(photos: list[Photo], file: Path) -> None:
    """Each photo, its cartoon, and the plain way, in rows of two photos."""
    side, rows = 300, []
    shown = [(photo, cartoon(photo), WAYS["posterise, 2 bits"](photo)) for photo in photos]
    for start in range(0, len(shown), 2):
        canvas = Image.new("RGB", (6 * side, side), "white")
        for column, picture in enumerate(one for three in shown[start : start + 2] for one in three):
            small = Image.fromarray(picture)
            small.thumbnail((side - 6, side - 6))
            canvas.paste(small, (column * side, 0))
        rows.append(np.asarray(canvas))
    Image.fromarray(np.concatenate(rows)).save(file, xmp=packet_of(SourceType.ENHANCED))


def main(
    data: Annotated[Path, typer.Option(help="Folder of the public data sets.")] = DATA,
    most: Annotated[int, typer.Option(help="Photos of each source.")] = 10,
    sheet_file: Annotated[Path | None, typer.Option("--sheet", help="A sheet of ten photos, as WebP.")] = None,
) -> None:
    photos = photos_of(data, most)
    if not photos:
        typer.echo(f"{data} has no photos: give the folder of the public data sets as --data.")
        raise typer.Exit(1)
    typer.echo(f"{machine()}. {len(photos)} photos of at most {PX} px\n")
    typer.echo("| way | flat | kept | made up | dE | ms of one core |\n|---|---|---|---|---|---|")
    for name, way in WAYS.items():
        started = time.process_time()
        pictures = [way(photo) for photo in photos]
        spent = (time.process_time() - started) / len(photos) * 1000
        found = np.nanmean([judged(photo, picture) for photo, picture in zip(photos, pictures, strict=True)], axis=0)
        typer.echo(f"| {name} | {found[0]:.3f} | {found[1]:.3f} | {found[2]:.3f} | {found[3]:.1f} | {spent:.0f} |")
    plain = np.mean([flatness(photo) for photo in photos])
    typer.echo(f"\nThe photos themselves are flat in {plain:.3f} of their pixels.")
    if sheet_file is not None:
        picked = [photos[row] for row in np.linspace(0, len(photos) - 1, min(10, len(photos))).astype(int)]
        sheet(picked, sheet_file)


if __name__ == "__main__":
    typer.run(main)
