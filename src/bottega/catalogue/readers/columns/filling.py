"""From the cells of a row to a draft, by a plan that says which column is which field.

The plan of a reader of any table is all that is known of it; a reader of a known format fills its draft itself, and
what `--map` says of that file is laid over it (`Reading.finish`).
"""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping

from bottega.catalogue.addresses import addresses_in
from bottega.catalogue.readers.columns.mapping import Bound, Part
from bottega.catalogue.readers.draft import Draft
from bottega.catalogue.readers.fields.flags import says_shown
from bottega.catalogue.readers.fields.lists import category_paths, entries_of

__all__ = ["OTHER_CATEGORIES", "fill"]

_TEXT_FIELDS = (
    "id", "group_id", "title", "description", "brand", "price", "sale_price", "list_price", "sale_period", "sale_from",
    "sale_to", "currency", "availability", "hidden", "url", "updated_at",
)  # fmt: skip
OTHER_CATEGORIES = "categories"
"""The attribute that keeps further categories of a product, which has one."""


def fill(draft: Draft, cells: AnyMapping[str, str], plan: Bound) -> Draft:
    """Set what the plan knows of, and leave the rest of the draft as it is. Returns the draft.

    A column that says nothing in this row leaves what is there, which a row of the same product may have said.
    """
    for field in _TEXT_FIELDS:
        if parts := plan.fields.get(field):
            text = " ".join(text for part in parts if (text := part.value(cells)))
            if text or not any(part.columns for part in parts):
                setattr(draft, field, text)
    if parts := plan.fields.get("category"):
        paths = _paths(parts, cells)
        if paths or not any(part.columns for part in parts):
            draft.category = list(paths[0]) if paths else []
        if others := [" > ".join(path) for path in paths[1:] if path != paths[0][: len(path)]]:
            draft.attributes[OTHER_CATEGORIES] = others
    if any(says_shown(cells.get(column, "")) is False for column in plan.shown):
        draft.hidden = "hidden"
    if parts := plan.fields.get("images"):
        images = [address for part in parts for address in _addresses(part, cells)]
        if images or not any(part.columns for part in parts):
            draft.images = images
    for name, parts in plan.attributes.items():
        values = [value for part in parts for value in _values(name, part, cells)]
        if values or not any(part.columns for part in parts):
            draft.attributes[name] = values
    return draft


def _paths(parts: tuple[Part, ...], cells: AnyMapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Paths in one column, or the one path whose levels are in several."""
    if len(parts) == 1:
        entries = parts[0].entries(cells)
        return category_paths(parts[0].value(cells) if entries is None else _joined(entries))
    levels: list[str] = []
    for part in parts:
        for path in category_paths(part.value(cells))[:1]:
            levels += (level for level in path if level not in levels[-1:])
    return (tuple(levels),) if levels else ()


def _joined(entries: tuple[str, ...]) -> str:
    """A list of categories as one text: paths apart, or the levels of one."""
    return "\n".join(entries) if any(">" in entry for entry in entries) else "|".join(entries)


def _addresses(part: Part, cells: AnyMapping[str, str]) -> list[str]:
    """Addresses in one cell; what a template made is one address, commas included."""
    entries = part.entries(cells)
    if entries is not None:
        return list(entries)
    text = part.value(cells)
    return addresses_in(text) if part.column else [text] if text else []


def _values(name: str, part: Part, cells: AnyMapping[str, str]) -> list[str]:
    entries = part.entries(cells)
    return entries_of(name, part.value(cells)) if entries is None else list(entries)
