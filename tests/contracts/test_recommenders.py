"""What every recommender promises: a puzzle with a known answer first; test_bars.py has the bars on real data."""

from __future__ import annotations

import subprocess
import sys
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.errors import ModelFileBroken, ModelUnknown
from bottega.models.recommend.base import (
    KNOWN_SHOPPER,
    NEW_PRODUCT,
    NEW_SHOPPER,
    Composed,
    Explains,
    Extends,
    Scale,
    ScoresFew,
    members_of,
    rank,
)
from bottega.models.recommend.last_mile.reasons_left_out import LeftOut
from bottega.models.recommend.registry import RECOMMENDERS, recommender_class, those_that

SIMPLE: dict[str, dict[str, Any]] = {"transitions": {}, "content": {}, "item_neighbours": {}, "popular": {}}
FAST: dict[str, dict[str, Any]] = {
    "linear_autoencoder": {"penalty": 5.0},
    "affinity": {"width": 16, "epochs": 4, "batch_tokens": 256},
    "adversarial": {"width": 32, "critic_width": 16, "epochs": 10, "batch_events": 128, "learning_rate": 0.01},
    "recurrent": {"width": 32, "epochs": 8, "batch_tokens": 256, "learning_rate": 0.01},
    "variational": {"width": 32, "epochs": 6, "batch_tokens": 256, "learning_rate": 0.01},
    "semantic_ids": {"width": 32, "blocks": 1, "epochs": 8, "batch_tokens": 256, "learning_rate": 0.01, "levels": 2},
    "next_item": {"width": 32, "blocks": 1, "epochs": 8, "batch_tokens": 256, "learning_rate": 0.01},
    "blend": {"members": SIMPLE | {"linear_autoencoder": {"penalty": 5.0}}},
}
"""Settings for the small world, where the defaults would take long or were made for many events."""

BLOCKS, SIZE = 2, 10
N_ITEMS = BLOCKS * SIZE


def made(name: str) -> Any:
    """An unfitted model with the settings for the small world."""
    cls = recommender_class(name)
    return cls(replace(cls().config, **FAST.get(name, {})))


def two_blocks(shoppers: int = 200) -> tuple[Histories, Features, Holdout]:
    """Every shopper stays in one half of the catalogue; item 3 is in far more histories than any other of its half.

    The holdout asks for one more item of the same half.
    """
    rng = np.random.default_rng(5)
    rows, targets = [], []
    for shopper in range(shoppers):
        block = shopper % BLOCKS
        chance = np.ones(SIZE)
        chance[3] = 6.0 if block == 0 else 1.0
        row = (rng.choice(SIZE, size=7, replace=False, p=chance / chance.sum()) + SIZE * block).tolist()
        rows.append(row[:-1])
        targets.append(row[-1])
    histories = Histories.from_lists(rows, n_items=N_ITEMS)
    return histories, block_features(N_ITEMS), Holdout(histories, np.array(targets, dtype=np.int32))


def block_features(n_items: int) -> Features:
    """Items say which half they are from; those behind the catalogue (new products) are of the first half."""
    half = [min(item // SIZE, 1) if item < N_ITEMS else 0 for item in range(n_items)]
    return Features.from_attributes([[f"half={half[item]}", f"shade={item % 3}"] for item in range(n_items)])


HISTORIES, FEATURES, HOLDOUT = two_blocks()


@pytest.fixture(scope="module", params=list(RECOMMENDERS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def model(name: str) -> Any:
    return fitted(name)


def fitted(name: str, seed: int = 0) -> Any:
    return made(name).fit(HISTORIES, FEATURES, rng=np.random.default_rng(seed), holdout=HOLDOUT)


def asked(*rows: list[int], n_items: int = N_ITEMS) -> Histories:
    return Histories.from_lists(rows, n_items=n_items)


def test_half_a_block_brings_the_other_half_on_top(name: str, model: Any) -> None:
    if KNOWN_SHOPPER not in model.abilities.serves:
        best = rank(model, asked([]), count=1, hide_seen=False).items
        assert best.tolist() == [[int(np.bincount(HISTORIES.items).argmax())]] == [[3]]
        return
    ranking = rank(model, asked([0, 1, 2, 5, 6], [11, 12, 13, 17, 18]), count=5)
    assert set(ranking.items[0].tolist()) == {3, 4, 7, 8, 9}
    assert set(ranking.items[1].tolist()) == {10, 14, 15, 16, 19}


def test_abilities_are_known_words_and_the_name_is_the_registry_s(name: str, model: Any) -> None:
    assert model.name == name
    assert model.abilities.serves <= {KNOWN_SHOPPER, NEW_SHOPPER, NEW_PRODUCT}
    assert isinstance(model, Extends) == (NEW_PRODUCT in model.abilities.serves)
    assert model.abilities.personal or not isinstance(model, Explains)
    assert isinstance(model, Composed) == (list(members_of(model)) != [name])


def test_the_constructor_stores_the_config_and_nothing_else(name: str) -> None:
    model = made(name)
    assert vars(model) == {"config": model.config}
    with pytest.raises((AttributeError, TypeError)):
        model.config.anything = 1


def test_scores_are_float32_numbers_or_minus_infinity(model: Any) -> None:
    scores = model.score(asked([0, 1], [], [11, 3, 11]))
    assert scores.shape == (3, N_ITEMS) and scores.dtype == np.float32
    assert np.all(np.isfinite(scores) | np.isneginf(scores))
    assert np.isfinite(scores[0]).any()


def test_an_empty_history_has_scores_only_from_those_who_serve_new_shoppers(model: Any) -> None:
    scores = model.score(asked([], [], []))
    assert scores.shape == (3, N_ITEMS)
    assert np.isfinite(scores).any() == (NEW_SHOPPER in model.abilities.serves)
    ranking = rank(model, asked([]), count=4)
    assert (ranking.items >= 0).any() == (NEW_SHOPPER in model.abilities.serves)


def test_a_batch_of_nobody_gets_no_rows(model: Any) -> None:
    assert model.score(asked()).shape == (0, N_ITEMS)
    assert rank(model, asked(), count=3).items.shape == (0, 3)


def test_items_behind_the_trained_catalogue_do_no_harm(model: Any) -> None:
    model = deepcopy(model)
    known = model.score(asked([0, 1, 2]))
    if NEW_PRODUCT in model.abilities.serves:
        model.extend(block_features(N_ITEMS + 2))
    scores = model.score(asked([0, 1, 2], n_items=N_ITEMS + 2))
    np.testing.assert_allclose(scores[:, :N_ITEMS], known, rtol=1e-4, atol=1e-5)
    assert model.score(asked([0, N_ITEMS + 1], [N_ITEMS], n_items=N_ITEMS + 2)).shape == (2, N_ITEMS + 2)


def test_only_allowed_items_are_ranked(model: Any) -> None:
    allowed = np.zeros(N_ITEMS, dtype=np.bool_)
    allowed[[3, 4, 12]] = True
    items = rank(model, asked([0, 1, 2]), count=5, allowed=allowed).items
    assert set(items[items >= 0].tolist()) <= {3, 4, 12} and (items >= 0).any()
    nothing = rank(model, asked([0, 1, 2]), count=5, allowed=np.zeros(N_ITEMS, dtype=np.bool_))
    assert (nothing.items == -1).all()
    each = np.zeros((2, N_ITEMS), dtype=np.bool_)
    each[0, 3] = each[1, 4] = True
    assert rank(model, asked([0, 1, 2], [0, 1, 2]), count=1, allowed=each).items.tolist() == [[3], [4]]


def test_seen_items_are_hidden_when_asked(model: Any) -> None:
    hidden = rank(model, asked([0, 1, 2, 3]), count=N_ITEMS).items
    assert not set(hidden.ravel().tolist()) & {0, 1, 2, 3}
    shown = rank(model, asked([0, 1, 2, 3]), count=N_ITEMS, hide_seen=False).items
    assert set(shown.ravel().tolist()) & {0, 1, 2, 3}


def test_a_batch_scores_as_its_histories_do_alone(model: Any) -> None:
    long = [0, 4, 2, 9, 3, 1, 5, 8]
    rows = [[], [11], long, long[:-1], long[:3], [3, 3, 12], [19, 18, 0]]
    together = model.score(asked(*rows))
    alone = np.concatenate([model.score(asked(row)) for row in rows])
    np.testing.assert_allclose(together, alone, rtol=1e-4, atol=1e-5)


def test_a_few_items_score_as_among_all(model: Any) -> None:
    few = isinstance(model, ScoresFew)
    if not few:
        pytest.skip("scores the whole catalogue")
    question, items = asked([0, 1, 2], [], [11, 3]), [5, 0, 19]
    np.testing.assert_allclose(model.score_items(question, items), model.score(question)[:, items], rtol=1e-5)


def test_asking_changes_nothing(model: Any) -> None:
    question = asked([0, 1, 2], [])
    before = model.score(question)
    kept = before.copy()
    before[:] = 7.0
    np.testing.assert_array_equal(model.score(question), kept)


def test_the_same_seed_gives_the_same_model(name: str, model: Any) -> None:
    question = asked([0, 1, 2], [11, 3], [])
    np.testing.assert_array_equal(fitted(name).score(question), model.score(question))


def test_a_saved_model_answers_as_before(model: Any, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = type(model).load(tmp_path)
    question = asked([0, 1, 2], [11, 3], [])
    np.testing.assert_array_equal(loaded.score(question), model.score(question))
    assert loaded.config == model.config
    assert not any(path.suffix in {".pkl", ".pickle"} for path in tmp_path.rglob("*"))


def test_a_broken_folder_says_so(model: Any, tmp_path: Path) -> None:
    with pytest.raises(ModelFileBroken, match=r"cannot be used.*Train the model again"):
        type(model).load(tmp_path)
    model.save(tmp_path)
    for path in sorted(path for path in tmp_path.rglob("*") if path.is_file()):
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(ModelFileBroken):
            type(model).load(tmp_path)
        path.unlink()
        with pytest.raises(ModelFileBroken):
            type(model).load(tmp_path)
        path.write_bytes(whole)
    type(model).load(tmp_path)


def test_a_new_product_is_served_and_the_old_scores_stay(name: str, model: Any) -> None:
    model = deepcopy(model)
    if NEW_PRODUCT not in model.abilities.serves:
        pytest.skip(f"{name} does not serve new products")
    before = model.score(asked([0, 1, 2]))
    model.extend(block_features(N_ITEMS + 1))
    after = model.score(asked([0, 1, 2], n_items=N_ITEMS + 1))
    np.testing.assert_allclose(after[:, :N_ITEMS], before, rtol=1e-4, atol=1e-5)
    assert np.isfinite(after[0, N_ITEMS])
    assert after[0, N_ITEMS] > after[0, SIZE : 2 * SIZE].max()


def test_amounts_are_above_nothing_where_something_speaks(model: Any) -> None:
    assert model.abilities.scale in get_args(Scale)
    if model.abilities.scale == "amounts":
        assert (model.score(asked([0, 1, 2], [11, 3, 11])).max(axis=1) > 0).all()


def test_members_add_up_to_the_score(model: Any) -> None:
    composed = isinstance(model, Composed)
    if not composed:
        pytest.skip("not made of members")
    question = asked([0, 1, 2], [], [11, 3])
    shares = model.shares(question)
    assert shares.shape == (3, len(model.members_), N_ITEMS)
    np.testing.assert_allclose(shares.sum(axis=1), model.score(question), rtol=1e-5)


def test_evidence_points_at_events_that_spoke_for_the_item(name: str, model: Any) -> None:
    explains = isinstance(model, Explains)
    if not explains:
        pytest.skip(f"{name} has no evidence at hand")
    history = np.array([11, 0, 2, 1], dtype=np.int32)
    found = model.evidence(history, 3, count=2)
    assert 1 <= len(found) <= 2
    assert all(0 <= each.position < len(history) and each.weight > 0 for each in found)
    assert [each.weight for each in found] == sorted((each.weight for each in found), reverse=True)
    assert history[found[0].position] in {0, 1, 2}
    without = history.tolist()
    without[found[0].position] = 13
    assert model.score(asked(without))[0, 3] < model.score(asked(history.tolist()))[0, 3]
    assert model.evidence(np.zeros(0, dtype=np.int32), 3) == []


def test_of_every_model_evidence_can_be_found_by_leaving_out(model: Any) -> None:
    history = [11, 0, 2, 1]
    found = LeftOut(model, asked(history), [3]).evidence(np.array(history, dtype=np.int32), 3)
    assert (len(found) > 0) == model.abilities.personal
    whole = model.score(asked(history))[0, 3]
    for each in found:
        rest = history[: each.position] + history[each.position + 1 :]
        assert each.weight > 0 and model.score(asked(rest))[0, 3] < whole


def test_nobody_learns_from_nothing_and_all_still_answer(name: str) -> None:
    model = made(name).fit(asked([], []), FEATURES, rng=np.random.default_rng(0))
    assert model.score(asked([0, 1], [])).shape == (2, N_ITEMS)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ModelUnknown, match=r"no recommender 'magic'.*popular, content.*blend"):
        recommender_class("magic")


def test_what_each_can_do_is_asked_of_the_classes() -> None:
    assert those_that(lambda abilities: abilities.simple) == [
        "popular",
        "item_neighbours",
        "vsknn",
        "stan",
        "als",
        "transitions",
    ]
    quick = those_that(lambda abilities: abilities.quick)
    assert set(those_that(lambda abilities: abilities.simple)) < set(quick) < set(RECOMMENDERS) and "blend" in quick
    can_stand_in = [recommender_class(name).abilities.serves for name in those_that(lambda can: can.stands_in)]
    assert frozenset().union(*can_stand_in) == {KNOWN_SHOPPER, NEW_SHOPPER, NEW_PRODUCT}


def test_the_list_of_names_costs_no_torch() -> None:
    asked_for = (
        "import sys; from bottega.models.recommend.registry import RECOMMENDERS; print({*sys.modules} & {'torch'})"
    )
    told = subprocess.run([sys.executable, "-c", asked_for], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
