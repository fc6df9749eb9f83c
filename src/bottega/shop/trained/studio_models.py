"""What draws products for a shop: the model in the folder that a setting names, else the one that ships."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bottega.errors import ModelMissing
from bottega.settings import ShopSettings
from bottega.shop.trained.shipped_models import PRODUCT, SHIPPED, SKETCH, Ability, ShippedModels

if TYPE_CHECKING:
    from bottega.models.studio.products.generator import ProductGenerator
    from bottega.models.studio.sketch.sketch import Sketcher

__all__ = ["has_generator", "product_generator", "sketch_network"]


@dataclass(frozen=True, slots=True)
class _Kind:
    """A model that a setting names: its ability, the setting, what messages call it, and what writes such a folder."""

    ability: Ability
    setting: str
    short: str
    whole: str
    written_by: str

    @property
    def allowed(self) -> str:
        return f"A folder that `{self.written_by}` wrote is one."


_GENERATOR = _Kind(
    PRODUCT, "product_model", "generator", "generator of product pictures", "python benchmarks/product_words.py pack"
)
_SKETCHER = _Kind(
    SKETCH,
    "sketch_model",
    "sketch network",
    "network that makes products of drawings",
    "python benchmarks/sketch.py train game",
)


def has_generator(settings: ShopSettings) -> bool:
    """Whether a shop may have one; nothing is loaded."""
    return bool(settings.product_model) or (PRODUCT.weights / "model.json").exists()


def product_generator(settings: ShopSettings, shipped: ShippedModels | None = None) -> ProductGenerator:
    """Raises `ModelMissing` where there is none, `ModelFileBroken` where its files are not whole."""
    found: ProductGenerator = _model(_GENERATOR, settings.product_model, shipped)
    return found


def sketch_network(settings: ShopSettings, shipped: ShippedModels | None = None) -> Sketcher:
    """Raises as `product_generator` does."""
    found: Sketcher = _model(_SKETCHER, settings.sketch_model, shipped)
    return found


def _model(kind: _Kind, folder: str, shipped: ShippedModels | None) -> Any:
    if folder:
        return _of_folder(kind, Path(folder))
    found = (shipped or SHIPPED).get(kind.ability)
    if found is None:
        raise ModelMissing(
            f"There is no {kind.whole} here: none ships with this version, and no setting names one.",
            allowed=kind.allowed,
            next_step=f"Name it by the setting {kind.setting} (docs/studio.md says how one is trained).",
        )
    return found


@lru_cache(4)
def _of_folder(kind: _Kind, folder: Path) -> Any:
    if not (folder / "model.json").exists():
        raise ModelMissing(
            f"The setting {kind.setting} names {folder}, where no {kind.short} lies.",
            allowed=kind.allowed,
            next_step="Correct the setting, or leave it empty for the one that ships, where one does.",
        )
    return kind.ability.maker.load(folder)
