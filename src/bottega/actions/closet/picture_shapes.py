"""What kept pictures and shares are asked, and what they answer: the shapes of the API, shared by every door."""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated, ClassVar

from pydantic import Field, field_serializer

from bottega.catalogue.filter import Id, Somebody
from bottega.shop.shape import Request, Shape, Upload

__all__ = [
    "ClosetPictureAnswer",
    "ClosetPictureInfo",
    "ClosetPicturesAnswer",
    "ClosetPicturesQuery",
    "ClosetPicturesRemoval",
    "ClosetPicturesRemoved",
    "KeepPictureRequest",
    "ShareAnswer",
    "ShareInfo",
    "ShareRequest",
    "SharedPicture",
    "SharedProduct",
    "SharesAnswer",
    "SharesQuery",
    "SharesRemoval",
    "SharesRemoved",
    "ShowPictureRequest",
]

SIGNED = "What the shop's server says of this shopper; needed with a publishable key (docs/keys.md)."
HOURS_MAX = 720
_PictureId = Annotated[Id, Field(max_length=64)]
_SEAL = "What came beside the picture; it says what made it and what is worn on it."


class _Own(Request):
    """Whose it is."""

    shopper: Somebody = Field(description="Whose it is; an anonymous id until log-in.")
    shopper_signature: str | None = Field(default=None, max_length=200, description=SIGNED)


class KeepPictureRequest(_Own):
    """A photo of the shopper's own, or a picture made here, to keep in the closet."""

    FILES: ClassVar = ("picture",)

    picture: Upload = Field(description="The picture file, as it came.")
    seal: str | None = Field(default=None, max_length=20_000, description=f"{_SEAL} Absent for a photo of their own.")


class ClosetPicturesQuery(_Own):
    """The pictures of one closet."""

    EXAMPLES: ClassVar = {"Ana's": {"shopper": "ana"}}


class ClosetPictureInfo(Shape):
    """One kept picture."""

    picture_id: str
    made_by: str = Field(description="What made it, as in `try_on`; empty for a photo of their own.")
    product_ids: list[str] = Field(description="What is worn on it.")
    time_ms: int = Field(description="When it was kept, UTC.")


class ClosetPicturesAnswer(Shape):
    """Kept pictures, the newest first."""

    shopper: str
    pictures: list[ClosetPictureInfo]


class ShowPictureRequest(_Own):
    """One kept picture."""

    EXAMPLES: ClassVar = {"One picture": {"shopper": "ana", "picture_id": "p-0123456789abcdef01234567"}}

    picture_id: _PictureId = Field(description="A picture of that closet.")


class ClosetPictureAnswer(ClosetPictureInfo):
    """One kept picture with its file."""

    content: bytes = Field(repr=False, description="The file, in base64.")

    @field_serializer("content")
    def _base64(self, content: bytes) -> str:
        return b64encode(content).decode()


class ClosetPicturesRemoval(_Own):
    """Pictures to take out of a closet."""

    EXAMPLES: ClassVar = {"One picture": {"shopper": "ana", "picture_ids": ["p-0123456789abcdef01234567"]}}

    picture_ids: list[_PictureId] = Field(min_length=1, max_length=500, description="Pictures of that closet.")


class ClosetPicturesRemoved(Shape):
    """What was taken out."""

    shopper: str
    removed: list[str] = Field(description="Pictures that went, with their files.")


class ShareRequest(_Own):
    """A picture made here, to show to friends for a while."""

    FILES: ClassVar = ("picture",)

    picture: Upload | None = Field(default=None, description="The picture file, as it came.")
    seal: str | None = Field(default=None, max_length=20_000, description=_SEAL)
    picture_id: _PictureId | None = Field(
        default=None, description="A picture of their closet, in place of a file and its seal."
    )
    hours: float | None = Field(
        default=None, gt=0, le=HOURS_MAX, description="Until the link expires; the setting `share_hours` where absent."
    )


class ShareInfo(Shape):
    """One share."""

    share_id: str = Field(description="What it is taken back by; it opens nothing.")
    product_ids: list[str] = Field(description="What is worn on the picture.")
    time_ms: int = Field(description="When it was made, UTC.")
    expires_ms: int = Field(description="When the link expires, UTC.")


class ShareAnswer(ShareInfo):
    """A share with its link, which is told this once."""

    path: str = Field(description="The page on this server, as in `/shared/...`; whoever has it sees the picture.")


class SharesQuery(_Own):
    """What one shopper shares."""

    EXAMPLES: ClassVar = {"Ana's": {"shopper": "ana"}}


class SharesAnswer(Shape):
    """Shares whose links still open, the newest first."""

    shopper: str
    shares: list[ShareInfo]


class SharesRemoval(_Own):
    """Shares to take back."""

    EXAMPLES: ClassVar = {"One share": {"shopper": "ana", "share_ids": ["s-0123456789abcdef01234567"]}}

    share_ids: list[_PictureId] = Field(min_length=1, max_length=500, description="Shares of that shopper.")


class SharesRemoved(Shape):
    """What was taken back."""

    shopper: str
    removed: list[str] = Field(description="Shares whose links open nothing from now on; their pictures are deleted.")


class SharedProduct(Shape):
    """A product on a shared picture, as it is sold now."""

    product_id: str
    title: str
    price: str = Field(description="As people write it; empty where there is none.")
    url: str = Field(description="Its page in the shop; empty where the shop names none.")


class SharedPicture(Shape):
    """What a link shows."""

    content: bytes = Field(repr=False)
    shop: str = Field(description="The shop's name.")
    language: str
    made_by: str
    products: list[SharedProduct]
    expires_ms: int
