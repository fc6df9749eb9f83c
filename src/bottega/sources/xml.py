"""Items of an XML source, one by one, as shops write them: what one of them breaks costs that item at most.

The text is cut into items by their tags, and each is parsed alone (defusedxml), so memory does not grow with the source
and a fault ends with its item. An item that does not parse is mended first: entities of HTML, a bare & or <, tags of
HTML that were not escaped, names of spaces that were not declared. A document that declares entities is refused: that
can be used for attacks. Which encoding it declares makes no difference here, for what comes is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.entities import html5
from itertools import islice
from typing import TextIO
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bottega.errors import SourceUnreadable
from bottega.sources.reading import Reading

__all__ = ["local_name", "xml_items"]

_BLOCK = 64 * 1024
_ITEM_MAX = 16 * 1024 * 1024
_TAIL = 4096
_AT_ONCE = 32
"""Items parsed in one go."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:0*(?:[0-8]|1[124-9]|2\\d|3[01])|[xX]0*(?:[0-8bcBC]|1[0-9a-fA-F]));"
)
"""A control character, as it is or as a number: XML has none."""
_WRONG = re.compile("[\ud800-\udfff]")
_ASIDE = 0xE000 - 0xD800
"""Distance of lone surrogates, which the parser does not take, to the characters that stand for them meanwhile."""
_OUTSIDE = re.compile(r"(<!\[CDATA\[.*?\]\]>|<!--.*?-->)", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#(\d{1,7});|#[xX]([0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]{1,31});)?")
_PAIR = re.compile(r"&#(55[2-9]\d\d|56[0-2]\d\d|563[01]\d);&#(56[3-9]\d\d|57[0-2]\d\d|573[0-3]\d|5734[0-3]);")
_BARE_LESS = re.compile(r"<(?![A-Za-z_:/!?])")
_PREFIX = re.compile(r"[<\s/]([A-Za-z_][\w.-]*):[A-Za-z_]")
_SPACE = re.compile(r"""\sxmlns(?::([\w.-]+))?\s*=\s*("[^"<]*"|'[^'<]*')""")
_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_PROLOG = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_OF_XML = frozenset({"amp", "lt", "gt", "quot", "apos"})
_HTML = re.compile(
    r"</?(?:p|br|b|i|u|s|em|strong|span|div|ul|ol|li|dl|dt|dd|h[1-6]|a|img|hr|table|tbody|thead|tr|td|th|font|small|sup"
    r"|sub|center|blockquote|iframe|video|style|script|section|article|button|input|label|meta|nobr|wbr|big|tt|pre|code)"
    r"(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """The text of one item; `whole` when its closing tag is there, `last` when the source ends in it."""

    name: str
    text: str
    whole: bool = True
    last: bool = False


def xml_items(reading: Reading, names: Iterable[str], *, also: Iterable[str] = ()) -> Iterator[tuple[str, Element]]:
    """Place ("item 3") and element of everything called one of `names`, in any case and of any name space.

    What is called one of `also` comes as well, with an empty place: it is no row. Items that cannot be read are
    refused. Whether the root is closed at the end is noted in `reading.cut_short`. Raises `SourceUnreadable` where
    entities are declared.
    """
    rows = {name.lower() for name in names}
    head = reading.source.head
    spaces = _spaces(head, rows)
    root = _root(head)
    place = 0
    tail = ""
    with reading.source.open_text(up_to_the_cut=True) as stream:
        cutter = _Cutter(stream, rows | {name.lower() for name in also})
        for piece, element in reading.up_to_a_cut(_elements(cutter, spaces)):
            is_row = piece.name in rows
            place += is_row
            where = f"item {place}" if is_row else ""
            if isinstance(element, Element):
                if is_row and "control_characters" in reading.RULES and (odd := _ODD.search(piece.text)) is not None:
                    around = piece.text[max(0, odd.start() - 30) : odd.end() + 30]
                    reading.warn("control_characters", where, _NOT_XML.sub("", around).strip())
                yield where, element
                continue
            reading.cut_short = reading.cut_short or piece.last
            if is_row:
                rule = "row_cut" if piece.last else "xml_broken"
                reading.refuse_text(rule, where, piece.text, seen=str(element) or "it declares entities")
        tail = cutter.tail
    if place and root and not re.search(rf"</{re.escape(root)}\s*>", tail):
        reading.cut_short = True


def local_name(tag: str) -> str:
    """A tag without its name space, in small letters."""
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1].lower()


class _Cutter:
    """Cuts text into items by their tags; what lies in CDATA and comments is no tag."""

    def __init__(self, stream: TextIO, names: set[str]) -> None:
        self._stream = stream
        any_name = "|".join(re.escape(name) for name in sorted(names))
        self._mark = re.compile(
            rf"""<!\[CDATA\[(?:.*?\]\]>|(?P<open>.*\Z))|<!--(?:.*?-->|(?P<open2>.*\Z))"""
            rf"""|<(?P<close>/?)(?:[\w.-]+:)?(?P<name>{any_name})(?=[\s/>])(?:[^<>"']|"[^"]*"|'[^']*')*?(?P<self>/?)>""",
            re.DOTALL | re.IGNORECASE,
        )
        self.tail = ""
        """The last of what came behind the last item."""

    def __iter__(self) -> Iterator[_Piece]:
        text, at = "", 0
        start: int | None = None
        name = ""
        while True:
            found = self._mark.search(text, at)
            if found is None or found["open"] is not None or found["open2"] is not None:
                block = self._stream.read(_BLOCK)
                if not block:
                    break
                keep = found.start() if found else max(at, text.rfind("<"), 0)
                if start is None:
                    self.tail = (self.tail + text[:keep])[-_TAIL:]
                    text, at = text[keep:] + block, 0
                elif len(text) - start > _ITEM_MAX:
                    yield _Piece(name, text[start : start + _TAIL], whole=False)
                    text, at, start = block, 0, None
                else:
                    text, at, start = text[start:] + block, keep - start, 0
                continue
            at = found.end()
            if found["name"] is None:
                continue
            tag = found["name"].lower()
            if found["close"]:
                if start is not None and tag == name:
                    yield _Piece(name, text[start:at])
                    text, at, start, self.tail = text[at:], 0, None, ""
            elif start is None and found["self"]:
                yield _Piece(tag, found[0])
                text, at, self.tail = text[at:], 0, ""
            elif start is None:
                start, name = found.start(), tag
            elif tag == name and not found["self"]:  # the one before was never closed
                yield _Piece(name, text[start : found.start()], whole=False)
                text, start = text[found.start() :], 0
                at = found.end() - found.start()
        if start is not None:
            yield _Piece(name, text[start:], whole=False, last=True)
        self.tail = (self.tail + text)[-_TAIL:]


def _elements(pieces: Iterable[_Piece], spaces: dict[str, str]) -> Iterator[tuple[_Piece, Element | Exception]]:
    """Each piece with its element, or with what is wrong with it. Many are parsed at once where all are in order."""
    pieces = iter(pieces)
    while several := list(islice(pieces, _AT_ONCE)):
        try:
            together = _wrapped("".join(piece.text for piece in several), spaces)
        except (ParseError, DefusedXmlException, UnicodeEncodeError):
            together = []
        if len(together) == len(several) and all(piece.whole for piece in several):
            yield from zip(several, together, strict=True)
            continue
        for piece in several:
            try:
                if piece.last:
                    raise ParseError("the source ends in the middle of it")
                yield piece, _parsed(piece.text, spaces)
            except (ParseError, DefusedXmlException) as error:
                yield piece, error


def _parsed(text: str, spaces: dict[str, str]) -> Element:
    """The element of an item's text, mended where it must be. Raises `ParseError`, and defusedxml's."""
    text = _NOT_XML.sub("", text)
    wrong = _WRONG.search(text) is not None
    if wrong:
        text = _WRONG.sub(lambda found: chr(ord(found[0]) + _ASIDE), text)
    try:
        element = _element(text, spaces)
    except ParseError:
        mended = "".join(part if part.startswith(("<![", "<!--")) else _mended(part) for part in _OUTSIDE.split(text))
        known = {prefix: prefix for prefix in _PREFIX.findall(mended) if prefix not in ("xml", "xmlns")} | spaces
        try:
            element = _element(mended, known)
        except ParseError:
            parts = _OUTSIDE.split(mended)
            plain = (part if part.startswith(("<![", "<!--")) else _without_html(part) for part in parts)
            element = _element("".join(plain), known)
    if wrong:
        for one in element.iter():
            one.text = _back(one.text)
            one.tail = _back(one.tail)
            for key, value in one.attrib.items():
                one.set(key, _back(value) or "")
    return element


def _element(text: str, spaces: dict[str, str]) -> Element:
    found = _wrapped(text, spaces)
    if len(found) != 1:
        raise ParseError("it is not one element")
    return found[0]


def _wrapped(text: str, spaces: dict[str, str]) -> list[Element]:
    declared = "".join(f" xmlns{':' + p if p else ''}={quoteattr(uri)}" for p, uri in spaces.items() if uri)
    return list(fromstring(f"<items{declared}>{text}</items>", forbid_dtd=True))


def _mended(text: str) -> str:
    """Text between tags and the tags themselves, with what breaks XML written as it should be."""
    text = _PAIR.sub(lambda pair: chr(0x10000 + ((int(pair[1]) - 0xD800) << 10) + int(pair[2]) - 0xDC00), text)
    text = _REFERENCE.sub(_reference, text)
    return _BARE_LESS.sub("&lt;", text).replace("]]>", "]]&gt;")


def _reference(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name is not None:
        if name in _OF_XML:
            return found[0]
        mark = html5.get(f"{name};")
        return escape(mark) if mark else f"&amp;{name};"
    if decimal is None and hexadecimal is None:
        return "&amp;"
    code = int(decimal) if decimal else int(hexadecimal, 16)
    usable = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000
    return found[0] if usable and code not in (0xFFFE, 0xFFFF) else ""


def _without_html(text: str) -> str:
    return _HTML.sub(lambda tag: escape(tag[0]), text)


def _back(text: str | None) -> str | None:
    """Lone surrogates where others stood for them. (Characters of that private range are hardly ever meant.)"""
    if text is None or text.isascii():
        return text
    return re.sub("[\ue000-\ue7ff]", lambda found: chr(ord(found[0]) - _ASIDE), text)


def _spaces(head: str, names: set[str]) -> dict[str, str]:
    """Prefix to name space, as declared before the first item. Raises `SourceUnreadable` for entities."""
    first = re.search(rf"<(?:[\w.-]+:)?(?:{'|'.join(map(re.escape, sorted(names)))})(?=[\s/>])", head, re.IGNORECASE)
    before = head[: first.start()] if first else head
    if "<!ENTITY" in before.upper():
        raise SourceUnreadable(
            "The source declares XML entities, which are not read because they can be used for attacks.",
            next_step="Export it without a DOCTYPE.",
        )
    return {prefix: uri[1:-1].replace("&amp;", "&") for prefix, uri in _SPACE.findall(before)}


def _root(head: str) -> str:
    found = _ROOT.search(_PROLOG.sub("", head))
    return found[1] if found else ""
