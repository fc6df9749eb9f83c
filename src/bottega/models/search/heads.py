"""Which things does a title only mention? A "pen refill" is no pen, nor is a "case for pens".

Idea     Where no category says what a thing is, its title does. What stands behind "for" or "with" is something else.
         Of two things side by side one says more of the other: in English and German the first, in Romance languages
         the second. What "and" joins to a thing comes along with it. A title that names nothing else is about what it
         mentions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.stems import stem
from bottega.models.search.vocabulary import ROMANCE

__all__ = ["is_listed", "kinds_meant", "mentioned", "stems_of", "thing_in", "upwards"]

_STOP = re.compile(r"[,;:|()\[\]–—]| [-/] ")
"""What ends a part of a title."""
_AND_SIGN = re.compile(r"\s[&+]\s")
_JOINING = frozenset({"and", "und", "et", "y", "e"})
_PHRASE_MOST = 3
"""Words of a thing's name that are looked for in titles."""
_CONTAINERS = frozenset({"bottle", "bottles", "set", "sets", "pack", "roll", "rolls", "sheet", "sheets", "pad", "pads"})
"""In one of these a thing is still what is sold."""


def mentioned(title: str, languages: tuple[str, ...]) -> set[str]:
    """Folded words for things in a title that is not about them; `languages`: those of the shop.

    >>> sorted(mentioned("Ink refill for ballpoint pens, 2-pack", ("en",)))
    ['ballpoint', 'ink', 'pens']
    >>> mentioned("Ballpoint pens, blue ink", ("en",)), mentioned("Blank cards & envelopes", ("en",))
    (set(), {'envelopes'})
    """
    about: set[str] = set()
    aside: set[str] = set()
    settled: frozenset[str] = frozenset()
    """Kinds aside in the part that says first what the title is about: what comes behind does not bring them back."""
    for piece in _STOP.split(title):
        mine, not_mine = _told_in(piece, languages)
        again = {word for word in mine if (kinds := kinds_meant((word,), languages)) and kinds <= settled}
        if mine and not about:
            settled = _kinds_of(not_mine, languages) - _kinds_of(mine, languages)
        about |= mine - again
        aside |= not_mine | again
    return aside - about if about else set()


def _kinds_of(words: Iterable[str], languages: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(kinds_meant((word,), languages) for word in words))


def _told_in(piece: str, languages: tuple[str, ...]) -> tuple[set[str], set[str]]:
    """Words for things that a part of a title is about, and for those that it only mentions."""
    romance = bool(ROMANCE.intersection(languages[:1]))
    about: set[str] = set()
    aside: set[str] = set()
    behind_words, parts = lexicon().functions["behind"], lexicon().functions["part"]
    words = tokens(_AND_SIGN.sub(" and ", piece))
    behind = False
    for at, word in enumerate(words):
        behind |= (word,) in behind_words
        mine = kinds_meant((word,), languages)
        beside = at - 1 if romance else at + 1
        other = words[beside] if 0 <= beside < len(words) else ""
        called = _called_by_several(words, at, languages)
        if not mine and not called and (word,) not in parts:
            continue
        if behind or (mine and other and _says_more_of(word, other, mine, languages, parts)):
            aside.add(word)
        elif mine and about and at == len(words) - 1 and words[at - 1] in _JOINING:
            aside.add(word)  # it comes along with what was named first
        else:
            about.add(word)
    return about, aside


def _called_by_several(words: Sequence[str], at: int, languages: tuple[str, ...]) -> bool:
    """Whether a word is the head of several that name a thing: "label makers"."""
    first = bool(ROMANCE.intersection(languages[:1]))
    for size in range(2, _PHRASE_MOST + 1):
        start = at if first else at - size + 1
        phrase = tuple(words[start : start + size]) if start >= 0 else ()
        if len(phrase) == size and any(is_listed(phrase, one) for one in languages) and kinds_meant(phrase, languages):
            return True
    return False


@lru_cache(50_000)
def thing_in(title: str, languages: tuple[str, ...]) -> str | None:
    """The kind of thing that a title is about; None where the lists know none of its words.

    >>> thing_in("Ink refill for ballpoint pens", ("en",)), thing_in("Denim jacket, blue jeans look", ("en",))
    (None, 'kind.jacket')
    """
    aside = mentioned(title, languages)
    behind_words = lexicon().functions["behind"]
    first = bool(ROMANCE.intersection(languages[:1]))
    for piece in _STOP.split(title):
        words = tokens(piece)
        end = next((at for at, word in enumerate(words) if at and (word,) in behind_words), len(words))
        found: list[str] = []
        at = 0
        while at < end:
            for size in range(min(3, end - at), 0, -1):
                phrase = tuple(words[at : at + size])
                kinds = kinds_meant(phrase, languages)
                if kinds and not (size == 1 and phrase[0] in aside):
                    found.append(max(sorted(kinds), key=lambda kind: len(upwards(kind))))
                    break
            else:
                size = 1
            at += size
        if found:
            return found[0] if first else found[-1]
    return None


def is_listed(phrase: tuple[str, ...], language: str) -> bool:
    """Whether the lists know a phrase of several words as one thing."""
    return stem(phrase[0], language) in _beginnings(language) and bool(lexicon().means(phrase, (language,)))


@lru_cache(20_000)
def stems_of(phrase: tuple[str, ...], language: str) -> tuple[str, ...]:
    """The stems of its words."""
    return tuple(stem(word, language) for word in phrase)


@cache
def _beginnings(language: str) -> frozenset[str]:
    """Stems of the first words of the lists' phrases."""
    return frozenset(stems[0] for spoken, stems in lexicon().meanings if spoken == language and len(stems) > 1)


def _says_more_of(
    word: str, other: str, mine: frozenset[str], languages: tuple[str, ...], parts: frozenset[tuple[str, ...]]
) -> bool:
    """Whether a word for a thing only says more of the other word beside it."""
    if other in _CONTAINERS:
        return False
    together = kinds_meant((word, other), languages)
    if together:
        return not _related(mine, together)
    theirs = kinds_meant((other,), languages)
    return (other,) in parts or (bool(theirs) and not _related(mine, theirs))


def _related(some: frozenset[str], others: frozenset[str]) -> bool:
    return any(one in upwards(other) or other in upwards(one) for one in some for other in others)


@lru_cache(20_000)
def kinds_meant(phrase: tuple[str, ...], languages: tuple[str, ...]) -> frozenset[str]:
    """The kinds of things that a phrase may mean."""
    found: Sequence[str] = [meaning.concept for meaning in lexicon().means(phrase, languages)]
    return frozenset(concept for concept in found if concept.startswith("kind."))


@lru_cache(2_000)
def upwards(concept: str) -> tuple[str, ...]:
    """A concept and what it is a kind of."""
    broader = lexicon().broader.get(concept)
    return (concept, *(upwards(broader) if broader else ()))
