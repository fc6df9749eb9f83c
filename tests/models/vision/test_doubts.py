"""Label doubts: a joint worked by hand, flips found among clusters, and lines that cannot vouch for themselves."""

from __future__ import annotations

import numpy as np

from bottega.models.vision.doubts import confident_joint, features_of, find_doubts, out_of_fold
from bottega.names import FloatArray, IntArray

CLASSES, EACH = 6, 40


def clusters(rng: np.random.Generator, spread: float = 0.5) -> tuple[FloatArray, IntArray, IntArray]:
    """Products around one direction a class: features [N, 16], labels [N], and lines of two products each [N]."""
    labels = np.repeat(np.arange(CLASSES, dtype=np.int32), EACH)
    features = np.eye(CLASSES, 16)[labels] + spread * rng.standard_normal((len(labels), 16)) / 4
    return features.astype(np.float32), labels, (np.arange(len(labels)) // 2).astype(np.int32)


def test_the_confident_joint_by_hand() -> None:
    labels = np.array([0, 0, 0, 1, 1], dtype=np.int32)
    first = np.array([0.9, 0.6, 0.1, 0.2, 0.55], dtype=np.float32)
    probabilities = np.stack([first, 1 - first], axis=1)
    joint, guess = confident_joint(probabilities, labels)
    # Means of the own probability: class 0 (0.9 + 0.6 + 0.1) / 3 = 0.533, class 1 (0.8 + 0.45) / 2 = 0.625.
    assert guess.tolist() == [0, 0, 1, 1, 0]
    assert joint.tolist() == [[2, 1], [1, 1]]
    unsure = np.array([[0.9, 0.1], [0.5, 0.5], [0.0, 1.0]], dtype=np.float32)
    _, guess = confident_joint(unsure, np.array([0, 0, 1], dtype=np.int32))
    assert guess.tolist() == [0, -1, 1], "0.5 reaches neither 0.7 nor 1.0"


def test_flipped_labels_come_first_with_the_right_class_proposed() -> None:
    rng = np.random.default_rng(0)
    features, truth, lines = clusters(rng)
    flipped = rng.permutation(len(truth))[:12]
    labels = truth.copy()
    labels[flipped] = (labels[flipped] + rng.integers(1, CLASSES, len(flipped))) % CLASSES
    found = find_doubts(features, labels, lines, rng=np.random.default_rng(1))
    assert set(found.order[:12].tolist()) == set(flipped.tolist())
    assert (found.proposed[flipped] == truth[flipped]).all()
    doubted = set(np.flatnonzero(found.doubted).tolist())
    assert doubted <= set(flipped.tolist()) and len(doubted) >= 10
    assert found.joint.shape == (CLASSES, CLASSES)
    assert found.joint.sum() - np.trace(found.joint) <= len(doubted)
    assert (np.diff(found.log_odds[found.order]) >= 0).all()
    again = find_doubts(features, labels, lines, rng=np.random.default_rng(1))
    assert np.array_equal(again.order, found.order) and np.array_equal(again.log_odds, found.log_odds)


def test_variants_that_share_a_mistake_do_not_vouch_for_each_other() -> None:
    features, labels, lines = clusters(np.random.default_rng(2))
    line = np.arange(10)
    labels[line], lines[line] = 3, 0
    features[line] = features[0], *(features[0] + 0.01 * i for i in range(1, 10))
    judged = find_doubts(features, labels, lines, rng=np.random.default_rng(0))
    assert set(judged.order[:10].tolist()) == set(line.tolist()) and judged.doubted[line].all()
    alone = np.arange(len(labels), dtype=np.int32)
    assert not find_doubts(features, labels, alone, rng=np.random.default_rng(0)).doubted[line].all()


def test_a_class_of_one_line_is_not_judged() -> None:
    features, labels, lines = clusters(np.random.default_rng(3))
    labels[:2] = CLASSES
    found = find_doubts(features, labels, lines, rng=np.random.default_rng(0))
    assert np.isinf(found.log_odds[:2]).all() and not found.doubted[:2].any()
    assert set(found.order[-2:].tolist()) == {0, 1}
    same = np.zeros(len(labels), dtype=np.int32)
    assert not find_doubts(features, labels, same, rng=np.random.default_rng(0)).doubted.any(), "one line in all"


def test_probabilities_come_from_products_of_other_lines() -> None:
    """The only product of a class is judged by those who never heard of it."""
    features, labels, lines = clusters(np.random.default_rng(4))
    labels[0] = CLASSES
    labels[1] = 0
    lines[0], lines[1] = 900, 901
    probabilities = out_of_fold(features, labels, lines, rng=np.random.default_rng(0))
    assert probabilities.shape == (len(labels), CLASSES + 1)
    np.testing.assert_allclose(probabilities.sum(1), 1, atol=1e-5)
    assert probabilities[0, CLASSES] < 0.02, "what it is labelled was in no other fold"
    accuracy = (probabilities.argmax(1) == labels)[1:].mean()
    assert accuracy > 0.95


def test_features_are_vectors_and_roots_of_what_heads_believe() -> None:
    vectors = np.array([[0.6, 0.8]], dtype=np.float32)
    features = features_of(vectors, {"type": np.array([[0.25, 0.75]], dtype=np.float32)})
    np.testing.assert_allclose(features, [[0.6, 0.8, 0.5, 0.75**0.5]], rtol=1e-6)
