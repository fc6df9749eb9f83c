"""The joint space: words are placed among photos, so that each finds the other.

Idea     A tower over words learns to point at the photos they belong to; the photos' vectors stay as the eye made them.
         A word is its own vector plus those of its letter n-grams, so a word nobody has written yet has a place, too.
         "Like this, but blue" is a photo's vector, moved from its own colour's word to the other one's.
Source   Contrastive, both ways: Radford et al. 2021 (CLIP), https://arxiv.org/abs/2103.00020, section 2.3. N-grams:
         Bojanowski et al. 2017, https://arxiv.org/abs/1607.04606, section 3.2. Several partners at once: Khosla et al.
         2020, https://arxiv.org/abs/2004.11362, equation 2. Arithmetic: Mikolov et al. 2013, https://aclanthology.org/N13-1090.
Differs  Each time a text is read, some of its words are left out, and every photo whose product has all the others is
         its partner: "red shirt" points at all red shirts. One tower is frozen.
Serves   Titles in the words of the shop it was fitted on; other words by their letters alone.
Costs    Fitting 8,000 products: benchmarks/search_words.md. Reading a text: well under a millisecond.
Shapes   N products, B a batch, V words, G buckets of n-grams, H width of a word, E width of the space.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Self
from zlib import crc32

import numpy as np
import torch
from scipy import sparse
from torch import Tensor, nn
from torch.nn import functional

from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.checkpoint import load_state
from bottega.models.blocks.device import CPU, device_of
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.blocks.sparse_product import SparseRows
from bottega.models.blocks.train_loop import Schedule, train
from bottega.names import FloatArray, IntArray
from bottega.progress import Progress, silent

__all__ = ["AWAY", "MOVE", "JointSpace", "JointSpaceConfig"]

_NAME = "words"
MOVE, AWAY = 1.4, 0.3
"""How far a photo's vector moves towards a word, and away from another; benchmarks/search_words.md."""


@dataclass(frozen=True, slots=True)
class JointSpaceConfig:
    """The tower's sizes and how it learns."""

    vocabulary: tuple[str, ...] = ()
    """The words with a vector of their own; filled by `fit`."""
    version: str = "0"
    """Version of the eye whose vectors it was fitted on."""
    size: int = 128
    """Numbers of a vector of the space."""
    width: int = 64
    """Numbers of a word's vector."""
    hidden: int = 256
    """Width of the layer between."""
    buckets: int = 4096
    """Vectors that n-grams share, by a hash."""
    least: int = 2
    """A word of fewer texts has no vector of its own."""
    most: int = 6000
    """Most words with a vector of their own: those of most texts."""
    epochs: int = 30
    """Passes over the products."""
    batch: int = 512
    """Products that tell each other apart in one step."""
    learning_rate: float = 3e-3
    """Highest step size."""
    temperature: float = 0.07
    """Of the contrastive loss: smaller looks harder at the nearest."""
    least_kept: float = 0.15
    """The share of words kept in a reading is drawn between this and 1."""
    blind: float = 0.15
    """Share of words whose own vector is hidden in a step, so that their letters have to do."""


class JointSpace:
    """Texts to unit vectors beside those of photos. A text is a list of words (datasets/words.py)."""

    name: ClassVar[str] = _NAME
    network: _Tower

    def __init__(self, config: JointSpaceConfig | None = None) -> None:
        self.config = config or JointSpaceConfig()
        self._place: dict[str, int] = {}

    @property
    def version(self) -> str:
        """Version of the eye in whose space it is."""
        return self.config.version

    def fit(
        self,
        texts: Sequence[Sequence[str]],
        vectors: FloatArray,
        *,
        rng: np.random.Generator,
        version: str = "0",
        device: str = "auto",
        progress: Progress = silent,
    ) -> Self:
        """Learn from products with photos: the words of each and its photo's vector [N, E].

        `version` names the eye that made the vectors.
        """
        assert len(texts) == len(vectors)
        where = device_of(device)
        counts = Counter(word for text in texts for word in set(text))
        fit = sorted((word for word, n in counts.items() if n >= self.config.least), key=lambda w: (-counts[w], w))
        config = replace(self.config, vocabulary=tuple(fit[: self.config.most]), version=version)
        self._keep(config, rng)
        words, grams = self._words(texts), _grams(config.vocabulary, config.buckets)
        self.network.to(where)
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
            texts_BV, texts_BG = _per_text(seen, kept).to(where), _per_text(kept @ grams, kept).to(where)
            scores = self.network(texts_BV, texts_BG) @ photos[torch.from_numpy(rows).to(where)].T
            return _contrast(scores / config.temperature, partners)

        schedule = Schedule(config.epochs, config.learning_rate, warmup_steps=20)
        train(
            self.network,
            draw,
            loss_of,
            steps_an_epoch=batches,
            schedule=schedule,
            task="learning words",
            progress=progress,
        )
        self.network.to(CPU)
        return self

    def embed(self, texts: Sequence[Sequence[str]]) -> FloatArray:
        """Unit vectors [N, E] of texts; zeros for a text without a word."""
        if not any(texts):
            return np.zeros((len(texts), self.config.size), dtype=np.float32)
        known = self._words(texts)
        spelt = sparse.csr_matrix(np.vstack([_grams(sorted(set(t)), self.config.buckets).sum(axis=0) for t in texts]))
        count = sparse.csr_matrix(np.array([[len(set(text))] for text in texts], dtype=np.float32))
        with torch.inference_mode():
            found = self.network(_per_text(known, count), _per_text(spelt, count)).numpy()
        return np.asarray(found * (count.toarray() > 0), dtype=np.float32)

    def knows(self, word: str) -> bool:
        """Whether the word has a vector of its own."""
        return word in self._place

    def move(self, vectors: FloatArray, plus: Sequence[str], minus: Sequence[str] = ()) -> FloatArray:
        """Photos' vectors [N, E] moved towards the words of `plus` and away from those of `minus`; unit length."""
        there, here = self.embed([plus, minus])
        moved = vectors + MOVE * there - AWAY * here
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=-1, keepdims=True), 1e-9), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write into an existing empty folder; weights as float16."""
        state = {name: value.numpy().astype(np.float16) for name, value in self.network.state_dict().items()}
        save_arrays(folder, model=_NAME, config=self.config, arrays=state)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=_NAME)
        config = saved.settings(JointSpaceConfig)
        space = cls(config)
        space._keep(replace(config, vocabulary=tuple(config.vocabulary)), np.random.default_rng(0))
        load_state(space.network, saved)
        return space

    @classmethod
    def shipped(cls) -> Self:
        """The one that comes with Bottega, in the space of the shipped eye."""
        return cls.load(shipped_folder("vision", _NAME))

    def _keep(self, config: JointSpaceConfig, rng: np.random.Generator) -> None:
        torch.manual_seed(int(rng.integers(2**31)))
        self.config, self.network = config, _Tower(config).eval()
        self._place = {word: column for column, word in enumerate(config.vocabulary)}

    def _words(self, texts: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """1 where a text holds a word of the vocabulary [N, V]."""
        rows = [sorted({self._place[word] for word in text if word in self._place}) for text in texts]
        return _marks(rows, len(self._place))


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


def _per_text(rows: sparse.csr_matrix, words: sparse.csr_matrix) -> SparseRows:
    """Rows divided by the root of their texts' number of words, so that long and short texts weigh alike."""
    count = np.maximum(np.asarray(words.sum(axis=1)).ravel(), 1.0)
    return SparseRows(sparse.csr_matrix(sparse.diags(count**-0.5) @ rows))


def _marks(rows: Sequence[Sequence[int]], columns: int) -> sparse.csr_matrix:
    indptr = np.cumsum([0, *map(len, rows)])
    indices = np.fromiter((one for row in rows for one in row), dtype=np.int32, count=int(indptr[-1]))
    return sparse.csr_matrix((np.ones(len(indices), dtype=np.float32), indices, indptr), shape=(len(rows), columns))


def _grams(words: Sequence[str], buckets: int) -> sparse.csr_matrix:
    """Buckets of each word's n-grams [words, G]; rows sum to 1."""
    rows = [sorted({crc32(gram.encode()) % buckets for gram in _ngrams(word)}) for word in words]
    marks = _marks(rows, buckets)
    marks.data /= np.repeat(np.maximum(np.diff(marks.indptr), 1), np.diff(marks.indptr)).astype(np.float32)
    return marks


def _ngrams(word: str) -> Iterator[str]:
    marked = f"^{word}$"
    for n in (3, 4):
        for start in range(max(len(marked) - n + 1, 1)):
            yield marked[start : start + n]
