"""The language that a browser asks for."""

from __future__ import annotations

from starlette.requests import Request

__all__ = ["language_of"]


def language_of(request: Request) -> str:
    """The language that a browser asks for first, without its country; "" where it says none.

    >>> said = [(b"accept-language", b"en;q=0.5, de-AT, fr;q=0.9")]
    >>> language_of(Request({"type": "http", "headers": said}))
    'de'
    """
    asked = [part.strip().partition(";") for part in request.headers.get("accept-language", "").split(",")]
    return max(asked, key=lambda part: _weight(part[2]))[0].partition("-")[0].strip().lower()


def _weight(said: str) -> float:
    """How much a language is wanted, as in q=0.5."""
    try:
        return float(said.partition("=")[2]) if said else 1.0
    except ValueError:
        return 0.0
