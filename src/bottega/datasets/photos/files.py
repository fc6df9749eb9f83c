"""Picture files as they come in: which formats and sizes are read, opened and decoded.

A file is judged by what its header says before a pixel of it is unpacked, so that a small file that would unpack to
gigabytes is refused in a millisecond. Every door that takes pictures in goes through here.
"""

from __future__ import annotations

import re
import warnings
from contextlib import suppress
from io import BytesIO

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from bottega.errors import PhotoRefused
from bottega.texts import SEEN_MAX

__all__ = [
    "FORMATS",
    "MAX_BYTES",
    "MAX_PIXELS",
    "MIN_SIDE_PX",
    "SUFFIX",
    "check_size",
    "decode",
    "open_picture",
    "refused",
]

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 25_000_000
MIN_SIDE_PX = 8
"""Nothing can be seen on a smaller picture; pages use them to count visits."""
SUFFIX = {
    "JPEG": ".jpg",
    "MPO": ".jpg",  # several pictures in one JPEG, as some cameras write it
    "PNG": ".png",
    "WEBP": ".webp",
    "GIF": ".gif",
    "BMP": ".bmp",
    "TIFF": ".tiff",
    "AVIF": ".avif",
}
"""File name ending of each format, by the name that Pillow gives it."""

Image.init()
FORMATS = tuple(name for name in SUFFIX if name in Image.OPEN)
"""Those of them that can be read here."""

_READ = ", ".join(name for name in FORMATS if name != "MPO")
_BYTES = re.compile(r"\bb'(?:[^'\\]|\\.)*'|\bb\"(?:[^\"\\]|\\.)*\"")
_APPLE = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"heif", b"mif1", b"msf1"}


def check_size(size: int, name: str = "") -> None:
    """Raise `PhotoRefused` for a file of more than `MAX_BYTES` bytes, or of none."""
    if size == 0:
        raise refused(name, "is empty (0 bytes)", "Send the picture again; the upload may have been cut.")
    if size > MAX_BYTES:
        step = "Save it smaller: 2000 pixels on the longer side show all that is used."
        raise refused(name, f"has {size / 1024**2:.1f} MB", step)


def open_picture(content: bytes, name: str = "") -> Image.Image:
    """The picture in `content`, its header read and within every limit, its pixels not yet decoded.

    Raises `PhotoRefused` otherwise; `name` is what messages call it.
    """
    check_size(len(content), name)
    if _is_heic(content):
        raise refused(
            name,
            "is a HEIC photo, as phones keep them",
            "Export it as JPEG: choose Most Compatible under Settings > Camera > Formats on an iPhone, "
            "or File > Export in Preview on a Mac.",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        pixels = re.search(r"\d+", str(error))
        raise _too_many(name, int(pixels.group()) if pixels else 2 * (Image.MAX_IMAGE_PIXELS or 0)) from error
    except UnidentifiedImageError as error:
        if _begins_well(content):
            raise _damaged(name, error) from error
        step = "Open it in a picture program and export it as JPEG or PNG."
        if content.startswith(b"%PDF"):
            step = "It is a PDF document: save its page as a picture, JPEG or PNG."
        raise refused(name, "is no picture of a known format", step) from error
    except Exception as error:  # readers of damaged headers raise nearly everything
        raise _damaged(name, error) from error
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise _too_many(name, width * height)
    if min(width, height) < MIN_SIDE_PX:
        raise refused(name, f"has {width} x {height} pixels", "Send a picture on which something can be seen.")
    return picture


def decode(picture: Image.Image, name: str = "") -> Image.Image:
    """The first frame of an opened picture, decoded and turned upright; raises `PhotoRefused` when it is damaged."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture.load()
            profile = picture.info.get("icc_profile")
            with suppress(Exception):  # EXIF that cannot be read says nothing about the pixels
                if picture.getexif().get(ExifTags.Base.Orientation, 1) != 1:
                    picture = ImageOps.exif_transpose(picture)
                    picture.info["icc_profile"] = profile
            return picture
    except Exception as error:  # decoders of damaged pictures raise nearly everything
        raise _damaged(name, error) from error


def refused(name: str, seen: str, next_step: str) -> PhotoRefused:
    """The error for a picture called `name` of which `seen` says what is wrong."""
    allowed = (
        f"A photo may be {_READ}, of at least {MIN_SIDE_PX} x {MIN_SIDE_PX} and at most {MAX_PIXELS // 10**6} million "
        f"pixels and {MAX_BYTES // 1024**2} MB."
    )
    called = name if len(name) <= SEEN_MAX else f"{name[: SEEN_MAX - 1]}…"
    return PhotoRefused(f"{called or 'The photo'} {seen}.", allowed=allowed, next_step=next_step)


def _too_many(name: str, pixels: int) -> PhotoRefused:
    seen = f"has {pixels / 1e6:.1f} million pixels"
    return refused(name, seen, "Save it smaller: 2000 pixels on the longer side show all that is used.")


def _damaged(name: str, error: Exception) -> PhotoRefused:
    # Pillow quotes bytes of the file; whose file it is, nobody knows here.
    cause = "" if isinstance(error, UnidentifiedImageError) else f" ({_BYTES.sub('...', str(error))})"
    return refused(name, f"is damaged or cut short{cause}", "Export or upload the picture again.")


def _begins_well(content: bytes) -> bool:
    """Whether the first bytes are those of a format that is read here."""
    return any((begins := Image.OPEN[name][1]) is not None and begins(content[:16]) is True for name in FORMATS)


def _is_heic(content: bytes) -> bool:
    """Whether this is a HEIF container of anything but AVIF. Its first box lists the brands it belongs to."""
    if content[4:8] != b"ftyp":
        return False
    length = min(int.from_bytes(content[:4], "big"), 256)
    brands = {content[8:12], *(content[start : start + 4] for start in range(16, length, 4))}
    return not brands & {b"avif", b"avis"} and bool(brands & _APPLE)
