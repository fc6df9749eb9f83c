"""Shares: a picture that was made here, shown to whoever has its link, until the link expires or is taken back.

Only pictures with a seal of this shop are shared, so that nobody's other pictures are published from here. The picture
is a file of its own, deleted with the share; of the link nothing is kept but a hash.
"""

from __future__ import annotations

import secrets
import time

from bottega.actions.closet.kept_pictures import closet_picture_of
from bottega.actions.closet.picture_shapes import (
    ShareAnswer,
    SharedPicture,
    SharedProduct,
    ShareInfo,
    ShareRequest,
    SharesAnswer,
    SharesQuery,
    SharesRemoval,
    SharesRemoved,
)
from bottega.catalogue.addresses import is_web
from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid, ShareUnknown
from bottega.languages.talking import talking_languages
from bottega.prices import price_written
from bottega.shop.listings.listing_facts import title_words
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.picture_seals import Sealed, opened_seal
from bottega.shop.pictures.shopper_files import SHARES
from bottega.shop.shop_name import shop_name
from bottega.store.shopper_pictures import PictureShare

__all__ = ["drop_expired", "revoke_shares", "share_picture", "shared", "shares_of"]

SHARES_MAX = 100
"""Links of one shopper that open at the same time."""
BYTES_MAX = 4_000_000
"""Largest picture that is shared."""
HOUR_MS = 3_600_000
TOKEN_MAX = 64


def share_picture(shop: OpenShop, request: ShareRequest) -> ShareAnswer:
    """PictureShare a picture and tell its link, this once.

    Raises `PictureUnknown`, and `RequestInvalid` for a picture that was not made here, that is too large, and for
    more than one shopper may share.
    """
    content, name, sealed = _picture(shop, request)
    if len(content) > BYTES_MAX:
        raise RequestInvalid(
            f"The picture has {len(content) / 1e6:.1f} MB.",
            allowed=f"Pictures up to {BYTES_MAX / 1e6:.0f} MB are shared.",
            next_step="Ask for a smaller one.",
        )
    now_ms = time.time_ns() // 1_000_000
    drop_expired(shop, now_ms)
    folder, shopper = shop.folder, shop.profile(request.shopper)
    if (there := folder.store.shares.count(shopper, now_ms)) >= SHARES_MAX:
        raise RequestInvalid(
            f"Shopper {shopper!r} shares {there} pictures.",
            allowed=f"One shopper may share {SHARES_MAX} at the same time.",
            next_step="Take some back: POST /v1/shares/remove.",
        )
    token, share_id = secrets.token_urlsafe(24), f"s-{secrets.token_hex(12)}"
    hours = shop.settings.share_hours if request.hours is None else request.hours
    share = PictureShare(
        picture_id=share_id,
        shopper=shopper,
        told_as=request.shopper,
        file=SHARES.keep(folder, share_id, content, name),
        made_by=sealed.made_by,
        product_ids=list(sealed.product_ids),
        time_ms=now_ms,
        expires_ms=now_ms + round(hours * HOUR_MS),
    )
    folder.store.shares.add(share, token)
    return ShareAnswer(**dict(_info(share)), path=f"/shared/{token}")


def shares_of(shop: OpenShop, request: SharesQuery) -> SharesAnswer:
    """What a shopper shares now."""
    shopper = shop.profile(request.shopper)
    found = shop.store.shares.of_shopper(shopper, time.time_ns() // 1_000_000)
    return SharesAnswer(shopper=shopper, shares=[_info(one) for one in found])


def revoke_shares(shop: OpenShop, request: SharesRemoval) -> SharesRemoved:
    """Take shares back, with their pictures: their links open nothing any more."""
    shopper = shop.profile(request.shopper)
    gone = shop.store.shares.remove(shopper, list(request.share_ids))
    SHARES.discard(shop.folder, (share.file for share in gone))
    return SharesRemoved(shopper=shopper, removed=[share.picture_id for share in gone])


def shared(shop: OpenShop, token: str, language: str = "") -> SharedPicture:
    """What a link shows at this moment, in a `language` that is asked for where the house has it, else the shop's own.

    Raises `ShareUnknown`, for a link that expired or never was one alike."""
    found = shop.store.shares.by_token(token, time.time_ns() // 1_000_000) if len(token) <= TOKEN_MAX else None
    content = None if found is None else SHARES.read(shop.folder, found.file)
    if found is None or content is None:
        raise ShareUnknown(
            "This link opens nothing.",
            allowed="A link opens a picture until it expires, or whoever shared it takes it back.",
            next_step="Ask whoever sent it for another one.",
        )
    products = shop.store.products.get(found.product_ids)
    if language not in talking_languages():
        language = title_words(shop.folder).language
    return SharedPicture(
        content=content,
        shop=shop_name(shop.folder),
        language=language,
        made_by=found.made_by,
        products=[_product(products[name], language) for name in found.product_ids if name in products],
        expires_ms=found.expires_ms,
    )


def drop_expired(shop: OpenShop, now_ms: int) -> int:
    """Delete shares whose links expired, with their pictures; returns how many."""
    gone = shop.store.shares.expire(now_ms)
    SHARES.discard(shop.folder, (share.file for share in gone))
    return len(gone)


def _picture(shop: OpenShop, request: ShareRequest) -> tuple[bytes, str, Sealed]:
    """The file to share, what messages call it, and what it says of itself."""
    if request.picture_id is not None and request.picture is None and request.seal is None:
        picture, content = closet_picture_of(shop, request.shopper, request.picture_id)
        if not picture.made_by:
            raise RequestInvalid(
                f"Picture {request.picture_id!r} is a photo of the shopper's own.",
                allowed="What is shared was made here: tried on, or dressed.",
                next_step="Try something on with it, and share that.",
            )
        return content, picture.file, Sealed(picture.made_by, tuple(picture.product_ids))
    if request.picture is None or request.seal is None or request.picture_id is not None:
        given = [name for name in ("picture", "seal", "picture_id") if getattr(request, name) is not None]
        raise RequestInvalid(
            f"The request has {' and '.join(given)}." if given else "The request has no picture.",
            allowed="It takes a picture with its seal, or the picture_id of one in the closet.",
            next_step="Send one of them.",
        )
    content = request.picture.content
    return content, request.picture.name, opened_seal(shop.secrets, content, request.seal)


def _info(share: PictureShare) -> ShareInfo:
    return ShareInfo(
        share_id=share.picture_id,
        product_ids=share.product_ids,
        time_ms=share.time_ms,
        expires_ms=share.expires_ms,
    )


def _product(product: Product, language: str) -> SharedProduct:
    return SharedProduct(
        product_id=product.id,
        title=product.title or product.id,
        price=price_written(product.price_minor, product.currency, language),
        url=product.url if product.url and is_web(product.url) else "",
    )
