"""Browsing shows what the products themselves would, group by group, and reads only the page's products."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bottega.actions.catalogue.browse import BrowseRequest, VariantsRequest, browse, variants
from bottega.catalogue.product import Product
from bottega.shop.open_shop import OpenShop
from bottega.store.products import ProductStore

CATEGORIES = [(), ("Apparel",), ("Apparel", "Shirts"), ("Apparel", "Shoes"), ("apparel", "Shirts"), ("Home > Old",)]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    luck = random.Random(1)
    with OpenShop.open(tmp_path / "shop") as opened:
        for start in (0, 60):
            opened.upsert(
                [
                    Product(
                        id=f"p{number}",
                        group_id=luck.choice([None, f"g{number % 9}", f"p{number % 5}"]),
                        title=f"Thing {number}",
                        category=luck.choice(CATEGORIES),
                        hidden=luck.random() < 0.2,
                    )
                    for number in (*range(start, start + 60), *luck.sample(range(60), 5))
                ]
            )
        yield opened


def grouped(products: Sequence[Product]) -> list[list[Product]]:
    members: dict[str, list[Product]] = {}
    for product in products:
        if not product.hidden:
            members.setdefault(f"g{product.group_id}" if product.group_id else f"p{product.id}", []).append(product)
    return list(members.values())


@pytest.mark.parametrize("path", [[], ["Apparel"], ["Apparel", "Shirts"], ["Home > Old"], ["Home"], ["Nowhere"]])
def test_pages_hold_the_groups_of_a_category_in_turns(shop: OpenShop, path: list[str]) -> None:
    within = [one for one in grouped(shop.store.products.all()) if one[0].category[: len(path)] == tuple(path)]
    seen: Counter[str] = Counter()
    turns = []
    for place, group in enumerate(within):
        name = group[0].category[-1] if group[0].category else ""
        turns.append((seen[name], place))
        seen[name] += 1
    expected = [within[place] for _, place in sorted(turns)]
    found, after = [], 0
    while True:
        page = browse(shop, BrowseRequest(category=path, n=7, after=after))
        found += page.groups
        assert page.total == len(expected)
        if page.next is None:
            break
        after = page.next
    assert found == expected
    below = Counter(one[0].category[len(path)] for one in within if len(one[0].category) > len(path))
    assert [(one.label, one.path, one.count) for one in page.inside] == [
        (name, [*path, name], count) for name, count in below.items()
    ]


def test_variants_are_the_visible_ones_of_the_same_group(shop: OpenShop) -> None:
    products = shop.store.products.all()
    by_id = {product.id: product for product in products}
    names = [product.id for product in products] + [f"g{number}" for number in range(9)] + ["nothing"]
    found = variants(shop, VariantsRequest(product_ids=names)).groups
    assert "nothing" not in found
    for name in names:
        own = by_id.get(name)
        if own is not None and not own.hidden and own.group_id is None:
            assert found[name] == [own]
        for product in found.get(name, []):
            assert not product.hidden
            assert product.group_id == (own.group_id if own is not None and not own.hidden else name)


def test_only_the_products_of_the_page_are_read(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.warm()
    read: list[str] = []
    get = ProductStore.get

    def told(self: ProductStore, ids: Sequence[str]) -> dict[str, Product]:
        read.extend(ids)
        return get(self, ids)

    with shop.floor() as floor:
        monkeypatch.setattr(floor.shelf._reader, "_read", lambda ids: told(shop.store.products, ids))
        floor.shelf._reader._kept.clear()
    page = browse(shop, BrowseRequest(n=3))
    assert sorted(read) == sorted(product.id for group in page.groups for product in group)
