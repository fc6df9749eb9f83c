"""Print on: a customer's picture on a thing, as previews that look like photographs and as the file that is printed.

Idea     The picture is laid on the thing's print as the customer placed it, once for the screen and once at 300 dots
         per inch. A preview then looks every pixel of the slot up in it and multiplies by the light that a renderer
         found there (templates.py): `shine + light * surface * picture`.
Source   Antialiasing: mip levels with several samples along the longer axis of a pixel's footprint, as graphics cards
         do it (Heckbert 1989, "Fundamentals of Texture Mapping and Image Warping"; EXT_texture_filter_anisotropic).
Differs  Printers lay ink on the surface, so on a white thing white in the picture is the surface itself, and so is what
         is transparent. Cloth of another colour shows where the picture is transparent; below ink lies white first.
Costs    benchmarks/print_on.md.
Shapes   H, W height and width; 3 linear red, green and blue; L levels.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageDraw

from bottega.models.blocks.jit import kernel
from bottega.models.studio.prints.printed import DPI, Printed
from bottega.models.studio.prints.templates import Template, printed_named, template
from bottega.names import FloatArray

__all__ = ["WHITE", "Dye", "Placement", "Print", "dpi_of", "laid_out", "preview", "previews", "print_file",
           "proof", "warning_of"]  # fmt: skip

TEXTURE_PX = 1024
"""Longer side of what previews are looked up in."""
_PROOF_PX = 1000
_MM_PER_INCH = 25.4
_SAMPLES_MAX = 8
_SHOULDER = 0.65
_DARKEST = 0.012
"""What even black cloth gives back of the light."""

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Placement:
    """How a picture lies on a print."""

    fit: Literal["fill", "fit"] = "fill"
    """`fill` leaves nothing of the print empty, and cuts the picture; `fit` shows all of the picture."""
    scale: float = 1.0
    """Times that size."""
    x: float = 0.0
    """How far the picture's middle lies right of the print's, in widths of the print."""
    y: float = 0.0
    """How far below, in heights of the print."""
    rotate: float = 0.0
    """Degrees clockwise."""


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """A print file with what is to be said of it."""

    content: bytes
    """PNG, RGB in sRGB; transparent where nothing is printed."""
    width_px: int
    height_px: int
    dpi: float
    """Of the customer's picture at this size; the file itself always has 300."""
    warning: str | None


def dpi_of(size: tuple[int, int], printed: Printed, placement: Placement) -> float:
    """Pixels of a picture of this size for each inch of the print."""
    return _MM_PER_INCH / _mm_a_pixel(size, printed, placement)


def warning_of(size: tuple[int, int], printed: Printed, placement: Placement) -> str | None:
    """What to tell a customer whose picture is too small; None where it is large enough."""
    dpi = dpi_of(size, printed, placement)
    if dpi >= printed.least_dpi:
        return None
    need = [int(np.ceil(side * printed.least_dpi / dpi)) for side in size]
    wide_cm = size[0] / printed.least_dpi * _MM_PER_INCH / 10
    return (
        f"The picture has {size[0]} x {size[1]} pixels: on a {printed.label} it will print at {dpi:.0f} dots per inch, "
        f"and {printed.least_dpi} look sharp. Use a picture of at least {need[0]} x {need[1]} pixels, or print this "
        f"one at most {wide_cm:.1f} cm wide."
    )


def laid_out(
    picture: Image.Image, printed: Printed, placement: Placement, px_per_mm: float, *, bleed: bool
) -> Image.Image:
    """The print [H, W] as RGBA: the picture where it was placed, transparent around it."""
    extra = printed.bleed_mm if bleed else 0.0
    width = max(1, round((printed.width_mm + 2 * extra) * px_per_mm))
    height = max(1, round((printed.height_mm + 2 * extra) * px_per_mm))
    size = _mm_a_pixel(picture.size, printed, placement) * px_per_mm
    picture = picture.convert("RGBA")
    if size < 1:  # made smaller by area first, so that the turn below has nothing to miss
        smaller = max(1, round(picture.width * size)), max(1, round(picture.height * size))
        reduced = picture.resize(smaller, Image.Resampling.LANCZOS, reducing_gap=3.0)
    else:
        reduced = picture
    across, down = reduced.width / (picture.width * size), reduced.height / (picture.height * size)
    middle_x = width / 2 + placement.x * printed.width_mm * px_per_mm
    middle_y = height / 2 + placement.y * printed.height_mm * px_per_mm
    turn = np.radians(placement.rotate)
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    a, b, d, e = cos * across, sin * across, -sin * down, cos * down
    data = (
        a, b, reduced.width / 2 - a * middle_x - b * middle_y,
        d, e, reduced.height / 2 - d * middle_x - e * middle_y,
    )  # fmt: skip
    premultiplied = reduced.convert("RGBa")  # else what is transparent bleeds into edges
    turned = premultiplied.transform((width, height), Image.Transform.AFFINE, data, Image.Resampling.BICUBIC)
    return turned.convert("RGBA")


Dye = tuple[int, int, int]
"""The colour of cloth, red, green and blue in sRGB."""
WHITE: Dye = (255, 255, 255)


def previews(picture: Image.Image, name: str, placement: Placement, dye: Dye = WHITE) -> dict[str, Bytes]:
    """The thing with the picture on it [H, W, 3], from each of its angles; things of cloth in the colour `dye`."""
    printed = printed_named(name)
    dye = _dyed(dye) if printed.cloth else WHITE
    levels = _levels(_texture(picture, printed, placement, dye))
    return {angle: _shown(template(name, angle), levels, dye) for angle in printed.angles}


def preview(picture: Image.Image, name: str, angle: str, placement: Placement, dye: Dye = WHITE) -> Bytes:
    """The thing with the picture on it [H, W, 3], from one angle."""
    one = template(name, angle)
    dye = _dyed(dye) if one.printed.cloth else WHITE
    return _shown(one, _levels(_texture(picture, one.printed, placement, dye)), dye)


def print_file(picture: Image.Image, printed: Printed, placement: Placement) -> Print:
    """What the printer gets: the print with its bleed at 300 dots per inch."""
    canvas = laid_out(picture, printed, placement, DPI / _MM_PER_INCH, bleed=True)
    if not picture.has_transparency_data and canvas.getchannel("A").getextrema()[0] == 255:
        canvas = canvas.convert("RGB")
    out = io.BytesIO()
    canvas.save(out, "PNG", dpi=(DPI, DPI), icc_profile=_srgb(), compress_level=1)
    return Print(
        content=out.getvalue(),
        width_px=canvas.width,
        height_px=canvas.height,
        dpi=round(dpi_of(picture.size, printed, placement), 1),
        warning=warning_of(picture.size, printed, placement),
    )


def proof(picture: Image.Image, printed: Printed, placement: Placement) -> Image.Image:
    """The print as it will be cut, to look at: bleed dimmed, a line where it is cut, one around the safe area."""
    wide, tall = printed.width_mm + 2 * printed.bleed_mm, printed.height_mm + 2 * printed.bleed_mm
    px_per_mm = _PROOF_PX / max(wide, tall)
    canvas = laid_out(picture, printed, placement, px_per_mm, bleed=True)
    flat = Image.alpha_composite(Image.new("RGBA", canvas.size, "white"), canvas).convert("RGB")
    outside = Image.new("L", flat.size, 130)
    box = tuple(printed.bleed_mm * px_per_mm + side for side in (0, 0))
    cut = (*box, flat.width - 1 - box[0], flat.height - 1 - box[1])
    inset = printed.safe_mm * px_per_mm
    safe = (cut[0] + inset, cut[1] + inset, cut[2] - inset, cut[3] - inset)
    drawn = ImageDraw.Draw(outside)
    (drawn.ellipse if printed.shape == "ellipse" else drawn.rectangle)(cut, fill=0)
    flat.paste(Image.new("RGB", flat.size, "white"), mask=outside)
    lines = ImageDraw.Draw(flat)
    for line, colour in ((cut, (200, 30, 60)), (safe, (20, 130, 90))):
        for grown, shade in ((1, (255, 255, 255)), (0, colour)):
            around = (line[0] - grown, line[1] - grown, line[2] + grown, line[3] + grown)
            if printed.shape == "ellipse":
                lines.ellipse(around, outline=shade, width=2 + 2 * grown)
            else:
                lines.rectangle(around, outline=shade, width=2 + 2 * grown)
    return flat


def _mm_a_pixel(size: tuple[int, int], printed: Printed, placement: Placement) -> float:
    """How large one pixel of a picture becomes. `fill` covers the bleed as well, `fit` stays within the cut."""
    sides = printed.width_mm, printed.height_mm
    if placement.fit == "fill":
        return max((side + 2 * printed.bleed_mm) / px for side, px in zip(sides, size, strict=True)) * placement.scale
    return min(side / px for side, px in zip(sides, size, strict=True)) * placement.scale


def _dyed(dye: Dye) -> Dye:
    """The colour that cloth dyed so has: no cloth is black all through."""
    light = np.minimum(1.0, _LINEAR[np.array(dye)] + _DARKEST * (1 - _LINEAR[np.array(dye)]))
    red, green, blue = np.searchsorted(_LINEAR, light - 1e-6).clip(0, 255).tolist()
    return red, green, blue


def _texture(picture: Image.Image, printed: Printed, placement: Placement, dye: Dye) -> FloatArray:
    """The print as cut [H, W, 3] on the thing's own colour, linear."""
    longer = max(printed.width_mm, printed.height_mm)
    canvas = laid_out(picture, printed, placement, TEXTURE_PX / longer, bleed=False)
    flat = Image.alpha_composite(Image.new("RGBA", canvas.size, (*dye, 255)), canvas).convert("RGB")
    return np.asarray(_LINEAR[np.asarray(flat)], np.float32)


def _levels(texture: FloatArray) -> tuple[FloatArray, NDArray[np.int64]]:
    """All mip levels one after the other [P, 3], and where each begins, with its height and width [L, 3]."""
    levels, places, at = [texture], [], 0
    while max(levels[-1].shape[:2]) > 1 and len(levels) < 9:
        last = levels[-1]
        last = np.pad(last, ((0, last.shape[0] % 2), (0, last.shape[1] % 2), (0, 0)), mode="edge")
        levels.append(0.25 * (last[::2, ::2] + last[1::2, ::2] + last[::2, 1::2] + last[1::2, 1::2]))
    for level in levels:
        places.append((at, level.shape[0], level.shape[1]))
        at += level.shape[0] * level.shape[1]
    return np.concatenate([level.reshape(-1, 3) for level in levels]), np.array(places, np.int64)


def _shown(one: Template, levels: tuple[FloatArray, NDArray[np.int64]], dye: Dye) -> Bytes:
    shine = one.shine
    if dye != WHITE:  # cotton and linen do not shine: all that they give back is of their colour
        shine = shine * (1 - one.cloth[..., None] * (1 - _LINEAR[np.array(dye)]))
    return _lit(one.covered, one.u, one.v, one.light * np.float32(one.printed.base), shine, *levels, _TONES)


@kernel
def _lit(
    covered: FloatArray,
    u: FloatArray,
    v: FloatArray,
    light: FloatArray,
    shine: FloatArray,
    pixels: FloatArray,
    places: NDArray[np.int64],
    tones: Bytes,
) -> Bytes:
    """The picture [H, W, 3], looked up, lit and brought to sRGB."""
    height, width = covered.shape
    tall, wide = np.float32(places[0, 1]), np.float32(places[0, 2])
    out = np.empty((height, width, 3), np.uint8)
    colour = np.zeros(3, np.float32)
    last = len(tones) - 1
    for y in range(height):
        for x in range(width):
            if covered[y, x] == 0.0:
                for c in range(3):
                    out[y, x, c] = tones[min(last, int(shine[y, x, c] * np.float32(_STEPS)))]
                continue
            ux, vx = _slope(covered, u, v, y, x, 0, 1)
            uy, vy = _slope(covered, u, v, y, x, 1, 0)
            ux, uy, vx, vy = ux * wide, uy * wide, vx * tall, vy * tall
            one, two = np.sqrt(ux * ux + vx * vx), np.sqrt(uy * uy + vy * vy)
            if one < two:
                ux, vx, one, two = uy, vy, two, one
            two = max(two, one / np.float32(_SAMPLES_MAX), np.float32(1.0))
            samples = max(1, int(np.ceil(one / two - np.float32(0.01))))
            level = np.log2(two)
            colour[:] = 0
            for k in range(samples):
                along = (k + np.float32(0.5)) / samples - np.float32(0.5)
                _add(pixels, places, u[y, x] * wide + along * ux, v[y, x] * tall + along * vx, level, colour)
            for c in range(3):
                value = shine[y, x, c] + light[y, x] * colour[c] / samples
                out[y, x, c] = tones[min(last, int(value * np.float32(_STEPS)))]
    return out


@kernel
def _slope(
    covered: FloatArray, u: FloatArray, v: FloatArray, y: int, x: int, dy: int, dx: int
) -> tuple[np.float32, np.float32]:
    """How the map changes over one pixel downwards or to the right; over an edge of the slot, nothing is known."""
    height, width = covered.shape
    before = y >= dy and x >= dx and covered[y - dy, x - dx] > 0
    after = y + dy < height and x + dx < width and covered[y + dy, x + dx] > 0
    y0, x0 = (y - dy, x - dx) if before else (y, x)
    y1, x1 = (y + dy, x + dx) if after else (y, x)
    steps = np.float32(int(before) + int(after))
    if steps == 0:
        return np.float32(0), np.float32(0)
    return (u[y1, x1] - u[y0, x0]) / steps, (v[y1, x1] - v[y0, x0]) / steps


@kernel
def _add(
    pixels: FloatArray, places: NDArray[np.int64], x: np.float32, y: np.float32, level: np.float32, colour: FloatArray
) -> None:
    """Add the colour at a place of the largest level (pixels from its corner), between two levels, to `colour`."""
    low = min(int(level), len(places) - 1)
    high = min(low + 1, len(places) - 1)
    share = level - low
    for k in range(2):
        at, weight = (low, np.float32(1.0) - share) if k == 0 else (high, share)
        if weight <= 0:
            continue
        begin, tall, wide = places[at, 0], places[at, 1], places[at, 2]
        px = min(max(x / np.float32(1 << at) - np.float32(0.5), np.float32(0)), np.float32(wide - 1))
        py = min(max(y / np.float32(1 << at) - np.float32(0.5), np.float32(0)), np.float32(tall - 1))
        x0, y0 = int(px), int(py)
        x1, y1 = min(x0 + 1, wide - 1), min(y0 + 1, tall - 1)
        fx, fy = px - x0, py - y0
        for c in range(3):
            upper = pixels[begin + y0 * wide + x0, c] * (1 - fx) + pixels[begin + y0 * wide + x1, c] * fx
            lower = pixels[begin + y1 * wide + x0, c] * (1 - fx) + pixels[begin + y1 * wide + x1, c] * fx
            colour[c] += weight * (upper * (1 - fy) + lower * fy)


def _tones() -> Bytes:
    """Light to sRGB: as it is up to a shoulder, above it ever more gently, as film does; so paper keeps its shades."""
    light = (np.arange(int(4 * _STEPS) + 1) + 0.5) / _STEPS
    soft = _SHOULDER + (1 - _SHOULDER) * (1 - np.exp(-(light - _SHOULDER) / (1 - _SHOULDER)))
    light = np.where(light < _SHOULDER, light, soft)
    told = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255 * told), np.uint8)


_STEPS = 4096.0
_TONES = _tones()
_CODE = np.arange(256) / 255.0
_LINEAR = np.where(_CODE <= 0.04045, _CODE / 12.92, ((_CODE + 0.055) / 1.055) ** 2.4).astype(np.float32)


def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
