"""Session neighbours: both formulas, worked by hand."""

from __future__ import annotations

import numpy as np

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.counted.session_neighbours import Stan, StanConfig, Vsknn, VsknnConfig
from bottega.names import DAY_MS, FloatArray

LEARNT = [[0, 1, 2], [0, 3], [4], [5, 1, 0]]
"""Items of four sessions, which ended on days 10, 0, 20 and 20; six items."""
TIMES = [[8, 9, 10], [0, 0], [20], [18, 19, 20]]


def learnt() -> Histories:
    return Histories.from_lists(LEARNT, n_items=6, times=[[day * DAY_MS for day in row] for row in TIMES])


def vsknn(**settings: int) -> Vsknn:
    return Vsknn(VsknnConfig(**settings)).fit(learnt(), Features.empty(6), rng=np.random.default_rng(0))


def stan(**settings: float) -> Stan:
    plain = {"asked_places": 1.0, "session_days": 10.0, "session_places": 2.0}
    config = StanConfig(**(plain | settings))  # type: ignore[arg-type]
    return Stan(config).fit(learnt(), Features.empty(6), rng=np.random.default_rng(0))


def scores(model: Vsknn | Stan, *rows: list[int]) -> FloatArray:
    return model.score(Histories.from_lists(rows, n_items=6))


def test_vsknn_weighs_places_of_who_asks_and_the_age_of_what_is_shared() -> None:
    # Asked 3, 0: 0 weighs 1, 3 weighs 1/2. Sessions 1, 2 and 4 share 0, the newest (age 0); session 2 also shares 3.
    found = scores(vsknn(), [3, 0])[0]
    np.testing.assert_allclose(found, [1 + 1.5 + 1, 2, 1, 1.5, -np.inf, 1], rtol=1e-6)
    # Asked 0, 4: what is shared is 0, one place old: it weighs 1/2, and is heard at 1 - 1/10.
    np.testing.assert_allclose(scores(vsknn(), [0, 4])[0, 2], 0.5 * 0.9, rtol=1e-6)
    assert np.isneginf(scores(vsknn(reach=1), [0, 4])).all()


def test_stan_fades_places_days_and_places_within_a_session() -> None:
    found = scores(stan(), [1, 0])[0]
    # Session 1 (day 10 of 20) shares both: (1 + 1/e) / sqrt(2 * 3), a day's tenth: 1/e; 2 stands two places from 0.
    first = (1 + np.exp(-1)) / np.sqrt(6) * np.exp(-1)
    # Session 4 (day 20) shares both; 5 stands two places from 0, 1 one place.
    last = (1 + np.exp(-1)) / np.sqrt(6)
    second = 1 / np.sqrt(4) * np.exp(-2)
    np.testing.assert_allclose(found[2], first * np.exp(-1), rtol=1e-5)
    np.testing.assert_allclose(found[5], last * np.exp(-1), rtol=1e-5)
    np.testing.assert_allclose(found[3], second * np.exp(-0.5), rtol=1e-5)
    np.testing.assert_allclose(found[1], (first + last) * np.exp(-0.5), rtol=1e-5)
    np.testing.assert_allclose(found[0], first + last + second, rtol=1e-5)


def test_only_the_nearest_speak() -> None:
    for one in (vsknn(neighbours=1), stan(neighbours=1, session_days=1e6)):
        assert np.isfinite(scores(one, [3, 0])[0]).tolist() == [True, False, False, True, False, False]


def test_a_repeat_counts_where_it_stands_last() -> None:
    for model in (vsknn(), stan()):
        np.testing.assert_allclose(scores(model, [0, 3, 0]), scores(model, [3, 0]), rtol=1e-6)


def test_of_a_best_seller_only_the_newest_sessions_are_compared() -> None:
    for model in (vsknn(carriers=1), stan(carriers=1)):
        found = scores(model, [0])[0]  # only the session of day 20 is looked at
        assert np.isfinite(found).tolist() == [True, True, False, False, False, True]
