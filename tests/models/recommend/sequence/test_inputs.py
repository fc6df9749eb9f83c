"""What sequence models are fed, and what they know of an item."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.sequence.gaps import GAP_CODES, gap_codes
from bottega.models.recommend.sequence.inputs import Events, padded, without_stutter
from bottega.models.recommend.sequence.item_properties import ItemProperties


@pytest.mark.parametrize(
    ("gap_ms", "code"),
    [(-5, 0), (0, 0), (999, 0), (1000, 1), (1999, 1), (2000, 2), (3_600_000, 12), (2**62, GAP_CODES - 1)],
)
def test_a_gap_s_code_grows_by_one_with_each_doubling_from_a_second(gap_ms: int, code: int) -> None:
    assert gap_codes(np.array([gap_ms])).tolist() == [code]


def test_the_first_event_of_each_history_has_no_gap() -> None:
    times = [[50_000, 51_000], [], [90_000, 98_000, 98_000]]
    events = Events.of(Histories.from_lists([[1, 2], [], [3, 4, 5]], n_items=6, times=times))
    assert events.gaps.tolist() == [0, 1, 0, 4, 0]


def test_padding_stands_at_the_end_and_is_no_target() -> None:
    events = Events.of(Histories.from_lists([[1, 2, 3, 4], [5, 6]], n_items=7))
    batch = padded(events, np.array([[0, 4], [4, 6]]))
    assert batch.events.items[0].tolist() == [1, 2, 3] and batch.events.items[1, 0] == 5
    assert batch.targets.tolist() == [[2, 3, 4], [6, -1, -1]]


def test_of_a_stutter_the_last_event_stays() -> None:
    once = without_stutter(Histories.from_lists([[4, 4, 5], [5, 5]], n_items=6))
    assert once.items.tolist() == [4, 5, 5] and once.times.tolist() == [1, 2, 1] and once.offsets.tolist() == [0, 2, 3]


def test_attributes_weigh_one_together_words_too_and_vectors_have_length_one() -> None:
    told = replace(
        Features.from_attributes([["a", "b"], ["a"], []]),
        text=sparse.csr_matrix(np.array([[3, 1], [0, 0], [0, 0]], dtype=np.float32)),
        words=("x", "y"),
        vectors=np.array([[3, 4], [np.nan, 1], [0, 0]], dtype=np.float32),
    )
    found = ItemProperties.of(told, text=True)
    shares = np.array([[0.5, 0.5, 0.75, 0.25], [1, 0, 0, 0], [0, 0, 0, 0]])
    np.testing.assert_allclose(np.asarray(found.weights.todense()), shares)
    np.testing.assert_allclose(found.vectors, np.array([[0.6, 0.8], [0, 0], [0, 0]]), rtol=1e-6)
    assert found.known.tolist() == [True, True, False]
    bare = ItemProperties.of(told, attributes=False, vectors=False)
    assert bare.weights.shape == (3, 0) and bare.vectors.shape == (3, 0) and not bare.known.any()
    assert len(found.stack(found.take(slice(1)))) == 4
