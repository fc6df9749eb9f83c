"""Models that come with Bottega: each loaded once in a process and shared by all its shops.

They may be shared because they never change and know of no shop: an answer reads them, a training goes on from a copy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from bottega.models.blocks.shipped import weights_of
from bottega.shop.once import Once

__all__ = [
    "COMPOSER",
    "EYE",
    "FACE_POINTS",
    "KEY_POINTS",
    "OUTFITS",
    "PARTS",
    "PRODUCT",
    "RESCUE",
    "SHIPPED",
    "SKETCH",
    "TURNTABLE",
    "UPRIGHT",
    "WORDS",
    "Ability",
    "ShippedModels",
]


@dataclass(frozen=True, slots=True)
class Ability:
    """Something that a model can do: whose it is, and what reads its files."""

    name: str
    """As model runs and `bottega models` name it; also its folder among the shipped weights."""
    room: str
    made_by: str
    """The "module:Class", imported when first needed, so that a name costs no torch."""
    trained_with: str = ""
    """The ability whose training makes it too; its own where empty."""
    folder: str = "model"
    """Its folder among the files of a run."""

    @property
    def of_runs(self) -> str:
        """The ability under which its trainings are written down."""
        return self.trained_with or self.name

    @property
    def maker(self) -> type[Any]:
        """The class, with `load` and `shipped`."""
        module, _, name = self.made_by.partition(":")
        found: type[Any] = getattr(import_module(module), name)
        return found

    @property
    def weights(self) -> Path:
        """Folder of the shipped weights."""
        return weights_of(self.room) / self.name


_VISION = "bottega.models.vision"
EYE = Ability("eye", "vision", f"{_VISION}.eye.eye:Eye")
PARTS = Ability("parts", "vision", f"{_VISION}.parts.parser:Parts")
WORDS = Ability("words", "vision", f"{_VISION}.joint_space:JointSpace", trained_with="eye", folder="words")
OUTFITS = Ability("outfits", "vision", f"{_VISION}.outfits:Outfits")
UPRIGHT = Ability("upright", "vision", f"{_VISION}.upright:Upright", trained_with="eye")
RESCUE = Ability("rescue", "studio", "bottega.models.studio.rescue.rescue:Rescue")

PRODUCT = Ability("product", "studio", "bottega.models.studio.products.generator:ProductGenerator")
COMPOSER = Ability("composer", "studio", "bottega.models.studio.composer.composer:Composer")
KEY_POINTS = Ability("key_points", "studio", "bottega.models.studio.key_points.key_points:KeyPointReader")
SKETCH = Ability("sketch", "studio", "bottega.models.studio.sketch.sketch:Sketcher")
FACE_POINTS = Ability("face_points", "studio", "bottega.models.studio.face_things.finder:FaceFinder")
TURNTABLE = Ability("turntable", "studio", "bottega.models.studio.turntable.turntable:Turntable")


_ALL = (
    EYE, PARTS, WORDS, OUTFITS, UPRIGHT, RESCUE, PRODUCT, SKETCH, KEY_POINTS, TURNTABLE, FACE_POINTS, COMPOSER,
)  # fmt: skip


class ShippedModels:
    """The shipped model of each ability. Safe to call from several threads."""

    def __init__(self) -> None:
        self._found: dict[str, Once[Any]] = {one.name: Once(_loading(one)) for one in _ALL}

    def get(self, ability: Ability) -> Any:
        """The model; None where it was left out. Raises `ModelFileBroken`."""
        return self.once(ability)()

    def once(self, ability: Ability) -> Once[Any]:
        """The model as something that is loaded when it is asked for."""
        return self._found[ability.name]

    @contextmanager
    def standing_in(self, **models: Any) -> Iterator[None]:
        """Put other models in place for as long as the block lasts, by ability; None for none at all.

        The one door for whoever tries a model out, or tests with one whose answers are known.
        """
        before = self._found
        assert models.keys() <= before.keys(), f"abilities are {', '.join(before)}"
        self._found = before | {name: _given(model) for name, model in models.items()}
        try:
            yield
        finally:
            self._found = before


def _loading(ability: Ability) -> Callable[[], Any]:
    return lambda: ability.maker.shipped()


def _given(model: Any) -> Once[Any]:
    given = Once(lambda: model)
    given()
    return given


SHIPPED = ShippedModels()
"""Those of this process."""
