"""Two weeks beside one another: who finds a difference where there is none, and who finds one that is there."""

from __future__ import annotations

import numpy as np

from bottega.experiments.weeks import Apart, apart


def week(rng: np.random.Generator, shoppers: float, name: str) -> dict[str, float]:
    """As many as come by chance, who spend heavy-tailed sums; half are people who come every week."""
    came = rng.poisson(shoppers)
    regulars = {f"regular-{n}": rng.lognormal(3, 1.2) for n in range(100) if rng.random() < 0.5}
    return regulars | {f"{name}-{n}": rng.lognormal(3, 1.2) for n in range(came)}


def test_chance_is_called_more_than_chance_in_one_week_of_twenty() -> None:
    rng = np.random.default_rng(7)
    same = [apart(week(rng, 150, "a"), week(rng, 150, "b")).sure for _ in range(300)]
    assert 0.02 < sum(map(bool, same)) / len(same) < 0.08
    twice = [apart(week(rng, 400, "a"), week(rng, 150, "b")).sure for _ in range(30)]
    assert sum(map(bool, twice)) > 22


def test_one_who_buys_for_half_the_shop_is_no_news() -> None:
    many = {f"s-{n}": 1.0 for n in range(30)}
    assert apart(many | {"giant": 1000.0}, {f"t-{n}": 1.0 for n in range(30)}).sure is False
    assert Apart(3, 0, 1, 5).sure is None and Apart(3, 0, 1, 50).change is None
