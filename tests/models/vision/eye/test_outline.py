"""The outline's say in the vector: what it weighs, what stands in where there is none, and that it is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bottega.actions.search.refusing import seen_in
from bottega.models.vision.eye.config import EyeConfig, TrunkConfig
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.fitting import with_outline
from bottega.models.vision.eye.looks import Looks, without_outline
from bottega.models.vision.eye.network import EyeNetwork
from bottega.models.vision.eye.outline import LEAST, SHARE, Outline
from bottega.models.vision.eye.second_opinion import SecondOpinion

TRUNK = TrunkConfig(widths=(8, 8, 8, 8), blocks=(1, 1, 1, 1), colours=8, embedding_size=16)


def unit(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture
def seen() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Vectors of 12 numbers, edges that are something else, and features that tell the edges."""
    rng = np.random.default_rng(0)
    edges = rng.normal(size=(LEAST, 20)).astype(np.float32) * np.linspace(3, 1, 20, dtype=np.float32) + 5
    features = np.hstack([edges @ rng.normal(size=(20, 30)), rng.normal(size=(LEAST, 4))]).astype(np.float32)
    return unit(rng.normal(size=(LEAST, 12))), features, edges


def test_cosines_are_those_of_network_and_outline_by_their_shares(seen: tuple[np.ndarray, ...]) -> None:
    vectors, features, edges = seen
    vectors = unit(np.hstack([vectors[:, :6], np.zeros_like(vectors[:, 6:])]))  # as they are: half of them says nothing
    outline = Outline.fit(vectors, features, edges, np.ones(LEAST, dtype=np.bool_))
    assert outline is not None
    joined = outline.joined(vectors, features, edges, np.ones(LEAST, dtype=np.bool_))
    assert joined.shape == vectors.shape
    np.testing.assert_allclose(np.linalg.norm(joined, axis=1), 1, atol=1e-3)
    told = unit((edges - edges.mean(axis=0)) @ outline.edges[:-1])
    expected = (1 - SHARE) * vectors @ vectors.T + SHARE * told @ told.T
    np.testing.assert_allclose(joined @ joined.T, expected, atol=0.02)


def test_an_outline_that_cannot_be_measured_is_guessed_from_the_features(seen: tuple[np.ndarray, ...]) -> None:
    vectors, features, edges = seen
    outline = Outline.fit(vectors, features, edges, np.ones(LEAST, dtype=np.bool_))
    assert outline is not None
    measured = outline.joined(vectors, features, edges, np.ones(LEAST, dtype=np.bool_))
    plain = np.arange(LEAST) >= 10
    guessed = outline.joined(vectors, features, edges[10:], plain)
    assert (guessed[10:] == measured[10:]).all(), "of the others nothing changes"
    half = measured.shape[1] // 2
    alike = (unit(guessed[:10, half:]) * unit(measured[:10, half:])).sum(axis=1)
    assert alike.min() > 0.8 and (guessed[:10, :half] == measured[:10, :half]).all()


def test_too_few_photos_teach_no_outline(seen: tuple[np.ndarray, ...]) -> None:
    vectors, features, edges = seen
    assert Outline.fit(vectors[1:], features[1:], edges[1:], np.ones(LEAST - 1, dtype=np.bool_)) is None


def test_an_eye_keeps_its_outline_and_says_the_same_of_what_is_shown(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    photos = np.full((LEAST + 20, 32, 32, 3), 255, dtype=np.uint8)
    codes = rng.integers(0, 2, len(photos)).astype(np.int32)
    for photo, code in zip(photos, codes, strict=True):
        top, left = rng.integers(4, 10, 2)
        photo[top : top + (18 if code else 8), left : left + (8 if code else 18)] = rng.integers(0, 200, 3)
    second = SecondOpinion.fit(list(photos), {"type": codes}, {"type": 2})
    config = EyeConfig({"type": ("a", "b")}, image_px=32, trust={"type": 0.5}, trunk=TRUNK)
    before = Eye(config, EyeNetwork(TRUNK, {"type": 2}), second=second)
    after = with_outline(before, photos, rng=rng)
    assert after.outline is not None and with_outline(before, photos[:50], rng=rng) is before
    after.save(tmp_path)
    again = Eye.load(tmp_path)
    some = list(photos[:12])
    looks = after.look(some)
    np.testing.assert_allclose(again.look(some).vectors, looks.vectors, atol=2e-2)
    assert (looks.probabilities["type"] == before.look(some).probabilities["type"]).all()
    same = codes[:12, None] == codes[None, :12]
    np.fill_diagonal(same, False)
    for eye, least in ((after, 0.15),):
        alike = eye.look(some).vectors @ eye.look(some).vectors.T
        assert alike[same].mean() - alike[codes[:12, None] != codes[None, :12]].mean() > least, "shapes tell"


def test_who_asks_with_a_guess_asks_with_what_the_network_saw_alone(seen: tuple[np.ndarray, ...]) -> None:
    vectors, features, edges = seen
    outline = Outline.fit(vectors, features, edges, np.ones(LEAST, dtype=np.bool_))
    assert outline is not None
    joined = outline.joined(vectors, features, edges, np.ones(LEAST, dtype=np.bool_))
    asked = without_outline(joined[:3])
    np.testing.assert_allclose(np.linalg.norm(asked, axis=1), 1, atol=1e-5)
    half = unit(vectors @ outline.seen)
    np.testing.assert_allclose(asked @ joined.T, np.sqrt(1 - SHARE) * half[:3] @ half.T, atol=1e-3)
    assert (joined[:3, 6:] != 0).any(), "what is kept stays as it is"


def test_only_photos_before_other_backgrounds_ask_without_it() -> None:
    plain = np.full((64, 64, 3), 255, dtype=np.uint8)
    plain[20:40, 20:40] = 30
    busy = np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    vectors = unit(np.random.default_rng(1).normal(size=(2, 12)))
    looks = Looks(vectors, {}, np.zeros((2, 0), dtype=np.float32))
    eye = Eye.fresh({"type": ("a", "b")}, (), rng=np.random.default_rng(0))
    sights = seen_in(eye, [plain, busy], looks, outlined=True)
    assert (sights[0].vector == vectors[0]).all() and (sights[1].vector[6:] == 0).all()
    assert all((one.vector == row).all() for one, row in zip(seen_in(eye, [plain, busy], looks), vectors, strict=True))
