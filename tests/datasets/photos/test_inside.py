"""Pictures that products name are opened inside the shop's images folder, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from bottega.catalogue.product import Product
from bottega.datasets.photos.inside import path_inside, read_inside
from bottega.datasets.photos.shop_photos import shop_photos
from bottega.errors import PhotoRefused


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "shop" / "images"
    (folder / "ab").mkdir(parents=True)
    Image.new("RGB", (16, 16), "teal").save(folder / "ab" / "in.png")
    Image.new("RGB", (16, 16), "red").save(tmp_path / "out.png")
    (tmp_path / "secret.txt").write_text("root:x:0:0")
    (folder / "link.png").symlink_to(tmp_path / "out.png")
    (folder / "linked").symlink_to(tmp_path)
    (folder / "own.png").symlink_to(folder / "ab" / "in.png")
    (folder / "circle.png").symlink_to(folder / "circle.png")
    return folder


@pytest.mark.parametrize("name", ["ab/in.png", "ab/../ab/in.png", "./ab/in.png", "own.png"])
def test_pictures_inside_are_read(images: Path, name: str) -> None:
    assert read_inside(images, name).shape == (16, 16, 3)


@pytest.mark.parametrize(
    "name",
    [
        "../../out.png", "ab/../../../out.png", "link.png", "linked/out.png", "linked/secret.txt", "circle.png", "ab",
        ".", "", "gone.png", "\x00", "x" * 5000, "https://i.example/a.png", "file:///etc/passwd", "/etc/passwd",
    ],
)  # fmt: skip
def test_nothing_outside_is_opened(images: Path, name: str) -> None:
    with pytest.raises(PhotoRefused) as refused:
        path_inside(images, name)
    assert "images folder" in str(refused.value) and "root:x" not in str(refused.value)


def test_an_absolute_path_is_outside(images: Path, tmp_path: Path) -> None:
    with pytest.raises(PhotoRefused, match="lies outside the shop's images folder"):
        read_inside(images, str(tmp_path / "out.png"))


def test_the_eye_learns_and_tags_inside_whatever_older_rows_name(images: Path, tmp_path: Path) -> None:
    names = ["ab/in.png", str(tmp_path / "out.png"), "link.png", str(tmp_path / "secret.txt"), "/etc/passwd"]
    products = [Product(id=str(number), title="Mug", images=(name,)) for number, name in enumerate(names)]
    found = shop_photos(products, images, 16)
    assert found.ids == ("0",) and set(found.unreadable) == {"1", "2", "3", "4"}
    assert not any("root:x" in why for why in found.unreadable.values())
