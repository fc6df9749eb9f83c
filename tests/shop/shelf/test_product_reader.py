"""Products that are shown: one query for those that are not kept, and never an older revision than was asked for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bottega.catalogue.product import Product
from bottega.errors import ProductUnknown
from bottega.shop.shelf import product_reader
from bottega.shop.shelf.product_reader import ProductReader


class Read:
    """A store that says what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.title = "first"

    def __call__(self, ids: Sequence[str]) -> dict[str, Product]:
        self.asked.append(list(ids))
        return {name: Product(id=name, title=self.title) for name in ids if name != "gone"}

    def titles(self, ids: Sequence[str]) -> dict[str, str]:
        """Titles alone."""
        self.asked.append([f"title of {name}" for name in ids])
        return {name: self.title for name in ids if name != "gone"}


def test_what_is_not_kept_is_read_in_one_query() -> None:
    read = Read()
    reader = ProductReader(read, read.titles)
    reader.of(["a"], [1])
    found = reader.of(["c", "a", "b"], [1, 1, 1])
    assert [product.id for product in found] == ["c", "a", "b"] and read.asked == [["a"], ["c", "b"]]
    assert reader.of([], []) == [] and len(read.asked) == 2


def test_a_newer_revision_is_read_again_and_an_older_one_stays_what_it_was() -> None:
    read = Read()
    reader = ProductReader(read, read.titles)
    assert reader.of(["a"], [1])[0].title == "first"
    read.title = "second"
    assert reader.of(["a"], [2])[0].title == "second" and reader.of(["a"], [1])[0].title == "first"
    reader.keep([Product(id="b", title="told")], [7])
    assert reader.of(["b"], [7])[0].title == "told" and read.asked == [["a"], ["a"]]


def test_what_changes_often_keeps_its_two_newest_revisions() -> None:
    read = Read()
    reader = ProductReader(read, read.titles, most=3)
    reader.of(["b"], [1])
    for revision in range(1, 9):
        reader.of(["a"], [revision])
    read.asked.clear()
    reader.of(["a", "b"], [8, 1])
    reader.of(["a"], [7])
    assert read.asked == [], "eight revisions of one product pushed nothing else out"
    reader.of(["a"], [6])
    assert read.asked == [["a"]]


def test_no_more_than_so_many_are_kept() -> None:
    read = Read()
    reader = ProductReader(read, read.titles, most=2)
    for name in ("a", "b", "a", "c"):
        reader.of([name], [1])
    assert read.asked == [["a"], ["b"], ["c"]]
    reader.of(["a"], [1])
    reader.of(["b"], [1])
    assert read.asked[3:] == [["b"]], "b was shown longest ago"
    reader.of(["x", "y", "z"], [1, 1, 1])
    reader.of(["b"], [1])
    assert read.asked[4:] == [["x", "y", "z"]], "many at once leave what is kept alone"


def test_a_product_that_the_store_lost_is_named() -> None:
    with pytest.raises(ProductUnknown, match="gone"):
        ProductReader(Read(), Read().titles).of(["a", "gone"], [1, 1])


def test_titles_are_kept_longer_than_products_and_by_revision() -> None:
    read = Read()
    reader = ProductReader(read, read.titles, most=2)
    assert reader.titles(["a", "b", "a"], [1, 1, 1]) == ["first"] * 3
    assert read.asked == [["title of a", "title of b"]], "no product is read for its title"
    reader.of(["x", "y"], [1, 1])
    read.title = "second"
    assert reader.titles(["b", "a", "x"], [1, 2, 1]) == ["first", "second", "first"], "what was shown is known"
    assert read.asked[2:] == [["title of a"]]
    with pytest.raises(ProductUnknown, match="gone"):
        reader.titles(["gone"], [1])


def test_titles_that_were_named_longest_ago_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(product_reader, "TITLES_KEPT", 2)
    read = Read()
    reader = ProductReader(read, read.titles)
    for name in ("a", "b", "a", "c", "a"):
        reader.titles([name], [1])
    assert read.asked == [["title of a"], ["title of b"], ["title of c"]]
