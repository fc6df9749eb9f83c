"""Photos of all files of a catalogue at one size, what is kept aside of each, and squares drawn out again."""

from __future__ import annotations

import csv
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bottega.datasets.photos.catalogue import PhotoCatalogue
from bottega.datasets.photos.kept_aside import lines_split
from bottega.datasets.photos.small_photos import small_photos
from bottega.errors import PhotoRefused

HEADER = ("id", "gender", "masterCategory", "subCategory", "articleType", "baseColour", "usage", "productDisplayName")


def jpeg(size: tuple[int, int], red: int) -> bytes:
    """A red disc that fills the height, on white."""
    width, height = size
    down, across = np.mgrid[:height, :width]
    photo = np.full((height, width, 3), 255, np.uint8)
    photo[(down - height / 2) ** 2 * width**2 + (across - width / 2) ** 2 * height**2 < (width * height / 2.2) ** 2] = (
        red,
        0,
        0,
    )
    held = BytesIO()
    Image.fromarray(photo).save(held, "JPEG", quality=95)
    return held.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty lines with a square photo, of which each has a second product in the packed file, and 200 packed alone."""
    folder = tmp_path / "fashion"
    (folder / "images").mkdir(parents=True)
    rows, packed = [], {}
    for line in range(40):
        for colour in ("Red", "Blue"):
            name = f"{line}{colour}"
            rows.append((name, "Men", "Apparel", "Topwear", "Shirts", colour, "Casual", f"{colour} Shirt {line}"))
        (folder / "images" / f"{line}Red.jpg").write_bytes(jpeg((64, 64), 200))
        packed[f"{line}Blue"] = jpeg((60, 80), 120)
    for line in range(200):
        rows.append((f"p{line}", "Men", "Apparel", "Topwear", "Shirts", "Red", "", f"Red Packed {line}"))
        packed[f"p{line}"] = jpeg((60, 80), 90)
    with (folder / "styles.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    with zipfile.ZipFile(folder / "small.zip", "w") as file:
        for name, content in packed.items():
            file.writestr(f"{name}.jpg", content)
    return folder


def test_lines_kept_aside_are_aside_in_every_file(folder: Path) -> None:
    found = small_photos(folder, 32)
    catalogue = PhotoCatalogue.read(folder)
    assert len(found) == 40 + 240 and found.photos.shape == (280, 32, 32, 3)
    aside = {catalogue.ids[row] for row in np.flatnonzero(lines_split(catalogue)[1])}
    held = {found.ids[row] for row in np.flatnonzero(found.held_out)}
    assert aside <= held
    assert {name for name in held if name.endswith("Blue")} == {name.replace("Red", "Blue") for name in aside}
    packed = [name for name in held if name.startswith("p")]
    assert 12 <= len(packed) <= 50, "about a seventh of what the file alone shows"
    by_line = {line: set(found.held_out[found.lines == line].tolist()) for line in found.lines.tolist()}
    assert all(len(kinds) == 1 for kinds in by_line.values())


def test_pressed_squares_are_drawn_out_and_others_left_as_they_are(folder: Path) -> None:
    def width(photo: np.ndarray) -> int:
        return int((photo[:, :, 1] < 128).any(0).sum())

    found = small_photos(folder, 64)
    assert abs(width(found.photos[0]) - width(found.photos[-1])) <= 2, "a square beside photos of 60 x 80"
    alone = small_photos(folder, 64, files=())
    assert len(alone) == 40 and width(alone.photos[0]) >= width(found.photos[0]) + 8


def test_what_was_decoded_is_kept_for_these_photos_alone(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    first = small_photos(folder, 16, kept=kept)
    for path in (folder / "images").iterdir():
        path.write_bytes(b"no longer read")
    assert (small_photos(folder, 16, kept=kept, files=("small.zip",)).photos == first.photos).all()
    rows = first.take(np.array([3, 1]))
    assert rows.ids == (first.ids[3], first.ids[1]) and rows.labels["color"] == ("Red", "Red")
    (folder / "images" / "0Red.jpg").unlink()
    with pytest.raises(PhotoRefused, match=r"1Red\.jpg is no picture"):
        small_photos(folder, 16, kept=kept)
