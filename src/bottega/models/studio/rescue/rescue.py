"""Photo rescue: a small, blurred, noisy or compressed photo becomes sharp, and twice or four times as large.

Idea     Two answers of one network: the mean of all sharp photos that it could have been, and a likely one of them.
         The likely one looks sharper and is partly made up; letters must not be, so where the photo has fine print or
         a logo the mean answer stands (fine_print.py).
Source   Wang et al. 2021, "Real-ESRGAN", https://arxiv.org/abs/2107.10833.
Differs  0.2 million numbers instead of 17; both answers are kept, and a map says which of them stands where.
Serves   Photos of products, worn or not, as phones and old shops have them; faces are not made anew.
Costs    benchmarks/rescue.md.
Shapes   H, W sides of the photo, F the factor.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.checkpoint import half_arrays, load_state
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.studio.rescue.fine_print import fine_print
from bottega.models.studio.rescue.network import FACTORS, RescueNetwork, RescueShape
from bottega.names import FloatArray
from bottega.progress import Progress, silent

__all__ = ["Rescue", "RescueConfig", "Way"]

_NAME = "rescue"
_TILE_PX = 256
"""Photos are done in tiles of this side, so that memory does not grow with them."""

Way = Literal["mean", "likely"]


@dataclass(frozen=True, slots=True)
class RescueConfig:
    """What is saved beside the weights."""

    version: str = "0"
    """Stamp of what it makes."""
    shape: RescueShape = field(default_factory=RescueShape)
    """The network's sizes."""


class Rescue:
    """A trained (or `fresh`, untrained) rescuer; one without a likely answer gives the mean one for both."""

    def __init__(self, config: RescueConfig, mean: RescueNetwork, likely: RescueNetwork | None = None) -> None:
        self.config = config
        self.mean = mean.eval()
        self.likely = None if likely is None else likely.eval()

    @property
    def version(self) -> str:
        """Stamp of what it makes."""
        return self.config.version

    @classmethod
    def fresh(cls, *, rng: np.random.Generator, shape: RescueShape | None = None) -> Rescue:
        """An untrained one, small unless `shape` says otherwise: it enlarges as bicubic interpolation does."""
        torch.manual_seed(int(rng.integers(2**31)))
        config = RescueConfig("fresh", shape or RescueShape(8, 1))
        return cls(config, RescueNetwork(config.shape))

    def enlarged(self, photo: Photo, factor: int, *, way: Way = "likely", progress: Progress = silent) -> Photo:
        """The photo [F*H, F*W, 3], `factor` times as large, one of `FACTORS`, and clean."""
        assert factor in FACTORS
        mean = self._drawn(self.mean, photo, factor, progress)
        if way == "mean" or self.likely is None:
            return _photo(mean)
        letters = fine_print(photo)
        if letters.min() >= 1:
            return _photo(mean)
        likely = self._drawn(self.likely, photo, factor, progress)
        size = mean.shape[1], mean.shape[0]
        kept: FloatArray = np.asarray(Image.fromarray(letters).resize(size, Image.Resampling.BILINEAR))
        return _photo(np.where(kept[..., None] >= 1, mean, likely + (mean - likely) * kept[..., None]))

    def cleaned(self, photo: Photo, *, way: Way = "mean", progress: Progress = silent) -> Photo:
        """The photo [H, W, 3] without noise and blocks of compression: drawn twice as large, and made smaller again."""
        large = Image.fromarray(self.enlarged(photo, 2, way=way, progress=progress))
        return np.array(large.resize((photo.shape[1], photo.shape[0]), Image.Resampling.BOX))

    def _drawn(self, network: RescueNetwork, photo: Photo, factor: int, progress: Progress) -> FloatArray:
        """Colours 0 to 1 [F*H, F*W, 3], tile by tile, each with as much round it as the network sees."""
        height, width = photo.shape[:2]
        seen = self.config.shape.layers + 3
        found = np.empty((factor * height, factor * width, 3), np.float32)
        tops, lefts = range(0, height, _TILE_PX), range(0, width, _TILE_PX)
        for done, top in enumerate(tops):
            progress("drawing the photo", done, len(tops))
            for left in lefts:
                above, before = min(seen, top), min(seen, left)
                piece = photo[top - above : top + _TILE_PX + seen, left - before : left + _TILE_PX + seen]
                with torch.inference_mode():
                    drawn = network(_tensor(piece), factor)[0].permute(1, 2, 0).numpy()
                drawn = drawn[factor * above :, factor * before :][: factor * _TILE_PX, : factor * _TILE_PX]
                rows, columns = drawn.shape[:2]
                found[factor * top : factor * top + rows, factor * left : factor * left + columns] = drawn
        progress("drawing the photo", len(tops), len(tops))
        return found

    def save(self, folder: Path) -> None:
        """Write into an existing folder; weights as float16."""
        arrays = half_arrays(self.mean, "mean.") | (half_arrays(self.likely, "likely.") if self.likely else {})
        save_arrays(folder, model=_NAME, config=self.config, arrays=arrays)

    @classmethod
    def load(cls, folder: Path) -> Rescue:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        saved = load_arrays(folder, model=_NAME)
        config = saved.config_as(lambda found: RescueConfig(str(found["version"]), RescueShape(**found["shape"])))
        found = []
        for name in ("mean", "likely"):
            arrays = {
                key.removeprefix(f"{name}."): value.astype(np.float32)
                for key, value in saved.arrays.items()
                if key.startswith(f"{name}.")
            }
            if not arrays and name == "likely":
                continue
            network = RescueNetwork(config.shape)
            load_state(network, replace(saved, arrays=arrays))
            found.append(network)
        return cls(config, *found)

    @classmethod
    def shipped(cls) -> Rescue:
        """The one that comes with Bottega."""
        return cls.load(shipped_folder("studio", _NAME))


def _tensor(photo: Photo) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(photo)).permute(2, 0, 1)[None].float() / 255


def _photo(colours: FloatArray) -> Photo:
    found: Photo = np.rint(colours.clip(0, 1) * 255).astype(np.uint8)
    return found
