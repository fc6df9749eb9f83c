"""Yes only where a fact says it, no only where another one excludes it."""

from __future__ import annotations

import pytest

from bottega.models.dialogue.comparing import YesNo, compare_measures, compare_sizes, compare_value, size_order
from bottega.models.dialogue.questions import read_question


@pytest.mark.parametrize(
    ("question", "listed", "verdict"),
    [
        ("is it cotton?", ["organic cotton"], "yes"),
        ("is it cotton?", ["polyester"], "no"),
        ("is it cotton?", ["cotton-linen"], ""),
        ("is it cotton?", ["something of our own"], ""),
        ("is it leather?", ["vegan leather"], ""),
        ("is it real leather?", ["vegan leather"], "no"),
        ("is it real leather?", ["leather"], "yes"),
        ("is it suede?", ["leather"], ""),
        ("is it leather?", ["suede"], "yes"),
        ("is it blue?", ["navy"], "yes"),
        ("is it navy?", ["blue"], ""),
        ("is it red?", ["green"], "no"),
        ("is it for men?", ["unisex"], "yes"),
        ("is it for men?", ["women"], "no"),
    ],
)
def test_a_value_against_a_listing(question: str, listed: list[str], verdict: str) -> None:
    read = read_question(question, "en")
    assert read.key is not None
    found = compare_value(read.values[0], listed, "en", read.key.name, real=read.real)
    assert found == verdict


def test_sizes_of_another_scale_exclude_nothing() -> None:
    assert compare_sizes("XL", ["S", "M", "L"]) is YesNo.NO
    assert compare_sizes("2XL", ["S", "XXL"]) is YesNo.YES
    assert compare_sizes("42", ["S", "M"]) is YesNo.OPEN
    assert sorted(["XL", "10", "S", "one size", "M", "9"], key=size_order) == ["9", "10", "S", "M", "XL", "one size"]


def test_a_measure_is_confirmed_and_never_denied() -> None:
    assert compare_measures("is it 20 cm?", ["20 cm"]) is YesNo.YES
    assert compare_measures("is it 20 cm?", ["8 in"]) is YesNo.OPEN
    assert compare_measures("is it big?", ["20 cm"]) is YesNo.OPEN
