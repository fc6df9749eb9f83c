"""What was said in a talk orders listings: rare words before frequent ones, the kind before all, nothing shut out."""

from __future__ import annotations

import numpy as np
import pytest

from bottega.models.search.listing import Listing
from bottega.models.search.spoken import spoken_worth
from bottega.models.search.word_search import WordSearch

TITLES = [
    "Alpine watch with stopwatch",
    "Alpine running shoes",
    "Meadow running shoes breathable",
    "Meadow running shoes",
    "City running shoes version",
    "City lamp breathable",
]


@pytest.fixture(scope="module")
def search() -> WordSearch:
    search = WordSearch()
    search.add(range(len(TITLES)), [Listing(title) for title in TITLES])
    return search


def worth(search: WordSearch, wish: str, *said: str, everyday: frozenset[str] = frozenset()) -> np.ndarray:
    queries = [search.understood(one) for one in said]
    kinds = [search.understood(wish)] if wish else []
    return spoken_worth(search, queries, kinds, len(TITLES), everyday=everyday)


def test_what_is_of_the_kind_and_holds_more_of_all_lines_comes_first(search: WordSearch) -> None:
    found = worth(search, "running shoes", "running shoes", "meadow", "it should be breathable")
    assert found.argmax() == 2 and found[2] == 1.0
    assert found[3] > found[1] and found[5] < found[1]


def test_a_word_of_everyday_talk_counts_less_and_a_word_said_again_more(search: WordSearch) -> None:
    said = ("a version", "in meadow")
    plain, everyday = worth(search, "", *said), worth(search, "", *said, everyday=frozenset({"version"}))
    assert plain[4] > plain[3] and everyday[4] < everyday[3]
    twice = worth(search, "", "a version", "in meadow", "meadow please")
    assert twice[3] / twice[4] > plain[3] / plain[4]


def test_a_denied_word_speaks_for_nothing(search: WordSearch) -> None:
    found = worth(search, "running shoes", "running shoes without alpine")
    assert found[1] == pytest.approx(found[3])


def test_nothing_said_is_worth_nothing(search: WordSearch) -> None:
    assert not worth(search, "").any()
