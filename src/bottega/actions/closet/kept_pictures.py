"""Pictures in a closet: a photo of the shopper's own, or one that was made of it, kept because they asked.

Nothing comes here by itself: a photo that somebody tried something on with is gone when the answer is given.
"""

from __future__ import annotations

import secrets
import time

from bottega.actions.closet.picture_shapes import (
    ClosetPictureAnswer,
    ClosetPictureInfo,
    ClosetPicturesAnswer,
    ClosetPicturesQuery,
    ClosetPicturesRemoval,
    ClosetPicturesRemoved,
    KeepPictureRequest,
    ShowPictureRequest,
)
from bottega.errors import PictureUnknown, RequestInvalid
from bottega.shop.open_shop import OpenShop
from bottega.shop.pictures.picture_seals import opened_seal
from bottega.shop.pictures.shopper_files import CLOSET_PICTURES
from bottega.shop.pictures.uploads import check_size
from bottega.store.shopper_pictures import ClosetPicture

__all__ = ["closet_picture_of", "keep_picture", "kept_pictures", "remove_pictures", "show_picture"]

PICTURES_MAX = 200
"""Pictures that one closet keeps."""


def keep_picture(shop: OpenShop, request: KeepPictureRequest) -> ClosetPictureInfo:
    """Keep a picture, without its metadata but for what says that it was made.

    Raises `PhotoRefused`, and `RequestInvalid` for a seal of another picture and where the closet is full.
    """
    content, name = request.picture.content, request.picture.name
    check_size(len(content), name)
    sealed = None if request.seal is None else opened_seal(shop.secrets, content, request.seal)
    folder, shopper = shop.folder, shop.profile(request.shopper)
    if (there := folder.store.closet_pictures.count(shopper)) >= PICTURES_MAX:
        raise RequestInvalid(
            f"The closet of {shopper!r} keeps {there} pictures.",
            allowed=f"It is at most {PICTURES_MAX}.",
            next_step="Take some out: POST /v1/closet/pictures/remove.",
        )
    picture_id = f"p-{secrets.token_hex(12)}"
    picture = ClosetPicture(
        picture_id=picture_id,
        shopper=shopper,
        told_as=request.shopper,
        file=CLOSET_PICTURES.keep(folder, picture_id, content, name),
        made_by=sealed.made_by if sealed else "",
        product_ids=list(sealed.product_ids) if sealed else [],
        time_ms=time.time_ns() // 1_000_000,
    )
    folder.store.closet_pictures.add(picture)
    return _info(picture)


def kept_pictures(shop: OpenShop, request: ClosetPicturesQuery) -> ClosetPicturesAnswer:
    """The pictures that a shopper keeps; none for a stranger."""
    shopper = shop.profile(request.shopper)
    found = shop.store.closet_pictures.of_shopper(shopper)
    return ClosetPicturesAnswer(shopper=shopper, pictures=[_info(one) for one in found])


def show_picture(shop: OpenShop, request: ShowPictureRequest) -> ClosetPictureAnswer:
    """One of them with its file. Raises `PictureUnknown`."""
    picture, content = closet_picture_of(shop, request.shopper, request.picture_id)
    return ClosetPictureAnswer(**dict(_info(picture)), content=content)


def remove_pictures(shop: OpenShop, request: ClosetPicturesRemoval) -> ClosetPicturesRemoved:
    """Take pictures out, with their files. Ids of other closets do nothing."""
    shopper = shop.profile(request.shopper)
    gone = shop.store.closet_pictures.remove(shopper, list(request.picture_ids))
    CLOSET_PICTURES.discard(shop.folder, (picture.file for picture in gone))
    return ClosetPicturesRemoved(shopper=shopper, removed=[picture.picture_id for picture in gone])


def closet_picture_of(shop: OpenShop, name: str, picture_id: str) -> tuple[ClosetPicture, bytes]:
    """A picture of somebody's closet and its file; another closet's is as good as none. Raises `PictureUnknown`."""
    picture = shop.store.closet_pictures.get(picture_id)
    content = None
    if picture is not None and picture.shopper == shop.profile(name):
        content = CLOSET_PICTURES.read(shop.folder, picture.file)
    if picture is None or content is None:
        raise PictureUnknown(
            f"The closet has no picture {picture_id[:80]!r}.",
            allowed="A picture is in the closet of the shopper who kept it, until they take it out.",
            next_step="POST /v1/closet/pictures/query shows what there is.",
        )
    return picture, content


def _info(picture: ClosetPicture) -> ClosetPictureInfo:
    return ClosetPictureInfo(
        picture_id=picture.picture_id,
        made_by=picture.made_by,
        product_ids=picture.product_ids,
        time_ms=picture.time_ms,
    )
