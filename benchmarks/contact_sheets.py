"""Draws ten searches and ten closets as pictures to look at; page: eye.md, "Looked at".

    python benchmarks/contact_sheets.py --out FOLDER [--data FOLDER] [--street FOLDER] [--products N] [--shop FOLDER]

The photos go into a shop and the questions through the same verbs as the API's. Held-out products are queries only, so
that a search cannot answer with the photo it was asked with. Five searches ask with a held-out product photo, five with
a held-out street photo, region by region; ten closets take a held-out street photo each, name the products most like
every item, and complete the outfit. Answers are the rest of the catalogue. --shop keeps the shop, and the vectors in
it, for the next run. The sheets show other people's photos: look at them, and publish them nowhere.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import textwrap
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image, ImageDraw, ImageFont

from bottega.actions.closet.closet import add_to_closet
from bottega.actions.closet.outfits import outfit_for_photo
from bottega.actions.closet.shapes import ClosetRequest, PhotoOutfitRequest
from bottega.actions.search.photo import search_photo
from bottega.actions.search.shapes import Box, PhotoSearchRequest
from bottega.catalogue.product import Product
from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import street_split
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import RequestInvalid
from bottega.names import LongArray
from bottega.progress import Progress
from bottega.serving.cli.console import bar, guard
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload
from common import DATA

TOP, LIKE, SUGGESTED = 8, 4, 3
SHEETS, EACH = 10, 5
CELL, TEXT, LINE = 150, 70, 20
INK, FAINT, MARK = "black", "dimgray", ("red", "blue", "green", "orange", "purple", "teal", "magenta", "brown")
ATTRIBUTES = {"type": "type", "color": "color", "gender": "gender", "usage": "usage"}

Cell = tuple[Photo, str]
"""A picture and what stands below it."""
Row = tuple[str, str, list[Cell]]
"""A title, its colour, and the cells."""


def product_of(catalogue: PhotoCatalogue, row: int) -> Product:
    """A row of the catalogue as a product whose picture lies in the shop."""
    labels = {name: catalogue.labels[name][row] for name in catalogue.labels}
    return Product(
        id=catalogue.ids[row],
        title=catalogue.titles[row],
        category=tuple(labels[name] for name in ("category", "subcategory", "type") if labels[name]),
        images=(catalogue.paths[row].name,),
        attributes={name: (labels[head],) for name, head in ATTRIBUTES.items() if labels[head]},
    )


def fill(answerer: OpenShop, catalogue: PhotoCatalogue, rows: LongArray, progress: Progress) -> None:
    """Put these products and their pictures into a shop that lacks them."""
    images = answerer.folder.images
    images.mkdir(parents=True, exist_ok=True)
    for done, row in enumerate(rows.tolist(), start=1):
        if not (images / catalogue.paths[row].name).exists():
            shutil.copyfile(catalogue.paths[row], images / catalogue.paths[row].name)
        progress("filling the shop", done, len(rows))
    answerer.upsert([product_of(catalogue, row) for row in rows.tolist()])


def png(photo: Photo) -> bytes:
    """The photo as a file's bytes."""
    stream = BytesIO()
    Image.fromarray(photo).save(stream, "png")
    return stream.getvalue()


def sheet(query: Photo, boxes: Sequence[Box], rows: Sequence[Row], path: Path) -> None:
    """The query with its boxes on the left, a row of cells for each box (or slot) on the right."""
    font = ImageFont.load_default(11)
    left = Image.fromarray(query)
    scale = min(2 * CELL / left.width, 3 * CELL / left.height)
    left = left.resize((round(left.width * scale), round(left.height * scale)))
    pen = ImageDraw.Draw(left)
    for place, box in enumerate(boxes):
        corners = [round(value * scale) for value in (box.left, box.top, box.right - 1, box.bottom - 1)]
        pen.rectangle(corners, outline=MARK[place % len(MARK)], width=3)
    tops = np.cumsum([8, *(LINE + (CELL + TEXT if cells else 0) for _, _, cells in rows)]).tolist()
    columns = max([4, *(len(cells) for _, _, cells in rows)])
    canvas = Image.new("RGB", (left.width + 20 + columns * (CELL + 6), max(left.height, tops[-1]) + 20), "white")
    canvas.paste(left, (5, 10))
    pen = ImageDraw.Draw(canvas)
    for top, (title, color, cells) in zip(tops, rows, strict=False):
        pen.text((left.width + 15, top), title if cells else f"{title}: nothing", fill=color, font=font)
        for across, (photo, caption) in enumerate(cells):
            x = left.width + 15 + across * (CELL + 6)
            picture = Image.fromarray(photo)
            picture.thumbnail((CELL, CELL))
            canvas.paste(picture, (x, top + LINE))
            lines = [line for part in caption.split("\n") for line in textwrap.wrap(part, 26)[:3]]
            for line, text in enumerate(lines):
                pen.text((x, top + LINE + CELL + 11 * line), text, fill=FAINT if line else INK, font=font)
    canvas.save(path)


class Sheets:
    """Draws what a shop answers."""

    def __init__(self, answerer: OpenShop, catalogue: PhotoCatalogue, out: Path) -> None:
        self.answerer, self.out = answerer, out
        self.rows = {id_: row for row, id_ in enumerate(catalogue.ids)}
        self.catalogue = catalogue

    def cell(self, product_id: str, score: float, reason: str = "") -> Cell:
        """A product found."""
        row = self.rows[product_id]
        return read_photo(self.catalogue.paths[row]), f"{score:.3f} {self.catalogue.titles[row]}\n{reason}"

    def search(self, photo: Photo, name: str, progress: Progress) -> None:
        """One search, a row of products for each region."""
        request = PhotoSearchRequest(photo=Upload(name=name, content=png(photo)), n=TOP)
        found = search_photo(self.answerer, request, look_at_all=True, progress=progress)
        rows: list[Row] = [
            (region.name, MARK[place % len(MARK)], [self.cell(item.product_id, item.score) for item in region.items])
            for place, region in enumerate(found.regions)
        ]
        sheet(photo, [region.box for region in found.regions], rows, self.out / f"{name}.png")

    def closet(self, photo: Photo, name: str) -> None:
        """One photo's closet items with the products like them, and below them what completes the outfit."""
        upload = Upload(name=f"{name}.png", content=png(photo))
        items = add_to_closet(self.answerer, ClosetRequest(shopper=name, photos=[upload], n=LIKE)).items
        rows: list[Row] = []
        for place, item in enumerate(items):
            told = [f"{head} {guess.value} {guess.confidence:.2f}" for head, guess in item.tags.items()]
            colours = ", ".join(f"{colour.name} {colour.share:.2f}" for colour in item.colours)
            title = f"{item.part} -> {item.slot or 'no slot'}: {'; '.join(told[:4])}; {colours}"
            rows.append((title, MARK[place % len(MARK)], [self.cell(hit.product_id, hit.score) for hit in item.like]))
        try:
            outfit = outfit_for_photo(self.answerer, PhotoOutfitRequest(photo=upload, n=SUGGESTED))
            for slot in outfit.slots:
                cells = [
                    self.cell(one.product_id, one.score, one.reasons[0].text if one.reasons else "")
                    for one in slot.suggestions
                    if one.product_id is not None
                ]
                rows.append((f"goes with it: {slot.slot}", INK, cells))
        except RequestInvalid as refused:
            rows.append((str(refused)[:110], INK, []))
        sheet(photo, [item.box for item in items], rows, self.out / f"{name}.png")


def main(
    out: Annotated[Path, typer.Option(help="Where the pictures go.")],
    data: Annotated[Path, typer.Option(help="Folder with styles.csv and images/.")] = DATA / "fashion",
    street: Annotated[Path, typer.Option(help="Folder with photos/ and masks/.")] = DATA / "parsing",
    products: Annotated[int | None, typer.Option(help="So many of the products; all where absent.")] = None,
    shop: Annotated[Path | None, typer.Option(help="Folder to keep the shop in.")] = None,
    seed: Annotated[int, typer.Option(help="Of the draw of the queries.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    rng = np.random.default_rng(seed)
    catalogue = PhotoCatalogue.read(data)
    rest, held_out = catalogue.split_lines(0.15, np.random.default_rng(0))
    sold = np.sort(rng.permutation(np.flatnonzero(rest))[:products])
    asked = [read_photo(catalogue.paths[row]) for row in rng.permutation(np.flatnonzero(held_out))[:EACH].tolist()]
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, guard(), bar() as progress:
        _, unseen = street_split(street, progress=progress)
        streets = [unseen.photos[row] for row in rng.permutation(len(unseen))[: EACH + SHEETS].tolist()]
        with OpenShop.open(shop or Path(temporary)) as answerer:
            fill(answerer, catalogue, sold, progress)
            sheets = Sheets(answerer, catalogue, out)
            for place, photo in enumerate([*asked, *streets[:EACH]]):
                sheets.search(photo, f"search_{place}", progress)
            for place, photo in enumerate(streets[EACH:]):
                sheets.closet(photo, f"closet_{place}")
                progress("drawing closets", place + 1, len(streets) - EACH)
    if as_json:
        print(json.dumps({"out": str(out), "products": len(sold), "sheets": len(list(out.glob("*.png")))}))


if __name__ == "__main__":
    typer.run(main)
