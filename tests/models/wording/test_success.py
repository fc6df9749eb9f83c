"""What sells by its wording: found where it was planted, no signal where there is none, unmoved by boilerplate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bottega.errors import ModelFileBroken
from bottega.models.wording.facts import Fact, FactSource
from bottega.models.wording.frames import frames
from bottega.models.wording.success import (
    ListingOutcome,
    Success,
    SuccessConfig,
    built_alike,
    form_of,
    form_of_title,
    learn_success,
    matched_pairs,
)

ORDERS = (["colour", "kind"], ["kind", "colour"], ["people", "kind"], ["kind", "people"])
CONFIG = SuccessConfig(repeats=2, resamples=200)


def listings(effect: float, *, clusters: int = 24, each: int = 16, seed: int = 3) -> list[ListingOutcome]:
    """Listings of which those that begin with their kind bring `effect` more, as a logarithm."""
    rng = np.random.default_rng(seed)
    found = []
    for place in range(clusters * each):
        form = form_of(ORDERS[rng.integers(len(ORDERS))])
        rate = np.exp(effect * form.get("first kind", 0.0) + rng.normal(0, 1))
        found.append(ListingOutcome(f"p{place}", form, float(rate), 100.0, "mugs", 20.0, place % clusters))
    return found


def test_a_planted_order_is_found_and_weighs_frames() -> None:
    learnt = learn_success(listings(1.5), CONFIG, rng=np.random.default_rng(0))
    assert learnt.signal and learnt.accuracy > 0.6 and learnt.low > 0.5 and "no signal" not in learnt.says
    assert learnt.weights["first kind"] > 0.1
    better = {one.id for one in listings(1.5) if "first kind" in one.form}
    assert sum(one in better for one in learnt.drawn_on[:20]) > 14
    frame = next(one for one in frames("en") if "title" in one.roles)
    kind = Fact("p", "kind", "mug", FactSource.ATTRIBUTE)
    colour = Fact("p", "colour", "blue", FactSource.ATTRIBUTE)
    assert learnt.weigh("title", frame, (kind, colour)) > 1.2 * learnt.weigh("title", frame, (colour, kind))
    assert learnt.weigh("alt", frame, (kind, colour)) == 1.0


def test_without_an_effect_there_is_no_signal_and_nothing_is_preferred() -> None:
    learnt = learn_success(listings(0.0), CONFIG, rng=np.random.default_rng(0))
    assert not learnt.signal and learnt.pairs > 300 and learnt.says.startswith("no signal") and not learnt.prefers
    frame = next(one for one in frames("en") if "title" in one.roles)
    assert learnt.weigh("title", frame, (Fact("p", "kind", "mug", FactSource.ATTRIBUTE),)) == 1.0


def test_what_one_cluster_alone_does_is_no_signal() -> None:
    """One shop whose titles begin with the kind, and that sells more, is not compared with others."""
    mixed = [
        replace(one, rate=one.rate * (5 if one.cluster == 0 else 1), form=form_of(ORDERS[1 if one.cluster == 0 else 0]))
        for one in listings(0.0)
    ]
    learnt = learn_success(mixed, CONFIG, rng=np.random.default_rng(0))
    assert not learnt.signal and learnt.pairs == 0


def test_too_few_listings_teach_nothing() -> None:
    assert learn_success([], CONFIG, rng=np.random.default_rng(0)) == Success()
    few = learn_success(listings(2.0, clusters=4, each=4), CONFIG, rng=np.random.default_rng(0))
    assert not few.signal and few.accuracy == 0.5 and few.says.endswith("too few to learn from")


def test_pairs_are_of_one_cluster_category_price_and_age() -> None:
    base = ListingOutcome("a", {}, 1.0, 100.0, "mugs", 20.0, 0)
    others = [
        replace(base, id="better", rate=2.5),
        replace(base, id="hardly", rate=1.5),
        replace(base, id="dear", rate=9.0, price=40.0),
        replace(base, id="old", rate=9.0, days=900.0),
        replace(base, id="teapot", rate=9.0, category="teapots"),
        replace(base, id="elsewhere", rate=9.0, cluster=1),
    ]
    pairs = matched_pairs([base, *others], SuccessConfig(), np.random.default_rng(0))
    assert pairs.tolist() == [[1, 0]]


def test_descriptions_built_alike_are_one_cluster_whatever_their_numbers() -> None:
    one = "Lovingly made from coins of 1941.\nYou will receive it in a box.\nSix months of guarantee."
    other = "Lovingly made from coins of 1967.\nYou will receive it in a box.\nSix months of guarantee."
    assert built_alike([one, "Something else altogether, in one line.", other, ""]) == [0, 1, 0, 2]


def test_the_form_of_a_title_has_no_words_in_it() -> None:
    form = form_of_title("Red cotton dress for women", "en", makers=frozenset(), common=frozenset())
    assert form["first colour"] == 1.0 and form["colour before kind"] == 1.0 and "says material" in form
    assert not any(word in name for name in form for word in ("red", "cotton", "dress", "women"))


def test_what_was_learnt_is_kept(tmp_path: Path) -> None:
    learnt = learn_success(listings(1.5), CONFIG, rng=np.random.default_rng(0))
    learnt.save(tmp_path / "success.json")
    assert Success.load(tmp_path / "success.json") == learnt
    (tmp_path / "success.json").write_text("{")
    with pytest.raises(ModelFileBroken):
        Success.load(tmp_path / "success.json")
