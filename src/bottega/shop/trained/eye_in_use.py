"""The eye of a shop by what its files say of it; the network, and torch with it, comes when a photo is looked at.

A search by words needs to know whose vectors are the catalogue's and what the words read off pictures are called, and
no more: a server that is asked for words alone holds some 100 MB less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from bottega.models.vision.eye.config import VECTOR_SIZE, read_config
from bottega.shop.once import Once

if TYPE_CHECKING:
    from bottega.models.vision.eye.eye import Eye

__all__ = ["EyeInUse"]


@dataclass(frozen=True, slots=True)
class EyeInUse:
    """One eye, from when it came into use to when another takes its place."""

    version: str
    """Stamp of its vectors."""
    heads: Mapping[str, tuple[str, ...]]
    """Heads of one class each -> its names."""
    words: tuple[str, ...]
    """The words that it can predict."""
    size: int
    """Numbers of a vector."""
    outlined: bool
    """Whether half of a vector holds the outline."""
    load: Once[Eye]
    """The eye that looks; read once. Raises `ModelFileBroken`."""

    @classmethod
    def of(cls, load: Once[Eye], folder: Path) -> Self:
        """The eye that `load` gives, which lies in a folder. Raises `ModelFileBroken`."""
        if (eye := load.made) is not None:
            return cls(eye.version, eye.heads, eye.words, eye.size, eye.config.outlined, load)
        config = read_config(folder)
        return cls(config.version, config.classes, config.words, VECTOR_SIZE, config.outlined, load)

    @property
    def is_loaded(self) -> bool:
        """Whether it can look without being read first."""
        return self.load.made is not None
