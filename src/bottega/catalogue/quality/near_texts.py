"""Near duplicates among texts: which products say nearly the same?

Idea     Of the words and pairs of words of a text, hashed, the smallest in each of 64 bins, cut to one byte, is its
         signature. Two texts agree in as many bytes as they share words. Eight bytes of it make a number; texts that
         share one of eight such numbers are compared, each with the first of them.
Source   Li, Owen, Zhang 2012, "One Permutation Hashing", https://arxiv.org/abs/1208.1259; empty bins are filled from
         the next one (Shrivastava, Li 2014, https://arxiv.org/abs/1406.4784).
Costs    64 bytes a text, and 16 while numbers are sorted, whatever the texts are long.
"""

from __future__ import annotations

import re
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bottega.names import LongArray

__all__ = ["Signatures"]

_BINS = 64
_BANDS = _BINS // 8
_BATCH = 2_000
_WORDS_MOST = 400
"""Words of a text that count; more tell no more."""
_LEAST_WORDS = 8
"""Shorter texts are alike by chance."""
_WORD = re.compile(r"\w+")
_NEAR = 0.85
"""Two texts that share so much of their words say the same."""
_CHANCE = 1 / 256
"""Bytes that agree by chance."""
_PAIR = np.uint32(0x9E3779B1)
_MIX = np.uint32(0x85EBCA6B)

Bytes = NDArray[np.uint8]


class Signatures:
    """Signatures of texts, in the order in which they came."""

    def __init__(self) -> None:
        self._done: list[Bytes] = []
        self._words: list[list[int]] = []
        self._known: dict[str, int] = {}

    def add(self, text: str) -> None:
        """Take in one text."""
        words = _WORD.findall(text.casefold())[:_WORDS_MOST]
        self._words.append([self._hash(word) for word in words] if len(words) >= _LEAST_WORDS else [])
        if len(self._words) == _BATCH:
            self._sign()

    def near(self) -> list[LongArray]:
        """Sets of texts that say nearly the same, in the order in which they came; a text is in one at most."""
        if self._words:
            self._sign()
        if not self._done:
            return []
        signatures = np.concatenate(self._done)
        bands = signatures.view(np.uint64)
        first_of: LongArray = np.arange(len(signatures), dtype=np.int64)
        said = np.flatnonzero(signatures.any(axis=1))
        for band in range(_BANDS):
            keys = bands[said, band]
            order = np.argsort(keys, kind="stable")
            ordered, texts = keys[order], said[order]
            starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(ordered) else order
            lead = np.repeat(texts[starts], np.diff(np.append(starts, len(texts))))
            other = lead != texts
            lead, texts = lead[other], texts[other]
            agree = (signatures[lead] == signatures[texts]).mean(axis=1)
            shared = (agree - _CHANCE) / (1 - _CHANCE)
            alike = shared >= _NEAR
            for one, another in zip(lead[alike].tolist(), texts[alike].tolist(), strict=True):
                _join(first_of, one, another)
        return _sets(first_of)

    def _hash(self, word: str) -> int:
        found = self._known.get(word)
        if found is None:
            if len(self._known) > 500_000:
                self._known.clear()
            found = self._known[word] = crc32(word.encode(errors="replace"))
        return found

    def _sign(self) -> None:
        lengths = np.array([len(words) for words in self._words])
        words = np.array([word for each in self._words for word in each], dtype=np.uint32)
        text = np.repeat(np.arange(len(lengths)), lengths)
        pairs = (words[:-1] * _PAIR + words[1:])[text[:-1] == text[1:]] if len(words) else words
        hashes = _mixed(np.concatenate([words, pairs]))
        text = np.concatenate([text, text[:-1][text[:-1] == text[1:]]]) if len(words) else text
        least = np.full(len(lengths) * _BINS, 2**26, dtype=np.uint32)
        np.minimum.at(least, text * _BINS + (hashes & np.uint32(_BINS - 1)), hashes >> np.uint32(6))
        table = least.reshape(len(lengths), _BINS)
        empty = table == 2**26
        for _ in range(_BINS - 1):
            if not (fill := empty & ~np.roll(empty, -1, axis=1)).any():
                break
            table = np.where(fill, np.roll(table, -1, axis=1) + np.uint32(1), table)
            empty &= ~fill
        signed = (_mixed(table) & np.uint32(255)).astype(np.uint8)
        signed[lengths == 0] = 0
        self._done.append(signed)
        self._words = []


def _mixed(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    mixed = (values ^ (values >> np.uint32(16))) * _MIX
    return mixed ^ (mixed >> np.uint32(13))


def _join(first_of: LongArray, one: int, another: int) -> None:
    one, another = _first(first_of, one), _first(first_of, another)
    first_of[max(one, another)] = min(one, another)


def _first(first_of: LongArray, one: int) -> int:
    while first_of[one] != one:
        first_of[one] = first_of[first_of[one]]
        one = int(first_of[one])
    return one


def _sets(first_of: LongArray) -> list[LongArray]:
    joined = np.flatnonzero(first_of != np.arange(len(first_of)))
    sets: dict[int, list[int]] = {}
    for one in joined.tolist():
        first = _first(first_of, one)
        sets.setdefault(first, [first]).append(one)
    return [np.array(members, dtype=np.int64) for members in sets.values()]
