"""Which cut a piece has, from the words that a shop calls it by; and who must not wear it.

Idea     The lists of everyday words say what a word means in five languages; a table here says how such a thing is cut.
         The deepest category counts before the title, the last kind of thing in a title before the first, and nothing
         behind words such as "with".
Serves   English, German, French, Spanish and Italian.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from bottega.errors import RequestInvalid
from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.models.studio.bodies.body import GROWN_YEARS, Build
from bottega.texts import SEEN_MAX

__all__ = ["KINDS", "cut_of", "is_underwear", "kind_of", "refuse_underwear"]

KINDS: Final = {
    "top": "topwear tshirt polo blouse tank tunic kurta sweater sweatshirt bra",
    "shirt": "shirt",
    "jacket": "cardigan vest jacket blazer coat raincoat bathrobe",
    "trousers": "bottomwear trousers jeans shorts capris leggings trackpants boxers briefs",
    "skirt": "skirt",
    "dress": "dress nightwear",
    "shoes": "footwear sneakers sports_shoes formal_shoes loafers boots rain_boots sandals flip_flops slippers heels "
    "flats clogs football_boots",
    "bag": "bag handbag tote clutch crossbody backpack laptop_bag gym_bag waist_bag luggage toiletry_bag",
    "hat": "cap hat beanie",
    "scarf": "scarf mufflers dupatta",
    "belt": "belt",
    "glasses": "sunglasses glasses",
}
"""Cut -> kinds of things in `concepts.txt` that have it."""

_CUT_OF = {f"kind.{kind}": cut for cut, kinds in KINDS.items() for kind in kinds.split()}
_THING_FIRST = ("fr", "es", "it")
_UNDER = ("kind.underwear", "kind.briefs", "kind.boxers", "kind.bra", "kind.swimwear", "kind.tights", "kind.bodysuit")


def cut_of(texts: Sequence[str]) -> str:
    """The cut of what texts call a piece, the surest text first. Raises `RequestInvalid` where it has none of them.

    >>> [cut_of([said]) for said in ("Men Blue Jeans", "Rotes Kleid mit Gürtel", "sac à main", "Casual Shoes")]
    ['trousers', 'dress', 'bag', 'shoes']
    """
    kind = kind_of(texts)
    if kind not in _CUT_OF:
        raise RequestInvalid(
            f"{' '.join(texts)[:SEEN_MAX]!r} is nothing that can be put on a fashion model"
            + (f": it is taken for {kind.removeprefix('kind.').replace('_', ' ')}." if kind else "."),
            allowed=f"Pieces are {', '.join(KINDS)}.",
            next_step="Name a product of these kinds, or say its cut.",
        )
    return _CUT_OF[kind]


def kind_of(texts: Sequence[str]) -> str:
    """The concept, as "kind.jeans", that the first text that names one names; "" where none does."""
    for text in texts:
        named = list(_kinds(tokens(text)))
        if named:
            cuts = [one for one in named if one[0] in _CUT_OF or one[0] in _UNDER] or named
            # "Denim skirt", but "falda vaquera": Romance languages name the thing first.
            kind = cuts[0][0] if cuts[0][1] in _THING_FIRST else cuts[-1][0]
            return "kind.tank" if kind == "kind.vest" and is_underwear([text]) else kind
    return ""


def is_underwear(texts: Sequence[str]) -> bool:
    """Whether any text names underwear or swimwear."""
    return any(kind in _UNDER for text in texts for kind, _ in _kinds(tokens(text)))


def refuse_underwear(texts: Sequence[str], build: Build) -> None:
    """Raise `RequestInvalid` where texts name underwear or swimwear and the body is of somebody under 18."""
    if not build.grown and is_underwear(texts):
        raise RequestInvalid(
            f"{' '.join(texts)[:SEEN_MAX]!r} is underwear or swimwear, and {build.name!r} is {build.years} years old.",
            allowed=f"Underwear and swimwear are shown on bodies of {GROWN_YEARS} years and more alone.",
            next_step="Name another piece, or a model who is grown up.",
        )


def _kinds(words: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Kinds of things that words name and in which language, in their order; up to words as "with"."""
    known = lexicon()
    place = 0
    while place < len(words):
        if place and any(tuple(words[place : place + size]) in known.functions["behind"] for size in (1, 2)):
            return
        for size in range(min(known.longest, len(words) - place), 0, -1):
            meant = [one for one in known.means(words[place : place + size]) if one.concept.startswith("kind.")]
            if meant:
                best = min(meant, key=lambda one: (one.language in _THING_FIRST, one.rank))
                yield best.concept, best.language
                place += size - 1
                break
        place += 1
