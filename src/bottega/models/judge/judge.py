"""The judge of pictures: what it sees in them, for measures alone. No loss anywhere may look through it.

Idea     A small network of its own (network.py) was taught types, genders and colours of product photos. The numbers
         that its heads read tell pictures apart by what they show and how they are drawn; `evaluation/pictures.py`
         measures with them how near generated or restored pictures are to photos.
Serves   Small squares: whole products at 64 px, or windows of 64 px of larger photos. Pictures of anything else are
         told apart, too, by edges and colours rather than by what they are.
Costs    Half a millisecond a picture.
Shapes   N pictures, P pixels a side, F features, C classes of a head.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from bottega.models.blocks.arrays_io import load_arrays, save_arrays, tuples
from bottega.models.blocks.checkpoint import half_arrays, load_state
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.judge.network import JudgeNetwork, JudgeShape
from bottega.names import FloatArray

__all__ = ["PX", "Judge", "JudgeConfig", "Verdict"]

PX = 64
"""The side of the squares that it was taught on."""
_NAME = "judge"
_BATCH = 256


@dataclass(frozen=True, slots=True)
class JudgeConfig:
    """What is saved beside the weights."""

    classes: Mapping[str, tuple[str, ...]]
    """Head -> its names."""
    version: str = "0"
    """Stamp of its features: those of two judges cannot be compared."""
    shape: JudgeShape = field(default_factory=JudgeShape)
    """The network's sizes."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`features` [N, F], and the chance of each class [N, C] by head."""

    features: FloatArray
    chances: Mapping[str, FloatArray]


class Judge:
    """A trained (or `fresh`, untrained) judge."""

    def __init__(self, config: JudgeConfig, network: JudgeNetwork) -> None:
        self.config = config
        self.network = network.eval()

    @property
    def version(self) -> str:
        """Stamp of its features."""
        return self.config.version

    @classmethod
    def fresh(
        cls, classes: Mapping[str, Sequence[str]], *, rng: np.random.Generator, shape: JudgeShape | None = None
    ) -> Judge:
        """An untrained judge, small unless `shape` says otherwise."""
        torch.manual_seed(int(rng.integers(2**31)))
        shape = shape or JudgeShape((8, 8, 16, 16), 16)
        names = {head: tuple(found) for head, found in classes.items()}
        network = JudgeNetwork(shape, {head: len(found) for head, found in names.items()})
        return cls(JudgeConfig(names, "fresh", shape), network)

    def look(self, pictures: NDArray[np.uint8]) -> Verdict:
        """See each square (uint8 [N, P, P, 3], at least 16 px). A picture says the same alone and among others."""
        features, chances = [], {head: [np.zeros((0, len(names)), np.float32)] for head, names in self._classes}
        for start in range(0, len(pictures), _BATCH):
            part = torch.from_numpy(np.array(pictures[start : start + _BATCH])).permute(0, 3, 1, 2).float() / 255
            with torch.inference_mode():
                logits, found = self.network(part)
            features.append(found.numpy())
            for head, rows in logits.items():
                chances[head].append(rows.softmax(1).numpy())
        empty = np.zeros((0, self.config.shape.features), np.float32)
        return Verdict(
            np.concatenate([empty, *features]), {head: np.concatenate(parts) for head, parts in chances.items()}
        )

    @property
    def _classes(self) -> list[tuple[str, tuple[str, ...]]]:
        return list(self.config.classes.items())

    def save(self, folder: Path) -> None:
        """Write into an existing folder; weights as float16."""
        save_arrays(folder, model=_NAME, config=self.config, arrays=half_arrays(self.network))

    @classmethod
    def load(cls, folder: Path) -> Judge:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        saved = load_arrays(folder, model=_NAME)
        config = saved.config_as(_config_of)
        network = JudgeNetwork(config.shape, {head: len(names) for head, names in config.classes.items()})
        load_state(network, saved)
        return cls(config, network)

    @classmethod
    def shipped(cls) -> Judge:
        """The judge that comes with Bottega."""
        return cls.load(shipped_folder("judge", _NAME))


def _config_of(found: dict[str, Any]) -> JudgeConfig:
    classes = {head: tuple(names) for head, names in found["classes"].items()}
    return JudgeConfig(classes, found["version"], JudgeShape(**tuples(found["shape"])))
