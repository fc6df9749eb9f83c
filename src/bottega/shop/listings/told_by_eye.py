"""What a listing's category is in the eye's own names, and how likely a photo shows that.

A category is what it is called: one of the eye's names, or a word for the same thing, a broader or a narrower one
("Shoes" for heels, "Turnschuhe" for sports shoes). Of what is called by no word for a thing that the eye has a name
for, the eye knows nothing.

Shapes   N photos, C names.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from bottega.languages.fold import tokens
from bottega.languages.stems import stem
from bottega.models.search.heads import kinds_meant, upwards
from bottega.models.search.kinds import things_in
from bottega.models.vision.eye.looks import Looks
from bottega.names import FloatArray

__all__ = ["LANGUAGES", "chance_of_category", "is_named"]

LANGUAGES = ("en", "de", "es", "fr", "it")
"""In which categories are read."""
_HEAD = "type"
_BROAD = frozenset({"kind.home", "kind.accessories"})
"""Kinds of which nobody has told all that belongs to them."""


def chance_of_category(
    looks: Looks, categories: Sequence[Sequence[str]], types: Sequence[str], *, languages: tuple[str, ...] = LANGUAGES
) -> FloatArray:
    """The chance that each photo shows what its category (a path) says [N]; NaN where the eye has no name for it.

    `types`: the names of the head `type`.
    """
    taught = looks.taught.get(_HEAD, np.ones(len(looks), np.float32))
    tables = [(tuple(types), looks.probabilities[_HEAD] * taught[:, None])]
    tables += [(thing.classes, thing.chances * thing.shown[:, None]) for thing in looks.things]
    found = np.full(len(looks), np.nan, np.float32)
    for row, path in enumerate(categories):
        meant = [_meant(tuple(path), names, languages) for names, _ in tables]
        if any(meant):
            chances = (table[row, list(places)] for (_, table), places in zip(tables, meant, strict=True) if places)
            found[row] = sum(float(part.sum()) for part in chances)
    return found


def is_named(category: Sequence[str], names: Sequence[str], *, languages: tuple[str, ...] = LANGUAGES) -> bool:
    """Whether a category means one of these names."""
    return bool(_meant(tuple(category), tuple(names), languages))


@lru_cache(4096)
def _meant(path: tuple[str, ...], names: tuple[str, ...], languages: tuple[str, ...]) -> tuple[int, ...]:
    """Which of the names [C] a category may mean by its narrowest level; none where that is as broad as "Home"."""
    if not path:
        return ()
    key, called = _key(path[-1]), things_in(path[-1], languages)
    same = {row for row, name in enumerate(names) if _key(name) == key}
    if called & _BROAD:
        return tuple(sorted(same))
    alike = {
        row
        for row, kinds in enumerate(_kinds(names))
        if any(one in upwards(other) or other in upwards(one) for one in kinds for other in called)
    }
    return tuple(sorted(same | alike))


@lru_cache(16)
def _kinds(names: tuple[str, ...]) -> tuple[frozenset[str], ...]:
    return tuple(things_in(name, ("en",)) | kinds_meant(tuple(tokens(name)), ("en",)) for name in names)


def _key(name: str) -> tuple[str, ...]:
    return tuple(stem(word, "en") for word in tokens(name))
