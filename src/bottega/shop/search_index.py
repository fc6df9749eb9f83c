"""What searches look in: listings and photos of one shop, kept in step with its store.

Every search first takes in what changed since the last one: products by the store's revision, vectors by their number.
So a product written a moment ago, by this process or another, is in the very next answer. Its photos are looked at
then, a few dozen a search, so that a catalogue nobody has looked at delays no single answer for long.
Shapes   V products, S photos, W words of the eye.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np

from bottega.catalogue.filter import Filter
from bottega.catalogue.product import Product
from bottega.datasets.item_photos import MAKER
from bottega.datasets.product_words import written
from bottega.models.blocks.shipped import weights_of
from bottega.models.blocks.vector_index import IndexConfig, VectorIndex
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.joint_space import JointSpace
from bottega.models.vision.parts.regions import WHOLE
from bottega.models.vision.slots import MISFIT, UNSAID, misfit
from bottega.models.vision.text_search import Found, TextSearch
from bottega.names import BoolArray, FloatArray
from bottega.progress import Progress, silent
from bottega.shop.floor import Floor
from bottega.shop.folder import ShopFolder
from bottega.shop.looking import VISION, WORDS_MAKER, eye_of, look_at
from bottega.shop.open_shop import OpenShop
from bottega.shop.product_slots import code_of_product
from bottega.store.vectors import PhotoKey, PhotoVectors

__all__ = ["SearchIndex", "search_index"]

PHOTOS_A_SEARCH = 32
"""Most photos looked at before one answer."""
SEEN_FROM = 0.5
"""A word of the eye counts for a product's photo from this chance on."""
_MOST_ALIKE = 200
"""Photos of which the best ones of different products are taken."""


class SearchIndex:
    """Listings and photos of a shop. `hold` it while asking; it is one thread's at a time."""

    def __init__(self, shop: ShopFolder) -> None:
        self._shop = shop
        self._lock = threading.RLock()
        self._revision = 0
        self.ids: list[str] = []
        """Product id of each code [V]."""
        self.codes: dict[str, int] = {}
        """Product id -> code."""
        self._slots = array("b")
        """`code_of_product` of each code [V]."""
        self._text = TextSearch()
        self._seen: dict[int, dict[str, frozenset[str]]] = {}
        """Code -> picture -> words that the eye read off it."""
        self._rows: tuple[Floor | None, array[int]] = (None, array("l"))
        self._start(eye_of(shop))

    def _start(self, eye: Eye) -> None:
        """Forget all photos: they were seen by another eye."""
        self.eye = eye
        self.space = _space_of(self._shop, eye)
        """Words among photos; None where nobody has fitted words to this eye."""
        self.photos = VectorIndex(IndexConfig(width=eye.size))
        self._photo_of: dict[int, dict[str, int]] = {}
        """Code -> picture -> number of its photo."""
        self._code_of = array("l")
        """Code of each photo [S]."""
        self._newest = self._newest_words = 0
        self._waiting = self._shop.store.vectors.missing(MAKER, eye.version) if self._revision else []

    @contextmanager
    def hold(self, *, look_at_all: bool = False, progress: Progress = silent) -> Iterator[SearchIndex]:
        """The index in step with the store, for as long as the block lasts; looks at some photos first, or at all."""
        with self._lock:
            self._refresh(None if look_at_all else PHOTOS_A_SEARCH, progress)
            yield self

    @property
    def waiting(self) -> int:
        """Catalogue photos nobody has looked at yet."""
        return len(self._waiting)

    def allowed(self, floor: Floor, wanted: Filter | None, exclude_ids: Sequence[str]) -> BoolArray:
        """Which products [V] an answer may show, by code."""
        rows, _ = floor.shelf.allowed(wanted)
        items = floor.shelf.item
        excluded = floor.live.items.codes(list(exclude_ids))
        rows = rows & ~np.isin(items, excluded[excluded >= 0])
        known, codes = self._rows
        if known is not floor:
            codes = array("l")
        codes.extend(self._code(product.id) for product in floor.shelf.products[len(codes) :])
        self._rows = (floor, codes)
        allowed = np.zeros(len(self.ids), dtype=np.bool_)
        allowed[np.asarray(codes)[rows]] = True
        return allowed

    def like(self, vector: FloatArray, allowed: BoolArray, *, part: str = WHOLE) -> dict[int, float]:
        """Products whose photos are most like a vector [E], code to cosine, the most alike first.

        `part` names what of a photo the vector is of; products that are nothing of that kind score lower.
        """
        losses = misfit(part, np.asarray(self._slots, dtype=np.int32))
        found: dict[int, float] = {}
        for loss in (0.0, UNSAID, MISFIT):
            mine = allowed & (losses == np.float32(loss))
            if not mine.any():
                continue
            numbers, scores = self.photos.search(vector, _MOST_ALIKE, allowed=mine[np.asarray(self._code_of)])
            for number, score in zip(numbers[0].tolist(), scores[0].tolist(), strict=True):
                if number >= 0:
                    found.setdefault(self._code_of[number], score - loss)
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))

    def listings(self, words: Sequence[str], allowed: BoolArray, count: int = _MOST_ALIKE) -> Found:
        """Listings that hold the words."""
        return self._text.search(words, count, allowed=allowed)

    def vector_of(self, product: Product) -> FloatArray | None:
        """The vector [E] of a product's first photo that has one."""
        numbers = self._photo_of.get(self.codes.get(product.id, -1), {})
        number = next((numbers[image] for image in product.images if image in numbers), None)
        return None if number is None else self.photos.vectors_of(np.array([number]))[0]

    def _refresh(self, most: int | None, progress: Progress) -> None:
        store, before = self._shop.store, self._revision
        eye = eye_of(self._shop)
        if eye.version != self.eye.version:
            self._start(eye)
        changed, self._revision = store.products.changed_since(before)
        products = {product.id: product for product in changed}
        for product in changed:
            self._drop_old_photos(product)
            self._slots[self._code(product.id)] = code_of_product(product)
        if changed:
            known = set(self._waiting)
            more = store.vectors.missing(MAKER, eye.version, revision=before)
            self._waiting += [key for key in more if key not in known]
        self._look(most, progress)
        fresh = store.vectors.all(MAKER, eye.version, after=self._newest)
        self._newest = fresh.newest
        self._take_photos(fresh)
        words = store.vectors.all(WORDS_MAKER, eye.version, after=self._newest_words)
        self._newest_words = words.newest
        self._take_words(words)
        unread = {id_ for id_ in words.ids if id_ not in products}
        products |= store.products.get(unread) if unread else {}
        self._text.add(
            (self._code(id_) for id_ in products),
            map(written, products.values()),
            (sorted(frozenset().union(*self._seen.get(self.codes[id_], {}).values())) for id_ in products),
        )

    def _look(self, most: int | None, progress: Progress) -> None:
        """Look at photos that wait; one that cannot be read waits no longer."""
        left = len(self._waiting) if most is None else min(most, len(self._waiting))
        total = left
        while left:
            step = min(left, PHOTOS_A_SEARCH)
            look_at(self._shop, self.eye, self._waiting[:step])
            del self._waiting[:step]
            left -= step
            progress("looking at the catalogue", total - left, total)

    def _take_photos(self, fresh: PhotoVectors) -> None:
        if not fresh.ids:
            return
        numbers = []
        for id_, image in zip(fresh.ids, fresh.images, strict=True):
            mine = self._photo_of.setdefault(self._code(id_), {})
            if image not in mine:
                mine[image] = len(self._code_of)
                self._code_of.append(self._code(id_))
            numbers.append(mine[image])
        self.photos.add(np.array(numbers), fresh.matrix.astype(np.float32))
        seen = set(map(PhotoKey, fresh.ids, fresh.images))
        self._waiting = [key for key in self._waiting if key not in seen]

    def _take_words(self, words: PhotoVectors) -> None:
        names = np.array(self.eye.words, dtype=object)
        for id_, image, chances in zip(words.ids, words.images, words.matrix, strict=True):
            read = frozenset(names[chances >= SEEN_FROM].tolist())
            self._seen.setdefault(self._code(id_), {})[image] = read

    def _drop_old_photos(self, product: Product) -> None:
        """Let go of pictures that a product no longer shows."""
        code = self._code(product.id)
        for held in (self._photo_of.get(code, {}), self._seen.get(code, {})):
            for image in [image for image in held if image not in product.images]:
                number = held.pop(image)
                if isinstance(number, int):
                    self.photos.remove(np.array([number]))

    def _code(self, id_: str) -> int:
        code = self.codes.get(id_)
        if code is None:
            code = self.codes[id_] = len(self.ids)
            self.ids.append(id_)
            self._slots.append(-1)
        return code


_KEPT: WeakKeyDictionary[OpenShop, SearchIndex] = WeakKeyDictionary()
_KEPT_LOCK = threading.Lock()


def search_index(answerer: OpenShop) -> SearchIndex:
    """The index of an answerer's shop: made at its first search and kept as long as the answerer is."""
    with _KEPT_LOCK:
        index = _KEPT.get(answerer)
        if index is None:
            index = _KEPT[answerer] = SearchIndex(answerer.folder)
        return index


def _space_of(shop: ShopFolder, eye: Eye) -> JointSpace | None:
    """Words fitted to this eye: the shop's own, else the shipped ones."""
    run = shop.store.runs.latest(VISION)
    folders = ([shop.root / run.folder / "words"] if run else []) + [weights_of("vision") / JointSpace.name]
    spaces = (_load_space(folder) for folder in folders if (folder / "model.json").exists())
    return next((space for space in spaces if space.version == eye.version), None)


@lru_cache(maxsize=4)
def _load_space(folder: Path) -> JointSpace:
    return JointSpace.load(folder)
