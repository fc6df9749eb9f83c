"""As what a product is worn on a head, by the words of its categories and its title in five languages."""

from __future__ import annotations

from bottega.catalogue.product import Product
from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.models.studio.garments.cuts import KINDS

__all__ = ["FACE_CUTS", "LIVE_CUTS", "face_cut_of"]

FACE_CUTS = {
    "glasses": KINDS["glasses"],
    "hat": KINDS["hat"],
    "earrings": "earrings",
    "lipstick": "lipstick lip_gloss lip_liner",
}
"""What is worn on a head, by the kinds of things that are worn so."""
LIVE_CUTS = ("glasses", "lipstick")
"""What is shown before the visitor's own camera, too."""
_CUT_OF = {f"kind.{kind}": cut for cut, kinds in FACE_CUTS.items() for kind in kinds.split()}
_BROAD = frozenset({"kind.accessories", "kind.jewellery", "kind.clothing", "kind.makeup"})
"""Kinds that hold many others, and so do not say what a thing is."""
_WORDS_MOST = 3


def face_cut_of(product: Product) -> str | None:
    """One of `FACE_CUTS`, None for what is worn elsewhere or not at all.

    The deepest category that names a kind of things says it, else the title; of each the last such word.
    """
    for name in (*reversed(product.category), product.title):
        words = tokens(name)
        for end in range(len(words), 0, -1):
            kinds = _kinds(words, end)
            cuts = [_CUT_OF[kind] for kind in kinds if kind in _CUT_OF]
            if cuts:
                return cuts[0]
            if kinds and not _BROAD.intersection(kinds):
                return None
    return None


def _kinds(words: list[str], end: int) -> list[str]:
    """Kinds of things that the longest phrase which ends there means."""
    for length in range(min(_WORDS_MOST, end), 0, -1):
        meant = [one.concept for one in lexicon().means(tuple(words[end - length : end]))]
        kinds = [concept for concept in meant if concept.startswith("kind.")]
        if kinds:
            return kinds
    return []
