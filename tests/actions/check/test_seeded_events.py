"""A shop in order has nothing against it; each fault among its events is found, and nothing else; bots are left out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from tests.actions.check.seeded_events import EVENT_FAULTS, SeededEvents
from tests.actions.check.seeded_feed import BIKES_AND_BOOKS, LAMPS_AND_SHIRTS, SeededFeed

from bottega.actions.check.bots import list_bots, readmit_bots
from bottega.actions.check.check import check
from bottega.actions.check.shapes import BotsRequest, CheckReport, CheckRequest, ReadmitRequest, TasteAttributesRequest
from bottega.actions.check.tastes import choose_taste_attributes
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.actions.recommend import train as training
from bottega.actions.recommend.shapes import TrainRequest
from bottega.datasets.load import Dataset, load_dataset
from bottega.errors import RequestInvalid, ShopperUnknown
from bottega.events.event import Event
from bottega.events.quality.rules import EVENT_RULES
from bottega.models.recommend.affinity.groups import AttributeGroups
from bottega.settings import load_settings, write_setting
from bottega.shop.open_shop import OpenShop
from bottega.shop.shoppers.bots import watch_bots

Build = Callable[..., AbstractContextManager[tuple[OpenShop, SeededEvents]]]
CONSEQUENCES = {"views_doubled": {"sessions_endless"}, "clock_same": {"sessions_endless"}}


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Shops with a catalogue in order, by seed."""
    made = {}
    for seed, assortment in ((5, LAMPS_AND_SHIRTS), (88, BIKES_AND_BOOKS)):
        folder = tmp_path_factory.mktemp(f"shop-{seed}")
        source = SeededFeed(assortment, seed).write(folder / "feed.csv")
        with OpenShop.open(folder / "shop") as shop:
            import_catalogue(shop, ImportCatalogueRequest(source=source))
        made[seed] = folder / "shop"
    return made


@pytest.fixture
def build(shops: dict[int, Path], tmp_path: Path) -> Build:
    """A shop with events, and the faults named put among them."""

    @contextmanager
    def make(seed: int, *faults: str) -> Iterator[tuple[OpenShop, SeededEvents]]:
        folder = tmp_path / "shop"
        shutil.copytree(shops[seed], folder)
        with OpenShop.open(folder) as shop:
            events = SeededEvents(shop.store.products.all(), seed)
            for fault in faults:
                EVENT_FAULTS[fault](events)
            shop.store.events.add([Event.model_validate(row) for row in events.rows])
            yield shop, events

    return make


def found(report: CheckReport) -> dict[str, list[str]]:
    return {rule.rule: [f"{one.place}: {one.seen}" for one in rule.examples] for rule in report.rules}


@pytest.mark.parametrize("seed", [5, 88])
def test_a_shop_in_order_has_nothing_against_it(build: Build, seed: int) -> None:
    with build(seed) as (shop, events):
        report = check(shop, CheckRequest())
        assert found(report) == {} and report.bots == []
        assert report.meter is not None and report.meter.events == len(events.rows)
        assert [stage.reached for stage in report.meter.stages] == [True, True, True, False]


@pytest.mark.parametrize("seed", [5, 88])
@pytest.mark.parametrize("fault", EVENT_FAULTS)
def test_each_fault_is_found_and_nothing_else(build: Build, fault: str, seed: int) -> None:
    with build(seed, fault) as (shop, events):
        report = check(shop, CheckRequest())
        said = found(report)
        assert fault in said
        assert said.keys() <= {fault} | CONSEQUENCES.get(fault, set()), said
        assert {bot.shopper for bot in report.bots} == events.expected


def test_every_rule_of_events_has_a_fault() -> None:
    assert EVENT_FAULTS.keys() == EVENT_RULES.keys()


def test_the_pattern_of_unknown_ids_is_proposed(build: Build) -> None:
    with build(5, "products_unknown") as (shop, _):
        (rule,) = check(shop, CheckRequest()).rules
    assert '--product-ids "gla_{id}"' in rule.examples[0].fix


def test_bots_are_left_out_of_what_learns_until_they_are_taken_back(build: Build) -> None:
    with build(5, "bot_fast", "bot_ring") as (shop, events):
        watch_bots(shop.folder)
        assert events.expected <= {bot.shopper for bot in list_bots(shop, BotsRequest()).bots}
        assert not {"crawler", "new-4"} & set(load_dataset(shop.store).shoppers)
        with pytest.raises(ShopperUnknown, match="'ada' is not among the bots"):
            readmit_bots(shop, ReadmitRequest(shoppers=["crawler", "ada"]))
        readmit_bots(shop, ReadmitRequest(shoppers=["crawler"]))
        check(shop, CheckRequest())
        assert [bot.shopper for bot in list_bots(shop, BotsRequest(state="readmitted")).bots] == ["crawler"]
        assert "crawler" in load_dataset(shop.store).shoppers
        readmit_bots(shop, ReadmitRequest(shoppers=["crawler"], leave_out=True))
        assert "crawler" not in load_dataset(shop.store).shoppers


def test_a_shop_may_leave_nobody_out(build: Build) -> None:
    with build(5, "bot_fast") as (shop, _):
        watch_bots(shop.folder)
        write_setting(shop.folder.root, "leave_out_bots", "false")
        with OpenShop.open(shop.folder.root) as again:
            watch_bots(again.folder)
            assert "crawler" in load_dataset(again.store).shoppers


def test_the_attributes_that_were_liked_carry_taste_and_are_chosen(build: Build) -> None:
    with build(5) as (shop, _):
        tastes = {one.attribute: one for one in check(shop, CheckRequest()).tastes}
        assert {"color", "category"} <= {name for name, one in tastes.items() if one.proposed}
        assert not tastes["material"].sure and not tastes["material"].proposed
        assert tastes["color"].coverage > 0.9 and tastes["color"].bits > 0.1
        answer = choose_taste_attributes(shop, TasteAttributesRequest())
        assert set(answer.attributes) == {name for name, one in tastes.items() if one.proposed}
        assert list(load_settings(shop.folder.root).tastes) == answer.attributes
        with pytest.raises(RequestInvalid, match="No two products differ in colour"):
            choose_taste_attributes(shop, TasteAttributesRequest(attributes=["colour"]))
        choose_taste_attributes(shop, TasteAttributesRequest(attributes=["material", "brand"]))
        assert load_settings(shop.folder.root).tastes == ("material", "brand")
        choose_taste_attributes(shop, TasteAttributesRequest(automatic=True))
        assert load_settings(shop.folder.root).tastes == ()


def test_a_training_looks_for_bots_and_heeds_the_attributes_chosen(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Dataset] = []

    def learn(_shop: OpenShop, _request: TrainRequest, dataset: Dataset, **_: object) -> None:
        seen.append(dataset)
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "learn", learn)
    with build(5, "bot_fast") as (shop, _):
        choose_taste_attributes(shop, TasteAttributesRequest(attributes=["material", "brand"]))
        with OpenShop.open(shop.folder.root) as again, pytest.raises(KeyboardInterrupt):
            training.train(again, TrainRequest(model="popular"))
        (dataset,) = seen
        assert "crawler" not in dataset.shoppers and len(dataset.shoppers) > 100
        assert dataset.features.taste_attributes == ("material", "brand")
        groups = AttributeGroups.choose(dataset.histories, dataset.features, most=6, most_values=100)
        assert groups.names == ("material", "brand")
