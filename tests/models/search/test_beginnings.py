"""Words that lie in order in mapped arrays begin as those in memory do, slips forgiven, and newer ones stand beside."""

from __future__ import annotations

import random

import numpy as np
import pytest

from bottega.models.search.beginnings import WordStarts
from bottega.models.search.listing import Listing
from bottega.models.search.vocabulary import Vocabulary
from bottega.models.search.word_search import WordSearch

LETTERS = "abcdeö"


def words(count: int) -> list[str]:
    draw = random.Random(3)
    return sorted({"".join(draw.choices(LETTERS, k=draw.randrange(1, 9))) for _ in range(count)})


@pytest.mark.parametrize("count", [1, 63, 64, 65, 3000])
def test_what_begins_so_is_the_same_however_words_are_kept(count: int) -> None:
    known = words(count)
    shuffled = random.Random(4).sample(known, len(known))
    packed, newer = shuffled[: len(shuffled) // 2 + 1], shuffled[len(shuffled) // 2 + 1 :]
    order = np.array(sorted(range(len(packed)), key=packed.__getitem__), dtype=np.int32)
    mixed = WordStarts(newer[1:], order=order, name=packed.__getitem__)
    if newer:
        mixed.add(newer[0])
    assert len(mixed) == len(known) and sorted(mixed) == known
    plain = WordStarts(known)
    draw = random.Random(5)
    for _ in range(200):
        start = "".join(draw.choices(LETTERS, k=draw.randrange(1, 7)))
        begun = [word for word in known if word.startswith(start)]
        assert sorted(mixed.of(start)) == plain.of(start) == begun
        assert sorted(mixed.near(start)) == sorted(plain.near(start))


def test_a_slip_is_one_letter_changed_left_out_too_many_or_two_swapped() -> None:
    starts = WordStarts(["lampshade", "lampen", "shoe"])
    assert set(starts.near("lmap")) == {"lampshade", "lampen"}
    assert set(starts.near("lampst")) == {"lampshade"} == set(starts.near("lammps")) == set(starts.near("lapsh"))
    assert starts.near("xyzq") == [] and starts.near("lam") == []


def test_of_many_words_the_most_frequent_are_told_first() -> None:
    shop = Vocabulary()
    for word, often in (("shoe", 3), ("shirt", 9), ("short", 3), ("shawl", 1), ("lamp", 20)):
        shop.count([shop.word(word)] * often)
    again = Vocabulary(shop.arrays())
    for one in (shop, again):
        assert one.begun("sh", 3) == ["shirt", "shoe", "short"]
        assert one.begun("sh", 10) == ["shirt", "shoe", "short", "shawl"]
    again.count([again.word("shelf")])
    assert again.begun("sh", 10) == ["shirt", "shoe", "short", "shawl", "shelf"], "those that came since stand beside"


def test_a_packed_search_completes_without_sorting_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    search = WordSearch()
    search.add(range(900), [Listing(f"Shirt a{number}") for number in range(900)])
    opened = WordSearch.from_arrays(search.arrays())
    monkeypatch.setattr("bottega.models.search.beginnings.sorted", lambda _: [], raising=False)
    allowed = np.ones(900, dtype=np.bool_)
    assert len(opened.begun("shi", allowed)) == 900 and opened.begun("shi a77", allowed).tolist() == [
        77,
        *range(770, 780),
    ]
