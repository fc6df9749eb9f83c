"""`bottega evaluate` over a small shop with a known taste: what follows what is all there is to know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import typer
from tests.parallel.shops import figures
from typer.testing import CliRunner

from bottega.actions.recommend.evaluate import report_on
from bottega.actions.recommend.shapes import EvaluateRequest
from bottega.catalogue.product import Product
from bottega.errors import CatalogueEmpty, EventsTooFew, InputError, ModelUnknown, RequestInvalid
from bottega.events.event import Event
from bottega.models.recommend.registry import those_that
from bottega.names import EventKind
from bottega.serving.cli import evaluate as command
from bottega.shop.folder import ShopFolder

SIMPLE = those_that(lambda abilities: abilities.simple)
PRODUCTS = 40
DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopFolder]:
    """Shoppers walk a ring of products, one a day, so the next product is nearly always the next on the ring."""
    rng = np.random.default_rng(0)
    with ShopFolder.open(tmp_path_factory.mktemp("ring")) as opened:
        opened.store.products.upsert([Product(id=f"p{n}", title=f"Product number {n}") for n in range(PRODUCTS)])
        events = []
        for shopper in range(160):
            place, first_day = int(rng.integers(PRODUCTS)), int(rng.integers(20))
            for step in range(8):
                place = (place + 1) % PRODUCTS if rng.random() < 0.9 else int(rng.integers(PRODUCTS))
                events.append(
                    Event(
                        shopper_id=f"s{shopper}",
                        product_id=f"p{place}",
                        kind=EventKind.PURCHASE,
                        time_ms=1_700_000_000_000 + (first_day + step) * DAY_MS,
                    )
                )
        opened.store.events.add(events)
        yield opened


@pytest.mark.parametrize("split", ["last", "time"])
def test_the_model_that_knows_the_ring_wins_and_is_named(shop: ShopFolder, split: str, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    report = report_on(shop, EvaluateRequest(split=split, models=["content"], html=page, seed=3))
    assert [each.name for each in report.judged] == [*SIMPLE, "content"]
    by_name = {each.name: each.measures["ndcg@10"].mean for each in report.judged}
    assert by_name["transitions"] > 0.6 > 0.4 > by_name["popular"]
    assert report.best_first[0].name == "transitions"
    assert report.findings[0].text.startswith("transitions, a simple model, beats content by")
    assert (report.cuts_ms is None) == (split == "last") and report.asked > 20
    assert report.findings[0].text.split("`")[0] in page.read_text()


def test_the_same_seed_gives_the_same_report(shop: ShopFolder) -> None:
    one, again = (report_on(shop, EvaluateRequest(models=["transitions"], seed=5)) for _ in range(2))
    for first, second in zip(one.judged, again.judged, strict=True):
        assert np.array_equal(first.ranks, second.ranks) and first.measures["ndcg@10"] == second.measures["ndcg@10"]


def test_robustness_is_told_for_every_model(shop: ShopFolder) -> None:
    heard = []
    report = report_on(
        shop,
        EvaluateRequest(models=["transitions"], robustness=True),
        progress=lambda task, done, total=None, note="": heard.append(task),
    )
    assert {each.model for each in report.robustness} == set(SIMPLE)
    left = {(each.model, each.corruption): each.left.mean for each in report.robustness}
    assert left["transitions", "order shuffled"] < left["transitions", "10% of events lost"]
    assert {"portions measured", "judging popular"} <= set(heard)


def test_several_seeds_tell_how_far_a_model_moves(shop: ShopFolder) -> None:
    report = report_on(shop, EvaluateRequest(models=["als"], seed=5, seeds=3))
    by_seed = {(each.name, seed): each.measures["ndcg@10"].mean for seed, each in report.by_seed}
    assert {seed for _, seed in by_seed} == {5, 6, 7}
    first = next(each for each in report.judged if each.name == "als")
    assert first.measures["ndcg@10"].mean == by_seed["als", 5]
    assert len({by_seed["als", seed] for seed in (5, 6, 7)}) > 1 and len({by_seed["popular", s] for s in (5, 6)}) == 1
    (table,) = [one for one in report.tables() if one.title == "Seeds"]
    row = next(row for row in table.rows if row[0] == "als")
    values = [by_seed["als", seed] for seed in (5, 6, 7)]
    assert row[3:] == (f"{np.mean(values):.4f}", f"{np.std(values, ddof=1):.4f}")
    assert len(report.as_dict()["by_seed"]) == 3 * len(report.judged)


def test_two_processes_find_what_one_finds(shop: ShopFolder) -> None:
    asked = EvaluateRequest(models=["als"], robustness=True, shoppers=150)
    one = figures(report_on(shop, asked))
    two = figures(report_on(replace(shop, server=shop.server.model_copy(update={"processes": 2})), asked))
    assert one == two and one["robustness"]


@pytest.mark.slow
def test_scalability_and_robustness_can_be_measured_on_fewer_shoppers(shop: ShopFolder) -> None:
    report = report_on(shop, EvaluateRequest(models=[], robustness=True, scalability=True, shoppers=120, seed=1))
    assert report.sampled == 120 and report.shoppers > 120
    assert [each.model for each in report.scalability] == list(SIMPLE)
    assert max(point.products for point in report.scalability[0].points) == PRODUCTS
    assert {each.model for each in report.robustness if each.push is not None} == set(SIMPLE)
    titles = [table.title for table in report.tables()]
    assert titles == ["Accuracy", "Beside accuracy", "Cost", "Scalability", "Robustness", "Popularity attack"]
    assert report_on(shop, EvaluateRequest(models=[], shoppers=120)).sampled is None
    with pytest.raises(RequestInvalid, match=r"12 shoppers are too few.*100 or more"):
        report_on(shop, EvaluateRequest(models=[], shoppers=12))


def test_requests_that_make_no_sense_are_refused_before_any_work(shop: ShopFolder, tmp_path: Path) -> None:
    with pytest.raises(RequestInvalid, match=r"no split 'random'.*'last'.*'time'"):
        report_on(shop, EvaluateRequest(models=[], split="random"))
    with pytest.raises(ModelUnknown, match=r"no recommender 'oracle'.*popular"):
        report_on(shop, EvaluateRequest(models=["oracle"]))
    with pytest.raises(InputError, match=r"report .*report\.html cannot be written: its folder does not exist"):
        report_on(shop, EvaluateRequest(models=["popular"], html=tmp_path / "nowhere" / "report.html"))
    with pytest.raises(InputError, match="cannot be written: it is a folder"):
        report_on(shop, EvaluateRequest(models=["popular"], html=tmp_path))


def test_a_shop_with_too_little_says_what_to_do(tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path) as opened:
        with pytest.raises(CatalogueEmpty):
            report_on(opened, EvaluateRequest(models=[]))
        opened.store.products.upsert([Product(id="a", title="A")])
        opened.store.events.add([Event(shopper_id="s", product_id="a", kind=EventKind.VIEW, time_ms=1)])
        with pytest.raises(EventsTooFew, match="Import more events"):
            report_on(opened, EvaluateRequest(models=[]))


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.command()(command.evaluate)
    return made


def test_the_command_prints_tables_or_json(shop: ShopFolder, app: typer.Typer, tmp_path: Path) -> None:
    base = ["--shop", str(shop.root), "--models", "transitions, popular", "--seed", "1"]
    shown = CliRunner().invoke(app, [*base, "--html", str(tmp_path / "r.html")], env={"COLUMNS": "160"})
    assert shown.exit_code == 0, shown.output
    for word in ("transitions", "item_neighbours", "ndcg@10", "coverage@10", "peak_mb", "Knowing the shopper helps"):
        assert word in shown.stdout
    assert "Report written to" in shown.stderr and (tmp_path / "r.html").exists()
    raw = CliRunner().invoke(app, [*base, "--json", "--split", "time"])
    assert raw.exit_code == 0, raw.output
    assert json.loads(raw.stdout)["models"][0]["model"] == "transitions"


def test_every_figure_can_be_read_in_eighty_columns(shop: ShopFolder, app: typer.Typer) -> None:
    asked = ["--shop", str(shop.root), "--models", "popular", "--robustness", "--shoppers", "100"]
    shown = CliRunner().invoke(app, asked, env={"COLUMNS": "80"})
    assert shown.exit_code == 0, shown.output
    assert "…" not in shown.stdout
    lines = shown.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    heads = {word for line in lines if line.strip().startswith("model") for word in line.split()}
    assert {"recall@5", "recall@20", "ndcg@20", "concentration@10", "answer_ms", "after"} <= heads
    assert sum(line.strip().startswith("item_neighbours") for line in lines) > 6


def test_the_command_refuses_in_words(shop: ShopFolder, app: typer.Typer) -> None:
    refused = CliRunner().invoke(app, ["--shop", str(shop.root), "--split", "middle"])
    assert refused.exit_code == 2 and "There is no split 'middle'" in refused.stderr and refused.stdout == ""
