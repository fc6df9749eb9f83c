"""A generator whose answers are known: untrained, with what is usual said by hand."""

from __future__ import annotations

import numpy as np
import torch

from bottega.datasets.photos.asked import AskedNames, AskedPictures
from bottega.models.studio.products.autoencoder import Autoencoder, AutoencoderShape
from bottega.models.studio.products.gan import MapGenerator, MapShape
from bottega.models.studio.products.generator import GeneratorConfig, ProductGenerator
from bottega.models.studio.products.usual import Usual

NAMES = AskedNames(("Dresses", "Shirts", "Sweaters", "Watches"), ("", "Boys", "Men", "Women"), ("", "Casual", "Formal"))
SHAPE = MapShape(channels=4, noise=8, request=16, width=16, blocks=1)
SMALL = AutoencoderShape((8, 8, 16, 16), 4)
COLOURS = ("Blue", "Navy Blue", "Red", "White")
LABS = np.array([[47, 5, -24], [25, 2, -8], [49, 50, 28], [82, 0, 0]], np.float32)


def usual() -> Usual:
    """Dresses are worn by women, shirts lie flat and are men's, watches are anybody's; of each in three colours."""
    kinds = np.repeat(np.arange(4), 6)
    gender = np.array([3] * 6 + [2] * 5 + [3] + [3, 2] * 6)
    asked = AskedPictures(kinds, gender, np.tile([1, 2], 12), np.tile(LABS[:3], (8, 1)), (kinds == 0).astype(np.int64))
    return Usual(asked, np.array([50, 100, 20, 30]), COLOURS, LABS)


def generator(*, seed: int = 0) -> ProductGenerator:
    torch.manual_seed(seed)
    config = GeneratorConfig("gan", NAMES, f"fresh-{seed}", SHAPE, SMALL)
    return ProductGenerator(config, MapGenerator(SHAPE, NAMES.sizes), Autoencoder(SMALL), usual())
