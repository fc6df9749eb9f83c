"""Codes: what the bits mean, and that learning helps."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bottega.models.blocks.binary_codes import Codes, CodesConfig
from bottega.names import FloatArray


def drawn(count: int, seed: int) -> FloatArray:
    """Unit vectors off the centre, with directions that vary very unevenly."""
    rng = np.random.default_rng(seed)
    vectors = rng.standard_normal((count, 64)) * np.geomspace(1.0, 0.03, 64) + np.eye(64)[3] * 0.8
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def codes() -> Codes:
    return Codes(CodesConfig(rounds=5)).fit(drawn(1500, 0), rng=np.random.default_rng(0))


def off_by(code: NDArray[np.uint8], codes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """In how many bits one code differs from each of the others."""
    return np.asarray(np.unpackbits(codes ^ code, axis=1).sum(axis=1, dtype=np.int64))


def test_codes_are_bits_of_the_length_asked(codes: Codes) -> None:
    made = codes.encode(drawn(7, 1))
    assert made.shape == (7, 32) and made.dtype == np.uint8
    assert (
        Codes(CodesConfig(bits=64)).fit(drawn(200, 0), rng=np.random.default_rng(0)).encode(drawn(2, 1)).shape[1] == 8
    )


def test_bits_are_about_half_ones_and_near_vectors_share_them(codes: Codes) -> None:
    vectors = drawn(400, 2)
    bits = np.unpackbits(codes.encode(vectors), axis=1)
    assert 0.4 < bits.mean() < 0.6
    cosines = vectors @ vectors[0]
    off = off_by(codes.encode(vectors)[0], codes.encode(vectors))
    assert off[0] == 0 and np.corrcoef(cosines, off)[0, 1] < -0.7


def kept(codes: Codes, *, whole: bool) -> float:
    """Share of the true ten nearest among the ten nearest by codes."""
    vectors, queries = drawn(1000, 3), drawn(60, 4)
    true = np.argsort(-queries @ vectors.T, axis=1)[:, :10]
    held = codes.encode(vectors)
    scores = codes.scores(queries, held) if whole else -np.stack([off_by(one, held) for one in codes.encode(queries)])
    near = np.argsort(-scores, axis=1, kind="stable")[:, :10]
    return float(np.mean([len(set(a) & set(b)) / 10 for a, b in zip(true, near, strict=True)]))


def test_whole_queries_find_more_than_their_bits(codes: Codes) -> None:
    assert kept(codes, whole=True) > kept(codes, whole=False) > 0.3


def test_the_alternation_brings_numbers_nearer_to_their_signs() -> None:
    """What ITQ promises: the numbers that become bits lie further from zero."""
    sample, vectors = drawn(1500, 0), drawn(300, 1)

    def distance(rounds: int) -> float:
        learnt = Codes(CodesConfig(rounds=rounds)).fit(sample, rng=np.random.default_rng(0))
        numbers = (vectors - learnt.mean_) @ learnt.frame_
        return float(np.abs(numbers).mean() / np.sqrt(np.square(numbers).mean()))

    assert distance(12) > distance(0) + 0.003


def test_the_same_seed_gives_the_same_codes(codes: Codes) -> None:
    again = Codes(CodesConfig(rounds=5)).fit(drawn(1500, 0), rng=np.random.default_rng(0))
    vectors = drawn(9, 5)
    np.testing.assert_array_equal(again.encode(vectors), codes.encode(vectors))
