"""Faults planted in photos: light, tilt and grounds that rescue sets right, and what the check of pictures finds.

    python benchmarks/rescue_faults.py [--data FOLDER] [--most N] [--looked N] [--seed N]
                                       [--sheet PNG] [--json]

Page: rescue.md. Photos are those kept aside from every model that ships. Light: casts and darkness planted in light,
CIE Lab distance to the photo before and after. Tilt: photos turned by a known angle; of those where a tilt is
claimed, how many are right within a degree, and of the photos as they are, how many would be turned by more than 1.5
degrees. Ground: products on white, cut out and laid on grey, coloured and shaded grounds with noise; how much of what
lies beyond the product is at least 250 afterwards, and how much of the product is lost to white. Openings: how many
photos of the catalogue have background that shows through the product and that the mask of colours alone keeps.
Needs: photos blurred, darkened, written on and watermarked; how many the check of pictures finds, and how many it
names as they are. Seen by the eye: photos turned by a quarter and half, and photos that change places with those of
another category, in two halves (limits were set on the first).
"""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from scipy import ndimage
from skimage.color import rgb2lab

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import lines_split
from bottega.datasets.photos.reading import Photo, border, read_photo, square
from bottega.models.blocks.colours import foreground, is_plain, seen_through
from bottega.models.blocks.cutout import cut_out
from bottega.models.studio.rescue.in_need import Need, needs_of
from bottega.models.studio.rescue.level import tilt_of
from bottega.models.studio.rescue.light import light_of, linear, relit, srgb
from bottega.models.studio.rescue.on_white import on_white
from bottega.models.studio.rescue.recipe import large_photos, product_files, street_files
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.upright import Upright, turned
from bottega.serving.cli.console import guard
from bottega.shop.listings.eye_faults import eye_faults
from common import DATA, machine

_PX = 480
_UNKNOWN = ("Not sure", "Skip", "Other")
"""Labels of clothes photographed at home that say nothing."""


def sets_of(data: Path, most: int) -> dict[str, list[Photo]]:
    """Photos kept aside, at most `_PX` on the longer side."""
    files = {"catalogue": product_files(data)[1], "large": large_photos(data)[1], "street": street_files(data)[1]}
    rng = np.random.default_rng(0)
    found = {}
    for name, rows in files.items():
        chosen = rng.permutation(len(rows))[:most].tolist()
        found[name] = [_small(read_photo(rows[row][1], name=rows[row][0])) for row in chosen]
    return found


def light(photos: Sequence[Photo], rng: np.random.Generator) -> dict[str, float]:
    """Distance to the photo before and after, of planted light; and of photos whose light was left."""
    before, after, moved = [], [], []
    for photo in photos:
        gains = np.exp(rng.uniform(-0.25, 0.25, 3))
        strength = float(rng.choice([0.3, 0.5, 1.0]))
        lit = linear(photo) * (gains / gains.mean() * strength).astype(np.float32)
        wrong: Photo = np.rint(srgb(lit)).astype(np.uint8)
        before.append(_apart(wrong, photo))
        after.append(_apart(relit(wrong, light_of(wrong)), photo))
        moved.append(_apart(relit(photo, light_of(photo)), photo))
    return {
        "planted": round(float(np.mean(before)), 2),
        "after": round(float(np.mean(after)), 2),
        "untouched_moved": round(float(np.mean(moved)), 2),
    }


def tilt(photos: Sequence[Photo], rng: np.random.Generator) -> dict[str, float]:
    """Of planted tilts: claimed, and right within a degree; of photos as they are: turned for nothing."""
    claimed, right, wrongly = 0, 0, 0
    for photo in photos:
        degrees = float(rng.uniform(-9, 9))
        around = tuple(int(value) for value in np.median(border(photo), axis=0))
        turned = Image.fromarray(photo).rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=around)
        if not is_plain(photo):
            width, height = turned.size
            turned = turned.crop((width // 8, height // 8, width - width // 8, height - height // 8))
        found, own = tilt_of(np.array(turned)), tilt_of(photo)
        claimed += found.is_known
        right += found.is_known and abs(found.degrees - degrees) <= 1
        wrongly += own.is_known and abs(own.degrees) > 1.5
    return {"claimed": claimed, "within_1_degree": right, "turned_for_nothing": wrongly, "photos": len(photos)}


def ground(photos: Sequence[Photo], rng: np.random.Generator) -> dict[str, float]:
    """Shares of the planted ground that is at least 250 afterwards, and of the product that is lost."""
    white, lost, photos_used = [], [], 0
    for photo in photos:
        mask = foreground(photo)
        if not is_plain(photo) or not 0.05 < mask.mean() < 0.7:
            continue
        photos_used += 1
        inner, outer = ndimage.binary_erosion(mask, iterations=2), ~ndimage.binary_dilation(mask, iterations=2)
        colour = rng.uniform(120, 235) + rng.uniform(-12, 12, 3)
        height, width = mask.shape
        shade = np.linspace(-8, 8, height)[:, None, None] + np.linspace(-6, 6, width)[None, :, None]
        cut = cut_out(photo, mask).astype(np.float32)
        opaque = cut[..., 3:] / 255
        planted = opaque * cut[..., :3] + (1 - opaque) * (colour + shade + rng.normal(0, 2.5, photo.shape))
        wrong: Photo = np.rint(planted).clip(0, 255).astype(np.uint8)
        found = on_white(cut_out(wrong, foreground(wrong)))
        white.append(float((found[outer].min(axis=1) >= 250).mean()))
        dark = inner & (photo.min(axis=2) < 235)
        lost.append(float((found[dark].min(axis=1) >= 250).mean()) if dark.any() else 0.0)
    return {
        "ground_250": round(float(np.mean(white)), 4),
        "photos_all_white": round(float(np.mean([share > 0.99 for share in white])), 3),
        "product_lost": round(float(np.mean(lost)), 4),
        "photos": photos_used,
    }


def openings(data: Path, sheet: Path | None) -> dict[str, int]:
    """Of all the catalogue's photos kept aside that are plain: in how many something is opened that `foreground` keeps.

    `sheet`: these are written there, as they are and with what is opened in magenta.
    """
    looked, pairs = 0, []
    for name, file in product_files(data)[1]:
        photo = read_photo(file, name=name)
        if not is_plain(photo):
            continue
        looked += 1
        found = seen_through(photo) & foreground(photo)
        if ndimage.binary_erosion(found, iterations=2).sum() > 10:
            marked = np.where(found[..., None], np.array((255, 0, 255), np.uint8), photo)
            pairs.append(Image.fromarray(np.concatenate([photo, marked], axis=1)).resize((224, 112)))
    if sheet is not None and pairs:
        picture = Image.new("RGB", (224 * 6, 112 * -(-len(pairs) // 6)))
        for place, pair in enumerate(pairs):
            picture.paste(pair, (place % 6 * 224, place // 6 * 112))
        picture.save(sheet)
    return {"photos": looked, "opened": len(pairs)}


def needs(photos: Sequence[Photo], rng: np.random.Generator) -> dict[str, float]:
    """For each need, the share of photos found with it planted, and named as they are."""
    plant = {Need.BLURRED: _blurred, Need.DARK: _dark, Need.WRITING: _written, Need.WATERMARK: _watermarked}
    named = [needs_of(photo) for photo in photos]
    found: dict[str, float] = {}
    for need, harm in plant.items():
        found[f"{need}_found"] = round(float(np.mean([need in needs_of(harm(photo, rng)) for photo in photos])), 3)
        found[f"{need}_for_nothing"] = round(float(np.mean([need in one for one in named])), 3)
    return found


def seen(data: Path, most: int, rng: np.random.Generator) -> dict[str, dict[str, float]]:
    """For the catalogue's two halves, furniture, and clothes at home: share of the photos called turned as they are,
    on their side and on their head; share called of another thing as they are, and after they changed places."""
    eye, upright = Eye.shipped(), Upright.shipped()
    found = {}
    for name, (photos, labels) in _labelled(data, most, rng).items():
        squares = np.stack([square(photo, eye.config.image_px) for photo in photos])
        plain, own = [is_plain(photo) for photo in photos], [(label,) for label in labels]
        as_is = eye_faults(squares, plain, own, eye, upright)
        others = rng.permutation(len(labels))
        moved = [row for row, other in enumerate(others) if labels[row] != labels[other]]
        swapped = eye_faults(
            squares[moved], [plain[row] for row in moved], [own[others[row]] for row in moved], eye, upright
        )
        turns = [eye_faults(turned(squares, k), plain, own, eye, upright).turned for k in (1, 3, 2)]
        found[name] = {
            "photos": len(photos),
            "turned_for_nothing": round(float(as_is.turned.mean()), 3),
            "side_found": round(float(np.concatenate(turns[:2]).mean()), 3),
            "head_found": round(float(turns[2].mean()), 3),
            "another_for_nothing": round(float(as_is.another.mean()), 3),
            "another_found": round(float(swapped.another.mean()), 3),
        }
    return found


def _labelled(data: Path, most: int, rng: np.random.Generator) -> dict[str, tuple[list[Photo], list[str]]]:
    """Photos with what they show: the catalogue's kept aside in two halves, furniture, clothes photographed at home."""
    catalogue = PhotoCatalogue.read(data / "fashion")
    aside = catalogue.take(lines_split(catalogue)[1])
    rows = rng.permutation(len(aside))[: 2 * most].tolist()
    photos, labels = [read_photo(aside.paths[row]) for row in rows], [aside.labels["type"][row] for row in rows]
    found = {
        "catalogue, first half": (photos[::2], labels[::2]),
        "catalogue, second half": (photos[1::2], labels[1::2]),
    }
    for folder, column, key in (("furniture", "class", "image"), ("clothing", "label", "image")):
        with (data / folder / "labels.csv").open(newline="") as lines:
            named = {row[key]: row[column] for row in csv.DictReader(lines)}
        with zipfile.ZipFile(data / folder / "photos.zip") as packed:
            names = sorted(name for name in packed.namelist() if named.get(Path(name).stem, "Not sure") not in _UNKNOWN)
            chosen = [names[row] for row in rng.permutation(len(names))[:most].tolist()]
            found[folder] = (
                [read_photo(packed.read(name), name=name) for name in chosen],
                [named[Path(name).stem] for name in chosen],
            )
    return found


def _blurred(photo: Photo, rng: np.random.Generator) -> Photo:
    radius = max(photo.shape) / 224 * float(rng.uniform(1.8, 3))
    return np.array(Image.fromarray(photo).filter(ImageFilter.GaussianBlur(radius)))


def _dark(photo: Photo, rng: np.random.Generator) -> Photo:
    return (photo * float(rng.uniform(0.15, 0.4))).astype(np.uint8)


def _written(photo: Photo, rng: np.random.Generator) -> Photo:
    picture = Image.fromarray(photo)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(int(picture.width * rng.uniform(0.07, 0.11)))
    ink = (int(rng.integers(120)), int(rng.integers(120)), int(rng.integers(120)))
    for row, text in enumerate(("SUMMER SALE 50% OFF", "FREE SHIPPING TODAY")):
        draw.text((picture.width * 0.03, picture.height * (0.03 + 0.87 * row)), text, fill=ink, font=font)
    return np.array(picture)


def _watermarked(photo: Photo, rng: np.random.Generator) -> Photo:
    picture = Image.fromarray(photo).convert("RGBA")
    width, height = picture.size
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw, font = ImageDraw.Draw(layer), ImageFont.load_default(int(width * 0.08))
    ink = (120, 120, 120, int(rng.integers(35, 80)))
    for y in range(0, height, int(height * 0.2)):
        for x in range(-int(width * 0.2), width, int(width * 0.5)):
            draw.text((x + (y // 7) % int(width * 0.2), y), "(c) SHOP.EX", fill=ink, font=font)
    return np.array(Image.alpha_composite(picture, layer.rotate(20)).convert("RGB"))


def main(
    data: Annotated[Path, typer.Option(help="Folder of the public data.")] = DATA,
    most: Annotated[int, typer.Option(help="Photos of a set at most.")] = 60,
    looked: Annotated[int, typer.Option(help="Photos of a set that the eye looks at.")] = 80,
    seed: Annotated[int, typer.Option(help="Of what is planted.")] = 0,
    sheet: Annotated[Path | None, typer.Option(help="Write the openings there, to be looked at.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Plant faults and see what becomes of them."""
    with guard():
        sets = sets_of(data, most)
        found: dict[str, Any] = {}
        for name, photos in sets.items():
            found[name] = {
                "light": light(photos, np.random.default_rng(seed)),
                "tilt": tilt(photos, np.random.default_rng(seed)),
                "needs": needs(photos, np.random.default_rng(seed)),
            }
        found["seen by the eye"] = seen(data, looked, np.random.default_rng(seed))
        found["catalogue"]["ground"] = ground(sets["catalogue"], np.random.default_rng(seed))
        found["catalogue"]["openings"] = openings(data, sheet)
    if as_json:
        print(json.dumps(found))
        return
    print(machine())
    for name, kinds in found.items():
        for kind, figures in kinds.items():
            print(f"{name} {kind}: " + ", ".join(f"{key} {value}" for key, value in figures.items()))


def _small(photo: Photo) -> Photo:
    picture = Image.fromarray(photo)
    picture.thumbnail((_PX, _PX))
    return np.array(picture)


def _apart(one: Photo, other: Photo) -> float:
    return float(np.linalg.norm(rgb2lab(one / 255.0) - rgb2lab(other / 255.0), axis=2).mean())


if __name__ == "__main__":
    typer.run(main)
