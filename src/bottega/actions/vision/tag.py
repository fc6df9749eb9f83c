"""Tag: what a photo shows. Attributes with calibrated confidence, colours as measured, and what cannot be known."""

from __future__ import annotations

import time

from bottega.actions.vision.shapes import (
    ColourInfo,
    GuessInfo,
    PhotoAnswer,
    TagAnswer,
    TagInfo,
    TagRequest,
    UnknownInfo,
)
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import PhotoRefused
from bottega.models.blocks.colours import dominant_colours
from bottega.models.vision.tags import Guess, PhotoTags, Unknown, read_tags
from bottega.progress import Progress, silent
from bottega.shop.open_shop import OpenShop

__all__ = ["tag_photos"]

_NO_PRODUCT = "This is not a product photo, as far as the eye can tell; nothing is said of it."


def tag_photos(shop: OpenShop, request: TagRequest, *, progress: Progress = silent) -> TagAnswer:
    """Say what each photo shows. Raises `PhotoRefused` when none of them can be read."""
    started = time.perf_counter()
    photos = request.photos
    eye = shop.models.eye()
    read: dict[int, Photo] = {}
    refusals: dict[int, PhotoRefused] = {}
    for place, upload in enumerate(photos):
        try:
            read[place] = read_photo(upload.content, name=upload.name)
        except PhotoRefused as refusal:
            refusals[place] = refusal
    if not read:
        raise next(iter(refusals.values()))
    looks = eye.look(list(read.values()), progress=progress)
    found = read_tags(eye, looks)
    same = shop.same_pictures(list(read.values()), looks.vectors)
    answers = {
        place: _answer(photos[place].name, photo, tags, ids)
        for (place, photo), tags, ids in zip(read.items(), found, same, strict=True)
    }
    answers |= {place: PhotoAnswer(photo=photos[place].name, refused=str(why)) for place, why in refusals.items()}
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
    if not one.guesses:
        return "The photo shows another kind of thing than this was learnt from."
    guesses = " or ".join(f"{value} ({chance:.0%})" for value, chance in one.guesses)
    return f"The photo does not tell: {guesses}, where {one.threshold:.0%} would be needed."
