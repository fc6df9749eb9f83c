"""A face with one attribute more or less: what a merchant's own data can teach; no weights ship.

Idea     A small U-Net sees the face and how much of each attribute shall be added or taken away. It answers with a
         difference and with a mask of where it counts; what the mask leaves out is the photo, to the bit.
Source   Differences of attributes: Liu et al. 2019, "STGAN", https://arxiv.org/abs/1904.09709, section 3.1. Difference
         and mask: Pumarola et al. 2018, "GANimation", https://arxiv.org/abs/1807.09251, section 4.
Serves   Aligned faces: cut, sized and turned as those that it learnt from are.
Differs  The difference is made at the size that it learnt at, and enlarged: the photo keeps its own pixels.
Shapes   N faces, P pixels a side, A attributes, C channels; H, W of a photo.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from bottega.datasets.photos.reading import Photo
from bottega.errors import ModelFileBroken, RequestInvalid
from bottega.models.blocks.arrays_io import load_arrays, save_arrays
from bottega.models.blocks.checkpoint import half_arrays, load_state
from bottega.models.studio.people.face_table import refuse_attributes
from bottega.names import FloatArray

__all__ = ["FaceConfig", "FaceEditor", "FaceNetwork", "tensor_of_faces"]

_NAME = "face"
_LEAST = 3.0
"""A difference below this (of 255) is none."""


@dataclass(frozen=True, slots=True)
class FaceConfig:
    """What is saved beside the weights."""

    attributes: tuple[str, ...]
    """What can be changed, in the order of the network."""
    px: int = 96
    """Side at which faces are looked at; a multiple of 4."""
    channels: int = 32
    """Of the first layer; twice as many below it, four times at the bottom."""
    version: str = "0"
    """Stamp of what it makes."""


class FaceNetwork(nn.Module):
    """Faces [N, 3, P, P] in -1..1 and changes [N, A] in -1..1 to faces changed so."""

    def __init__(self, config: FaceConfig) -> None:
        super().__init__()
        wide, asked = config.channels, len(config.attributes)
        self.begin = _layer(3 + asked, wide)
        self.down = _layer(wide + asked, 2 * wide, stride=2)
        self.bottom = _layer(2 * wide + asked, 4 * wide, stride=2)
        self.within = nn.ModuleList([_layer(4 * wide, 4 * wide) for _ in range(2)])
        self.up = _layer(4 * wide + 2 * wide + asked, 2 * wide)
        self.end = _layer(2 * wide + wide + asked, wide)
        self.told = nn.Conv2d(wide, 4, 3, padding=1)
        nn.init.normal_(self.told.weight, std=0.02)
        assert self.told.bias is not None
        nn.init.zeros_(self.told.bias)

    def forward(self, faces: Tensor, changes: Tensor) -> Tensor:
        first = self.begin(_beside(faces, changes))
        second = self.down(_beside(first, changes))
        deep = self.bottom(_beside(second, changes))
        for layer in self.within:
            deep = deep + layer(deep)
        second = self.up(_beside(torch.cat([_larger(deep), second], 1), changes))
        first = self.end(_beside(torch.cat([_larger(second), first], 1), changes))
        told = self.told(first)
        return (faces + 2 * torch.tanh(told[:, :3]) * torch.sigmoid(told[:, 3:])).clamp(-1, 1)


class FaceEditor:
    """A trained network and the names of what it changes."""

    def __init__(self, config: FaceConfig, network: FaceNetwork) -> None:
        self.config = config
        self.network = network.eval()

    @property
    def version(self) -> str:
        """Stamp of what it makes."""
        return self.config.version

    def edit(self, photo: Photo, changes: Mapping[str, float]) -> Photo:
        """The aligned face [H, W, 3] with attributes changed by so much, -1 to 1.

        Raises `EditRefused`, and `RequestInvalid` for an attribute that it never learnt, or more than that.
        """
        refuse_attributes(tuple(changes))
        for name, change in changes.items():
            if name not in self.config.attributes or not -1 <= change <= 1:
                raise RequestInvalid(
                    f"{name} was asked to change by {change:g}.",
                    allowed=f"This model changes {', '.join(self.config.attributes)}, each by -1 to 1.",
                    next_step="Name one of these, or train a model with others: bottega train face FOLDER.",
                )
        px = self.config.px
        small = np.asarray(Image.fromarray(photo).resize((px, px), Image.Resampling.BOX))
        asked = [[float(changes.get(name, 0.0)) for name in self.config.attributes]]
        moved = self.changed(small[None], np.array(asked, np.float32))[0].astype(np.float32) - small
        size = photo.shape[1], photo.shape[0]
        grown = np.stack(
            [np.asarray(Image.fromarray(moved[..., c]).resize(size, Image.Resampling.BILINEAR)) for c in range(3)], 2
        )
        grown = np.where(np.abs(grown).max(2, keepdims=True) >= _LEAST, grown, 0)
        return np.asarray(np.rint(photo + grown).clip(0, 255), np.uint8)

    def changed(self, faces: NDArray[np.uint8], changes: FloatArray) -> NDArray[np.uint8]:
        """Faces [N, P, P, 3] changed by [N, A]."""
        with torch.inference_mode():
            made = self.network(tensor_of_faces(faces), torch.from_numpy(changes))
        shown = ((made.permute(0, 2, 3, 1) + 1) * 127.5).round().clamp(0, 255)
        return np.asarray(shown.to(torch.uint8).numpy(), np.uint8)

    def save(self, folder: Path) -> None:
        """Write into an existing folder; weights as float16."""
        save_arrays(folder, model=_NAME, config=self.config, arrays=half_arrays(self.network))

    @classmethod
    def load(cls, folder: Path) -> FaceEditor:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        saved = load_arrays(folder, model=_NAME)
        try:
            config = FaceConfig(**{**saved.config, "attributes": tuple(saved.config["attributes"])})
        except (KeyError, TypeError) as error:
            raise ModelFileBroken(
                f"The saved model of faces in {folder} cannot be used: its config is not whole ({error}).",
                next_step="Train it again: bottega train face FOLDER.",
            ) from error
        network = FaceNetwork(config)
        load_state(network, saved)
        return cls(config, network)


def tensor_of_faces(faces: NDArray[np.uint8]) -> Tensor:
    """uint8 [N, P, P, 3] as [N, 3, P, P] in -1..1."""
    return torch.from_numpy(np.array(faces)).permute(0, 3, 1, 2).float() / 127.5 - 1


def _layer(before: int, after: int, *, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(before, after, 3, stride, 1), nn.GroupNorm(min(4, after), after), nn.LeakyReLU(0.2))


def _beside(maps: Tensor, changes: Tensor) -> Tensor:
    """Maps with the changes as planes behind them."""
    planes = changes[:, :, None, None].expand(-1, -1, *maps.shape[2:])
    return torch.cat([maps, planes], 1)


def _larger(maps: Tensor) -> Tensor:
    return functional.interpolate(maps, scale_factor=2, mode="nearest")
