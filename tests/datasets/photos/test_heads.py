"""Heads on drawn people are hidden, what lies flat is left alone, and what is unsure is said to be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import bottega
from bottega.datasets.photos.heads import hide_heads, hide_labelled_head, skin
from bottega.datasets.photos.masks import LABELS, PARTS
from bottega.models.studio.rescue.recipe import _headless, street_files

SKIN, BLUE, WHITE = (205, 150, 120), (40, 60, 170), (252, 252, 250)
YES, NO = np.array([True]), np.array([False])


def person(*, shirt: tuple[int, int, int] = BLUE, px: int = 64) -> NDArray[np.uint8]:
    """Dark hair, a face, a neck, shoulders, arms."""
    photo = np.full((px, px, 3), WHITE, np.uint8)
    photo[2:6, 28:36] = (30, 20, 20)
    photo[6:16, 28:36] = SKIN
    photo[16:19, 30:34] = SKIN
    photo[19:56, 18:46] = shirt
    photo[30:50, 12:18] = photo[30:50, 46:52] = SKIN
    return photo


def test_a_head_goes_and_the_shirt_stays() -> None:
    photo = person()
    found = hide_heads(photo[None], YES, YES)
    assert found.worn.all() and not found.unsure.any()
    assert (found.photos[0, :18] == WHITE).all(), "hair, face and neck"
    assert (found.photos[0, 19:] == photo[19:]).all()
    assert photo[8, 30].tolist() == list(SKIN), "the photo that came in is as it was"


def test_what_lies_flat_is_left_alone() -> None:
    photo = np.full((64, 64, 3), WHITE, np.uint8)
    photo[10:50, 16:48] = BLUE
    photo[8:10, 28:36] = BLUE
    found = hide_heads(photo[None], YES, YES)
    assert not found.worn.any() and not found.unsure.any() and (found.photos[0] == photo).all()


def test_a_face_without_shoulders_is_unsure() -> None:
    photo = np.full((64, 64, 3), WHITE, np.uint8)
    photo[4:60, 8:56] = SKIN
    found = hide_heads(photo[None], YES, YES)
    assert found.unsure.all() and not found.worn.any()
    white_shirt = person(shirt=WHITE)
    assert hide_heads(white_shirt[None], YES, YES).unsure.all(), "nothing tells where its shoulders are"


def test_brown_shoes_show_nobody() -> None:
    photo = np.full((64, 64, 3), WHITE, np.uint8)
    photo[5:40, 10:54] = (150, 95, 60)
    assert skin(photo[None]).any()
    assert not hide_heads(photo[None], NO, NO).unsure.any()
    found = hide_heads(photo[None], NO, YES)
    assert found.unsure.all() and (found.photos[0] == photo).all()


def test_photos_need_not_be_square() -> None:
    photo = np.full((64, 48, 3), WHITE, np.uint8)
    photo[:] = person()[:, 8:56]
    found = hide_heads(photo[None], YES, YES)
    assert found.worn.all() and (found.photos[0, :18] == WHITE).all() and (found.photos[0, 19:] == photo[19:]).all()


def test_a_labelled_head_is_covered_to_the_chin_and_what_is_worn_stays() -> None:
    photo, parts = person(), np.zeros((64, 64), np.uint8)
    parts[2:6, 28:36] = PARTS.index("hair")
    parts[6:16, 28:36] = PARTS.index("skin")
    parts[19:56, 18:46] = PARTS.index("upper")
    found = hide_labelled_head(photo, parts)
    assert found is not None and (found[2:16, 28:36] == WHITE).all(), "hair and face"
    assert (found[20:] == photo[20:]).all()
    assert hide_labelled_head(photo, np.zeros_like(parts)) is None, "nothing tells where the head is"


DRAWN = {"key_points", "turntable"}
"""Whose recipes learn from people and things that are drawn."""


def test_whatever_a_generator_learns_from_passes_through_here() -> None:
    """Every recipe of the studio hides heads, itself, by `asked_of`, or takes photos where another hid them.

    Those that learn from things drawn by this house alone read no photo. models/judge makes nothing.
    """
    recipes = sorted((Path(bottega.__path__[0]) / "models" / "studio").rglob("recipe.py"))
    assert len(recipes) >= 2
    for recipe in recipes:
        text = recipe.read_text(encoding="utf-8")
        if recipe.parent.name in DRAWN:
            assert "bottega.datasets.photos" not in text, f"{recipe} learns from what is drawn alone"
            continue
        assert any(word in text for word in ("asked_of(", "hide_heads(", "ProductWork(", "FramedPeople")), (
            f"{recipe} learns from photos whose heads nobody hid"
        )
    people = Path(bottega.__path__[0]) / "models" / "studio" / "composer" / "people.py"
    for way in ("hide_heads(", "hide_labelled_head("):
        assert way in people.read_text(encoding="utf-8"), "people come into their frames without heads"
    outfits = people.with_name("outfits.py").read_text(encoding="utf-8")
    assert "cut_out(" in outfits and "headless(" in outfits, "of photos of pieces nothing but the piece is drawn"
    readers = {
        path.name
        for path in (Path(bottega.__path__[0]) / "models" / "studio").rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in ("read_photo(", "small_photos(", "PhotoMasks."))
    }
    assert readers <= {"recipe.py", "face_table.py", "people.py", "outfits.py"}, (
        "photos to learn from are read where heads go"
    )


def test_no_street_photo_shows_a_face_to_the_rescue(tmp_path: Path) -> None:
    for name in ("photos", "masks"):
        (tmp_path / "parsing" / name).mkdir(parents=True)
    parts = np.zeros((128, 128), np.uint8)
    photo = np.kron(person(), np.ones((2, 2, 1), np.uint8))
    parts[4:12, 56:72], parts[12:32, 56:72] = LABELS.index("hair"), LABELS.index("skin")
    for number in range(5):  # a fifth is held out
        Image.fromarray(photo).save(tmp_path / "parsing" / "photos" / f"{number}.jpg", quality=95)
        mask = parts if number % 2 else np.zeros_like(parts)
        Image.fromarray(mask).save(tmp_path / "parsing" / "masks" / f"{number}.png")
    (tmp_path / "fashion").mkdir()
    names = [name for name, _ in street_files(tmp_path)[0]]
    found = [_headless(tmp_path, "street", (name, b""), {}) for name in names]
    assert [one is None for one in found] == [int(name) % 2 == 0 for name in names]
    assert all(not skin(one[None])[0, 14:30, 58:70].any() for one in found if one is not None)
