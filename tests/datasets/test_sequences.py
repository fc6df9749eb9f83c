"""Sequence files: plain or packed, ids of any kind, and words for every broken line."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from bottega.datasets.sequences import read_sequences
from bottega.errors import InputError, SourceUnreadable

TEXT = "ann mug lamp mug\n\nbob vase/ä lamp\n"


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_becomes_histories_and_features(tmp_path: Path, packed: bool) -> None:
    path, attributes = tmp_path / "shop.txt", tmp_path / "attributes.json"
    path.write_bytes(gzip.compress(TEXT.encode()) if packed else TEXT.encode())
    attributes.write_text('{"mug": [7, "red"], "vase/ä": [7], "stranger": [1]}')
    histories, features, users, items = read_sequences(path, attributes)
    assert users == ["ann", "bob"] and items == ["mug", "lamp", "vase/ä"]
    assert [histories.row(user).tolist() for user in range(2)] == [[0, 1, 0], [2, 1]]
    assert features.attribute_names == ("7", "red") and histories.n_items == features.n_items == 3
    assert features.attributes.toarray().tolist() == [[1, 1], [0, 0], [1, 0]]


def test_without_attributes_nothing_is_known(tmp_path: Path) -> None:
    path = tmp_path / "shop.txt"
    path.write_text(TEXT)
    assert read_sequences(path)[1].attributes.shape == (3, 0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ann mug\nbob\n", "line 2: 'bob' has a user and no item"),
        ("", "is empty"),
        ("\n\n", "is empty"),
    ],
)
def test_broken_files_are_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "shop.txt"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        read_sequences(path)


def test_unreadable_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match=r"nowhere\.txt cannot be read"):
        read_sequences(tmp_path / "nowhere.txt")
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(TEXT.encode() * 50)[:-12])
    with pytest.raises(SourceUnreadable, match=r"cut\.gz cannot be read"):
        read_sequences(cut)
    latin = tmp_path / "latin.txt"
    latin.write_bytes(b"ann m\xfcg\n")
    with pytest.raises(SourceUnreadable, match=r"latin\.txt cannot be read"):
        read_sequences(latin)


@pytest.mark.parametrize("text", ["[1, 2]", "{broken", '{"mug": 5}'])
def test_attributes_of_another_form_are_refused(tmp_path: Path, text: str) -> None:
    path, attributes = tmp_path / "shop.txt", tmp_path / "attributes.json"
    path.write_text(TEXT)
    attributes.write_text(text)
    with pytest.raises(InputError, match="is not JSON of the form"):
        read_sequences(path, attributes)


@pytest.mark.real_data
def test_amazon_beauty_has_the_published_size(real_data: Callable[[str], Path]) -> None:
    histories, features, users, items = read_sequences(
        real_data("amazon/Beauty.txt.gz"), real_data("amazon/Beauty_item2attributes.json.gz")
    )
    assert (len(users), len(items), histories.n_events) == (22363, 12101, 198502)
    assert features.attributes.shape[0] == 12101 and (features.attributes.getnnz(axis=1) > 0).mean() > 0.99
