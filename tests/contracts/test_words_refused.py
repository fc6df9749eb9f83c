"""Every verb of the studio that takes words refuses race by name, before it looks at anything else."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from PIL import Image
from tests.models.studio.products.drawing import generator

from bottega.actions.verbs import VERBS, verb
from bottega.errors import EditRefused
from bottega.models.studio.rescue.rescue import Rescue
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Upload

NAMES = frozenset(
    {"preset", "scene", "product_id", "product_ids", "design_id", "like", "template", "device"}
    | {"shopper", "shopper_signature", "picture_id"}
)
"""Fields of text that are ids, or one of a list."""
LISTED = frozenset(
    {"show_fashion_model", "keep_fashion_model", "remove_fashion_models", "dress"}
    | {"dress_catalogue", "lookbook", "remove_lookbook", "social_post"}
)
"""Verbs whose words are names, or one of a list: drawn models have a tone of skin, and no photo is changed."""
SAID: dict[str, Callable[[], dict[str, Any]]] = {
    "imagine": lambda: {"words": "shirt on an asian model"},
    "recolour": lambda: {"photos": [_photo()], "to": "black skin"},
    "sketch": lambda: {"photo": _photo(), "colour": "black", "type": "woman"},
    "restage": lambda: {"source": "a.mp4", "colour": "darker skin"},
    "colour_hair": lambda: {"photo": _photo(), "to": "make her white"},
    "change_face": lambda: {"photo": _photo(), "change": {"ethnicity": 0.5}},
}
"""Verb -> a request that asks for race."""


def _photo() -> Upload:
    out = BytesIO()
    Image.fromarray(np.full((40, 40, 3), 200, np.uint8)).save(out, "PNG")
    return Upload(name="a.png", content=out.getvalue())


def test_every_verb_that_takes_words_is_in_the_table() -> None:
    takes = {
        one.name
        for one in VERBS
        if one.function.startswith("studio.") and one.name not in LISTED
        for name, field in one.takes.model_fields.items()
        if name not in NAMES and (field.annotation is str or str in get_args(field.annotation))
    }
    assert takes == SAID.keys(), "a verb that takes words calls `refuse_race`, and says here how it is asked for race"


@pytest.mark.parametrize("name", SAID)
def test_race_is_refused(name: str, tmp_path: Path, ships: Callable[..., None]) -> None:
    ships(rescue=Rescue.fresh(rng=np.random.default_rng(0)), product=generator())
    asked = verb(name)
    with pytest.raises(EditRefused):
        asked.run(OpenShop.open(tmp_path / "shop"), asked.takes.model_validate(SAID[name]()))
