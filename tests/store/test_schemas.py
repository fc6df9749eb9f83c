"""Several shops in one PostgreSQL: a schema each, made with its tables, and nothing of one seen from another."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bottega.actions.shops.moves import export_shop, restore_shop
from bottega.actions.shops.shops import new_shop, remove_shop
from bottega.catalogue.product import Product
from bottega.errors import SettingsInvalid, StoreUnavailable
from bottega.shop.doors.key_directory import KeyDirectory
from bottega.shop.folder import ShopFolder
from bottega.shop.shops_folder import ShopsFolder
from bottega.store.schemas import schema_of
from bottega.store.store import Store


def product(title: str) -> Product:
    return Product(id="same", title=title)


@pytest.mark.postgres
def test_each_shop_has_a_schema_of_its_own(
    postgresql_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOTTEGA_SHOPS_DATABASE_URL", f"postgresql://bottega@/postgres?host={postgresql_server}")
    (tmp_path / "shops.toml").touch()
    for name in ("nord", "sud"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bottega.toml").write_text(f'database_schema = "of_{name}"\n')
    with ShopFolder.open(tmp_path / "nord") as nord, ShopFolder.open(tmp_path / "sud") as sud:
        nord.store.products.upsert([product("of the north")])
        assert sud.store.products.count() == 0
        sud.store.products.upsert([product("of the south")])
        assert [one.title for one in nord.store.products.get(["same"]).values()] == ["of the north"]
        assert nord.store.identity() != sud.store.identity()
        with nord.store.database.read() as connection:
            schemas = "SELECT table_schema FROM information_schema.tables WHERE table_name = 'alembic_version'"
            found = set(connection.execute(text(schemas)).scalars())
        assert {"of_nord", "of_sud"} <= found


def test_a_schema_needs_a_database_that_has_some(tmp_path: Path) -> None:
    (tmp_path / "bottega.toml").write_text('database_schema = "nord"\n')
    with pytest.raises(SettingsInvalid, match=r"of a database that nothing names.*BOTTEGA_SHOPS_DATABASE_URL"):
        ShopFolder.open(tmp_path)
    with pytest.raises(StoreUnavailable, match="SQLite has no schemas, and the schema 'nord' was asked for"):
        Store.open(f"sqlite:///{tmp_path / 'shop.db'}", schema="nord")


def fill(shops: ShopsFolder, name: str) -> None:
    with ShopFolder.open(shops.folder(name)) as folder:
        folder.store.products.upsert([product(f"of {name}")])


def titles(shops: ShopsFolder, name: str) -> list[str]:
    with ShopFolder.open(shops.folder(name)) as folder:
        return [one.title for one in folder.store.products.all()]


@pytest.mark.postgres
def test_shops_in_one_postgresql_move_there_and_back(
    postgresql_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shops = ShopsFolder.open(tmp_path / "shops", make=True)
    new_shop(shops, "lite")
    fill(shops, "lite")
    file = export_shop(shops, "lite", tmp_path / "lite.zip")
    monkeypatch.setenv("BOTTEGA_SHOPS_DATABASE_URL", f"postgresql://bottega@/postgres?host={postgresql_server}")
    keys = {name: new_shop(shops, name).key for name in ("pg-one", "pg-two")}
    fill(shops, "pg-one")
    assert restore_shop(shops, file, "pg-three").keys_left_out == 1
    assert (titles(shops, "pg-three"), titles(shops, "pg-one"), titles(shops, "pg-two")) == (
        ["of lite"],
        ["of pg-one"],
        [],
    )
    assert shops.rows("pg-three").schema == schema_of("pg-three") == "shop_pg_three"
    directory = KeyDirectory(shops).read_now()
    assert {name: directory.shop_of_key(key) for name, key in keys.items()} == {name: name for name in keys}
    remove_shop(shops, "pg-one")
    assert new_shop(shops, "pg-one").key and titles(shops, "pg-one") == []
    for name in ("pg-one", "pg-two", "pg-three"):
        remove_shop(shops, name)
