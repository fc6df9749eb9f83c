"""Folders of street photos with pixel labels: pairs, labels, parts, splits, and what is wrong with a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bottega.datasets.photos.masks import LABELS, LABELS_OF, PARTS, PhotoMasks, part_codes
from bottega.errors import SourceUnreadable


def folder_of(path: Path, masks: dict[str, np.ndarray], *, labels: Sequence[str] = (), scale: int = 1) -> Path:
    """A folder with these masks, each value a square of 8 pixels, and for each a grey photo `scale` times as large."""
    for name in ("photos", "masks"):
        (path / name).mkdir(parents=True, exist_ok=True)
    for name, coarse in masks.items():
        mask = np.kron(coarse, np.ones((8, 8)))
        height, width = mask.shape
        Image.fromarray(mask.astype(np.uint8)).save(path / "masks" / f"{name}.png")
        Image.new("RGB", (width * scale, height * scale), (90, 90, 90)).save(path / "photos" / f"{name}.jpg")
    if labels:
        (path / "labels.txt").write_text("\n".join(labels) + "\n")
    return path


def test_every_label_belongs_to_one_part() -> None:
    assert len(LABELS) == 59
    assert sum(len(labels) for labels in LABELS_OF.values()) == len(set(LABELS))
    assert PARTS == ("background", "skin", "hair", "upper", "outer", "lower", "one_piece", "shoes", "bag")


def test_labels_of_the_folder_decide_what_a_value_means(tmp_path: Path) -> None:
    mask = np.array([[0, 1], [2, 2]])
    own = PhotoMasks.read(folder_of(tmp_path / "own", {"a": mask}, labels=["null", "jeans", "coat"]))
    assert [[PARTS[code] for code in row] for row in own.parts[0][::8, ::8]] == [
        ["background", "lower"],
        ["outer", "outer"],
    ]
    public = PhotoMasks.read(folder_of(tmp_path / "public", {"a": np.array([[0, LABELS.index("hat")]])}))
    assert public.parts[0][::8, ::8].tolist() == [[0, PARTS.index("bag")]]


def test_a_larger_photo_is_brought_to_its_mask(tmp_path: Path) -> None:
    read = PhotoMasks.read(folder_of(tmp_path, {"a": np.zeros((6, 4))}, scale=3))
    assert read.photos[0].shape == (48, 32, 3)


def test_what_has_no_counterpart_is_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {"a": np.zeros((2, 2)), "b": np.zeros((2, 2))})
    (folder / "masks" / "b.png").unlink()
    read = PhotoMasks.read(folder)
    assert read.names == ("a",)
    assert read.unpaired == ("b",)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda folder: (folder / "masks" / "a.png").unlink(), "no pair"),
        (lambda folder: (folder / "labels.txt").write_text("null\ntoga\n"), "'toga'"),
        (lambda folder: (folder / "labels.txt").write_text("null\n"), "the value 1"),
        (lambda folder: (folder / "masks" / "a.png").write_bytes(b"none"), "cannot be read"),
        (lambda folder: Image.new("L", (9, 2)).save(folder / "masks" / "a.png"), "its photo 32x32"),
    ],
)
def test_messages_say_what_is_wrong(tmp_path: Path, spoil: Callable[[Path], object], words: str) -> None:
    folder = folder_of(tmp_path, {"a": np.ones((4, 4))}, labels=["null", "coat"])
    spoil(folder)
    with pytest.raises(SourceUnreadable, match=words):
        PhotoMasks.read(folder)


def test_a_split_shares_no_photo_and_is_the_same_for_a_seed(tmp_path: Path) -> None:
    read = PhotoMasks.read(folder_of(tmp_path, {f"{k}": np.zeros((2, 2)) for k in range(10)}))
    first, second = read.split(0.3, np.random.default_rng(1))
    assert len(second) == 3
    assert sorted(first.names + second.names) == sorted(read.names)
    assert second.fingerprint == read.split(0.3, np.random.default_rng(1))[1].fingerprint
    assert second.fingerprint != read.split(0.3, np.random.default_rng(2))[1].fingerprint


@pytest.mark.real_data
def test_the_public_labels_are_the_ones_known_here(real_data: Callable[[str], Path]) -> None:
    labels = real_data("parsing/labels.txt").read_text().split()
    assert tuple(labels) == LABELS
    assert part_codes(labels).tolist() == part_codes(LABELS).tolist()
