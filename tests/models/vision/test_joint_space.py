"""Words among photos: a small world where every word has a direction, so that the right answers are known."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from bottega.errors import ModelFileBroken
from bottega.models.vision.joint_space import JointSpace, JointSpaceConfig
from bottega.names import FloatArray

COLOURS, KINDS, WHO = ("red", "blue", "green", "black"), ("shirt", "dress", "sneakers", "bag"), ("men", "women")
SMALL = JointSpaceConfig(size=24, width=16, hidden=32, buckets=256, epochs=45, batch=64, learning_rate=1e-2)


def world(seed: int = 0) -> tuple[list[list[str]], FloatArray]:
    """Four products of each colour, kind and wearer: titles, and vectors that add up their words' directions."""
    rng = np.random.default_rng(seed)
    directions = dict(zip((*COLOURS, *KINDS, *WHO), np.random.default_rng(99).standard_normal((10, 24)), strict=True))
    titles, vectors = [], []
    for number, words in enumerate(product(WHO, COLOURS, KINDS, range(4))):
        said = [str(word) for word in words[:3]]
        titles.append([f"brand{number % 5}", *said])
        vectors.append(sum(directions[word] for word in said) + 0.3 * rng.standard_normal(24))
    found = np.array(vectors)
    return titles, (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def space() -> JointSpace:
    return JointSpace(SMALL).fit(*world(), rng=np.random.default_rng(0), version="7")


def right(scores: FloatArray, titles: list[list[str]], words: tuple[str, ...]) -> float:
    """Share of the eight best photos whose titles hold all the words."""
    return float(np.mean([set(words) <= set(titles[row]) for row in np.argsort(-scores)[:8]]))


def test_words_find_photos_nobody_learnt_from(space: JointSpace) -> None:
    titles, vectors = world(seed=1)
    found = [right(vectors @ space.embed([words])[0], titles, words) for words in product(COLOURS, KINDS)]
    assert np.mean(found) >= 0.8 and min(found) >= 0.5
    assert right(vectors @ space.embed([["women", "black", "bag"]])[0], titles, ("women", "black", "bag")) >= 0.5


def test_like_this_but_blue(space: JointSpace) -> None:
    titles, vectors = world(seed=1)
    red_shirts = [row for row, title in enumerate(titles) if {"red", "shirt"} <= set(title)]
    moved = space.move(vectors[red_shirts], ["blue"], ["red"])
    np.testing.assert_allclose(np.linalg.norm(moved, axis=1), 1.0, atol=1e-5)
    assert np.mean([right(vectors @ one, titles, ("blue", "shirt")) for one in moved]) >= 0.75
    assert right(vectors @ vectors[red_shirts[0]], titles, ("blue", "shirt")) <= 0.25, "without the words it does not"


def test_an_unknown_word_is_read_by_its_letters(space: JointSpace) -> None:
    misspelt, meant, other = space.embed([["sneekers"], ["sneakers"], ["dress"]])
    assert not space.knows("sneekers") and space.knows("sneakers")
    assert misspelt @ meant > misspelt @ other


def test_order_repetition_and_company_do_not_matter(space: JointSpace) -> None:
    one, other, alone = space.embed([["red", "shirt"], ["shirt", "red", "red"], []])
    np.testing.assert_allclose(one, other, atol=1e-6)
    assert not alone.any(), "no words, no direction"
    assert space.embed([]).shape == (0, 24) and space.embed([[], []]).shape == (2, 24)


def test_the_same_seed_gives_the_same_space_and_saving_keeps_it(space: JointSpace, tmp_path: Path) -> None:
    short = replace(SMALL, epochs=2)
    once, twice = (JointSpace(short).fit(*world(), rng=np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(once.embed([["red"]]), twice.embed([["red"]]))
    space.save(tmp_path)
    again = JointSpace.load(tmp_path)
    assert again.version == "7" and again.config == space.config
    np.testing.assert_allclose(again.embed([["red", "kilt"]]), space.embed([["red", "kilt"]]), atol=5e-3)
    (tmp_path / "arrays.npz").write_bytes(b"")
    with pytest.raises(ModelFileBroken):
        JointSpace.load(tmp_path)


def test_few_products_are_enough_to_fit() -> None:
    titles, vectors = world()
    assert JointSpace(SMALL).fit(titles[:3], vectors[:3], rng=np.random.default_rng(0)).embed([["men"]]).shape == (
        1,
        24,
    )
