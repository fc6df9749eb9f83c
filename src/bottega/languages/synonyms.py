"""A merchant's synonyms: words that mean one another, or words that mean others and not the other way about.

Lines of a file are read in whichever way they are written: JSON, a table with the columns `words` and `means`, or plain
lines as in "sofa, couch, settee" (each means the others) and "trainers => sneakers" (one way).
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bottega.languages.fold import tokens
from bottega.languages.stems import LANGUAGES, stem

__all__ = ["LineUnreadable", "Synonym", "Synonyms", "lines_of"]

PHRASES_MOST = 50
"""Phrases on one side."""
WORDS_MOST = 8
"""Words of one phrase."""
_ARROW = re.compile(r"\s*(?:=>|->|→)\s*")
_WORDS = ("words", "word", "term", "terms", "phrase", "input", "from", "synonyms")
_MEANS = ("means", "meaning", "to", "synonym", "replacement", "replacements", "output")
Phrase = tuple[str, ...]


class LineUnreadable(ValueError):
    """A line that says no synonyms; the text says why."""


@dataclass(frozen=True, slots=True)
class Synonym:
    """`words` mean what `means` says; without it each of them means the others."""

    words: tuple[str, ...]
    means: tuple[str, ...] = ()

    @classmethod
    def of(cls, words: Iterable[str], means: Iterable[str] = ()) -> Synonym:
        """Of phrases as somebody wrote them. Raises `LineUnreadable`."""
        sides = [
            tuple(dict.fromkeys(" ".join(text.split()) for text in side if text.strip())) for side in (words, means)
        ]
        for text in [*sides[0], *sides[1]]:
            if not tokens(text):
                raise LineUnreadable(f"{text!r} holds no word")
            if len(tokens(text)) > WORDS_MOST:
                raise LineUnreadable(f"{text[:60]!r} has more than {WORDS_MOST} words")
        if not sides[0] or (len(sides[0]) < 2 and not sides[1]):
            raise LineUnreadable("one word alone means nothing else")
        if max(map(len, sides)) > PHRASES_MOST:
            raise LineUnreadable(f"more than {PHRASES_MOST} phrases")
        return cls(*sides)

    @property
    def key(self) -> str:
        """What it is about: who says something else of the same words takes it back."""
        sides = sorted(" ".join(tokens(text)) for text in self.words)
        return f"{'>' if self.means else '='} {', '.join(sides)}"


@dataclass(frozen=True)
class Synonyms:
    """What phrases mean, by their folded words and by their stems in each language."""

    meanings: Mapping[tuple[str, Phrase], tuple[Phrase, ...]] = field(default_factory=dict)
    known: frozenset[str] = frozenset()
    """Every word of them: nobody takes it for a slip."""
    longest: int = 1
    """Words of the longest phrase."""

    @classmethod
    def of(cls, entries: Iterable[Synonym]) -> Synonyms:
        """Of what the merchant says."""
        found: dict[tuple[str, Phrase], dict[Phrase, None]] = defaultdict(dict)
        known: set[str] = set()
        longest = 1
        for entry in entries:
            words = [tuple(tokens(text)) for text in entry.words]
            means = [tuple(tokens(text)) for text in entry.means]
            for phrase in words:
                others = dict.fromkeys(other for other in means or words if other != phrase)
                for key in _keys(phrase, tuple(LANGUAGES)):
                    found[key].update(others)
                longest = max(longest, len(phrase))
            known.update(word for phrase in [*words, *means] for word in phrase)
        return cls({key: tuple(others) for key, others in found.items()}, frozenset(known), longest)

    def of_phrase(self, phrase: Phrase, languages: Sequence[str]) -> tuple[Phrase, ...]:
        """What folded words mean besides themselves, whatever their forms in these languages."""
        if not self.meanings:
            return ()
        found = dict.fromkeys(other for key in _keys(phrase, languages) for other in self.meanings.get(key, ()))
        return tuple(other for other in found if other != phrase)


def lines_of(text: str) -> Iterator[tuple[int, Synonym | LineUnreadable]]:
    """Each line with its number, as what it says or why it cannot be read; blank lines and those with # are none."""
    lines = text.lstrip("\ufeff").splitlines()
    first = next((line for line in lines if line.strip() and not line.startswith("#")), "")
    if first.lstrip().startswith("["):
        yield from _json_text(text, lines)
        return
    delimiter = next((mark for mark in ("\t", ";", ",") if mark in first), ",")
    head = [cell.strip().casefold() for cell in next(csv.reader([first], delimiter=delimiter), [])]
    columns = head if len(head) > 1 and head[0] in _WORDS and head[1] in _MEANS else []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#") or (columns and line == first):
            continue
        try:
            yield number, _line(line, delimiter, columns)
        except LineUnreadable as error:
            yield number, error


def _line(line: str, delimiter: str, columns: Sequence[str]) -> Synonym:
    if line.lstrip().startswith(("{", "[")):
        try:
            return _of_json(json.loads(line))
        except (ValueError, RecursionError) as error:
            if isinstance(error, LineUnreadable):
                raise
            raise LineUnreadable("this is no JSON") from error
    if _ARROW.search(line):
        words, means = _ARROW.split(line, maxsplit=1)
        return Synonym.of(_cells(words, delimiter), _cells(means, delimiter))
    cells = _cells(line, delimiter)
    if columns:
        left, right = (cells[place] if place < len(cells) else "" for place in (0, 1))
        return Synonym.of(_several(left), _several(right))
    return Synonym.of(cells)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error as error:
        raise LineUnreadable(str(error)) from error


def _several(cell: str) -> list[str]:
    return re.split(r"[|;,]", cell)


def _json_text(text: str, lines: Sequence[str]) -> Iterator[tuple[int, Synonym | LineUnreadable]]:
    """One JSON list for all; else a list a line."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, list) and whole and not all(isinstance(one, str) for one in whole):
        rows: Iterable[tuple[int, Any]] = enumerate(whole, start=1)
    else:
        rows = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    for number, row in rows:
        try:
            yield number, _line(row, ",", ()) if isinstance(row, str) else _of_json(row)
        except LineUnreadable as error:
            yield number, error


def _of_json(row: Any) -> Synonym:
    if isinstance(row, list):
        return Synonym.of(_texts(row))
    if not isinstance(row, dict):
        raise LineUnreadable("neither an object nor a list")
    fields = {str(name).casefold(): value for name, value in row.items()}
    if fields.get("type") == "oneWaySynonym" or {"input", "synonyms"} <= fields.keys():
        return Synonym.of(_texts(fields.get("input")), _texts(fields.get("synonyms")))
    words = next((fields[name] for name in _WORDS if name in fields), None)
    means = next((fields[name] for name in _MEANS if name in fields), None)
    if words is None:
        raise LineUnreadable("it has no field `words`")
    return Synonym.of(_texts(words), _texts(means))


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    raise LineUnreadable("words are text, or a list of texts")


def _keys(phrase: Phrase, languages: Sequence[str]) -> Iterator[tuple[str, Phrase]]:
    yield "", phrase
    for language in languages:
        yield language, tuple(stem(word, language) for word in phrase)
