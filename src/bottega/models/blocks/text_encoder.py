"""Texts as vectors, behind one protocol: the same call whoever makes them.

Idea     A head (what is it about, is it praise, what is asked for) stands on vectors; who makes them can be changed.
         The floor needs nothing: letters and words hashed into a short vector. It knows what words look like, not what
         they mean. Who has more says so (other_encoders.py).
Source   Weinberger et al. 2009, https://arxiv.org/abs/0902.2206, for hashing with signs.
Differs  Words count by their stems in five languages' rules, so that forms of a word share a place.
Shapes   N texts, D dim; rows are of length 1, or 0 for a text without a letter.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol, runtime_checkable

import numpy as np

from bottega.languages.fold import tokens
from bottega.languages.stems import stem
from bottega.names import FloatArray

__all__ = ["NgramEncoder", "TextEncoder"]


@runtime_checkable
class TextEncoder(Protocol):
    """Turns texts into vectors."""

    @property
    def name(self) -> str:
        """What it is called, as the setting `encoder` calls it."""
        ...

    @property
    def version(self) -> str:
        """Vectors of one name and version may be compared; others may not."""
        ...

    @property
    def dim(self) -> int:
        """Numbers of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Vectors [N, D], float32, each of length 1."""
        ...


class NgramEncoder:
    """The floor: stems, pairs of words and runs of letters, hashed."""

    name = "floor"
    version = "1"

    def __init__(self, dim: int = 1024, language: str = "en") -> None:
        self.dim = dim
        self._language = language
        self._places: dict[str, tuple[int, float]] = {}

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Vectors [N, D]: what occurs often counts less than its number."""
        vectors_ND = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            for piece in self._pieces(text):
                place, sign = self._place(piece)
                vectors_ND[row, place] += sign
        vectors_ND = np.sign(vectors_ND) * np.sqrt(np.abs(vectors_ND))
        lengths_N1 = np.linalg.norm(vectors_ND, axis=1, keepdims=True)
        return (vectors_ND / np.where(lengths_N1 > 0, lengths_N1, 1.0)).astype(np.float32)

    def _pieces(self, text: str) -> list[str]:
        words = tokens(text)
        stems = [stem(word, self._language) for word in words]
        found = [f"w{one}" for one in stems]
        found += [f"p{one} {other}" for one, other in pairwise(stems)]
        for word in words:
            padded = f"<{word}>"
            for size in (4, 5):
                found += [f"c{padded[at : at + size]}" for at in range(len(padded) - size + 1)]
        return found

    def _place(self, piece: str) -> tuple[int, float]:
        known = self._places.get(piece)
        if known is None:
            number = zlib.crc32(piece.encode(errors="replace"))
            known = (number >> 1) % self.dim, 1.0 if number & 1 else -1.0
            if len(self._places) < 200_000:
                self._places[piece] = known
        return known
