"""Listen: what was said in a talk since a line, for the shopper whose it is. Notes stay the persons'."""

from __future__ import annotations

from bottega.actions.assistant.listen_shapes import HeardLine, HeardProduct, ListenAnswer, ListenRequest
from bottega.actions.visitors.own import own_name
from bottega.catalogue.product import Product
from bottega.errors import TalkUnknown
from bottega.names import LineBy, Owner
from bottega.shop.open_shop import OpenShop

__all__ = ["listen", "own_lines"]

_HEARD = {LineBy.SHOPPER: "shopper", LineBy.ASSISTANT: "assistant", LineBy.PERSON: "person"}


def listen(shop: OpenShop, request: ListenRequest) -> ListenAnswer:
    """The lines after one. Raises `TalkUnknown`, for the talk of somebody else as well."""
    talk = shop.store.talks.get(request.talk_id)
    asks = shop.profile(request.shopper) if request.shopper is not None else None
    if talk is None or (talk.shopper is not None and talk.shopper != asks):
        raise TalkUnknown.named(request.talk_id)
    lines = shop.store.talks.lines(talk.talk_id, after=request.after)
    ids = {one for line in lines for one in line.body.get("products", ())}
    with shop.floor() as floor:
        shelf = {one: product for one in ids if (product := floor.shelf.get(one)) is not None and not product.hidden}
    return ListenAnswer(
        owner=talk.owner.value,
        agent=talk.agent if talk.owner is Owner.PERSON else None,
        language=talk.language,
        lines=[
            HeardLine.model_validate(
                {
                    "number": line.number,
                    "by": _HEARD[line.by],
                    "name": line.name,
                    "text": line.text,
                    "products": [_shown(shelf[one]) for one in line.body.get("products", ()) if one in shelf],
                }
            )
            for line in lines
            if line.by in _HEARD
        ],
        next=max((line.number for line in lines), default=request.after),
    )


def own_lines(shop: OpenShop, request: ListenRequest) -> ListenRequest:
    """A visitor's own talk: whose it is, is who the browser may speak for. Raises `SignatureRefused`."""
    return request.model_copy(update={"shopper": own_name(shop, request) if request.shopper else None})


def _shown(product: Product) -> HeardProduct:
    return HeardProduct(
        product_id=product.id,
        title=product.title,
        price_minor=product.price_minor,
        currency=product.currency,
        availability=product.availability.value,
        image=next(iter(product.images), None),
        url=product.url,
    )
