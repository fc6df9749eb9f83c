"""A shop's generator of product pictures: the one in the folder that its settings name, else the one that ships."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bottega.errors import ModelMissing
from bottega.settings import Settings
from bottega.shop.shipped_models import PRODUCT, SHIPPED, ShippedModels

if TYPE_CHECKING:
    from bottega.models.studio.products.generator import ProductGenerator

__all__ = ["has_generator", "product_generator"]


def has_generator(settings: Settings) -> bool:
    """Whether a shop may have one; nothing is loaded."""
    return bool(settings.product_model) or (PRODUCT.weights / "model.json").exists()


def product_generator(settings: Settings, shipped: ShippedModels | None = None) -> ProductGenerator:
    """Raises `ModelMissing` where there is none, `ModelFileBroken` where its files are not whole."""
    if settings.product_model:
        return _of_folder(Path(settings.product_model))
    found: ProductGenerator | None = (shipped or SHIPPED).get(PRODUCT)
    if found is None:
        raise ModelMissing(
            "There is no generator of product pictures here: none ships with this version, and no setting names one.",
            allowed="A folder that `python benchmarks/product_words.py pack` wrote is one.",
            next_step="Name it by the setting product_model (docs/studio.md says how one is trained).",
        )
    return found


@lru_cache(2)
def _of_folder(folder: Path) -> ProductGenerator:
    if not (folder / "model.json").exists():
        raise ModelMissing(
            f"The setting product_model names {folder}, where no generator lies.",
            allowed="A folder that `python benchmarks/product_words.py pack` wrote is one.",
            next_step="Correct the setting, or leave it empty for the generator that ships.",
        )
    from bottega.models.studio.products.generator import ProductGenerator

    return ProductGenerator.load(folder)
