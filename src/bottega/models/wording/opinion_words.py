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
_TIMES = {"after": ("when.after", ("when.hours", "when.days")), "lasting": ("when.still", ("when.years",))}
"""What a time says only where both stand together: "after two weeks", "still ... years"."""
OF_CLAUSE = 8
FEATURES = 2 * len(CODES) + OF_CLAUSE
"""Numbers that a clause is described by: each code as it stands and turned round, and some of the clause as a whole."""
_PRAISES = ("good", "quality.lasts", "comfort.pleasant", "delivery.quick", "price.cheap", "size.true", "colour.true")
_COMPLAINS = (
    *("bad", "quality.fails", "comfort.hurts", "delivery.late", "delivery.damaged", "price.dear"),
    *("colour.differs", "colour.fades", "size.small", "size.large"),
)
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
        counts[-OF_CLAUSE:] = _of_clause(text, words, hits, counts, bool(turns))
        return counts

    def says(self, text: str, code: str) -> bool:
        """Whether a word of this code stands in a clause and is not turned round."""
        return bool(self.features(text)[_PLACES[code]])


_PLACES = {code: place for place, code in enumerate(CODES)}


def _of_clause(
    text: str, words: Sequence[str], hits: Sequence[_Hit], counts: FloatArray, turned: bool
) -> tuple[bool, ...]:
    """What is true of a clause as a whole: what stands together in it, and what is missing."""

    def has(*codes: str) -> bool:
        return any(counts[_PLACES[code]] for code in codes)

    judges = has(*_PRAISES, *_COMPLAINS) or turned
    number = any(word.isdigit() for word in words)
    soon = _near_times(hits, "after")
    return (
        turned,
        "!" in text,
        len(words) <= 4,
        not judges,
        number and not judges,
        has("good") and has("quality.fails", "delivery.damaged", "delivery.late"),  # "Great, it broke": mockery
        soon,
        not soon and _near_times(hits, "lasting"),
    )


def _near_times(hits: Sequence[_Hit], name: str) -> bool:
    """Whether a time stands at most two words behind what makes it say something."""
    first, then = _TIMES[name]
    begins = [hit.stop for hit in hits if hit.code == first]
    return any(0 <= hit.start - stop <= 2 for hit in hits if hit.code in then for stop in begins)


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
