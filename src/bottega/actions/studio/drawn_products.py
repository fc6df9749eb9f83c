"""What verbs share that draw products: how large these are shown, and the real ones that they find.

What was asked for is known, so it comes first: of the type that was drawn those in the colour asked for, as the
catalogue's facts say it, or the photo where these say nothing; among equals those that the eye finds most like the
picture. Behind them stands what is alike and nothing of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from bottega.actions.search.hits import Scored, hits
from bottega.actions.search.shapes import Hit
from bottega.catalogue.filter import Filter
from bottega.datasets.photos.reading import Photo
from bottega.models.search.changes import Changes
from bottega.models.search.listing import CATEGORY
from bottega.models.vision.parts.regions import WHOLE
from bottega.models.vision.slots import part_of_type
from bottega.names import BoolArray, FloatArray
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.search.index import SearchIndex
from bottega.shop.search.like_but import WHOLE_FROM, like_but
from bottega.shop.search.like_degrees import Anchor

__all__ = ["FACTOR", "RealProducts", "real_products"]

FACTOR = 2
"""Times as large as products are drawn. Photo rescue does it by its mean answer: the likely one, and four times, dot
what was drawn soft."""
_MEASURED = 48
"""Most photos whose colours are measured before one answer, where listings name none; those known all count."""
_BEHIND = 0.1
"""Of its likeness, what a product scores that is nothing of what was asked for."""


@dataclass(frozen=True, slots=True)
class RealProducts:
    """What a picture found."""

    items: list[Hit] = field(default_factory=list)
    as_asked: int = 0
    """Of the items, the first so many are all that was asked for."""


def real_products(
    shop: OpenShop,
    pictures: Sequence[Photo],
    types: Sequence[str],
    n: int,
    wanted: Filter | None,
    *,
    colour: str = "",
) -> list[RealProducts]:
    """Of each picture [N] real products, those of its type [N] and of a colour first; "" where nobody said any."""
    index = shop.search_index()
    vectors = index.eye.load().look(list(pictures)).vectors
    asked = {kind: _changes(index, kind, colour) for kind in dict.fromkeys(types)}
    with shop.floor() as floor:
        allowed = index.allowed(floor, wanted, ())
        found = []
        for vector, kind in zip(vectors, types, strict=True):
            scored, known = _scored(shop, index, floor, vector, kind, asked[kind], allowed)
            items = hits(floor, scored, n=n, return_product=True)
            found.append(RealProducts(items, sum(hit.score >= WHOLE_FROM for hit in items) if known else 0))
    return found


def _changes(index: SearchIndex, kind: str, colour: str) -> Changes:
    """What was asked for in the words of the shop: a type and one colour; what it knows no word of is left out."""
    read = index.changes(kind or colour)
    things = [replace(one, what="kind") for one in read.asked if one.what == "kind" or CATEGORY in one.fields]
    colours = [one for one in index.changes(colour).asked if one.what == "colour" and not one.step]
    return Changes([*(things if kind else ()), *colours[:1]], read.query)


def _scored(
    shop: OpenShop,
    index: SearchIndex,
    floor: Floor,
    vector: FloatArray,
    kind: str,
    asked: Changes,
    allowed: BoolArray,
) -> tuple[Scored, bool]:
    """Rows with their scores, and whether the shop has anything of the type; what is worn in another place than that
    comes last."""
    part = part_of_type(kind) or WHOLE
    alike = index.like(vector, allowed, part=part)
    if not asked:
        return {row: (score, ["photo"]) for row, score in alike.items()}, False
    like = Anchor((), vector=vector)
    found = like_but(index, floor, like, asked, allowed, partial(shop.colours_of, most=_MEASURED))
    if kind and not found.kind:  # nothing here is called so: what is worn in the same place
        fitting = allowed & index.fitting(part, len(allowed))
        found = like_but(index, floor, like, asked, fitting, partial(shop.colours_of, most=_MEASURED))
    behind = min(found.scores.values(), default=1.0)
    rest = {row: behind * _BEHIND * max(score, 0.0) for row, score in alike.items() if row not in found.scores}
    return {row: (score, ["photo"]) for row, score in (*found.scores.items(), *rest.items())}, bool(
        found.kind
    ) or not kind
