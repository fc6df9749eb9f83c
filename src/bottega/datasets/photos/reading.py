"""Photos as arrays: whatever a camera, a phone or a drawing program wrote becomes upright RGB, or is refused.

Shapes   H, W height and width in pixels; 3 red, green and blue, 0 to 255.
"""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from bottega.datasets.photos.files import check_size, decode, open_picture, refused
from bottega.datasets.photos.metadata import strip_metadata
from bottega.names import FloatArray

__all__ = ["Photo", "border", "photo_of", "read_photo", "square", "strip_metadata"]

Photo = NDArray[np.uint8]
"""[H, W, 3], RGB, upright."""

_SRGB = ImageCms.createProfile("sRGB")


def read_photo(source: bytes | Path, *, name: str = "") -> Photo:
    """Photo [H, W, 3] in a file or in its bytes; of several frames, the first.

    Turned upright as its EXIF says, laid on white where it is transparent, its colours brought to sRGB. `name` is what
    messages call it. Raises `PhotoRefused` for what is no picture, damaged, cut short, or beyond the limits of
    files.py.
    """
    if isinstance(source, Path):
        name = name or str(source)
        try:
            check_size(source.stat().st_size, name)
            source = source.read_bytes()
        except OSError as error:
            seen = f"cannot be read ({error.strerror or error})"
            raise refused(name, seen, "Check the path; it has to be a picture file.") from error
    with open_picture(source, name) as picture:
        return photo_of(picture, name)


def photo_of(picture: Image.Image, name: str = "") -> Photo:
    """The frame [H, W, 3] that an opened picture is at. Raises `PhotoRefused` where it is damaged."""
    return np.array(_flat(_in_srgb(decode(picture, name))))


def border(photo: Photo) -> Photo:
    """Pixels [2 * (H + W), 3] along the four edges of a photo."""
    return np.concatenate([photo[0], photo[-1], photo[:, 0], photo[:, -1]])


def square(photo: Photo, px: int) -> Photo:
    """The whole photo in a square [px, px, 3]: padded with the median colour of its border, resized by area."""
    height, width = photo.shape[:2]
    scale = px / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    way = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    inside = np.asarray(Image.fromarray(photo).resize(size, way))
    if size == (px, px):
        return inside.copy()
    canvas = np.empty((px, px, 3), np.uint8)
    canvas[:] = np.median(border(photo), axis=0)
    top, left = (px - size[1]) // 2, (px - size[0]) // 2
    canvas[top : top + size[1], left : left + size[0]] = inside
    return canvas


def _flat(picture: Image.Image) -> Image.Image:
    """Any mode as RGB, what is transparent on white."""
    if picture.mode == "F" or picture.mode.startswith("I"):
        return Image.fromarray(_eight_bits(np.asarray(picture))).convert("RGB")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def _eight_bits(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Grey values of more than 8 bits as 0 to 255. 16-bit files say their range; others are measured against theirs."""
    numbers: FloatArray = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0).clip(0)
    highest = float(numbers.max())
    ranges = (65535.0,) if values.dtype.itemsize == 2 else (1.0, 255.0, 65535.0)
    top = next((one for one in ranges if highest <= one), highest)
    return np.asarray(np.rint(numbers * (255 / top)), np.uint8)


def _in_srgb(picture: Image.Image) -> Image.Image:
    """The picture in the colour space that everything else here assumes. A profile that makes no sense is ignored."""
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "CMYK"} or b"sRGB" in profile or picture.has_transparency_data:
        return picture
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(picture, source, _SRGB, outputMode="RGB") or picture
    return picture
