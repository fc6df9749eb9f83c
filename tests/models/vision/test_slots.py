"""Which slot a garment fills: by the words of its category, by the eye's type where no word is known."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bottega.models.vision.slots import (
    COMPLETED_BY,
    MISFIT,
    PART_SLOT,
    SLOTS,
    UNSAID,
    WORDS,
    heed_parts,
    misfit,
    slot_by_type,
    slot_code,
    slot_of,
)


@pytest.mark.parametrize(
    ("name", "slot"),
    [
        ("T-shirts", "top"),
        ("Tshirts", "top"),
        ("Casual Shoes", "shoes"),
        ("Women > Dresses", "one-piece"),
        ("shirt dress", "one-piece"),
        ("dress shirt", "top"),
        ("Flip Flops", "shoes"),
        ("Laptop Bag", "bag"),
        ("Watches", "accessory"),
        ("Jeans", "bottom"),
        ("Track Pants", "bottom"),
        ("Suit jacket", "outer"),
        ("Coffee", None),
        ("Boxer shorts", None),
        ("Perfume and Body Mist", None),
    ],
)
def test_the_last_known_word_names_the_slot(name: str, slot: str | None) -> None:
    assert slot_of([name]) == slot


def test_the_most_telling_name_wins_and_the_next_helps_out() -> None:
    assert slot_of(["Peter 501", "Jeans", "Topwear"]) == "bottom"
    assert slot_of([]) is None and slot_of(["Home", "Lamps"]) is None


def test_every_slot_is_known_everywhere() -> None:
    assert set(WORDS.values()) == set(SLOTS) == set(COMPLETED_BY)
    assert set(PART_SLOT.values()) <= set(SLOTS)
    for slot, others in COMPLETED_BY.items():
        assert slot not in others and set(others) < set(SLOTS)
        assert all(slot in COMPLETED_BY[other] or "one-piece" in (slot, other) for other in others)


def test_a_part_fits_its_slot_and_what_it_is_taken_for() -> None:
    everything = np.array([*range(len(SLOTS)), slot_code(["Lamps"])], dtype=np.int32)
    for part, slot in PART_SLOT.items():
        losses = dict(zip((*SLOTS, None), misfit(part, everything).tolist(), strict=True))
        assert losses[slot] == 0 and losses[None] == np.float32(UNSAID)
        assert losses["shoes"] == (0 if part == "shoes" else np.float32(MISFIT)), "nothing is taken for shoes"
    assert slot_code(["Lamps"], otherwise=-2) == slot_code(["Briefs"]) == -2
    assert misfit("lower", np.array([slot_code(["Briefs"])])) == np.float32(MISFIT), "worn, but never seen as this part"
    assert misfit("bag", everything)[SLOTS.index("accessory")] == 0, "hats and gloves are in the part of bags"
    assert not misfit("photo", everything).any() and not misfit("product", everything).any()


def test_a_type_that_no_such_part_can_be_hardly_counts() -> None:
    types = ("Jeans", "Briefs", "Perfume")
    chances = np.array([[0.2, 0.5, 0.3], [0.2, 0.5, 0.3]], dtype=np.float32)
    lower, whole = heed_parts(chances, types, ["lower", "photo"])
    np.testing.assert_allclose(whole, chances[1], atol=1e-6)
    np.testing.assert_allclose(lower / lower[0], [1, 0.025, 0.15], rtol=1e-5)
    assert lower.sum() == pytest.approx(1)


def test_types_fill_in_where_no_word_is_known() -> None:
    types = ("Tshirts", "Shirts", "Heels", "Perfume")
    chances = np.array([[0.3, 0.35, 0.3, 0.05], [0.1, 0.1, 0.1, 0.7], [0, 0, 1, 0]], dtype=np.float32)
    assert slot_by_type(chances, types) == ["top", None, "shoes"]


@pytest.mark.real_data
def test_the_types_of_a_real_catalogue_have_slots(real_data: Callable[[str], Path]) -> None:
    with real_data("fashion/styles.csv").open(encoding="utf-8") as stream:
        rows = [(row["masterCategory"], row["articleType"]) for row in csv.DictReader(stream)]
    worn = [kind for room, kind in rows if room in ("Apparel", "Footwear")]
    assert sum(slot_of([kind]) is not None for kind in worn) > 0.85 * len(worn), "the rest is underwear"
    assert not [kind for room, kind in rows if room == "Personal Care" and slot_of([kind]) is not None]
    assert all(slot_of([kind]) == "shoes" for room, kind in rows if room == "Footwear")
