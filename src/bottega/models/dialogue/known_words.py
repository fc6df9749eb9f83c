"""Words that patterns of a language are written with: what is none of them may be the name of a thing."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from bottega.models.dialogue.line_words import line_words
from bottega.models.dialogue.patterns import patterns

__all__ = ["known_words"]

_LEAST = 2
"""Patterns that a word stands in at least: else the patterns would have no words that they do not know."""


@cache
def known_words(language: str) -> frozenset[str]:
    """Words that several patterns of a language have in common, without what stands in holes."""
    every, added = patterns()
    texts = [one.text for one in every if one.language == language]
    texts += [text for (spoken, _), said in added.items() if spoken == language for text in said]
    counted = Counter(word for text in texts for word in set(line_words(re.sub(r"<[a-z]+>|[{}|]", " ", text))))
    return frozenset(word for word, count in counted.items() if count >= _LEAST)
