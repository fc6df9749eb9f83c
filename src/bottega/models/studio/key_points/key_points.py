"""Key points: where sixteen joints of the person in a photo are, read from the parser's map of its parts.

Idea     The map of parts says what a photo shows in nine words; where a joint lies under them was learnt on drawn
         people in drawn clothes, who know where their joints are. The map and its mirror image are both looked at.
Serves   One person, whole or cut; the one who fills most of the photo where there are several.
Costs    benchmarks/key_points.md.
Shapes   H, W height and width of the photo.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from bottega.datasets.photos.masks import PARTS as CODES
from bottega.datasets.photos.masks import LabelMap
from bottega.errors import PhotoRefused
from bottega.models.blocks.arrays_io import load_arrays, save_arrays, tuples
from bottega.models.blocks.checkpoint import half_arrays, load_state
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.studio.bodies.figure import KEY_POINTS
from bottega.models.studio.key_points.drawn_people import DRAWN_SIZE
from bottega.models.studio.key_points.network import KeyPointNetwork, KeyPointShape, places_of
from bottega.models.studio.key_points.seen import cut_out, frame_of, person_of, planes_of
from bottega.models.studio.key_points.slips import MIRRORED
from bottega.names import BoolArray

__all__ = ["FoundPoint", "KeyPointConfig", "KeyPointReader", "SomebodySeen"]

_NAME = "key_points"
_LEAST = 0.004
"""Share of the photo that a person takes at least."""
_BODY_SHARE = 0.012
"""Share of skin and hair of what is taken for a person: of less, it is clothes that nobody wears."""
_SURE, _POINTS = 0.5, 5
"""How many points have to be so sure, lest it is no person."""


@dataclass(frozen=True, slots=True)
class FoundPoint:
    """One of `KEY_POINTS`, in pixels of the photo."""

    name: str
    x: float
    y: float
    confidence: float
    """The chance, 0 to 1, that the photo holds it, and within a twentieth of the person's height of here."""
    visible: bool
    """Whether one sees where it lies, be it under clothes; else something is before it, or it is beyond the photo."""


@dataclass(frozen=True, slots=True, eq=False)
class SomebodySeen:
    """The person of a photo."""

    points: tuple[FoundPoint, ...]
    """In the order of `KEY_POINTS`."""
    mask: BoolArray
    """[H, W], the person with clothes and bags."""

    def __getitem__(self, name: str) -> FoundPoint:
        return self.points[KEY_POINTS.index(name)]

    def enlarged(self, shape: tuple[int, int]) -> SomebodySeen:
        """The same person in a photo of another size, [height, width]."""
        height, width = shape
        down, across = height / self.mask.shape[0], width / self.mask.shape[1]
        points = tuple(replace(point, x=point.x * across, y=point.y * down) for point in self.points)
        mask = Image.fromarray(self.mask).resize((width, height), Image.Resampling.NEAREST)
        return SomebodySeen(points, np.asarray(mask, np.bool_))


@dataclass(frozen=True, slots=True)
class KeyPointConfig:
    """What is saved beside the weights."""

    version: str = "0"
    """Stamp of what it says."""
    shape: KeyPointShape = field(default_factory=KeyPointShape)


class KeyPointReader:
    """Reads key points."""

    def __init__(self, config: KeyPointConfig, network: KeyPointNetwork) -> None:
        self.config, self.network = config, network.eval()

    @property
    def version(self) -> str:
        """Stamp of what it says."""
        return self.config.version

    def read(self, labels: LabelMap) -> SomebodySeen:
        """The person of a photo whose parts are `labels` [H, W]. Raises `PhotoRefused` where it shows none."""
        mask = person_of(labels)
        if mask is None or mask.mean() < _LEAST:
            raise _nobody("It shows nothing but background.")
        body = np.isin(labels[mask], [CODES.index(part) for part in ("skin", "hair")]).mean()
        if body < _BODY_SHARE:
            raise _nobody("It shows clothes or things, and next to no skin or hair.")
        frame = frame_of(mask)
        seen = cut_out(np.where(mask | (labels == 0), labels, 0), frame)
        places, inside, visible, near = self._found(torch.from_numpy(seen))
        x, y = places[:, 0] / frame.scale + frame.left, places[:, 1] / frame.scale + frame.top
        confidence = inside * near
        if (confidence >= _SURE).sum() < _POINTS:
            raise _nobody(f"Only {int((confidence >= _SURE).sum())} of {len(KEY_POINTS)} joints can be told.")
        height, width = labels.shape
        return SomebodySeen(
            tuple(
                FoundPoint(
                    name,
                    float(x[row]),
                    float(y[row]),
                    round(float(confidence[row]), 4),
                    bool(min(inside[row], visible[row]) >= 0.5 and 0 <= x[row] < width and 0 <= y[row] < height),
                )
                for row, name in enumerate(KEY_POINTS)
            ),
            mask,
        )

    @torch.inference_mode()
    def _found(self, seen: torch.Tensor) -> tuple[np.ndarray[Any, Any], ...]:
        """Places [16, 2] in pixels of a drawn map, and the chances of the three answers [16]."""
        heat, sure = self.network(planes_of(torch.stack([seen, seen.flip(1)])))
        both = (heat[0] + heat[1].flip(2)[list(MIRRORED)]) / 2
        answers = ((sure[0] + sure[1][list(MIRRORED)]) / 2).sigmoid()
        places = places_of(both[None], near=2)[0] * torch.tensor(DRAWN_SIZE, dtype=torch.float32)
        return places.numpy(), *answers.T.numpy()

    def save(self, folder: Path) -> None:
        """Write into an existing folder; weights as float16."""
        save_arrays(folder, model=_NAME, config=self.config, arrays=half_arrays(self.network))

    @classmethod
    def load(cls, folder: Path) -> KeyPointReader:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        saved = load_arrays(folder, model=_NAME)
        config = saved.config_as(
            lambda found: KeyPointConfig(str(found["version"]), KeyPointShape(**tuples(found["shape"])))
        )
        network = KeyPointNetwork(config.shape)
        load_state(network, saved)
        return cls(config, network)

    @classmethod
    def shipped(cls) -> KeyPointReader:
        """The one that comes with Bottega; its card says which bars it missed."""
        return cls.load(shipped_folder("studio", _NAME))


def _nobody(seen: str) -> PhotoRefused:
    return PhotoRefused(
        f"No person is found in this photo. {seen}",
        allowed="A photo shows one person, whole or from the hips up, before a calm background.",
        next_step="Send a photo of one person who fills most of its height.",
    )
