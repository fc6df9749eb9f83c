"""Reviews as JSON: an object a line, an array, or an answer of the APIs of Judge.me, Yotpo and WooCommerce."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bottega.reviews.checking import RawReview, Reading
from bottega.reviews.columns import ALIASES, PRODUCT_FIELDS, field_of
from bottega.sources.columns import name_of
from bottega.sources.json_rows import first_row, json_rows, text_of
from bottega.sources.source import Source

__all__ = ["JsonReviews", "raw_review"]

_INSIDE = ("reviews", "response", "data", "items", "edges", "results")
_PERSONS = ("reviewer", "user", "author", "customer")
_PERSON_KEYS = {"external_id": "shopper", "id": "shopper", "email": "email", "user_id": "shopper"}
_PRODUCT_KEYS = {"id": "product_id", "external_id": "product_external_id", "sku": "sku", "handle": "product_handle"}


class JsonReviews:
    """Reads objects by the names of their keys; what a reviewer and a product are may be objects of their own."""

    name = "jsonl"
    describe = "JSON, one review a line or an array: the fields of the CSV header, or as review apps answer"

    def recognises(self, source: Source) -> float:
        """Sure when the first object has words or stars, and a product."""
        fields = set(_fields(first_row(source, _INSIDE), {}, {}))
        if not fields & {"text", "rating", "title"}:
            return 0.0
        return 0.9 if fields & set(PRODUCT_FIELDS) else 0.3

    def read(self, reading: Reading) -> Iterator[RawReview]:
        """Objects by field."""
        unused: dict[str, None] = {}
        said = {column: field for field, column in reading.columns.items()}
        for place, row in json_rows(reading, item="review ", inside=_INSIDE):
            called: dict[str, str] = {}
            yield RawReview(place, _fields(row, said, unused, called), called=called)
        reading.unused_columns = list(unused)


def raw_review(place: int | str, row: Mapping[str, Any]) -> RawReview:
    """One object by field."""
    called: dict[str, str] = {}
    return RawReview(place, _fields(row, {}, {}, called), called=called)


def _fields(
    row: Mapping[str, Any], said: Mapping[str, str], unused: dict[str, None], called: dict[str, str] | None = None
) -> dict[str, str]:
    found: dict[str, tuple[int, str]] = {}

    def put(field: str, rank: int, value: Any, key: str) -> None:
        text = str(value).lower() if isinstance(value, bool) else text_of(value)
        if text is not None and (field not in found or rank < found[field][0]):
            found[field] = rank, text
            if called is not None:
                called[field] = key

    for key, value in row.items():
        plain = name_of(key)
        if isinstance(value, Mapping):
            known = _PERSON_KEYS if plain in _PERSONS else _PRODUCT_KEYS if plain == "product" else {}
            for rank, (inner, field) in enumerate(known.items()):
                if inner in value:
                    put(field, rank, value[inner], f"{key}.{inner}")
            if not known:
                unused[key] = None
            continue
        means = said.get(key) or field_of(key)
        if means is None:
            unused[key] = None
        else:
            rank = -1 if key in said else ALIASES[means].index(plain)
            put(means, rank, value, key)
    return {field: text for field, (_, text) in found.items()}
