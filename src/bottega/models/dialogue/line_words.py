"""The words of a line, folded, single letters and signs included: "d'autres?" is "d", "autres", "?"."""

from __future__ import annotations

import re

from bottega.languages.fold import fold

__all__ = ["line_words"]

_PIECE = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)?|[?!]|[\U0001F300-\U0001FAFF\u2600-\u27BF]|[:;]-?[)dp(]")


def line_words(text: str) -> list[str]:
    """The words of a text, in order.

    >>> line_words("C'est en coton, ça? 19,90 :)")
    ['c', 'est', 'en', 'coton', 'ca', '?', '19,90', ':)']
    """
    return _PIECE.findall(fold(text))
