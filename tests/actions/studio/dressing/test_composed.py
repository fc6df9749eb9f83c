"""A dressed figure by way of the composer: only what was unsure changes, and the file says that a model did it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from tests.actions.studio.dressing.drawn_clothes import fill

from bottega.actions.studio.dressing.dress import dress
from bottega.actions.studio.dressing.shapes import DressRequest
from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.errors import RequestInvalid
from bottega.models.studio.composer.composer import Composer, ComposerConfig
from bottega.models.studio.composer.network import ComposerNetwork, ComposerShape
from bottega.shop.open_shop import OpenShop

SMALL = ComposerShape((8, 8, 16, 16))


def composer() -> Composer:
    torch.manual_seed(0)
    network = ComposerNetwork(SMALL)
    torch.nn.init.normal_(network.shade.weight, std=0.5)
    return Composer(ComposerConfig("tried", shape=SMALL), network)


def test_it_is_asked_for_said_and_absent_refused(
    tmp_path: Path, ships: Callable[..., None], plain_parts: type[Any]
) -> None:
    parts = plain_parts()
    parts.version = "plain"
    asked = {"model": "bela", "products": ["tee"], "crop": "upper"}
    ships(parts=parts, composer=composer())
    with OpenShop.open(tmp_path / "shop") as shop:
        fill(shop)
        plain = dress(shop, DressRequest.model_validate(asked))
        learnt = dress(shop, DressRequest.model_validate(asked | {"composer": True}))
        ships(composer=None)
        with pytest.raises(RequestInvalid, match="none is installed"):
            dress(shop, DressRequest.model_validate(asked | {"composer": True}))
    assert source_type_of(plain.content) == SourceType.COMPOSED == plain.source_type
    assert source_type_of(learnt.content) == SourceType.PARTLY_GENERATED == learnt.source_type
    one, other = (np.asarray(Image.open(BytesIO(answer.content)), int) for answer in (plain, learnt))
    away = np.abs(one - other).max(2) > 12  # JPEG itself moves a little
    assert 0.01 < away.mean() < 0.5
    assert not away[:200, :150].any(), "the background stays"
