"""Text as it comes out of shops: HTML, control characters and wrong decodings, made plain."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from html.parser import HTMLParser

__all__ = ["clean", "entity_ends", "has_html", "looks_misdecoded", "plain", "reads_as_html", "strip_html"]

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_ENTITY = re.compile(r"&(#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")
_LINES = re.compile(r" ?\n[ \n]*")
# UTF-8 read as Windows-1252: "é" becomes "Ã©", "’" becomes "â€™"; U+FFFD is what a decoder leaves when it gives up.
_MISDECODED = re.compile("[ÃÂ][\u0080-\u00bf]|â€|ï»¿|\ufffd")
_BLOCK = re.compile("address|article|br|dd|div|dl|dt|h[1-6]|hr|li|ol|p|section|table|td|th|tr|ul")
_UNSEEN = frozenset({"script", "style"})


class _Text(HTMLParser):
    """Collects what a reader would see; blocks become lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Anything in <![ ]> is a comment, as in browsers; the base class raises for what it does not know."""
        return self.parse_bogus_comment(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        elif _BLOCK.fullmatch(tag):
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif _BLOCK.fullmatch(tag):
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)


def has_html(text: str) -> bool:
    """Whether it holds tags: "a < b" does not."""
    return "<" in text and _TAG.search(text) is not None


def entity_ends(text: str) -> set[int]:
    """Where the semicolons stand that end an entity of HTML, one that there is.

    >>> entity_ends("a &frac12; b"), entity_ends("Salt&Pepper;"), entity_ends("&copy2;")
    ({9}, set(), set())
    """
    return {found.end() - 1 for found in _ENTITY.finditer(text) if found[1].startswith("#") or f"{found[1]};" in html5}


def reads_as_html(text: str) -> bool:
    """Whether a reader takes tags or entities for HTML in it, so that it comes out as another text.

    >>> reads_as_html("a < b & c"), reads_as_html("Salt&Pepper;"), reads_as_html("AT&amp;T"), reads_as_html("<b>")
    (False, False, True, True)
    """
    return ("<" in text or "&" in text) and strip_html(text) != plain(text)


def strip_html(text: str) -> str:
    """What a reader would see of it, a line a block.

    >>> strip_html("<p>Soft &amp; warm</p><ul><li>wool</li></ul>")
    'Soft & warm\\nwool'
    """
    if has_html(text):
        parser = _Text()
        parser.feed(text)
        parser.close()
        text = "".join(parser.parts)
    elif "&" in text and entity_ends(text):
        text = unescape(text)
    return plain(text)


def plain(text: str) -> str:
    """Runs of blanks become one, empty lines go."""
    if "  " not in text and text.isascii() and text.isprintable():
        return text.strip()
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()


def clean(text: str) -> str:
    """Without control characters and lone surrogates, which neither XML nor PostgreSQL can hold."""
    return text if text.isascii() and text.isprintable() else _CONTROLS.sub("", text)


def looks_misdecoded(text: str) -> bool:
    """Whether it looks like UTF-8 that somebody read as Windows-1252."""
    return not text.isascii() and _MISDECODED.search(text) is not None
