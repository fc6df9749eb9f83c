"""The joint space: words are placed among photos, so that each finds the other.

Idea     A tower over words learns to point at the photos they belong to; the photos' vectors stay as the eye made them.
         A word is its own vector plus those of its letter n-grams, so a word nobody has written yet has a place, too.
         "Like this, but blue" is a photo's vector, moved from its own colour's word to the other one's.
Source   Contrastive, both ways: Radford et al. 2021 (CLIP), https://arxiv.org/abs/2103.00020, section 2.3. N-grams:
         Bojanowski et al. 2017, https://arxiv.org/abs/1607.04606, section 3.2. Several partners at once: Khosla et al.
         2020, https://arxiv.org/abs/2004.11362, equation 2. Arithmetic: Mikolov et al. 2013, https://aclanthology.org/N13-1090.
Differs  Each time a text is read, some of its words are left out, and every photo whose product has all the others is
         its partner: "red shirt" points at all red shirts. One tower is frozen.
         Reading needs plain arrays alone; words_training.py fits them.
Serves   Titles in the words of the shop it was fitted on; other words by their letters alone.
Costs    Fitting 8,000 products: benchmarks/search_words.md. Reading a text: well under a millisecond.
Shapes   N products or texts, V words, G buckets of n-grams, H width of a word, E width of the space.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Self
from zlib import crc32

import numpy as np
from scipy import sparse
from scipy.special import erf

from bottega.errors import ModelFileBroken
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.shipped import shipped_folder
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["AWAY", "MOVE", "JointSpace", "JointSpaceConfig", "grams_of", "per_text", "shapes_of", "words_of"]

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
    weights: dict[str, FloatArray]
    """The tower's arrays, by the names in `shapes_of`."""

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
        from bottega.models.vision.words_training import fit_words

        config = replace(self.config, version=version)
        self._keep(*fit_words(texts, vectors, config, rng=rng, device=device, progress=progress))
        return self

    def embed(self, texts: Sequence[Sequence[str]]) -> FloatArray:
        """Unit vectors [N, E] of texts; zeros for a text without a word."""
        if not any(texts):
            return np.zeros((len(texts), self.config.size), dtype=np.float32)
        known = words_of(texts, self._place)
        named = sorted({word for text in texts for word in text})
        spelt = words_of(texts, {word: column for column, word in enumerate(named)})
        spelt = spelt @ grams_of(named, self.config.buckets)
        count = sparse.csr_matrix(np.array([[len(set(text))] for text in texts], dtype=np.float32))
        summed = per_text(known, count) @ self.weights["words"] + per_text(spelt, count) @ self.weights["grams"]
        between = _gelu(summed @ self.weights["layers.0.weight"].T + self.weights["layers.0.bias"])
        found = between @ self.weights["layers.2.weight"].T + self.weights["layers.2.bias"]
        found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12)
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
        state = {name: value.astype(np.float16) for name, value in self.weights.items()}
        save_arrays(folder, model=_NAME, config=self.config, arrays=state)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote; `ModelFileBroken` when it is incomplete."""
        saved = load_arrays(folder, model=_NAME)
        config = saved.settings(JointSpaceConfig)
        config = replace(config, vocabulary=tuple(config.vocabulary))
        weights = {}
        for name, shape in shapes_of(config).items():
            weights[name] = saved.array(name, ndim=len(shape)).astype(np.float32)
            if weights[name].shape != shape:
                raise ModelFileBroken(
                    f"The saved model in {folder} cannot be used: {name!r} has shape {weights[name].shape}.",
                    allowed=f"Its config asks for {shape}.",
                    next_step="Train the model again.",
                )
        space = cls(config)
        space._keep(config, weights)
        return space

    @classmethod
    def shipped(cls) -> Self:
        """The one that comes with Bottega, in the space of the shipped eye."""
        return cls.load(shipped_folder("vision", _NAME))

    def _keep(self, config: JointSpaceConfig, weights: Mapping[str, FloatArray]) -> None:
        self.config, self.weights = config, dict(weights)
        self._place = {word: column for column, word in enumerate(config.vocabulary)}


def shapes_of(config: JointSpaceConfig) -> dict[str, tuple[int, ...]]:
    """The arrays of the tower: vectors of words [V, H] and n-grams [G, H], and two layers."""
    return {
        "words": (len(config.vocabulary), config.width),
        "grams": (config.buckets, config.width),
        "layers.0.weight": (config.hidden, config.width),
        "layers.0.bias": (config.hidden,),
        "layers.2.weight": (config.size, config.hidden),
        "layers.2.bias": (config.size,),
    }


def words_of(texts: Sequence[Sequence[str]], place: Mapping[str, int]) -> sparse.csr_matrix:
    """1 where a text holds a word of the vocabulary, by its place there [N, V]."""
    return _marks([sorted({place[word] for word in text if word in place}) for text in texts], len(place))


def per_text(rows: sparse.csr_matrix, words: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows divided by the root of their texts' number of words, so that long and short texts weigh alike."""
    count = np.maximum(np.asarray(words.sum(axis=1)).ravel(), 1.0)
    return sparse.csr_matrix(sparse.diags(count**-0.5) @ rows)


def _gelu(values: FloatArray) -> FloatArray:
    found: FloatArray = values * np.float32(0.5) * (1 + erf(values * np.float32(0.5**0.5)))
    return found


def _marks(rows: Sequence[Sequence[int]], columns: int) -> sparse.csr_matrix:
    indptr = np.cumsum([0, *map(len, rows)])
    indices = np.fromiter((one for row in rows for one in row), dtype=np.int32, count=int(indptr[-1]))
    return sparse.csr_matrix((np.ones(len(indices), dtype=np.float32), indices, indptr), shape=(len(rows), columns))


def grams_of(words: Sequence[str], buckets: int) -> sparse.csr_matrix:
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
