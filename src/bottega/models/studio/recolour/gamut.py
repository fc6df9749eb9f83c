"""Lab to sRGB so that lightness and hue stay: a colour that no screen shows loses chroma until one does.

Source   CIE 15:2004, section 8; sRGB: IEC 61966-2-1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bottega.names import BoolArray, FloatArray

__all__ = ["shown"]

_WHITE = np.array([0.95047, 1.0, 1.08883], np.float32)
_TO_RGB = np.array(
    [[3.2404542, -1.5371385, -0.4985314], [-0.969266, 1.8760108, 0.041556], [0.0556434, -0.2040259, 1.0572252]],
    np.float32,
)
_ROUNDS = 10
_SLACK = 5e-4


def shown(lab: FloatArray) -> NDArray[np.uint8]:
    """sRGB 0 to 255 [..., 3] of Lab [..., 3]."""
    flat = lab.reshape(-1, 3).astype(np.float32)
    flat[:, 0] = flat[:, 0].clip(0, 100)
    rgb = _linear(flat)
    strange = ~_inside(rgb)
    if strange.any():
        rgb[strange] = _linear(_paler(flat[strange]))
    rgb = rgb.clip(0, 1)
    code = np.where(rgb <= 0.0031308, 12.92 * rgb, 1.055 * rgb ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * code), np.uint8).reshape(lab.shape)


def _paler(lab: FloatArray) -> FloatArray:
    """The same lightness and hue with as much chroma as can be shown."""
    low, high = np.zeros(len(lab), np.float32), np.ones(len(lab), np.float32)
    for _ in range(_ROUNDS):
        middle = np.asarray((low + high) / 2, np.float32)
        fits = _inside(_linear(_scaled(lab, middle)))
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return _scaled(lab, low)


def _scaled(lab: FloatArray, chroma: FloatArray) -> FloatArray:
    return np.concatenate([lab[:, :1], lab[:, 1:] * chroma[:, None]], axis=1)


def _linear(lab: FloatArray) -> FloatArray:
    y = (lab[:, 0] + 16) / 116
    f = np.stack([y + lab[:, 1] / 500, y, y - lab[:, 2] / 200], axis=1)
    xyz = np.where(f > 6 / 29, f**3, 3 * (6 / 29) ** 2 * (f - 4 / 29)) * _WHITE
    return np.asarray(xyz @ _TO_RGB.T, np.float32)


def _inside(rgb: FloatArray) -> BoolArray:
    return np.asarray(((rgb >= -_SLACK) & (rgb <= 1 + _SLACK)).all(1), bool)
