"""Tags: levels that agree, silence below the threshold, and nothing said of what is no product."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bottega.models.vision.eye.looks import Thing
from bottega.models.vision.tags import THRESHOLD, Tag, read_tags, threshold_of
from bottega.names import FloatArray

TYPES = ("Dresses", "Sandals", "Shirts", "Tshirts")
SUBCATEGORIES = ("Dress", "Sandal", "Topwear")
CATEGORIES = ("Apparel", "Footwear")


def table(*rows: tuple[float, ...]) -> FloatArray:
    return np.array(rows, dtype=np.float32)


@dataclass
class Knower:
    """An eye of three levels, a colour and kinds of photos."""

    heads: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {
            "category": CATEGORIES,
            "subcategory": SUBCATEGORIES,
            "type": TYPES,
            "color": ("Red", "White"),
            "photo_kind": ("product", "worn", "none"),
        }
    )
    words: tuple[str, ...] = ("men", "women", "striped")
    thresholds: dict[str, float] = field(default_factory=dict)
    implies: dict[str, FloatArray] = field(
        default_factory=lambda: {
            "type>subcategory": table((1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 0, 1)),
            "subcategory>category": table((1, 0), (0, 1), (1, 0)),
        }
    )


@dataclass
class Looked:
    probabilities: dict[str, FloatArray]
    words: FloatArray
    taught: dict[str, FloatArray] = field(default_factory=dict)
    things: tuple[Thing, ...] = ()


def looked(**changes: FloatArray) -> Looked:
    """One photo, by default of a red T-shirt."""
    words = changes.pop("words", table((0.9, 0.2, 0.4)))
    plain = {
        "category": table((0.9, 0.1)),
        "subcategory": table((0.1, 0.1, 0.8)),
        "type": table((0.05, 0.05, 0.2, 0.7)),
        "color": table((0.8, 0.2)),
        "photo_kind": table((0.6, 0.3, 0.1)),
    }
    return Looked(plain | changes, words)


def rounded(*guesses: tuple[str, float] | None) -> list[tuple[str, float]]:
    return [(guess[0], round(guess[1], 2)) for guess in guesses if guess]


def values(tags: tuple[Tag, ...]) -> dict[str, str]:
    return {tag.head: tag.value for tag in tags}


def test_a_sure_type_brings_its_levels() -> None:
    (photo,) = read_tags(Knower(), looked())
    assert values(photo.tags) == {"category": "Apparel", "subcategory": "Topwear", "type": "Tshirts", "color": "Red"}
    assert [tag.head for tag in photo.tags] == ["category", "subcategory", "type", "color"], "in the order of heads"
    assert {tag.head: round(tag.confidence, 2) for tag in photo.tags} == {
        "category": 0.9,
        "subcategory": 0.8,
        "type": 0.7,
        "color": 0.8,
    }
    assert rounded(*photo.tags[2].others) == [("Shirts", 0.2)]
    assert rounded(photo.kind) == [("product", 0.6)] and photo.shows_product and not photo.unknown
    assert [word for word, _ in photo.words] == ["men", "striped"], "the likeliest first, the unlikely left out"


def test_a_head_says_nothing_of_what_it_was_never_taught() -> None:
    seen = looked()
    seen.taught = dict.fromkeys(["category", "subcategory", "type", "words"], np.array([0.4], np.float32))
    (photo,) = read_tags(Knower(), seen)
    assert values(photo.tags) == {"color": "Red"} and not photo.words, "color was taught every kind"
    assert {one.head: one.guesses for one in photo.unknown} == {"category": (), "subcategory": (), "type": ()}
    seen.taught["type"] = np.array([0.6], np.float32)
    (photo,) = read_tags(Knower(), seen)
    assert values(photo.tags)["type"] == "Tshirts" and not photo.unknown, "and what follows from it"


@pytest.mark.parametrize("sure", [True, False])
def test_other_things_have_names_of_their_own(sure: bool) -> None:
    seen = looked()
    seen.taught = dict.fromkeys(["category", "subcategory", "type", "color"], np.array([0.1], np.float32))
    chances = table((0.9, 0.1)) if sure else table((0.6, 0.4))
    seen.things = (
        Thing("Grocery", ("Leek", "Lime"), np.array([0.2], np.float32), table((0.9, 0.1)), 0.5),
        Thing("Furniture", ("sofa", "bed"), np.array([0.8], np.float32), chances, 0.7),
    )
    (photo,) = read_tags(Knower(), seen)
    assert values(photo.tags) == {"category": "Furniture"} | ({"type": "sofa"} if sure else {})
    assert {one.head for one in photo.unknown} == {"subcategory", "color"} | (set() if sure else {"type"})
    assert sure or [round(guess[1], 1) for one in photo.unknown for guess in one.guesses] == [0.6, 0.4]


def test_broader_heads_never_contradict_the_type() -> None:
    (photo,) = read_tags(Knower(), looked(subcategory=table((0.9, 0.05, 0.05)), category=table((0.2, 0.8))))
    assert values(photo.tags)["subcategory"] == "Topwear" and values(photo.tags)["category"] == "Apparel"
    confidence = {tag.head: tag.confidence for tag in photo.tags}
    assert confidence["category"] >= confidence["subcategory"] >= confidence["type"] - 1e-6


def test_silent_where_unsure_and_the_broader_level_speaks() -> None:
    unsure = looked(type=table((0.0, 0.0, 0.49, 0.47)), color=table((0.45, 0.44)))
    (photo,) = read_tags(Knower(), unsure)
    assert values(photo.tags) == {"category": "Apparel", "subcategory": "Topwear"}
    kept = {one.head: one for one in photo.unknown}
    assert rounded(*kept["type"].guesses) == [("Shirts", 0.49), ("Tshirts", 0.47)]
    assert kept["type"].threshold == THRESHOLD and set(kept) == {"type", "color"}
    (bold,) = read_tags(Knower(), unsure, thresholds={"type": 0.4})
    assert values(bold.tags)["type"] == "Shirts" and "color" not in values(bold.tags)


def test_no_product_no_tags() -> None:
    (photo,) = read_tags(Knower(), looked(photo_kind=table((0.1, 0.2, 0.7))))
    assert rounded(photo.kind) == [("none", 0.7)] and not photo.shows_product
    assert not photo.tags and not photo.unknown and not photo.words


def test_an_eye_without_kinds_or_levels() -> None:
    eye = Knower(heads={"type": TYPES}, words=(), implies={})
    (photo,) = read_tags(eye, Looked({"type": table((0, 1, 0, 0))}, np.zeros((1, 0), dtype=np.float32)))
    assert photo.kind is None and photo.shows_product and values(photo.tags) == {"type": "Sandals"}
    assert read_tags(eye, Looked({"type": np.zeros((0, 4), np.float32)}, np.zeros((0, 0), np.float32))) == []


chances = arrays(np.float32, (5, 9), elements=st.floats(0.0078125, 1, width=32))


@given(chances, st.floats(0.1, 0.9))
def test_whatever_the_heads_believe_levels_agree(drawn: FloatArray, threshold: float) -> None:
    eye = Knower()
    parts = {"type": drawn[:, :4], "subcategory": drawn[:, 4:7], "category": drawn[:, 7:]}
    shares = {head: part / part.sum(1, keepdims=True) for head, part in parts.items()}
    plain = looked().probabilities
    other = {head: np.repeat(plain[head], 5, axis=0) for head in ("color", "photo_kind")}
    looks = Looked(shares | other, np.zeros((5, 3), dtype=np.float32))
    for photo in read_tags(eye, looks, thresholds=dict.fromkeys(shares, threshold)):
        said = values(photo.tags)
        assert {one.head for one in photo.unknown} | set(said) == {"type", "subcategory", "category", "color"}
        for pair, implied in eye.implies.items():
            fine, broad = pair.split(">")
            if fine in said:
                row = implied[eye.heads[fine].index(said[fine])]
                assert row[eye.heads[broad].index(said[broad])] == 1


def test_a_floor_keeps_its_promise() -> None:
    rng = np.random.default_rng(0)
    confidences = rng.random(4000).astype(np.float32)
    right = rng.random(4000) < confidences
    threshold = threshold_of(confidences, right, precision=0.9)
    assert right[confidences >= threshold].mean() >= 0.9
    assert 0.75 < threshold < 0.85, "calibrated answers above f are right (1 + f) / 2 of the time"
    assert threshold_of(confidences, np.zeros(4000, dtype=np.bool_), precision=0.9) > 1
    ties = np.array([0.9, 0.9, 0.9, 0.9])
    assert threshold_of(ties, np.array([True, True, True, False]), precision=0.9, least=1) > 1, "all of a tie or none"
