"""`bottega downgrade`: says what would be lost, does it when told to, and not while a server runs."""

from __future__ import annotations

import json
from pathlib import Path

from tests.filled import filled, put
from typer.testing import CliRunner

from bottega.serving.cli.main import app
from bottega.shop.alone import Alone
from bottega.shop.folder import RUNNING
from bottega.store.store import Store
from bottega.store.tables import metadata


def test_a_shop_is_taken_back_once_it_was_said_what_that_loses(tmp_path: Path) -> None:
    url, words = f"sqlite:///{tmp_path / 'shop.db'}", ["downgrade", "0.3.0", "--shop", str(tmp_path)]
    with Store.open(url) as store, store.database.write() as connection:
        put(connection, filled(), metadata)
    runner = CliRunner()
    told = runner.invoke(app, words)
    assert told.exit_code == 1 and "  2 in consents: what shoppers agreed to or refused" in told.output
    assert "Lost would be" in told.output and "Nothing has changed" in told.output
    with Alone(tmp_path / RUNNING, "talks") as server:
        assert server.take()
        refused = runner.invoke(app, [*words, "--yes"])
    assert (
        refused.exit_code == 2 and "A server has the shop" in refused.output and "Stop every server" in refused.output
    )
    with Store.open(url) as store:
        assert len(store.users.all()) == 1, "nothing was done"
    done = json.loads(runner.invoke(app, [*words, "--yes", "--json"]).stdout)
    rows = {one["table"]: one["rows"] for one in done["lost"]}
    assert done["done"] and done["tables"] == "0003" and rows["users"] == 1
    again = runner.invoke(app, words)
    assert again.exit_code == 1 and "  nothing" in again.output
    refused = runner.invoke(app, ["downgrade", "0.2.9", "--shop", str(tmp_path)])
    assert refused.exit_code == 2 and "Released were 0.1.0, 0.2.0, 0.3.0" in refused.output
    with Store.open(url) as store:
        assert store.products.count() == 1 and not store.users.all() and store.suggestions.counts()
