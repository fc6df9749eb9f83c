"""Titles that are too long, and phrases that say nothing."""

from __future__ import annotations

import re

from bottega.languages.writing import writing
from bottega.models.wording.measures import THOUSANDS, measures_in

__all__ = ["CUT", "empty_phrases", "shortened"]

CUT = " …"
"""Behind a title that is cut between two words."""

_LINK_WORDS = frozenset(
    {"for", "with", "of", "and", "in", "the", "a", "an", "by", "&", "für", "mit", "von", "und", "pour", "avec", "de"}
    | {"et", "para", "con", "y", "per", "di", "e", "-"}
)


def shortened(title: str, limit: int) -> str:
    """A title as it is, else its beginning up to a comma, or up to a word and with a sign that it goes on; never the
    half of a number.

    >>> shortened("Brass lamp, 5.5 x 8.5 in, with shade", 20), shortened("Brass lamp for the desk", 15)
    ('Brass lamp', 'Brass lamp …')
    """
    if len(title) <= limit:
        return title
    inside = [(one.start, one.end) for one in measures_in(title)]
    inside += [match.span() for match in THOUSANDS.finditer(title)]
    marks = [match.start() for match in re.finditer(r"[,;:|(\[–—]|\s-\s", title[: limit + 1])]
    blanks = [match.start() for match in re.finditer(r"\s", title[: limit + 1 - len(CUT)])]
    for places in (marks, blanks):
        for place in reversed(places):
            if any(start < place < end for start, end in inside):
                continue
            text = title[:place].rstrip(" ,;:|(-–—")
            while text.split() and text.split()[-1].casefold() in _LINK_WORDS:
                text = text.rsplit(None, 1)[0] if " " in text else ""
            if places is blanks and text[-1:].isdigit():
                continue  # who reads on would read what it counts
            if len(text) >= limit // 3 or (text and places is blanks):
                return text if places is marks else f"{text}{CUT}"
    return title[:limit]


def empty_phrases(text: str, language: str) -> list[str]:
    """Phrases of a text that say nothing and that no text may hold."""
    folded = f" {text.casefold()} "
    return [phrase for phrase in writing(language).never if f" {phrase}" in folded]
