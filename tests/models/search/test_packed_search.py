"""A search out of flat arrays answers as the one that wrote them, also after changes; ties go to the lower id."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bottega.models.blocks.pack import open_pack, write_pack
from bottega.models.search import gathering, listing_index
from bottega.models.search.gathering import first
from bottega.models.search.listing import Listing
from bottega.models.search.word_search import WordSearch

LISTINGS = [
    Listing("Red wool scarf", ["Clothing", "Scarves"], {"colour": ["red"]}, "Lana", names=["S-1"], price=19.0),
    Listing("Blue wool scarf", ["Clothing", "Scarves"], {"colour": ["blue"]}, "Lana", names=["S-2"], price=25.0),
    Listing("Teapot, cast iron", ["Kitchen", "Teapots"], brand="Oma", description="Keeps tea warm.", names=["T-1"]),
    Listing("Tischlampe aus Holz", ["Lampen"], names=["L-1"], price=70.0, seen=["lamp"]),
    Listing("Wooden table lamp", ["Lamps"], names=["L-2"], price=65.0),
    Listing("Running shoes", ["Shoes", "Sports Shoes"], {"colour": ["white", "red"]}, "Oma", names=["R-1"]),
]
QUERIES = [
    *("scarf", "red scarf", "scarf not red", "s-2", "teapot", "tea warm", "lampe", "lamp under 68", "wool", "scraf"),
    *("sports shoes", "something warm for my mother", "oma", "cheap scarf", "sneakers", "nothing like it"),
]


def _answers(search: WordSearch) -> list[tuple[list[int], list[float], int]]:
    found = [search.search(query, 10) for query in QUERIES]
    return [(one.ids.tolist(), one.scores.tolist(), one.close_from) for one in found]


@pytest.fixture(params=[False, True], ids=["few", "many"])
def search(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> WordSearch:
    """Filled one by one, or as many at once."""
    if request.param:
        monkeypatch.setattr(listing_index, "TAIL_MOST", 2)
    made = WordSearch()
    made.add(range(len(LISTINGS)), LISTINGS)
    return made


def test_a_pack_answers_as_what_it_was_made_of(search: WordSearch, tmp_path: Path) -> None:
    wanted = _answers(search)
    assert [ids for ids, *_ in wanted[:3]] == [[0, 1], [0, 1, 5], [1]]
    write_pack(tmp_path / "search", search.arrays(), made_from={})
    assert _answers(search) == wanted
    pack = open_pack(tmp_path / "search", made_from={})
    assert pack is not None
    opened = WordSearch.from_arrays(pack.arrays)
    assert len(opened) == len(LISTINGS) and _answers(opened) == wanted


def test_what_comes_and_goes_after_the_pack(search: WordSearch) -> None:
    opened = WordSearch.from_arrays(search.arrays())
    changes = [(1, Listing("Green silk scarf", ["Scarves"], names=["S-3"])), (9, Listing("Zorbling", names=["Z"]))]
    for one in (search, opened):
        one.remove([3])
        for id_, listing in changes:
            one.add([id_], [listing])
        one.see(4, ["bright"])
    assert _answers(opened) == _answers(search)
    assert opened.search("zorblings", 5).ids.tolist() == [9] and opened.search("bright", 5).ids.tolist() == [4]
    assert opened.search("s-2", 5).ids.tolist() != [1]  # that number went with what it was the number of
    again = WordSearch.from_arrays(opened.arrays())
    assert [ids for ids, *_ in _answers(again)] == [ids for ids, *_ in _answers(search)]


def test_many_at_once_behind_a_pack(search: WordSearch, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = WordSearch.from_arrays(search.arrays())
    monkeypatch.setattr(listing_index, "TAIL_MOST", 2)
    more = [Listing(f"Velvet scarf {number}", ["Scarves"], names=[f"V-{number}"]) for number in range(5)]
    opened.add(range(4, 9), more)  # 4 and 5 are replaced
    assert len(opened) == 9
    assert opened.search("velvet", 9).ids.tolist() == [4, 5, 6, 7, 8]
    assert opened.search("v-3", 9).ids.tolist() == [7] and opened.search("running", 9).ids.tolist() == []


@given(
    scores=st.lists(st.sampled_from([0.0, 0.25, 0.5, 3.0]), max_size=12),
    count=st.integers(0, 14),
    reverse=st.booleans(),
)
@pytest.mark.parametrize("heap_most", [0, 256])
def test_first_is_the_head_of_all_sorted(scores: list[float], count: int, reverse: bool, heap_most: int) -> None:
    ids = np.arange(len(scores))[::-1].copy() if reverse else np.arange(len(scores))
    wanted = sorted((place for place, score in enumerate(scores) if score > 0), key=lambda at: (-scores[at], ids[at]))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gathering, "HEAP_MOST", heap_most)
        assert first(np.array(scores, dtype=np.float32), count, ids).tolist() == wanted[:count]
