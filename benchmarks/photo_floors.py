"""Does a photo search end where it should? Photos of kinds that the shop lacks, and of kinds that it has.

    python benchmarks/photo_floors.py SHOP [--folds 2] [--photos 60] [--strange NAME=ZIP ...] [--json]

Page: photo_floors.md. SHOP is a shop's folder whose photos were looked at; nothing is written into it. Of each fold a
sixth of the kinds leaves the shop, and of the other kinds a tenth of the products: the photos of both are asked for.
`--strange`: photos of other things, in a zip file, asked of the first fold's shop.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from bottega.actions.search.photo import search_photo
from bottega.actions.search.shapes import PhotoSearchRequest, RegionHits
from bottega.catalogue.product import Product
from bottega.datasets.item_photos import MAKER
from bottega.models.vision.eye.eye import Eye
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload
from bottega.store.vectors import PhotoKey, Stamp

LEAST = 15
"""Kinds with so many products may be held out."""
PARTS = 6
KEPT_BACK = 10
"""One product in so many of the other kinds is asked for, not in the shop."""


@contextmanager
def shop_of(source: ShopFolder, products: Sequence[Product], stamp: Stamp) -> Iterator[OpenShop]:
    """A shop of some products, with the vectors that their photos have already."""
    kept = {one.id for one in products}
    seen = source.store.vectors.all(stamp)
    mine = [place for place, id_ in enumerate(seen.ids) if id_ in kept]
    with tempfile.TemporaryDirectory() as folder:
        with ShopFolder.open(Path(folder) / "shop") as made:
            made.store.products.upsert(list(products))
            keys = [PhotoKey(seen.ids[place], seen.images[place]) for place in mine]
            made.store.vectors.put(stamp, keys, seen.matrix[mine].astype(np.float32))
        with OpenShop.open(Path(folder) / "shop") as shop:
            yield shop


def asked(shop: OpenShop, content: bytes) -> RegionHits:
    sent = PhotoSearchRequest(photo=Upload(name="photo", content=content), n=5, regions=False, return_product=True)
    return search_photo(shop, sent).regions[0]


def measured(folder: Path, folds: int, most: int, strange: dict[str, Path]) -> dict[str, dict[str, float]]:
    """Shares of photos that were refused, and of those found, whether the kind is among the first five."""
    figures: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    stamp = Stamp(MAKER, Eye.shipped().version)
    rng = np.random.default_rng(0)
    with ShopFolder.open(folder) as source:
        seen = set(source.store.vectors.all(stamp).ids)
        products = [one for one in source.store.products.all() if one.id in seen and one.category]
        count: dict[tuple[str, ...], int] = defaultdict(int)
        for one in products:
            count[one.category] += 1
        kinds = sorted(kind for kind, n in count.items() if n >= LEAST)
        order = [kinds[place] for place in rng.permutation(len(kinds))]
        group = {one.id: one.group_id or one.id for one in products}
        names = sorted(set(group.values()))
        back = {name for name in names if rng.random() < 1 / KEPT_BACK}
        for fold in range(folds):
            held = set(order[fold::PARTS])
            lacking = [one for one in products if one.category in held]
            kept_back = [one for one in products if one.category not in held and group[one.id] in back]
            rest = [one for one in products if one.category not in held and group[one.id] not in back]
            with shop_of(source, rest, stamp) as shop:
                for what, some in (("kinds that it lacks", lacking), ("kinds that it has", kept_back)):
                    for place in rng.permutation(len(some))[:most]:
                        one = some[place]
                        found = asked(shop, (source.images / one.images[0]).read_bytes())
                        figures[what]["refused"].append(float(not found.items))
                        if what == "kinds that it has" and found.items:
                            right = [
                                hit.product is not None and hit.product.category == one.category for hit in found.items
                            ]
                            figures[what]["kind in five"].append(float(any(right)))
                for what, path in strange.items() if fold == 0 else ():
                    for content in photos_in(path, most):
                        figures[what]["refused"].append(float(not asked(shop, content).items))
    return {
        what: {"photos": len(of["refused"]), **{name: round(float(np.mean(v)), 3) for name, v in of.items()}}
        for what, of in figures.items()
    }


def photos_in(path: Path, most: int) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if name.lower().endswith((".jpg", ".jpeg", ".png")))
        for place in np.random.default_rng(1).permutation(len(names))[:most]:
            yield archive.read(names[place])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shop", type=Path)
    parser.add_argument("--folds", type=int, default=2)
    parser.add_argument("--photos", type=int, default=60, help="most of each sort, of each fold")
    parser.add_argument("--strange", action="append", default=[], metavar="NAME=ZIP")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    strange = {name: Path(path) for name, path in (pair.split("=", 1) for pair in chosen.strange)}
    rows: dict[str, dict[str, Any]] = measured(chosen.shop, chosen.folds, chosen.photos, strange)
    if chosen.json:
        print(json.dumps(rows))
        return
    print("| photos of | photos | refused | kind in five |\n|---|---|---|---|")
    for what, row in rows.items():
        print(f"| {what} | {row['photos']} | {row['refused']} | {row.get('kind in five', '')} |")


if __name__ == "__main__":
    main()
