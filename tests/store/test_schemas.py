"""Several shops in one PostgreSQL: a schema each, made with its tables, and nothing of one seen from another."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from bottega.catalogue.product import Product
from bottega.errors import SettingsInvalid, StoreUnavailable
from bottega.shop.folder import ShopFolder
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
