"""Fashion models: figures with a name, who look the same in every picture.

Idea     A name stands for a body, a skin, a hair and a light. The ones that come along are varied on purpose: women,
         men and children, twenty to seventy, slim and large, over the whole scale of skin tones. A merchant makes
         others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bottega.errors import RequestInvalid
from bottega.models.studio.bodies.appearance import Appearance, light_of
from bottega.models.studio.bodies.body import Build, build
from bottega.models.studio.bodies.figure import Figure, figure
from bottega.models.studio.bodies.hair import hair_named
from bottega.models.studio.bodies.poses import pose

__all__ = ["FashionModel", "checked", "model_named", "on_call", "shown"]

_FILE = Path(__file__).parent / "fashion_models.json"


@dataclass(frozen=True, slots=True)
class FashionModel:
    """One of them."""

    name: str
    body: str
    pose: str = "standing"
    """The one that it takes where none is asked for."""
    appearance: Appearance = field(default_factory=Appearance)
    says: str = ""
    """Who that is, in a few words."""

    @property
    def build(self) -> Build:
        """What is known of its body."""
        return build(self.body)


@lru_cache(maxsize=1)
def on_call() -> Mapping[str, FashionModel]:
    """Those that come along, by name."""
    rows: list[dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return MappingProxyType({row["name"]: checked(FashionModel(**_fields(row))) for row in rows})


def checked(model: FashionModel) -> FashionModel:
    """The same model. Raises `RequestInvalid` where its body, pose, hair or a colour is none."""
    build(model.body)
    pose(model.pose)
    hair_named(model.appearance.hair)
    for colour in (
        model.appearance.skin,
        model.appearance.hair_colour,
        model.appearance.eyes,
        model.appearance.base_layer,
        model.appearance.background,
    ):
        light_of(colour)
    return model


def model_named(name: str, own: Mapping[str, FashionModel]) -> FashionModel:
    """The model of a name, a shop's own before those on call. Raises `RequestInvalid`."""
    found = own.get(name) or on_call().get(name)
    if found is None:
        raise RequestInvalid(
            f"No fashion model is called {name[:80]!r}.",
            allowed=f"Models: {', '.join([*own, *on_call()])}.",
            next_step="Name one of them; `bottega models-on-call` says who they are.",
        )
    return found


def shown(model: FashionModel, *, pose_name: str = "", crop: str = "full", around: float = 0.0) -> Figure:
    """A model in a pose (its own where none is named). The same request gives the same picture."""
    return figure(model.body, model.appearance, pose_name or model.pose, crop=crop, around=around)


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"appearance": Appearance(**row.get("appearance", {}))}
