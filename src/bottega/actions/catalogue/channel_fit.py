"""A product as a channel takes it: what is too long is cut at a word, and what the channel asks for is filled in.

Only feeds that a channel fetches are so; an export that is read back keeps every word. An id is never cut: another id
is another product to whoever counts clicks by it, so the channel says itself which ones it refuses.
"""

from __future__ import annotations

from dataclasses import dataclass

from bottega.catalogue.addresses import is_web
from bottega.catalogue.product import Product

__all__ = ["CHANNEL_LIMITS", "ChannelLimits", "fitted", "objections"]


@dataclass(frozen=True, slots=True)
class ChannelLimits:
    """What one channel takes."""

    id: int
    """Characters, as all texts here."""
    title: int
    description: int
    brand: int
    pictures: int
    """The first one, and further ones."""
    condition: str = ""
    """What stands for goods of which the shop does not say it; empty: nothing has to."""


CHANNEL_LIMITS = {
    "google": ChannelLimits(id=50, title=150, description=5000, brand=70, pictures=11),
    "meta": ChannelLimits(id=100, title=200, description=9999, brand=100, pictures=21, condition="new"),
}
"""As their specifications have it (support.google.com/merchants/answer/7052112; Meta's catalogue fields)."""


def fitted(product: Product, channel: str) -> Product:
    """The same product within a channel's limits; one without a description is described by its title.

    >>> fitted(Product(id="1", title="Oak lamp"), "meta").description
    'Oak lamp'
    """
    limits = CHANNEL_LIMITS[channel]
    attributes = product.attributes
    if limits.condition and "condition" not in attributes:
        attributes = {**attributes, "condition": (limits.condition,)}
    public = [image for image in product.images if is_web(image)]
    kept = {*public[: limits.pictures]}
    return product.model_copy(
        update={
            "title": _cut(product.title, limits.title),
            "description": _cut(product.description or product.title, limits.description),
            "brand": product.brand and _cut(product.brand, limits.brand),
            "images": tuple(image for image in product.images if image in kept or image not in public),
            "attributes": attributes,
        }
    )


def objections(product: Product, channel: str) -> list[str]:
    """Why a channel will refuse a product that was fitted; in words.

    >>> objections(Product(id="1", title="Oak lamp", price_minor=100, currency="EUR"), "google")
    ['no page that it leads to', 'no picture at an address']
    """
    limits = CHANNEL_LIMITS[channel]
    named = product.brand or product.attributes.get("mpn") or product.attributes.get("gtin")
    reasons = {
        "no page that it leads to": not product.url,
        "no picture at an address": not any(is_web(image) for image in product.images),
        "no price": product.price_minor is None or product.currency is None,
        f"an id of more than {limits.id} characters": len(product.id) > limits.id,
        f"a group id of more than {limits.id} characters": len(product.group_id or "") > limits.id,
        "no brand, number of its maker (mpn) or GTIN": channel == "meta" and not named,
    }
    return [reason for reason, holds in reasons.items() if holds]


def _cut(text: str, most: int) -> str:
    """At most so many characters, whole words where there are any.

    >>> _cut("Oak lamp for the desk", 12), _cut("Oaklampforthedesk", 8)
    ('Oak lamp for', 'Oaklampf')
    """
    if len(text) <= most:
        return text
    head = text[: most + 1]
    words = head.rpartition(" ")[0].rstrip(" ,;:-–")
    return words or text[:most]
