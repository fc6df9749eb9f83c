"""InvertedIndex against plain sets, through any order of coming, leaving and compacting."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bottega.models.search.inverted_index import InvertedIndex


@given(st.lists(st.tuples(st.sets(st.integers(0, 6)), st.booleans(), st.booleans()), max_size=30))
def test_they_are_the_sets_they_stand_for(steps: list[tuple[set[int], bool, bool]]) -> None:
    index, held = InvertedIndex(), list[set[int]]()
    for terms, leaves, compacts in steps:
        index.add(len(held), terms)
        held.append(terms)
        if compacts:
            kept = np.ones(len(held), dtype=np.bool_)
            kept[0] = not leaves
            index.compact(kept)
            held = [terms for terms, stays in zip(held, kept, strict=True) if stays]
        for term in range(8):
            wanted = [number for number, terms in enumerate(held) if term in terms]
            assert index.of(term).tolist() == wanted and index.count(term) == len(wanted)
