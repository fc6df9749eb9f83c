"""What a merchant's line asks for: cues of each intent, in a file a language, and the slots that it needs.

Idea     An intent is heard where every group of one of its rules has a cue in the line; where several are, the one that
         needs more comes first. A line that fits none is unsure: it is better asked again than done wrong. The
         language is that which knows most of the small words of the line.
File     `languages/merchant/<code>.txt`: `[cues.<intent>]` has a rule a line, its groups parted by `&`, the cues of one
         by `|`; a cue is the beginning of a word, or of several; with `^`, of the line; with `$` behind it, all of
         a word. `[slot.<name>]` has patterns, or values with their words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from bottega.languages.fold import fold, tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.talking import said_in, talking_languages

__all__ = ["MERCHANT_INTENTS", "MerchantLine", "read_merchant_line"]

MERCHANT_INTENTS = (
    "answer",
    "means",
    "describe",
    "photos",
    "unfound",
    "sold",
    "waiting",
    "learnt",
    "asked",
    "lacking",
)
"""In the order in which a line that fits several is taken for one: that which needs more comes first."""
COUNT_MOST = 1000
_QUOTES = "\"'“”„«»‹›‚‘’ "
_NEEDED = {"answer": ("topic", "answer"), "means": ("word", "means")}


@dataclass(frozen=True, slots=True)
class MerchantLine:
    """A line that was read. `intent`: "unsure" where it fits none."""

    intent: str
    language: str
    slots: dict[str, str] = field(default_factory=dict)
    """`topic` and `answer`, `word` and `means`, as they were written."""
    count: int | None = None
    days: int | None = None
    target: str | None = None
    """Code of the language to write in."""
    everything: bool = False


def read_merchant_line(text: str, language: str | None = None) -> MerchantLine:
    """What a line asks for; `language` where it is known."""
    text = " ".join(text.split())
    codes = [language] if language else _likely_languages(text)
    found = [_read(text, code) for code in codes]
    return next((one for one in found if one.intent != "unsure"), found[0])


def _read(text: str, code: str) -> MerchantLine:
    folded = fold(text)
    slots: dict[str, str] = {}
    intent = "unsure"
    for name in MERCHANT_INTENTS:
        if name in _NEEDED:
            slots = _matched(text, code, name)
        if (name in _NEEDED and slots) or any(
            all(group.search(folded) for group in rule) for rule in _rules(code, name)
        ):
            intent = name
            break
    known = _values(code)
    return MerchantLine(
        intent,
        code,
        slots if intent in _NEEDED else {},
        _count(folded, known["numbers"]),
        next((int(value) for value, pattern in known["days"] if pattern.search(folded)), None),
        next((value for value, pattern in known["language"] if pattern.search(folded)), None),
        _beginning(said_in("merchant", code).ways["slot.all"][0].split("|")).search(folded) is not None,
    )


def _matched(text: str, code: str, name: str) -> dict[str, str]:
    for pattern in said_in("merchant", code).ways[f"slot.{name}"]:
        if found := re.search(pattern, text, re.IGNORECASE):
            slots = {key: value.strip(_QUOTES).rstrip(".!").strip(_QUOTES) for key, value in found.groupdict().items()}
            if all(slots.values()):
                return slots
    return {}


def _count(folded: str, numbers: list[tuple[str, re.Pattern[str]]]) -> int | None:
    if found := re.search(r"(?<![\w.,])(\d{1,4})(?![\w.,])", folded):
        return max(min(int(found[1]), COUNT_MOST), 1)
    return next((int(value) for value, pattern in reversed(numbers) if pattern.search(folded)), None)


def _likely_languages(text: str) -> list[str]:
    """Languages, that which knows most of the line's small words first."""
    words = tokens(text)
    return sorted(
        talking_languages(), key=lambda code: (-sum(word in lexicon().stops[code] for word in words), code != "en")
    )


@cache
def _rules(code: str, name: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    lines = said_in("merchant", code).ways[f"cues.{name}"]
    return tuple(tuple(_beginning(group.split("|")) for group in line.split(" & ")) for line in lines)


@cache
def _values(code: str) -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    ways = said_in("merchant", code).ways
    found = {}
    for name in ("language", "days", "numbers"):
        rows = (line.partition(" ") for line in ways[f"slot.{name}"])
        whole = name == "numbers"
        found[name] = [(value, _beginning(words.split("|"), whole=whole)) for value, _, words in rows]
    return found


def _beginning(cues: list[str], *, whole: bool = False) -> re.Pattern[str]:
    parts = []
    for cue in filter(None, (cue.strip() for cue in cues)):
        said = re.escape(fold(cue.removeprefix("^").removesuffix("$"))) + (r"(?!\w)" if cue.endswith("$") else "")
        parts.append(f"^{said}" if cue.startswith("^") else rf"(?<!\w){said}" if said[0].isalnum() else said)
    return re.compile("|".join(f"{part}(?!\\w)" if whole else part for part in parts))
