"""The lists of everyday words: what a word or a phrase means, in any of five languages.

A concept ("kind.sneakers") is what words of several languages have in common; concepts.txt says what it is a kind of.
Words are compared by their stems, phrases word by word. Data: one file a language, beside this one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from bottega.languages.fold import tokens
from bottega.languages.stems import LANGUAGES, stem

__all__ = ["NAMED", "STEPS", "Lexicon", "Meaning", "lexicon"]

STEPS = ("cheaper", "dearer", "larger", "smaller", "darker", "lighter")
"""Lines of words that ask for more or less of something that a product has."""
NAMED = ("of_size", "of_colour", "of_material", "of_brand", "of_pattern")
"""Lines of words that attributes are named by."""
FUNCTIONS = frozenset(
    {"stop", "under", "over", "between", "to", "without", "nor", "own", "behind", "part", "another", *STEPS, *NAMED}
)
"""Lines of the files that say what a word does in a sentence: `nor` goes on with what `without` began, what is one's
`own` is not asked for, what stands `behind` such a word in a title is not what is sold, a `part` of a thing is named
behind it, and `another` asks for what a product is not."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a phrase may mean. `rank`: its place among the words of that concept, 0 for the usual one."""

    concept: str
    language: str
    rank: int


@dataclass(frozen=True)
class Lexicon:
    """`meanings` by the stems of a phrase, under each language; `words` of each concept, folded, by language."""

    meanings: dict[tuple[str, tuple[str, ...]], list[Meaning]]
    words: dict[str, dict[str, list[tuple[str, ...]]]]
    broader: dict[str, str]
    narrower: dict[str, tuple[str, ...]]
    calls_to_mind: dict[str, tuple[str, ...]]
    """Kinds of things that an occasion, a season, a quality makes one think of."""
    functions: dict[str, frozenset[tuple[str, ...]]]
    stops: dict[str, frozenset[str]]
    known: frozenset[str]
    """Every folded word of the lists: nobody takes it for a slip."""
    longest: int = field(default=1)

    def means(self, phrase: Sequence[str], languages: Sequence[str] = tuple(LANGUAGES)) -> list[Meaning]:
        """What folded words mean together, in some languages; where a language has the words themselves, nothing that
        others of the same stems mean: "bolsos" are no "bolsas"."""
        found: dict[tuple[str, str], Meaning] = {}
        for language in languages:
            meant = self.meanings.get((language, tuple(stem(word, language) for word in phrase)), ())
            if len(meant) > 1:
                singular = _singular(phrase)
                just = [
                    one
                    for one in meant
                    if any(_singular(other) == singular for other in self.words[one.concept][language])
                ]
                meant = just or meant
            for meaning in meant:
                found.setdefault((meaning.concept, language), meaning)
        return list(found.values())

    def under(self, concept: str) -> Iterator[str]:
        """What is a kind of it, however remote."""
        for one in self.narrower.get(concept, ()):
            yield one
            yield from self.under(one)


def _singular(phrase: Sequence[str]) -> list[str]:
    """Words without the sign of the plural, where it is a letter more."""
    return [word.removesuffix("s") for word in phrase]


@cache
def lexicon() -> Lexicon:
    """The lists, read once."""
    here = resources.files(__package__)
    meanings: dict[tuple[str, tuple[str, ...]], list[Meaning]] = defaultdict(list)
    words: dict[str, dict[str, list[tuple[str, ...]]]] = defaultdict(dict)
    functions: dict[str, set[tuple[str, ...]]] = {name: set() for name in FUNCTIONS}
    stops: dict[str, frozenset[str]] = {}
    known: set[str] = set()
    longest = 1
    for language in LANGUAGES:
        for line in (here / f"{language}.txt").read_text("utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            name, _, listed = line.partition(": ")
            phrases = [tuple(tokens(text)) for text in listed.split(", ")]
            phrases = list(dict.fromkeys(phrase for phrase in phrases if phrase))
            known.update(word for phrase in phrases for word in phrase)
            if name in FUNCTIONS:
                functions[name].update(phrases)
                longest = max(longest, *map(len, phrases))
                if name == "stop":
                    stops[language] = frozenset(phrase[0] for phrase in phrases)
                continue
            words[name][language] = phrases
            for rank, phrase in enumerate(phrases):
                longest = max(longest, len(phrase))
                meanings[language, tuple(stem(word, language) for word in phrase)].append(Meaning(name, language, rank))
    broader = {}
    narrower: dict[str, list[str]] = defaultdict(list)
    calls_to_mind: dict[str, tuple[str, ...]] = {}
    for line in (here / "concepts.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            one, sign, others = line.partition(" < ") if " < " in line else line.partition(" ~ ")
            if sign == " ~ ":
                calls_to_mind[one] = tuple(others.split(", "))
            else:
                broader[one] = others
                narrower[others].append(one)
    return Lexicon(
        dict(meanings),
        dict(words),
        broader,
        {name: tuple(ones) for name, ones in narrower.items()},
        calls_to_mind,
        {name: frozenset(phrases) for name, phrases in functions.items()},
        stops,
        frozenset(known),
        longest,
    )
