"""What a talk was about, by what its lines were read as: a pure function of its lines."""

from __future__ import annotations

from collections.abc import Sequence

from bottega.names import LineBy
from bottega.store.talks import TalkLine

__all__ = ["summary_of"]

_LEFT_OUT = frozenset({"chat"})
MOST = 6
"""Things told of one intent."""


def summary_of(lines: Sequence[TalkLine]) -> list[str]:
    """One entry for each thing that was wanted, in the order in which it came first; then what was shown and not
    understood.

    >>> ask = {"intent": "ask", "about": "size", "words": "which sizes"}
    >>> summary_of([TalkLine(LineBy.SHOPPER, "which sizes are there?", (ask,)), TalkLine(LineBy.SHOPPER, "hm")])
    ['ask: which sizes', 'not understood: 1 line']
    """
    told: dict[str, list[str]] = {}
    shown: dict[str, None] = {}
    lost = 0
    for line in lines:
        shown.update(dict.fromkeys(line.body.get("products", ())))
        if line.by is not LineBy.SHOPPER:
            continue
        lost += not line.commands and not line.body.get("button") and not line.body.get("photo")
        for command in line.commands:
            intent = str(command.get("intent", ""))
            words = str(command.get("words") or command.get("about") or "")
            if intent and intent not in _LEFT_OUT and words not in told.setdefault(intent, []):
                told[intent].append(words)
    found = [
        f"{intent}: {'; '.join(one for one in words[:MOST] if one)}".rstrip(": ") for intent, words in told.items()
    ]
    if shown:
        found.append(f"shown: {len(shown)} product{'s' * (len(shown) > 1)}")
    if lost:
        found.append(f"not understood: {lost} line{'s' * (lost > 1)}")
    return found
