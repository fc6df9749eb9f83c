"""A line without what sounds like a thing or a "no" and is neither, as everyday speech has it in each language.

Idea     "ne Jacke" is a jacket and "t'aurais pas une robe" asks for a dress; "mamma mia" is nobody's mother, and who
         does not want to spend more than 70 speaks of money.
"""

from __future__ import annotations

import re

__all__ = ["plainly"]

_SLURRED = re.compile(r"\b[Nn](?:e|en|em|er)? (?=\w)")
"""In German "a" is often slurred to what is a "no" elsewhere."""
_HAVE_YOU_NOT = re.compile(
    r"(?<=\baurais)\s+pas\b|(?<=\bauriez)\s+pas\b|(?<=\bavez)\s+pas\b|(?<=\by a)\s+pas\b|"
    r"\bno (?=tendr\w+|ten[eé]is|tienes|hay)|\bnon (?=avr\w+|avete|hai|c['’]è)"
)
"""A question that denies and means none: "you would not have a ..., would you"."""
_NOT_SPEND = re.compile(
    r"\b(?:non voglio|no quiero|(?:veux|peux) pas|(?:do not|don['’]?t) want to|(?:will|möchte) nicht) "
    r"(?=spend|gast|pag|pay|d[ée]pens|mett|ausgeb)",
    re.IGNORECASE,
)
"""Of a budget, and of no thing."""
_OH_MY = re.compile(r"\b(?:madre m[ií]a|mamma mia)\b", re.IGNORECASE)
_SHOW_ME = re.compile(r"\b[Mm]ontre(?:z|r)?(?:[- ](?:moi|nous|les?|la)\b| ?m['’])")
"""In French "show me" begins like a watch."""

_PLEASE = re.compile(r"\bs['’]?il (?:vous|te) pla[iî]t\b", re.IGNORECASE)
"""In French a "please" ends like a blanket."""


def plainly(text: str, language: str) -> str:
    """A text without what sounds like a thing or a "no" and is none."""
    text = _NOT_SPEND.sub(" ", _PLEASE.sub(" ", _OH_MY.sub(" ", text)))
    if language == "de":
        text = _SLURRED.sub("", text)
    return _HAVE_YOU_NOT.sub("", _SHOW_ME.sub(" ", text) if language == "fr" else text)
