"""A trained generator of product pictures: what is asked for in, small pictures out; saved as one folder.

Idea     A network draws the map of a product (product_gan.py or product_flow.py), an autoencoder's second half the
         picture. The same request and seed give the same picture, alone or among others.
Serves   Types, genders and uses of the catalogue that it learnt from, in any colour.
Shapes   N pictures; uint8 [N, 64, 64, 3].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from bottega.datasets.photos.asked import AskedNames, AskedPictures
from bottega.errors import ModelFileBroken
from bottega.models.blocks.arrays_io import Saved, load_arrays, save_arrays, tuples
from bottega.models.blocks.checkpoint import half_arrays, load_state
from bottega.models.studio.products.asking import codes_on
from bottega.models.studio.products.autoencoder import Autoencoder, AutoencoderShape
from bottega.models.studio.products.flow import MapFlow, draw_by_flow
from bottega.models.studio.products.gan import MapGenerator, MapShape

__all__ = ["KINDS", "GeneratorConfig", "ProductGenerator", "load_autoencoder", "save_autoencoder"]

KINDS = ("gan", "flow", "vae")
"""How the map is drawn: at once, after a game or as a variational decoder, or in steps from noise."""
_NAME, _AUTOENCODER = "product", "product-autoencoder"
_BATCH = 128


@dataclass(frozen=True, slots=True)
class GeneratorConfig:
    """What is saved beside the weights."""

    kind: str
    """One of `KINDS`."""
    names: AskedNames
    """What can be asked for."""
    version: str = "0"
    """Stamp of what it draws."""
    map: MapShape = field(default_factory=MapShape)
    """Sizes of the network that draws maps."""
    autoencoder: AutoencoderShape = field(default_factory=AutoencoderShape)
    """Sizes of the one that draws pictures."""


class ProductGenerator:
    """Draws products that do not exist."""

    def __init__(self, config: GeneratorConfig, network: MapGenerator | MapFlow, autoencoder: Autoencoder) -> None:
        self.config = config
        self.network, self.autoencoder = network.eval(), autoencoder.eval()

    @property
    def names(self) -> AskedNames:
        """What can be asked for."""
        return self.config.names

    def draw(self, asked: AskedPictures, *, seeds: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """A picture for each request [N] with its own seed [N]."""
        parts = []
        for start in range(0, len(asked), _BATCH):
            rows = np.arange(start, min(start + _BATCH, len(asked)))
            noise = torch.stack([self._noise(int(seed)) for seed in seeds[rows]])
            codes = codes_on(asked.take(rows), torch.device("cpu"))
            with torch.inference_mode():
                if isinstance(self.network, MapFlow):
                    maps = draw_by_flow(self.network, codes, noise)
                else:
                    maps = self.network(noise, codes)
            parts.append(self.autoencoder.pictures_of(maps))
        return np.concatenate(parts) if parts else np.zeros((0, 64, 64, 3), np.uint8)

    def _noise(self, seed: int) -> Tensor:
        shape = self.config.map
        size = (shape.channels, 8, 8) if self.config.kind == "flow" else (shape.noise,)
        return torch.randn(size, generator=torch.Generator().manual_seed(seed))

    def save(self, folder: Path) -> None:
        """Write into an existing folder; weights as float16."""
        arrays = half_arrays(self.network, "map.") | half_arrays(self.autoencoder, "picture.")
        save_arrays(folder, model=_NAME, config=self.config, arrays=arrays)

    @classmethod
    def load(cls, folder: Path) -> ProductGenerator:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        saved = load_arrays(folder, model=_NAME)
        try:
            found = saved.config
            config = GeneratorConfig(
                found["kind"],
                AskedNames(**tuples(found["names"])),
                found["version"],
                MapShape(**found["map"]),
                AutoencoderShape(**tuples(found["autoencoder"])),
            )
        except (KeyError, TypeError) as error:
            raise ModelFileBroken(
                f"The saved generator in {folder} cannot be used: its config is not whole ({error}).",
                next_step="Train it again, or install Bottega again where this is the shipped one.",
            ) from error
        made: Callable[..., MapGenerator | MapFlow] = MapFlow if config.kind == "flow" else MapGenerator
        network, autoencoder = made(config.map, config.names.sizes), Autoencoder(config.autoencoder)
        load_state(network, _part(saved, "map."))
        load_state(autoencoder, _part(saved, "picture."))
        return cls(config, network, autoencoder)


def save_autoencoder(autoencoder: Autoencoder, folder: Path) -> None:
    """Write an autoencoder alone into an existing folder, for the generators that learn on it."""
    save_arrays(folder, model=_AUTOENCODER, config=autoencoder.shape, arrays=half_arrays(autoencoder))


def load_autoencoder(folder: Path) -> Autoencoder:
    """Read what `save_autoencoder` wrote; raises `ModelFileBroken`."""
    saved = load_arrays(folder, model=_AUTOENCODER)
    autoencoder = Autoencoder(AutoencoderShape(**tuples(saved.config)))
    load_state(autoencoder, saved)
    return autoencoder.eval()


def _part(saved: Saved, prefix: str) -> Saved:
    arrays = {name.removeprefix(prefix): value for name, value in saved.arrays.items() if name.startswith(prefix)}
    return Saved(saved.folder, saved.config, arrays, {})
