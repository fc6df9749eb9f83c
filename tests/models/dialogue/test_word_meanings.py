"""The small table of what words mean: near words of other languages, lines, and how it is made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bottega.languages.fold import fold
from bottega.languages.lexicon import lexicon
from bottega.models.dialogue import word_meanings
from bottega.models.dialogue.word_meanings import LENGTH, make_word_meanings, shipped_meanings, usual_words
from bottega.names import FloatArray


def test_words_of_one_meaning_lie_near() -> None:
    """English words for things, and French ones: their own more alike than another thing's, in seven of ten cases."""
    said = [by for _, by in sorted(lexicon().words.items()) if "en" in by and "fr" in by and by["en"][0] != by["fr"][0]]
    english, french = (shipped_meanings().lines([" ".join(by[one][0]) for by in said]) for one in ("en", "fr"))
    own = (english * french).sum(axis=1)
    others = (english * np.roll(french, 7, axis=0)).sum(axis=1)
    assert len(said) > 300 and (own > others).mean() > 0.7


def test_a_line_has_one_length_and_unknown_words_none() -> None:
    lengths = np.linalg.norm(shipped_meanings().lines(["is it warm?", "the", "qwzxv plmkq", "", "42 !"]), axis=1)
    assert lengths == pytest.approx([LENGTH, LENGTH, 0.0, 0.0, 0.0], abs=1e-5)


def test_every_word_stands_once() -> None:
    words = usual_words()
    assert len({fold(word) for word in words}) == len(words)


class Letters:
    """An encoder whose vectors have letters in them, and which knows its words."""

    name, version, dim = "letters", "1", 26

    def encode(self, texts: Sequence[str]) -> FloatArray:
        found_ND = np.array([[fold(text).count(chr(97 + at)) for at in range(26)] for text in texts], dtype=np.float32)
        return np.asarray(found_ND / np.linalg.norm(found_ND, axis=1, keepdims=True), dtype=np.float32)


def test_made_of_an_encoders_vectors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["the", "on", "ab", "ba", "xyz", "zyx", "kiln", "link"]
    monkeypatch.setattr(word_meanings, "usual_words", lambda: words)
    monkeypatch.setattr(word_meanings, "DIM", 5)
    made = make_word_meanings(tmp_path, Letters())
    vectors = made.lines(words)
    assert vectors.shape == (8, 5)
    assert np.allclose(vectors[2], vectors[3], atol=0.02) and np.allclose(vectors[6], vectors[7], atol=0.02)
    assert vectors[2] @ vectors[4] < 0.5 * vectors[2] @ vectors[3]
    both = made.lines(["the kiln"])[0]
    assert both @ vectors[6] > both @ vectors[0], "a usual word counts less"
