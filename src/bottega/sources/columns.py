"""Names of columns, as headers write them and as we compare them."""

from __future__ import annotations

import re

__all__ = ["name_of"]

_NAME = re.compile(r"[\W_]+")


def name_of(header: str) -> str:
    """A column's header as a name: lower case with underscores.

    >>> name_of("Base Colour"), name_of("g:image link"), name_of("Größe")
    ('base_colour', 'image_link', 'größe')
    """
    lowered = header.strip().lower().removeprefix("g:")
    return _NAME.sub("_", lowered).strip("_")
