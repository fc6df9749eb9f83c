"""A drawing becomes the picture of a product: the trained network, what it can be asked for, and its files.

Idea     Lines of a drawing say where what is; the network fills between them what photos of such a product have there.
Serves   Drawings of one thing on plain ground; types that it learnt, or none named, in any colour or in none named.
Costs    benchmarks/sketch.md.
Shapes   N drawings, P pixels a side: 64.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from bottega.models.blocks.arrays_io import load_arrays, save_arrays, tuples
from bottega.models.blocks.checkpoint import half_arrays, load_state
from bottega.models.blocks.shipped import load_shipped
from bottega.models.studio.pixels import as_photos
from bottega.models.studio.sketch.network import SketchAsked, SketchNetwork, SketchShape
from bottega.names import FloatArray, LongArray

__all__ = ["PX", "SketchConfig", "Sketcher", "within_what_is_learnt"]

PX = 64
_NAME, _BATCH = "sketch", 64
_MOST_CHROMA = 47.0
"""Chroma (distance from grey in CIE Lab) that two in a hundred of the photos learnt from go beyond."""


def within_what_is_learnt(lab: FloatArray) -> FloatArray:
    """CIE Lab [N, 3] of the same lightness and hue, no stronger than whole products are in photos.

    A colour's name means its purest; asked for that, edges bleed.
    """
    found = np.array(lab, np.float32)
    chroma = np.hypot(found[:, 1], found[:, 2])
    found[:, 1:] *= np.minimum(1, _MOST_CHROMA / np.maximum(chroma, 1e-6))[:, None]
    return found


@dataclass(frozen=True, slots=True)
class SketchConfig:
    """What is saved beside the weights."""

    types: tuple[str, ...]
    """Names of the types that can be asked for."""
    version: str = "0"
    """Stamp of what it draws."""
    shape: SketchShape = field(default_factory=SketchShape)
    """The network's sizes."""


class Sketcher:
    """Fills drawings."""

    def __init__(self, config: SketchConfig, network: SketchNetwork) -> None:
        self.config, self.network = config, network.eval()

    @property
    def types(self) -> tuple[str, ...]:
        """What can be asked for."""
        return self.config.types

    @torch.inference_mode()
    def draw(
        self, lines: FloatArray, types: LongArray | None = None, lab: FloatArray | None = None
    ) -> NDArray[np.uint8]:
        """Pictures [N, P, P, 3] of lines 0..1 [N, P, P]. `types`: codes from 1, 0 for any; `lab`: CIE Lab [N, 3]."""
        n = len(lines)
        types = np.zeros(n, np.int64) if types is None else types
        colours = np.zeros((n, 3), np.float32) if lab is None else np.asarray(lab, np.float32)
        parts = [np.zeros((0, PX, PX, 3), np.uint8)]
        for start in range(0, n, _BATCH):
            rows = slice(start, start + _BATCH)
            given = torch.from_numpy(np.ascontiguousarray(lines[rows], np.float32))[:, None]
            request = SketchAsked(
                torch.from_numpy(types[rows].astype(np.int64)),
                torch.from_numpy(colours[rows]),
                torch.full((len(given),), 0.0 if lab is None else 1.0),
            )
            parts.append(as_photos(self.network(given, request)))
        return np.concatenate(parts)

    def save(self, folder: Path) -> None:
        """Write into an existing folder; weights as float16."""
        save_arrays(folder, model=_NAME, config=self.config, arrays=half_arrays(self.network))

    @classmethod
    def load(cls, folder: Path) -> Sketcher:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        saved = load_arrays(folder, model=_NAME)
        config = saved.config_as(
            lambda found: SketchConfig(
                tuple(found["types"]), str(found["version"]), SketchShape(**tuples(found["shape"]))
            )
        )
        network = SketchNetwork(config.shape)
        load_state(network, saved)
        return cls(config, network)

    @classmethod
    def shipped(cls) -> Sketcher | None:
        """The one that comes with Bottega; None where none does."""
        return load_shipped(cls.load, "studio", _NAME)
