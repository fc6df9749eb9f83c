"""Harm does what it says: size, blur, noise and compression, and nothing where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.datasets.photos.degraded import Harm, degraded, drawn_harm, recompressed, shrunk
from bottega.datasets.photos.reading import Photo


@pytest.fixture
def photo() -> Photo:
    return np.random.default_rng(0).integers(0, 255, (8, 8, 3)).astype(np.uint8).repeat(12, 0).repeat(12, 1)


def test_no_harm_is_no_change(photo: Photo) -> None:
    np.testing.assert_array_equal(degraded(photo, 1, Harm(), np.random.default_rng(0)), photo)
    assert shrunk(photo, 4).shape == (24, 24, 3)


def test_each_kind_of_harm_is_seen(photo: Photo) -> None:
    rng = np.random.default_rng(0)
    plain = shrunk(photo, 2).astype(float)
    noisy = degraded(photo, 2, Harm(noise=10), rng) - plain
    assert 7 < noisy.std() < 11
    grey = degraded(photo, 2, Harm(noise=10, grey_noise=True), rng) - plain
    assert np.abs(grey - grey.mean(2, keepdims=True)).mean() < 0.3 * np.abs(grey).mean()
    blurred = degraded(photo, 2, Harm(blur_px=(3.0, 0.0)), rng).astype(float)
    assert np.abs(np.diff(blurred, axis=1)).max() < 0.6 * np.abs(np.diff(plain, axis=1)).max()
    assert np.abs(np.diff(blurred, axis=0)).max() > 0.8 * np.abs(np.diff(plain, axis=0)).max(), "across alone"
    worse, better = (np.abs(recompressed(photo, quality).astype(float) - photo).mean() for quality in (20, 90))
    assert worse > 2 * better > 0


def test_the_same_seed_harms_alike(photo: Photo) -> None:
    one, other = (
        degraded(photo, 4, drawn_harm(np.random.default_rng(3), 4), np.random.default_rng(5)) for _ in range(2)
    )
    np.testing.assert_array_equal(one, other)
    harms = [drawn_harm(np.random.default_rng(seed), 2) for seed in range(200)]
    assert any(harm.quality is None for harm in harms) and all(harm.noise <= 12 for harm in harms)
    assert any(max(harm.blur_px) == 0 for harm in harms) and max(max(harm.blur_px) for harm in harms) <= 1.5
