"""What a drawn picture finds in a shop: by its looks alone, and with what was asked for first.

The shops: the demo's catalogue, whose photos are drawn, and photos of fashion/ that nothing learnt from, with their
labels as facts. Asked for is each pair of a type and a colour that the shop has. Who has a colour is told apart from
how the shop ranks: in fashion/ by the label's name, in the demo by the paint that its name was drawn with.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from bottega.actions.demo.write_demo import write_demo
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.actions.search.hits import Scored, hits
from bottega.actions.studio.drawn_products import real_products
from bottega.catalogue.product import Product
from bottega.datasets.demo_store.styles import COLOURS as PAINTS
from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import lines_split
from bottega.evaluation.imagined_figures import COLOURS, named_colour
from bottega.models.blocks.colours import ciede2000, to_lab
from bottega.models.studio.products.generator import ProductGenerator
from bottega.models.studio.products.turns import AskedProduct, first_recipes
from bottega.models.vision.parts.regions import WHOLE
from bottega.models.vision.slots import part_of_type
from bottega.shop.open_shop import OpenShop

__all__ = ["SHOPS", "found_table"]

SHOPS = ("demo", "fashion")
FIRST = 10
_TYPES = {"T-shirts": "Tshirts", "Sneakers": "Casual Shoes", "Boots": "Casual Shoes"}
"""Categories of the demo that the generator calls otherwise; others are called alike, or it never learnt them."""
_PLAIN = {
    "Black": "#202020",
    "White": "#f5f5f0",
    "Blue": "#3060c0",
    "Red": "#c82828",
    "Green": "#3c8c50",
    "Pink": "#eb96af",
    "Yellow": "#f0c832",
    "Brown": "#70482f",
    "Grey": "#8c8c8c",
    "Orange": "#e6783c",
    "Purple": "#8c64b4",
    "Beige": "#dcc8a5",
}
"""What each colour looks like at its plainest."""


def found_table(
    generator: ProductGenerator, data: Path, *, shops: tuple[str, ...], questions: int, photos: int, seed: int
) -> dict[str, dict[str, float]]:
    """Shop and way -> figures over its questions."""
    table = {}
    for name in shops:
        with _shop(name, data, photos) as shop:
            shop.search_index(look_at_all=True)
            products = {one.id: one for one in shop.store.products.all()}
            told = {id_: _told(name, one) for id_, one in products.items()}
            pairs = sorted({one for one in told.values() if one[0] in generator.names.types and one[1] in COLOURS})
            rng = np.random.default_rng(seed)
            chosen = [pairs[place] for place in rng.permutation(len(pairs))[:questions]]
            items = {id_: one.group_id or id_ for id_, one in products.items()}
            for way in ("looks alone", "asked first"):
                table[f"{name}, {way}"] = _figures(shop, generator, chosen, told, items, way, seed)
    return table


def _figures(
    shop: OpenShop,
    generator: ProductGenerator,
    pairs: list[tuple[str, str]],
    told: dict[str, tuple[str, str]],
    items: dict[str, str],
    way: str,
    seed: int,
) -> dict[str, float]:
    rows, spent = [], 0.0
    for place, (kind, colour) in enumerate(pairs):
        asked = AskedProduct(type=kind, lab=named_colour(generator.usual, colour))
        picture = generator.draw_recipes(first_recipes(generator.usual, generator.names, asked, 1, seed + place))[0]
        started = time.process_time()
        if way == "asked first":
            (real,) = real_products(shop, [picture], [kind], FIRST, None, colour=colour)
            found = [hit.product_id for hit in real.items]
        else:
            found = _by_looks(shop, picture, kind)
        spent += time.process_time() - started
        there = len({items[id_] for id_, one in told.items() if one == (kind, colour)})
        both = [told[id_] == (kind, colour) for id_ in found]
        rows.append(
            (
                np.mean([told[id_][1] == colour for id_ in found]),
                np.mean([told[id_][0] == kind for id_ in found]),
                sum(both) / min(FIRST, there),
                both[0],
            )
        )
    colour_share, type_share, of_all, first = np.mean(np.array(rows, np.float64), axis=0)
    return {
        "questions": float(len(pairs)),
        "colour": float(colour_share),
        "type": float(type_share),
        "both_of_all": float(of_all),
        "first_is_both": float(first),
        "ms": 1000 * spent / max(len(pairs), 1),
    }


def _by_looks(shop: OpenShop, picture: np.ndarray[tuple[int, int, int], np.dtype[np.uint8]], kind: str) -> list[str]:
    """What is most like a picture, of what is worn in the same place first; no word is heard."""
    index = shop.search_index()
    vector = index.eye.load().look([picture]).vectors[0]
    with shop.floor() as floor:
        alike = index.like(vector, index.allowed(floor, None, ()), part=part_of_type(kind) or WHOLE)
        scored: Scored = {row: (score, ["photo"]) for row, score in alike.items()}
        return [hit.product_id for hit in hits(floor, scored, n=FIRST)]


def _told(name: str, product: Product) -> tuple[str, str]:
    """Type and plain colour of a product, as who judges tells them."""
    kind, colour = product.category[-1] if product.category else "", (product.attributes.get("color") or ("",))[0]
    if name == "fashion":
        return kind, colour
    return _TYPES.get(kind, kind), _plainest(PAINTS[colour]) if colour in PAINTS else ""


def _plainest(paint: str) -> str:
    labs = np.array([_lab(code) for code in _PLAIN.values()], np.float32)
    away = ciede2000(labs, np.broadcast_to(np.array(_lab(paint), np.float32), labs.shape))
    return list(_PLAIN)[int(away.argmin())]


def _lab(code: str) -> list[float]:
    rgb = np.array([[[int(code[at : at + 2], 16) for at in (1, 3, 5)]]], np.uint8)
    return [float(value) for value in to_lab(rgb)[0, 0]]


@contextmanager
def _shop(name: str, data: Path, photos: int) -> Iterator[OpenShop]:
    with tempfile.TemporaryDirectory() as kept:
        feed, folder = Path(kept) / "feed", Path(kept) / "shop"
        folder.mkdir()
        source = write_demo(feed, shoppers=50).catalogue if name == "demo" else _fashion(feed, data / "fashion", photos)
        with OpenShop.open(folder) as shop:
            import_catalogue(shop, ImportCatalogueRequest(source=source))
            yield shop


def _fashion(feed: Path, fashion: Path, most: int) -> Path:
    """A feed of photos that nothing learnt from."""
    catalogue = PhotoCatalogue.read(fashion)
    aside = catalogue.take(lines_split(catalogue)[1])
    (feed / "images").mkdir(parents=True)
    source = feed / "products.csv"
    with source.open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "title", "product_type", "color", "gender", "image_link", "price"])
        order = np.random.default_rng(0).permutation(len(aside))[:most]
        for row in order.tolist():
            labels = {head: aside.labels[head][row] for head in ("category", "subcategory", "type", "color", "gender")}
            shutil.copy(aside.paths[row], feed / "images")
            rows.writerow(
                [
                    aside.ids[row],
                    f"Product {aside.ids[row]}",
                    " > ".join(labels[head] for head in ("category", "subcategory", "type")),
                    labels["color"],
                    labels["gender"],
                    f"images/{aside.paths[row].name}",
                    "10.00 EUR",
                ]
            )
    return source
