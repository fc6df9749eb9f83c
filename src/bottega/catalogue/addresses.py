"""Addresses of pictures and pages: what may stand in a product, and what is taken out of a cell of a feed.

An address is http(s); what merchants leave to the browser (a blank, no scheme) is mended, and every other scheme
(javascript:, data:, file:) is no address. A picture may also be a file, named relative to the folder it lies in;
whether it lies there is asked where files are opened (datasets/photos/inside.py).
"""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

__all__ = ["addresses_in", "file_name", "is_web", "web_address"]

_WEB = ("http://", "https://")
_ESCAPED = {" ": "%20", '"': "%22", "<": "%3C", ">": "%3E", "`": "%60"}
"""What a browser would write for a character that no address may hold."""
_BLANK = re.compile(r"\s")
_DROPPED = re.compile(r"[\t\r\n]+")
"""What a browser leaves out of an address."""
_START = r"(?:https?:)?//|www\."
_NEXT = re.compile(rf"[\s,;|]+(?={_START})", re.IGNORECASE)
_BEGINS = re.compile(rf"(?:^|[\s,;|])(?:{_START})", re.IGNORECASE)
_LIST = re.compile(r"\s*[,;|]\s*")


def is_web(address: str) -> bool:
    """Whether an address that is in a product leads to the web; any other names a file of the shop's images folder."""
    return address[:8].lower().startswith(_WEB)


def web_address(text: str) -> str | None:
    """The absolute http(s) address that a text means, or None.

    >>> web_address("//cdn.example/my photo.jpg"), web_address("www.shop.example/a.jpg")
    ('https://cdn.example/my%20photo.jpg', 'https://www.shop.example/a.jpg')
    >>> web_address("javascript:alert(1)"), web_address("file:///etc/passwd")
    (None, None)
    """
    address = _DROPPED.sub("", text.strip())
    if address.startswith("//"):
        address = f"https:{address}"
    elif address[:4].lower() == "www." and ":" not in address.split("/")[0]:
        address = f"https://{address}"
    if not is_web(address):
        return None
    address = "".join(_ESCAPED.get(mark, mark) for mark in _BLANK.sub(" ", address))
    try:
        parts = urlsplit(address)
        usable = bool(parts.hostname) and "%" not in parts.netloc and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return address if usable and "\\" not in parts.netloc else None


def file_name(text: str) -> str | None:
    """The relative path that a text means, or None for an absolute one, a drive or a scheme.

    >>> file_name("images/1.jpg"), file_name("/etc/passwd"), file_name("C:/1.jpg"), file_name("data:image/png;base64,")
    ('images/1.jpg', None, None, None)
    """
    name = text.strip()
    if not name or name.startswith(("/", "\\", "~")) or ":" in re.split(r"[/\\]", name)[0] or "://" in name:
        return None
    return name


def addresses_in(text: str) -> list[str]:
    """Picture addresses in one cell, however they are separated; commas and blanks inside an address stay.

    >>> addresses_in("https://a.example/1,2.jpg, https://a.example/my 3.jpg")
    ['https://a.example/1,2.jpg', 'https://a.example/my 3.jpg']
    >>> addresses_in('["https://a.example/1.jpg", "2.jpg"]'), addresses_in("front.jpg; back.jpg")
    (['https://a.example/1.jpg', '2.jpg'], ['front.jpg', 'back.jpg'])
    """
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        try:
            listed = json.loads(text)
        except (ValueError, RecursionError):
            listed = None
        if isinstance(listed, list) and all(isinstance(entry, str) for entry in listed):
            return [entry.strip() for entry in listed if entry.strip()]
    if not _BEGINS.search(text):
        return [name for name in _LIST.split(text) if name]
    return [address for part in _NEXT.split(text) if (address := part.strip(" ,;|\t\n"))]
