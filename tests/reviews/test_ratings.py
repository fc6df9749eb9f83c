"""Stars from 1 to 5, whatever the scale."""

from __future__ import annotations

import pytest

from bottega.reviews.ratings import RatingUnreadable, RatingZero, Scale, ScaleSurvey, stars_of


@pytest.mark.parametrize(
    ("text", "stars"),
    [
        ("4", 4.0),
        (" 4,5 ", 4.5),
        ("3 Sterne", 3.0),
        ("8/10", 4.0),
        ("4 out of 5 stars", 4.0),
        ("4 von 5", 4.0),
        ("90 %", 4.5),
        ("★★★★☆", 4.0),
        ("⭐️⭐️", 2.0),
        ("FIVE", 5.0),
    ],
)
def test_what_says_its_scale_speaks_for_itself(text: str, stars: float) -> None:
    assert stars_of(text, Scale()) == stars


@pytest.mark.parametrize("text", ["6", "-1", "good", "12/10", "4/0", "nan", "1e3", "4 5"])
def test_what_is_no_rating_is_said(text: str) -> None:
    with pytest.raises(RatingUnreadable):
        stars_of(text, Scale())


def test_zero_is_no_rating_where_a_scale_begins_with_one() -> None:
    with pytest.raises(RatingZero):
        stars_of("0", Scale())
    assert stars_of("0", Scale(100, 0)) == 1.0
    assert stars_of("1", Scale(10, 1)) == 1.0


@pytest.mark.parametrize(
    ("column", "most", "noted"),
    [(["1", "5", "4.5"], 5.0, False), (["7", "9", "4"], 10.0, True), (["60", "100"], 100.0, True), (["x"], 5.0, False)],
)
def test_the_whole_column_says_how_far_plain_numbers_go(column: list[str], most: float, noted: bool) -> None:
    survey = ScaleSurvey()
    for text in column:
        survey.look(text)
    scale, note = survey.scale()
    assert scale.most == most and bool(note) is noted
