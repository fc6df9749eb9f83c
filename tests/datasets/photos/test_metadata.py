"""Metadata taken out: nothing of it is left in the bytes, and the picture is the one it was."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin, TiffImagePlugin

from bottega.datasets.photos.metadata import storable, strip_metadata
from bottega.datasets.photos.reading import read_photo
from bottega.errors import PhotoRefused

SECRETS = (b"Ada Lovelace", b"secret-place", b"kept-camera", b"ns.adobe.com/xap")
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><place xmlns="http://ns.adobe.com/xap/1.0/">secret-place</place></x:xmpmeta>'
)


def photo() -> Image.Image:
    """Noise, so that a pixel that moves is noticed."""
    return Image.fromarray(np.random.default_rng(3).integers(0, 256, (24, 40, 3), np.uint8))


def exif(orientation: int = 1) -> Image.Exif:
    made = Image.Exif()
    made[ExifTags.Base.Artist] = "Ada Lovelace"
    made[ExifTags.Base.Model] = "kept-camera"
    made[ExifTags.Base.Orientation] = orientation
    made.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = b"secret-place"
    return made


def encoded(format_: str, *, orientation: int = 1) -> bytes:
    how: dict[str, Any] = {"exif": exif(orientation)}
    if format_ == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Author", "Ada Lovelace")
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        how["pnginfo"] = info
    elif format_ != "TIFF":
        how["xmp"] = XMP
    if format_ == "JPEG":
        how["comment"] = b"kept-camera by Ada Lovelace"
    if format_ in {"JPEG", "PNG", "WEBP", "AVIF"}:
        how["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = BytesIO()
    photo().save(out, format_, **how)
    return out.getvalue()


def assert_clean(content: bytes) -> None:
    assert not [secret for secret in SECRETS if secret in content]
    with Image.open(BytesIO(content)) as picture:
        assert len(picture.getexif()) <= (0 if picture.format != "TIFF" else 99)
        assert not {"exif", "xmp", "comment", "Author", "XML:com.adobe.xmp"} & set(picture.info)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_nothing_is_left_but_the_picture(format_: str) -> None:
    content = encoded(format_)
    assert b"Ada Lovelace" in content
    stripped = strip_metadata(content)
    assert_clean(stripped)
    difference = np.abs(read_photo(stripped).astype(int) - read_photo(content))
    assert difference.mean() <= (6 if format_ == "AVIF" else 0), "pixels are as they were"
    if format_ != "TIFF":
        with Image.open(BytesIO(stripped)) as picture:
            assert picture.format == format_ and picture.info["icc_profile"], "its colours still mean the same"
    assert strip_metadata(stripped) is stripped


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize("orientation", [3, 6])
def test_what_exif_turned_is_turned_for_good(format_: str, orientation: int) -> None:
    content = encoded(format_, orientation=orientation)
    stripped = strip_metadata(content)
    assert_clean(stripped)
    before, after = read_photo(content), read_photo(stripped)
    assert after.shape == before.shape == ((40, 24, 3) if orientation == 6 else (24, 40, 3))
    assert np.abs(after.astype(int) - before).mean() <= (0 if format_ in {"PNG", "TIFF"} else 25)
    assert np.corrcoef(after.ravel(), before.ravel())[0, 1] > 0.85
    assert strip_metadata(stripped) is stripped


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_a_file_without_metadata_stays_as_it_is(format_: str) -> None:
    out = BytesIO()
    photo().save(out, format_)
    content = out.getvalue()
    assert strip_metadata(content) is content
    assert storable(content).suffix == {"JPEG": ".jpg"}.get(format_, f".{format_.lower()}")


def test_tiff_with_metadata_becomes_png() -> None:
    assert storable(encoded("TIFF")).suffix == ".png"
    for mode in ("CMYK", "I;16", "LA"):
        out = BytesIO()
        picture = Image.new(mode, (16, 16), 0)
        info = TiffImagePlugin.ImageFileDirectory_v2()
        info[ExifTags.Base.Artist] = "Ada Lovelace"
        picture.save(out, "TIFF", tiffinfo=info)
        stripped = strip_metadata(out.getvalue())
        assert_clean(stripped)
        assert np.array_equal(read_photo(stripped), read_photo(out.getvalue()))


def test_a_moving_gif_keeps_moving() -> None:
    frames = [photo().quantize(16), photo().transpose(Image.Transpose.ROTATE_180).quantize(16)]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], loop=7, duration=80, comment=b"by Ada Lovelace")
    stripped = strip_metadata(out.getvalue())
    assert_clean(stripped)
    with Image.open(BytesIO(stripped)) as after, Image.open(BytesIO(out.getvalue())) as before:
        assert getattr(after, "n_frames", 1) == 2 and after.info["loop"] == 7 and after.info["duration"] == 80
        for frame in range(2):
            after.seek(frame)
            before.seek(frame)
            assert after.convert("RGB").tobytes() == before.convert("RGB").tobytes()


def test_the_later_pictures_of_a_jpeg_go_too() -> None:
    out = BytesIO()
    other = photo().transpose(Image.Transpose.ROTATE_180)
    photo().save(out, "MPO", save_all=True, append_images=[other], exif=exif())
    stripped = strip_metadata(out.getvalue() + b"a film by Ada Lovelace")
    assert_clean(stripped)
    assert stripped.endswith(b"\xff\xd9") and stripped.count(b"\xff\xd8\xff") == 1
    with Image.open(BytesIO(stripped)) as picture:
        assert picture.format == "JPEG"
    assert np.array_equal(read_photo(stripped), read_photo(out.getvalue()))


def test_progressive_jpeg() -> None:
    out = BytesIO()
    photo().save(out, "JPEG", progressive=True, exif=exif(), restart_marker_blocks=2)
    stripped = strip_metadata(out.getvalue())
    assert_clean(stripped)
    assert np.array_equal(read_photo(stripped), read_photo(out.getvalue()))


def test_exif_that_cannot_be_read_goes_too() -> None:
    out = BytesIO()
    photo().save(out, "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff Ada Lovelace")
    assert_clean(strip_metadata(out.getvalue()))


def test_cut_short_anywhere_is_no_reason_to_fail() -> None:
    for format_ in ("JPEG", "PNG", "WEBP", "GIF"):
        out = BytesIO()
        photo().save(out, format_, comment=b"Ada Lovelace")
        content = encoded(format_) if format_ != "GIF" else out.getvalue()
        for length in range(0, len(content), 41):
            try:
                stripped = strip_metadata(content[:length])
            except PhotoRefused:
                continue
            assert len(stripped) <= length


def test_real_photos_are_left_alone(real_data: Callable[[str], Path]) -> None:
    for folder in ("fashion/images", "parsing/photos"):
        for path in sorted(real_data(folder).iterdir())[:20]:
            content = path.read_bytes()
            assert strip_metadata(content) is content
