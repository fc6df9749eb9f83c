"""Photos of every kind that shops and shoppers send: read upright as RGB, or refused with a sentence that helps."""

from __future__ import annotations

import re
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms

from bottega.datasets.photos import files as photo_files
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import PhotoRefused

RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


def encoded(picture: Image.Image, format_: str, **how: Any) -> bytes:
    out = BytesIO()
    picture.save(out, format_, **how)
    return out.getvalue()


def quarters() -> Image.Image:
    """24 x 16: red, green above; blue, black below."""
    picture = Image.new("RGB", (24, 16))
    for place, color in zip([(0, 0), (12, 0), (0, 8), (12, 8)], [RED, GREEN, BLUE, BLACK], strict=True):
        picture.paste(color, (*place, place[0] + 12, place[1] + 8))
    return picture


def assert_quarters(photo: Photo, within: int = 0) -> None:
    assert photo.dtype == np.uint8 and photo.shape == (16, 24, 3)
    seen = photo[[4, 4, 12, 12], [6, 18, 6, 18]].astype(int)
    assert np.abs(seen - [RED, GREEN, BLUE, BLACK]).max() <= within


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, depth: int = 8, color_type: int = 2, *chunks: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + chunk(b"IEND", b"")


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_every_format(format_: str, tmp_path: Path) -> None:
    content = encoded(quarters(), format_)
    assert_quarters(read_photo(content), within=40)
    path = tmp_path / "photo"
    path.write_bytes(content)
    assert np.array_equal(read_photo(path), read_photo(content))


TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How the camera was held: what undoes each EXIF orientation, inverted."""


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_turns_the_photo_upright(orientation: int, format_: str) -> None:
    held = quarters().transpose(TURNS[orientation]) if orientation in TURNS else quarters()
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    assert_quarters(read_photo(encoded(held, format_, exif=exif)), within=40)


def test_exif_that_cannot_be_read_is_no_reason_to_refuse() -> None:
    assert_quarters(read_photo(encoded(quarters(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff nonsense")), within=40)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "YCbCr"])
def test_every_mode(mode: str) -> None:
    white = Image.new("RGB", (16, 16), "white").convert(mode)
    assert read_photo(encoded(white, "TIFF")).min() >= 253


def test_cielab() -> None:
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    picture = ImageCms.profileToProfile(quarters(), srgb, lab, outputMode="LAB")
    assert picture is not None
    assert_quarters(read_photo(encoded(picture, "TIFF")), within=25)  # its steps are a hundredth of the whole gamut


@pytest.mark.parametrize("format_", ["JPEG", "TIFF"])
def test_cmyk_as_printers_use_it(format_: str) -> None:
    assert_quarters(read_photo(encoded(quarters().convert("CMYK"), format_)), within=40)


@pytest.mark.parametrize("format_", ["PNG", "TIFF"])
def test_16_bit_grey(format_: str) -> None:
    steps = np.linspace(0, 65535, 16).astype(np.uint16)
    photo = read_photo(encoded(Image.fromarray(np.tile(steps, (16, 1))), format_))
    assert np.array_equal(photo[5], np.repeat(np.rint(steps / 257).astype(np.uint8)[:, None], 3, axis=1))


def test_a_dark_16_bit_picture_stays_dark() -> None:
    dark = Image.fromarray(np.full((16, 16), 200, np.uint16))
    assert read_photo(encoded(dark, "PNG")).max() == 1


def test_16_bit_colour() -> None:
    row = b"\x00" + struct.pack(">HHH", 65535, 32768, 0) * 16
    assert read_photo(png(16, 16, 16, 2, chunk(b"IDAT", zlib.compress(row * 16))))[3, 3].tolist() == [255, 128, 0]


@pytest.mark.parametrize("top", [1.0, 255.0, 65535.0, 1e6])
def test_numbers_with_a_point_are_scaled_to_their_range(top: float) -> None:
    values = np.linspace(0, top, 16, dtype=np.float32)
    photo = read_photo(encoded(Image.fromarray(np.tile(values, (16, 1))), "TIFF"))
    assert (photo[0, 0, 0], photo[0, -1, 0]) == (0, 255) and (np.diff(photo[0, :, 0].astype(int)) > 0).all()


def transparent(mode: str) -> Image.Image:
    """Left half black and opaque, right half transparent over black."""
    picture = Image.new("RGBA", (16, 16), (0, 0, 0, 255))
    picture.paste((0, 0, 0, 0), (8, 0, 16, 16))
    return picture if mode == "RGBA" else picture.convert(mode)


@pytest.mark.parametrize(("mode", "format_"), [("RGBA", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP"), ("RGBA", "GIF")])
def test_what_is_transparent_lies_on_white(mode: str, format_: str) -> None:
    photo = read_photo(encoded(transparent(mode), format_, **({"lossless": True} if format_ == "WEBP" else {})))
    assert (photo[8, 3] == 0).all() and (photo[8, 12] == 255).all()


def test_half_transparent_is_half_white() -> None:
    photo = read_photo(encoded(Image.new("RGBA", (16, 16), (255, 0, 0, 128)), "PNG"))
    assert np.abs(photo[0, 0].astype(int) - [255, 127, 127]).max() <= 1


def test_a_palette_with_transparency() -> None:
    picture = Image.new("P", (16, 16), 0)
    picture.putpalette([*RED, *BLUE])
    picture.paste(1, (8, 0, 16, 16))
    for said in (1, bytes([255, 0])):
        photo = read_photo(encoded(picture, "PNG", transparency=said))
        assert photo[8, 3].tolist() == [*RED] and photo[8, 12].tolist() == [*WHITE]


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_one_colour_declared_transparent(mode: str) -> None:
    key = 0 if mode == "L" else BLACK
    assert (read_photo(encoded(Image.new(mode, (16, 16)), "PNG", transparency=key)) == 255).all()


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_a_moving_picture_the_first_frame(format_: str) -> None:
    frames = [Image.new("RGB", (16, 16), color) for color in (RED, GREEN, BLUE)]
    photo = read_photo(encoded(frames[0], format_, save_all=True, append_images=frames[1:], duration=80))
    assert np.abs(photo.astype(int) - RED).max() <= 8


def test_of_several_pictures_in_one_jpeg_the_first() -> None:
    content = encoded(quarters(), "MPO", save_all=True, append_images=[Image.new("RGB", (24, 16), "white")])
    with Image.open(BytesIO(content)) as picture:
        assert picture.format == "MPO"
    assert_quarters(read_photo(content), within=40)


def test_colours_come_in_srgb() -> None:
    """A profile whose red and blue lights are swapped shows a red file blue; one that is nonsense changes nothing."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")
    for said, seen in ((swapped, BLUE), (profile, RED), (b"nonsense", RED)):
        photo = read_photo(encoded(Image.new("RGB", (16, 16), RED), "PNG", icc_profile=said))
        assert np.abs(photo.astype(int) - seen).max() <= 2


# --- refused -------------------------------------------------------------------------------------------------------


def refusal(source: bytes | Path, name: str = "") -> str:
    with pytest.raises(PhotoRefused) as caught:
        read_photo(source, name=name)
    assert caught.value.seen and caught.value.allowed and caught.value.next_step
    assert (caught.value.status, caught.value.code) == (400, "photo_refused")
    return str(caught.value)


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1", b"msf1", b"hevc"])
def test_heic_is_refused_with_what_to_export(brand: bytes) -> None:
    content = struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"mif1heic" + bytes(100)
    message = refusal(content, "IMG_0001.HEIC")
    assert message.startswith("IMG_0001.HEIC is a HEIC photo") and "Export it as JPEG" in message


@pytest.mark.parametrize("size", [(10_000, 10_000), (5001, 5000), (60_000, 60_000)])
def test_a_decompression_bomb_is_refused_by_its_header(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    def decoded(*_: object, **__: object) -> None:
        pytest.fail("it was decoded")

    rows = zlib.compress(bytes(1_000_000))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decoded)
    message = refusal(png(*size, 8, 2, chunk(b"IDAT", rows)), "bomb.png")
    assert message.startswith(f"bomb.png has {size[0] * size[1] / 1e6:.1f} million pixels.")
    assert "at most 25 million pixels" in message and "2000 pixels on the longer side" in message


def test_the_limits_themselves_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert photo_files.open_picture(png(5000, 5000, 8, 2)).size == (5000, 5000)
    content = encoded(quarters(), "PNG")
    monkeypatch.setattr(photo_files, "MAX_BYTES", len(content))
    assert_quarters(read_photo(content))
    monkeypatch.setattr(photo_files, "MAX_BYTES", len(content) - 1)
    assert "The photo has 0.0 MB." in refusal(content)


def test_more_than_20_mb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.jpg"
    path.write_bytes(encoded(quarters(), "JPEG"))
    with path.open("r+b") as stream:
        stream.truncate(20 * 1024 * 1024 + 1)
    assert "large.jpg has 20.0 MB." in refusal(path)
    assert "The photo has 20.0 MB." in refusal(path.read_bytes())


def test_zero_bytes_and_too_few_pixels() -> None:
    assert "x.jpg is empty (0 bytes)." in refusal(b"", "x.jpg")
    for size in [(1, 1), (7, 3000)]:
        message = refusal(encoded(Image.new("RGB", size), "PNG"))
        assert f"has {size[0]} x {size[1]} pixels." in message and "at least 8 x 8" in message
    refusal(png(0, 0, 8, 2))


@pytest.mark.parametrize(
    "content",
    [b"<html>not found</html>", b"%PDF-1.7 ...", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"J", bytes(99)],
)
def test_no_picture(content: bytes) -> None:
    message = refusal(content, "page.jpg")
    assert message.startswith("page.jpg is no picture of a known format. A photo may be")
    assert "JPEG, PNG, WEBP, GIF, BMP, TIFF" in message


def test_no_file(tmp_path: Path) -> None:
    assert "gone.jpg cannot be read (No such file or directory)." in refusal(tmp_path / "gone.jpg")
    assert "cannot be read (Is a directory)." in refusal(tmp_path)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_cut_short(format_: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    content = encoded(Image.fromarray(noise), format_)
    assert re.match(r"half is damaged or cut short.*Export or upload", refusal(content[: len(content) // 2], "half"))


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "MPO"]),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6),
    st.integers(0, 400),
)
def test_damaged_bytes_are_a_photo_or_a_refusal(format_: str, changes: list[tuple[int, int]], cut: int) -> None:
    content = bytearray(encoded(quarters(), format_))
    for at, value in changes:
        content[at % len(content)] = value
    try:
        photo = read_photo(bytes(content[: len(content) - cut]))
    except PhotoRefused as refused:
        assert refused.next_step
    else:
        assert photo.dtype == np.uint8 and photo.shape[2] == 3
