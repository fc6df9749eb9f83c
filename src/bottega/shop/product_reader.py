"""Products as they are shown: read from the store a few at a time, those shown last kept in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TypeVar

from bottega.catalogue.product import Product
from bottega.errors import ProductUnknown

__all__ = ["ProductReader"]

PRODUCTS_KEPT = 4096
"""Products held in memory, some 4 kB each. Who reads more than that at once reads past it."""
TITLES_KEPT = 65_536
"""Titles held in memory beside them, some 100 bytes each: sentences name far more products than lists show."""
AT_ONCE = 5000
"""Products asked of the store in one query."""
_T = TypeVar("_T")


class ProductReader:
    """Products by id and revision. A newer revision is another product, so what was kept of it ages away.

    Safe to call from several threads; no lock is held while the store is asked.
    """

    def __init__(
        self,
        read: Callable[[Sequence[str]], dict[str, Product]],
        read_titles: Callable[[Sequence[str]], dict[str, str]],
        *,
        most: int = PRODUCTS_KEPT,
    ) -> None:
        """`read`: products by id, as the store has them now. `read_titles`: the same of their titles alone."""
        self._read, self._read_titles, self._most = read, read_titles, most
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, int], Product] = OrderedDict()
        self._titles: OrderedDict[tuple[str, int], str] = OrderedDict()

    def keep(self, products: Sequence[Product], revisions: Sequence[int]) -> None:
        """These were just written or read: they will probably be shown, or named, soon."""
        with self._lock:
            for product, revision in zip(products[-self._most :], revisions[-self._most :], strict=True):
                self._kept[product.id, revision] = product
                self._titles[product.id, revision] = product.title
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            while len(self._titles) > TITLES_KEPT:
                self._titles.popitem(last=False)

    def of(self, ids: Sequence[str], revisions: Sequence[int]) -> list[Product]:
        """The product of each id, in one query for those that are not kept. Raises `ProductUnknown`."""
        if len(ids) > self._most:
            return [product for start in range(0, len(ids), AT_ONCE) for product in self._now(ids[start:][:AT_ONCE])]
        found: dict[int, Product] = {}
        with self._lock:
            for place, key in enumerate(zip(ids, revisions, strict=True)):
                if key in self._kept:
                    self._kept.move_to_end(key)
                    found[place] = self._kept[key]
        missing = [place for place in range(len(ids)) if place not in found]
        if missing:
            read = self._now([ids[place] for place in missing])
            self.keep(read, [revisions[place] for place in missing])
            found.update(zip(missing, read, strict=True))
        return [found[place] for place in range(len(ids))]

    def titles(self, ids: Sequence[str], revisions: Sequence[int]) -> list[str]:
        """The title of each id, in one query for those that are not kept. Raises `ProductUnknown`."""
        keys = list(zip(ids, revisions, strict=True))
        titles = self._titles
        with self._lock:
            found = {}
            for key in keys:
                if (title := titles.get(key)) is not None:
                    found[key] = title
                    titles.move_to_end(key)
        missing = [key for key in dict.fromkeys(keys) if key not in found]
        if missing:
            read = _each(self._read_titles, [name for name, _ in missing])
            found.update(zip(missing, read, strict=True))
            with self._lock:
                titles.update(zip(missing, read, strict=True))
                while len(titles) > TITLES_KEPT:
                    titles.popitem(last=False)
        return [found[key] for key in keys]

    def _now(self, ids: Sequence[str]) -> list[Product]:
        return _each(self._read, ids)


def _each(read: Callable[[Sequence[str]], dict[str, _T]], ids: Sequence[str]) -> list[_T]:
    found = read(ids)
    for name in ids:
        if name not in found:
            raise ProductUnknown.named(name)
    return [found[name] for name in ids]
