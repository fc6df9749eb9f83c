"""What readers of shop platforms' JSON share: where the products are, and values that come in several shapes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from bottega.catalogue.product import Product
from bottega.catalogue.readers.base import Reading
from bottega.catalogue.readers.columns.mapping import Listed
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.fields.amounts import text_of
from bottega.sources.json_rows import first_row, json_rows
from bottega.sources.source import Source

__all__ = [
    "INSIDE",
    "cells_of",
    "finish_all",
    "first_product",
    "flat_cells",
    "listed",
    "names_in",
    "products_in",
    "texts_of",
]

INSIDE = ("products", "product", "data", "nodes", "edges", "items", "results", "result", "response", "body")
"""Keys that shop platforms put around their products."""
_first: WeakKeyDictionary[Source, dict[str, Any]] = WeakKeyDictionary()


def first_product(source: Source) -> dict[str, Any]:
    """The first object of a JSON source; empty when it is none. Every reader asks, so the answer is remembered."""
    if source not in _first:
        _first[source] = first_row(source, INSIDE)
    return _first[source]


def products_in(reading: Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    """Place and object of every product."""
    return json_rows(reading, item="item ", inside=INSIDE)


def listed(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, however it is wrapped: plain, {"nodes": [...]} or {"edges": [{"node": ...}]}.

    >>> listed([{"a": 1}, 2]), listed({"edges": [{"node": {"a": 1}}]}), listed(None)
    ([{'a': 1}], [{'a': 1}], [])
    """
    if isinstance(value, dict):
        value = value.get("nodes") or [edge.get("node") for edge in listed(value.get("edges"))]
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def texts_of(value: Any, mark: str = ",") -> list[str]:
    """Texts of a list, or of one text with a mark between them."""
    if isinstance(value, list):
        return [text for entry in value if (text := text_of(entry).strip())]
    return [part.strip() for part in text_of(value).split(mark) if part.strip()]


def names_in(value: Any) -> list[str]:
    """Names of a list of objects, or the texts of a list of texts.

    >>> names_in([{"name": "Shirts"}, {"id": 3}]), names_in(["a", "b"])
    (['Shirts'], ['a', 'b'])
    """
    if isinstance(value, list):
        found = [text_of(entry.get("name") if isinstance(entry, dict) else entry).strip() for entry in value]
        return [name for name in found if name]
    return texts_of(value)


def finish_all(drafts: Iterable[Draft], value: dict[str, Any], reading: Reading) -> Iterator[Product]:
    """Products of the drafts that an object gave, with its fields as cells where `--map` names some."""
    cells = cells_of(value, reading)
    for draft in drafts:
        draft.cells = cells
        if (product := reading.finish(draft)) is not None:
            yield product


def cells_of(value: dict[str, Any], reading: Reading) -> dict[str, str] | None:
    """The fields of an object as cells, where a reading has a mapping to name them."""
    return flat_cells(value) if reading.mapping else None


def flat_cells(value: dict[str, Any], prefix: str = "") -> dict[str, str]:
    """Columns of an object: dots for nesting; a list is a cell of its entries."""
    cells: dict[str, str] = {}
    for key, inner in value.items():
        name = f"{prefix}{key}"
        if isinstance(inner, dict):
            cells |= flat_cells(inner, f"{name}.")
        elif isinstance(inner, list):
            if all(isinstance(entry, dict) for entry in inner) and inner:
                for column in dict.fromkeys(column for entry in inner for column in entry):
                    cells[f"{name}.{column}"] = Listed.of([_cell(entry.get(column)) for entry in inner])
            else:
                cells[name] = Listed.of([_cell(entry) for entry in inner])
        else:
            cells[name] = _cell(inner)
    return cells


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
