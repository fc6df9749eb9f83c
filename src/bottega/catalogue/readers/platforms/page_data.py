"""What a saved page says about products in JSON-LD (schema.org): found in its HTML, and every node by its type.

Scripts of the type application/ld+json hold one object, a list or a graph; people and plug-ins wrap them in comments
and leave commas or line ends where JSON has none, which is mended.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

__all__ = ["Page", "nodes_of", "page_of", "types_of"]

_LD = re.compile(r"\s*application/ld\+json\b", re.IGNORECASE)
_WRAPS = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|(?://|/\*)?\s*\]\]>\s*(?:\*/)?)\s*$"
)
_LOOSE_COMMA = re.compile(r",(?=\s*[}\]])")


@dataclass(slots=True)
class Page:
    """The data of one page, and the addresses that it names for itself."""

    blocks: list[Any] = field(default_factory=list)
    """What each script holds, decoded."""
    broken: list[str] = field(default_factory=list)
    """Texts of the scripts that are no JSON."""
    address: str = ""
    """Its own address: canonical, else the one it is shared by."""


class _Scripts(HTMLParser):
    """Collects the texts of JSON-LD scripts and the page's own address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.addresses: dict[str, str] = {}
        self._inside = False

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Anything in <![ ]> is a comment, as in browsers; the base class raises for what it does not know."""
        return self.parse_bogus_comment(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "script" and _LD.match(said.get("type", "")):
            self._inside = True
            self.texts.append("")
        elif tag == "link" and "canonical" in said.get("rel", "").lower().split():
            self.addresses.setdefault("canonical", said.get("href", ""))
        elif tag == "meta" and said.get("property", said.get("name", "")).lower() == "og:url":
            self.addresses.setdefault("shared", said.get("content", ""))
        elif tag == "base":
            self.addresses.setdefault("base", said.get("href", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[-1] += data


def page_of(html: str) -> Page:
    """The data in a page's HTML, or in a file that is JSON-LD alone."""
    page = Page()
    if html.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        texts = [html.lstrip("\ufeff")]
    else:
        parser = _Scripts()
        parser.feed(html)
        parser.close()
        texts = parser.texts
        page.address = next(
            (parser.addresses[key] for key in ("canonical", "shared", "base") if parser.addresses.get(key)), ""
        )
    for text in texts:
        if not text.strip():
            continue
        try:
            page.blocks.append(_decoded(text))
        except (ValueError, RecursionError):
            page.broken.append(text.strip())
    return page


def nodes_of(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every object with a type, the outer before the inner; what a product holds (its variants, offers) stays in it."""
    if depth > 20:
        return
    if isinstance(value, list):
        for entry in value:
            yield from nodes_of(entry, depth + 1)
    elif isinstance(value, dict):
        kinds = types_of(value)
        if kinds:
            yield value
        if kinds & {"product", "productgroup"}:
            return
        for inner in value.values():
            if isinstance(inner, dict | list):
                yield from nodes_of(inner, depth + 1)


def types_of(value: dict[str, Any]) -> frozenset[str]:
    """Types of a node in small letters, without the address of the vocabulary."""
    given = value.get("@type")
    texts = given if isinstance(given, list) else [given]
    return frozenset(re.split(r"[/#:]", text)[-1].lower() for text in texts if isinstance(text, str) and text)


def _decoded(text: str) -> Any:
    text = _WRAPS.sub("", _WRAPS.sub("", text)).strip().rstrip(";")
    try:
        return json.loads(text, strict=False)
    except ValueError:
        return json.loads(_LOOSE_COMMA.sub("", text), strict=False)
