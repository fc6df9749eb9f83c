"""Items: variants share a code, codes never change."""

from __future__ import annotations

from pathlib import Path

import pytest

from bottega.catalogue.product import Product
from bottega.datasets.items import Items
from bottega.errors import ModelFileBroken


def product(name: str, group: str | None = None) -> Product:
    return Product(id=name, group_id=group, title=name)


def named(items: Items) -> list[str]:
    return [items.id(code) for code in range(len(items))]


def variants(items: Items) -> list[list[str]]:
    return [items.product_ids(code) for code in range(len(items))]


def test_variants_share_one_code_and_both_ids_lead_to_it() -> None:
    items = Items.of([product("shirt-s", "shirt"), product("mug"), product("shirt-m", "shirt")])
    assert named(items) == ["shirt", "mug"]
    assert variants(items) == [["shirt-s", "shirt-m"], ["mug"]]
    assert items.codes(["shirt", "shirt-s", "shirt-m", "mug", "lamp"]).tolist() == [0, 0, 0, 1, -1]


def test_new_products_go_behind_and_old_codes_stay() -> None:
    items = Items.of([product("a"), product("b")])
    assert items.add([product("c"), product("a"), product("b2", "b")]) == [2, 0, 1]
    assert named(items) == ["a", "b", "c"]
    assert items.product_ids(1) == ["b", "b2"], "a group named like a product takes that product in"


def test_a_product_that_moves_to_another_group_keeps_its_code() -> None:
    items = Items.of([product("a"), product("b", "g")])
    items.add([product("a", "g")])
    assert items.code("a") == 0


def test_ids_are_free_text_and_survive_saving(tmp_path: Path) -> None:
    items = Items.of([product("a/b c"), product("☕️ mug", "grüße")])
    items.save(tmp_path / "items.json")
    again = Items.load(tmp_path / "items.json")
    assert (named(again), variants(again)) == (named(items), variants(items))
    assert again.codes(["a/b c", "☕️ mug", "grüße"]).tolist() == [0, 1, 1]


def test_a_broken_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "items.json").write_text('{"ids": [')
    with pytest.raises(ModelFileBroken, match=r"items\.json .* Run `bottega train` again"):
        Items.load(tmp_path / "items.json")
