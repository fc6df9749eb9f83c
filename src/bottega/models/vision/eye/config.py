"""What an eye's files say of it beside its weights: the names of what it tells apart, and whose vectors are its own.

Reading it costs no torch: whoever searches by words needs the names alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bottega.errors import ModelFileBroken
from bottega.models.blocks.arrays_io import load_config, tuples

__all__ = ["EYE_NAME", "MANY", "VECTOR_SIZE", "EyeConfig", "MakesVectors", "TrunkConfig", "read_config"]

EYE_NAME = "eye"
VECTOR_SIZE = 128
"""Numbers of the vector of a photo."""
MANY = ("words", "garments")
"""Heads with many true marks at once; all others hold one class."""
_SAVED_BY_0_3 = {"floors": "thresholds"}
"""Names of fields as version 0.3.0 saved them, to those of today."""


class MakesVectors(Protocol):
    """Whoever turns photos into vectors."""

    @property
    def version(self) -> str:
        """Stamp of its vectors: those of two versions cannot be compared."""

    @property
    def size(self) -> int:
        """Numbers of a vector."""


@dataclass(frozen=True, slots=True)
class TrunkConfig:
    """The size of a trunk."""

    widths: tuple[int, ...] = (32, 64, 128, 256)
    """Channels of the stages; each but the first halves the picture's side."""
    blocks: tuple[int, ...] = (1, 2, 3, 2)
    """Residual blocks a stage."""
    colours: int = 64
    """Features of the colour path; 0 leaves it out."""
    embedding_size: int = 128
    """Numbers of the vector for search."""
    drop_path: float = 0.1
    """Chance, in training, that the last block adds nothing; the first blocks' chance is near zero."""
    dropout: float = 0.2
    """Share of the features hidden from the heads in training."""


@dataclass(frozen=True, slots=True)
class EyeConfig:
    """What is saved beside the weights."""

    heads: dict[str, tuple[str, ...]]
    """Head -> its classes, or its marks."""
    image_px: int = 128
    """Side of the square that photos are looked at in."""
    temperatures: dict[str, float] = field(default_factory=dict)
    """Head -> what its logits are divided by."""
    trust: dict[str, float] = field(default_factory=dict)
    """Head -> what the second opinion counts beside them."""
    thresholds: dict[str, float] = field(default_factory=dict)
    """Head -> least confidence of a tag: above it, enough answers were right on the photos kept aside."""
    kept_aside: dict[str, float] = field(default_factory=dict)
    """Head -> share of right answers on the photos that only temperatures were learnt on."""
    taught: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Head -> the kinds of things (gate.KINDS) that it was taught; a head that is not in there was taught all."""
    things: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Kind of thing -> its own names."""
    outlined: bool = False
    """Whether half of its vectors, the second one, holds the outline (outline.py)."""
    version: str = "0"
    """Stamp of the vectors that this eye makes: vectors of two versions cannot be compared."""
    trunk: TrunkConfig = field(default_factory=TrunkConfig)
    """The network's sizes."""

    @property
    def classes(self) -> dict[str, tuple[str, ...]]:
        """Heads of one class each -> its names."""
        return {head: names for head, names in self.heads.items() if head not in MANY}

    @property
    def words(self) -> tuple[str, ...]:
        """The words that it can predict."""
        return self.heads.get("words", ())


def read_config(folder: Path) -> EyeConfig:
    """What the saved eye in a folder says of itself; raises `ModelFileBroken`."""
    found = load_config(folder, model=EYE_NAME)
    try:
        fields: dict[str, Any] = {_SAVED_BY_0_3.get(name, name): value for name, value in found.items()}
        named: dict[str, Any] = {name: tuples(found[name]) for name in ("heads", "taught", "things") if name in found}
        return EyeConfig(**fields | named | {"trunk": TrunkConfig(**tuples(found["trunk"]))})
    except (KeyError, TypeError, ValueError) as error:
        raise ModelFileBroken(
            f"The saved eye in {folder} cannot be used: its config is not whole ({error}).",
            next_step="Run `bottega train vision` again.",
        ) from error
