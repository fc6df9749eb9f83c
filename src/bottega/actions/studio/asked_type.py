"""A type of product as somebody asks for it: a word in one of five languages, for one of those that a model knows."""

from __future__ import annotations

from functools import lru_cache

from bottega.errors import RequestInvalid
from bottega.languages.fold import tokens
from bottega.models.search.listing import CATEGORY
from bottega.models.search.query import understood
from bottega.models.search.vocabulary import Value, Vocabulary
from bottega.models.studio.refused import refuse_race
from bottega.texts import SEEN_MAX

__all__ = ["asked_type"]

_SURE = 0.7
"""Words mean a type from here on."""


def asked_type(text: str, types: tuple[str, ...]) -> str:
    """The one of `types` that `text` means. Raises `EditRefused` for words of somebody, `RequestInvalid` for none.

    >>> [asked_type(said, ("Handbags", "Watches")) for said in ("a watch", "Handtasche", "bolsos")]
    ['Watches', 'Handbags', 'Handbags']
    """
    refuse_race(text)
    vocabulary, values = _vocabulary(types)
    worth = dict.fromkeys(types, 0.0)
    for unit in understood(text, vocabulary, lambda _: 0).units:
        for term, value in unit.terms.items():
            if term.space == "value":
                name = values[vocabulary.value_of(term.key)]  # type: ignore[arg-type]
                worth[name] = max(worth[name], value)
    best = max(worth, key=lambda name: worth[name])
    if worth[best] < _SURE:
        raise RequestInvalid(
            f"{text[:SEEN_MAX]!r} is no type that this network can draw.",
            allowed=f"It learnt {', '.join(types)}.",
            next_step="Say one of them, or leave the type out.",
        )
    return best


@lru_cache(4)
def _vocabulary(types: tuple[str, ...]) -> tuple[Vocabulary, dict[Value, str]]:
    vocabulary = Vocabulary()
    return vocabulary, {vocabulary.value_of(vocabulary.value(CATEGORY, tuple(tokens(name)))): name for name in types}
