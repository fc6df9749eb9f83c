"""The words by which people ask about a product, in a language: data, one file each (`asked/<code>.txt`).

File     Sections in brackets; a line that begins with # is none; a list goes on over commas.
         `[words]`   small lists by name: what begins an `open` question and what one that wants a yes or a no (`ask`),
                     what is `empty` in a question, what asks for the `real` thing, what is a part of a thing (`parts`),
                     what wants the `cheapest` or `dearest` one or `any_of` them, what asks for a `place`, what asks for
                     `advice` on a size, and what wants a number (`howmany`).
         `[keys]`    `height #: how tall, how high = tall, high`: the keys of facts that answer, the first named after
                     the question; the phrases that ask for it; behind `=` those by which a sentence of a listing in
                     this language may answer it. `#`: an answer holds a number; `@`: it holds the name of a country or
                     a people.
         `[says]`    the sentences of answers, with names in braces for what is filled in.
         `[kinds]`   wider subjects: the phrases by which a question is about one, and behind `=` those by which a
                     listing is. For matching.py, and only in languages in which that was judged.
         `[topics]`  what is asked of a shop rather than of a product, by topic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from bottega.languages.fold import tokens
from bottega.languages.stems import stem

__all__ = ["ASKED_LANGUAGES", "AskedKey", "AskedKind", "AskedWords", "Phrase", "asked_words", "spans", "stemmed"]

Phrase = tuple[str, ...]
"""Stems of folded words."""
ASKED_LANGUAGES = ("en", "de", "fr", "es", "it")


@dataclass(frozen=True, slots=True)
class AskedKey:
    """What a question may be about."""

    name: str
    facts: tuple[str, ...]
    """Keys of facts that answer it, the first one before the others."""
    asks: tuple[Phrase, ...]
    passages: tuple[Phrase, ...]
    number: bool
    place: bool


@dataclass(frozen=True, slots=True)
class AskedKind:
    """A wider subject, such as "what comes with it"."""

    asks: tuple[Phrase, ...]
    passages: tuple[Phrase, ...]


@dataclass(frozen=True)
class AskedWords:
    """One language's file."""

    language: str
    lists: Mapping[str, frozenset[Phrase]]
    keys: Mapping[str, AskedKey]
    says: Mapping[str, str]
    topics: Mapping[str, tuple[Phrase, ...]]
    kinds: Mapping[str, AskedKind]

    def said(self, name: str, **values: str) -> str:
        """A sentence of an answer; values are put in as they are, whatever stands in them."""
        text = self.says[name]
        pieces = text.split("{")
        out = [pieces[0]]
        for piece in pieces[1:]:
            key, _, rest = piece.partition("}")
            out += [values[key], rest]
        return "".join(out)


def stemmed(text: str, language: str) -> Phrase:
    """The stems of a text's words."""
    return tuple(stem(word, language) for word in tokens(text))


@cache
def asked_words(language: str) -> AskedWords:
    """A language's file, read once; a language without one is asked in English."""
    code = language if language in ASKED_LANGUAGES else "en"
    here = resources.files("bottega.models.dialogue") / "asked" / f"{code}.txt"
    sections: dict[str, dict[str, str]] = {}
    section = ""
    for line in here.read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[] ")
            sections[section] = {}
        elif line.strip() and not line.startswith("#"):
            name, _, said = line.partition(":")
            sections[section][name.strip()] = said.strip()
    kinds = {}
    for name, said in sections.get("kinds", {}).items():
        asks, _, passages = said.partition(" = ")
        kinds[name] = AskedKind(_phrases(asks, code), _phrases(passages, code))
    keys = {}
    for names, said in sections["keys"].items():
        words = names.split()
        flags = {word for word in words if word in ("#", "@")}
        facts = tuple(word for word in words if word not in flags)
        asks, _, passages = said.partition(" = ")
        keys[facts[0]] = AskedKey(
            facts[0], facts, _phrases(asks, code), _phrases(passages, code), "#" in flags, "@" in flags
        )
    return AskedWords(
        code,
        {name: frozenset(_phrases(said, code)) for name, said in sections["words"].items()},
        keys,
        sections["says"],
        {name: _phrases(said, code) for name, said in sections["topics"].items()},
        kinds,
    )


def _phrases(listed: str, language: str) -> tuple[Phrase, ...]:
    found = (stemmed(text, language) for text in listed.split(","))
    return tuple(dict.fromkeys(phrase for phrase in found if phrase))


def spans(words: Sequence[str], phrases: Iterable[Phrase]) -> list[tuple[int, int]]:
    """Where phrases stand among words, from and to, each place of each phrase."""
    by_first: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        by_first.setdefault(phrase[0], []).append(phrase)
    return [
        (start, start + len(phrase))
        for start, word in enumerate(words)
        for phrase in by_first.get(word, ())
        if tuple(words[start : start + len(phrase)]) == phrase
    ]
