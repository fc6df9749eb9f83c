"""What shoppers keep and show of themselves: pictures in their closets, and links for friends."""

from __future__ import annotations

from bottega.actions.verb import Kind, Verb

__all__ = ["VERBS"]

VERBS: tuple[Verb, ...] = (
    Verb(
        "keep_closet_picture",
        Kind.WRITE,
        "closet.kept_pictures:keep_picture",
        "closet.picture_shapes:KeepPictureRequest",
        "closet.picture_shapes:ClosetPictureInfo",
        "Keep a photo of the shopper's own, or a picture that was made here, in their closet.",
        route="POST /v1/closet/pictures",
        visitor="visitors.own_pictures:own_picture",
    ),
    Verb(
        "list_closet_pictures",
        Kind.ANSWER,
        "closet.kept_pictures:kept_pictures",
        "closet.picture_shapes:ClosetPicturesQuery",
        "closet.picture_shapes:ClosetPicturesAnswer",
        "The pictures that a shopper keeps, the newest first.",
        route="POST /v1/closet/pictures/query",
        visitor="visitors.own_pictures:own_picture",
        command="closet pictures",
        arguments=("shopper",),
    ),
    Verb(
        "show_closet_picture",
        Kind.ANSWER,
        "closet.kept_pictures:show_picture",
        "closet.picture_shapes:ShowPictureRequest",
        "closet.picture_shapes:ClosetPictureAnswer",
        "One kept picture with its file.",
        route="POST /v1/closet/pictures/show",
        visitor="visitors.own_pictures:own_picture",
    ),
    Verb(
        "remove_closet_pictures",
        Kind.WRITE,
        "closet.kept_pictures:remove_pictures",
        "closet.picture_shapes:ClosetPicturesRemoval",
        "closet.picture_shapes:ClosetPicturesRemoved",
        "Take kept pictures out of a closet, with their files.",
        route="POST /v1/closet/pictures/remove",
        visitor="visitors.own_pictures:own_picture",
        command="closet remove-pictures",
        arguments=("shopper", "picture_ids"),
    ),
    Verb(
        "share_picture",
        Kind.WRITE,
        "closet.shares:share_picture",
        "closet.picture_shapes:ShareRequest",
        "closet.picture_shapes:ShareAnswer",
        "A link by which friends see a picture that was made here, until it expires.",
        route="POST /v1/shares",
        visitor="visitors.own_pictures:own_picture",
    ),
    Verb(
        "list_shares",
        Kind.ANSWER,
        "closet.shares:shares_of",
        "closet.picture_shapes:SharesQuery",
        "closet.picture_shapes:SharesAnswer",
        "What a shopper shares now; the links themselves were told once.",
        route="POST /v1/shares/query",
        visitor="visitors.own_pictures:own_picture",
        command="shares list",
        arguments=("shopper",),
    ),
    Verb(
        "revoke_shares",
        Kind.WRITE,
        "closet.shares:revoke_shares",
        "closet.picture_shapes:SharesRemoval",
        "closet.picture_shapes:SharesRemoved",
        "Take shares back, with their pictures: the links open nothing any more.",
        route="POST /v1/shares/remove",
        visitor="visitors.own_pictures:own_picture",
        command="shares remove",
        arguments=("shopper", "share_ids"),
    ),
)
