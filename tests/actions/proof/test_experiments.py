"""Experiments from the drawing board to adoption: what is refused, what is said, what the next answer does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bottega.actions.proof import experiments as verbs
from bottega.actions.proof.experiment_shapes import (
    AdoptExperimentRequest,
    ExperimentInfo,
    ExperimentQuery,
    ExperimentRequest,
    ExperimentsRequest,
    NewExperimentRequest,
    PowerRequest,
)
from bottega.actions.proof.power import experiment_power
from bottega.actions.proof.standing import show_experiment
from bottega.actions.recommend.shapes import RecommendationRequest
from bottega.catalogue.product import Product
from bottega.errors import ExperimentUnknown, ModelUnknown, RequestInvalid, RuleUnknown
from bottega.events.event import Event
from bottega.names import DAY_MS
from bottega.shop.open_shop import OpenShop
from bottega.store.experiments import Exposure

VARIANTS: list[dict[str, Any]] = [{"name": "A"}, {"name": "B", "dials": {"diversity": 0.7}}]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path) as shop:
        shop.upsert([Product(id=f"p{i}", title="Mug", price_minor=1000, currency="USD") for i in range(4)])
        yield shop


def drawn(shop: OpenShop, name: str = "variety", **fields: Any) -> ExperimentInfo:
    request = {"name": name, "variants": VARIANTS, **fields}
    return verbs.new_experiment(shop, NewExperimentRequest.model_validate(request))


def start(shop: OpenShop, name: str = "variety") -> ExperimentInfo:
    return verbs.start_experiment(shop, ExperimentRequest(name=name))


@pytest.mark.parametrize(
    ("fields", "seen"),
    [
        ({"variants": [{"name": "A"}, {"name": "A", "dials": {"novelty": 1}}]}, "Variants are called A, A"),
        ({"variants": [{"name": "A"}, {"name": "B"}]}, "All variants are the same"),
        ({"variants": [{"name": "A", "share": 0.5}, {"name": "B", "dials": {"novelty": 1}}]}, "0.5, none"),
        ({"variants": [{"name": "A"}, {"name": "B", "dials": {"colour": 1}}]}, "'B' turns colour"),
        ({"variants": [{"name": "A"}, {"name": "B", "dials": {"diversity": 7}}]}, "turns diversity to 7"),
        ({"placements": ["search", "similar"]}, "about search, similar alone"),
    ],
)
def test_what_compares_nothing_is_refused(shop: OpenShop, fields: dict[str, Any], seen: str) -> None:
    with pytest.raises(RequestInvalid) as refused:
        drawn(shop, **fields)
    assert seen in str(refused.value)
    assert verbs.list_experiments(shop, ExperimentsRequest()).experiments == []


def test_a_strategy_must_be_one_of_the_shops(shop: OpenShop) -> None:
    with pytest.raises(ModelUnknown):
        drawn(shop, variants=[{"name": "A"}, {"name": "B", "strategy": "oracle"}])


def test_an_experiment_goes_one_way(shop: OpenShop) -> None:
    assert drawn(shop).state == "draft"
    with pytest.raises(RequestInvalid, match="already"):
        drawn(shop)
    begun = start(shop)
    assert begun.state == "running" and begun.planned > 10_000
    with pytest.raises(RequestInvalid, match="is running"):
        start(shop)
    with pytest.raises(RequestInvalid, match="is running"):
        verbs.delete_experiment(shop, ExperimentRequest(name="variety"))
    with pytest.raises(RequestInvalid, match="no variant 'C'"):
        verbs.adopt_experiment(shop, AdoptExperimentRequest(name="variety", variant="C"))
    adopted = verbs.adopt_experiment(shop, AdoptExperimentRequest(name="variety", variant="B"))
    assert (adopted.state, adopted.adopted) == ("adopted", "B")
    assert verbs.stop_experiment(shop, ExperimentRequest(name="variety")).adopted is None
    assert verbs.delete_experiment(shop, ExperimentRequest(name="variety")).name == "variety"
    with pytest.raises(ExperimentUnknown):
        show_experiment(shop, ExperimentQuery(name="variety"))


def test_two_that_turn_the_same_in_one_place_do_not_run_together(shop: OpenShop) -> None:
    drawn(shop, "one", placements=["home"])
    drawn(shop, "other")
    drawn(shop, "apart", placements=["cart"])
    drawn(shop, "different", variants=[{"name": "A"}, {"name": "B", "dials": {"novelty": 0.5}}])
    start(shop, "one")
    with pytest.raises(RequestInvalid, match="'one' runs and turns the same"):
        start(shop, "other")
    assert start(shop, "apart").state == start(shop, "different").state == "running"


def test_requests_are_given_what_their_shopper_has(shop: OpenShop) -> None:
    live = shop.experiments
    asked = RecommendationRequest(shopper="ana")
    assert live.of_request("home", asked, "ana") is None
    drawn(shop, placements=["home"])
    start(shop)
    names = [f"s{i}" for i in range(200)]
    tried = {name: live.of_request("home", asked, name) for name in names}
    given = {name: one.given["variety"] for name, one in tried.items() if one is not None}
    assert len(given) == 200 and 60 < list(given.values()).count("B") < 140
    assert all(
        one is not None and (one.sets == {"diversity": 0.7}) == (given[name] == "B") for name, one in tried.items()
    )
    assert live.of_request("cart", asked, "ana") is None
    assert live.of_request("home", asked, None) is None, "who is not named takes no part"
    assert live.of_request("home", RecommendationRequest(diversity=0.1), "ana") is None, "who says it takes no part"
    verbs.adopt_experiment(shop, AdoptExperimentRequest(name="variety", variant="B"))
    for who in (None, "ana"):
        everybody = live.of_request("home", asked, who)
        assert everybody is not None and (everybody.sets, everybody.given) == ({"diversity": 0.7}, {})
    verbs.stop_experiment(shop, ExperimentRequest(name="variety"))
    assert live.of_request("home", asked, "ana") is None


def test_another_process_sees_a_change_in_its_next_answer(shop: OpenShop) -> None:
    with OpenShop.open(shop.folder.root) as other:
        asked = RecommendationRequest(shopper="ana")
        assert other.experiments.of_request("home", asked, "ana") is None
        drawn(shop)
        start(shop)
        assert other.experiments.of_request("home", asked, "ana") is not None


def begun_earlier(shop: OpenShop, days: int, *, horizon_days: int = 2, **fields: Any) -> int:
    """A running experiment whose start lies back; its number."""
    drawn(shop, horizon_days=horizon_days, **fields)
    start(shop)
    kept = shop.store.experiments.of_name("variety")
    assert kept is not None
    started_ms = time.time_ns() // 1_000_000 - days * DAY_MS
    shop.store.experiments.change(kept.number, ("running",), {"started_ms": started_ms, "planned": 2000})
    return kept.number


def lived(shop: OpenShop, number: int, *, counts: tuple[int, int], buys: tuple[float, float], days: int) -> None:
    """Shoppers who came evenly over the days; a share of each variant buys something of some price."""
    rng = np.random.default_rng(1)
    began = time.time_ns() // 1_000_000 - days * DAY_MS
    exposures, events = [], []
    for variant in (0, 1):
        for i in range(counts[variant]):
            name, at = f"{variant}-{i}", began + int(days * DAY_MS * i / counts[variant])
            exposures.append(Exposure(number, name, variant, at))
            if rng.random() < buys[variant]:
                fields = {"value": float(rng.lognormal(3, 0.5)), "time_ms": at + 1000, "shopper_id": name}
                events.append(Event(kind="purchase", product_id="p0", **fields))  # type: ignore[arg-type]
    shop.store.answers.add([], forgotten=0, exposed=exposures)
    shop.store.events.add(events)


def test_a_winner_is_found_and_can_be_adopted(shop: OpenShop) -> None:
    number = begun_earlier(shop, 10)
    lived(shop, number, counts=(1200, 1200), buys=(0.3, 0.6), days=10)
    answer = show_experiment(shop, ExperimentQuery(name="variety"))
    assert answer.winner == "B" and not answer.split_broken
    assert answer.summary.startswith("B earns ") and answer.summary.endswith("B can be adopted.")
    [_, b] = answer.variants
    revenue = b.measures[0]
    assert revenue.low is not None and revenue.uplift is not None and 0 < revenue.low < 1 < revenue.uplift + 0.4
    assert b.shoppers == 1200 and 900 < b.compared < 1000, "of the last two days nobody's days are over"
    assert [one.guardrail for one in answer.remarks] == [False, True, True]


def test_a_broken_split_is_the_first_thing_said_and_wins_nothing(shop: OpenShop) -> None:
    number = begun_earlier(shop, 10)
    lived(shop, number, counts=(1200, 800), buys=(0.3, 0.6), days=10)
    answer = show_experiment(shop, ExperimentQuery(name="variety"))
    assert answer.split_broken and answer.winner is None
    assert answer.summary.startswith("The split is broken: A got 1,200, B got 800")


def test_before_the_first_days_are_over_it_is_too_early(shop: OpenShop) -> None:
    drawn(shop)
    assert show_experiment(shop, ExperimentQuery(name="variety")).summary.startswith("It has not begun")
    start(shop)
    answer = show_experiment(shop, ExperimentQuery(name="variety"))
    assert "a shopper's first 7 days count" in answer.summary and answer.remarks[0].wait_days == 7


def test_power_is_worked_out_from_the_last_weeks(shop: OpenShop) -> None:
    assert experiment_power(shop, PowerRequest()).days is None
    now = time.time_ns() // 1_000_000
    rng = np.random.default_rng(0)
    events = []
    for i in range(600):
        at = {"time_ms": now - int((8 + 26 * i / 600) * DAY_MS), "shopper_id": f"s{i}", "product_id": "p0"}
        events.append(Event(kind="view", **at))  # type: ignore[arg-type]
        if i % 4 == 0:
            events.append(Event(kind="purchase", value=float(rng.lognormal(3, 1)), **at))  # type: ignore[arg-type]
    shop.store.events.add(events)
    even = experiment_power(shop, PowerRequest(effect=0.1))
    uneven = experiment_power(shop, PowerRequest(effect=0.1, shares=[0.9, 0.1]))
    assert even.days is not None and uneven.days is not None and uneven.days > 2 * even.days
    assert even.shoppers_a_day == pytest.approx(600 / 28, abs=0.1)
    assert f"shows after {even.days:,} days" in even.sentence
    assert [one.days for one in even.shows_in] == [14, 28, 56]
    assert even.shows_in[0].shows > even.shows_in[2].shows
    with pytest.raises(RequestInvalid, match=r"together 0\.8"):
        experiment_power(shop, PowerRequest(shares=[0.5, 0.3]))


def ids(shop: OpenShop, shopper: str | None) -> tuple[list[str], Any]:
    import orjson

    from bottega.actions.recommend.recommend import recommend_json

    [body] = recommend_json(shop, [RecommendationRequest(shopper=shopper, return_product=True)])
    assert isinstance(body, bytes)
    answer = orjson.loads(body)
    return [item["product_id"] for item in answer["items"]], answer


def ruled(shop: OpenShop, **fields: Any) -> None:
    from bottega.actions.rules.save_rule import save_rule
    from bottega.actions.rules.shapes import SaveRuleRequest

    rule = {"id": "p3-first", "kind": "pin", "product_ids": ["p3"], "enabled": False, **fields}
    save_rule(shop, SaveRuleRequest.model_validate(rule))


def test_a_rule_holds_for_a_variant_alone_in_lists_and_searches(shop: OpenShop) -> None:
    from bottega.actions.search.shapes import SearchRequest
    from bottega.actions.search.words import search_text

    with pytest.raises(RuleUnknown):
        drawn(shop, variants=[{"name": "A"}, {"name": "B", "rules": ["p3-first"]}])
    ruled(shop, placements=["home", "search"])
    drawn(shop, variants=[{"name": "A"}, {"name": "B", "rules": ["p3-first"]}])
    assert ids(shop, "ana")[0][0] != "p3"
    start(shop)
    shop.experiments.noting = True
    given = {}
    for name in (f"s{i}" for i in range(12)):
        listed, answer = ids(shop, name)
        given[name] = answer["experiments"]["variety"]
        assert (listed[0] == "p3") == (given[name] == "B") == ("p3-first" in answer["rules"])
        found = search_text(shop, SearchRequest(text="mug", shopper=name))
        assert found.experiments == {"variety": given[name]} and (found.items[0].product_id == "p3") == (
            given[name] == "B"
        )
    assert set(given.values()) == {"A", "B"} and ids(shop, None)[0][0] != "p3"
    assert [(who, one) for who, one, _ in shop.experiments.noted()] == [(n, {"variety": v}) for n, v in given.items()]
    verbs.adopt_experiment(shop, AdoptExperimentRequest(name="variety", variant="B"))
    assert ids(shop, None)[0][0] == "p3"
    verbs.stop_experiment(shop, ExperimentRequest(name="variety"))
    ruled(shop, placements=["home", "search"], enabled=True)
    drawn(shop, "without", variants=[{"name": "A", "rules": ["p3-first"]}, {"name": "B"}], placements=["home"])
    assert start(shop, "without").state == "running"
    without = {name: ids(shop, name) for name in (f"s{i}" for i in range(8))}
    assert all((one[0] == "p3") == (answer["experiments"]["without"] == "A") for one, answer in without.values())


def test_lists_by_which_nobody_takes_part_get_the_controls_rules(shop: OpenShop) -> None:
    from bottega.actions.catalogue.browse import BrowseRequest, browse
    from bottega.actions.closet.outfits import _left_by_rules
    from bottega.actions.recommend.find_similar import find_similar
    from bottega.actions.recommend.shapes import SimilarRequest
    from bottega.actions.search.complete import complete
    from bottega.actions.search.shapes import CompleteRequest, SearchRequest
    from bottega.actions.search.words import SaidInTalk, search_text

    def hidden() -> dict[str, bool]:
        talk = search_text(shop, SearchRequest(text="mug"), said=SaidInTalk())
        shown = {
            "similar": [one.product_id for one in find_similar(shop, SimilarRequest(product_id="p0")).items],
            "browse": [one.id for group in browse(shop, BrowseRequest()).groups for one in group],
            "talk": [one.product_id for one in talk.items],
        }
        with shop.floor() as floor:
            row = floor.shelf.row_of("p3")
            nobody = shop.experiments.of_nobody("product")
            left = _left_by_rules(shop, floor, nobody, "product", time.time_ns() // 1_000_000, ["p0"])
        outfit = left is not None and not left.rows[row]
        typed = any(one.text == "Cup" for one in complete(shop, CompleteRequest(text="cu")).items)
        return {name: "p3" not in ids for name, ids in shown.items()} | {"outfit": outfit, "typed": not typed}

    plain = {"price_minor": 1000, "currency": "USD", "category": ("Mugs",), "description": "Mug"}
    shop.upsert([Product.model_validate({"id": f"p{i}", "title": "Mug", **plain}) for i in range(3)])
    shop.upsert([Product.model_validate({"id": "p3", "title": "Cup", **plain})])
    assert not any(hidden().values())
    everywhere = ["home", "product", "cart", "category", "similar", "search"]
    off = {"kind": "hide", "product_ids": [], "products": {"ids": ["p3"]}, "placements": everywhere}
    ruled(shop, **off, enabled=True)
    assert all(hidden().values())
    drawn(shop, variants=[{"name": "A"}, {"name": "B", "rules": ["p3-first"]}])
    start(shop)
    assert not any(hidden().values()), "what one variant alone hides is hidden from nobody else"
    verbs.adopt_experiment(shop, AdoptExperimentRequest(name="variety", variant="B"))
    ruled(shop, **off, enabled=False)
    assert all(hidden().values()), "what was adopted holds for everybody"


def test_who_is_named_has_their_variants_rules_beside_a_product(shop: OpenShop) -> None:
    from bottega.actions.recommend.find_similar import find_similar
    from bottega.actions.recommend.shapes import SimilarRequest

    plain = {"price_minor": 1000, "currency": "USD", "category": ("Mugs",), "description": "Mug"}
    shop.upsert([Product.model_validate({"id": f"p{i}", "title": "Mug", **plain}) for i in range(4)])
    off = {"kind": "hide", "product_ids": [], "products": {"ids": ["p3"]}, "placements": ["similar"]}
    ruled(shop, **off, enabled=False)
    drawn(shop, variants=[{"name": "A"}, {"name": "B", "rules": ["p3-first"]}])
    start(shop)
    names = [f"s{i}" for i in range(12)]

    def seen(who: str | None) -> tuple[bool, dict[str, str]]:
        answer = find_similar(shop, SimilarRequest(product_id="p0", shopper=who))
        return "p3" not in [one.product_id for one in answer.items], answer.experiments

    assert seen("s0") == (False, {}), "nobody writes down who was given what: nobody takes part"
    shop.experiments.noting = True
    found = {name: seen(name) for name in names}
    assert {hidden for hidden, _ in found.values()} == {True, False} and seen(None) == (False, {})
    assert all(given == {"variety": "B" if hidden else "A"} for hidden, given in found.values())
    assert [(who, one) for who, one, _ in shop.experiments.noted()] == [(who, found[who][1]) for who in names]
    verbs.adopt_experiment(shop, AdoptExperimentRequest(name="variety", variant="A"))
    assert not any(seen(name)[0] for name in names)
    drawn(shop, "beside", variants=[{"name": "A"}, {"name": "B", "rules": ["p3-first"]}], placements=["similar"])
    start(shop, "beside")
    assert {tuple(seen(name)[1]) for name in names} == {("beside",)}, "it is a place of its own"
    assert ids(shop, "s0")[1]["experiments"] == {}, "and no other list is of it"
    assert {hidden for hidden, _ in map(seen, names)} == {True, False}


def test_a_variant_shows_products_otherwise(shop: OpenShop) -> None:
    shown = {"product_id": "p1", "title": "Cup", "image": "cup.png"}
    drawn(shop, variants=[{"name": "A"}, {"name": "B", "products": [shown]}])
    start(shop)
    for name in (f"s{i}" for i in range(8)):
        _, answer = ids(shop, name)
        titles = {item["product"]["id"]: item["product"]["title"] for item in answer["items"]}
        assert titles["p1"] == ("Cup" if answer["experiments"]["variety"] == "B" else "Mug") and titles["p2"] == "Mug"
    plain = RecommendationRequest(shopper="s1")
    assert shop.experiments.of_request("home", plain, "s1") is None, "no product is shown"
    tried = shop.experiments.of_request("home", plain.model_copy(update={"return_product": True}), "s1")
    assert tried is not None and tried.left(["p2"]) == {} and set(tried.left(["p1"])) == {"variety"}


def test_looks_grow_day_by_day(shop: OpenShop) -> None:
    number = begun_earlier(shop, 10)
    lived(shop, number, counts=(1200, 1200), buys=(0.3, 0.6), days=10)
    answer = show_experiment(shop, ExperimentQuery(name="variety"))
    days = [one.day for one in answer.looks]
    assert days == sorted(days) and 4 <= len(days) <= 9
    last, measure = answer.looks[-1], answer.variants[1].measures[0]
    assert (last.uplift, last.low, last.high) == (measure.uplift, measure.low, measure.high)
    assert answer.looks[0].high - answer.looks[0].low > last.high - last.low
