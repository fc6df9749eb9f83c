"""What burns out is trusted less: questions are asked of a popularity that is a period older, too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.models.recommend.base import members_of
from bottega.models.recommend.blend.blend import Blend, BlendConfig
from bottega.models.recommend.blend.older import asked_twice, impersonal, without_newest
from bottega.models.recommend.registry import recommender_class
from bottega.names import DAY_MS

N_ITEMS = 60
CONFIG = BlendConfig(members={"transitions": {}, "popular": {"half_life_days": 3.0}})


def fashions(shoppers: int = 300) -> tuple[Histories, Holdout]:
    """A product follows another by a rule; for ten days everybody takes the fashion of those days, and then nobody.

    The questions are those of the days right behind, when the newest fashion still goes.
    """
    rng = np.random.default_rng(0)
    rows, times, targets = [], [], []
    for _ in range(shoppers):
        first = int(rng.integers(40))
        start = float(rng.uniform(0, 90))
        row = [(first + step) % 40 for step in range(5)]
        days = [start + step for step in range(5)]
        rows.append([*row, 40 + int(days[-1] // 10)])
        times.append([int(day * DAY_MS) for day in [*days, days[-1] + 0.5]])
        targets.append(49 if rng.random() < 0.5 else (first + 5) % 40)
    histories = Histories.from_lists(rows, n_items=N_ITEMS, times=times)
    return histories, Holdout(histories, np.array(targets, dtype=np.int32))


def fitted(share: float) -> Blend:
    histories, holdout = fashions()
    config = replace(CONFIG, older_share=share)
    return Blend(config).fit(histories, Features.empty(N_ITEMS), rng=np.random.default_rng(0), holdout=holdout)


def test_a_fashion_that_burns_out_counts_less() -> None:
    asked = fashions(40)[0]
    lead = []
    for share in (0.0, 0.25):
        blend = fitted(share)
        popular = blend.shares(asked)[:, list(blend.members_).index("popular")]
        lead.append(float((popular[:, 49] - popular[:, 41:45].max(axis=1)).mean()))
    assert 0 < lead[1] < 0.8 * lead[0]


def test_a_question_asked_twice_counts_once_against_the_prior() -> None:
    histories, holdout = fashions()
    config = replace(CONFIG, members={"transitions": {}}, older_share=0.25)
    same = replace(config, older_share=0.0)
    one, other = (
        Blend(each).fit(histories, Features.empty(N_ITEMS), rng=np.random.default_rng(0), holdout=holdout)
        for each in (config, same)
    )
    np.testing.assert_array_equal(one.weights_, other.weights_)  # nobody has an older self
    assert impersonal(members_of(fitted(0.25))) == ["popular"]
    assert not recommender_class("popular").abilities.personal


def test_older_levels_stand_in_their_places() -> None:
    levels = np.arange(12, dtype=np.float32).reshape(1, 3, 4)  # three members and an older self of the second
    twice = asked_twice(levels, 3, [1])
    np.testing.assert_array_equal(twice[0], levels[0, :, :3])
    np.testing.assert_array_equal(twice[1], levels[0][:, [0, 3, 2]])
    assert len(asked_twice(levels, 3, [])) == 1


def test_the_newest_events_are_left_out() -> None:
    days = [[0, 10 * DAY_MS], [20 * DAY_MS, 30 * DAY_MS]]
    before = without_newest(Histories.from_lists([[1, 2], [3, 4]], n_items=5, times=days), 0.3)
    assert before is not None and before.items.tolist() == [1, 2]
    nothing = [Histories.from_lists([[1], [3]], n_items=5, times=[[7], [7]]), Histories.from_lists([[]], n_items=5)]
    places = Histories.from_lists([list(range(5))] * 3, n_items=5)
    assert all(without_newest(each, 0.3) is None for each in (*nothing, places))
