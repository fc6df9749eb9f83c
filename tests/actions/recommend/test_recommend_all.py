"""Lists for all shoppers are those that answers give, whoever makes them and however often the work is stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.parallel.shops import ring
from typer.testing import CliRunner

from bottega.actions.recommend import recommend_all as module
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.recommend_all import COLUMNS, recommend_all
from bottega.actions.recommend.shapes import RecommendAllRequest, RecommendationRequest, TrainRequest
from bottega.actions.recommend.train import train
from bottega.errors import CatalogueEmpty, InputError, ModelUnknown, RequestInvalid
from bottega.serving.cli.main import app
from bottega.shop.open_shop import OpenShop

SHOPPERS = 120
MOMENT_MS = 1_800_000_000_000
A_PORTION = 25
"""So that there are five of them."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("lists") / "shop"
    ring(root, shoppers=SHOPPERS).close()
    with OpenShop.open(root) as shop:
        train(shop, TrainRequest(model="transitions"))
    return root


@pytest.fixture
def shop(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenShop]:
    monkeypatch.setattr(module, "SHOPPERS_A_PORTION", A_PORTION)
    with OpenShop.open(folder) as opened:
        yield opened


def lists(path: Path) -> list[tuple[Any, ...]]:
    table = pl.read_csv(path, schema=COLUMNS) if path.suffix == ".csv" else pl.read_parquet(path)
    assert dict(table.schema) == COLUMNS
    return table.rows()


def test_each_list_is_the_one_that_an_answer_gives(shop: OpenShop, tmp_path: Path) -> None:
    done = recommend_all(shop, RecommendAllRequest(out=tmp_path / "lists.parquet", n=4), now_ms=MOMENT_MS)
    found = lists(tmp_path / "lists.parquet")
    wanted = []
    for name in sorted(f"s{n}" for n in range(SHOPPERS)):
        answer = recommend(shop, RecommendationRequest(shopper=name, n=4), now_ms=MOMENT_MS)
        wanted += [
            (
                name,
                item.rank,
                item.product_id,
                item.score,
                item.source,
                item.reasons[0].text,
                answer.fallback,
                answer.model.version,
            )
            for item in answer.items
        ]
    assert found == wanted and len({row[2] for row in found}) > 10
    assert (done.shoppers, done.rows, done.portions, done.resumed) == (SHOPPERS, len(wanted), 5, 0)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["lists.parquet"]
    recommend_all(shop, RecommendAllRequest(out=tmp_path / "lists.csv", n=4), now_ms=MOMENT_MS)
    assert lists(tmp_path / "lists.csv") == wanted


def test_two_processes_make_the_same_file(shop: OpenShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recommend_all(shop, RecommendAllRequest(out=tmp_path / "one.parquet"), now_ms=MOMENT_MS)
    monkeypatch.setenv("BOTTEGA_PROCESSES", "2")
    with OpenShop.open(shop.folder.root) as again:
        recommend_all(again, RecommendAllRequest(out=tmp_path / "two.parquet"), now_ms=MOMENT_MS)
    assert lists(tmp_path / "one.parquet") == lists(tmp_path / "two.parquet")


def test_a_run_that_was_stopped_goes_on_where_it_was(shop: OpenShop, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def progress(task: str, done: int, total: int | None = None, note: str = "") -> None:
        if done == 3:
            raise Stopped

    asked = RecommendAllRequest(out=tmp_path / "lists.parquet", n=3)
    with pytest.raises(Stopped):
        recommend_all(shop, asked, progress=progress)
    parts = tmp_path / "lists.parquet.parts"
    made = {one.name: one.stat().st_mtime_ns for one in parts.glob("*.parquet")}
    assert len(made) == 2 and not asked.out.exists()
    with pytest.raises(Stopped):  # three are left; the second call stops after the last of them but one
        recommend_all(shop, asked, progress=progress)
    assert {name: (parts / name).stat().st_mtime_ns for name in made} == made
    assert recommend_all(shop, asked).resumed == 4
    recommend_all(shop, RecommendAllRequest(out=tmp_path / "whole.parquet", n=3))
    assert lists(asked.out) == lists(tmp_path / "whole.parquet")


def test_another_request_begins_anew(shop: OpenShop, tmp_path: Path) -> None:
    def progress(task: str, done: int, total: int | None = None, note: str = "") -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recommend_all(shop, RecommendAllRequest(out=tmp_path / "lists.parquet", n=3), progress=progress)
    done = recommend_all(shop, RecommendAllRequest(out=tmp_path / "lists.parquet", n=2))
    assert done.resumed == 0 and done.rows == 2 * SHOPPERS


def test_killed_in_the_middle_nothing_is_made_twice(shop: OpenShop, tmp_path: Path) -> None:
    script = (
        "import os, sys\nfrom pathlib import Path\n"
        "from bottega.actions.recommend import recommend_all as module\n"
        "from bottega.actions.recommend.shapes import RecommendAllRequest\n"
        "from bottega.shop.open_shop import OpenShop\n"
        f"module.SHOPPERS_A_PORTION = {A_PORTION}\n"
        "def progress(task, done, total=None, note=''):\n"
        f"    if done == 4: os.kill(os.getpid(), {int(signal.SIGKILL)})\n"
        "with OpenShop.open(sys.argv[1]) as shop:\n"
        "    module.recommend_all(shop, RecommendAllRequest(out=Path(sys.argv[2]), n=3), progress=progress)\n"
    )
    out = tmp_path / "lists.parquet"
    source = Path(__file__).parents[3] / "src"
    killed = subprocess.run(
        [sys.executable, "-c", script, str(shop.folder.root), str(out)], env={**os.environ, "PYTHONPATH": str(source)}
    )
    assert killed.returncode == -signal.SIGKILL and not out.exists()
    assert recommend_all(shop, RecommendAllRequest(out=out, n=3)).resumed == 3
    recommend_all(shop, RecommendAllRequest(out=tmp_path / "whole.parquet", n=3))
    assert lists(out) == lists(tmp_path / "whole.parquet")


def test_what_cannot_be_written_is_refused(shop: OpenShop, tmp_path: Path) -> None:
    with pytest.raises(RequestInvalid, match=r"ends in \.parquet or \.csv"):
        recommend_all(shop, RecommendAllRequest(out=tmp_path / "lists.xlsx"))
    with pytest.raises(ModelUnknown):
        recommend_all(shop, RecommendAllRequest(out=tmp_path / "lists.csv", strategy="nonsense"))
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="Name another place with --out"):
        recommend_all(shop, RecommendAllRequest(out=tmp_path / "file" / "lists.csv"))
    with OpenShop.open(tmp_path / "empty") as empty, pytest.raises(CatalogueEmpty):
        recommend_all(empty, RecommendAllRequest(out=tmp_path / "lists.csv"))


def test_a_shop_without_events_gets_an_empty_file(tmp_path: Path) -> None:
    ring(tmp_path / "shop", shoppers=0).close()
    with OpenShop.open(tmp_path / "shop") as shop:
        done = recommend_all(shop, RecommendAllRequest(out=tmp_path / "lists.parquet"))
    assert (done.shoppers, done.rows, done.portions) == (0, 0, 0) and lists(tmp_path / "lists.parquet") == []


def test_the_command_writes_them_and_refuses_halves(folder: Path, tmp_path: Path) -> None:
    run = CliRunner()
    out = tmp_path / "lists.csv"
    done = run.invoke(app, ["recommend", "--all", "--out", str(out), "--n", "2", "--shop", str(folder)])
    assert done.exit_code == 0 and f"Lists of {SHOPPERS} shoppers with {2 * SHOPPERS} products" in done.output
    assert len(lists(out)) == 2 * SHOPPERS
    for halves in (["--all"], ["--out", str(out)], ["--all", "--out", str(out), "--shopper", "s1"]):
        refused = run.invoke(app, ["recommend", *halves, "--shop", str(folder)])
        assert refused.exit_code == 2 and "need --all and --out" in " ".join(refused.output.split())
