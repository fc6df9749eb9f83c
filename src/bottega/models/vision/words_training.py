"""Fitting the joint space: a tower over words learns to point at the photos that they belong to; see joint_space.py.

Shapes   N products, B a batch, V words, G buckets of n-grams, H width of a word, E width of the space.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from scipy import sparse
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.blocks.device import CPU, device_of
from bottega.models.blocks.sparse_product import SparseRows
from bottega.models.blocks.train_loop import Schedule, train
from bottega.models.vision.joint_space import JointSpaceConfig, grams_of, per_text, words_of
from bottega.names import FloatArray, IntArray
from bottega.progress import Progress, silent

__all__ = ["fit_words"]


def fit_words(
    texts: Sequence[Sequence[str]],
    vectors: FloatArray,
    config: JointSpaceConfig,
    *,
    rng: np.random.Generator,
    device: str = "auto",
    progress: Progress = silent,
) -> tuple[JointSpaceConfig, dict[str, FloatArray]]:
    """The config with its vocabulary, and the tower's arrays by the names in `shapes_of`.

    Learns from products with photos: the words of each and its photo's vector [N, E].
    """
    assert len(texts) == len(vectors)
    where = device_of(device)
    counts = Counter(word for text in texts for word in set(text))
    fit = sorted((word for word, n in counts.items() if n >= config.least), key=lambda w: (-counts[w], w))
    config = replace(config, vocabulary=tuple(fit[: config.most]))
    place = {word: column for column, word in enumerate(config.vocabulary)}
    words, grams = words_of(texts, place), grams_of(config.vocabulary, config.buckets)
    torch.manual_seed(int(rng.integers(2**31)))
    network = _Tower(config).to(where)
    photos = torch.from_numpy(np.ascontiguousarray(vectors, dtype=np.float32)).to(where)
    batches = max(len(texts) // config.batch, 1)

    def draw() -> Iterator[IntArray]:
        yield from np.array_split(rng.permutation(len(texts)).astype(np.int32), batches)

    def loss_of(rows: IntArray) -> Tensor:
        whole = words[rows]
        kept = _thinned(whole, config.least_kept, rng)
        partners = torch.from_numpy(_partners(kept, whole)).to(where)
        seen = kept.copy()
        seen.data *= rng.random(len(seen.data)) >= config.blind
        texts_BV = SparseRows(per_text(seen, kept)).to(where)
        texts_BG = SparseRows(per_text(kept @ grams, kept)).to(where)
        scores = network(texts_BV, texts_BG) @ photos[torch.from_numpy(rows).to(where)].T
        return _contrast(scores / config.temperature, partners)

    schedule = Schedule(config.epochs, config.learning_rate, warmup_steps=20)
    train(
        network,
        draw,
        loss_of,
        steps_an_epoch=batches,
        schedule=schedule,
        task="learning words",
        progress=progress,
    )
    state = network.to(CPU).state_dict()
    return config, {name: value.numpy() for name, value in state.items()}


class _Tower(nn.Module):
    """Sums over a text's words and n-grams, two layers, unit length."""

    def __init__(self, config: JointSpaceConfig) -> None:
        super().__init__()
        self.words = nn.Parameter(torch.randn(len(config.vocabulary), config.width) * 0.1)
        self.grams = nn.Parameter(torch.randn(config.buckets, config.width) * 0.1)
        self.layers = nn.Sequential(
            nn.Linear(config.width, config.hidden), nn.GELU(), nn.Linear(config.hidden, config.size)
        )

    def forward(self, words: SparseRows, grams: SparseRows) -> Tensor:
        """Vectors [B, E] of texts given as rows over words [B, V] and n-grams [B, G]."""
        return functional.normalize(self.layers(words @ self.words + grams @ self.grams), dim=1)


def _contrast(scores: Tensor, partners: Tensor) -> Tensor:
    """Texts [B] to photos [B] and back: each finds its partners [B, B] among all."""
    shares = partners / partners.sum(1, keepdim=True), partners.T / partners.T.sum(1, keepdim=True)
    there = (functional.log_softmax(scores, 1) * shares[0]).sum(1).mean()
    back = (functional.log_softmax(scores.T, 1) * shares[1]).sum(1).mean()
    return -(there + back) / 2


def _thinned(words: sparse.csr_matrix, least_kept: float, rng: np.random.Generator) -> sparse.csr_matrix:
    """Some words of each text [B, V], at least one where it has one."""
    lengths = np.diff(words.indptr)
    text = np.repeat(np.arange(len(lengths)), lengths)
    draws = rng.random(len(text))
    share = rng.uniform(least_kept, 1.0, len(lengths))
    first = np.full(len(lengths), np.inf)
    np.minimum.at(first, text, draws)
    kept = (draws <= share[text]) | (draws == first[text])
    return sparse.csr_matrix((words.data[kept], (text[kept], words.indices[kept])), shape=words.shape)


def _partners(kept: sparse.csr_matrix, whole: sparse.csr_matrix) -> FloatArray:
    """1 where a product [B] has every word kept of a text [B], else 0."""
    shared = np.asarray((kept @ whole.T).todense())
    return np.asarray(shared >= np.diff(kept.indptr)[:, None], dtype=np.float32)
