"""The lists of words by which people say what they think of a product, and what a clause has of them.

Idea     A clause is about what its words name (`size`, `quality` ...), says one of a few things of it (`size.small`),
         and praises or complains. "not" turns what stands near it; a longer phrase takes its words away from shorter
         ones ("not worth the money" is one thing said, and holds no praise turned round).
Data     opinions/<language>.txt, beside this file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from bottega.languages.fold import fold, tokens
from bottega.languages.stems import stem
from bottega.names import FloatArray

__all__ = ["ASPECTS", "CODES", "FEATURES", "OpinionWords", "clause_tokens", "opinion_words"]

ASPECTS = ("size", "quality", "colour", "comfort", "delivery", "price")
CODES = (
    *("good", "bad", "neither", "too"),
    *ASPECTS,
    *("size.small", "size.large", "size.true", "quality.fails", "quality.lasts"),
    *("colour.differs", "colour.fades", "colour.true", "comfort.hurts", "comfort.pleasant"),
    *("delivery.late", "delivery.damaged", "delivery.quick", "price.dear", "price.cheap"),
)
"""What words may say."""
FEATURES = 2 * len(CODES) + 3
"""Numbers that a clause is described by: each code as it stands and turned round, and three of the clause."""
_TURNS = ("not",)
_NEAR = 3
"""Words between "not" and what it turns, at most."""
_NT = re.compile(r"n['’`´]t\b", re.IGNORECASE)
_MOST = 2.0


@dataclass(frozen=True, slots=True)
class _Hit:
    code: str
    start: int
    stop: int


@dataclass(frozen=True)
class OpinionWords:
    """The list of one language: code by the stems of a phrase."""

    language: str
    codes: dict[tuple[str, ...], tuple[str, ...]]
    longest: int
    contrasts: frozenset[tuple[str, ...]]
    """Folded phrases that begin what speaks against what came before."""

    def hits(self, words: Sequence[str]) -> list[_Hit]:
        """What folded words say, the longest phrases first; no word counts in two of them, but for its codes."""
        stems = [stem(word, self.language) for word in words]
        found: list[_Hit] = []
        taken = [False] * len(stems)
        for size in range(min(self.longest, len(stems)), 0, -1):
            for start in range(len(stems) - size + 1):
                codes = self.codes.get(tuple(stems[start : start + size]))
                if codes is None or any(taken[start : start + size]):
                    continue
                taken[start : start + size] = [True] * size
                found += [_Hit(code, start, start + size) for code in codes]
        return found

    def features(self, text: str) -> FloatArray:
        """What a clause is described by [FEATURES]."""
        words = clause_tokens(text)
        hits = self.hits(words)
        turns = [hit.start for hit in hits if hit.code in _TURNS]
        counts = np.zeros(FEATURES, dtype=np.float32)
        for hit in hits:
            if hit.code not in _PLACES:
                continue
            turned = any(
                0 < hit.start - turn <= _NEAR or (self.language == "de" and 0 < turn - hit.stop + 1 <= _NEAR)
                for turn in turns
            )
            counts[_PLACES[hit.code] + len(CODES) * turned] += 1.0
        np.minimum(counts, _MOST, out=counts)
        counts[-3:] = bool(turns), "!" in text, len(words) <= 4
        return counts

    def says(self, text: str, code: str) -> bool:
        """Whether a word of this code stands in a clause and is not turned round."""
        return bool(self.features(text)[_PLACES[code]])


_PLACES = {code: place for place, code in enumerate(CODES)}


def clause_tokens(text: str) -> list[str]:
    """The folded words of a clause; "isn't" stays one that says no."""
    return tokens(_NT.sub("nt", text))


@cache
def opinion_words(language: str) -> OpinionWords:
    """The list of a language; of English where there is none."""
    folder = resources.files(__package__) / "opinions"
    file = folder / f"{language}.txt"
    if not file.is_file():
        return opinion_words("en")
    codes: dict[tuple[str, ...], list[str]] = {}
    contrasts = set()
    for line in file.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        code, _, listed = line.partition(": ")
        for entry in listed.split(", "):
            words = clause_tokens(entry) or ([fold(entry)] if entry.strip() else [])
            if not words:
                continue
            if code == "but":
                contrasts.add(tuple(words))
                continue
            known = codes.setdefault(tuple(stem(word, language) for word in words), [])
            if code not in known:
                known.append(code)
    longest = max(map(len, codes))
    return OpinionWords(language, {key: tuple(said) for key, said in codes.items()}, longest, frozenset(contrasts))
