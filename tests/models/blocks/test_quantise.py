"""Codes of residual quantisation: balanced, finer level by level, the same for the same seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from bottega.errors import ModelFileBroken
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.quantise import Codebooks, RqVae, balanced_assignment, fit_rqvae, residual_kmeans
from bottega.models.recommend.counted.popular import PopularConfig
from bottega.names import FloatArray

N_CODES = 8


def clouds(count: int = 400, seed: int = 0) -> FloatArray:
    """Eight far-apart groups, the first as large as all others together, each of four small groups."""
    rng = np.random.default_rng(seed)
    group = np.where(rng.random(count) < 0.5, 0, rng.integers(1, 8, count))
    vectors = (
        4 * np.eye(16)[group] + np.eye(16)[8 + rng.integers(0, 4, count)] + 0.05 * rng.standard_normal((count, 16))
    )
    return vectors.astype(np.float32)


VECTORS = clouds()


@given(st.integers(1, 60), st.integers(1, 9), st.integers(0, 2**31))
@settings(max_examples=50, deadline=None)
def test_no_code_takes_more_than_its_share(n: int, n_codes: int, seed: int) -> None:
    costs = np.random.default_rng(seed).random((n, n_codes)).astype(np.float32)
    chosen = balanced_assignment(costs)
    room = -(-n // n_codes)
    counts = np.bincount(chosen, minlength=n_codes)
    assert counts.max() <= room
    for vector, code in enumerate(chosen):
        for better in np.flatnonzero(costs[vector] < costs[vector, code]):
            # A cheaper code refused this vector only because it was full of vectors that are cheaper for it.
            assert counts[better] == room
            assert costs[chosen == better, better].max() <= costs[vector, better]


def test_a_worked_example_of_balance() -> None:
    costs = np.array([[0, 9], [1, 2], [2, 8], [3, 4]], dtype=np.float32)
    assert balanced_assignment(costs).tolist() == [0, 0, 1, 1]


def test_balanced_codes_are_used_alike_and_plain_ones_are_not() -> None:
    _, balanced = residual_kmeans(VECTORS, levels=2, codes=N_CODES, rng=np.random.default_rng(0))
    _, plain = residual_kmeans(VECTORS, levels=2, codes=N_CODES, rng=np.random.default_rng(0), balanced=False)
    for level in range(2):
        assert np.bincount(balanced[:, level], minlength=N_CODES).max() == len(VECTORS) / N_CODES
    assert np.bincount(plain[:, 0]).max() > 2 * len(VECTORS) / N_CODES


@pytest.mark.parametrize("balanced", [True, False])
def test_every_level_leaves_less_over(balanced: bool) -> None:
    found, codes = residual_kmeans(VECTORS, levels=3, codes=N_CODES, rng=np.random.default_rng(1), balanced=balanced)
    errors = [
        float(np.square(VECTORS - Codebooks(found.centres[:level]).rebuild(codes[:, :level])).sum())
        for level in range(1, 4)
    ]
    assert errors[0] > errors[1] > errors[2]
    nearest = found.encode(VECTORS)
    # The nearest code of the first level is never further away than the balanced one.
    first = Codebooks(found.centres[:1])
    assert np.square(VECTORS - first.rebuild(nearest[:, :1])).sum() <= errors[0] + 1e-3


def test_vectors_beyond_the_sample_take_the_nearest_code() -> None:
    found, codes = residual_kmeans(VECTORS, levels=2, codes=4, rng=np.random.default_rng(2), sample=100)
    assert codes.shape == (len(VECTORS), 2)
    assert (codes == found.encode(VECTORS)).all(axis=1).mean() > 0.7


def test_an_rqvae_rebuilds_better_than_its_mean_and_uses_most_codes() -> None:
    found, codes = fit_rqvae(VECTORS, levels=2, codes=N_CODES, rng=np.random.default_rng(3), epochs=30, batch=100)
    assert len(found.layers) == 2 and codes.shape == (len(VECTORS), 2)
    assert len(np.unique(codes[:, 0])) >= N_CODES - 2
    latent = found.project(VECTORS)
    error = np.square(latent - found.rebuild(codes)).sum()
    assert error < 0.3 * np.square(latent - latent.mean(axis=0)).sum()


def test_codebook_and_commitment_gradients_go_where_they_should() -> None:
    torch.manual_seed(0)
    network = RqVae(16, levels=2, codes=4)
    batch = torch.from_numpy(VECTORS[:50])
    network(batch, 0.0).backward()
    weight = next(network.encoder.parameters())
    assert weight.grad is not None and float(weight.grad.abs().sum()) > 0  # through the decoder, past the codes
    assert network.centres.grad is not None and float(network.centres.grad.abs().sum()) > 0
    free = weight.grad.clone()
    network.zero_grad()
    network(batch, 1.0).backward()
    assert not torch.equal(free, weight.grad)


@pytest.mark.parametrize("learn", [residual_kmeans, fit_rqvae])
def test_the_same_seed_gives_the_same_codes_and_a_file_keeps_them(learn: object, tmp_path: Path) -> None:
    assert callable(learn)
    more = {"epochs": 3} if learn is fit_rqvae else {}
    found, codes = learn(VECTORS, levels=2, codes=4, rng=np.random.default_rng(4), **more)
    _, again = learn(VECTORS, levels=2, codes=4, rng=np.random.default_rng(4), **more)
    np.testing.assert_array_equal(codes, again)
    save_arrays(tmp_path, model="codes", config=PopularConfig(), arrays=found.arrays())
    saved = load_arrays(tmp_path, model="codes")
    np.testing.assert_array_equal(Codebooks.load(saved).encode(VECTORS), found.encode(VECTORS))
    del saved.arrays["codebooks.centres"]
    with pytest.raises(ModelFileBroken, match=r"codebooks\.centres"):
        Codebooks.load(saved)
