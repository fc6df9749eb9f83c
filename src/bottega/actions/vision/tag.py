"""Tag: what a photo shows. Attributes with calibrated confidence, colours as measured, and what cannot be known."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import PhotoRefused
from bottega.models.blocks.colours import dominant_colours
from bottega.models.vision.tags import Guess, PhotoTags, Unknown, read_tags
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Shape

__all__ = ["ColourInfo", "GuessInfo", "PhotoAnswer", "TagAnswer", "TagInfo", "UnknownInfo", "tag_photos"]

_NO_PRODUCT = "This is not a product photo, as far as the eye can tell; nothing is said of it."


class GuessInfo(Shape):
    """A value and how probable it is."""

    value: str
    confidence: float = Field(description="Calibrated: of values at 0.8, eight in ten are right.")


class TagInfo(GuessInfo):
    """What one head of the eye says."""

    head: str = Field(description="As in category, subcategory, type, gender, color or usage.")
    others: list[GuessInfo] = Field(description="The next best values of some weight.")


class UnknownInfo(Shape):
    """What the photo does not tell."""

    head: str
    why: str
    guesses: list[GuessInfo]


class ColourInfo(Shape):
    """One of the product's colours, measured in its pixels."""

    name: str
    rgb: str = Field(description="As in `#1f2a44`.")
    lab: tuple[float, float, float] = Field(description="CIE Lab, light D65.")
    share: float = Field(description="Of the product's pixels.")


class PhotoAnswer(Shape):
    """What one photo shows."""

    photo: str = Field(description="Name of the photo, as it was sent.")
    refused: str | None = Field(default=None, description="Why it could not be read at all; everything else is empty.")
    photo_kind: GuessInfo | None = Field(default=None, description="Kind of photo: a product, worn, street, or none.")
    product_photo: bool = Field(default=False, description="false: no product is seen, so there are no tags.")
    why_not: str | None = None
    tags: list[TagInfo] = Field(default_factory=list)
    unknown: list[UnknownInfo] = Field(default_factory=list)
    colours: list[ColourInfo] = Field(default_factory=list, description="The largest share first.")
    words: list[GuessInfo] = Field(default_factory=list, description="Words a shopper would likely search it by.")
    same_picture_as: list[str] = Field(default_factory=list, description="Products of the catalogue that show it.")


class TagAnswer(Shape):
    """What the photos show, in the order they came."""

    photos: list[PhotoAnswer]
    eye: str = Field(description="Version of the eye that looked.")
    took_ms: float


def tag_photos(shop: OpenShop, photos: Sequence[tuple[str, bytes | Path]], *, progress: Progress = silent) -> TagAnswer:
    """Tag photos given as name and bytes or path. Raises `PhotoRefused` when none of them can be read."""
    started = time.perf_counter()
    eye = shop.models.eye()
    read: dict[int, Photo] = {}
    refusals: dict[int, PhotoRefused] = {}
    for place, (name, source) in enumerate(photos):
        try:
            read[place] = read_photo(source, name=name)
        except PhotoRefused as refusal:
            refusals[place] = refusal
    if not read:
        raise next(iter(refusals.values()))
    looks = eye.look(list(read.values()), progress=progress)
    found = read_tags(eye, looks)
    same = shop.same_pictures(list(read.values()), looks.vectors)
    answers = {
        place: _answer(photos[place][0], photo, tags, ids)
        for (place, photo), tags, ids in zip(read.items(), found, same, strict=True)
    }
    answers |= {place: PhotoAnswer(photo=photos[place][0], refused=str(why)) for place, why in refusals.items()}
    return TagAnswer(
        photos=[answers[place] for place in range(len(photos))],
        eye=eye.version,
        took_ms=round((time.perf_counter() - started) * 1000, 3),
    )


def _answer(name: str, photo: Photo, found: PhotoTags, same: list[str]) -> PhotoAnswer:
    if not found.shows_product:
        kind = _guess(found.kind) if found.kind else None
        return PhotoAnswer(photo=name, photo_kind=kind, why_not=_NO_PRODUCT, same_picture_as=same)
    return PhotoAnswer(
        photo=name,
        photo_kind=_guess(found.kind) if found.kind else None,
        product_photo=True,
        tags=[
            TagInfo(
                head=tag.head,
                value=tag.value,
                confidence=round(tag.confidence, 4),
                others=[_guess(other) for other in tag.others],
            )
            for tag in found.tags
        ],
        unknown=[
            UnknownInfo(head=one.head, why=_why(one), guesses=[_guess(guess) for guess in one.guesses])
            for one in found.unknown
        ],
        colours=[
            ColourInfo(
                name=one.name,
                rgb=one.rgb,
                lab=(round(one.lab[0], 1), round(one.lab[1], 1), round(one.lab[2], 1)),
                share=round(one.share, 4),
            )
            for one in dominant_colours(photo)
        ],
        words=[_guess(word) for word in found.words],
        same_picture_as=same,
    )


def _guess(guess: Guess) -> GuessInfo:
    return GuessInfo(value=guess[0], confidence=round(guess[1], 4))


def _why(one: Unknown) -> str:
    guesses = " or ".join(f"{value} ({chance:.0%})" for value, chance in one.guesses)
    return f"The photo does not tell: {guesses}, where {one.floor:.0%} would be needed."
