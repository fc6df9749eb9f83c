"""What words mean, in a small table: a line's vector where no encoder is installed.

Idea     Each of some 31,000 words of five languages was given to the encoder of `bottega[meaning]` once, and what it
         said of it was cut to its first principal directions. So "slate" lies near "ardoise", and a word that no
         pattern holds still says something. A line is the mean of its words, the usual ones counted less.
Source   Tables of encoders: model2vec (https://github.com/MinishLab/model2vec). Weights of words: Arora et al. 2017,
         https://openreview.net/forum?id=SyK00v5xx. Words, the usual ones first: words.txt, of the vocabulary of XLM-R
         (Conneau et al. 2020, https://arxiv.org/abs/1911.02116; MIT), those that look like one of the five languages,
         and of the lists and patterns of the house.
Shapes   W words, N texts, D numbers of a vector.
Costs    2 MB on disk; some 20 microseconds a line.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np

from bottega.languages.fold import fold
from bottega.models.blocks.cards import write_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.blocks.text_encoder import TextEncoder
from bottega.models.dialogue.line_words import line_words
from bottega.names import FloatArray

__all__ = ["WordMeanings", "make_word_meanings", "shipped_meanings", "usual_words"]

DIM = 64
LENGTH = 2 / 3
"""Of a line's vector: what it weighs beside the line's words."""
_ZIPF, _SHIFT, _RARE = 0.017, 3.4, 1e-3
"""The word at place r makes up about `_ZIPF / (r + _SHIFT)` of a text; words well below `_RARE` count fully."""
_LEVELS = 127
_BATCH = 512


def usual_words() -> list[str]:
    """The words of the table as they are written, the usual ones first."""
    return (resources.files(__package__) / "words.txt").read_text("utf-8").split()


class WordMeanings:
    """Vectors of words, and of lines made of them."""

    def __init__(self, vectors_WD: FloatArray, words: Sequence[str]) -> None:
        self._vectors_WD = vectors_WD
        self._places = {fold(word): place for place, word in enumerate(words)}

    def lines(self, texts: Sequence[str]) -> FloatArray:
        """Vectors [N, D] of length `LENGTH`, or 0 where no word is known."""
        found_ND = np.zeros((len(texts), self._vectors_WD.shape[1]), dtype=np.float32)
        for row, text in enumerate(texts):
            places = [place for word in line_words(text) if (place := self._places.get(word)) is not None]
            if places:
                found_ND[row] = self._vectors_WD[places].sum(axis=0)
        lengths_N1 = np.linalg.norm(found_ND, axis=1, keepdims=True)
        return np.asarray(LENGTH * found_ND / np.where(lengths_N1 > 0, lengths_N1, 1.0), dtype=np.float32)

    @classmethod
    def load(cls, folder: Path) -> WordMeanings:
        """A table that `make_word_meanings` wrote."""
        with np.load(folder / "words.npz", allow_pickle=False) as kept:
            vectors_WD = kept["vectors"].astype(np.float32) * kept["steps"]
        return cls(vectors_WD, usual_words())


@cache
def shipped_meanings() -> WordMeanings:
    """The table that comes along, read once."""
    return WordMeanings.load(shipped_folder("dialogue", "word-meanings"))


def make_word_meanings(folder: Path, encoder: TextEncoder) -> WordMeanings:
    """Ask an encoder for every word, keep its first `DIM` directions in a byte a number, and write them with a card."""
    started = time.process_time()
    words = usual_words()
    vectors_WD = np.concatenate(
        [encoder.encode(words[at : at + _BATCH]).astype(np.float32) for at in range(0, len(words), _BATCH)]
    )
    vectors_WD -= vectors_WD.mean(axis=0)
    kept, directions_DE = np.linalg.eigh(np.cov(vectors_WD, rowvar=False))
    cut_WD = vectors_WD @ directions_DE[:, ::-1][:, :DIM]
    cut_WD /= np.maximum(np.linalg.norm(cut_WD, axis=1, keepdims=True), 1e-9)
    shares_W = _ZIPF / (np.arange(len(words)) + _SHIFT)
    cut_WD *= (_RARE / (_RARE + shares_W))[:, None]
    steps_D = np.abs(cut_WD).max(axis=0) / _LEVELS
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        folder / "words.npz",
        allow_pickle=False,
        vectors=np.round(cut_WD / steps_D).astype(np.int8),
        steps=steps_D.astype(np.float32),
    )
    write_card(
        folder,
        name="word-meanings",
        version="1",
        trained_on={f"{encoder.name} {encoder.version}": f"its vectors of {len(words)} words"},
        split={},
        seed=0,
        train_s=time.process_time() - started,
        device="cpu",
        measures={"kept of the variance": round(float(kept[::-1][:DIM].sum() / kept.sum()), 3)},
        limits="Single words of en, de, fr, es, it; what a phrase means is not in it.",
    )
    return WordMeanings.load(folder)
