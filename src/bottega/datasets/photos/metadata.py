"""What a picture file tells beside the picture (EXIF with its GPS place, XMP, comments), found and taken out.

One statement stays: that a picture was made or altered by a model (provenance.py) is nobody's secret and has to travel.

Source   JPEG: ITU T.81 annex B. PNG: https://www.w3.org/TR/png-3/, section 11. WebP: RFC 9649, section 2.7.
         GIF: the GIF89a specification, sections 20 to 26.
Differs  Segments are dropped from the file as it is, without decoding: no pixel changes and no animation is lost. Only
         a picture that EXIF turns is encoded anew (turned, with the quantisation it had), and so are TIFF and AVIF.
Costs    A few microseconds a file that carries nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any, NamedTuple

from PIL import ExifTags, Image, JpegImagePlugin

from bottega.datasets.photos.files import SUFFIX, decode, open_picture
from bottega.datasets.photos.provenance import SourceType, marked, packet_of, source_type_of

__all__ = ["Storable", "storable", "strip_metadata"]

_Base = ExifTags.Base
_TIFF_KEPT = {
    254, 255, 256, 257, 258, 259, 262, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 292, 293, 296, 297, 317,
    320, 322, 323, 324, 325, 332, 338, 339, 347, 512, 513, 514, 529, 530, 531, 532, 34675,
}  # fmt: skip
"""Tags that say how the pixels lie and which colours they mean."""

_TARGET = {"MPO": "JPEG", "TIFF": "PNG"}
"""What a format is encoded as, where that is another."""
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
"""Where a JPEG segment begins: neither a stuffed byte nor a restart within a scan."""


class _Piece(NamedTuple):
    """A stretch of a file: where it lies, and whether the picture needs it. After the last one, nothing does."""

    start: int
    stop: int
    kept: bool


class Storable(NamedTuple):
    """A picture without metadata, and the file name ending that fits it."""

    content: bytes
    suffix: str


def strip_metadata(content: bytes, name: str = "") -> bytes:
    """The same picture without EXIF, XMP, IPTC, GPS and comments, upright if EXIF turned it; colour profiles stay, and
    so does what it says of having been generated.

    Returns `content` itself when it carries nothing of the kind. TIFF with metadata comes back as PNG. Raises
    `PhotoRefused` for what open_picture refuses, and for a damaged picture that would have to be turned.
    """
    return storable(content, name).content


def storable(content: bytes, name: str = "") -> Storable:
    """The same with the ending of a file that will hold it."""
    with open_picture(content, name) as picture:
        format_ = picture.format or ""
        said = source_type_of(content)
        if pieces := _PIECES.get(format_):
            stripped = _without(content, pieces)
            anew = stripped is not content and _orientation(picture) != 1
        else:
            stripped = content
            anew = _orientation(picture) != 1 or _tells(picture, format_, said)
        if anew:
            format_ = _TARGET.get(format_, format_)
            stripped = _encoded(picture, format_, name, said)
        if said and format_ in {"JPEG", "MPO", "PNG", "WEBP"}:
            stripped = marked(stripped, said)
        return Storable(content if stripped == content else stripped, SUFFIX[format_])


def _orientation(picture: Image.Image) -> int:
    """1 to 8, as EXIF counts; 1 (upright) where it cannot be read."""
    try:
        return int(picture.getexif().get(_Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - damaged EXIF says nothing
        return 1


def _tells(picture: Image.Image, format_: str, said: SourceType | None) -> bool:
    """Whether it carries metadata, but for what it has `said`, in a format whose files are not taken apart here."""
    if format_ == "TIFF":
        return not set(getattr(picture, "tag_v2", ())) <= _TIFF_KEPT
    nothing_else = packet_of(said) if said else None
    return format_ == "AVIF" and ("exif" in picture.info or picture.info.get("xmp") != nothing_else)


def _encoded(picture: Image.Image, target: str, name: str, said: SourceType | None) -> bytes:
    """The picture turned upright and written anew, as near to the original as the target format allows."""
    how: dict[str, Any] = {"quality": 95} if target in {"WEBP", "AVIF"} else {}
    if isinstance(picture, JpegImagePlugin.JpegImageFile):
        how = {"qtables": picture.quantization, "subsampling": JpegImagePlugin.get_sampling(picture)}
    upright = decode(picture, name)
    if target == "PNG" and upright.mode not in {"1", "L", "LA", "P", "RGB", "RGBA", "I", "I;16"}:
        upright = upright.convert("RGB")
    if profile := upright.info.get("icc_profile"):
        how["icc_profile"] = profile
    for key in ("exif", "xmp", "comment", "XML:com.adobe.xmp", "photoshop"):
        upright.info.pop(key, None)
    if said and target == "AVIF":
        how["xmp"] = packet_of(said)
    out = BytesIO()
    upright.save(out, target, **how)
    return out.getvalue()


def _without(content: bytes, pieces: Callable[[bytes], Iterator[_Piece]]) -> bytes:
    """The file without the pieces that nothing needs."""
    found = list(pieces(content))
    if all(piece.kept for piece in found) and found[-1].stop >= len(content):
        return content
    kept = b"".join(content[piece.start : piece.stop] for piece in found if piece.kept)
    return _mended_webp(kept) if kept.startswith(b"RIFF") else kept


def _jpeg(content: bytes) -> Iterator[_Piece]:
    """Segments; kept are JFIF, colour profile and Adobe's colour flag of the application segments.

    What follows the end of the first picture (an MPO's others, a phone's film) is not needed.
    """
    yield _Piece(0, 2, True)
    at = 2
    while found := _MARKER.search(content, at):
        start, marker = found.start(), content[found.start() + 1]
        if start > at:  # pixels of a scan, or fill bytes
            yield _Piece(at, start, True)
        if marker == 0xD9:
            yield _Piece(start, start + 2, True)
            return
        at = start + 2 + int.from_bytes(content[start + 2 : start + 4], "big")
        profile = marker == 0xE2 and content.startswith(b"ICC_PROFILE", start + 4)
        told = marker == 0xFE or (0xE1 <= marker <= 0xEF and marker != 0xEE and not profile)
        yield _Piece(start, at, not told)
    yield _Piece(at, len(content), True)


def _png(content: bytes) -> Iterator[_Piece]:
    """Chunks; text, EXIF and the time of the last change are not needed, nor is what follows the end."""
    yield _Piece(0, 8, True)
    at = 8
    while at + 12 <= len(content):
        kind = content[at + 4 : at + 8]
        stop = at + 12 + int.from_bytes(content[at : at + 4], "big")
        yield _Piece(at, stop, kind not in {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
        at = stop
        if kind == b"IEND":
            return


def _webp(content: bytes) -> Iterator[_Piece]:
    """Chunks of the RIFF container."""
    yield _Piece(0, 12, True)
    at = 12
    while at + 8 <= len(content):
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        stop = at + 8 + length + length % 2
        yield _Piece(at, stop, content[at : at + 4] not in {b"EXIF", b"XMP "})
        at = stop


def _mended_webp(content: bytes) -> bytes:
    """RIFF with its length right, and the flags of EXIF (8) and XMP (4) taken down."""
    mended = bytearray(content)
    mended[4:8] = (len(content) - 8).to_bytes(4, "little")
    if mended[12:16] == b"VP8X":
        mended[20] &= ~12 & 0xFF
    return bytes(mended)


def _gif(content: bytes) -> Iterator[_Piece]:
    """Blocks; comments and every application extension but those that repeat the animation are not needed."""

    def table(flags: int) -> int:
        return 3 << ((flags & 7) + 1) if flags & 0x80 else 0

    def after_blocks(at: int) -> int:
        while at < len(content) and content[at]:
            at += 1 + content[at]
        return at + 1

    at = 13 + table(content[10])
    yield _Piece(0, at, True)
    while at + 2 < len(content):
        if content[at] == 0x21:
            label, application = content[at + 1], content[at + 3 : at + 14]
            stop = after_blocks(at + 2)
            repeats = application in {b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"}
            yield _Piece(at, stop, label != 0xFE and (label != 0xFF or repeats))
        elif content[at] == 0x2C and at + 10 < len(content):
            stop = after_blocks(at + 11 + table(content[at + 9]))
            yield _Piece(at, stop, True)
        else:
            break
        at = stop
    yield _Piece(at, len(content), True)


_PIECES: dict[str, Callable[[bytes], Iterator[_Piece]]] = {
    "JPEG": _jpeg,
    "MPO": _jpeg,
    "PNG": _png,
    "WEBP": _webp,
    "GIF": _gif,
}
