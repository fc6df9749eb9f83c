"""Like this, but ...: the answer for a product or a photo, and what it says of what the shop lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bottega.actions.search.shapes import LikeBut, Moved
from bottega.datasets.words import search_words
from bottega.languages.lexicon import lexicon
from bottega.models.search.query import Query
from bottega.models.vision.parts.regions import WHOLE
from bottega.names import BoolArray, FloatArray
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.search.found import FoundRows
from bottega.shop.search.index import SearchIndex
from bottega.shop.search.like_but import Found, like_but, of_photo, of_product
from bottega.shop.search.like_degrees import Anchor

__all__ = ["Like", "kind_in_words", "like_photo_but", "like_product_but"]

MEASURED = 8
"""Most photos whose colours are measured before one answer, where listings name none; those known all count."""


@dataclass(frozen=True, slots=True)
class Like:
    """Rows with their scores, what is told of them, and the query that was read."""

    found: FoundRows
    query: Query
    told: LikeBut


def like_product_but(shop: OpenShop, index: SearchIndex, floor: Floor, row: int, text: str, allowed: BoolArray) -> Like:
    """Like the product of a row, but as the words say."""
    vector = index.vector_of(floor.shelf.product(row))
    anchor = of_product(index, floor, row, None if vector is None else _moved(index, vector, text))
    return _answered(shop, index, floor, anchor, text, allowed)


def like_photo_but(
    shop: OpenShop,
    index: SearchIndex,
    floor: Floor,
    vector: FloatArray,
    text: str,
    allowed: BoolArray,
    *,
    part: str = WHOLE,
) -> Like:
    """Like what the vector [E] of a part of a photo shows, but as the words say."""
    anchor = of_photo(index, floor, vector, part=part, moved=_moved(index, vector, text))
    return _answered(shop, index, floor, anchor, text, allowed)


def _answered(shop: OpenShop, index: SearchIndex, floor: Floor, anchor: Anchor, text: str, allowed: BoolArray) -> Like:
    changes = index.changes(text)
    found = like_but(index, floor, anchor, changes, allowed, lambda products: shop.colours_of(products, most=MEASURED))
    moved = [
        Moved(words=one.change.words, of=one.change.what, found=one.found, nearest=one.nearest)
        for one in found.outcomes
    ]
    told = LikeBut(
        kind=_named(found.kind),
        beyond=_named(found.beyond or ()),
        changed=moved,
        remark=_remark(found, moved) if changes else "",
    )
    return Like(FoundRows.of_tiers(found.scores, by_photo=anchor.vector is not None), changes.query, told)


def _moved(index: SearchIndex, vector: FloatArray, text: str) -> FloatArray:
    """A photo's vector, moved from the word that fits it best among those of a kind (its own colour) to the one asked
    for."""
    words = [word for word in search_words(text) if index.space is not None and index.space.knows(word)]
    if index.space is None or not words:
        return vector
    here: list[str] = []
    for head in index.eye.heads:
        spelt, vectors = index.names_seen(head)
        if any(name and set(name) <= set(words) for name in spelt):
            here += spelt[int((vectors @ vector).argmax())]
    found: FloatArray = index.space.move(vector[None], words, here)[0]
    return found


def _named(kind: Sequence[str]) -> list[str]:
    """A kind in words."""
    return [_in_words(level) for level in kind]


def kind_in_words(kind: Sequence[str]) -> str:
    """The deepest level of a kind, in words."""
    return _in_words(kind[-1]) if kind else ""


def _in_words(level: str) -> str:
    if not level.startswith("kind."):
        return level
    words = lexicon().words.get(level, {}).get("en", [])
    return " ".join(words[0]) if words else level.removeprefix("kind.")


def _remark(found: Found, moved: Sequence[Moved]) -> str:
    """What the shop does not have of what was asked for, in sentences."""
    kind = _in_words(found.kind[-1]) if found.kind else "this shop"
    said = []
    if found.kind and not found.others:
        said.append(f"Nothing else here is of its kind, {kind}.")
    lacking = [one for one in moved if not one.found]
    for one in lacking:
        what = {"price": "Nothing in {kind} costs that: {words}", "size": "Nothing in {kind} comes in size {words}"}
        sentence = what.get(one.of, "Nothing in {kind} is {words}").format(kind=kind, words=one.words)
        near = {"colour": "nearest colour", "size": "nearest size"}.get(one.of, "nearest")
        more = f"; {near}: {', '.join(one.nearest)}." if one.nearest else "."
        said.append(sentence + more)
    if not lacking and len(moved) > 1 and not found.whole:
        said.append(f"Nothing in {kind} is all of that at once: {', '.join(one.words for one in moved)}.")
    if found.beyond:
        said.append(f"There is little in {kind}, so {_in_words(found.beyond[-1])} was looked in, too.")
    return " ".join(said)
