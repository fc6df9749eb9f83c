"""Thumbnails of the shop's pictures: any format, never wider than the picture, made once, bounded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from bottega.shop.pictures import thumbnails as module
from bottega.shop.pictures.thumbnails import Thumbnails, width_for


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    folder.mkdir()
    return folder


@pytest.fixture
def thumbnails(tmp_path: Path, images: Path) -> Iterator[Thumbnails]:
    made = Thumbnails(images, tmp_path / "thumbnails")
    yield made
    made.close()


def made_of(thumbnails: Thumbnails, path: str, width: int) -> Path:
    promise = thumbnails.ask(path, width)
    assert promise is not None
    made = promise.result(30)
    assert made is not None
    return made


@pytest.mark.parametrize("name", ["a.png", "b.jpg", "c.gif", "d.tiff", "e.webp", "f.bmp", "deep/er ü/g.png"])
def test_a_picture_of_any_format_becomes_a_webp_of_that_width(images: Path, thumbnails: Thumbnails, name: str) -> None:
    (images / name).parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (900, 600), "teal").save(images / name)
    with Image.open(made_of(thumbnails, name, 320)) as small:
        assert (small.format, small.size) == ("WEBP", (320, 213))


def test_it_turns_a_photo_upright_and_lays_the_transparent_on_white(images: Path, thumbnails: Thumbnails) -> None:
    sideways = Image.new("RGB", (400, 200), "teal")
    exif = sideways.getexif()
    exif[0x0112] = 6
    sideways.save(images / "phone.jpg", exif=exif)
    with Image.open(made_of(thumbnails, "phone.jpg", 160)) as small:
        assert small.size == (160, 320)
    Image.new("RGBA", (200, 200), (0, 0, 0, 0)).save(images / "clear.png")
    with Image.open(made_of(thumbnails, "clear.png", 160)) as small:
        assert small.convert("RGB").getpixel((80, 80)) == (255, 255, 255)


def test_a_small_picture_is_not_blown_up(images: Path, thumbnails: Thumbnails) -> None:
    Image.new("RGB", (50, 40), "teal").save(images / "icon.png")
    with Image.open(made_of(thumbnails, "icon.png", 640)) as small:
        assert small.size == (50, 40)


def test_it_is_made_once_and_anew_for_another_picture_in_its_place(images: Path, thumbnails: Thumbnails) -> None:
    Image.new("RGB", (300, 300), "teal").save(images / "a.png")
    first = made_of(thumbnails, "a.png", 160)
    stamp = first.stat().st_mtime_ns
    assert made_of(thumbnails, "a.png", 160) == first
    assert first.stat().st_mtime_ns == stamp
    Image.new("RGB", (300, 300), "red").save(images / "a.png")
    os.utime(images / "a.png", ns=(1, 1))
    second = made_of(thumbnails, "a.png", 160)
    assert second != first
    with Image.open(second) as small:
        red, _, blue = small.convert("RGB").getpixel((5, 5))  # type: ignore[misc]  # three channels
        assert red > 200 > 100 > blue


@pytest.mark.parametrize("path", ["", ".", "nowhere.png", "../secret.png", "/etc/passwd", "a\0b.png", "x" * 5000])
def test_what_lies_elsewhere_is_not_read(images: Path, thumbnails: Thumbnails, path: str) -> None:
    Image.new("RGB", (9, 9)).save(images.parent / "secret.png")
    assert thumbnails.ask(path, 160) is None


def test_what_is_no_picture_gets_none_and_is_looked_at_once(
    images: Path, thumbnails: Thumbnails, monkeypatch: pytest.MonkeyPatch
) -> None:
    (images / "drawing.svg").write_text("<svg/>")
    (images / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    for name in ("drawing.svg", "broken.jpg"):
        promise = thumbnails.ask(name, 160)
        assert promise is not None and promise.result(30) is None

    def not_again(source: Path) -> None:
        raise AssertionError(source)

    monkeypatch.setattr(module, "read_photo", not_again)
    for name in ("drawing.svg", "broken.jpg"):
        promise = thumbnails.ask(name, 160)
        assert promise is not None and promise.result(30) is None


def test_the_folder_keeps_its_bound_and_the_newest(tmp_path: Path, images: Path) -> None:
    noise = Image.effect_noise((160, 160), 90)
    noise.convert("RGB").save(images / "noise.png")
    probe = Thumbnails(images, tmp_path / "probe")
    one = made_of(probe, "noise.png", 160).stat().st_size
    probe.close()
    thumbnails = Thumbnails(images, tmp_path / "thumbnails", most_bytes=5 * one)
    made = []
    for number in range(12):
        noise.convert("RGB").save(images / f"{number}.png")
        made.append(made_of(thumbnails, f"{number}.png", 160))
        os.utime(made[-1], (number, number))
        total = sum(path.stat().st_size for path in thumbnails.folder.glob("*/*.webp"))
        assert total <= 5 * one
    assert made[-1].exists() and not made[0].exists()
    thumbnails.close()


def test_beyond_what_may_wait_the_picture_goes_out_as_it_is(
    images: Path, thumbnails: Thumbnails, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WAITING", 0)
    Image.new("RGB", (300, 300)).save(images / "a.png")
    assert thumbnails.ask("a.png", 160) is None


def test_a_folder_that_cannot_be_written_costs_the_thumbnail_alone(tmp_path: Path, images: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    Image.new("RGB", (300, 300)).save(images / "a.png")
    thumbnails = Thumbnails(images, tmp_path / "file" / "thumbnails")
    promise = thumbnails.ask("a.png", 160)
    assert promise is not None and promise.result(30) is None
    thumbnails.close()


def test_widths_go_up_to_the_next() -> None:
    assert [width_for(wanted) for wanted in (1, 160, 161, 641, 99999)] == [160, 160, 320, 960, 960]
