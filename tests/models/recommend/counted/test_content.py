"""Content, by hand."""

from __future__ import annotations

from dataclasses import replace
from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from bottega.datasets.arrays import Features, Histories
from bottega.models.recommend.counted.content import Content, ContentConfig

FEATURES = Features.from_attributes([["blue", "hat"], ["blue", "bag"], ["red", "hat"], ["red", "mug"]])


def fitted(features: Features = FEATURES, **settings: float) -> Content:
    config = ContentConfig(**settings)  # type: ignore[arg-type]
    histories = Histories.from_lists([[]], n_items=features.n_items)
    return Content(config).fit(histories, features, rng=np.random.default_rng(0))


def score(model: Content, *row: int) -> list[float]:
    found: list[float] = model.score(Histories.from_lists([list(row)], n_items=4))[0].tolist()
    return found


def test_a_score_is_the_cosine_of_vectors_weighted_by_rarity() -> None:
    pair, single = log(5 / 3), log(5 / 2)  # carried by two items, by one
    hat, bag = sqrt(2) * pair, sqrt(pair**2 + single**2)
    shared = pair**2
    assert score(fitted(), 0) == pytest.approx([1, shared / (hat * bag), shared / (hat * hat), -np.inf])


def test_older_events_count_less_and_the_oldest_not_at_all() -> None:
    soft = score(fitted(history_decay=0.5), 1, 2)
    vectors = fitted().vectors_.toarray()
    profile = 0.5 * vectors[1] + vectors[2]
    assert soft == pytest.approx((vectors @ (profile / np.linalg.norm(profile))).tolist(), rel=1e-5)
    assert score(fitted(last_events=1), 1, 2) == score(fitted(), 2)


def test_words_and_attributes_weigh_alike_before_they_are_joined() -> None:
    text = sparse.csr_matrix(np.array([[1, 0], [0, 1], [0, 1], [1, 0]], dtype=np.float32))
    model = fitted(replace(FEATURES, text=text, words=("wool", "steel")))
    attributes_only, found = score(fitted(), 0), score(model, 0)
    assert found[3] == pytest.approx(0.5)  # all of the words, none of the attributes
    assert found[1] == pytest.approx(attributes_only[1] / 2)
    assert score(fitted(model_features(text), text_weight=0.0), 0) == pytest.approx(attributes_only)


def model_features(text: sparse.csr_matrix) -> Features:
    return replace(FEATURES, text=text, words=("wool", "steel"))


def test_evidence_names_the_events_and_the_attributes_they_share() -> None:
    found = fitted().evidence(np.array([1, 2], dtype=np.int32), 0)
    names = [[FEATURES.attribute_names[column] for column in each.attributes] for each in found]
    assert [each.position for each in found] == [1, 0] and names == [["hat"], ["blue"]]
    assert fitted().evidence(np.array([3], dtype=np.int32), 0) == []


def photographed() -> Features:
    """A red hat, a blue hat, and two of which nothing is known but the photo: one like each hat."""
    known = Features.from_attributes([["hat", "red"], ["hat", "blue"], [], [], []])
    vectors = np.array([[1, 0.1], [0, 1], [0.9, 0], [0.1, 1], [np.nan, np.nan]], dtype=np.float32)
    return replace(known, vectors=vectors)


def test_a_product_with_a_photo_alone_has_a_place() -> None:
    model = fitted(photographed())
    scores = model.score(Histories.from_lists([[0], [1]], n_items=5))
    assert scores[0, 2] > scores[0, 3] and scores[1, 3] > scores[1, 2]
    assert np.isneginf(scores[:, 4]).all(), "nothing is known of the last"
    blind = fitted(photographed(), vector_weight=0.0).score(Histories.from_lists([[0]], n_items=5))
    assert np.isneginf(blind[0, 2:]).all()


def test_photos_of_new_products_count_and_survive_the_disk(tmp_path: Path) -> None:
    features = photographed()
    old = Features(
        **{name: getattr(features, name)[:3] for name in ("attributes", "text", "prices", "categories", "vectors")},
        **{name: getattr(features, name) for name in ("attribute_names", "words", "category_names")},
    )
    fitted(old).save(tmp_path)
    model = Content.load(tmp_path)
    model.extend(features)
    scores = model.score(Histories.from_lists([[1]], n_items=5))[0]
    assert scores[3] > scores[2] and model.evidence(np.array([1], dtype=np.int32), 3)[0].position == 0
