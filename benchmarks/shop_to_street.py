"""Finds catalogue products in street photos they were pasted on; page: shop_to_street.md.

    python benchmarks/shop_to_street.py [--data FOLDER] [--street FOLDER] [--products 400] [--seed 0] [--json]

Products of the held-out lines are cut out by the free mask of their white background and pasted on held-out street
photos: anywhere inside, at 35 to 80% of the photo's shorter side, turned by up to 25 degrees, lighter or darker by up
to a third, with a cast of up to 8% a channel. Each asks the whole catalogue, learnt photos included, for its own clean
photo (recall@1, @10) or for any photo of its line (line_recall@1, @10).

whole: the query is the whole street photo. regions: it is each region that the search by photo finds, products of its
kind preferred as there, a product's score being its best over the regions; "any kind": without that preference. box: it
is the box that the product was pasted in, as if the shopper had drawn it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import street_split
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.evaluation.eye_figures import look
from bottega.evaluation.intervals import intervals
from bottega.evaluation.photo_measures import retrieval
from bottega.models.blocks.colours import foreground, is_plain
from bottega.models.recommend.accuracy import Values
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.looks import without_outline
from bottega.models.vision.parts.parser import Parts
from bottega.models.vision.parts.regions import WHOLE, Region, crop, regions_of
from bottega.models.vision.slots import misfit, slot_code
from bottega.names import BoolArray, FloatArray, IntArray, LongArray
from bottega.progress import Progress
from bottega.serving.cli.console import bar, guard
from common import DATA, machine

SIZES, TURN, LIGHT, CAST = (0.35, 0.8), 25.0, 0.33, 0.08
"""Share of the photo's shorter side, degrees, and how far light and each channel go from 1."""
LARGEST = 0.9
"""A mask that fills more of the photo than this is no outline."""
AIR = 0.08
"""Round the drawn box, as a share of its longer side."""
CHUNK = 128
KS = ("recall@1", "recall@10")

Query = list[tuple[str, Photo]]
"""Parts of a photo by name, and what each shows."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A street photo with a product in it, and where."""

    photo: Photo
    box: Region


def paste(product: Photo, mask: BoolArray, street: Photo, rng: np.random.Generator) -> Scene:
    """The product of a shop photo somewhere in a street photo."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    inside = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    light = (1 + rng.uniform(-LIGHT, LIGHT)) * (1 + rng.uniform(-CAST, CAST, 3))
    lit = (product[inside] * light).clip(0, 255).astype(np.uint8)
    cut = Image.fromarray(np.dstack([lit, mask[inside].astype(np.uint8) * 255]))
    cut = cut.rotate(float(rng.uniform(-TURN, TURN)), Image.Resampling.BICUBIC, expand=True)
    cut = cut.crop(cut.getbbox())
    height, width = street.shape[:2]
    scale = float(rng.uniform(*SIZES)) * min(height, width) / max(cut.size)
    cut = cut.resize((max(8, round(cut.width * scale)), max(8, round(cut.height * scale))), Image.Resampling.LANCZOS)
    left, top = int(rng.integers(width - cut.width + 1)), int(rng.integers(height - cut.height + 1))
    scene = Image.fromarray(street)
    scene.paste(cut, (left, top), cut)
    air = round(AIR * max(cut.size))
    box = Region(
        "drawn",
        left=max(0, left - air),
        top=max(0, top - air),
        right=min(width, left + cut.width + air),
        bottom=min(height, top + cut.height + air),
        share=1.0,
    )
    return Scene(np.asarray(scene), box)


def scenes_of(
    catalogue: PhotoCatalogue, rows: LongArray, streets: Sequence[Photo], rng: np.random.Generator, progress: Progress
) -> tuple[list[Scene], LongArray]:
    """A scene a product, and the rows of the products; those whose photo gives no outline are left out."""
    scenes, kept = [], []
    for done, row in enumerate(rows.tolist(), start=1):
        photo = read_photo(catalogue.paths[row])
        mask = foreground(photo)
        if is_plain(photo) and mask.any() and mask.mean() < LARGEST:
            scenes.append(paste(photo, mask, streets[int(rng.integers(len(streets)))], rng))
            kept.append(row)
        progress("pasting products", done, len(rows))
    return scenes, np.array(kept, dtype=np.int64)


def queries_of(scenes: Sequence[Scene], parts: Parts | None, progress: Progress) -> dict[str, list[Query]]:
    """Kind of query -> what each scene asks with."""
    asked: dict[str, list[Query]] = {"whole": [[(WHOLE, scene.photo)] for scene in scenes]}
    if parts is not None:
        asked["regions"] = []
        for done, scene in enumerate(scenes, start=1):
            found = regions_of(scene.photo, lambda photo: parts.parse_labels([photo])[0])
            asked["regions"].append([(region.name, crop(scene.photo, region)) for region in found])
            progress("finding regions", done, len(scenes))
        asked["regions, any kind"] = [[(WHOLE, picture) for _, picture in one] for one in asked["regions"]]
    asked["box"] = [[(WHOLE, crop(scene.photo, scene.box))] for scene in scenes]
    return asked


def likeness(eye: Eye, asked: Sequence[Query], gallery: FloatArray, slots: IntArray, progress: Progress) -> FloatArray:
    """Best score over the pictures of each query, for every product of the gallery [Q, G]."""
    pictures = [picture for one in asked for _, picture in one]
    vectors = np.concatenate([eye.look(pictures[k : k + CHUNK]).vectors for k in range(0, len(pictures), CHUNK)])
    if eye.config.outlined:  # as searches ask with what does not lie on a plain background
        plain = np.array([is_plain(picture) for picture in pictures])
        vectors = np.where(plain[:, None], vectors, without_outline(vectors))
    losses = np.stack([misfit(part, slots) for one in asked for part, _ in one])
    starts = np.cumsum([0, *(len(one) for one in asked[:-1])])
    progress("asking", len(asked), len(asked))
    return np.asarray(np.maximum.reduceat(vectors @ gallery.T - losses, starts, axis=0), dtype=np.float32)


def slots_of(catalogue: PhotoCatalogue) -> IntArray:
    """The slot of each product [N] by its labels and title, as the search reads them."""
    heads = [catalogue.labels[head] for head in ("type", "subcategory", "category")]
    return np.array(
        [slot_code(names, otherwise=-2) for names in zip(*heads, catalogue.titles, strict=True)], dtype=np.int32
    )


def measured(scores: FloatArray, rows: LongArray, catalogue: PhotoCatalogue) -> dict[str, Values]:
    """Recall of each query [Q], of its own photo and of any photo of its line."""

    def likeness_of(asked: LongArray) -> FloatArray:
        return scores[asked]

    own = retrieval(likeness_of, rows.astype(np.int32), gallery=np.arange(len(catalogue), dtype=np.int32))
    lines = retrieval(likeness_of, catalogue.lines[rows], gallery=catalogue.lines)
    return {key: own[key] for key in KS} | {f"line_{key}": lines[key] for key in KS}


def main(
    data: Annotated[Path, typer.Option(help="Folder with styles.csv and images/.")] = DATA / "fashion",
    street: Annotated[Path, typer.Option(help="Folder with photos/ and masks/.")] = DATA / "parsing",
    products: Annotated[int, typer.Option(help="How many products ask, drawn from the held-out lines.")] = 400,
    split: Annotated[float, typer.Option(help="Share of the lines held out, as in eye.py.")] = 0.15,
    seed: Annotated[int, typer.Option(help="Of the draws; the split is that of the shipped eye.")] = 0,
    eye: Annotated[Path | None, typer.Option(help="Folder of an eye; the shipped one where absent.")] = None,
    parts: Annotated[Path | None, typer.Option(help="Folder of a parser; the shipped one where absent.")] = None,
    with_regions: Annotated[bool, typer.Option("--regions/--no-regions", help="Ask by regions as well.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    rng = np.random.default_rng(seed)
    with guard(), bar() as progress:
        sees = Eye.load(eye) if eye else Eye.shipped()
        parser = (Parts.load(parts) if parts else Parts.shipped()) if with_regions else None
        catalogue = PhotoCatalogue.read(data)
        _, held_out = catalogue.split_lines(split, np.random.default_rng(0))
        rows = np.sort(rng.permutation(np.flatnonzero(held_out))[:products])
        _, unseen = street_split(street, progress=progress)
        scenes, rows = scenes_of(catalogue, rows, unseen.photos, rng, progress)
        gallery = look(sees, catalogue, progress=progress).vectors
        slots, found = slots_of(catalogue), {}
        for kind, asked in queries_of(scenes, parser, progress).items():
            scores = likeness(sees, asked, gallery, slots, progress)
            found[kind] = intervals(measured(scores, rows, catalogue), np.random.default_rng(0))
    if as_json:
        flat = {kind: {key: round(one.mean, 5) for key, one in around.items()} for kind, around in found.items()}
        print(json.dumps(flat | {"products": len(rows), "gallery": len(catalogue)}))
        return
    print(f"{machine()}; {len(rows)} products, each once, against {len(catalogue)} photos\n")
    print("| query | recall@1 | recall@10 | line recall@1 | line recall@10 |\n|---|---|---|---|---|")
    for kind, around in found.items():
        print(f"| {kind} | " + " | ".join(f"{x.mean:.3f} ({x.low:.3f}-{x.high:.3f})" for x in around.values()) + " |")


if __name__ == "__main__":
    typer.run(main)
