"""What a visitor may ask for themselves: a browser's request, with nobody in it but whom the browser may speak for.

A line of `verbs/` names one of these functions where a publishable key may ask for its verb; without a name the verb
is closed to such keys. Each returns the request as it is to be answered, or raises `VisitorRefused`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from bottega.actions.intake.shapes import RecordRequest
from bottega.actions.recommend.shapes import RecommendationRequest, SimilarRequest
from bottega.actions.search.shapes import PhotoSearchRequest, SearchRequest
from bottega.actions.studio.prints.shapes import CustomiseRequest, DesignRemoval, DesignRequest
from bottega.actions.wording.shapes import DescribeRequest
from bottega.errors import RateExceeded, RequestInvalid, SignatureRefused, VisitorRefused
from bottega.events.aliases import kind_of
from bottega.names import EventKind, id_text
from bottega.placeholders import names_nobody
from bottega.shop.doors.visitors import SIGNATURE, check_signature, is_visitor
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Shape

__all__ = ["anybody", "own_design", "own_events", "own_list", "own_name", "own_search", "own_texts"]

_Asked = TypeVar("_Asked", bound=Shape)
_AnyDesign = CustomiseRequest | DesignRequest | DesignRemoval
_Design = TypeVar("_Design", CustomiseRequest, DesignRequest, DesignRemoval)
_Search = TypeVar("_Search", SearchRequest, PhotoSearchRequest, SimilarRequest)
_BROWSER_IDS = ("anonymous_id", "session_id")
_SHOPPER_IDS = ("shopper_id", "user_id")
"""Under the name of now, and under the old one that events still take."""
_SIGNATURE = "shopper_signature"
_NAMES_OF_DEEDS = ("event_id", "order_id")
"""Kept under the visitor's own id, so that nobody takes the place of somebody else's event or order."""
DESIGNS_MOST = 50
"""Designs of one visitor that wait to be ordered."""
TEXTS_MOST = 20
"""Products whose texts a browser may ask for at once."""
_TRAITS = ("consent", "consent_source")
"""What a browser may say of its visitor."""


def anybody(shop: OpenShop, request: _Asked) -> _Asked:
    """A request that names nobody: the same for every visitor."""
    return request


def own_list(shop: OpenShop, request: RecommendationRequest) -> RecommendationRequest:
    """A list for the visitor who asks.

    A visitor's id that was joined to a shopper at a log-in is as good as none: only the signature brings their history
    back, so that the next person at that computer does not see it.
    """
    session = request.session_id
    if session is not None:
        _check_browsers("session_id", session)
        session = _unjoined(shop, session)
    return request.model_copy(update={"shopper": own_name(shop, request), "session_id": session})


def own_search(shop: OpenShop, request: _Search) -> _Search:
    """A search, or what is like a product, for nobody but the visitor who asks; see `own_list`."""
    return request.model_copy(update={"shopper": own_name(shop, request)}) if request.shopper else request


def own_texts(shop: OpenShop, request: DescribeRequest) -> DescribeRequest:
    """Texts of a few products as everybody may see them, for nobody but the visitor who asks; see `own_list`."""
    if request.all or request.rephrase or len(request.product_ids) > TEXTS_MOST:
        asked = "all" if request.all else "rephrase" if request.rephrase else f"{len(request.product_ids)} product_ids"
        raise VisitorRefused(
            f"A browser asked for texts with {asked}.",
            allowed=f"With a publishable key it is at most {TEXTS_MOST} product_ids, without all and rephrase.",
            next_step="Ask for fewer, or from the shop's server, with a secret key.",
        )
    own = {"shopper": own_name(shop, request)} if request.shopper else {}
    return request.model_copy(update={"public": True, **own})


def own_design(shop: OpenShop, request: _Design) -> _Design:
    """A design of the visitor who asks, under their own name: nobody sees or moves another's; see `own_list`.

    A visitor may have few that wait, and all visitors together some in an hour, lest a page fill the shop's disk.
    Raises `RequestInvalid` where nobody is named, and `RateExceeded`.
    """
    name = own_name(shop, request) if request.shopper else None
    if name is None:
        raise RequestInvalid(
            "A browser asked for a design and named nobody, or somebody who was logged in before.",
            allowed="A design is its visitor's: `shopper` is the visitor's id, or a shopper id with its signature.",
            next_step="Send the visitor's id that the pixel made, or have the shop's server sign the shopper id.",
        )
    if isinstance(request, CustomiseRequest) and request.design_id is None:
        _check_designs(shop, name)
    return request.model_copy(update={"shopper": name})


def _check_designs(shop: OpenShop, name: str) -> None:
    waiting = shop.folder.store.designs.count(shop.profile(name))
    if waiting >= DESIGNS_MOST:
        raise RateExceeded(
            f"This visitor has {waiting} designs.",
            allowed=f"With a publishable key it is at most {DESIGNS_MOST}.",
            next_step="Take some out first: POST /v1/studio/designs/remove.",
        )
    hour_ago_ms = time.time_ns() // 1_000_000 - 3_600_000
    made = shop.folder.store.designs.made_since(hour_ago_ms)
    if made >= (most := shop.settings.designs_an_hour):
        raise RateExceeded(
            f"{made} designs were made within the last hour.",
            allowed=f"With a publishable key no more are made beyond {most} an hour (the setting designs_an_hour).",
            next_step="Try again later.",
        )


class _Signed(Protocol):
    """A request that names whom it is for."""

    @property
    def shopper(self) -> str | None: ...

    @property
    def shopper_signature(self) -> str | None: ...


def own_name(shop: OpenShop, request: _Signed) -> str | None:
    """Whom a browser's request may be for. Raises `SignatureRefused`."""
    shopper = request.shopper
    if shopper is None or is_visitor(shopper):
        return None if shopper is None else _unjoined(shop, shopper)
    check_signature(shopper, request.shopper_signature, shop.secrets.of(SIGNATURE))
    return shopper


def _unjoined(shop: OpenShop, name: str) -> str | None:
    return name if shop.known_profile(name) in (None, name) else None


def own_events(shop: OpenShop, request: RecordRequest) -> RecordRequest:
    """What the visitor did. One row that speaks for somebody else refuses them all: a post is one browser's."""
    secrets = shop.secrets.of(SIGNATURE)
    rows = [_own_row(row, secrets) if isinstance(row, Mapping) else row for row in request.events]
    return request.model_copy(update={"events": rows})


def _own_row(row: Mapping[str, Any], secrets: tuple[str, ...]) -> dict[str, Any]:
    fields = dict(row)
    signature = fields.pop(_SIGNATURE, None)
    owner = ""
    for name in _SHOPPER_IDS:
        if (shopper := _said(fields, name)) is not None:
            if is_visitor(shopper):
                raise SignatureRefused(
                    f"The shopper id {shopper!r} has the form of a visitor's id.",
                    allowed="What a browser made is an anonymous_id.",
                    next_step="Send it as anonymous_id.",
                )
            check_signature(shopper, signature, secrets)
            owner = shopper
    for name in reversed(_BROWSER_IDS):
        if (own := _said(fields, name)) is not None:
            _check_browsers(name, own)
            owner = own
    for name in _NAMES_OF_DEEDS:
        if (named := _said(fields, name)) is None:
            continue
        if not owner:
            del fields[name]  # an order would stand for whoever made it
        elif not named.startswith(f"{owner}:"):
            fields[name] = f"{owner}:{named}"
    if isinstance(kind := fields.get("kind"), str) and kind_of(kind) is EventKind.REFUND:
        raise VisitorRefused(
            "A browser posted a refund.",
            allowed="What was given back is for the shop to say.",
            next_step="Let the shop's server post it, with a secret key, or a webhook (docs/webhooks.md).",
        )
    _check_traits(fields.get("traits"))
    return fields


def _said(fields: dict[str, Any], name: str) -> str | None:
    """The id in a field as the text that will be stored, put there; None where it names nobody, or is no id at all."""
    text = id_text(fields.get(name))
    if not isinstance(text, str) or names_nobody(text):
        return None
    fields[name] = text = text.strip()
    return text


def _check_browsers(name: str, own: str) -> None:
    if not is_visitor(own):
        raise VisitorRefused(
            f"The {name} {own!r} may be anybody's.",
            allowed="An id that a browser made is v- and 16 to 100 letters, digits, _ or - at random.",
            next_step="Send such an id, as the pixel makes it (docs/keys.md).",
        )


def _check_traits(traits: object) -> None:
    if isinstance(traits, Mapping) and (more := sorted(str(name) for name in traits if name not in _TRAITS)):
        raise VisitorRefused(
            f"The traits hold {more[0]!r}.",
            allowed=f"With a publishable key they may hold {' and '.join(_TRAITS)}.",
            next_step="Let the shop's server tell the rest, with a secret key (docs/shoppers.md).",
        )
