"""What is on display: every visible product grouped with its variants, browsed by category."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bottega.catalogue.product import Product

__all__ = ["Display", "Displays"]


@dataclass(frozen=True)
class Display:
    """One moment's view of the catalogue. Groups are in catalogue order, and so are the variants in each."""

    groups: list[list[Product]]
    place: dict[str, int]
    """Group of a product id or a group id."""

    @classmethod
    def of(cls, products: Iterable[Product]) -> Display:
        """Group the products that are not hidden."""
        members: dict[str, list[Product]] = {}
        for product in products:
            if not product.hidden:
                # The prefixes keep a product id that equals some group id apart from it.
                members.setdefault(f"g{product.group_id}" if product.group_id else f"p{product.id}", []).append(product)
        groups = list(members.values())
        place: dict[str, int] = {}
        for code, group in enumerate(groups):
            if group[0].group_id:
                place.setdefault(group[0].group_id, code)
        place.update((product.id, code) for code, group in enumerate(groups) for product in group)
        return cls(groups, place)

    def variants(self, product_id: str) -> list[Product] | None:
        """The group that a product id or a group id names."""
        code = self.place.get(product_id)
        return None if code is None else self.groups[code]

    def categories(self, path: Sequence[str] = ()) -> list[tuple[str, int]]:
        """Categories right below a path with the number of groups in each, in catalogue order."""
        depth = len(path)
        inside = (group[0].category for group in self.groups)
        names = (names[depth] for names in inside if len(names) > depth and names[:depth] == tuple(path))
        return list(Counter(names).items())

    def browse(self, category: Sequence[str] = ()) -> list[list[Product]]:
        """Groups within the category path.

        The deepest categories take turns, so that a page of a long catalogue shows some of everything.
        """
        path = tuple(category)
        found: list[tuple[int, int]] = []
        turns: Counter[str] = Counter()
        for code, group in enumerate(self.groups):
            if group[0].category[: len(path)] == path:
                name = group[0].category[-1] if group[0].category else ""
                found.append((turns[name], code))
                turns[name] += 1
        return [self.groups[code] for _, code in sorted(found)]


class Displays:
    """The current display, made anew from `products` once it is older than `refresh_s` seconds."""

    def __init__(self, products: Callable[[], Iterable[Product]], *, refresh_s: float) -> None:
        self._products = products
        self._refresh_s = refresh_s
        self._made_s = float("-inf")
        self._display = Display([], {})

    def current(self) -> Display:
        """A display at most `refresh_s` seconds old."""
        now_s = time.monotonic()
        if now_s - self._made_s > self._refresh_s:
            self._display = Display.of(self._products())
            self._made_s = now_s
        return self._display
