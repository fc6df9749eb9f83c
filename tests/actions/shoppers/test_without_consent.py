"""Whatever shoppers say, in whatever order: who did not agree gets a stranger's lists and is learnt from nowhere."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest
from bottega.actions.recommend import train as training
from bottega.actions.recommend.recommend import recommend_many
from bottega.actions.recommend.shapes import RecommendationAnswer, RecommendationRequest, TrainRequest
from bottega.actions.shoppers.segments import segments
from bottega.actions.shoppers.shapes import SegmentsRequest, TellShopperRequest
from bottega.actions.shoppers.shopper import tell_shopper
from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.models.recommend.blend.blend import Blend, BlendConfig
from bottega.names import EventKind
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

CATEGORIES = ("Lamps", "Chairs", "Coffee", "Tea")
PRODUCTS = [
    Product(
        id=f"{name.lower()}-{number}",
        title=f"{name} {number}",
        category=("Home", name),
        brand=("Nord", "Sud", "Ost")[number % 3],
        price_minor=1000 + 100 * number,
        currency="USD",
        attributes={"colour": (("red", "blue")[number % 2],)},
    )
    for name in CATEGORIES
    for number in range(8)
]
IDS = [product.id for product in PRODUCTS]
START_MS = 1_767_225_600_000
DAY_MS = 86_400_000
PLACES: tuple[dict[str, Any], ...] = (
    {"placement": "home"},
    {"placement": "category", "filter": {"category": ["Coffee"]}},
    {"placement": "product", "product_ids": ["chairs-4"]},
    {"placement": "cart", "product_ids": ["tea-1", "lamps-2"]},
)
MEMBERS: dict[str, dict[str, Any]] = {
    "transitions": {},
    "item_neighbours": {},
    "content": {},
    "popular": {},
}
QUICK_AFFINITY = {"affinity": {"most_steps": 3, "epochs": 1}}
SHOPPERS, DEVICES = ("ada", "bob"), ("phone", "laptop")


def history(shoppers: int) -> list[Event]:
    """Each keeps to two categories, searches now and then, and buys on every other day."""
    rng = np.random.default_rng(3)
    events: list[Event] = []
    for shopper in range(shoppers):
        mine = [IDS[8 * (shopper % 4) + int(place)] for place in rng.integers(0, 8, 6)]
        mine += [IDS[8 * ((shopper + 1) % 4) + int(place)] for place in rng.integers(0, 8, 4)]
        for step, name in enumerate(mine):
            time_ms = START_MS + step * DAY_MS + shopper * 1000
            who: dict[str, Any] = {"shopper_id": f"s{shopper:02d}"} if step else {"anonymous_id": f"c{shopper:02d}"}
            kind = EventKind.PURCHASE if step % 2 else EventKind.VIEW
            if step % 4 == 2:
                words = ("red lamp", "oak")[shopper % 2]
                events.append(Event(kind=EventKind.SEARCH, query=words, time_ms=time_ms - 1000, **who))
            events.append(Event(kind=kind, product_id=name, time_ms=time_ms, **who))
        both: dict[str, Any] = {"shopper_id": f"s{shopper:02d}", "anonymous_id": f"c{shopper:02d}"}
        events.append(Event(kind=EventKind.VIEW, product_id=mine[0], time_ms=START_MS + 20 * DAY_MS, **both))
    return events


@pytest.fixture(autouse=True)
def small_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "recommender_class", lambda name: lambda: Blend(BlendConfig(members=MEMBERS)))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("consent") / "shop"
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(PRODUCTS)
        shop.store.events.add(history(40))
    with OpenShop.open(folder, threads=1) as opened, pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "recommender_class", lambda name: lambda: Blend(BlendConfig(members=MEMBERS)))
        training.train(opened, TrainRequest())
    return folder


@pytest.fixture(params=["assumed", "asked"])
def two_processes(
    request: pytest.FixtureRequest, trained: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[OpenShop, OpenShop]]:
    monkeypatch.setenv("BOTTEGA_PERSONALISATION_CONSENT", request.param)
    with OpenShop.open(trained, threads=1) as first, OpenShop.open(trained, threads=1) as second:
        yield first, second


Deed = tuple[str, str, str]
deeds = st.lists(
    st.tuples(st.just("say"), st.sampled_from([*SHOPPERS, *DEVICES]), st.sampled_from(["yes", "no", "not_asked"]))
    | st.tuples(st.just("view"), st.sampled_from([*SHOPPERS, *DEVICES]), st.sampled_from(IDS))
    | st.tuples(st.just("buy"), st.sampled_from([*SHOPPERS, *DEVICES]), st.sampled_from(IDS))
    | st.tuples(st.sampled_from(["log in", "identify"]), st.sampled_from(SHOPPERS), st.sampled_from(DEVICES)),
    min_size=3,
    max_size=16,
)


class Remembered:
    """What the promises of docs/shoppers.md make of the deeds, worked out by themselves."""

    def __init__(self, rule: Literal["assumed", "asked"]) -> None:
        self.rule = rule
        self.owner: dict[str, str] = {}
        self.said: dict[str, str] = {}

    def whose(self, name: str) -> str:
        return self.owner.get(name, name)

    def take(self, deed: Deed) -> None:
        what, name, other = deed
        if what == "say":
            self.said[self.whose(name)] = other
        if what in ("log in", "identify") and other not in self.owner:
            self.owner[other] = name
            words = {self.said.pop(other, "not_asked"), self.said.get(name, "not_asked")}
            self.said[name] = next(word for word in ("no", "yes", "not_asked") if word in words)

    def personal(self, name: str) -> bool:
        word = self.said.get(self.whose(name), "not_asked")
        return word == "yes" if self.rule == "asked" else word != "no"


_runs = itertools.count()


def test_without_consent_lists_are_a_strangers(two_processes: tuple[OpenShop, OpenShop]) -> None:
    shop, other = two_processes
    refused_seen, personal_seen = set[str](), set[bool]()

    def lists(where: OpenShop, **who: str) -> list[tuple[Any, str | None]]:
        answers = recommend_many(
            where, [RecommendationRequest.model_validate({"n": 7, **place, **who}) for place in PLACES]
        )
        found = []
        for answer in answers:
            assert isinstance(answer, RecommendationAnswer)
            found.append((answer.items, answer.fallback))
        return found

    stranger = [items for items, _ in lists(shop)]

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(done=deeds)
    def check(done: list[Deed]) -> None:
        run = next(_runs)
        known = Remembered(shop.settings.personalisation_consent)
        for step, deed in enumerate(done):
            what, name, argument = deed
            known.take(deed)
            mine = f"{name}{run}"
            who = {"shopper_id": mine} if name in SHOPPERS else {"anonymous_id": mine}
            if what == "say":
                tell_shopper(shop, TellShopperRequest.model_validate({"shopper": mine, "consent": _word(argument)}))
                continue
            event = {**who, "kind": "view", "product_id": argument, "time_ms": START_MS + run * DAY_MS + step}
            if what == "buy":
                event["kind"] = "purchase"
            if what in ("log in", "identify"):
                event |= {"anonymous_id": f"{argument}{run}", "product_id": "tea-3"}
            if what == "identify":  # a log-in without an event
                del event["product_id"]
                event["kind"] = "identify"
            assert not record_events(shop, RecordRequest(events=[event])).rejected
            lists(other, shopper=f"{name}{run}")  # what it keeps of them now must not outlast its next look
        other.refresh()
        for name in (*SHOPPERS, *DEVICES):
            personal = known.personal(name)
            personal_seen.add(personal)
            for where in (shop, other):
                found = lists(where, shopper=f"{name}{run}")
                if personal:
                    assert {fallback for _, fallback in found}.isdisjoint({"no_consent"})
                    refused_seen.add("personal" if [items for items, _ in found] != stranger else "like a stranger")
                else:
                    assert found == [(items, "no_consent") for items in stranger], (name, done)

    check()
    assert personal_seen == {True, False} and "personal" in refused_seen, "the draws must reach both"


def _word(word: str) -> dict[str, str]:
    return {"personalisation": word}


REFUSING = ("s03", "s11", "c17", "s22", "s38")


@pytest.mark.parametrize("rule", ["assumed", "asked"])
def test_a_model_is_as_if_they_had_never_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rule: Literal["assumed", "asked"]
) -> None:
    monkeypatch.setenv("BOTTEGA_PERSONALISATION_CONSENT", rule)
    gone = {f"s{name[1:]}" for name in REFUSING} | {f"c{name[1:]}" for name in REFUSING}
    everyone = history(40)
    folders = {}
    for name, events in (
        ("said no", everyone),
        ("never came", [one for one in everyone if not {one.shopper_id, one.anonymous_id} & gone]),
        ("everyone", everyone if rule == "assumed" else []),
    ):
        if not events:
            continue
        with OpenShop.open(tmp_path / name, threads=1) as shop:
            shop.folder.store.products.upsert(PRODUCTS)
            for shopper in range(40) if rule == "asked" else ():
                tell_shopper(shop, TellShopperRequest(shopper=f"s{shopper:02d}", consent=_consent("yes")))
            if name == "said no":  # one of them before the log-in, under the cookie's name
                for one in REFUSING:
                    tell_shopper(shop, TellShopperRequest(shopper=one, consent=_consent("no")))
            shop.folder.store.events.add(events)
            run = training.train(shop, TrainRequest())
            folders[name] = (shop.folder.root / run.folder, run.events_seen, run.shoppers)
    said_no, never_came = folders["said no"], folders["never came"]
    assert _files(said_no[0]) == _files(never_came[0])
    assert said_no[1:] == never_came[1:] and said_no[2] == 35
    if rule == "assumed":
        assert _files(said_no[0]) != _files(folders["everyone"][0]), "their events would have been seen"


def _consent(word: Literal["yes", "no"]) -> Any:
    return {"personalisation": word}


def _files(folder: Path) -> dict[str, bytes]:
    """All that was learnt; the card beside it says when."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "card.json")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_fallbacks_and_segments_leave_them_out(trained: Path, tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path / "new") as folder:
        folder.store.products.upsert(PRODUCTS)
        for shopper in ("x", "y", "z"):
            seen = [Event(shopper_id=shopper, kind=EventKind.VIEW, product_id="tea-7", time_ms=START_MS)]
            folder.store.events.add([*seen, Event(shopper_id="w", kind=EventKind.VIEW, product_id="tea-2", time_ms=1)])
    with OpenShop.open(tmp_path / "new", threads=1) as shop:
        assert recommend_many(shop, [RecommendationRequest(n=1)])[0].items[0].product_id == "tea-7"  # type: ignore[union-attr]
        for shopper in ("x", "y", "z"):
            tell_shopper(shop, TellShopperRequest(shopper=shopper, consent=_consent("no")))
    with OpenShop.open(tmp_path / "new", threads=1) as shop:
        assert recommend_many(shop, [RecommendationRequest(n=1)])[0].items[0].product_id == "tea-2"  # type: ignore[union-attr]
    with OpenShop.open(trained, threads=1) as shop:
        before = segments(shop, SegmentsRequest(n=2))
        tell_shopper(shop, TellShopperRequest(shopper="s05", consent=_consent("no")))
        tell_shopper(shop, TellShopperRequest.model_validate({"shopper": "s06", "consent": {"analytics": "no"}}))
        after = segments(shop, SegmentsRequest(n=2))
        for shopper in ("s05", "s06"):
            tell_shopper(shop, TellShopperRequest.model_validate({"shopper": shopper, "consent": None}))
    assert set(before.of_shopper) - set(after.of_shopper) == {"s05", "s06"}


def test_a_log_in_without_an_event_reaches_another_process(two_processes: tuple[OpenShop, OpenShop]) -> None:
    shop, other = two_processes

    def fallback() -> str | None:
        other.refresh()
        answer = recommend_many(other, [RecommendationRequest(shopper="tablet")])[0]
        assert isinstance(answer, RecommendationAnswer)
        return answer.fallback

    record_events(
        shop, RecordRequest(events=[{"anonymous_id": "tablet", "kind": "view", "product_id": name} for name in IDS[:3]])
    )
    tell_shopper(shop, TellShopperRequest(shopper="tablet", consent=_consent("yes")))
    assert fallback() is None
    tell_shopper(shop, TellShopperRequest(shopper="cleo", consent=_consent("no")))
    assert fallback() is None
    record_events(shop, RecordRequest(events=[{"kind": "identify", "shopper_id": "cleo", "anonymous_id": "tablet"}]))
    assert fallback() == "no_consent"
    shop.store.shoppers.forget("cleo")
