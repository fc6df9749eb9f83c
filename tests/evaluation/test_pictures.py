"""Distances between sets of pictures: worked examples, a slow double loop, and a judge taught on drawn things."""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bottega.datasets.photos.small_photos import SmallPhotos
from bottega.evaluation import pictures
from bottega.evaluation.hand_features import hand_features
from bottega.evaluation.pictures import coverage, kid, kid_of_photos, nearer_than_real, precision_recall, windows
from bottega.evaluation.studio_figures import FENCES, KEYS, Bench, blurred, sheet
from bottega.models.judge.judge import Judge
from bottega.models.judge.network import JudgeShape
from bottega.models.judge.training import JudgeLessons, JudgeTraining, fit_judge
from bottega.names import FloatArray, LongArray

SHAPES = ("Balls", "Boxes", "Stripes")
COLOURS = {"Red": (200, 40, 40), "Green": (40, 160, 60), "Blue": (50, 60, 190)}


def drawn(count: int, *, seed: int) -> SmallPhotos:
    """Balls, boxes and striped things of three colours on white, each with a thin mark on it."""
    rng = np.random.default_rng(seed)
    photos = np.full((count, 64, 64, 3), 250, np.uint8)
    down, across = np.mgrid[:64, :64]
    kinds, colours = rng.integers(0, 3, count), rng.integers(0, 3, count)
    for row in range(count):
        y, x = rng.integers(26, 38, 2)
        size = rng.integers(12, 20)
        inside = {
            0: (down - y) ** 2 + (across - x) ** 2 < size**2,
            1: (abs(down - y) < size) & (abs(across - x) < size * 0.8),
            2: (abs(down - y) < size) & (abs(across - x) < size) & (down % 6 < 3),
        }[int(kinds[row])]
        colour = np.array(list(COLOURS.values())[colours[row]]) + rng.integers(-15, 15, 3)
        photos[row][inside] = colour
        photos[row][inside & ((down + across) % 9 == 0)] = colour // 2
    labels = {
        "type": tuple(SHAPES[kind] for kind in kinds),
        "color": tuple(list(COLOURS)[colour] for colour in colours),
        "gender": tuple("Men" for _ in range(count)),
    }
    held = np.arange(count) % 2 == 0
    return SmallPhotos(
        tuple(map(str, range(count))), photos, labels, np.arange(count, dtype=np.int32), held, np.zeros(count, np.int32)
    )


@pytest.fixture(scope="module")
def judge() -> Judge:
    """A small judge that was taught on drawn things other than those judged."""
    photos = drawn(384, seed=1)
    classes = {"type": SHAPES, "color": tuple(COLOURS), "gender": ("Men", "Women")}
    codes = {
        head: np.array([names.index(label) for label in photos.labels[head]], dtype=np.int32)
        for head, names in classes.items()
    }
    nothing = {head: np.zeros(0, np.int32) for head in classes}
    lessons = JudgeLessons(photos.photos, codes, np.zeros((0, 96, 96, 3), np.uint8), nothing)
    config = JudgeTraining(epochs=8, batch_size=32, average=0.9, shape=JudgeShape((8, 16, 16, 32), 32))
    return fit_judge(lessons, classes, rng=np.random.default_rng(0), version="drawn", config=config, device="cpu")


@pytest.fixture(scope="module")
def bench(judge: Judge) -> Bench:
    return Bench(drawn(600, seed=2), judge, sample=140)


def test_examples_run() -> None:
    outcome = doctest.testmod(pictures)
    assert outcome.failed == 0 and outcome.attempted >= 8


def slow_kid(one: FloatArray, other: FloatArray, groups: tuple[LongArray, LongArray]) -> float:
    def mean(a: FloatArray, b: FloatArray, of_a: LongArray, of_b: LongArray) -> float:
        found = [
            (float(x.astype(np.float64) @ y.astype(np.float64)) / one.shape[1] + 1) ** 3
            for x, group in zip(a, of_a, strict=True)
            for y, other_group in zip(b, of_b, strict=True)
            if group != other_group
        ]
        return float(np.mean(found))

    ours, theirs = groups
    return mean(one, one, ours, ours) + mean(other, other, theirs, theirs) - 2 * mean(one, other, ours, theirs)


def test_the_kernel_distance_is_that_of_a_double_loop() -> None:
    rng = np.random.default_rng(3)
    one, other = rng.normal(0, 1, (9, 5)).astype(np.float32), rng.normal(0.5, 1, (12, 5)).astype(np.float32)
    apart = np.arange(9), 9 + np.arange(12)
    assert kid(one, other, rng=rng).mean == pytest.approx(slow_kid(one, other, apart), rel=1e-4)
    shared = np.arange(9) // 2, np.arange(12) // 2
    assert kid(one, other, rng=rng, groups=shared).mean == pytest.approx(slow_kid(one, other, shared), rel=1e-4)


def test_the_interval_of_a_distance_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(4)
    held = 0
    for _ in range(60):
        one, other = rng.normal(0, 1, (2, 80, 6)).astype(np.float32)
        found = kid(one, other, rng=rng, halves=100)
        held += found.low <= 0 <= found.high
    assert held >= 50, "about 57 of 60"


def test_few_pictures_have_a_distance_and_no_interval() -> None:
    rng = np.random.default_rng(0)
    found = kid(*rng.normal(0, 1, (2, 3, 4)).astype(np.float32), rng=rng)
    assert np.isfinite(found.mean) and np.isnan(found.low) and np.isnan(found.high)


def test_photos_are_far_from_nothing_but_what_was_done_to_them(judge: Judge) -> None:
    photos = list(drawn(80, seed=5).photos)
    same = kid_of_photos(photos, photos, judge, rng=np.random.default_rng(0), paired=True)
    assert same.mean == pytest.approx(0, abs=1e-4)
    soft = [blurred(photo[None], 2.0)[0] for photo in photos]
    far = kid_of_photos(soft, photos, judge, rng=np.random.default_rng(0), paired=True)
    assert far.low > same.high


def test_large_photos_are_seen_in_windows_where_something_is_seen(judge: Judge) -> None:
    photo = np.full((300, 200, 3), 255, np.uint8)
    photo[100:220, 40:160] = np.random.default_rng(0).integers(0, 255, (120, 120, 3))
    found, owners, places = windows([photo, photo[:64, :64]], 3, rng=np.random.default_rng(1))
    assert owners.tolist() == [0, 0, 0, 1] and places[-1] == (0, 0)
    assert all((found[k] == photo[t : t + 64, left : left + 64]).all() for k, (t, left) in enumerate(places[:3]))
    assert all(window.std() > 10 for window in found[:3])
    softer = blurred(photo[None], 1.0)[0]
    photos, soft = [photo] * 12, [softer] * 12
    found_kid = kid_of_photos(soft, photos, judge, rng=np.random.default_rng(0), paired=True)
    assert found_kid.low > 0


def test_who_learns_by_heart_is_caught_and_who_makes_one_thing_is_seen() -> None:
    rng = np.random.default_rng(6)
    learnt, real, made = rng.normal(0, 1, (3, 400, 4)).astype(np.float32)
    assert nearer_than_real(made, real, learnt)[0] < 0.04
    share, which = nearer_than_real(np.concatenate([learnt[:100], made[:100]]), real, learnt)
    assert share >= 0.5 and which[:100].all()
    one_thing = np.repeat(made[:1], 400, 0) + rng.normal(0, 0.01, (400, 4)).astype(np.float32)
    assert precision_recall(one_thing, real)[1] < 0.05 < precision_recall(made, real)[1]
    assert coverage(one_thing, real) < 0.1 < coverage(made, real)


def test_the_fences_stand_in_order(bench: Bench) -> None:
    found = {name: bench.fence(name) for name in FENCES}
    kids = {name: one.values["kid"] for name, one in found.items()}
    assert abs(kids["other photos"]) < kids["blurred by 1 px"] < kids["blurred by 2 px"] < kids["mean of the type"]
    assert found["other photos"].around["kid"].low < 0.01
    assert found["nearest photo learnt from"].values["memorised"] == 1.0
    assert found["other photos"].values["memorised"] < 0.1
    by_hand = {name: one.values["kid_by_hand"] for name, one in found.items()}
    assert abs(by_hand["other photos"]) < by_hand["blurred by 2 px"] < by_hand["mean of the type"]
    assert all(tuple(one.values) == KEYS for one in found.values())


def test_other_colours_are_seen_by_names_and_strange_ones_by_distance(bench: Bench) -> None:
    found = bench.fence("other colours")
    assert bench.on_real["type"] > 0.7 and bench.on_real["color"] > 0.9
    assert found.values["color"] < 0.1 and bench.relative(found)["type"] > 0.8
    yellowed = bench.asked.photos.copy()
    yellowed[..., 2] //= 3
    shifted = bench.judge_pictures(yellowed, paired=True)
    assert shifted.around["kid"].low > 0 and shifted.around["kid_by_hand"].low > 0, "colours that no photo has"


def test_a_picture_has_the_same_features_alone_and_among_others(judge: Judge) -> None:
    photos = drawn(5, seed=7).photos
    together, alone = judge.look(photos), judge.look(photos[2:3])
    np.testing.assert_allclose(together.features[2], alone.features[0], atol=1e-4)
    assert judge.look(photos[:0]).features.shape == (0, 32)


def test_features_by_hand_are_edges_and_colours() -> None:
    photos = drawn(3, seed=8).photos
    found = hand_features(photos)
    assert found.shape == (3, 560) and np.isfinite(found).all()
    lighter = np.clip(photos.astype(int) + 4, 0, 255).astype(np.uint8)
    moved = np.abs(hand_features(lighter) - found)
    assert moved[:, 512:].mean() > moved[:, :512].mean()


def test_a_sheet_shows_pictures_as_they_come() -> None:
    photos: NDArray[np.uint8] = drawn(5, seed=9).photos
    found = sheet(photos, 3)
    assert found.shape == (2 * 68 - 4, 3 * 68 - 4, 3)
    assert (found[:64, 68 : 68 + 64] == photos[1]).all() and (found[68:, 136:] == 255).all()


def test_a_judge_is_saved_whole(judge: Judge, tmp_path: Path) -> None:
    judge.save(tmp_path)
    again = Judge.load(tmp_path)
    photos = drawn(6, seed=10).photos
    np.testing.assert_allclose(again.look(photos).features, judge.look(photos).features, atol=0.02)
    assert again.config.classes == judge.config.classes and again.version == "drawn"
