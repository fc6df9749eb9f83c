"""Synthetic shoppers on a shop's disk: a file that the importer reads, and a store that stays as it was."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bottega.actions.demo.write_demo import write_demo
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
from bottega.actions.recommend.shapes import TrainRequest
from bottega.actions.recommend.train import train
from bottega.actions.shoppers.shapes import SimulateRequest
from bottega.actions.shoppers.simulate import simulate
from bottega.datasets.arrays import Features
from bottega.errors import CatalogueEmpty, EventsTooFew, InputError, ModelUnknown, RequestInvalid
from bottega.models.recommend.base import Recommender
from bottega.names import Availability
from bottega.serving.cli.main import app
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.members import covering
from bottega.store.vectors import PhotoKey, Stamp


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFolder]:
    folder = tmp_path_factory.mktemp("shop")
    files = write_demo(folder / "demo", products=100, shoppers=160, pictures=False)
    with ShopFolder.open(folder / "shop") as opened:
        import_catalogue(OpenShop(opened), ImportCatalogueRequest(source=files.catalogue))
        import_events(OpenShop(opened), ImportEventsRequest(source=files.events))
        train(OpenShop(opened), TrainRequest(model="transitions"))
        yield opened


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_events_import_into_another_shop_without_a_reject(shop: ShopFolder, tmp_path: Path) -> None:
    before = shop.store.events.count()
    report = simulate(OpenShop(shop), SimulateRequest(out=tmp_path / "made.csv", shoppers=60))
    assert shop.store.events.count() == before
    rows = rows_of(report.out)
    assert report.model == "transitions" and report.shoppers == 60 and len(rows) == report.events
    assert all(row["shopper_id"].startswith("synthetic-0-0") and row["source"] == "synthetic" for row in rows)
    assert len({row["event_id"] for row in rows}) == len(rows) and len({row["shopper_id"] for row in rows}) == 60
    products = {product.id: product for product in shop.store.products.all()}
    assert all(products[row["product_id"]].recommendable for row in rows)
    bought = [row for row in rows if row["kind"] == "purchase"]
    assert bought and all(float(row["value"]) > 0 for row in bought)
    with ShopFolder.open(tmp_path / "other") as other:
        other.store.products.upsert(list(products.values()))
        found = import_events(OpenShop(other), ImportEventsRequest(source=report.out))
        assert (found.added, found.rejected) == (len(rows), 0)


def test_the_report_says_what_they_are_worth_and_whom_they_repeat(shop: ShopFolder, tmp_path: Path) -> None:
    report = simulate(OpenShop(shop), SimulateRequest(out=tmp_path / "made.csv", shoppers=60))
    measured = {regime: one["recall@10"].mean for regime, one in report.gap.measures.items()}
    assert set(measured) == {"real", "synthetic", "both"} and min(measured.values()) > 0.1
    assert report.privacy.synthetic.longest <= report.privacy.chance.longest
    assert json.loads(report.model_dump_json())["privacy"]["kept"] is True


def test_the_same_seed_writes_the_same_file(shop: ShopFolder, tmp_path: Path) -> None:
    one, same, other = (
        simulate(OpenShop(shop), SimulateRequest(out=tmp_path / name, shoppers=20, seed=seed)).out.read_text()
        for name, seed in (("a.csv", 3), ("b.csv", 3), ("c.csv", 4))
    )
    assert one == same != other


def test_another_recommender_is_trained_for_it_and_not_kept(shop: ShopFolder, tmp_path: Path) -> None:
    runs = len(shop.store.runs.all())
    report = simulate(OpenShop(shop), SimulateRequest(out=tmp_path / "made.csv", shoppers=20, model="item_neighbours"))
    assert report.model == "item_neighbours" and report.shoppers == 20 and len(shop.store.runs.all()) == runs


def test_what_cannot_be_done_is_said(shop: ShopFolder, tmp_path: Path) -> None:
    with pytest.raises(RequestInvalid, match=r"^0 shoppers cannot be drawn\."):
        simulate(OpenShop(shop), SimulateRequest(out=tmp_path / "made.csv", shoppers=0))
    with pytest.raises(InputError, match=r"it is a folder.*--out"):
        simulate(OpenShop(shop), SimulateRequest(out=tmp_path))
    with pytest.raises(InputError, match=r"its folder does not exist"):
        simulate(OpenShop(shop), SimulateRequest(out=tmp_path / "nowhere" / "made.csv"))
    with pytest.raises(ModelUnknown, match="magic"):
        simulate(OpenShop(shop), SimulateRequest(out=tmp_path / "made.csv", model="magic"))
    with ShopFolder.open(tmp_path / "empty") as empty, pytest.raises(EventsTooFew, match=r"0 events.*from 100"):
        simulate(OpenShop(empty), SimulateRequest(out=tmp_path / "made.csv"))
    with ShopFolder.open(tmp_path / "closed") as closed:
        gone = [one.model_copy(update={"availability": Availability.DISCONTINUED}) for one in shop.store.products.all()]
        closed.store.products.upsert(gone)
        import_events(OpenShop(closed), ImportEventsRequest(source=shop.root.parent / "demo" / "events.csv"))
        with pytest.raises(CatalogueEmpty, match=r"None of the shop's products can be bought\."):
            simulate(OpenShop(closed), SimulateRequest(out=tmp_path / "made.csv", model="transitions"))
    assert not (tmp_path / "made.csv").exists()


def test_the_command_prints_both_tables(shop: ShopFolder, tmp_path: Path) -> None:
    ask = ["simulate", "--shop", str(shop.root), "--shoppers", "30", "--out", str(tmp_path / "made.csv")]
    shown = CliRunner().invoke(app, ask)
    assert shown.exit_code == 0, shown.output
    for words in ("30 synthetic shoppers, drawn from transitions", "recall@10", "by chance", "No run is longer"):
        assert words in shown.output
    as_json = CliRunner().invoke(app, [*ask, "--json"])
    assert json.loads(as_json.stdout)["shoppers"] == 30


def test_a_trained_model_simulates_the_shop_that_it_serves_photos_included(
    shop: ShopFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It heard vectors of photos when it learnt; without them it would draw from another shop."""
    copy = tmp_path / "copy"
    shutil.copytree(shop.root, copy)
    with ShopFolder.open(copy) as seen:
        products = [one.model_copy(update={"images": (f"{one.id}.png",)}) for one in seen.store.products.all()]
        seen.store.products.upsert(products)
        keys = [PhotoKey(one.id, one.images[0]) for one in products]
        vectors = np.random.default_rng(0).normal(size=(len(keys), 4)).astype(np.float32)
        seen.store.vectors.put(Stamp("eye", "1"), keys, vectors)
        train(OpenShop(seen), TrainRequest(model="content"))
        heard: list[Features] = []
        extended = covering

        def listen(models: Sequence[Recommender], features: Features) -> list[Recommender]:
            heard.append(features)
            return extended(models, features)

        monkeypatch.setattr("bottega.actions.shoppers.simulate.covering", listen)
        simulate(OpenShop(seen), SimulateRequest(out=tmp_path / "made.csv", shoppers=10))
        with OpenShop(seen).floor() as floor:
            served = floor.features.vectors
    assert served is not None and np.isfinite(served).all()
    assert heard[0].vectors is not None and np.array_equal(heard[0].vectors, served)
