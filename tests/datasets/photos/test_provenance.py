"""How a picture came to be: said in its file, read again, kept when everything else is taken out."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import ExifTags, Image, PngImagePlugin

from bottega.datasets.photos.metadata import storable, strip_metadata
from bottega.datasets.photos.provenance import SourceType, marked, packet_of, source_type_of
from bottega.errors import PhotoRefused


def photo(mode: str = "RGB") -> Image.Image:
    channels = {"RGB": (3,), "RGBA": (4,), "L": ()}[mode]
    return Image.fromarray(np.random.default_rng(3).integers(0, 256, (25, 41, *channels), np.uint8))


def saved(format_: str, mode: str = "RGB", **how: Any) -> bytes:
    out = BytesIO()
    photo(mode).save(out, format_, **how)
    return out.getvalue()


CASES = [
    ("JPEG", "RGB", {}), ("JPEG", "L", {"progressive": True}), ("PNG", "RGB", {}), ("PNG", "RGBA", {}),
    ("WEBP", "RGB", {}), ("WEBP", "RGBA", {}), ("WEBP", "RGB", {"lossless": True}),
    ("WEBP", "RGBA", {"lossless": True, "save_all": True, "append_images": [photo("RGBA").rotate(180)]}),
]  # fmt: skip


@pytest.mark.parametrize("source_type", SourceType)
@pytest.mark.parametrize(("format_", "mode", "how"), CASES)
def test_what_is_said_is_read_and_no_pixel_moves(
    format_: str, mode: str, how: dict[str, Any], source_type: SourceType
) -> None:
    before = saved(format_, mode, **how)
    after = marked(before, source_type)
    assert source_type_of(before) is None
    assert source_type_of(after) is source_type
    with Image.open(BytesIO(before)) as one, Image.open(BytesIO(after)) as two:
        assert (one.format, one.size, getattr(one, "n_frames", 1)) == (
            two.format,
            two.size,
            getattr(two, "n_frames", 1),
        )
        for frame in range(getattr(one, "n_frames", 1)):
            one.seek(frame)
            two.seek(frame)
            assert np.array_equal(np.asarray(one), np.asarray(two))


@pytest.mark.parametrize(("format_", "mode", "how"), CASES)
def test_it_stays_when_everything_else_is_taken_out(format_: str, mode: str, how: dict[str, Any]) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Ada Lovelace"
    more: dict[str, Any] = {"exif": exif}
    packet = packet_of(SourceType.GENERATED).replace(b"<rdf:Description ", b"<!-- by Ada Lovelace --><rdf:Description ")
    if format_ == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", packet.decode(), zip=True)
        more["pnginfo"] = info
    else:
        more["xmp"] = packet
    kept = strip_metadata(saved(format_, mode, **how, **more))
    assert b"Ada Lovelace" not in kept
    assert source_type_of(kept) is SourceType.GENERATED
    assert storable(kept).content is kept


def test_avif_keeps_it_too() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Ada Lovelace"
    before = saved("AVIF", xmp=packet_of(SourceType.PARTLY_GENERATED), exif=exif)
    kept = storable(before)
    assert source_type_of(kept.content) is SourceType.PARTLY_GENERATED
    assert storable(kept.content).content is kept.content


def test_other_words_and_other_files_say_nothing() -> None:
    camera = packet_of(SourceType.GENERATED).replace(b"trainedAlgorithmicMedia", b"digitalCapture")
    assert source_type_of(saved("JPEG", xmp=camera)) is None
    assert source_type_of(b"cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia") is None
    assert source_type_of(b"\x89PNG cut short") is None


def test_a_format_that_cannot_say_it_is_refused() -> None:
    with pytest.raises(PhotoRefused, match="JPEG, PNG and WebP"):
        marked(saved("GIF"), SourceType.GENERATED)
