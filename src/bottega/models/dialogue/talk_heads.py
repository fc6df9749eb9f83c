"""The heads of the reader: what a clause wants, how a line sounds, in what language it is.

Idea     Multinomial logistic regressions, on hashed words and cues (line_features.py) and on a vector of what the line
         means beside them: an encoder's, or where none knows meanings that of a small table (word_meanings.py).
Shapes   N texts, P places, D numbers of the vector, C classes; the last row is constant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bottega.models.blocks.cards import read_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.blocks.text_encoder import TextEncoder
from bottega.models.dialogue.line_features import PLACES, Rows
from bottega.models.dialogue.word_meanings import shipped_meanings
from bottega.names import FloatArray

__all__ = ["HEADS", "VECTOR_SCALE", "TalkHeads", "knows_meanings"]

HEADS = ("want", "mood", "language")
VECTOR_SCALE = 6.0
"""What a vector weighs beside the words."""
_LEVELS = 127


def knows_meanings(encoder: TextEncoder) -> bool:
    """Whether its vectors say more than letters do, which the reader has by itself."""
    return encoder.name != "floor"


@dataclass(frozen=True, eq=False)
class TalkHeads:
    """The weights [P + D + 1, C] of each head, and of which encoder they are."""

    encoder: str
    encoder_version: str
    want: FloatArray
    """Of every intent with what it is about (`patterns.classes`)."""
    mood: FloatArray
    language: FloatArray
    """Without an encoder's vector."""
    warmth: float = 1.0
    """By which scores of `want` are divided, so that chances are as often right as they say."""
    version: str = "3"

    def scores(self, name: str, rows: Rows, vectors_ND: FloatArray | None = None) -> NDArray[np.float64]:
        """Scores [N, C] of a head."""
        weights: FloatArray = getattr(self, name)
        found = (
            np.stack([values @ weights[places] for places, values in rows]) if rows else np.zeros((0, weights.shape[1]))
        )
        if vectors_ND is not None and vectors_ND.shape[1]:
            found = found + VECTOR_SCALE * vectors_ND @ weights[PLACES:-1]
        return np.asarray(found + weights[-1], dtype=np.float64)

    def chances(self, name: str, rows: Rows, vectors_ND: FloatArray | None = None) -> NDArray[np.float64]:
        """How probable each class of a head is [N, C]."""
        scores = self.scores(name, rows, vectors_ND) / (self.warmth if name == "want" else 1.0)
        scores = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(scores / scores.sum(axis=1, keepdims=True))

    def save(self, folder: Path) -> None:
        """Write them in a byte a number; the card comes from whoever trained them."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, NDArray[Any]] = {}
        for name in HEADS:
            weights: FloatArray = getattr(self, name)
            steps_C = np.maximum(np.abs(weights[:-1]).max(axis=0), 1e-9) / _LEVELS
            arrays |= {
                name: np.round(weights[:-1] / steps_C).astype(np.int8),
                f"{name}_steps": steps_C.astype(np.float32),
                f"{name}_constant": weights[-1].astype(np.float32),
            }
        np.savez_compressed(folder / "heads.npz", allow_pickle=False, **arrays)

    @classmethod
    def load(cls, folder: Path) -> TalkHeads:
        """Heads that `save` wrote, with their card."""
        card = read_card(folder)
        arrays = {}
        with np.load(folder / "heads.npz", allow_pickle=False) as kept:
            for name in HEADS:
                weights = kept[name].astype(np.float32) * kept[f"{name}_steps"]
                arrays[name] = np.concatenate([weights, kept[f"{name}_constant"][None]])
        return cls(
            str(card["encoder"]),
            str(card["encoder_version"]),
            **arrays,
            warmth=float(card["warmth"]),
            version=str(card["version"]),
        )

    @classmethod
    def shipped(cls, encoder: TextEncoder) -> TalkHeads | None:
        """The heads that come along for an encoder; None where it brings vectors that none were learnt on."""
        folder = shipped_folder("dialogue", f"reader-{encoder.name}")
        if not (folder / "heads.npz").is_file():
            return None
        heads = cls.load(folder)
        return heads if heads.encoder_version == encoder.version else None


def vectors_of(encoder: TextEncoder, texts: Sequence[str]) -> FloatArray:
    """What lines mean [N, D]: by an encoder that knows, else by the means of their words."""
    return encoder.encode(list(texts)) if knows_meanings(encoder) else shipped_meanings().lines(texts)
