"""Products as they are shown: read from the store a few at a time, those shown last kept in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Generic, TypeVar

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


class _Revisions(Generic[_T]):
    """Values by id and revision, at most so many ids, those asked for last, and of each id the two newest."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._of: OrderedDict[str, tuple[tuple[int, _T], ...]] = OrderedDict()

    def get(self, name: str, revision: int) -> _T | None:
        """What is kept of it, if anything is."""
        for kept, value in self._of.get(name, ()):
            if kept == revision:
                self._of.move_to_end(name)
                return value
        return None

    def clear(self) -> None:
        """Nothing is kept."""
        self._of.clear()

    def put(self, name: str, revision: int, value: _T) -> None:
        """Keep it; what is too much is let go of."""
        others = [one for one in self._of.get(name, ()) if one[0] != revision]
        self._of[name] = tuple(sorted([*others, (revision, value)], key=itemgetter(0))[-2:])
        self._of.move_to_end(name)
        if len(self._of) > self._most:
            self._of.popitem(last=False)


class ProductReader:
    """Products by id and revision, of each id the two newest: a request that began before a change ends with what was
    before it, and what changes often takes no more room than what never does.

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
        self._kept = _Revisions[Product](most)
        self._titles = _Revisions[str](TITLES_KEPT)

    def keep(self, products: Sequence[Product], revisions: Sequence[int]) -> None:
        """These were just written or read: they will probably be shown, or named, soon."""
        with self._lock:
            for product, revision in zip(products[-self._most :], revisions[-self._most :], strict=True):
                self._kept.put(product.id, revision, product)
                self._titles.put(product.id, revision, product.title)

    def of(self, ids: Sequence[str], revisions: Sequence[int]) -> list[Product]:
        """The product of each id, in one query for those that are not kept. Raises `ProductUnknown`."""
        if len(ids) > self._most:
            return [product for start in range(0, len(ids), AT_ONCE) for product in self._now(ids[start:][:AT_ONCE])]
        with self._lock:
            found = [self._kept.get(name, revision) for name, revision in zip(ids, revisions, strict=True)]
        missing = [place for place, product in enumerate(found) if product is None]
        if missing:
            read = self._now([ids[place] for place in missing])
            self.keep(read, [revisions[place] for place in missing])
            for place, product in zip(missing, read, strict=True):
                found[place] = product
        return [product for product in found if product is not None]

    def titles(self, ids: Sequence[str], revisions: Sequence[int]) -> list[str]:
        """The title of each id, in one query for those that are not kept. Raises `ProductUnknown`."""
        keys = list(zip(ids, revisions, strict=True))
        with self._lock:
            found = {key: self._titles.get(*key) for key in keys}
        missing = [key for key, title in found.items() if title is None]
        if missing:
            read = _each(self._read_titles, [name for name, _ in missing])
            found.update(zip(missing, read, strict=True))
            with self._lock:
                for key, title in zip(missing, read, strict=True):
                    self._titles.put(*key, title)
        return [found[key] or "" for key in keys]

    def _now(self, ids: Sequence[str]) -> list[Product]:
        return _each(self._read, ids)


def _each(read: Callable[[Sequence[str]], dict[str, _T]], ids: Sequence[str]) -> list[_T]:
    found = read(ids)
    for name in ids:
        if name not in found:
            raise ProductUnknown.named(name)
    return [found[name] for name in ids]
