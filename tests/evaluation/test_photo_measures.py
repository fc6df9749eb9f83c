"""The measures of pictures against hand-worked examples and against slow, plain definitions."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import (  # type: ignore[import-untyped]
    average_precision_score,
    f1_score,
    top_k_accuracy_score,
)

from bottega.evaluation import photo_measures
from bottega.evaluation.photo_measures import (
    average_precision,
    calibration_error,
    confusion,
    frequent_classes,
    hits,
    intersection_over_union,
    macro_f1,
    pixel_accuracy,
    retrieval,
)


def test_every_measure_has_an_example_and_the_examples_run() -> None:
    found = doctest.DocTestFinder().find(photo_measures)
    with_example = {test.name.split(".")[-1] for test in found if test.examples}
    assert set(photo_measures.__all__) <= with_example
    outcome = doctest.testmod(photo_measures)
    assert outcome.failed == 0 and outcome.attempted >= 9


def test_accuracy_and_f1_agree_with_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.ones(6), size=400).astype(np.float32)
    labels = rng.integers(6, size=400).astype(np.int32)
    predicted = probabilities.argmax(axis=1).astype(np.int32)
    for k in (1, 2, 5):
        assert hits(probabilities, labels, k).mean() == pytest.approx(top_k_accuracy_score(labels, probabilities, k=k))
    assert macro_f1(predicted, labels, np.arange(6, dtype=np.int32)) == pytest.approx(
        f1_score(labels, predicted, average="macro")
    )


def test_a_class_never_heard_of_is_wrong_and_an_unknown_label_is_left_out() -> None:
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], dtype=np.float32)
    labels = np.array([0, 2, -1], dtype=np.int32)
    assert np.nanmean(hits(probabilities, labels)) == 0.5
    assert np.nanmean(hits(probabilities, labels, 2)) == 0.5
    # |1 - 0.9| / 2 + |0 - 0.8| / 2
    assert calibration_error(probabilities, labels) == pytest.approx(0.45)
    assert np.isnan(calibration_error(probabilities[2:], labels[2:]))


def test_equal_probabilities_are_taken_in_order() -> None:
    flat = np.full((3, 3), 1 / 3, dtype=np.float32)
    assert hits(flat, np.array([0, 1, 2], dtype=np.int32)).tolist() == [1, 0, 0]
    assert hits(flat, np.array([0, 1, 2], dtype=np.int32), 2).tolist() == [1, 1, 0]


def test_macro_f1_by_hand() -> None:
    labels = np.array([0, 0, 0, 1, 1, 2, -1], dtype=np.int32)
    predicted = np.array([0, 0, 1, 1, 0, 0, 1], dtype=np.int32)
    # class 0: 2*2/(4+3); class 1: 2*1/(2+2); the photo of class 2 is a false positive of class 0.
    frequent = frequent_classes(labels, 2)
    assert frequent.tolist() == [0, 1]
    assert macro_f1(predicted, labels, frequent) == pytest.approx((4 / 7 + 1 / 2) / 2)
    assert macro_f1(predicted, labels, np.array([2], dtype=np.int32)) == 0
    assert np.isnan(macro_f1(predicted, labels, frequent_classes(labels, 9)))


def test_calibration_error_by_its_definition() -> None:
    rng = np.random.default_rng(1)
    probabilities = rng.dirichlet(np.full(4, 0.4), size=300).astype(np.float32)
    labels = rng.integers(4, size=300).astype(np.int32)
    confidence, right = probabilities.max(axis=1).astype(np.float64), probabilities.argmax(axis=1) == labels
    expected = 0.0
    for k in range(15):
        inside = (confidence > k / 15) & (confidence <= (k + 1) / 15)
        if inside.any():
            expected += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    assert calibration_error(probabilities, labels) == pytest.approx(expected)


def test_a_model_as_right_as_it_is_sure_has_hardly_any_calibration_error() -> None:
    rng = np.random.default_rng(2)
    probabilities = rng.dirichlet(np.full(3, 0.5), size=20_000).astype(np.float32)
    labels = (rng.random((20_000, 1)) > probabilities.cumsum(axis=1)).sum(axis=1).clip(0, 2).astype(np.int32)
    assert calibration_error(probabilities, labels) < 0.015
    assert calibration_error(np.eye(3, dtype=np.float32)[probabilities.argmax(axis=1)], labels) > 0.1


def test_retrieval_by_hand() -> None:
    # On a line: the inner product with the query at 0 degrees falls with the angle.
    angles = np.deg2rad([0, 10, 20, 30, 40, 50])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    groups = np.array([1, 2, 1, 3, 1, -1], dtype=np.int32)
    found = retrieval(lambda rows: vectors[rows] @ vectors.T, groups, ks=(1, 2, 3))
    # The first asks 10 20 30 40 50 degrees: its others stand second and fourth.
    assert found["map"][0] == pytest.approx((1 / 2 + 2 / 4) / 2)
    assert [found[f"recall@{k}"][0] for k in (1, 2, 3)] == [0, 1, 1]
    assert np.isnan(found["map"]).tolist() == [False, True, False, True, False, True]


def test_a_gallery_of_others_has_no_self_to_leave_out() -> None:
    queries = np.array([[1, 0], [0, 1]], dtype=np.float32)
    others = np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32)
    gallery = np.array([5, 9, 9], dtype=np.int32)
    found = retrieval(lambda rows: queries[rows] @ others.T, np.array([5, 6], np.int32), ks=(1,), gallery=gallery)
    assert found["recall@1"][0] == 1 and found["map"][0] == 1 and np.isnan(found["map"][1])


def test_a_model_that_finds_everything_alike_gains_nothing() -> None:
    groups = np.repeat(np.arange(50), 2).astype(np.int32)
    found = retrieval(lambda rows: np.ones((len(rows), 100), dtype=np.float32), groups)
    assert found["recall@1"].mean() <= 0.02


@given(
    arrays(np.float32, 12, elements=st.sampled_from([0.0, 0.25, 0.5, 1.0])),
    arrays(np.bool_, 12, elements=st.booleans()),
)
def test_average_precision_agrees_with_scikit_learn(scores: np.ndarray, wanted: np.ndarray) -> None:
    if wanted.any():
        assert average_precision(scores, wanted) == pytest.approx(average_precision_score(wanted, scores))
    else:
        assert np.isnan(average_precision(scores, wanted))


def test_pixels_by_hand() -> None:
    truth = np.array([[0, 0, 0, 1], [0, 0, 1, 1]])
    answer = np.array([[0, 0, 1, 1], [0, 0, 1, 0]])
    table = confusion(answer, truth, 3)
    assert table.tolist() == [[4, 1, 0], [1, 2, 0], [0, 0, 0]]
    shares = intersection_over_union(table)
    assert shares[:2] == pytest.approx([4 / 6, 2 / 4]) and np.isnan(shares[2])
    assert np.nanmean(shares) == pytest.approx(7 / 12)
    assert pixel_accuracy(table) == 6 / 8 and np.isnan(pixel_accuracy(table[2:, 2:]))
    assert (confusion(answer, truth, 3) + confusion(answer, np.full_like(truth, 255), 3)).tolist() == table.tolist()
