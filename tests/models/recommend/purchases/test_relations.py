"""What goes with what, and what could replace what."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bottega.datasets.arrays import Features, Histories
from bottega.errors import ModelFileBroken
from bottega.models.recommend.purchases.relations import Relations, walks_of
from bottega.models.recommend.purchases.walks import links_of, strongest
from bottega.names import FloatArray, KindCode

DAY = 86_400_000
VIEW, BUY = int(KindCode.VIEW), int(KindCode.PURCHASE)
MAKERS, COFFEES, TENTS, PEGS = (range(start, start + 6) for start in (0, 6, 12, 18))
N_ITEMS = 24
CATEGORIES = np.repeat(np.arange(4), 6).astype(np.int32)


def features(categories: np.ndarray = CATEGORIES) -> Features:
    empty = Features.empty(len(categories))
    names = tuple(f"c{code}" for code in range(4))
    return Features(empty.attributes, (), empty.text, (), empty.prices, categories, names)


def shop(seed: int = 0, shoppers: int = 300) -> Histories:
    """Half look at makers, buy one and then coffee; half look at tents, buy one and then pegs; item k goes with k."""
    rng = np.random.default_rng(seed)
    items, kinds, times = [], [], []
    for shopper in range(shoppers):
        first, then = (MAKERS, COFFEES) if shopper % 2 else (TENTS, PEGS)
        k = int(rng.integers(6))
        looked = [first[int(one)] for one in rng.permutation(6)[:3]]
        match = then[k] if rng.random() < 0.7 else then[int(rng.integers(6))]
        items.append([*looked, first[k], match])
        kinds.append([VIEW, VIEW, VIEW, BUY, BUY])
        start = int(rng.integers(0, 300)) * DAY
        times.append([start, start + 60_000, start + 120_000, start + 180_000, start + 2 * DAY])
    return Histories.from_lists(items, n_items=N_ITEMS, kinds=kinds, times=times)


@pytest.fixture(scope="module")
def learnt() -> Relations:
    return Relations.fit(shop(), features())


def best(table: object, item: int, count: int) -> list[int]:
    row: FloatArray = table[item].toarray().ravel()  # type: ignore[index]
    return [int(one) for one in np.argsort(-row, kind="stable")[:count] if row[one] > 0]


def test_complements_stand_across_categories_and_substitutes_within(learnt: Relations) -> None:
    for k in range(6):
        assert best(learnt.complements, MAKERS[k], 1) == [COFFEES[k]] and best(learnt.complements, TENTS[k], 1) == [
            PEGS[k]
        ]
        assert set(best(learnt.complements, MAKERS[k], 4)) <= set(COFFEES)
        assert set(best(learnt.substitutes, TENTS[k], 4)) <= set(TENTS)


def test_no_item_is_its_own_relation_and_rows_end_at_one(learnt: Relations) -> None:
    for table in (learnt.complements, learnt.substitutes):
        assert (table.diagonal() == 0).all() and table.data.max() == pytest.approx(1.0) and (table.data >= 0).all()


def test_pairs_that_never_met_are_found() -> None:
    # A and B were each bought with X, A with Y as well: B's complements hold Y, though nobody bought both.
    rows = [[0, 1], [2, 1], [0, 3], [4, 5]] * 3
    relations = Relations.fit(Histories.from_lists(rows, n_items=6), features(np.full(6, -1, dtype=np.int32)))
    assert links_of(Histories.from_lists(rows, n_items=6), reach=5, days=90)[2, 3] == 0
    assert relations.complements[2, 3] > 0 and relations.complements[2, 5] == 0


def test_links_by_hand() -> None:
    histories = Histories.from_lists([[0, 1, 2]], n_items=3, kinds=[[VIEW, BUY, VIEW]], times=[[0, DAY, 10 * DAY]])
    links = links_of(histories, reach=1, days=9).toarray()
    size = 3**-0.5  # two events of a history of three
    assert links[0, 1] == links[1, 0] == pytest.approx(size * 1 * 5 / (1 + 1 / 9))
    assert links[1, 2] == pytest.approx(size * 5 * 1 / 2) and links[0, 2] == 0
    after = links_of(histories, reach=2, days=9, purchased_first=True)
    assert after[0, 1] == 0 and after[1, 2] > 0 and links_of(histories, reach=2, days=9, within_ms=2 * DAY)[1, 2] == 0


def test_an_item_without_events_leans_on_its_category() -> None:
    histories = shop()
    silent = histories.keep(histories.items != MAKERS[5])
    relations = Relations.fit(silent, features())
    assert set(best(relations.complements, MAKERS[5], 3)) <= set(COFFEES)


def test_looked_at_together_beats_bought_together_for_substitutes() -> None:
    # Item 1 is looked at with 0 and never bought with it; item 2 is bought with 0 in one order.
    categories = np.zeros(6, dtype=np.int32)
    rows = [([0, 1], [VIEW, VIEW], [0, 60_000]), ([0, 2], [BUY, BUY], [0, 60_000]), ([3, 4], [VIEW, BUY], [0, 9 * DAY])]
    items, kinds, times = zip(*(rows * 20), strict=True)
    histories = Histories.from_lists(items, n_items=6, kinds=kinds, times=times)
    plain = walks_of(histories, features(categories))[1].rows(np.array([0])).toarray()[0]
    kept = Relations.fit(histories, features(categories)).substitutes[0].toarray()[0]
    assert kept[1] / kept[2] > 1.5 * plain[1] / plain[2]


def test_gains_fade_and_name_the_purchase(learnt: Relations) -> None:
    history = Histories.from_lists(
        [[MAKERS[2], TENTS[1], COFFEES[0]]], n_items=N_ITEMS, kinds=[[BUY, VIEW, BUY]], times=[[0, DAY, 2 * DAY]]
    )
    now, later = learnt.gains(history, 3 * DAY), learnt.gains(history, 17 * DAY)
    assert now[1][COFFEES[2]] == 0 and now[0][COFFEES[2]] > 0.5
    assert later[0][COFFEES[2]] == pytest.approx(now[0][COFFEES[2]] / 2, rel=1e-3)
    assert now[0][PEGS[1]] == 0, "a view asks for nothing"
    assert now[0][COFFEES[0]] == 0 and now[1][COFFEES[0]] == -1, "what was bought does not gain"
    assert (learnt.gains(history, -1)[0] == 0).all()


def test_nothing_learnt_from_nothing() -> None:
    for size in (0, 3):
        histories = Histories.from_lists([[]], n_items=size)
        relations = Relations.fit(histories, features(np.full(size, -1, dtype=np.int32)))
        assert relations.complements.shape == (size, size) and relations.substitutes.nnz == 0

    nothing, history = Relations.none(3), Histories.from_lists([[1, 2]], n_items=3)
    assert (nothing.gains(history, DAY)[0] == 0).all()


def test_strongest_of_each_row(learnt: Relations) -> None:
    table = learnt.complements
    kept = strongest(table, 3)
    for item in range(N_ITEMS):
        row, short = table[item].toarray().ravel(), kept[item].toarray().ravel()
        np.testing.assert_allclose(np.sort(short)[::-1][:3], np.sort(row)[::-1][:3])
        assert (short > 0).sum() <= 3


def test_saved_and_loaded(learnt: Relations, tmp_path: Path) -> None:
    learnt.save(tmp_path)
    back = Relations.load(tmp_path)
    for one, other in ((back.complements, learnt.complements), (back.substitutes, learnt.substitutes)):
        np.testing.assert_array_equal(one.toarray(), other.toarray())
    (tmp_path / "model.json").unlink()
    with pytest.raises(ModelFileBroken):
        Relations.load(tmp_path)


def test_beside_a_cart_stands_what_goes_with_any_of_it(learnt: Relations) -> None:
    gains = learnt.beside([MAKERS[2], TENTS[4]], N_ITEMS + 1)
    assert gains.shape == (N_ITEMS + 1,) and gains.max() <= 1.0
    assert set(np.argsort(-gains)[:2].tolist()) == {COFFEES[2], PEGS[4]}
    assert gains[MAKERS[2]] == gains[TENTS[4]] == gains[N_ITEMS] == 0.0
    assert not learnt.beside([N_ITEMS], N_ITEMS + 1).any(), "nothing is known of a product newer than the training"
