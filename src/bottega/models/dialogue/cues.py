"""Small words by which a line says what it wants: "send back", "zurück", "renvoyer" are one cue in five languages.

Data     cues.txt: a name, then the words for it in each language; a star stands for any ending.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib import resources
from typing import NamedTuple

from bottega.languages.stems import LANGUAGES
from bottega.models.dialogue.line_words import line_words

__all__ = ["CueList", "cues", "greeted_in"]

_LONGEST = 4
_SHORTEST_START = 3


class CueList(NamedTuple):
    """Cues of one language: by the words of a phrase, and by how a word begins."""

    phrases: dict[tuple[str, ...], tuple[str, ...]]
    starts: dict[str, tuple[str, ...]]

    def found(self, words: list[str]) -> list[list[str]]:
        """The cues that begin at each word."""
        at_each: list[list[str]] = []
        for at, word in enumerate(words):
            names: list[str] = []
            for size in range(1, min(_LONGEST, len(words) - at) + 1):
                names += self.phrases.get(tuple(words[at : at + size]), ())
            for size in range(_SHORTEST_START, len(word) + 1):
                names += self.starts.get(word[:size], ())
            at_each.append(list(dict.fromkeys(names)))
        return at_each

    def whole(self, words: list[str]) -> tuple[str, ...]:
        """The cues that all these words are together."""
        return self.phrases.get(tuple(words), ())


@cache
def cues(language: str) -> CueList:
    """The cues of a language."""
    place = list(LANGUAGES).index(language)
    phrases: dict[tuple[str, ...], list[str]] = defaultdict(list)
    starts: dict[str, list[str]] = defaultdict(list)
    text = (resources.files(__package__) / "cues.txt").read_text("utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, listed = line.partition(": ")
        columns = listed.split(" | ")
        for said in columns[place].split(", ") if place < len(columns) else ():
            words = line_words(said.replace("*", ""))
            if not words:
                continue
            if said.strip().endswith("*") and len(words) == 1 and len(words[0]) >= _SHORTEST_START:
                starts[words[0]].append(name)
            else:
                phrases[tuple(words)].append(name)
    return CueList(
        {key: tuple(dict.fromkeys(names)) for key, names in phrases.items()},
        {key: tuple(dict.fromkeys(names)) for key, names in starts.items()},
    )


def greeted_in(text: str) -> str:
    """The language whose greeting a whole line is; "" where it is one of several languages, or none.

    >>> greeted_in("¡Hola!"), greeted_in("Guten Tag :)"), greeted_in("hey"), greeted_in("hola, red dresses")
    ('es', 'de', '', '')
    """
    words = [word for word in line_words(text) if word.isalpha()]
    said = [one for one in LANGUAGES if words and "hello" in cues(one).whole(words)]
    return said[0] if len(said) == 1 else ""
