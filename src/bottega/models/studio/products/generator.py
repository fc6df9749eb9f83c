"""A trained generator of product pictures: what is asked for in, small pictures out; saved as one folder.

Idea     A network draws the map of a product (product_gan.py or product_flow.py), an autoencoder's second half the
         picture. The same request and seed give the same picture, alone or among others.
Serves   Types, genders and uses of the catalogue that it learnt from, in any colour.
Shapes   N pictures; uint8 [N, 64, 64, 3].
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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
from bottega.models.blocks.device import CPU
from bottega.models.blocks.shipped import load_shipped
from bottega.models.studio.products.asking import codes_on
from bottega.models.studio.products.autoencoder import Autoencoder, AutoencoderShape
from bottega.models.studio.products.flow import MapFlow, draw_by_flow
from bottega.models.studio.products.gan import MapGenerator, MapShape
from bottega.models.studio.products.turns import Noise, PictureRecipe, asked_codes
from bottega.models.studio.products.usual import Usual

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
    colours: tuple[str, ...] = ()
    """Names of the catalogue's colours, whose middles lie with the weights."""


class ProductGenerator:
    """Draws products that do not exist."""

    def __init__(
        self,
        config: GeneratorConfig,
        network: MapGenerator | MapFlow,
        autoencoder: Autoencoder,
        usual: Usual | None = None,
    ) -> None:
        self.config = replace(config, colours=usual.colours if usual else ())
        self.network, self.autoencoder = network.eval(), autoencoder.eval()
        self._usual = usual

    @property
    def names(self) -> AskedNames:
        """What can be asked for."""
        return self.config.names

    @property
    def version(self) -> str:
        """Stamp of what it draws."""
        return self.config.version

    @property
    def usual(self) -> Usual:
        """What products are like of which nothing was said. Raises `ModelFileBroken` for one saved without it."""
        if self._usual is None:
            raise ModelFileBroken(
                f"The generator {self.version} does not say what products are usually like.",
                allowed="A generator that answers to words is needed.",
                next_step="Make it one: python benchmarks/product_words.py pack WAY --work FOLDER --out FOLDER.",
            )
        return self._usual

    def told(self, usual: Usual) -> ProductGenerator:
        """The same one, which knows what is usual."""
        return ProductGenerator(self.config, self.network, self.autoencoder, usual)

    def draw(self, asked: AskedPictures, *, seeds: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """A picture for each request [N] with its own seed [N]."""
        return self._pictures(asked, asked, [((int(seed), 1.0),) for seed in seeds])

    def draw_recipes(self, recipes: Sequence[PictureRecipe]) -> NDArray[np.uint8]:
        """A picture of each recipe [N]."""
        asked, form = asked_codes(self.names, recipes)
        return self._pictures(asked, form, [one.noise for one in recipes])

    def _pictures(self, asked: AskedPictures, form: AskedPictures, noises: Sequence[Noise]) -> NDArray[np.uint8]:
        parts = []
        for start in range(0, len(asked), _BATCH):
            rows = np.arange(start, min(start + _BATCH, len(asked)))
            noise = torch.stack([self._noise(one) for one in noises[start : start + len(rows)]])
            codes, forms = (codes_on(one.take(rows), CPU) for one in (asked, form))
            with torch.inference_mode():
                if isinstance(self.network, MapFlow):
                    maps = draw_by_flow(self.network, codes, noise, form=forms)
                else:
                    maps = self.network(noise, codes, form=forms)
            parts.append(self.autoencoder.pictures_of(maps))
        return np.concatenate(parts) if parts else np.zeros((0, 64, 64, 3), np.uint8)

    def _noise(self, draws: Noise) -> Tensor:
        """The sum of numbered draws by their shares, of the length of one."""
        shape = self.config.map
        size = (shape.channels, 8, 8) if self.config.kind == "flow" else (shape.noise,)
        total = torch.zeros(size)
        for number, share in draws:
            total += share * torch.randn(size, generator=torch.Generator().manual_seed(number))
        length = sum(share**2 for _, share in draws) ** 0.5
        return total if length == 1.0 else total / max(length, 1e-9)

    def save(self, folder: Path) -> None:
        """Write into an existing folder; weights as float16."""
        arrays = half_arrays(self.network, "map.") | half_arrays(self.autoencoder, "picture.")
        if self._usual is not None:
            arrays |= {f"usual.{name}": values for name, values in self._usual.arrays().items()}
        save_arrays(folder, model=_NAME, config=self.config, arrays=arrays)

    @classmethod
    def load(cls, folder: Path) -> ProductGenerator:
        """Read what `save` wrote; raises `ModelFileBroken`."""
        saved = load_arrays(folder, model=_NAME)
        arrays = _part(saved, "usual.").arrays

        def read(found: dict[str, Any]) -> tuple[GeneratorConfig, Usual | None]:
            config = GeneratorConfig(
                found["kind"],
                AskedNames(**tuples(found["names"])),
                found["version"],
                MapShape(**found["map"]),
                AutoencoderShape(**tuples(found["autoencoder"])),
            )
            return config, Usual.of_arrays(arrays, tuple(found.get("colours", ()))) if arrays else None

        config, usual = saved.config_as(read)
        made: Callable[..., MapGenerator | MapFlow] = MapFlow if config.kind == "flow" else MapGenerator
        network, autoencoder = made(config.map, config.names.sizes), Autoencoder(config.autoencoder)
        load_state(network, _part(saved, "map."))
        load_state(autoencoder, _part(saved, "picture."))
        return cls(config, network, autoencoder, usual)

    @classmethod
    def shipped(cls) -> ProductGenerator | None:
        """The one that comes with Bottega; None where none does."""
        return load_shipped(cls.load, "studio", _NAME)


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
