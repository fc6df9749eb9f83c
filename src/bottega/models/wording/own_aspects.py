"""The aspects that a shop's own reviews show: smell in one shop, sound in another.

Idea     A word by which people praise or complain, again and again, of which no list knows what it is about: it stands
         in clauses that are sure of their polarity and have none of the usual aspects, in enough reviews, and more
         often there than elsewhere. Words of the listings (what the thing is) and words that praise are none.
Data     opinions/general.txt: words that stand in reviews of anything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.stems import stem
from bottega.models.wording.opinion_words import opinion_words
from bottega.models.wording.sentiment import OVERALL, UNSURE, Opinion

__all__ = ["OwnAspects", "find_own_aspects"]

MOST = 8
REVIEWS_LEAST = 8
SHARE_LEAST = 0.02
LETTERS_LEAST = 4
LIFT_LEAST = 1.15
NEIGHBOURS_LEAST = 5
"""Different words that it stands beside: what always stands in one phrase ("five stars") is a phrase."""


class OwnAspects:
    """A shop's own aspects: name by stem and language."""

    def __init__(self, names: Sequence[tuple[str, str, str]] = ()) -> None:
        """`names`: language, stem, and how it is mostly written."""
        self.names = list(names)
        self._by_stem = {(language, one): name for language, one, name in names}

    def of_review(self, text: str, language: str, opinions: Iterable[Opinion]) -> list[tuple[str, Opinion]]:
        """Which of them a review's clauses speak of, each with the opinion; those of a usual aspect stay its."""
        found = []
        for one in opinions:
            if one.aspect == OVERALL:
                stems = {stem(word, language) for word in tokens(text[one.start : one.stop])}
                found += [
                    (name, one) for (spoken, key), name in self._by_stem.items() if spoken == language and key in stems
                ]
        return found


def find_own_aspects(reviews: Iterable[tuple[str, str, Sequence[Opinion]]], listing_words: Iterable[str]) -> OwnAspects:
    """Those that reviews (text, language, opinions) show, the commonest first."""
    listed = {word for text in listing_words for word in tokens(text)}
    told: dict[tuple[str, str], set[int]] = defaultdict(set)
    seen: Counter[tuple[str, str]] = Counter()
    forms: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    neighbours: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    clauses = Counter[str]()
    sure_of: Counter[tuple[str, str]] = Counter()
    sure_clauses = Counter[str]()
    total: Counter[str] = Counter()
    for number, (text, language, opinions) in enumerate(reviews):
        total[language] += 1
        words_of = opinion_words(language).codes
        stops = lexicon().stops.get(language, frozenset())
        for one in opinions:
            if one.aspect != OVERALL:
                continue
            sure = one.polarity not in (UNSURE, "neither")
            clauses[language] += 1
            sure_clauses[language] += sure
            words = tokens(text[one.start : one.stop])
            beside = dict(zip(words, zip(["", *words], [*words[1:], ""], strict=False), strict=False))
            for word in beside:
                if len(word) < LETTERS_LEAST or not word.isalpha() or word in _general() or word in stops:
                    continue
                key = language, stem(word, language)
                if word in listed or (key[1],) in words_of:
                    continue
                seen[key] += 1
                sure_of[key] += sure
                forms[key][word] += 1
                if len(neighbours[key]) < NEIGHBOURS_LEAST:
                    neighbours[key].add(beside[word])
                if sure:
                    told[key].add(number)
    found = [
        key
        for key, numbers in told.items()
        if len(numbers) >= max(REVIEWS_LEAST, SHARE_LEAST * total[key[0]])
        and len(neighbours[key]) >= NEIGHBOURS_LEAST
        and sure_of[key] / seen[key] >= LIFT_LEAST * sure_clauses[key[0]] / max(1, clauses[key[0]])
    ]
    found.sort(key=lambda key: (-len(told[key]), key))
    return OwnAspects(
        [
            (language, one, min(forms[language, one], key=lambda word: (-forms[language, one][word], word)))
            for language, one in found[:MOST]
        ]
    )


@cache
def _general() -> frozenset[str]:
    text = (resources.files(__package__) / "opinions" / "general.txt").read_text("utf-8")
    return frozenset(tokens(" ".join(line for line in text.splitlines() if not line.startswith("#"))))
