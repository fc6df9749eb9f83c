"""A post out of a lookbook: the picture in the shapes that networks show, and a caption of facts.

A sentence of the caption is written by the wording room from facts of the listing and passes its proof, or is not
said; hashtags are words of categories and attributes. Nothing else is claimed, and the last line says who made the
picture.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
from PIL import Image

from bottega.actions.studio.lookbooks.lookbook import lookbook_named
from bottega.actions.studio.lookbooks.shapes import (
    Crop,
    PostCaption,
    PostPicture,
    ShownLook,
    SocialPost,
    SocialPostRequest,
)
from bottega.actions.studio.rescue.rescue import jpeg_of
from bottega.catalogue.attributes import values_of
from bottega.catalogue.product import Product
from bottega.datasets.photos.provenance import SourceType
from bottega.datasets.photos.reading import Photo, read_photo
from bottega.errors import LookbookUnknown
from bottega.languages.talking import said_in
from bottega.models.wording.letter_words import proved_line
from bottega.shop.listings.listing_facts import facts_of, title_words
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.lookbook_files import lookbook_file
from bottega.shop.trained.wording_learnt import writer_of

__all__ = ["hashtags_of", "in_shape", "social_post"]

SIZES: dict[Crop, tuple[int, int]] = {"1:1": (1080, 1080), "4:5": (1080, 1350), "9:16": (1080, 1920)}
"""Width and height in pixels, as networks show them without making them smaller."""
_TAGGED = ("type", "color", "pattern", "material", "usage", "season")
"""Attributes that are worth a hashtag."""
_WORD = re.compile(r"[^\W_]+")
_TAG_MOST = 30


def social_post(shop: OpenShop, request: SocialPostRequest) -> SocialPost:
    """A post of one look. Raises `LookbookUnknown`."""
    book = lookbook_named(shop, request.lookbook)
    look = next((one for one in book.looks if one.number == request.look), None)
    if look is None:
        raise LookbookUnknown(
            f"Lookbook {request.lookbook!r} has no look {request.look}.",
            allowed=f"It has looks 1 to {len(book.looks)}.",
            next_step="Name one of them.",
        )
    ids = [piece.product_id for piece in look.pieces]
    known = shop.store.products.get(ids)
    products = [known[name] for name in ids if name in known]
    said = SourceType(book.source_type)
    photo = read_photo(lookbook_file(shop.folder, book.lookbook, look.picture), name=look.picture)
    pictures = []
    for crop in dict.fromkeys(request.crops):
        width, height = SIZES[crop]
        content = jpeg_of(in_shape(photo, width, height), said)
        pictures.append(PostPicture(crop=crop, width=width, height=height, content=content))
    languages: list[str] = list(dict.fromkeys(request.languages)) or [title_words(shop.folder).language]
    return SocialPost(
        lookbook=book.lookbook,
        look=look.number,
        product_ids=[product.id for product in products],
        pictures=pictures,
        captions=[_caption(shop, products, look, language) for language in languages],
        hashtags=hashtags_of(products, request.hashtags),
        source_type=str(said),
    )


def in_shape(photo: Photo, width: int, height: int) -> Photo:
    """The whole picture in another shape [height, width, 3]: nothing is cut off, the ground goes on around it."""
    rows, columns = photo.shape[:2]
    if rows * width > columns * height:
        more = round(rows * width / height) - columns
        grown = np.pad(photo, ((0, 0), (more // 2, more - more // 2), (0, 0)), mode="edge")
    else:
        more = round(columns * height / width) - rows
        grown = np.pad(photo, ((more // 2, more - more // 2), (0, 0), (0, 0)), mode="edge")
    return np.asarray(Image.fromarray(grown).resize((width, height), Image.Resampling.LANCZOS))


def hashtags_of(products: Sequence[Product], most: int) -> list[str]:
    """Hashtags of what the pieces are, each once: their kinds first, then colours and the like, then brands.

    >>> shirt = Product(id="1", title="x", category=("Men", "Polo Shirts"), attributes={"color": ("navy blue",)})
    >>> hashtags_of([shirt], 5)
    ['#PoloShirts', '#NavyBlue']
    """
    kinds = [product.category[-1] for product in products if product.category]
    said = [value for name in _TAGGED for product in products for value in values_of(product, name)[:1]]
    brands = [product.brand for product in products if product.brand]
    tags = ("".join(word[:1].upper() + word[1:] for word in _WORD.findall(text)) for text in (*kinds, *said, *brands))
    return [f"#{tag}" for tag in dict.fromkeys(tags) if 1 < len(tag) <= _TAG_MOST and not tag.isdigit()][:most]


def _caption(shop: OpenShop, products: Sequence[Product], look: ShownLook, language: str) -> PostCaption:
    """A line a piece: what it is called, and a sentence that its facts bear out."""
    writer = writer_of(shop.folder, language)
    sheets = facts_of(shop.store, products, title_words(shop.folder))
    lines, proved = [], 0
    for product in products:
        text = proved_line(writer, sheets[product.id], seed=zlib.crc32(f"{look.number}:{product.id}".encode()))
        proved += text is not None
        lines.append(product.title if text is None else f"{product.title} – {text.text}")
    lines.append(said_in("sharing", language).say("post.mark", seed=""))
    return PostCaption(language=language, text="\n".join(lines), proved=proved)
