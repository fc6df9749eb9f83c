"""Challengers: one that is worse is not served, one that is not is; after a roll back it must surely be better."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bottega.actions.recommend.challenge import challenge
from bottega.actions.recommend.shapes import ChallengeRequest, TrainRequest
from bottega.actions.recommend.train import learn, train
from bottega.actions.running.models import ModelsRequest, list_models
from bottega.actions.running.rollback import RollBackRequest, roll_back
from bottega.catalogue.product import Product
from bottega.errors import EventsTooFew
from bottega.events.event import Event
from bottega.models.recommend.counted.transitions import Transitions
from bottega.names import EventKind, Purpose
from bottega.shop.marks import marked
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.judgements import ChallengeAnswer

DAY = 86_400_000
START = 1_767_225_600_000
ITEMS = 60
SHOPPERS = 250


def walks(first_day: int, days: int, *, step: int = 1) -> list[Event]:
    """Every shopper looks at one product a day, each time `step` further round the shelf."""
    rng = np.random.default_rng(first_day)
    at = rng.permutation(SHOPPERS) % ITEMS
    events = []
    for day in range(first_day, first_day + days):
        for shopper in range(SHOPPERS):
            if rng.random() < 0.1:
                at[shopper] = rng.integers(ITEMS)
            events.append(
                Event(
                    event_id=f"{day}-{shopper}",
                    shopper_id=f"s{shopper}",
                    product_id=f"p{(at[shopper] + day * step) % ITEMS}",
                    kind=EventKind.VIEW,
                    time_ms=START + day * DAY + shopper,
                )
            )
    return events


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with twelve days of events."""
    folder = tmp_path_factory.mktemp("walks")
    with OpenShop.open(folder) as shop:
        shop.upsert([Product(id=f"p{number}", title=f"Thing {number}") for number in range(ITEMS)])
        shop.store.events.add(walks(0, 12))
    return folder


@pytest.fixture
def shop(before: Path, tmp_path: Path) -> Iterator[OpenShop]:
    shutil.copytree(before, tmp_path / "shop")
    with OpenShop.open(tmp_path / "shop") as opened:
        yield opened


def trained(shop: OpenShop, model: str) -> str:
    return train(shop, TrainRequest(model=model)).version


def in_use(shop: OpenShop) -> tuple[str, str]:
    run = shop.models.newest()
    assert run is not None
    return run.name, run.version


def why(shop: OpenShop) -> str:
    return next(one.why for one in list_models(shop, ModelsRequest()).models if one.ability == "recommend")


def test_one_that_is_better_is_served_after_it_learnt_everything(shop: OpenShop) -> None:
    version = trained(shop, "popular")
    shop.store.events.add(walks(12, 4))
    answer = challenge(shop, ChallengeRequest(model="transitions"))
    assert answer.served and answer.against == version and answer.run is not None
    assert in_use(shop) == ("transitions", answer.run.version)
    first = answer.compared[0]
    assert first.measure == "ndcg@10" and first.low > 0 and first.ahead == pytest.approx(first.challenger - first.other)
    assert 950 < answer.new_events <= 4 * SHOPPERS and 200 < answer.asked < SHOPPERS
    assert answer.cut_ms == pytest.approx(START + 14 * DAY, abs=DAY / 10), "the newest half is asked about"
    run = shop.models.newest()
    assert run is not None and run.events_until_ms == START + 15 * DAY + SHOPPERS - 1 and run.events_seen == 4000
    assert answer.why == why(shop) and "it is not worse than the model in use: NDCG@10 0." in answer.why


def test_one_that_is_worse_is_not_served(shop: OpenShop) -> None:
    before = trained(shop, "transitions")
    shop.store.events.add(walks(12, 4))
    answer = challenge(shop, ChallengeRequest(model="popular"))
    assert not answer.served and answer.run is None and answer.compared[0].high < 0
    assert in_use(shop) == ("transitions", before) and len(shop.store.runs.all()) == 1
    assert "cannot be shown that the challenger is not worse than the model in use: NDCG@10" in answer.why
    assert why(shop) == "trained by hand"
    judged = list_models(shop, ModelsRequest()).judgement
    assert judged is not None and not judged.served and judged.why == answer.why


def test_one_that_learnt_nonsense_is_not_served(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    before = trained(shop, "transitions")
    shop.store.events.add(walks(12, 4))
    fit: Callable[..., Any] = Transitions.fit

    def fit_backwards(self: Transitions, histories: Any, features: Any, **more: Any) -> Transitions:
        turned = histories.items.copy()
        for start, end in zip(histories.offsets, histories.offsets[1:], strict=False):
            turned[start:end] = turned[start:end][::-1]
        histories = type(histories)(histories.offsets, turned, histories.kinds, histories.times, histories.n_items)
        made: Transitions = fit(self, histories, features, **more)
        return made

    monkeypatch.setattr(Transitions, "fit", fit_backwards)
    assert not challenge(shop, ChallengeRequest()).served and in_use(shop)[1] == before


def test_one_that_is_alike_is_served_within_the_margin_alone(shop: OpenShop) -> None:
    trained(shop, "transitions")
    shop.store.events.add(walks(12, 4))
    answer = challenge(shop, ChallengeRequest())
    assert answer.served and answer.name == "transitions"
    ahead = answer.compared[0]
    assert ahead.least <= ahead.low and ahead.least == pytest.approx(-0.1 * ahead.other)


def test_too_few_new_events_keep_the_model_and_say_so(shop: OpenShop) -> None:
    version = trained(shop, "transitions")
    answer = challenge(shop, ChallengeRequest())
    assert (answer.served, answer.new_events, answer.asked) == (False, 0, 0)
    shop.store.events.add(walks(12, 1)[:90])
    answer = challenge(shop, ChallengeRequest())
    assert not answer.served and in_use(shop)[1] == version
    assert (
        answer.why.startswith("kept: 90 events came since its training, and 38 shoppers")
        and "100 are needed" in answer.why
    )


def test_without_a_model_the_first_is_served_and_without_events_none(shop: OpenShop, tmp_path: Path) -> None:
    answer = challenge(shop, ChallengeRequest(model="popular"))
    assert answer.served and answer.against is None and in_use(shop)[0] == "popular"
    with OpenShop.open(tmp_path / "other") as other:
        other.upsert([Product(id="p", title="Thing")])
        with pytest.raises(EventsTooFew):
            challenge(other, ChallengeRequest())


def test_what_was_rolled_back_does_not_come_back_by_itself(shop: OpenShop) -> None:
    first, second = trained(shop, "transitions"), trained(shop, "transitions")
    roll_back(shop, RollBackRequest())
    shop.store.events.add(walks(12, 1))  # too little to be much the wiser for
    alike = challenge(shop, ChallengeRequest())
    assert not alike.served and in_use(shop)[1] == first
    assert "after a roll back a challenger must beat the model in use for sure" in alike.why
    assert [one.measure for one in alike.compared_with_rolled_back] == ["ndcg@10", "recall@10"]
    newer = trained(shop, "transitions")
    assert in_use(shop)[1] == newer > second, "by hand as ever"
    shop.store.events.add(walks(13, 4))
    assert challenge(shop, ChallengeRequest()).served, "what was rolled back is long replaced"


def test_one_that_beats_both_is_served_after_a_roll_back(shop: OpenShop) -> None:
    trained(shop, "popular"), trained(shop, "popular")
    roll_back(shop, RollBackRequest())
    shop.store.events.add(walks(12, 4))
    answer = challenge(shop, ChallengeRequest(model="transitions"))
    assert answer.served and "it beats the model in use and the one rolled back" in answer.why


def test_products_that_came_after_the_model_are_asked_about_too(shop: OpenShop) -> None:
    """The model in use knows them by its own codes, in its own order."""
    trained(shop, "popular")
    shop.upsert([Product(id=f"new{number}", title=f"New {number}") for number in range(3)])
    events = walks(12, 4)
    bought = [
        Event(
            event_id=f"n{i}", shopper_id=f"s{i}", product_id=f"new{i % 3}", kind=EventKind.VIEW, time_ms=one.time_ms + 1
        )
        for i, one in enumerate(events[-SHOPPERS:])
    ]
    shop.store.events.add([*events[:-SHOPPERS], *bought])
    answer = challenge(shop, ChallengeRequest(model="popular"))
    assert 200 < answer.asked <= SHOPPERS and len(answer.compared) == 2


def test_who_does_not_want_to_be_counted_is_not_asked(shop: OpenShop) -> None:
    trained(shop, "transitions")
    shop.store.events.add(walks(12, 4))
    told = {f"s{number}": {Purpose.ANALYTICS: False} for number in range(SHOPPERS - 50)}
    refuse(shop, list(told))
    answer = challenge(shop, ChallengeRequest())
    assert 40 < answer.asked <= 50 and not answer.served and f"{answer.asked} shoppers can be asked" in answer.why


def refuse(shop: OpenShop, shoppers: list[str]) -> None:
    from bottega.actions.shoppers.shapes import TellShopperRequest
    from bottega.actions.shoppers.shopper import tell_shopper

    for shopper in shoppers:
        tell_shopper(shop, TellShopperRequest.model_validate({"shopper": shopper, "consent": {"analytics": "no"}}))


def test_killed_between_judging_and_serving_it_goes_on_behind_the_judgement(
    shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(shop, "popular")
    shop.store.events.add(walks(12, 4))
    request = ChallengeRequest(model="transitions")

    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed), marked("20990101T000000000000"):
        patched.setattr("bottega.actions.recommend.challenge.learn", die)
        challenge(shop, request)
    assert in_use(shop)[0] == "popular" and len(shop.store.judgements.all()) == 1
    answers: list[ChallengeAnswer] = []
    for _ in range(2):  # and once more, as if killed before the job's row said that it was done
        with marked("20990101T000000000000"), monkeypatch.context() as patched:
            patched.setattr("bottega.actions.recommend.challenge.fit_recommender", die)
            patched.setattr("bottega.actions.recommend.challenge._judged", die)
            if answers:
                patched.setattr("bottega.actions.recommend.challenge.load_dataset", die)
            else:
                patched.undo()
            answers.append(challenge(shop, request))
    assert answers[0] == answers[1] and answers[0].served and in_use(shop) == ("transitions", "20990101T000000000000")
    assert len(shop.store.judgements.all()) == 1 and len(shop.store.runs.all()) == 2
    roll_back(shop, RollBackRequest())
    with marked("20990101T000000000000"):
        assert challenge(shop, request).served
    assert in_use(shop)[0] == "popular" and len(shop.store.runs.all()) == 2, "taken up again, it undoes no roll back"


def test_a_roll_back_while_it_trains_is_respected(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    first, _ = trained(shop, "popular"), trained(shop, "popular")
    shop.store.events.add(walks(12, 4))

    def learn_slowly(*given: Any, **more: Any) -> Any:
        roll_back(shop, RollBackRequest())
        return learn(*given, **more)

    monkeypatch.setattr("bottega.actions.recommend.challenge.learn", learn_slowly)
    answer = challenge(shop, ChallengeRequest(model="transitions"))
    assert not answer.served and answer.why == "kept: another model came into use while this one was trained"
    assert in_use(shop)[1] == first
    judged = shop.store.judgements.latest()
    assert judged is not None and not judged.served and judged.report["why"] == answer.why


def test_hits_of_the_model_in_use_day_by_day_and_the_alarm_when_they_fall(shop: OpenShop) -> None:
    trained(shop, "popular")
    shop.store.events.add(walks(12, 4))
    served = challenge(shop, ChallengeRequest(model="transitions"))
    assert served.hits_by_day and sum(day.asked for day in served.hits_by_day) == served.asked
    assert {day.day for day in served.hits_by_day} == {"2026-01-15", "2026-01-16"}

    def hit_rate() -> Any:
        drift = list_models(shop, ModelsRequest()).drift
        assert drift is not None
        return next(one for one in drift.inputs if one.input == "hit_rate")

    shop.store.events.add(walks(16, 4))
    assert challenge(shop, ChallengeRequest()).served
    assert not hit_rate().alarm and hit_rate().before > 0.5 and hit_rate().now > 0.5
    shop.store.events.add(walks(20, 4, step=17))
    challenge(shop, ChallengeRequest())
    assert hit_rate().alarm and hit_rate().now < 0.8 * hit_rate().before
