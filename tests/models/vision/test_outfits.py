"""Outfits: a world with a known rule is learnt; scores are probabilities; models stay what they are on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bottega.errors import ModelFileBroken
from bottega.models.vision.outfits import Garments, Outfits, OutfitsConfig
from bottega.models.vision.outfits_training import pairs_within
from bottega.models.vision.slots import SLOTS
from bottega.names import IntArray

QUICK = OutfitsConfig(rank=4, epochs=30, batch=48, learning_rate=0.02, weight_decay=0.1)
TOP, BOTTOM, SHOES = (SLOTS.index(name) for name in ("top", "bottom", "shoes"))


def world(n_people: int, *, by: str, seed: int = 0) -> tuple[Garments, IntArray]:
    """People in top, bottom and shoes of one mood: of one kind (`by` vectors), or light with dark (`by` colours)."""
    rng = np.random.default_rng(seed)
    slots = np.tile([TOP, BOTTOM, SHOES], n_people).astype(np.int32)
    people = np.repeat(np.arange(n_people), 3).astype(np.int32)
    mood = rng.choice([-1.0, 1.0], n_people)[people]
    vectors = rng.normal(0, 1, (len(slots), 8))
    colours = np.zeros((len(slots), 12))
    colours[:, :4] = rng.normal((50, 0, 0, 1), (5, 5, 5, 0), (len(slots), 4))
    if by == "vectors":
        vectors[:, 0] = 2 * mood * np.where(slots == SHOES, -1, 1)  # a slot has its own sign
    else:
        colours[:, 0] = 50 + 30 * mood * np.where(slots == BOTTOM, -1, 1)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Garments(vectors.astype(np.float32), colours.astype(np.float32), slots), people


def area(model: Outfits, garments: Garments, people: IntArray) -> float:
    """Chance that a garment of the same outfit scores above one of its slot from elsewhere, by top and bottom."""
    tops, bottoms = (np.flatnonzero(garments.slots == slot).astype(np.int32) for slot in (TOP, BOTTOM))
    logits = model.logits(garments.take(tops), garments.take(bottoms))
    own = people[tops][:, None] == people[bottoms][None]
    return float((logits[own][:, None] > logits[~own][None]).mean())


@pytest.mark.parametrize("by", ["vectors", "colours"])
def test_a_rule_is_learnt_and_holds_for_others(by: str) -> None:
    garments, people = world(120, by=by)
    model = Outfits(QUICK).fit(
        garments, pairs_within(people, garments.slots), rng=np.random.default_rng(1), groups=people
    )
    # Half of the negatives happen to be of the same mood, so a perfect model reaches 0.75.
    assert area(model, *world(60, by=by, seed=5)) > 0.7
    if by == "colours":
        blind = Outfits(replace(QUICK, colours=False))
        blind.fit(garments, pairs_within(people, garments.slots), rng=np.random.default_rng(1), groups=people)
        assert area(blind, *world(60, by=by, seed=5)) < 0.6


@pytest.fixture(scope="module")
def learnt() -> tuple[Outfits, Garments]:
    garments, people = world(60, by="colours")
    pairs = pairs_within(people, garments.slots)
    return Outfits(QUICK).fit(garments, pairs, rng=np.random.default_rng(1), groups=people), garments


def test_a_score_is_a_probability_and_reasons_name_a_relation(learnt: tuple[Outfits, Garments]) -> None:
    model, garments = learnt
    light = int(np.flatnonzero((garments.slots == TOP) & (garments.colours[:, 0] > 70))[0])
    bottoms = garments.take(garments.slots == BOTTOM)
    scores = model.score(garments.take(slice(light, light + 1)), bottoms)
    assert scores.shape == (60,) and (scores > 0).all() and (scores < 1).all()
    dark = bottoms.colours[:, 0] < 30
    assert scores[dark].mean() > 0.6 > 0.4 > scores[~dark].mean()
    best = bottoms.take(np.array([int(scores.argmax())]))
    told = model.relation(garments.row(light), best)
    assert told is not None and told[0] in {"lightness gap", "lightness gap squared"} and told[1] > 0
    alike = np.flatnonzero((garments.slots == BOTTOM) & (garments.colours[:, 0] > 70))
    told = model.relation(garments.row(light), garments.row(int(alike[0])))
    assert told is None or not told[0].startswith("lightness"), "what two garments are not is no reason"


def test_garments_of_one_slot_say_nothing_of_each_other(learnt: tuple[Outfits, Garments]) -> None:
    model, garments = learnt
    tops = garments.take(garments.slots == TOP)
    np.testing.assert_allclose(model.score(tops.take(slice(0, 2)), tops), 0.5)
    np.testing.assert_allclose(model.score(tops.take(slice(0, 0)), tops), 0.5)


def test_order_does_not_matter(learnt: tuple[Outfits, Garments]) -> None:
    model, garments = learnt
    np.testing.assert_allclose(model.logits(garments, garments), model.logits(garments, garments).T, atol=1e-4)


def test_saved_and_loaded_it_answers_the_same(learnt: tuple[Outfits, Garments], tmp_path: Path) -> None:
    model, garments = learnt
    model.save(tmp_path)
    np.testing.assert_array_equal(Outfits.load(tmp_path).logits(garments, garments), model.logits(garments, garments))
    (tmp_path / "arrays.npz").write_bytes(b"cut")
    with pytest.raises(ModelFileBroken, match=r"arrays\.npz is missing or damaged"):
        Outfits.load(tmp_path)


def test_one_seed_one_model() -> None:
    garments, people = world(30, by="colours")
    pairs = pairs_within(people, garments.slots)
    one, other = (Outfits(QUICK).fit(garments, pairs, rng=np.random.default_rng(3), groups=people) for _ in range(2))
    assert all(np.array_equal(one.arrays_[name], other.arrays_[name]) for name in one.arrays_)


def test_a_shop_s_own_outfits_start_from_a_model_and_stay_near(learnt: tuple[Outfits, Garments]) -> None:
    model, _ = learnt
    few, people = world(12, by="vectors", seed=9)
    own = Outfits().fit(few, pairs_within(people, few.slots), rng=np.random.default_rng(0), groups=people, start=model)
    moved = np.linalg.norm(own.arrays_["harmony"] - model.arrays_["harmony"])
    assert own.config == model.config and 0 < moved < 0.5 * np.linalg.norm(model.arrays_["harmony"])
