"""What a search's result may be narrowed by, and how many products each choice would leave."""

from __future__ import annotations

from collections.abc import Callable

from bottega.actions.search.shapes import Facet, FacetValue, SearchRequest
from bottega.catalogue.filter import Filter, PriceRange
from bottega.names import IntArray
from bottega.prices import exponent
from bottega.shop.floor import Floor
from bottega.shop.search.facets import PRICE, Counted, Counts, chosen_in, facets_of, without
from bottega.shop.search.found import FoundRows

__all__ = ["told_facets"]


def told_facets(
    floor: Floor, request: SearchRequest, found: FoundRows, among: Callable[[Filter | None], FoundRows]
) -> list[Facet]:
    """Counts over all that is all that was asked for; those of a field that is filtered by leave its own condition out,
    so that its other values can be seen. `among`: the same search under another filter."""
    wanted, loose = request.filter, dict[tuple[str, bool], IntArray]()
    chosen = chosen_in(wanted)
    if chosen:
        wide = wanted
        for name, is_attribute in chosen:
            wide = without(wide, name, is_attribute=is_attribute)
        every = among(wide)
        rows = every.rows[every.whole]
        for name, is_attribute in chosen:
            left = floor.shelf.allowed(without(wanted, name, is_attribute=is_attribute))[0]
            loose[name, is_attribute] = rows[left[rows]]
    digits = exponent(floor.settings.currency)
    return [_told(one) for one in facets_of(floor.shelf, found.rows[found.whole], wanted, loose, digits=digits)]


def _told(counts: Counts) -> Facet:
    return Facet(
        name=counts.name, attribute=counts.is_attribute, values=[_value(counts.name, one) for one in counts.values]
    )


def _value(name: str, counted: Counted) -> FacetValue:
    price = PriceRange(min=counted.low, max=counted.high) if name == PRICE else None
    return FacetValue(
        value=counted.value, label=counted.label, count=counted.count, chosen=counted.chosen, price_minor=price
    )
