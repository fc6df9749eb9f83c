"""What may be said of two products: counts that chance would hardly give, across kinds and within."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.last_mile.together import Together
from bottega.names import IntArray, KindCode

LAMP, PLANT, BOOK = 0, 1, 2
NAMES = ("Home > Lamps", "Home > Plants", "Books", "Pens", "Inks", "Soaps")
CATEGORIES = np.repeat(np.arange(6), 10).astype(np.int32)
"""Items 0 to 9 are lamps, 10 to 19 plants, 20 to 29 books, and so on."""


def features(categories: IntArray = CATEGORIES, names: tuple[str, ...] = NAMES) -> Features:
    n_items = len(categories)
    none = sparse.csr_matrix(np.zeros((n_items, 0), dtype=np.float32))
    return Features(none, (), none, (), np.full(n_items, np.nan, dtype=np.float32), categories, names)


def shop(*, kind: KindCode = KindCode.PURCHASE, noise: int = 600) -> Histories:
    """A lamp goes with its plant (i with i + 10), for 12 shoppers each; everybody else takes three things at random."""
    rng = np.random.default_rng(0)
    rows = [[i, i + 10] for i in range(10) for _ in range(12)]
    rows += [rng.choice(60, 3, replace=False).tolist() for _ in range(noise)]
    return Histories.from_lists(rows, n_items=60, kinds=[[int(kind)] * len(row) for row in rows])


def test_counts_are_those_of_the_shoppers_who_did_both() -> None:
    histories = shop()
    together = Together.fit(histories, features())
    chosen = histories.matrix().toarray() > 0
    for item in range(10):
        count = together.goes_with(item, item + 10, (LAMP, PLANT))
        assert count is not None and not count.of_kinds and count.deed == "bought"
        assert count.shoppers == int((chosen[:, item] & chosen[:, item + 10]).sum()) and count.times > 2
        assert together.goes_with(item + 10, item, (PLANT, LAMP)) == count, "the same from both sides"


def test_kinds_speak_where_products_met_too_seldom() -> None:
    together = Together.fit(shop(), features())
    found = together.goes_with(0, 15, (LAMP, PLANT))
    assert found is not None and found.of_kinds and found.shoppers >= 120
    newer = together.goes_with(99, 15, (LAMP, PLANT))
    assert newer == found, "a product that came since"
    assert together.goes_with(0, 25, (LAMP, BOOK)) is None, "no more often than by chance"


def test_nothing_goes_with_its_own_kind() -> None:
    rows = [[0, 1] for _ in range(30)] + [[10 + i % 10, 20 + i % 40] for i in range(300)]
    together = Together.fit(Histories.from_lists(rows, n_items=60, kinds=[[6, 6]] * len(rows)), features())
    assert together.goes_with(0, 1, (LAMP, LAMP)) is None
    instead = together.instead_of(0, 1)
    assert instead is None, "of two lamps that alone were looked at, chance gives as many"


def test_instead_of_is_counted_of_looks_within_a_kind() -> None:
    rng = np.random.default_rng(1)
    rows = [[0, 1] for _ in range(20)] + [rng.choice(10, 2, replace=False).tolist() for _ in range(200)]
    histories = Histories.from_lists(rows, n_items=60, kinds=[[int(KindCode.VIEW)] * 2 for _ in rows])
    together = Together.fit(histories, features())
    found = together.instead_of(0, 1)
    assert found is not None and found.deed == "looked" and found.shoppers >= 20 and found.times > 1.5
    assert together.instead_of(2, 3) is None and together.instead_of(0, 12) is None


def test_busy_shoppers_make_nothing_go_together() -> None:
    """Who takes twenty things takes any two of them together; that is no reason."""
    rng = np.random.default_rng(2)
    rows = [rng.choice(60, 20, replace=False).tolist() for _ in range(60)]
    rows += [rng.choice(60, 1).tolist() for _ in range(600)]
    histories = Histories.from_lists(rows, n_items=60, kinds=[[int(KindCode.PURCHASE)] * len(row) for row in rows])
    together = Together.fit(histories, features())
    assert not together.across.shoppers.nnz and not together.kinds.shoppers.nnz


@pytest.mark.parametrize(
    ("kinds", "deed"),
    [((KindCode.VIEW,), "looked"), ((KindCode.PURCHASE,), "bought"), ((KindCode.ADD_TO_CART,), "cart")],
)
def test_what_was_counted_is_said(kinds: tuple[KindCode, ...], deed: str) -> None:
    found = Together.fit(shop(kind=kinds[0]), features()).goes_with(0, 10, (LAMP, PLANT))
    assert found is not None and found.deed == deed


def test_a_category_within_the_other_may_be_the_same_kind() -> None:
    nested = ("Home", *NAMES[1:])
    assert Together.fit(shop(), features(names=nested)).goes_with(0, 10, (LAMP, PLANT)) is None


def test_it_is_read_as_it_was_written_and_older_trainings_have_none(tmp_path: Path) -> None:
    together = Together.fit(shop(), features())
    (tmp_path / "one").mkdir()
    together.save(tmp_path / "one")
    read = Together.load(tmp_path / "one", 60)
    for pair in ((0, 10), (3, 13), (0, 15)):
        assert read.goes_with(*pair, (LAMP, PLANT)) == together.goes_with(*pair, (LAMP, PLANT))
    assert Together.load(tmp_path / "none", 60).goes_with(0, 10, (LAMP, PLANT)) is None


def test_empty_shops_have_no_counts() -> None:
    nothing = Features.empty(3)
    for rows in ([], [[0, 1, 2]]):
        together = Together.fit(Histories.from_lists(rows, n_items=3), nothing)
        assert together.goes_with(0, 1, (-1, -1)) is None and together.instead_of(0, 1) is None
