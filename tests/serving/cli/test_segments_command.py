"""`bottega segments` on the command line: names, sizes, stability, a row a shopper; and what it refuses."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bottega.actions.recommend.shapes import TrainRequest
from bottega.actions.recommend.train import train
from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.names import EventKind
from bottega.serving.cli.main import app
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop


def run(*arguments: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["segments", *(str(argument) for argument in arguments)])
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty shoppers of green linen, twenty of red wool; both look at six products each."""
    folder = tmp_path_factory.mktemp("shop")
    rng = np.random.default_rng(4)
    worlds = (("green", "linen"), ("red", "wool"))
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(
            [
                Product(id=f"{colour}{i}", title="T", attributes={"color": (colour,), "material": (material,)})
                for colour, material in worlds
                for i in range(9)
            ]
        )
        events = []
        for shopper in range(60):
            colour = worlds[shopper >= 40][0]
            for step, i in enumerate(rng.permutation(9)[:6].tolist()):
                moment = 1_760_000_000_000 + 60_000 * step
                name = f"s{shopper}"
                events.append(Event(shopper_id=name, kind=EventKind.VIEW, product_id=f"{colour}{i}", time_ms=moment))
        shop.store.events.add(events)
        train(OpenShop(shop), TrainRequest(model="popular"))
    return folder


@pytest.mark.parametrize("method", ["kmeans", "ward"])
def test_segments_are_named_counted_and_written(folder: Path, tmp_path: Path, method: str) -> None:
    out = tmp_path / "who.csv"
    found = json.loads(run("--n", "2", "--method", method, "--csv", out, "--json", "--shop", folder).splitlines()[0])
    assert [one["shoppers"] for one in found["segments"]] == [40, 20]
    assert [set(one["name"].split(", ")) for one in found["segments"]] == [{"green", "linen"}, {"red", "wool"}]
    assert found["stability_seeds"] == found["stability_halves"] == 1.0
    assert (found["method"], found["shoppers"], found["learnt_from"]) == (method, 60, 60)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 60
    assert all(("green" in row["segment"]) == (int(row["shopper_id"][1:]) < 40) for row in rows)


def test_on_the_terminal(folder: Path) -> None:
    text = run("--n", "2", "--shop", folder)
    assert "67%" in text and "33%" in text and "Made of 60 shoppers" in text


def test_refusals_say_what_to_do(folder: Path, tmp_path: Path) -> None:
    assert "Methods are kmeans, ward" in run("--method", "magic", "--shop", folder, code=2)
    assert "40 segments need 80 such shoppers" in run("--n", "40", "--shop", folder, code=2)
    (tmp_path / "new").mkdir()
    assert "Run `bottega train` first" in run("--shop", tmp_path / "new", code=2)
    assert "cannot be written" in run("--n", "2", "--csv", tmp_path / "no" / "x.csv", "--shop", folder, code=2)
