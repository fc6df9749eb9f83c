"""Transitions, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.counted.transitions import Transitions, TransitionsConfig
from bottega.names import KindCode

PLAIN = {"lag_decay": 0.5, "history_decay": 0.5, "count_power": 1.0, "source_power": 0.0, "backward": 0.0}


def fitted(
    rows: list[list[int]], kinds: list[list[int]] | None = None, n_items: int = 4, **settings: float
) -> Transitions:
    histories = Histories.from_lists(rows, n_items=n_items, kinds=kinds)
    config = TransitionsConfig(**(PLAIN | settings))  # type: ignore[arg-type]
    return Transitions(config).fit(histories, Features.empty(n_items), rng=np.random.default_rng(0))


def test_lags_count_with_fading_weights() -> None:
    table = fitted([[0, 1, 2], [0, 2]]).weights_.toarray()
    assert table[0].tolist() == [0, 1, 0.5 + 1, 0]
    assert table[1].tolist() == [0, 0, 1, 0]
    assert not table[2:].any()


def test_a_score_is_the_sum_over_the_history_fading_with_age() -> None:
    model = fitted([[0, 1, 2], [0, 2]])
    scores = model.score(Histories.from_lists([[0, 1]], n_items=4))
    assert scores[0].tolist() == [-np.inf, 0.5 * 1, 0.5 * 1.5 + 1, -np.inf]


def test_counts_are_damped_by_power_and_by_the_row_s_sum() -> None:
    table = fitted([[0, 1]] * 4 + [[0, 2]], count_power=0.5, source_power=1.0).weights_.toarray()
    assert table[0] == pytest.approx([0, 2 / 3, 1 / 3, 0])


def test_the_reverse_direction_is_added_softly() -> None:
    table = fitted([[0, 1]], backward=0.25).weights_.toarray()
    assert table[0, 1] == 1 and table[1, 0] == 0.25


def test_a_run_of_one_product_is_one_place_worth_its_strongest_event() -> None:
    view, buy = int(KindCode.VIEW), int(KindCode.PURCHASE)  # weights 1 and 5; mean over the 4 events 2
    table = fitted([[0, 1, 1, 2]], kinds=[[view, view, buy, view]]).weights_.toarray()
    assert table[0] == pytest.approx([0, 5 / 2, 0.5 * 1 / 2, 0])
    assert table[1] == pytest.approx([0, 0, 1 / 2, 0])


def test_only_the_strongest_followers_are_kept() -> None:
    table = fitted([[0, 1], [0, 1], [0, 2], [0, 3], [0, 3]], neighbours=2).weights_.toarray()
    assert table[0].tolist() == [0, 2, 0, 2]


def test_long_inputs_are_counted_in_chunks_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.random.default_rng(0).integers(0, 6, size=(40, 5)).tolist()
    whole = fitted(rows, n_items=6).weights_.toarray()
    monkeypatch.setitem(Transitions._counts.__globals__, "_CHUNK_EVENTS", 12)
    np.testing.assert_allclose(fitted(rows, n_items=6).weights_.toarray(), whole, rtol=1e-6)


def test_evidence_weighs_each_position_as_the_score_does() -> None:
    model = fitted([[0, 1, 2], [0, 2]])
    found = model.evidence(np.array([0, 1], dtype=np.int32), 2)
    assert [(each.position, each.weight) for each in found] == [(1, 1.0), (0, 0.75)]
