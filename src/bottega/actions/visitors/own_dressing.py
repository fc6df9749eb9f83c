"""What a visitor may try on, dress and turn: for themselves, and as often in an hour as the shop lets through."""

from __future__ import annotations

import time
from typing import Any, Protocol, TypeVar

from bottega.actions.visitors.own import own_name
from bottega.errors import RateExceeded, RequestInvalid, VisitorRefused
from bottega.shop.open_shop import OpenShop

__all__ = ["own_dressing", "own_turn"]

_COSTLY = ("turn", "glb")
"""Fields of a dressed figure that ask for more than one picture."""
_ALLOWANCE = "dressing"
_SIDES = ("photo", "right", "back", "left", "glb")
"""What may be brought along to be turned."""


class _Dressing(Protocol):
    """A request for a picture on somebody."""

    @property
    def shopper(self) -> str | None: ...

    @property
    def shopper_signature(self) -> str | None: ...

    def model_copy(self, *, update: dict[str, Any]) -> Any: ...


class _Turning(Protocol):
    """A request to turn something."""

    @property
    def product_id(self) -> str | None: ...


_Asked = TypeVar("_Asked", bound=_Dressing)
_Turned = TypeVar("_Turned", bound=_Turning)


def own_dressing(shop: OpenShop, request: _Asked) -> _Asked:
    """A picture for the visitor who asks: what they try on counts for nobody else; see `own_list`.

    A figure that turns and a 3D file are not made for pages, and pictures only so many in an hour, lest pages take the
    shop's processors. Raises `VisitorRefused`, `SignatureRefused`, `RateExceeded`.
    """
    for name in _COSTLY:
        if getattr(request, name, False):
            raise VisitorRefused(
                f"A browser asked for {name}.",
                allowed="With a publishable key it is one picture.",
                next_step="Leave it out, or ask from the shop's server, with a secret key.",
            )
    found = request.model_copy(update={"shopper": own_name(shop, request) if request.shopper else None})
    _take(shop)
    return found  # type: ignore[no-any-return]  # the same shape


def own_turn(shop: OpenShop, request: _Turned) -> _Turned:
    """A product of the shop as it turns; nothing that a page brings along is turned. Raises as `own_dressing` does."""
    if request.product_id is None or any(getattr(request, side) is not None for side in _SIDES):
        raise RequestInvalid(
            "A browser asked to turn what is no product of the shop.",
            allowed="With a publishable key it is a product of the shop, named by product_id.",
            next_step="Name one, or ask from the shop's server, with a secret key.",
        )
    _take(shop)
    return request


def _take(shop: OpenShop) -> None:
    most = shop.settings.dressing_an_hour
    if not shop.folder.store.allowances.take(_ALLOWANCE, most, time.time_ns() // 1_000_000):
        raise RateExceeded(
            f"{most} pictures of the dressing room were made within this hour.",
            allowed=f"With a publishable key it is at most {most} (the setting dressing_an_hour).",
            next_step="Try again later.",
        )
