"""Affinity: which attributes, what it learns beyond counting, what a declared taste does, and to whom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.affinity.affinity import Affinity, AffinityConfig
from bottega.models.recommend.affinity.declared_tastes import Declared
from bottega.models.recommend.affinity.groups import AttributeGroups
from bottega.models.recommend.affinity.inputs import next_items
from bottega.names import KindCode

N_ITEMS = 24
COLOURS = ("red", "green", "blue")
HOUR_MS = 3_600_000


def features(n_items: int = N_ITEMS) -> Features:
    """Colours take turns, shapes every three items; a serial number that tells nothing; a rare note."""
    rows = [
        [
            f"color={COLOURS[i % 3]}",
            f"shape={'ab'[i // 3 % 2]}",
            f"serial={i // 2}",
            *([f"note={i}"] if i < 2 else []),
            "unit=1",
        ]
        for i in range(n_items)
    ]
    found = Features.from_attributes(rows)
    found.prices[:] = 10.0 + np.arange(n_items)
    return found


def wheel(shoppers: int = 150, length: int = 12) -> Histories:
    """Colours follow each other red, green, blue, red ...; a shopper keeps to one shape and buys only red."""
    rng = np.random.default_rng(1)
    rows, kinds = [], []
    for shopper in range(shoppers):
        start, shape = int(rng.integers(3)), shopper % 2
        colours = [(start + step) % 3 for step in range(length)]
        rows.append([int(rng.integers(4)) * 6 + shape * 3 + colour for colour in colours])
        kinds.append([int(KindCode.PURCHASE if colour == 0 else KindCode.VIEW) for colour in colours])
    times = [[HOUR_MS * step for step in range(length)] for _ in range(shoppers)]
    return Histories.from_lists(rows, n_items=N_ITEMS, kinds=kinds, times=times)


@pytest.fixture(scope="module")
def model() -> Affinity:
    config = AffinityConfig(groups=3, width=24, epochs=30, batch_tokens=256, dropout=0.0, learning_rate=0.01)
    return Affinity(config).fit(wheel(), features(), rng=np.random.default_rng(0))


def test_groups_are_those_that_most_products_have_and_that_run_through_a_history() -> None:
    groups = AttributeGroups.choose(wheel(), features(), most=2, most_values=50)
    assert set(groups.names) == {"color", "shape"}
    nobody = Histories.from_lists([], n_items=N_ITEMS)
    without_events = AttributeGroups.choose(nobody, features(), most=10, most_values=2)
    assert without_events.names[-1] == "note", "the rarest last"
    assert "unit" not in without_events.names, "one value tells nothing"
    assert all(without_events.span(name).stop - without_events.span(name).start <= 5 for name in without_events.names)


def test_prices_are_cut_into_bands_with_round_edges() -> None:
    groups = AttributeGroups.choose(wheel(), features(), most=10, most_values=50)
    assert groups.values[groups.span("price")] == ("under 15", "15 to 19", "19 to 24", "24 to 28", "from 28")
    rows = groups.matrix(features())[:, groups.span("price")].toarray()
    assert rows.sum(axis=1).tolist() == [1.0] * N_ITEMS
    assert rows[:, 0].nonzero()[0].tolist() == [0, 1, 2, 3, 4]
    assert groups.word(groups.span("price").start) == "price under 15"


def test_bare_codes_are_one_group_and_no_attributes_none() -> None:
    bare = Features.from_attributes([["7", "9"], ["9"], ["7"]])
    histories = Histories.from_lists([[0, 1, 2]], n_items=3)
    groups = AttributeGroups.choose(histories, bare, most=6, most_values=50)
    assert (groups.names, groups.values) == (("attribute",), ("7", "9"))
    nothing = Affinity().fit(histories, Features.empty(3), rng=np.random.default_rng(0))
    assert nothing.affinities(histories).view.shape == (1, 0)
    assert np.isfinite(nothing.score(histories)).all(), "all that is left is how often each product was taken"


def test_next_purchases_are_looked_for_behind_and_never_at_another_shopper() -> None:
    view, buy = int(KindCode.VIEW), int(KindCode.PURCHASE)
    histories = Histories.from_lists([[4, 5, 6], [], [7, 8]], n_items=9, kinds=[[buy, view, view], [], [view, buy]])
    assert next_items(histories).tolist() == [[5, 6, -1, 8, -1], [-1, -1, -1, 8, -1]]


def asked(*rows: list[int]) -> Histories:
    times = [[HOUR_MS * step for step in range(len(row))] for row in rows]
    return Histories.from_lists(
        rows, n_items=N_ITEMS, kinds=[[int(KindCode.VIEW)] * len(row) for row in rows], times=times
    )


def test_it_learns_the_order_that_counts_cannot_tell(model: Affinity) -> None:
    found = model.affinities(asked([0, 1, 2], [1, 2, 0]))
    colour = found.groups.span("color")
    names = found.groups.values[colour]
    assert [names[i] for i in found.view[:, colour].argmax(axis=1)] == ["red", "green"], "same counts, other order"
    assert found.view[:, colour].max(axis=1).min() > 0.7
    bought = found.purchase[:, colour]
    assert [names[i] for i in bought.argmax(axis=1)] == ["red", "red"] and bought.max(axis=1).min() > 0.9
    shape = found.groups.span("shape")
    assert found.view[0, shape][found.groups.values[shape].index("a")] > 0.9


def test_every_group_sums_to_one_and_a_stranger_is_the_shop_s_average(model: Affinity) -> None:
    found = model.affinities(asked([], [5, 0, 1]))
    for name in found.groups.names:
        span = found.groups.span(name)
        np.testing.assert_allclose(found.view[:, span].sum(axis=1), 1.0, rtol=1e-4)
        np.testing.assert_allclose(found.purchase[:, span].sum(axis=1), 1.0, rtol=1e-4)
    np.testing.assert_allclose(found.view[0], found.shop_view, rtol=1e-4)
    assert found.counts[0].sum() == 0 and found.counts[1].sum() == 3 * len(found.groups.names)


def test_a_declared_taste_is_a_prior_that_fades_with_the_events_behind_it(model: Affinity) -> None:
    place = model.groups_.place("color", "BLUE")
    assert place is not None
    histories = asked([], [0, 1], [0, 1], [0, 1, 2, 3])
    said = [[Declared((place,), 0)], [Declared((place,), 2 * HOUR_MS)], [], [Declared((place,), HOUR_MS // 2)]]
    plain, found = model.affinities(histories), model.affinities(histories, said)
    for row, weight in ((0, 4 / 5), (1, 4 / 5), (2, 0.0), (3, 4 / 8)):
        assert found.view[row, place] == pytest.approx((1 - weight) * plain.view[row, place] + weight, abs=1e-5)
    assert found.declared[:, place].tolist() == [1, 1, 0, 1]
    shape = model.groups_.span("shape")
    np.testing.assert_array_equal(found.view[:, shape], plain.view[:, shape])


def test_without_steps_the_answer_is_the_shopper_s_counts_smoothed() -> None:
    counted = Affinity(AffinityConfig(most_steps=0)).fit(wheel(), features(), rng=np.random.default_rng(0))
    found = counted.affinities(asked([0, 3, 6], [1, 4]))
    colour = found.groups.span("color")
    lift = found.view[:, colour] / found.shop_view[colour]
    assert lift.argmax(axis=1).tolist() == [found.groups.values[colour].index(name) for name in ("red", "green")]


def test_a_new_product_scores_as_its_likes_and_the_model_is_kept_whole(model: Affinity, tmp_path: Path) -> None:
    model.save(tmp_path)
    grown = Affinity.load(tmp_path)
    grown.extend(features(N_ITEMS + 3))
    scores = grown.score(Histories.from_lists([[0, 1, 2, 0, 1]], n_items=N_ITEMS + 3))[0]
    new = scores[N_ITEMS:] / grown.prior_[N_ITEMS:]
    old = scores[:3] / grown.prior_[:3]
    assert new.argmax() == old.argmax() == 2, "after red, green comes blue"
    assert grown.groups_.values == model.groups_.values
