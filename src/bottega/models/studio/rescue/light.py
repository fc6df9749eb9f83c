"""White balance and exposure: a photo's light set right, as far as the photo itself tells what was white.

Idea     On a plain, light background the background is known to be without colour, and near to white. Elsewhere the
         mean of what is bright is taken for the light, and believed only where it is clearly not grey. Gains apply
         to light, not to its gamma-coded numbers, and never so far that what was there is lost.
Source   Shades of grey: Finlayson & Trezzi 2004, "Shades of Gray and Colour Constancy", p = 6. sRGB: IEC 61966-2-1.
Differs  A photo that seems right is left alone to the bit: no gain at all is a gain of one.
Costs    About 10 ms for 224 x 224 pixels (benchmarks/rescue.md).
Shapes   H, W sides of the photo.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bottega.datasets.photos.reading import Photo, border
from bottega.models.blocks.colours import is_plain
from bottega.names import FloatArray

__all__ = ["Light", "light_of", "linear", "relit", "srgb"]

_WHITE = 0.9
"""What a plain background should reflect: sRGB 243."""
_LIGHT_BACKGROUND = 0.6
"""A plain background that reflects less than this share of the brightest thing in the photo is meant to be dark."""
_GREATEST_CAST = 1.8
"""Gains of two colours that differ more than this are no cast but the thing's own colour."""
_LEAST_CAST_PLAIN, _LEAST_CAST = 1.03, 1.18
"""Casts weaker than this are left alone."""
_LEAST_GAIN, _GREATEST_GAIN = 1.08, 4.0
_DARK, _MIDDLE = 0.08, 0.2
"""A photo without a plain background whose mean light is below the first is brought to the second."""


@dataclass(frozen=True, slots=True)
class Light:
    """What a photo's light is, as the gains that set it right."""

    gains: tuple[float, float, float]
    """Of red, green and blue, in light; without brightness, their mean is 1."""
    brightness: float
    """Gain of all three."""
    plain: bool
    """Whether a plain background told it."""

    @property
    def has_cast(self) -> bool:
        return max(self.gains) > min(self.gains)

    @property
    def is_right(self) -> bool:
        """Whether nothing is to be done."""
        return not self.has_cast and self.brightness == 1


def light_of(photo: Photo) -> Light:
    """Measure a photo's light."""
    edge = linear(np.median(border(photo), axis=0))
    grey = float(edge.max()) <= _GREATEST_CAST * float(edge.min())  # a red ground is meant to be red
    plain = is_plain(photo) and grey and float(edge.mean()) > 0.02
    if plain and float(edge.max()) > _LIGHT_BACKGROUND * _brightest(photo):
        gains = _cast(edge, _LEAST_CAST_PLAIN)
        lit = float((edge * gains).mean())
        return Light(_three(gains), max(1.0, _limited(_WHITE / max(lit, 1e-3))), True)
    light = linear(photo.reshape(-1, 3)[:: max(1, photo.shape[0] * photo.shape[1] // 40_000)])
    seen = light[(light.max(1) < 0.98) & (light.max(1) > 0.002)]
    if len(seen) < 100:
        return Light((1.0, 1.0, 1.0), 1.0, False)
    gains = _cast((seen**6).mean(0) ** (1 / 6), _LEAST_CAST)
    mean = float(light.mean())
    brightness = _limited(_MIDDLE / max(mean, 1e-3)) if mean < _DARK else 1.0
    return Light(_three(gains), brightness, False)


def relit(photo: Photo, light: Light) -> Photo:
    """The photo [H, W, 3] in white light of the right strength; bright parts are bent, not cut off."""
    if light.is_right:
        return photo
    found = linear(photo) * np.array(light.gains, np.float32) * np.float32(light.brightness)
    if not light.plain and light.brightness > 1:
        found = found * (1 + found / light.brightness**2) / (1 + found)  # Reinhard: 1 before stays 1 after
    return np.rint(srgb(found)).clip(0, 255).astype(np.uint8)


def linear(values: np.ndarray) -> FloatArray:
    """Light, 0 to 1, of sRGB numbers 0 to 255."""
    share = values.astype(np.float32) / np.float32(255)
    found: FloatArray = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4).astype(np.float32)
    return found


def srgb(light: FloatArray) -> FloatArray:
    """sRGB numbers 0 to 255 of light."""
    light = light.clip(0, 1)
    curved = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    found: FloatArray = (curved * 255).astype(np.float32)
    return found


def _brightest(photo: Photo) -> float:
    return float(linear(np.percentile(photo[::2, ::2].reshape(-1, 3).max(1), 99)))


def _cast(white: FloatArray, least: float) -> FloatArray:
    """Gains that make `white` grey; ones where it nearly is, or is so far from it that it is a colour."""
    ratio = float(white.max() / max(float(white.min()), 1e-4))
    if not least <= ratio <= _GREATEST_CAST:
        return np.ones(3, np.float32)
    gains: FloatArray = (float(white.mean()) / white).astype(np.float32)
    return gains / np.float32(gains.mean())


def _limited(gain: float) -> float:
    return 1.0 if 1 / _LEAST_GAIN < gain < _LEAST_GAIN else float(np.clip(gain, 1 / _GREATEST_GAIN, _GREATEST_GAIN))


def _three(gains: FloatArray) -> tuple[float, float, float]:
    return float(gains[0]), float(gains[1]), float(gains[2])
