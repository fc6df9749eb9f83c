"""In which encoding bytes are most probably text, where neither a mark nor a declaration says so.

Idea     Each language is a model of letters (letters.py): read the bytes in each encoding that its files come in, and
         take the reading whose letters are the most probable. Letters of no language of that encoding, signs within
         words and capitals after small letters speak against a reading.
Differs  From detectors for pages: feeds have few letters beyond ASCII, so single titles must do.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from bottega.sources.letters import LANGUAGES, Script, WrittenLanguage

__all__ = ["Guess", "guess_encoding", "telling_lines"]

_SAMPLE_BYTES = 6 * 1024
_LINE_BYTES = 400
_ASCII = -3.0
"""Log-probability of one ASCII character; the same in every reading, but counted, since some readings eat it."""
_WRONG = -30.0
_CONTROL = -14.0
_SIGN = -7.0
_SIGN_INSIDE = -5.0
_FOREIGN = -9.0
_CAPITAL_INSIDE = -4.0
_IN_A_ROW = -2.0
_ALONE = -4.0
"""For a letter of a script of its own that makes a word alone, as an Italian è is one in Cyrillic."""
_MIXED = -5.0
"""For a sign beside a small ASCII letter."""
_CAPITAL = -1.0
_SECOND = (0.0, -2.0, -3.0)
"""For an encoding that is not the first of its language."""
_ANOTHER_LANGUAGE = 3.5
"""What a word costs that is of another language than the rest."""
_RARE = -1.5
_TYPICAL = 1.2
_MAC_LINES = 3.0
_COMMON_SIGNS = frozenset("®™©°–—’‘“”„‚«»…•·€£¥½¼¾²³×¿¡№§\u00a0、。・「」（）【】！？：，；～％＆／")
_INSIDE = frozenset("’‘·\u00a0・ー")
"""Signs that may stand within a word."""
_WORD = re.compile(r"[^\W\d_]+")
_SIGN_BETWEEN = re.compile(r"[^\W\d_]([^\w\s])[^\W\d_]|(?<!\w)[®©¥±¶]([a-z])")


@dataclass(frozen=True, slots=True)
class Guess:
    """What bytes were taken for."""

    encoding: str
    """Python's name."""
    language: str
    sure: float
    """From 0 to 1."""


def telling_lines(block: bytes) -> bytes:
    """The lines that hold something beyond ASCII, for a sample."""
    lines = (line[:_LINE_BYTES] for line in re.split(rb"[\r\n]+", block) if not line.isascii())
    kept: list[bytes] = []
    size = 0
    for line in lines:
        kept.append(line)
        size += len(line)
        if size >= _SAMPLE_BYTES:
            break
    return b"\n".join(kept)


def guess_encoding(sample: bytes, *, mac_lines: bool = False) -> Guess:
    """The likeliest reading of a sample. `mac_lines`: whether its lines end as those of old Macs do.

    >>> guess_encoding("Синяя кружка".encode("cp1251"))
    Guess(encoding='cp1251', language='Russian', sure=0.99)
    """
    lines = telling_lines(sample)
    found: list[tuple[float, str, WrittenLanguage, str]] = []
    for encoding, languages in _READ_IN.items():
        text = lines.decode(encoding, errors="replace")
        around = _around(text) + (_MAC_LINES if mac_lines and encoding == "mac_roman" else 0.0)
        words = [word[0] for word in _WORD.finditer(text) if not word[0].isascii()]
        scores = [[_letters(word, language) for word in words] for language, _ in languages]
        best = [max(of_one) - _ANOTHER_LANGUAGE for of_one in zip(*scores, strict=True)]
        for (language, prior), own in zip(languages, scores, strict=True):
            total = prior + around + sum(map(max, own, best))
            found.append((total, encoding, language, text))
    found.sort(key=lambda one: one[0], reverse=True)
    top, encoding, language, text = found[0]
    same = total = 0.0
    for score, _, _, other in found:
        weight = math.exp(max(-60.0, score - top))
        total += weight
        same += weight if other == text else 0.0
    return Guess(encoding, language.name, round(min(0.99, same / total), 2))


def _read_in() -> dict[str, list[tuple[WrittenLanguage, float]]]:
    """Encoding to the languages whose files come in it, with their prior."""
    read: dict[str, list[tuple[WrittenLanguage, float]]] = {}
    for language in LANGUAGES:
        for place, encoding in enumerate(language.encodings):
            read.setdefault(encoding, []).append((language, language.prior + _SECOND[place]))
    return read


_READ_IN = _read_in()


def _around(text: str) -> float:
    """What stands between the letters: signs, controls, bytes that are none; and the ASCII characters."""
    score = 0.0
    for mark in text:
        if mark < "\x80":
            score += _ASCII
        elif mark == "\ufffd":
            score += _WRONG
        elif not mark.isalpha():
            score += _CONTROL if "\x80" <= mark < "\xa0" or (not mark.isprintable() and mark != "\xa0") else _SIGN
            if mark not in _COMMON_SIGNS and not "\u0e00" <= mark < "\u0e80":
                score += _SIGN
    for found in _SIGN_BETWEEN.finditer(text):
        if found[2] or (found[1] >= "\x80" and found[1] not in _INSIDE):
            score += _SIGN_INSIDE
    return score


def _letters(word: str, language: WrittenLanguage) -> float:
    """Log-probability of a word's letters beyond ASCII in a language."""
    chances = _chances(language)
    signs = language.script is Script.SIGNS
    latin = language.script is Script.LATIN
    shouted = word.isupper()
    score = 0.0
    if len(word) == 1 and (language.script is Script.OWN or (latin and shouted)):
        score += _ALONE
    elif latin:
        small = f"^{word.lower()}$"
        score += _RARE * sum(small.count(letter) for letter in language.rare)
        score += _TYPICAL * any(piece in small for piece in language.typical)
    before = ""
    for mark in word:
        if mark >= "\x80":
            small = mark.lower()
            chance = chances.get(small if len(small) == 1 else mark)
            score += _rare(mark, language) if chance is None else chance
            if mark != small and not shouted:
                score += _CAPITAL_INSIDE if before.islower() else _CAPITAL
            if latin:
                score += _IN_A_ROW if before >= "\x80" else 0.0
            elif before and before < "\x80":
                score += _FOREIGN if not signs else _MIXED if before.islower() else 0.0
        elif not latin and before >= "\x80":
            score += _FOREIGN if not signs else _MIXED if mark.islower() else 0.0
        before = mark
    return score


def _rare(mark: str, language: WrittenLanguage) -> float:
    """Of a letter that the model does not list."""
    if language.script is Script.SIGNS:
        if "\u3040" <= mark < "\u3100":
            return -5.0 if language.name == "Japanese" else -13.0
        if "\uff61" <= mark < "\uffa0":
            return -12.0
        if "\uac00" <= mark < "\ud7a4":
            return -8.5 if language.name == "Korean" else -20.0
        if "\u4e00" <= mark < "\ua000":
            return -16.0 if language.name == "Korean" else -11.0
        return -16.0
    return _FOREIGN


@lru_cache(maxsize=64)
def _chances(language: WrittenLanguage) -> dict[str, float]:
    """Letter to log-probability: the commonest few most of all."""
    if language.script is Script.LATIN:
        return {piece[0]: math.log(int(piece[1:]) / 10_000) for piece in language.letters.split()}
    letters = list(dict.fromkeys(language.letters))
    if language.script is Script.SIGNS:
        share = 0.3 if language.name == "Japanese" else 0.85
        weights = [1.0 / (rank + 60) for rank in range(len(letters))]
    else:
        share, weights = 1.0, [1.0 / (rank + 3) for rank in range(len(letters))]
    total = sum(weights)
    return {letter: math.log(share * weight / total) for letter, weight in zip(letters, weights, strict=True)}
