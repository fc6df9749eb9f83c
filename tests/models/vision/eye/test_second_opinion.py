"""The second opinion: what it learns, where it is silent, and what it may not do."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bottega.models.vision.eye.calibration import fit_temperature
from bottega.models.vision.eye.second_opinion import DOUBT, PX, SecondOpinion, colour_histogram

COLOURS = np.array([(190, 40, 40), (40, 60, 190)], dtype=np.uint8)
SIZES = {"shape": 3, "color": 2, "same": 2}
"""No photo shows the third shape, and all photos have one "same"."""


def drawn(count: int, seed: int) -> tuple[list[NDArray[np.uint8]], dict[str, NDArray[np.int32]]]:
    """Discs and bars of two colours on white, somewhere near the middle."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:PX, 0:PX]
    shapes, colours = rng.integers(0, 2, (2, count)).astype(np.int32)
    photos = []
    for shape, colour in zip(shapes, colours, strict=True):
        right, down, size = *rng.integers(45, 51, 2), rng.integers(15, 30)
        inside = np.hypot(x - right, y - down) < size if shape else (abs(x - right) < 6) & (abs(y - down) < size)
        photo = np.full((PX, PX, 3), 255, dtype=np.uint8)
        photo[inside] = COLOURS[colour]
        photos.append(photo)
    return photos, {"shape": shapes, "color": colours, "same": np.zeros(count, dtype=np.int32)}


@pytest.fixture(scope="module")
def opinion() -> SecondOpinion:
    photos, labels = drawn(300, 0)
    labels["shape"][:10] = -1
    found = SecondOpinion.fit(photos, labels, SIZES)
    assert found is not None
    return found


def test_it_knows_shapes_and_colours(opinion: SecondOpinion) -> None:
    assert set(opinion.heads) == {"shape", "color"}, "nothing can be learnt of a head with one class"
    photos, labels = drawn(60, 1)
    for head, found in opinion.log_chances(photos).items():
        assert found.shape == (60, SIZES[head])
        np.testing.assert_allclose(np.exp(found).sum(1), 1, atol=1e-5)
        assert (found.argmax(1) == labels[head]).mean() > 0.9, head


def test_the_mirror_image_is_the_same_to_it(opinion: SecondOpinion) -> None:
    photos, _ = drawn(8, 2)
    here, there = opinion.log_chances(photos), opinion.log_chances([photo[:, ::-1] for photo in photos])
    for head in here:
        np.testing.assert_allclose(here[head], there[head], atol=0.05)


def test_photos_of_another_size_are_measured_as_well(opinion: SecondOpinion) -> None:
    photos, labels = drawn(20, 3)
    larger = [np.repeat(np.repeat(photo, 2, axis=0), 2, axis=1) for photo in photos]
    assert (opinion.log_chances(larger)["color"].argmax(1) == labels["color"]).mean() > 0.9


def test_it_is_silent_where_the_background_is_not_plain(opinion: SecondOpinion) -> None:
    noise = np.random.default_rng(4).integers(0, 256, (PX, PX, 3), dtype=np.uint8)
    [shape] = opinion.log_chances([noise])["shape"]
    np.testing.assert_allclose(shape, np.log(1 / 3), atol=1e-6)
    assert opinion.log_chances([])["shape"].shape == (0, 3)


def test_it_vetoes_nothing(opinion: SecondOpinion) -> None:
    photos, _ = drawn(30, 5)
    assert opinion.log_chances(photos)["shape"].min() >= np.log(DOUBT / 3) - 1e-6


def test_without_plain_photos_there_is_none() -> None:
    photos, labels = drawn(50, 6)
    assert SecondOpinion.fit(photos[:30], {head: codes[:30] for head, codes in labels.items()}, SIZES) is None


def test_a_histogram_of_colours_counts_the_product_alone() -> None:
    photo = np.full((PX, PX, 3), 255, dtype=np.uint8)
    photo[20:40, 20:40] = COLOURS[0]
    product = (photo != 255).any(axis=2)
    assert sorted(colour_histogram(photo, product))[-2:] == [0, 1]
    both = colour_histogram(photo, np.ones_like(product))
    assert both.max() == pytest.approx(np.sqrt(1 - 400 / PX**2)) and np.square(both).sum() == pytest.approx(1)


def test_trust_is_learnt_from_what_it_adds() -> None:
    rng = np.random.default_rng(7)
    one, two = rng.standard_normal((2, 2000, 4)).astype(np.float32)
    chances = np.exp(2 * one + two) / np.exp(2 * one + two).sum(1, keepdims=True)
    codes = np.array([rng.choice(4, p=row / row.sum()) for row in chances.astype(np.float64)], dtype=np.int32)
    said = two - np.log(np.exp(two).sum(1, keepdims=True))
    both = fit_temperature(one, codes, 2 * said)
    assert both.temperature == pytest.approx(0.5, abs=0.05) and both.trust == pytest.approx(0.5, abs=0.05)
    useless = np.log(rng.dirichlet(np.ones(4), 2000)).astype(np.float32)
    alone = fit_temperature(one, codes)
    assert fit_temperature(one, codes, useless).trust < 0.05
    assert both.surprise < alone.surprise and alone.trust == 0
