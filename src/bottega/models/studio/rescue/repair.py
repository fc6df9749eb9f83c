"""All that can be put right in one photo, in the order that loses least, and what was done in words.

Idea     Light first, because what is cut out depends on it; then the tilt; then sharpness and size, from the pixels
         that came; the white ground last, cut out of the finished picture. Each step says what it did, or why not.
Shapes   H, W sides of the photo that came.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from bottega.datasets.photos.provenance import SourceType
from bottega.datasets.photos.reading import Photo
from bottega.models.blocks.colours import seen_through
from bottega.models.blocks.cutout import cut_out
from bottega.models.studio.rescue.ghost import ghost_of
from bottega.models.studio.rescue.level import levelled, tilt_of
from bottega.models.studio.rescue.light import light_of, relit
from bottega.models.studio.rescue.on_white import CutOut, cut_sides, framed, on_white, zoom_of
from bottega.models.studio.rescue.presets import PRESETS
from bottega.models.studio.rescue.rescue import Rescue, Way
from bottega.models.studio.rescue.scenes import SCENES, on_scene, scene_px
from bottega.names import BoolArray, FloatArray
from bottega.progress import Progress, silent

__all__ = ["Repaired", "StepDone", "Wanted", "beside", "repair", "work_px"]

_GARMENT = {"upper": "upper garment", "lower": "lower garment"}
_SMALL_PX, _TINY_PX = 600, 250
"""Longer sides below which a photo becomes twice and four times as large, where nobody says."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for."""

    enlarge: int | None = None
    """1, 2 or 4; None decides by the photo's size."""
    way: Way = "likely"
    """The likely answer, or the mean one that makes nothing up."""
    light: bool = True
    level: bool = True
    clean: bool = False
    """Without noise and blocks, where it is not enlarged anyway."""
    background: bool = False
    shadow: bool = False
    preset: str = ""
    """One of `PRESETS`, or empty."""
    scene: str = ""
    """One of `SCENES` to lay the product on, or empty."""
    ghost: bool = False
    """A garment without who wears it."""
    garment: str = ""
    """Which, one of `ghost.GARMENTS`; the largest where empty."""

    @property
    def cuts_out(self) -> bool:
        """Whether the product is laid on anything else than what is behind it."""
        return self.background or self.ghost or bool(self.preset or self.scene)


@dataclass(frozen=True, slots=True)
class StepDone:
    """What became of one step."""

    step: str
    done: bool
    what: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """The photo afterwards, the steps, and what its file has to say of how it was made."""

    photo: Photo
    steps: tuple[StepDone, ...]
    source_type: SourceType | None
    """None: nothing was changed."""


def repair(
    photo: Photo,
    wanted: Wanted,
    rescue: Callable[[], Rescue],
    mask_of: Callable[[Photo], BoolArray],
    parts_of: Callable[[Photo], FloatArray],
    *,
    progress: Progress = silent,
) -> Repaired:
    """Put the photo right. `rescue`, `mask_of` (what is product) and `parts_of` (the chance of each part of somebody
    dressed [H, W, P]) are asked only where they are needed."""
    steps: list[StepDone] = []
    kind: SourceType | None = None

    def note(step: str, done: bool, what: str, made: SourceType = SourceType.ENHANCED) -> None:
        nonlocal kind
        steps.append(StepDone(step, done, what))
        if done and kind is not SourceType.PARTLY_GENERATED:
            kind = made

    if wanted.light:
        light = light_of(photo)
        photo = relit(photo, light)
        note("light", not light.is_right, _light_words(light.gains, light.brightness, light.has_cast))
    if wanted.level:
        tilt = tilt_of(photo)
        turned = levelled(photo, tilt)
        note("level", turned is not photo, _tilt_words(tilt.degrees, tilt.is_known, tilt.by))
        photo = turned
    factor = wanted.enlarge or _factor_of(photo)
    drawn = SourceType.PARTLY_GENERATED if wanted.way == "likely" else SourceType.ENHANCED
    if factor > 1:
        model = rescue()
        photo = model.enlarged(photo, factor, way=wanted.way, progress=progress)
        kept = drawn if model.likely is not None else SourceType.ENHANCED
        note("enlarge", True, f"{factor} times as large", kept)
    elif wanted.clean:
        photo = rescue().cleaned(photo, progress=progress)
        note("clean", True, "noise and the blocks of compression taken out")
    if wanted.cuts_out:
        cut, step = _cut(photo, wanted, mask_of, parts_of)
        if step is not None:
            note(step.step, step.done, step.what, SourceType.COMPOSED)
        if cut is not None:
            laid, what = _laid(cut, wanted)
            photo = photo if laid is None else laid
            note("background", laid is not None, what, SourceType.COMPOSED if wanted.scene else SourceType.ENHANCED)
    return Repaired(photo, tuple(steps), kind)


def _cut(
    photo: Photo, wanted: Wanted, mask_of: Callable[[Photo], BoolArray], parts_of: Callable[[Photo], FloatArray]
) -> tuple[CutOut | None, StepDone | None]:
    """What is laid on another ground, None where there is none; and the step that says so, where there was one."""
    if wanted.ghost:
        ghost = ghost_of(photo, parts_of(photo), wanted.garment or None)
        what = ghost.refused or f"the {_GARMENT[ghost.part]} alone, without who wears it"
        return ghost.cut, StepDone("ghost", ghost.cut is not None, what)
    cut = cut_out(photo, mask_of(photo) & ~seen_through(photo))
    if 0.002 < float((cut[..., 3] > 127).mean()) < 0.995:
        return cut, None
    return None, StepDone("background", False, "no product could be told from what is behind it")


def _laid(cut: CutOut, wanted: Wanted) -> tuple[Photo | None, str]:
    """The product on white or on a scene, in the shape that was asked for, and what was done; None with why not."""
    preset, sides = PRESETS.get(wanted.preset), cut_sides(cut)
    if wanted.scene:
        if sides:
            return None, f"the photo cuts it off ({', '.join(sorted(sides))}): on a scene it would float"
        side = scene_px(wanted.scene)
        size = (preset.width, preset.height) if preset else (side, side)
        return on_scene(cut, wanted.scene, size), f"{size[0]} x {size[1]} on {SCENES[wanted.scene].label}"
    if preset is None:
        words = ", with a shadow where it stands" if wanted.shadow else ""
        return on_white(cut, shadow=wanted.shadow), f"white 255{words}"
    words = f"{preset.width} x {preset.height} on white 255, the product {zoom_of(cut, preset):.1f} times as large"
    if sides:
        words += f"; the photo cuts it off ({', '.join(sorted(sides))}), so it stays flush there"
    return framed(cut, preset, shadow=wanted.shadow), words


def work_px(width: int, height: int, wanted: Wanted) -> int:
    """Pixels that the network has to look at, by which one can tell how long it takes."""
    factor = wanted.enlarge or _factor(max(width, height))
    passes = 2 if wanted.way == "likely" and factor > 1 else 1
    return width * height * passes if factor > 1 or wanted.clean else 0


def beside(before: Photo, after: Photo) -> Photo:
    """Both side by side, as high as the higher one, the smaller enlarged without smoothing it."""
    height = max(before.shape[0], after.shape[0])
    both = []
    for photo in (before, after):
        width = max(1, round(photo.shape[1] * height / photo.shape[0]))
        way = Image.Resampling.BICUBIC
        both.append(
            np.array(Image.fromarray(photo).resize((width, height), way)) if photo.shape[0] != height else photo
        )
    gap = np.full((height, max(4, height // 50), 3), 255, np.uint8)
    return np.concatenate([both[0], gap, both[1]], axis=1)


def _factor_of(photo: Photo) -> int:
    return _factor(max(photo.shape[:2]))


def _factor(longer: int) -> int:
    return 4 if longer < _TINY_PX else 2 if longer < _SMALL_PX else 1


def _light_words(gains: tuple[float, float, float], brightness: float, has_cast: bool) -> str:
    if not has_cast and brightness == 1:
        return "its light is right, as far as it can be told"
    parts = []
    if has_cast:
        parts.append("red, green and blue times " + ", ".join(f"{gain:.2f}" for gain in gains))
    if brightness != 1:
        parts.append(f"light times {brightness:.2f}")
    return "; ".join(parts)


def _tilt_words(degrees: float, known: bool, by: str) -> str:
    if not known:
        return "nothing in it tells what is level"
    told = "its straight edges" if by == "edges" else "its symmetry"
    if abs(degrees) < 0.4:
        return f"it is level, as {told} tell"
    return f"turned back by {abs(degrees):.1f} degrees, as {told} tell"
