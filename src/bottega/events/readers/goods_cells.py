"""Several products in one row of a table of orders: numbered columns, or a list inside a cell.

`product_1, quantity_1, product_2, ...`; `["mug", "cup"]`; `mug x 2; cup`; and the cells of WooCommerce's exporters,
`product_id:45|sku:MUG|quantity:2|total:9.00; ...`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bottega.events.readers.columns import HEADER_ALIASES
from bottega.events.readers.orders import Line
from bottega.sources.columns import name_of

__all__ = ["LIST_COLUMNS", "NumberedColumns", "lines_in_cell", "numbered_columns"]

LIST_COLUMNS = frozenset(
    {
        "products", "items", "skus", "product_ids", "item_ids", "line_items", "lineitems", "order_items", "order_lines",
        "basket", "cart", "cart_items", "purchased_items", "product_skus", "item_skus", "product_list",
    }
)  # fmt: skip
"""Names of columns whose cells hold several products."""

NumberedColumns = dict[int, dict[str, list[int]]]
"""Number of an item -> field -> the places of its columns."""

_NUMBERED = re.compile(r"(?P<word>[a-z_]+?)_?(?P<number>\d{1,3})(?:_(?P<what>[a-z_]+))?")
_ITEM = frozenset({"item", "product", "line_item", "order_item", "line", "position", "sku", "article"})
_AMOUNT = re.compile(
    r"(?:(?P<before>\d+)\s*[x×*]\s+)?(?P<name>.+?)(?:\s*[x×*]\s*(?P<after>\d+)|\s*\((?P<inside>\d+)\))?", re.DOTALL
)
_IDS = ("variation_id", "variant_id", "sku", "product_sku", "product_id", "item_id", "id")


def numbered_columns(header: Sequence[str]) -> NumberedColumns:
    """The columns of items that stand side by side; empty unless there are two of them."""
    found: NumberedColumns = {}
    for place, cell in enumerate(header):
        parts = _NUMBERED.fullmatch(name_of(cell))
        field = _field(parts["word"], parts["what"]) if parts else None
        if parts and field:
            found.setdefault(int(parts["number"]), {}).setdefault(field, []).append(place)
    found = {number: fields for number, fields in sorted(found.items()) if "product_id" in fields}
    return found if len(found) > 1 else {}


def lines_in_cell(cell: str) -> list[Line]:
    """The lines that one cell holds."""
    text = cell.strip()
    if not text:
        return []
    if text[0] in "[{":
        try:
            whole = json.loads(text)
        except (ValueError, RecursionError):
            return [_line(_Plain(text))]
        return [_line(_Plain(str(one)) if not isinstance(one, dict) else one) for one in _listed(whole)]
    if re.search(r"(?:^|[|;])\s*\w+:[^|;]*\|", text):
        return [_line(_pairs(entry)) for entry in re.split(r";(?=\s*\w+:)|\n", text) if entry.strip()]
    mark = next((mark for mark in ("\n", ";", "|", ",") if mark in text), None)
    return [_counted(entry.strip()) for entry in (text.split(mark) if mark else [text]) if entry.strip()]


class _Plain(dict[str, Any]):
    """An entry that is nothing but an id."""

    def __init__(self, text: str) -> None:
        super().__init__({"id": text.strip()})


def _field(word: str, what: str | None) -> str | None:
    names = [name for name in (what, word if what is None else None, f"{word}_{what}" if what else None) if name]
    for field in ("product_id", "quantity", "value"):
        if any(name in HEADER_ALIASES[field] for name in names):
            return field
    if what in ("total", "subtotal"):
        return "value"
    return "product_id" if what in (None, "id", "code") and word in _ITEM else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _pairs(entry: str) -> dict[str, str]:
    parts = (part.partition(":") for part in entry.split("|"))
    return {name_of(name): value.strip() for name, sign, value in parts if sign}


def _counted(entry: str) -> Line:
    found = _AMOUNT.fullmatch(entry)
    assert found is not None, "any text is a name"
    count = found["before"] or found["after"] or found["inside"]
    return Line((found["name"].strip(),), None, count)


def _line(entry: Mapping[str, Any]) -> Line:
    names = {name_of(str(name)): value for name, value in entry.items()}
    ids = tuple(names.get(name) for name in _IDS)
    quantity = next((names[name] for name in ("quantity", "qty") if name in names), None)
    price = next((names[name] for name in ("price", "unit_price", "item_price") if name in names), None)
    key = names.get("sku") or None
    return Line(ids, key, quantity, price, entry)
