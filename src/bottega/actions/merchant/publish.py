"""Publish: put what a public storefront needs into the shop's settings. It counts once the server starts again."""

from __future__ import annotations

from pydantic import Field

from bottega.actions.running.settings import write_as_asked
from bottega.errors import RequestInvalid
from bottega.settings import load_settings
from bottega.shop.doors.acting import changing
from bottega.shop.open_shop import OpenShop
from bottega.shop.shape import Request, Shape

__all__ = ["AllowPageRequest", "PublishAnswer", "PublishRequest", "allow_page", "publish"]


class PublishRequest(Request):
    """Show the shop to everybody, or no longer."""

    public: bool = Field(default=True, description="False: the storefront is closed.")
    public_url: str | None = Field(default=None, description="Where shoppers reach it, as in https://shop.example.")
    shop_name: str | None = Field(default=None, description="What the shop is called.")
    storefront_language: str | None = Field(default=None, description="de, en, es, fr or it; empty: the catalogue's.")
    whatsapp: str | None = Field(default=None, description="The shop's number in WhatsApp; empty: none.")


class AllowPageRequest(Request):
    """Let the pages of one site call."""

    origin: str = Field(description="As in https://www.shop.example.")


class PublishAnswer(Shape):
    """What was written."""

    settings: list[str] = Field(description="Names of settings that are others now.")


def publish(shop: OpenShop, request: PublishRequest) -> PublishAnswer:
    """Write the settings. Raises `RequestInvalid` where one is not allowed, or no address is known."""
    root = shop.folder.root
    given = request.model_dump(exclude={"public"}, exclude_none=True)
    address = given.get("public_url", load_settings(root).public_url)
    if request.public and not address:
        raise RequestInvalid(
            "The storefront has no address.",
            allowed="Its pages name themselves, as in https://shop.example.",
            next_step="Say at which address shoppers will reach it.",
        )
    wanted = {**given, "storefront": "public" if request.public else False}
    with changing(shop.store, "publish", request):
        return PublishAnswer(settings=[name for name, value in wanted.items() if _write(shop, name, value)])


def allow_page(shop: OpenShop, request: AllowPageRequest) -> PublishAnswer:
    """Add an origin to `browser_origins`. Raises `RequestInvalid` where it is none."""
    there = load_settings(shop.folder.root).browser_origins
    origin = request.origin.strip().rstrip("/").lower()
    if origin in there:
        return PublishAnswer(settings=[])
    with changing(shop.store, "allow_page", request):
        _write(shop, "browser_origins", [*there, origin])
    return PublishAnswer(settings=["browser_origins"])


def _write(shop: OpenShop, name: str, value: str | bool | list[str]) -> bool:
    """Whether a setting is another now."""
    root = shop.folder.root
    before = getattr(load_settings(root), name)
    write_as_asked(root, name, value)
    return bool(getattr(load_settings(root), name) != before)
