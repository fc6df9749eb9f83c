"""What the HTTP door hands to the console with each request: the shop, whose session it is, what the log calls it."""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request
from starlette.types import Scope

from bottega.serving.shop_pictures import ShopPictures
from bottega.shop.open_shop import OpenShop

__all__ = ["ASKED", "COUNTED_WEBHOOKS", "HOME", "ConsoleAsked", "asked_of", "in_console", "path_of"]

HOME = "/console"
"""The first page."""
COUNTED_WEBHOOKS = "bottega_webhooks"
"""In a request's scope: what tells, by platform and result, how many webhooks came since the server's start."""
ASKED = "bottega_console"
"""Where in a request's scope it stands."""


class ConsoleAsked(NamedTuple):
    """One request to the console."""

    shop: OpenShop
    token: str
    """Of the session; empty where nobody is logged in."""
    request_id: str
    pictures: ShopPictures


def asked_of(request: Request) -> ConsoleAsked:
    """What the door handed over with a request."""
    found: ConsoleAsked = request.scope[ASKED]
    return found


def path_of(scope: Scope) -> str:
    """The path of a request as the shop's routes know it, without what stands before it on this server."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path[len(root) :] if root and path.startswith(f"{root}/") else path


def in_console(scope: Scope) -> bool:
    """Whether a request is for the console."""
    path = path_of(scope)
    return path == HOME or path.startswith(f"{HOME}/")
