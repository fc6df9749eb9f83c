"""A shopper's own order: hits about as good as one another stand as this shopper is drawn to them.

What is found, and in which band, is the same for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

from bottega.actions.search.shapes import PersonalOrder, SearchRequest
from bottega.errors import RequestInvalid
from bottega.models.recommend.answering.member import Asked
from bottega.names import FloatArray, LongArray
from bottega.shop.floor import Floor
from bottega.shop.open_shop import OpenShop
from bottega.shop.search.found import FoundRows

__all__ = ["Ordered", "ordered"]


@dataclass(frozen=True, slots=True)
class Ordered:
    """Places of what was found, in order; the first `total` are all that was asked for."""

    places: LongArray
    total: int
    anybodys: LongArray
    """The places as they are for everybody."""
    order: PersonalOrder | None
    """Whose order it is; None where none was asked for."""

    def told(self, start: int, end: int) -> PersonalOrder | None:
        """Whose order it is, with how many of a page's products stand elsewhere."""
        if self.order is None:
            return None
        moved = int((self.places[start:end] != self.anybodys[start:end]).sum())
        return self.order.model_copy(update={"moved": moved})


def ordered(shop: OpenShop, floor: Floor, request: SearchRequest, found: FoundRows) -> Ordered:
    """What was found, in the order asked for. Raises `RequestInvalid` where a personal order is nobody's."""
    places, total = found.ordered(floor.shelf, request.sort)
    if not request.personal:
        return Ordered(places, total, places, None)
    if "shopper" not in request.model_fields_set:
        raise RequestInvalid(
            "Field personal is true and field shopper is missing.",
            allowed="An order of their own is that of a shopper id, or of the anonymous id until log-in.",
            next_step="Send shopper, or leave personal out.",
        )
    drawn, told = _drawn(shop, floor, request.shopper, found)
    own = places if drawn is None else found.ordered(floor.shelf, request.sort, drawn=drawn)[0]
    return Ordered(own, total, places, told)


def _drawn(
    shop: OpenShop, floor: Floor, shopper: str | None, found: FoundRows
) -> tuple[FloatArray | None, PersonalOrder]:
    """How much the shopper is drawn to each of the products found, and on what that rests."""
    if shopper is None:
        return None, PersonalOrder(shopper=None, basis="nothing known", events_known=0, moved=0)
    name = shop.profile(shopper)
    if not shop.consents.personal(name):
        return None, PersonalOrder(shopper=name, basis="no consent", events_known=0, moved=0)
    history, declared = floor.past(name).history, floor.declared(name)
    drawn = floor.tastes.drawn(Asked.of(history), declared, floor.shelf.item[found.rows])
    return drawn, PersonalOrder(
        shopper=name,
        basis="events" if history.n_events else "declared" if declared else "nothing known",
        events_known=history.n_events,
        moved=0,
    )
