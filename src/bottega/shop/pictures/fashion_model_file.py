"""A shop's own fashion models: the file `fashion_models.json` in its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bottega.errors import StoreUnavailable
from bottega.models.studio.bodies.appearance import Appearance
from bottega.models.studio.bodies.fashion_models import FashionModel, checked
from bottega.shop.folder import ShopFolder

__all__ = ["MODELS_MOST", "keep_models", "own_models"]

_FILE = "fashion_models.json"
MODELS_MOST = 500
"""Own models of one shop."""


def own_models(shop: ShopFolder) -> dict[str, FashionModel]:
    """The shop's own models by name. Raises `StoreUnavailable` where the file cannot be read, `RequestInvalid` where
    one of them names what is none, `FilesUnavailable`."""
    content = shop.files.read(_FILE)
    if content is None:
        return {}
    try:
        rows: list[dict[str, Any]] = json.loads(content)
        told = [FashionModel(**row | {"appearance": Appearance(**row["appearance"])}) for row in rows]
    except (ValueError, TypeError, KeyError) as error:
        raise StoreUnavailable(
            f"The shop's fashion models in {shop.told(_FILE)} cannot be read: {error}.",
            allowed="A list as `bottega models-on-call keep` writes it.",
            next_step="Mend the file, or move it away and keep the models again.",
        ) from error
    return {model.name: checked(model) for model in told}


def keep_models(shop: ShopFolder, models: Mapping[str, FashionModel]) -> None:
    """Write the shop's own models in the place of those before, at once or not at all."""
    shop.files.write(_FILE, json.dumps([asdict(model) for model in models.values()], indent=1).encode())
