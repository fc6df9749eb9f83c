"""What counts as a word, and which letters belong to one."""

from __future__ import annotations

import pytest

from bottega.datasets.words import search_words, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Red striped SHIRT!", ["red", "striped", "shirt"]),
        ("Chemise à rayures élégante", ["chemise", "rayures", "élégante"]),
        ("ﬁne 北欧 лампа", ["fine", "北欧", "лампа"]),
        ("  -- ", []),
    ],
)
def test_words_of_any_script(text: str, words: list[str]) -> None:
    assert words_of(text) == words == search_words(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a T-shirt", ["tshirt"]),
        ("red t shirt", ["red", "tshirt"]),
        ("V-neck", ["vneck"]),
        ("a red shirt", ["red", "shirt"]),
        ("Men's round neck", ["men", "round", "neck"]),
        ("pack of 3 socks", ["pack", "of", "socks"]),
        ("à carreaux", ["carreaux"]),
    ],
)
def test_a_letter_joins_the_word_it_belongs_to(text: str, words: list[str]) -> None:
    assert search_words(text) == words
