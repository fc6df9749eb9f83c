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
    items.save(tmp_path / "items.npz")
    again = Items.load(tmp_path / "items.npz")
    assert (named(again), variants(again)) == (named(items), variants(items))
    assert again.codes(["a/b c", "☕️ mug", "grüße"]).tolist() == [0, 1, 1]


def test_what_earlier_versions_wrote_is_read(tmp_path: Path) -> None:
    (tmp_path / "items.json").write_text('{"ids": ["grüße", "a"], "products": [["s", "m"], ["a"]]}')
    items = Items.load(tmp_path / "items.json")
    assert (named(items), variants(items)) == (["grüße", "a"], [["s", "m"], ["a"]])
    assert items.codes(["m", "grüße", "a", "b"]).tolist() == [0, 0, 1, -1]


def test_a_broken_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "items.json").write_text('{"ids": [')
    with pytest.raises(ModelFileBroken, match=r"items\.json .* Run `bottega train` again"):
        Items.load(tmp_path / "items.json")
    Items.of([product("a")]).save(tmp_path / "items.npz")
    raw = (tmp_path / "items.npz").read_bytes()
    (tmp_path / "items.npz").write_bytes(raw[: len(raw) // 2])
    with pytest.raises(ModelFileBroken, match=r"items\.npz .* Run `bottega train` again"):
        Items.load(tmp_path / "items.npz")


def test_copies_that_grow_apart_do_not_meet() -> None:
    items = Items.of([product("a", "g"), product("b")])
    one, other = items.copy(), items.copy()
    one.add([product("c", "g"), product("d")])
    other.add([product("e"), product("f", "g")])
    other.add([product("h", "g")])
    one.add([product("h", "new")])
    assert variants(items) == [["a"], ["b"]] and len(items) == 2 and items.code("c") == items.code("e") == -1
    assert variants(one) == [["a", "c"], ["b"], ["d"], ["h"]] and one.code("f") == -1
    assert variants(other) == [["a", "f", "h"], ["b"], ["e"]] and other.code("c") == other.code("new") == -1
    assert other.codes(["h", "g"]).tolist() == [0, 0] and one.codes(["h", "new", "g"]).tolist() == [3, 3, 0]


def test_rows_of_their_own_order_keep_the_codes() -> None:
    known = Items.of([product("a"), product("s", "g"), product("m", "g"), product("gone")])
    items = known.without_products()
    items.add_known([product("m", "other"), product("new", "other"), product("a")], known)
    items.add_known([product("s", "g")], known)
    assert [items.product_id(row) for row in range(items.n_products)] == ["m", "new", "a", "s"]
    assert items.item_of_row.tolist() == [1, 3, 0, 1] and items.firsts().tolist() == [2, 0, -1, 1]
    assert variants(items) == [["a"], ["m", "s"], [], ["new"]] and items.row("s") == 3 and items.row("gone") == -1


def test_all_are_found_after_any_way_of_growing(tmp_path: Path) -> None:
    names = [f"product {number}" for number in range(2000)]
    items = Items.of([product(name, f"g{number % 700}") for number, name in enumerate(names[:1500])])
    items.save(tmp_path / "items.npz")
    again = Items.load(tmp_path / "items.npz")
    for name in names[1500:]:
        again.add([product(name, f"g{int(name.split()[1]) % 700}")])
    expected = [number % 700 for number in range(2000)]
    assert again.codes(names).tolist() == expected and again.item_of_row.tolist() == expected
    assert again.rows_of(5) == [5, 705, 1405]
    assert items.codes(names[1500:]).tolist() == [-1] * 500
