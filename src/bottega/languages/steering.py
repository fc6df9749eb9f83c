"""How somebody says what a picture shall be like in what no catalogue has a word for: worn or laid flat, more like the
third, another one. In the five languages of the lists; data: steering.txt, beside this file.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from bottega.languages.fold import fold
from bottega.languages.lexicon import lexicon

__all__ = ["LAST", "ORDINALS", "asks_only", "cut", "pattern", "picked"]

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
LAST = -1
"""`picked` where the last one is meant."""
_LEAD = frozenset({"flat"})
"""Lines whose single words stand at the end of what they belong to: "flat shoes" are no shoes laid flat."""


def cut(text: str, line: str) -> tuple[str, str]:
    """The words of a line that a folded text has, "" for none, and the text without them.

    >>> cut(fold("Rotes Hemd, getragen"), "worn")
    ('getragen', 'rotes hemd,  ')
    """
    found = pattern(line).search(text)
    return ("", text) if found is None else (found[0].strip(), f"{text[: found.start()]} {text[found.end() :]}")


def picked(text: str) -> tuple[int | None, str, str]:
    """Which of several pictures a folded text points at (from 0, or `LAST`), the words that do, and the text without
    them.

    >>> picked(fold("plus comme la troisième")), picked("like 3")[0], picked("a red dress")[0]
    ((2, 'plus comme la troisieme', '  '), 2, None)
    """
    found = _picking().search(text)
    if found is None:
        return None, "", text
    named = next((name for name in (*ORDINALS, "last") if found[name]), "")
    place = (
        LAST if named == "last" else ORDINALS.index(named) if named else int(found["digit"] or found["numbered"]) - 1
    )
    return place, found[0].strip(), f"{text[: found.start()]} {text[found.end() :]}"


def asks_only(word: str) -> bool:
    """Whether a folded word does no more than ask: "make", "mach", "rendilo"."""
    return (word,) in _lines()["asking"] or any(word == one for phrase in _lines()["article"] for one in phrase)


@cache
def pattern(line: str) -> re.Pattern[str]:
    """What finds the words of a line in a folded text; also of those lines of the lists that say what words do."""
    phrases = _lines().get(line) or lexicon().functions[line]
    behind = r"(?=\s*(?:[^\w\s]|$))"
    alone = _any({phrase for phrase in phrases if len(phrase) == 1})
    several = _any({phrase for phrase in phrases if len(phrase) > 1})
    ends = behind if line in _LEAD else r"(?!\w)"
    return re.compile(rf"(?<!\w)(?:(?:{several})(?!\w)|(?:{alone}){ends})")


@cache
def _picking() -> re.Pattern[str]:
    lines = _lines()
    articles = rf"(?:(?:{_any(lines['article'])})[\s'’]+)*"
    words = "|".join(f"(?P<{name}>{_any(lines[name])})" for name in (*ORDINALS, "last"))
    alike, number = _any(lines["alike"]), _any(lines["number"])
    return re.compile(
        rf"(?<!\w)(?:(?:(?:{alike})\s+{articles}|\#)(?P<digit>[1-9]\d?)"
        rf"|(?:(?:{alike})\s+)?{articles}(?:{words}|(?:{number})[\s.]*(?P<numbered>[1-9]\d?)))(?!\w)"
    )


def _any(phrases: set[tuple[str, ...]] | frozenset[tuple[str, ...]]) -> str:
    texts = sorted((r"[\s'’-]+".join(map(re.escape, one)) for one in phrases), key=lambda text: (-len(text), text))
    return "|".join(texts) or "(?!)"


@cache
def _lines() -> dict[str, frozenset[tuple[str, ...]]]:
    """What the file says, all languages together."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for line in (resources.files(__package__) / "steering.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            said, _, listed = line.partition(": ")
            phrases = (tuple(re.findall(r"\w+", fold(text))) for text in listed.split(", "))
            found.setdefault(said.split(" ")[0], set()).update(phrases)
    return {name: frozenset(phrases) for name, phrases in found.items()}
