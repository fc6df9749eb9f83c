"""Models in use: of each ability the newest one that the shop trained, else the one that ships.

Found, loaded, kept and let go of here and nowhere else. A file is read outside of every lock, once; a model that a
newer one replaces is let go of the moment the newer one is asked for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bottega.errors import StoreUnavailable
from bottega.models.blocks.cards import read_card
from bottega.shop.folder import ShopFolder
from bottega.shop.once import Once
from bottega.shop.trained.shipped_models import (
    COMPOSER,
    EYE,
    KEY_POINTS,
    OUTFITS,
    PARTS,
    PRODUCT,
    RESCUE,
    SHIPPED,
    SKETCH,
    TURNTABLE,
    WORDS,
    Ability,
    ShippedModels,
)
from bottega.shop.trained.studio_models import product_generator, sketch_network
from bottega.store.runs import ModelRun

if TYPE_CHECKING:
    from bottega.datasets.photos.masks import LabelMap
    from bottega.datasets.photos.reading import Photo
    from bottega.models.studio.composer.composer import Composer
    from bottega.models.studio.key_points.key_points import KeyPointReader
    from bottega.models.studio.people.face_editor import FaceEditor
    from bottega.models.studio.products.generator import ProductGenerator
    from bottega.models.studio.rescue.rescue import Rescue
    from bottega.models.studio.sketch.sketch import Sketcher
    from bottega.models.studio.turntable.turntable import Turntable
    from bottega.models.vision.eye.config import MakesVectors
    from bottega.models.vision.eye.eye import Eye
    from bottega.models.vision.joint_space import JointSpace
    from bottega.models.vision.outfits import Outfits
    from bottega.models.vision.parts.parser import Parts
    from bottega.shop.trained.eye_in_use import EyeInUse
    from bottega.shop.trained.trained_shop import TrainedShop

__all__ = ["FACE", "RECOMMEND", "WORDING", "ModelInUse", "ModelsInUse"]

RECOMMEND = "recommend"
WORDING = "wording"
"""The ability, and the room, of recommenders."""
FACE = "face"
"""The ability of changing faces, for which nothing ships."""


@dataclass(frozen=True, slots=True)
class ModelInUse:
    """One line of the list of models in use."""

    ability: str
    room: str
    name: str
    version: str
    origin: Literal["own", "shipped"]
    trained_at_ms: int | None
    """UTC; None for shipped models whose card does not say."""
    bars: dict[str, dict[str, Any]]
    """What its card says of the bars it was held to: measure -> value, bar, met."""
    folder: Path
    """Where its files lie."""
    of_runs: str
    """The ability under which its trainings are written down."""

    @property
    def age_s(self) -> float | None:
        """How long ago it was trained."""
        return None if self.trained_at_ms is None else round(time.time() - self.trained_at_ms / 1000, 1)


class ModelsInUse:
    """The models that one shop answers with. Safe to call from several threads."""

    def __init__(self, folder: ShopFolder, shipped: ShippedModels | None = None) -> None:
        self.shipped = shipped or SHIPPED
        """Those that come with Bottega: what trainings go on from."""
        self._folder = folder
        self._lock = threading.Lock()
        self._own: dict[str, tuple[Path, Once[Any]]] = {}
        self._seeing: EyeInUse | None = None
        self._newest: dict[str, ModelRun | None] = {}
        """Ability -> the training of it that was the newest when the store was asked last."""

    def eye(self) -> Eye:
        """What looks at photos. Raises `ModelFileBroken`, as they all do."""
        return self.eye_in_use().load()

    def eye_in_use(self) -> EyeInUse:
        """The same, by what its files say of it: nothing is loaded."""
        from bottega.shop.trained.eye_in_use import EyeInUse

        load, kept = self._once(EYE), self._seeing
        if kept is None or kept.load is not load:
            kept = self._seeing = EyeInUse.of(load, self._trained(EYE) or EYE.weights)
        return kept

    def parts(self) -> Parts:
        """What tells the parts of a photo apart."""
        found: Parts = self._get(PARTS)
        return found

    def parse(self, photo: Photo) -> LabelMap:
        """Codes of the parts of a photo [H, W]."""
        return self.parts().parse_labels([photo])[0]

    def outfits(self) -> Outfits:
        """What says which garments go together."""
        found: Outfits = self._get(OUTFITS)
        return found

    def rescue(self) -> Rescue:
        """What makes photos sharp and large."""
        found: Rescue = self._get(RESCUE)
        return found

    def key_points(self) -> KeyPointReader:
        """What finds the joints of a person."""
        found: KeyPointReader = self._get(KEY_POINTS)
        return found

    def turntable(self) -> Turntable | None:
        """What turns products by what it learnt; None where it was left out."""
        found: Turntable | None = self._get(TURNTABLE)
        return found

    def composer(self) -> Composer | None:
        """What changes dressed pictures where geometry was unsure; None where none ships."""
        found: Composer | None = self.shipped.get(COMPOSER)
        return found

    def product(self) -> ProductGenerator:
        """What draws products that do not exist. Raises `ModelMissing` where the shop has none."""
        return product_generator(self._folder.settings, self.shipped)

    def sketch(self) -> Sketcher:
        """What makes products of drawings. Raises `ModelMissing` where the shop has none."""
        return sketch_network(self._folder.settings, self.shipped)

    def face(self) -> FaceEditor | None:
        """What changes faces: the shop's own, from the merchant's photos; None where it has none, for none ships."""
        from bottega.models.studio.people.face_editor import FaceEditor

        run = self.newest(FACE)
        return None if run is None else FaceEditor.load(self._folder.of_run(run.folder) / "model")

    def words(self, eye: MakesVectors) -> JointSpace | None:
        """Words among photos as this eye sees them: the shop's own, else the shipped ones; None where none fit it."""
        for find in (self._get, self.shipped.get):
            space: JointSpace | None = find(WORDS)
            if space is not None and space.version == eye.version:
                return space
        return None

    def newest(self, ability: str = RECOMMEND) -> ModelRun | None:
        """The newest training of an ability that is ready; while the store does not answer, what it said last."""
        try:
            found = self._newest[ability] = self._folder.store.runs.latest(ability)
        except StoreUnavailable:
            if ability not in self._newest:
                raise
            return self._newest[ability]
        return found

    def trained_shop(self, run: ModelRun) -> TrainedShop:
        """What a training of a recommender made; the floor that stands on it keeps it."""
        from bottega.shop.trained.trained_shop import TrainedShop

        return TrainedShop.load(self._folder.of_run(run.folder), run.name)

    def in_use(self) -> list[ModelInUse]:
        """Every model that answers now; loads none of them."""
        drawing = [ability for ability in (PRODUCT, SKETCH, TURNTABLE) if ability.weights.exists()]
        abilities = (EYE, PARTS, WORDS, OUTFITS, RESCUE, KEY_POINTS, *drawing)
        lines = [self._line(ability) for ability in abilities]
        return [*self._runs_of(RECOMMEND), *lines, *self._runs_of(WORDING), *self._runs_of(FACE)]

    def _get(self, ability: Ability) -> Any:
        return self._once(ability)()

    def _once(self, ability: Ability) -> Once[Any]:
        folder = self._trained(ability)
        if folder is None:
            with self._lock:
                self._own.pop(ability.name, None)
            return self.shipped.once(ability)
        with self._lock:
            kept = self._own.get(ability.name)
            if kept is None or kept[0] != folder:
                kept = self._own[ability.name] = folder, Once(partial(_load, ability, folder))
        return kept[1]

    def _trained(self, ability: Ability) -> Path | None:
        """Folder of the newest model of its own that the shop has."""
        run = self.newest(ability.of_runs)
        if run is None:
            return None
        folder = self._folder.of_run(run.folder) / ability.folder
        missing = ability.trained_with and not (folder / "model.json").exists()  # a training may make one without it
        return None if missing else folder

    def _runs_of(self, ability: str) -> Iterator[ModelInUse]:
        """The run in use of what nothing ships for."""
        run = self.newest(ability)
        if run is not None:
            folder = self._folder.of_run(run.folder)
            bars = read_card(folder).get("bars", {})
            yield ModelInUse(
                run.ability, run.room, run.name, run.version, "own", run.trained_at_ms, bars, folder, run.ability
            )

    def _line(self, ability: Ability) -> ModelInUse:
        run = self.newest(ability.of_runs)
        if run is not None and (folder := self._trained(ability)) is not None:
            bars, made = read_card(self._folder.of_run(run.folder)).get("bars", {}), run.trained_at_ms
            return ModelInUse(
                ability.name, ability.room, run.name, run.version, "own", made, bars, folder, ability.of_runs
            )
        card = read_card(ability.weights)
        version = str(card.get("version") or card.get("eye", ""))
        return ModelInUse(
            ability.name,
            ability.room,
            str(card.get("name", ability.name)),
            version,
            "shipped",
            card.get("trained_at_ms"),
            card.get("bars", {}),
            ability.weights,
            ability.of_runs,
        )


def _load(ability: Ability, folder: Path) -> Any:
    return ability.maker.load(folder)
