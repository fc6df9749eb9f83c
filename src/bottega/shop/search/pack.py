"""The search's pack: what the catalogue says, as searches by words need it, in mapped files beside the answers' packs.

Rows are those of the shelf, the order of first import, whatever model is in use; the revision of each row says which of
them changed since and have to be read again. A pack is made at training and after an import, or by whoever finds none
that fits; a small catalogue needs none.
Shapes   V products, L pictures that lie with the shop.
"""

from __future__ import annotations

import subprocess
import sys
import time
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from numpy.typing import NDArray

from bottega.catalogue.addresses import is_web
from bottega.catalogue.attributes import NUMBERS
from bottega.catalogue.product import Product
from bottega.models.blocks.pack import open_pack, write_pack
from bottega.models.search.listing import Listing
from bottega.models.search.numbered import Numbered
from bottega.models.search.word_search import WordSearch
from bottega.names import IntArray, LongArray
from bottega.prices import exponent
from bottega.progress import Progress, silent
from bottega.shop.alone import Alone
from bottega.shop.folder import ShopFolder
from bottega.shop.shelf.product_slots import code_of_product
from bottega.store.store import Store

__all__ = [
    "PACKED_FROM",
    "REMADE_AFTER",
    "ListingRows",
    "listing_of",
    "local_images",
    "make_search_pack",
    "prepare_search",
    "said_of",
]

PACKED_FROM = 200
"""A smaller catalogue is read from the store in a moment."""
REMADE_AFTER = 0.2
"""A pack is made again once more than this share of its products came or changed since."""
APART_FROM = 20_000
"""The pack of a catalogue as large as this is made in a process of its own."""
LAYOUT = 4
"""Counts up when the arrays, or what they mean, become others."""
PROBED = 64
"""Products whose ids must be in their rows."""
_COLUMNS = ("slots", "revisions", "pictured", "image", "probed")
_WAIT_S = 0.1

log = structlog.get_logger("bottega")


def listing_of(product: Product, seen: Sequence[str] = ()) -> Listing:
    """A product as a search sees it, with the words `seen` on its photos."""
    numbers = [value for name, values in product.attributes.items() if name in NUMBERS for value in values]
    price = product.price_minor
    return Listing(
        title=product.title,
        category=product.category,
        attributes={name: values for name, values in product.attributes.items() if name not in NUMBERS},
        brand=product.brand or "",
        description=product.description,
        names=[product.id, *([product.group_id] if product.group_id else []), *numbers],
        seen=seen,
        price=None if price is None or product.currency is None else price / 10 ** exponent(product.currency),
    )


def local_images(product: Product) -> list[str]:
    """The pictures of a product that lie with the shop."""
    return [image for image in product.images if not is_web(image)]


@dataclass
class ListingRows:
    """What products say: `words` by row, `slots` [V] by `code_of_product`, `revisions` [V] of the products read."""

    words: WordSearch = field(default_factory=WordSearch)
    slots: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    revisions: LongArray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    pictured: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    """Row of each picture [L]."""
    image: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    """Its name's number among `images` [L]."""
    images: Numbered = field(default_factory=Numbered)
    probed: IntArray = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    """Rows of which the ids are known, so that a pack of another order of products is noticed."""
    probes: Numbered = field(default_factory=Numbered)

    def __len__(self) -> int:
        return len(self.revisions)

    @classmethod
    def read(cls, store: Store, progress: Progress = silent) -> ListingRows:
        """Read all of the store's products, some thousands at a time."""
        said = cls()
        slots, revisions, pictured, image = array("i"), array("q"), array("i"), array("i")
        total = store.products.count()
        probed: dict[int, str] = {}
        for products, written in store.products.iterate_revised():
            first = len(revisions)
            said.words.add(range(first, first + len(products)), [listing_of(product) for product in products])
            slots.extend(code_of_product(product) for product in products)
            revisions.extend(written)
            for row, product in enumerate(products, start=first):
                for name in local_images(product):
                    pictured.append(row)
                    image.append(said.images.put(name))
                if row % max(total // PROBED, 1) == 0:
                    probed[row] = product.id
            if products:
                probed[first + len(products) - 1] = products[-1].id
            progress("reading the catalogue for searches", len(revisions), max(total, len(revisions)))
        said.slots, said.revisions = np.array(slots, dtype=np.int32), np.array(revisions, dtype=np.int64)
        said.pictured, said.image = np.array(pictured, dtype=np.int32), np.array(image, dtype=np.int32)
        said.probed = np.array([*probed], dtype=np.int32)
        for id_ in probed.values():
            said.probes.put(id_)
        return said

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> ListingRows:
        """What `arrays` gave."""
        return cls(
            words=WordSearch.from_arrays(arrays),
            images=Numbered.from_arrays(arrays, "images"),
            probes=Numbered.from_arrays(arrays, "probes"),
            **{name: arrays[name] for name in _COLUMNS},
        )

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it as flat arrays."""
        tables = self.images.arrays("images") | self.probes.arrays("probes")
        return {name: getattr(self, name) for name in _COLUMNS} | tables | self.words.arrays()

    def fits(self, row_of: Callable[[str], int]) -> bool:
        """Whether products still have the rows that they had."""
        return all(row_of(id_) == row for id_, row in zip(self.probes, self.probed.tolist(), strict=True))

    def pictures(self) -> Iterator[tuple[int, str]]:
        """Rows and their pictures."""
        for row, number in zip(self.pictured.tolist(), self.image.tolist(), strict=True):
            yield row, self.images.name(number)


def prepare_search(shop: ShopFolder, progress: Progress = silent) -> None:
    """Make the pack where the catalogue is large enough for one, and none fits: of a large catalogue in a process of
    its own, so that its memory is given back."""
    count = shop.store.products.count()
    if count < PACKED_FROM or _opened(shop) is not None:
        return
    if count < APART_FROM:
        make_search_pack(shop, progress)
        return
    progress("preparing searches", 0, None)
    made = subprocess.run([sys.executable, "-m", __name__, str(shop.root)], capture_output=True, check=False)
    if made.returncode:  # whoever searches first makes it
        log.warning("search_not_prepared", why=made.stderr.decode(errors="replace").strip().rpartition("\n")[2])


def said_of(shop: ShopFolder) -> ListingRows:
    """What the catalogue said when its pack was made, which is now where there is none that fits; nothing of a small
    catalogue."""
    if shop.store.products.count() < PACKED_FROM:
        return ListingRows()
    return _opened(shop) or make_search_pack(shop)


def make_search_pack(shop: ShopFolder, progress: Progress = silent) -> ListingRows:
    """Make the pack where there is none that fits, by one process for all of a machine."""
    with Alone(shop.running, "search") as work:
        while not work.take():
            time.sleep(_WAIT_S)
        if (found := _opened(shop)) is not None:
            return found
        said = ListingRows.read(shop.store, progress)
        try:
            made_from = {"store": shop.store.identity(), "layout": LAYOUT}
            write_pack(_folder(shop), said.arrays(), made_from=made_from)
        except OSError as error:
            log.warning("pack_not_written", folder=str(_folder(shop)), why=str(error))
            return said
    del said
    return _opened(shop) or ListingRows.read(shop.store)


def _folder(shop: ShopFolder) -> Path:
    return shop.root / "pack" / "search"


def _opened(shop: ShopFolder) -> ListingRows | None:
    pack = open_pack(_folder(shop), made_from={"store": shop.store.identity(), "layout": LAYOUT})
    if pack is None:
        return None
    newest = int(pack["revisions"].max(initial=0))
    products = shop.store.products
    # An older revision than the pack's: the database was put back to what it was before.
    if products.newest_revision() < newest or products.count_newer(newest) > REMADE_AFTER * len(pack["revisions"]):
        return None
    return ListingRows.from_arrays(pack.arrays)


if __name__ == "__main__":
    with closing(ShopFolder.open(Path(sys.argv[1]))) as opened:
        make_search_pack(opened)
