"""What the dressing room does beside single pictures: what fits, whole catalogues, lookbooks, posts."""

from __future__ import annotations

from bottega.actions.verb import Kind, Verb
from bottega.names import Role

__all__ = ["VERBS"]

VERBS: tuple[Verb, ...] = (
    Verb(
        "fittings",
        Kind.ANSWER,
        "studio.dressing.fittings:fittings",
        "studio.dressing.fittings_shapes:FittingsRequest",
        "studio.dressing.fittings_shapes:Fittings",
        "What the dressing room can do with a product: try it on, show it on which fashion models, turn it.",
        route="GET /v1/studio/fittings",
        role=Role.READ,
        visitor="visitors.own:anybody",
        command="fittings",
        arguments=("product_id",),
    ),
    Verb(
        "dress_catalogue",
        Kind.JOB,
        "studio.dressing.dress_catalogue:dress_catalogue",
        "studio.dressing.catalogue_shapes:DressCatalogueRequest",
        "studio.dressing.catalogue_shapes:DressedCatalogue",
        "Suggest a picture on a fashion model for every product whose photo shows it lying.",
        later=True,
    ),
    Verb(
        "lookbook",
        Kind.JOB,
        "studio.lookbooks.lookbook:lookbook",
        "studio.lookbooks.shapes:LookbookRequest",
        "studio.lookbooks.shapes:Lookbook",
        "Make a lookbook: outfits that the shop's own data supports, on fashion models of varied body and skin.",
        command="lookbook",
        later=True,
    ),
    Verb(
        "list_lookbooks",
        Kind.ANSWER,
        "studio.lookbooks.lookbook:lookbooks",
        "studio.lookbooks.shapes:LookbooksQuery",
        "studio.lookbooks.shapes:LookbooksAnswer",
        "The lookbooks that there are, the newest first.",
        route="GET /v1/studio/lookbooks",
        role=Role.READ,
        command="lookbooks list",
    ),
    Verb(
        "remove_lookbook",
        Kind.WRITE,
        "studio.lookbooks.lookbook:take_out_lookbook",
        "studio.lookbooks.shapes:LookbookRemoval",
        "studio.lookbooks.shapes:LookbooksAnswer",
        "Delete a lookbook with its pictures.",
        route="POST /v1/studio/lookbooks/remove",
        role=Role.MANAGE,
        command="lookbooks remove",
        arguments=("lookbook",),
    ),
    Verb(
        "social_post",
        Kind.ANSWER,
        "studio.lookbooks.social_post:social_post",
        "studio.lookbooks.shapes:SocialPostRequest",
        "studio.lookbooks.shapes:SocialPost",
        "A post out of a lookbook: the picture in the shapes of networks, a caption of facts, hashtags.",
        route="POST /v1/studio/social-post",
        role=Role.READ,
        command="social-post",
        arguments=("lookbook", "look"),
    ),
)
