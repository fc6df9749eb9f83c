"""Lists inside one cell: JSON, Python's and PHP's ways, bars, semicolons, and paths of categories.

A comma separates entries only where it cannot be part of a text: between paths ("A > B, C > D"), in tags and colours.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import unescape

from bottega.catalogue.readers.fields.text import entity_ends
from bottega.placeholders import says_nothing_of

__all__ = ["apart", "category_paths", "entries_of", "listed", "split_path"]

_LEVEL = re.compile(r"\s*(?:>>?|»|›|→|⟩|->|&gt;)\s*")
_MARKED = re.compile(r">|»|›|→|⟩|&gt;")
_SEVERAL = re.compile(r"\s*(?:\||;|\n)\s*")
_AND = re.compile(r"(?:^|\s)(?:&|and|und|et|y|e|и|og|och|en|i|a)\s", re.IGNORECASE)
_COMMAS = frozenset({"tags", "keywords", "color", "colour"})
"""Attributes whose values hold no commas."""
_SLASHES = frozenset({"color", "colour", "material"})
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|\w+);", re.IGNORECASE)


def apart(text: str, marks: str = ";") -> list[str]:
    """The pieces of a text between any of these marks; the semicolon that ends an entity of HTML separates nothing.

    >>> apart("Salt &amp; pepper; Oak;"), apart("Salt&Pepper;Oak"), apart("oak | ash", "|;")
    (['Salt &amp; pepper', 'Oak'], ['Salt&Pepper', 'Oak'], ['oak', 'ash'])
    """
    if "&" not in text or ";" not in text or ";" not in marks:
        return [piece for part in re.split(f"[{re.escape(marks)}]", text) if (piece := part.strip())]
    ends = entity_ends(text)
    cuts = [place for place, mark in enumerate(text) if mark in marks and place not in ends]
    starts = [0, *(place + 1 for place in cuts)]
    return [piece for start, end in zip(starts, [*cuts, len(text)], strict=True) if (piece := text[start:end].strip())]


def listed(text: str) -> list[str] | None:
    """The entries of a text that is a list in JSON, or as Python writes one; None where it is none.

    >>> listed('["a, b", "c"]'), listed("['oak', 'brass']"), listed("[sale]"), listed("oak")
    (['a, b', 'c'], ['oak', 'brass'], None, None)
    >>> listed('[{"name": "Red"}, {"name": "Blue"}]')
    ['Red', 'Blue']
    """
    text = text.strip()
    if not (text[:1] in "[{(" and text[-1:] in "]})" and len(text) > 1):
        return None
    found = _read(text)
    if isinstance(found, list | tuple | set):
        return [entry for one in found if (entry := _entry(one))]
    return None


def split_path(text: str) -> list[str]:
    """Levels of "Apparel > Shirts", whatever arrow stands between them.

    >>> split_path("Apparel &gt; Shirts"), split_path("Home » Lamps")
    (['Apparel', 'Shirts'], ['Home', 'Lamps'])
    """
    return [level for level in _LEVEL.split(text.strip()) if level]


@lru_cache(maxsize=50_000)
def category_paths(text: str) -> tuple[tuple[str, ...], ...]:
    """The paths of categories in one cell, the first one first.

    Bars without arrows separate levels; with arrows, bars and semicolons separate paths, and so do commas where every
    part is a path ("A > B, C > D") and no name that holds one ("Food, Beverages & Tobacco > Snacks").

    >>> category_paths("A > B, C > D"), category_paths("A > B | C > D")
    ((('A', 'B'), ('C', 'D')), (('A', 'B'), ('C', 'D')))
    >>> category_paths("shoes|mens|road"), category_paths("Food, Beverages & Tobacco > Snacks")
    ((('shoes', 'mens', 'road'),), (('Food, Beverages & Tobacco', 'Snacks'),))
    >>> category_paths("Lamps; Sale"), category_paths('["A > B", "C"]')
    ((('Lamps',), ('Sale',)), (('A', 'B'), ('C',)))
    """
    text = text.strip()
    if (entries := listed(text)) is not None:
        if any(_MARKED.search(entry) for entry in entries):
            return _distinct(split_path(entry) for entry in entries)
        return _distinct([entries])
    if not _MARKED.search(text):
        if "|" in text:
            return _distinct([[level.strip() for level in text.split("|")]])
        plain = unescape(text) if _ENTITY.search(text) else text
        return _distinct([part] for part in _SEVERAL.split(plain))
    text = text.replace("&gt;", ">")
    parts = [part for part in _SEVERAL.split(unescape(text) if _ENTITY.search(text) else text) if part]
    if len(parts) == 1:
        parts = _commas(parts[0])
    return _distinct(split_path(part) for part in parts)


def entries_of(name: str, text: str) -> list[str]:
    """The values of an attribute in one cell.

    >>> entries_of("material", "oak; brass"), entries_of("tags", "gift, summer"), entries_of("fit", "slim, tall")
    (['oak', 'brass'], ['gift', 'summer'], ['slim, tall'])
    """
    text = text.strip()
    if says_nothing_of(name, text):  # whole: the marks of N/A part nothing
        return [text] if text else []
    if (entries := listed(text)) is not None:
        return entries
    if ";" in text and _ENTITY.search(text):
        text = unescape(text)
    parts = [part for part in _SEVERAL.split(text) if part]
    if name in _COMMAS:
        parts = [piece.strip() for part in parts for piece in part.split(",")]
    if name in _SLASHES:
        parts = [piece.strip() for part in parts for piece in part.split("/")]
    return [part for part in parts if part]


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    if len(text) > 20_000 or "'" not in text:
        return None
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _entry(one: object) -> str:
    """An entry as text: of an object its name or value, or where it leads."""
    if isinstance(one, dict):
        one = next((one[key] for key in ("name", "value", "label", "title", "url", "src") if one.get(key)), "")
    return str(one).strip() if isinstance(one, str | int | float) and not isinstance(one, bool) else ""


def _commas(text: str) -> list[str]:
    """A text split at its commas where every part is a path and none begins inside a name."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) < 2 or not all(_MARKED.search(part) for part in parts):
        return [text]
    first = split_path(parts[0])[:1]
    for part in parts[1:]:
        root = split_path(part)[:1]
        if root != first and root and _AND.search(root[0]):
            return [text]
    return parts


def _distinct(paths: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    kept: dict[tuple[str, ...], None] = {}
    for path in paths:
        levels: list[str] = []
        for level in path:
            if level and level not in levels[-1:]:
                levels.append(level)
        if levels:
            kept[tuple(levels)] = None
    return tuple(kept)
