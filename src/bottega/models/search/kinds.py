"""What kind of thing is a product? The path of its category, or where that says nothing of the kind, what its title is.

A kind is a path from the broadest to the deepest, so that what is next to a kind is what shares most of its path. Where
no category says it, the lists of everyday words do: "Oak lamp" is of ("kind.home", "kind.lamp").
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bottega.languages.fold import tokens
from bottega.models.search.heads import kinds_meant, thing_in, upwards

__all__ = ["Kind", "kind_of", "names_a_thing", "says_a_thing", "things_in"]

Kind = tuple[str, ...]
"""Names of categories, or concepts; empty where nobody knows."""


def kind_of(title: str, category: Sequence[str], types: Sequence[str], languages: tuple[str, ...]) -> Kind:
    """The kind of a product; `types`: what its attributes say of its type, `languages`: those of the shop.

    >>> kind_of("Red mug", ("Home", "Mugs"), (), ("en",)), kind_of("Red mug", ("Sale",), (), ("en",))
    (('Home', 'Mugs'), ('Sale', 'kind.mug'))
    """
    path = tuple(dict.fromkeys((*category, *types[:1])))
    if path and (types or says_a_thing(path, languages)):
        return path
    thing = thing_in(title, languages)
    if thing is None:
        return path
    return (*path, thing) if path else tuple(reversed(upwards(thing)))


def names_a_thing(name: str, languages: tuple[str, ...]) -> bool:
    """Whether a level of a category is called by a thing ("Boots"), not by who or when it is for ("Women", "Sale")."""
    return bool(things_in(name, languages))


def things_in(name: str, languages: tuple[str, ...]) -> frozenset[str]:
    """The kinds of things that the name of a category means: as a whole, else by its words."""
    if name.startswith("kind."):
        return frozenset((name,))
    words = tuple(tokens(name))
    whole = kinds_meant(words, languages)
    return whole or frozenset().union(*(kinds_meant((word,), languages) for word in words))


@lru_cache(20_000)
def says_a_thing(path: Kind, languages: tuple[str, ...]) -> bool:
    """Whether any level of a path is called by a thing."""
    return any(names_a_thing(level, languages) for level in path)
