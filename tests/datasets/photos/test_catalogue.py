"""A folder of photos and labels: rough files, product lines, and splits that no line crosses."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bottega.datasets.photos import catalogue as photo_catalogue
from bottega.datasets.photos.catalogue import HEAD_COLUMNS, UNKNOWN, PhotoCatalogue, classes_of, codes_of, fingerprint
from bottega.errors import ColumnMissing, PhotoRefused, SourceUnreadable

HEADER = "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName"
ROWS = [
    "1,Men,Apparel,Topwear,Tshirts,Navy Blue,Fall,2011,Casual,Puma Men Navy Logo T-shirt",
    "2,Men,Apparel,Topwear,Tshirts,Red,Fall,2011,NA,Puma Men RED Logo T-shirt",
    "3,Women,Footwear,Shoes,Heels,NA,,2012,Casual,Catwalk Women, Open Toe, Heels",
    '4,Women,Apparel,Bottomwear,Shorts,Pink,Summer,2011,Sports,Nike 3.5" Pink Short',
    '5,Women,Apparel,Bottomwear,Shorts,Blue,Summer,2011,Sports,"Nike 3.5"" Blue Short"',
    '6,Men,Apparel,Topwear,Shirts,White,Fall,2011,Formal,"An open quote',
    "7,Men,Apparel,Topwear,Shirts,White,Fall,2011,Formal,White Off",
    "8,Men,Apparel,Topwear,Shirts,Off White,Fall,2011,Formal,Off White",
]


def write(folder: Path, rows: list[str], *, header: str = HEADER, photos: str = "12345678", encoding: str = "") -> Path:
    (folder / "images").mkdir(parents=True)
    (folder / "styles.csv").write_text("\n".join([header, *rows]) + "\n", encoding=encoding or "utf-8")
    for name in photos:
        Image.new("RGB", (12, 8), (int(name) * 20, 0, 0)).save(folder / "images" / f"{name}.jpg")
    return folder


def test_examples_run() -> None:
    outcome = doctest.testmod(photo_catalogue)
    assert outcome.failed == 0 and outcome.attempted >= 4


def test_rough_rows_are_read_and_nothing_is_dropped_in_silence(tmp_path: Path) -> None:
    rough = [*ROWS, "1,Men,again", "", "2" + ROWS[1][1:], "9,Men,Apparel,Topwear,Shirts,Red,Fall,2011,Formal,No photo"]
    found = PhotoCatalogue.read(write(tmp_path, rough, encoding="utf-8-sig"))
    assert found.ids == tuple("12345678")
    assert found.titles[2:6] == (
        "Catwalk Women, Open Toe, Heels",
        'Nike 3.5" Pink Short',
        'Nike 3.5" Blue Short',
        "An open quote",
    )
    assert found.unread == (10, 12) and found.without_photo == 1


def test_unknown_labels_have_no_class(tmp_path: Path) -> None:
    found = PhotoCatalogue.read(write(tmp_path, ROWS))
    assert set(found.labels) == set(HEAD_COLUMNS)
    assert found.labels["color"][2] == "" and found.labels["usage"][1] == ""
    classes = classes_of(found.labels["usage"])
    assert classes == ("Casual", "Formal", "Sports")
    assert codes_of(found.labels["usage"], classes)[:4].tolist() == [0, UNKNOWN, 0, 2]


def test_a_line_is_a_title_without_colour_words(tmp_path: Path) -> None:
    lines = PhotoCatalogue.read(write(tmp_path, ROWS)).lines
    assert lines[0] == lines[1] and lines[3] == lines[4]
    # Two titles of colour words alone say nothing: they are not the same product.
    assert len(np.unique(lines)) == 6 and lines[6] != lines[7]


def test_no_line_is_on_both_sides_of_a_split(tmp_path: Path) -> None:
    rows = [
        f"{n},Men,A,B,C,{colour},Fall,2011,Casual,Line {n % 60} {colour}"
        for n, colour in enumerate(["Red", "Blue", "Green"] * 60)
    ]
    (tmp_path / "images").mkdir()
    (tmp_path / "styles.csv").write_text("\n".join([HEADER, *rows]))
    for n in range(180):
        (tmp_path / "images" / f"{n}.jpg").touch()
    found = PhotoCatalogue.read(tmp_path)
    seen = []
    for seed in (0, 0, 1):
        train, held_out = found.split_lines(0.2, np.random.default_rng(seed))
        assert not set(found.lines[train]) & set(found.lines[held_out])
        assert (train ^ held_out).all() and 36 <= held_out.sum() <= 38
        seen.append(held_out.tolist())
    assert seen[0] == seen[1] != seen[2]
    part = found.take(held_out)
    assert (
        part.ids == tuple(np.array(found.ids)[held_out])
        and part.labels["color"][0] == found.labels["color"][int(np.flatnonzero(held_out)[0])]
    )


def test_photos_are_square_and_counted(tmp_path: Path) -> None:
    found = PhotoCatalogue.read(write(tmp_path, ROWS))
    calls = []
    photos = found.photos(16, progress=lambda task, done, total=None, note="": calls.append((task, done, total)))
    assert photos.shape == (8, 16, 16, 3) and calls == [("reading photos", 8, 8)]
    assert abs(photos[:, 8, 8, 0].astype(int) - np.arange(1, 9) * 20).max() < 6


def test_words_of_titles(tmp_path: Path) -> None:
    found = PhotoCatalogue.read(write(tmp_path, ROWS))
    words = found.frequent_words(least=2, share=0.3)
    assert set(words) == {"logo", "men", "nike", "off", "open", "puma", "shirt", "short", "white"}
    assert found.frequent_words(least=2, most=3, share=0.3) == words[:3]
    marks = found.word_marks(words)
    assert marks.shape == (8, len(words)) and marks[0, words.index("logo")] == 1 and marks[2].sum() == 1


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match=r"styles\.csv cannot be read .* Check the path"):
        PhotoCatalogue.read(tmp_path / "nowhere")
    with pytest.raises(ColumnMissing, match="has no column gender, usage"):
        PhotoCatalogue.read(write(tmp_path / "a", [], header=HEADER.replace("gender", "g").replace("usage", "u")))
    with pytest.raises(SourceUnreadable, match=r"None of the 8 rows .* has a photo"):
        PhotoCatalogue.read(write(tmp_path / "b", ROWS, photos=""))
    broken = write(tmp_path / "c", ROWS)
    (broken / "images" / "3.jpg").write_bytes(b"\xff\xd8\xff not a photo")
    with pytest.raises(PhotoRefused, match=r"3\.jpg"):
        PhotoCatalogue.read(broken).photos(8)


@pytest.mark.real_data
def test_the_real_catalogue(real_data: Callable[[str], Path]) -> None:
    found = PhotoCatalogue.read(real_data("fashion"))
    assert len(found) + found.without_photo == 38_725 and len(found) == 8_236 and not found.unread
    sizes = np.bincount(found.lines)
    assert round(float((sizes[found.lines] > 1).mean()), 2) == 0.73
    assert len(classes_of(found.labels["type"])) == 74
    few = found.take(np.arange(4))
    assert few.photos(32).shape == (4, 32, 32, 3) and len(fingerprint(few.ids)) == 16
