"""All dials in one order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from bottega.models.recommend.last_mile.dials import DialInputs, Dials, dealt
from bottega.models.recommend.last_mile.diversity import unit_rows
from bottega.models.recommend.last_mile.leaning import unpraised

ROWS = unit_rows(sparse.csr_matrix(np.kron(np.eye(5), np.ones((4, 1))).astype(np.float32)))  # five kinds of four
VALUES = np.linspace(1.0, 0.05, 20).astype(np.float32)
HEAD = np.arange(20, dtype=np.int32)


def tastes(own_level: float | None = None) -> DialInputs:
    return DialInputs(
        rows=ROWS,
        items=np.arange(20, dtype=np.int32),
        shopper_counts=np.arange(20, 0, -1, dtype=np.int32) * 10,
        levels=np.tile(np.array([0.0, 0.3, 0.6, 1.0], dtype=np.float32), 5),
        own_level=own_level,
    )


def best(dials: Dials, count: int = 5, own_level: float | None = None) -> list[int]:
    values = dealt(VALUES, HEAD, dials, tastes(own_level), count=count)
    assert sorted(values.tolist()) == pytest.approx(sorted(VALUES.tolist()), abs=1e-4)  # dealt out, none invented
    order: list[int] = np.argsort(-values, kind="stable")[:count].tolist()
    return order


def test_dials_that_are_off_touch_nothing() -> None:
    assert not Dials() and dealt(VALUES, HEAD, Dials(), tastes(), count=5) is VALUES
    assert best(Dials(price_fit=1.0)) == [0, 1, 2, 3, 4]  # nothing is known of what this shopper pays


def test_each_dial_turns_its_way() -> None:
    assert {item // 4 for item in best(Dials(diversity=1.0))} == {0, 1, 2, 3, 4}
    assert {item // 4 for item in best(Dials(diversity=1.0, method="dpp"))} == {0, 1, 2, 3, 4}
    assert best(Dials(novelty=1.0)) == [19, 18, 17, 16, 15]
    assert {item % 4 for item in best(Dials(price_fit=1.0), own_level=1.0)} == {3}
    level = np.array([0.0, 0.3, 0.6, 1.0])
    means = [np.mean([level[item % 4] for item in best(Dials(price_fit=dial), own_level=1.0)]) for dial in (0, 0.4, 1)]
    assert means[0] < means[1] < means[2] == 1.0


def test_praise_leans_towards_what_reviews_praise() -> None:
    cost = unpraised(np.array([0.9, 0.9, -0.5, 0.0], dtype=np.float32), np.array([40, 1, 40, 0]))
    assert cost[0] < cost[1] < cost[2] and np.isnan(cost[3])
    assert np.isnan(unpraised(np.zeros(2, dtype=np.float32), np.zeros(2, dtype=np.int32))).all()
    inputs = replace(tastes(), unpraised=np.linspace(1, 0, 20, dtype=np.float32))
    order = np.argsort(-dealt(VALUES, HEAD, Dials(praise=1.0), inputs, count=5), kind="stable")[:5]
    assert order.tolist() == [19, 18, 17, 16, 15]
    assert best(Dials(praise=1.0)) == [0, 1, 2, 3, 4], "without reviews it moves nothing"


def test_equal_scores_keep_the_order_of_the_dials() -> None:
    even = np.ones(20, dtype=np.float32)
    values = dealt(even, HEAD, Dials(novelty=1.0), tastes(), count=5)
    assert np.argsort(-values, kind="stable")[:5].tolist() == [19, 18, 17, 16, 15]


def test_what_is_not_among_the_best_stays_where_it_is() -> None:
    values = dealt(VALUES, HEAD[:10], Dials(novelty=1.0, diversity=0.5), tastes(), count=5)
    assert values[10:].tolist() == VALUES[10:].tolist() and values[:10].min() > values[10]
