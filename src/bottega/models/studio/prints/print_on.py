"""Print on: a customer's picture on a thing, as previews that look like photographs and as the file that is printed.

Idea     The picture is laid on the thing's print as the customer placed it, once for the screen and once at 300 dots
         per inch. A preview then looks every pixel of the slot up in it and multiplies by the light that a renderer
         found there (templates.py): `shine + light * surface * picture` (lit.py).
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

from bottega.models.studio.prints.lit import LINEAR, levels_of, lit
from bottega.models.studio.prints.printed import DPI, Printed
from bottega.models.studio.prints.templates import Template, printed_named, template
from bottega.names import FloatArray

__all__ = ["WHITE", "Dye", "Placement", "Print", "dpi_of", "laid_out", "preview", "previews", "print_file",
           "proof", "warning_of"]  # fmt: skip

TEXTURE_PX = 1024
"""Longer side of what previews are looked up in."""
_PROOF_PX = 1000
_MM_PER_INCH = 25.4
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
    levels = levels_of(_texture(picture, printed, placement, dye))
    return {angle: _shown(template(name, angle), levels, dye) for angle in printed.angles}


def preview(picture: Image.Image, name: str, angle: str, placement: Placement, dye: Dye = WHITE) -> Bytes:
    """The thing with the picture on it [H, W, 3], from one angle."""
    one = template(name, angle)
    dye = _dyed(dye) if one.printed.cloth else WHITE
    return _shown(one, levels_of(_texture(picture, one.printed, placement, dye)), dye)


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
    light = np.minimum(1.0, LINEAR[np.array(dye)] + _DARKEST * (1 - LINEAR[np.array(dye)]))
    red, green, blue = np.searchsorted(LINEAR, light - 1e-6).clip(0, 255).tolist()
    return red, green, blue


def _texture(picture: Image.Image, printed: Printed, placement: Placement, dye: Dye) -> FloatArray:
    """The print as cut [H, W, 3] on the thing's own colour, linear."""
    longer = max(printed.width_mm, printed.height_mm)
    canvas = laid_out(picture, printed, placement, TEXTURE_PX / longer, bleed=False)
    flat = Image.alpha_composite(Image.new("RGBA", canvas.size, (*dye, 255)), canvas).convert("RGB")
    return np.asarray(LINEAR[np.asarray(flat)], np.float32)


def _shown(one: Template, levels: tuple[FloatArray, NDArray[np.int64]], dye: Dye) -> Bytes:
    shine = one.shine
    if dye != WHITE:  # cotton and linen do not shine: all that they give back is of their colour
        shine = shine * (1 - one.cloth[..., None] * (1 - LINEAR[np.array(dye)]))
    return lit(one.covered, one.u, one.v, one.light * np.float32(one.printed.base), shine, *levels)


def _srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
