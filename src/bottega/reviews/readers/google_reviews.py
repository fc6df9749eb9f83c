"""Google's product reviews feed: XML of the schema product_reviews 2.x.

Every review says its own scale (`overall min max`); what is for and against stands beside the words. A review of
several products is one review of each. `deleted_reviews` names those that were taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from bottega.reviews.checking import RawReview, Reading
from bottega.reviews.ratings import Scale
from bottega.sources.source import Source
from bottega.sources.xml import local_name, xml_items

__all__ = ["GoogleReviews"]

_PRODUCT = {"sku": "sku", "gtin": "gtin", "mpn": "mpn", "product_url": "product_url"}
_PLAIN = {
    "review_id": "review_id",
    "review_timestamp": "time",
    "title": "title",
    "review_language": "language",
    "is_spam": "spam",
    "is_verified_purchase": "verified",
}


class GoogleReviews:
    """Reads <review> elements, a row for each product they are about."""

    name = "google"
    describe = "Google product reviews XML"

    def recognises(self, source: Source) -> float:
        """Sure when reviews with their ids stand in XML."""
        head = source.head
        if not head.lstrip("\ufeff \t\r\n").startswith("<"):
            return 0.0
        if "product_reviews.xsd" in head or ("<review" in head and "<review_id" in head):
            return 0.95
        return 0.3 if "<reviews" in head else 0.0

    def read(self, reading: Reading) -> Iterator[RawReview]:
        """Rows by field."""
        for place, element in xml_items(reading, ("review",), also=("deleted_reviews",)):
            if not place:
                reading.deleted += [_text(one) for one in element.iter() if local_name(one.tag) == "review_id"]
                continue
            yield from _rows(place, element)


def _rows(place: str, element: Element) -> Iterator[RawReview]:
    fields: dict[str, str] = {}
    scale: Scale | None = None
    products: list[dict[str, str]] = []
    aside: list[str] = []
    for one in element:
        tag = local_name(one.tag)
        if tag in _PLAIN:
            fields[_PLAIN[tag]] = _text(one)
        elif tag == "content":
            fields["text"] = _text(one)
        elif tag in ("pros", "cons"):
            said = [_text(part) for part in one if _text(part)] or ([_text(one)] if _text(one) else [])
            aside += [f"{'+' if tag == 'pros' else '-'} {part}" for part in said]
        elif tag == "reviewer":
            inner = {local_name(part.tag): _text(part) for part in one}
            if inner.get("reviewer_id"):
                fields["shopper"] = inner["reviewer_id"]
        elif tag == "ratings":
            overall = next((part for part in one if local_name(part.tag) == "overall"), None)
            if overall is not None:
                fields["rating"], scale = _text(overall), _scale(overall)
        elif tag == "products":
            products += [_product(part) for part in one if local_name(part.tag) == "product"]
    if aside:
        fields["text"] = "\n".join([fields.get("text", ""), *aside]).strip()
    for number, product in enumerate(products or [{}], start=1):
        own = fields | product
        if number > 1 and fields.get("review_id"):
            own["review_id"] = f"{fields['review_id']}#{number}"
        yield RawReview(place, own, scale)


def _product(element: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in element.iter():
        field = _PRODUCT.get(local_name(one.tag))
        if field and _text(one):
            found.setdefault(field, _text(one))
    return found


def _scale(overall: Element) -> Scale | None:
    try:
        least, most = float(overall.get("min", "1")), float(overall.get("max", "5"))
    except ValueError:
        return None
    return Scale(most, least) if most > least else None


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()
