"""Templates: photographs of things that were never photographed, with a map of where a picture goes.

Idea     Each thing was modelled in code and lit once (`bake/` at the root of the repository). What came of it, for each
         of three angles: the photo as it is unprinted; where a pixel shows the slot, the place (u, v) of the print that
         it shows; the light that falls there, for each unit of what is printed; and the shine that lies over it. So a
         preview is a look-up times light, and nothing is traced any more.
Costs    About 200 KB an angle on disk, 12 MB in memory; the last twelve are kept.
Shapes   H, W height and width of a preview; light is linear, 1 is the paper behind.
"""

from __future__ import annotations

import io
import lzma
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bottega.errors import RequestInvalid
from bottega.models.blocks.jit import kernel
from bottega.models.studio.prints.printed import PRINTED, Printed
from bottega.names import FloatArray

__all__ = ["FOLDER", "TOP", "Template", "packed", "packed_cloth", "printed_named", "template"]

FOLDER = Path(__file__).parent / "baked"
TOP = 2.0
"""The brightest light that the files can say."""
_BITS = 13
_GAMMA = 2.2

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """One thing from one angle."""

    printed: Printed
    angle: str
    covered: FloatArray
    """[H, W], how much of a pixel shows the slot, 0 to 1."""
    u: FloatArray
    """[H, W], from the left edge of the print (0) to the right one (1); anything where nothing is covered."""
    v: FloatArray
    """[H, W], from the top."""
    light: FloatArray
    """[H, W], what the slot gives back of each unit printed there; 0 outside."""
    shine: FloatArray
    """[H, W, 3], everything else that a pixel shows; outside of the slot, the photo."""
    cloth: FloatArray
    """[H, W], how much of a pixel is cloth that may be dyed, 0 to 1; 0 on all other things."""
    marks: FloatArray
    """[M, 4], u and v of some points of the slot, and the pixels x and y at which the thing's model says they are."""


def printed_named(name: str) -> Printed:
    """The kind of thing of a name. Raises `RequestInvalid`."""
    if name not in PRINTED:
        raise RequestInvalid(
            f"No template is called {name[:80]!r}.",
            allowed=f"Templates: {', '.join(PRINTED)}.",
            next_step="Name one of them in the product's attribute `customise`.",
        )
    return PRINTED[name]


@lru_cache(maxsize=12)
def template(name: str, angle: str) -> Template:
    """The template of a thing, read. Raises `RequestInvalid`."""
    printed = printed_named(name)
    assert angle in printed.angles
    with np.load(FOLDER / f"{name}.npz") as file:
        covered = _unpacked(file[f"{angle}_covered"].tobytes(), np.dtype(np.uint8))
        inside = covered > 0
        u, v = (_whole(_unpacked(file[f"{angle}_{axis}"].tobytes(), np.dtype("<i2")), inside) for axis in "uv")
        photo, shine, light = (_linear(_picture(file[f"{angle}_{layer}"])) for layer in ("photo", "shine", "light"))
        marks = file[f"{angle}_marks"].astype(np.float32)
        has_cloth = f"{angle}_cloth" in file.files
        cloth = _unpacked(file[f"{angle}_cloth"].tobytes(), np.dtype(np.uint8)) if has_cloth else np.zeros_like(covered)
    scale = np.float32(1 / ((1 << _BITS) - 1))
    return Template(
        printed=printed,
        angle=angle,
        covered=np.asarray(covered / np.float32(16), np.float32),
        u=u * scale,
        v=v * scale,
        light=np.where(inside, light[..., 0], np.float32(0)),
        shine=np.where(inside[..., None], shine, photo),
        cloth=np.asarray(cloth / np.float32(16), np.float32),
        marks=marks,
    )


def packed(
    u: FloatArray, v: FloatArray, covered: FloatArray, light: FloatArray, shine: FloatArray, base: float
) -> dict[str, NDArray[np.generic]]:
    """What one angle is kept as, without its marks: small, and exact to 1/8192 of the print."""
    inside = covered > 0
    most = (1 << _BITS) - 1
    residuals = (_steps(np.rint(np.clip(axis, 0, 1) * most).astype(np.int32), inside) for axis in (u, v))
    photo = shine + base * light[..., None]
    within = np.where(inside[..., None], shine, 0)
    grey = np.repeat(np.where(inside, light, 0)[..., None], 3, 2)
    in_bytes = {
        "covered": lzma.compress(_shaped(np.rint(covered * 16).astype(np.uint8))),
        "u": lzma.compress(_shaped(next(residuals).astype("<i2"))),
        "v": lzma.compress(_shaped(next(residuals).astype("<i2"))),
        "photo": _file(photo, quality=92, method=6),
        "shine": _file(within, lossless=True, quality=100, method=6, exact=True),
        "light": _file(grey, lossless=True, quality=100, method=6, exact=True),
    }
    return {name: np.frombuffer(each, np.uint8) for name, each in in_bytes.items()}


def packed_cloth(cloth: FloatArray) -> NDArray[np.uint8]:
    """What the cloth of one angle is kept as."""
    return np.frombuffer(lzma.compress(_shaped(np.rint(cloth * 16).astype(np.uint8))), np.uint8)


def _shaped(values: NDArray[np.generic]) -> bytes:
    return np.array(values.shape, "<u4").tobytes() + values.tobytes()


def _unpacked(content: bytes, kind: np.dtype[np.generic]) -> NDArray[np.int32]:
    raw = lzma.decompress(content)
    height, width = np.frombuffer(raw[:8], "<u4").tolist()
    return np.frombuffer(raw[8:], kind).astype(np.int32).reshape(height, width)


def _file(light: FloatArray, **how: object) -> bytes:
    told = np.rint((np.clip(light, 0, TOP) / TOP) ** (1 / _GAMMA) * 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(told).save(out, "WEBP", **how)
    return out.getvalue()


def _picture(content: Bytes) -> Bytes:
    return np.asarray(Image.open(io.BytesIO(content.tobytes())).convert("RGB"))


_LINEAR = (TOP * (np.arange(256) / 255.0) ** _GAMMA).astype(np.float32)


def _linear(picture: Bytes) -> FloatArray:
    return np.asarray(_LINEAR[picture], np.float32)


@kernel
def _whole(steps: NDArray[np.int32], inside: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Values again from what `_steps` left of them."""
    height, width = steps.shape
    values = np.zeros((height, width), np.int32)
    out = np.zeros((height, width), np.float32)
    for y in range(height):
        for x in range(width):
            if inside[y, x]:
                values[y, x] = steps[y, x] + _foretold(values, inside, y, x)
                out[y, x] = values[y, x]
    return out


@kernel
def _steps(values: NDArray[np.int32], inside: NDArray[np.bool_]) -> NDArray[np.int32]:
    """How far each value is from the one that its neighbours foretell; the map is smooth, so this is nearly nothing."""
    height, width = values.shape
    out = np.zeros((height, width), np.int32)
    for y in range(height):
        for x in range(width):
            if inside[y, x]:
                out[y, x] = values[y, x] - _foretold(values, inside, y, x)
    return out


@kernel
def _foretold(values: NDArray[np.int32], inside: NDArray[np.bool_], y: int, x: int) -> int:
    left, above = x > 0 and inside[y, x - 1], y > 0 and inside[y - 1, x]
    if left and above and inside[y - 1, x - 1]:
        return int(values[y, x - 1] + values[y - 1, x] - values[y - 1, x - 1])
    if left:
        return int(2 * values[y, x - 1] - values[y, x - 2] if x > 1 and inside[y, x - 2] else values[y, x - 1])
    return int(values[y - 1, x]) if above else 0
