"""As what a product is worn: its cut, by the words of its categories and its title in five languages.

The deepest category that names a kind of clothes says it, else the title, whose last such word is what is sold ("shirt
dress" is a dress). What is worn under clothes or for bathing is refused wherever a category or the title says so.
"""

from __future__ import annotations

from functools import lru_cache

from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid
from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.texts import SEEN_MAX

__all__ = ["UNWORN", "cut_of"]

_CUTS = {
    "top": "tshirt polo blouse tank tunic kurta sweater sweatshirt vest topwear",
    "shirt": "shirt",
    "jacket": "jacket blazer coat raincoat cardigan",
    "trousers": "trousers jeans shorts capris leggings trackpants bottomwear",
    "skirt": "skirt",
    "dress": "dress jumpsuit",
    "shoes": "footwear sneakers sports_shoes formal_shoes loafers boots rain_boots sandals flip_flops slippers heels "
    "flats clogs football_boots",
}
_CUT_OF = {f"kind.{kind}": cut for cut, kinds in _CUTS.items() for kind in kinds.split()}
UNWORN = frozenset({"kind.underwear", "kind.briefs", "kind.boxers", "kind.bra", "kind.swimwear", "kind.bodysuit"})
"""What is shown on no photo of a person."""
_LOOSE = frozenset({"slip", "body", "boxer", "brief", "trunk", "trunks"})
"""Words of these that say something else where another piece of clothing is named behind them: a slip dress."""
_TOP_WORDS = frozenset({"top", "tops", "tee", "kurti", "kurtis", "tunics"})
_WORDS_MOST = 3


def cut_of(product: Product) -> str:
    """One of the cuts that are tried on.

    Raises `RequestInvalid` for underwear and swimwear, and for what no cut is known of.
    """
    names = [*reversed(product.category), product.title]
    for name in names:
        under = [word for word, kinds in _named(name) if UNWORN & kinds and not _stands_for_other(name, word)]
        if under:
            raise RequestInvalid(
                f"{product.title[:SEEN_MAX]!r} is worn under clothes or for bathing ({under[0]}).",
                allowed="Underwear and swimwear are shown on no photo of a person.",
                next_step="Try something that is worn over it.",
            )
    for name in names:
        for _, kinds in reversed(_named(name)):
            cuts = [_CUT_OF[kind] for kind in sorted(kinds) if kind in _CUT_OF]
            if cuts:
                return cuts[0]
        if _TOP_WORDS.intersection(tokens(name)):
            return "top"
    raise RequestInvalid(
        f"{product.title[:SEEN_MAX]!r} is nothing that is tried on a photo of a whole person.",
        allowed="Tops, shirts, jackets, trousers, skirts, dresses and shoes are, by the words of their categories.",
        next_step="Try one of them, or give the product a category that says what it is.",
    )


def _stands_for_other(name: str, word: str) -> bool:
    """Whether a loose word is followed by the piece of clothing that is really sold."""
    if word not in _LOOSE:
        return False
    found = _named(name)
    behind = [kinds for at, kinds in found[[said for said, _ in found].index(word) + 1 :]]
    return any(not UNWORN & kinds and _CUT_OF.keys() & kinds for kinds in behind)


@lru_cache(4000)
def _named(name: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """Words and phrases of a name that are kinds of things, in their order, each with the kinds it can mean."""
    words, found, at = tokens(name), [], 0
    while at < len(words):
        for length in range(min(_WORDS_MOST, len(words) - at), 0, -1):
            phrase = tuple(words[at : at + length])
            kinds = frozenset(one.concept for one in lexicon().means(phrase) if one.concept.startswith("kind."))
            if kinds:
                found.append((" ".join(phrase), kinds))
                at += length
                break
        else:
            at += 1
    return tuple(found)
