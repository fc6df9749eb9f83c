"""Addresses by which a source may be named."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

__all__ = ["is_address", "plain_address", "port_of", "whole_address"]


def is_address(place: str | Path) -> bool:
    """Whether a source is named by an address. A `Path` has lost one of its slashes."""
    return re.match(r"(?i)https?:/", str(place)) is not None


def plain_address(place: str | Path) -> str:
    """An address as text for messages: without a password, and without what stands behind the question mark."""
    parts = urlsplit(whole_address(place))
    host = parts.hostname or ""
    return f"{parts.scheme}://{host}{f':{parts.port}' if port_of(parts) else ''}{parts.path}"


def whole_address(place: str | Path) -> str:
    """An address with both of its slashes, and blanks as addresses write them."""
    text = re.sub(r"(?i)^(https?):/+", lambda found: f"{found[1].lower()}://", str(place).strip())
    return text.replace(" ", "%20")


def port_of(parts: SplitResult) -> int | None:
    """The port that an address names; None for none, and for what is no port."""
    try:
        return parts.port
    except ValueError:
        return None
