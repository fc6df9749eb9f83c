"""What somebody says of pictures beside words of the catalogue, in five languages."""

from __future__ import annotations

import pytest

from bottega.languages.fold import fold
from bottega.languages.steering import LAST, cut, picked


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("more like the third", 2),
        ("mehr wie das dritte", 2),
        ("plus comme la troisième", 2),
        ("más como la tercera", 2),
        ("più come il terzo", 2),
        ("comme l'image 3", 2),
        ("wie Bild 12", 11),
        ("come il 5", 4),
        ("#4", 3),
        ("the last one", LAST),
        ("a red dress", None),
        ("primary school bag", None),
        ("size 42", None),
    ],
)
def test_which_picture_is_meant(text: str, place: int | None) -> None:
    found, words, rest = picked(fold(text))
    assert found == place
    assert bool(words) == (place is not None) and (place is not None or rest == fold(text))


@pytest.mark.parametrize(
    ("line", "text", "rest"),
    [
        ("worn", "Kleid, getragen", "kleid,"),
        ("worn", "robe noire, portée", "robe noire,"),
        ("worn", "shirt on a model", "shirt"),
        ("flat", "red shirt, flat", "red shirt,"),
        ("flat", "chemise à plat", "chemise"),
        ("flat", "camisa, sin modelo", "camisa,"),
        ("darker", "plus foncé", ""),
        ("lighter", "heller", ""),
        ("fresh", "qualcos'altro", ""),
        ("fresh", "otra cosa", ""),
    ],
)
def test_words_that_steer_are_taken_out(line: str, text: str, rest: str) -> None:
    said, left = cut(fold(text), line)
    assert said and left.strip() == rest


def test_flat_shoes_are_no_shoes_laid_flat() -> None:
    assert cut("flat shoes", "flat") == ("", "flat shoes") and cut("flats for women", "flat")[0] == ""
