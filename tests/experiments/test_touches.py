"""The last touch before a purchase: by hand, and against a search through all of them."""

from __future__ import annotations

import numpy as np

from bottega.experiments.touches import last_touch


def test_the_last_touch_agrees_with_looking_at_every_one() -> None:
    rng = np.random.default_rng(0)
    touches = [rng.integers(0, most, 400) for most in (6, 5, 200)]
    goals = [rng.integers(0, most, 150) for most in (8, 7, 260)]
    window = 40
    found = last_touch(*touches, *goals, window_ms=window)
    for p, (buyer, product, when) in enumerate(zip(*goals, strict=True)):
        fits = [
            (at, t)
            for t, (toucher, touched, at) in enumerate(zip(*touches, strict=True))
            if toucher == buyer and touched == product and when - window <= at <= when
        ]
        assert found[p] == (max(fits)[1] if fits else -1)
    assert (found >= 0).any() and (found < 0).any()


def test_nothing_leads_to_nothing() -> None:
    none, one = np.empty(0, dtype=np.int64), np.zeros(1, dtype=np.int64)
    assert last_touch(none, none, none, one, one, one, window_ms=5).tolist() == [-1]
    assert last_touch(one, one, one, none, none, none, window_ms=5).tolist() == []
