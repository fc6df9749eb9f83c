"""Addresses of pictures and pages: what may stand in a product, and what is taken out of a cell of a feed.

An address is http(s); what merchants leave to the browser (a blank, a letter that is not ASCII, no scheme) is mended,
and every other scheme (javascript:, data:, file:) is no address. A picture may also be a file, named relative to the
folder it lies in; whether it lies there is asked where files are opened (datasets/photos/inside.py).
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit

from bottega.catalogue.readers.fields.lists import listed
from bottega.texts import whole

__all__ = ["addresses_in", "file_name", "is_web", "joined_address", "web_address"]

_WEB = ("http://", "https://")
_HELD = ":/?#[]@!$&'()*+,;=%~|^{}\\"
"""What stays as it is, besides letters and digits of ASCII: browsers leave it, too."""
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_BLANK = re.compile(r"\s")
_DROPPED = re.compile(r"[\t\r\n]+")
"""What a browser leaves out of an address."""
_UNHOSTED = re.compile(r"""[%\\\s<>"`{}|^]""")
_PLAIN = re.compile(r"[A-Za-z0-9/?#@!$&'()*+,;=~._:\[\]-]*")
_IMAGE_PATH = re.compile(r"\.(?:jpe?g|png|webp|gif|bmp|tiff?|avif)(?:\?|$)", re.IGNORECASE)
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
    >>> web_address("https://shop.example/größe 100%.jpg"), web_address("https://möbel.example/1.jpg")
    ('https://shop.example/gr%C3%B6%C3%9Fe%20100%25.jpg', 'https://xn--mbel-5qa.example/1.jpg')
    >>> web_address("javascript:alert(1)"), web_address("file:///etc/passwd")
    (None, None)
    """
    return _web_address(text)


@lru_cache(maxsize=4_000)
def _web_address(text: str) -> str | None:
    """Remembered, for the variants of a product share their pictures."""
    address = _DROPPED.sub("", text.strip())
    if address.startswith("//"):
        address = f"https:{address}"
    elif address[:4].lower() == "www." and ":" not in address.split("/")[0]:
        address = f"https://{address}"
    if not is_web(address):
        return None
    try:
        parts = urlsplit(address)
        usable = bool(parts.hostname) and not _UNHOSTED.search(parts.netloc) and (parts.port is None or parts.port > 0)
        if not usable:
            return None
        start, _, rest = address.partition("//")
        rest = rest[len(parts.netloc) :]
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except ValueError:  # UnicodeError is one
        return None
    if not rest.isascii() or not _PLAIN.fullmatch(rest):
        # A byte that is no character has no place in an address; what is left of it may still lead somewhere.
        rest = quote(_LONE_PERCENT.sub("%25", _BLANK.sub(" ", whole(rest))), safe=_HELD)
    return f"{start}//{host}{rest}"


def joined_address(text: str, page: str) -> str | None:
    """The address that a path from a site's root means on the site of `page`; None where it is no such path.

    >>> joined_address("/media/my 1.jpg", "https://shop.example/p/1"), joined_address("media/1.jpg", "https://a.example/p")
    ('https://shop.example/media/my%201.jpg', None)
    """
    path = text.strip()
    if not path.startswith("/") or path.startswith("//") or not _IMAGE_PATH.search(path):
        return None
    return web_address(urljoin(page, path))


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
    if (entries := listed(text)) is not None:
        return entries
    if not _BEGINS.search(text):
        return [name for name in _LIST.split(text) if name]
    return [address for part in _NEXT.split(text) if (address := part.strip(" ,;|\t\n"))]
