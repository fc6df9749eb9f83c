"""Which pieces go together on one figure, and in which order: said before anything is drawn.

Nobody wears two pairs of trousers, or trousers under a skirt; a body under 18 wears neither underwear nor swimwear. A
top may be tucked into what is worn below it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from bottega.errors import RequestInvalid
from bottega.models.studio.garments.cloth import LAYERS
from bottega.texts import SEEN_MAX

__all__ = ["MOST_PIECES", "check_count", "check_outfit", "layers_of"]

MOST_PIECES = 6
_TWICE = {"top": 2, "shirt": 2, "jacket": 2}
"""Cuts of which more than one is worn: a shirt under a sweater, a coat over a jacket."""
_BELOW = ("trousers", "skirt")
_TUCKED = ("top", "shirt")


def check_count(products: Sequence[str]) -> None:
    """Raise `RequestInvalid` where pieces are too many, or named twice."""
    if len(products) > MOST_PIECES:
        raise RequestInvalid(
            f"{len(products)} pieces were asked for.",
            allowed=f"A figure wears up to {MOST_PIECES}.",
            next_step="Leave some out.",
        )
    again = [name for name, count in Counter(products).items() if count > 1]
    if again:
        raise RequestInvalid(
            f"{again[0][:SEEN_MAX]!r} is named more than once.",
            allowed="Each piece is worn once; shoes are a pair already.",
            next_step="Name it once.",
        )


def check_outfit(products: Sequence[str], cuts: Sequence[str]) -> None:
    """Raise `RequestInvalid` where pieces are not worn together."""
    for cut, count in Counter(cuts).items():
        if count > _TWICE.get(cut, 1):
            named = ", ".join(repr(one[:SEEN_MAX]) for one, what in zip(products, cuts, strict=True) if what == cut)
            raise RequestInvalid(
                f"{count} pieces are each worn as {cut}: {named}.",
                allowed="Two tops, shirts or jackets go over one another, and one piece of every other cut.",
                next_step="Leave one of them out.",
            )
    below = [cut for cut in cuts if cut in _BELOW]
    if len(below) > 1 or ("dress" in cuts and "skirt" in cuts):
        raise RequestInvalid(
            f"The outfit has {' and '.join(sorted({*below, *({'dress'} & set(cuts))}))}.",
            allowed="Trousers or a skirt, or a dress, alone or over trousers.",
            next_step="Leave one of them out.",
        )


def layers_of(
    products: Sequence[str], cuts: Sequence[str], tucked: Collection[str], *, in_this_order: bool
) -> list[int]:
    """The layer of each piece. Raises `RequestInvalid` for a piece tucked in that cannot be."""
    for name in tucked:
        cut = cuts[list(products).index(name)] if name in products else None
        if cut not in _TUCKED or not set(_BELOW) & set(cuts):
            what = "is not among the pieces" if cut is None else f"is worn as {cut}"
            if cut in _TUCKED:
                what = "has no trousers or skirt to be tucked into"
            raise RequestInvalid(
                f"{name[:SEEN_MAX]!r} was asked to be tucked in, and {what}.",
                allowed="A top or a shirt of the outfit is tucked in, where trousers or a skirt are worn.",
                next_step="Leave it out of tucked.",
            )
    if in_this_order:
        return list(range(1, len(products) + 1))
    return [1 if name in tucked else LAYERS[cut] for name, cut in zip(products, cuts, strict=True)]
