"""Which passage of a listing answers a question that no rule reads: measured by what both speak of, and how likely.

Idea     A logistic regression on some numbers of a question and a passage: how much of what is asked for stands
         in it, weighed by how rare the words are; whether it speaks of the same things in the words of listings
         (`asked/`: "fit my" is answered by "compatible"); whether it holds a number where one is asked for; what the
         question names that it has not; and whether the rules would take it (passages.py). The likeliest passage is
         quoted, where its chance is so high that hardly any question which nothing answers is answered.
Source   Robertson & Zaragoza 2009 for the weighing of words, https://doi.org/10.1561/1500000019.
Shapes   N passages, F numbers of each, B places of the table of how often a word stands in passages.
Costs    Some 0.1 ms a passage on one core; no encoder.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.stems import stem
from bottega.models.blocks.cards import read_card
from bottega.models.blocks.logistic import chance
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.dialogue.asked_values import measures_of
from bottega.models.dialogue.asked_words import AskedWords, asked_words, spans
from bottega.models.dialogue.passages import can_answer, rule_score
from bottega.models.dialogue.questions import AskedQuestion

__all__ = ["MATCHED_LANGUAGES", "Matcher", "OfferedPassage", "place_of_word", "words_of"]

MATCHED_LANGUAGES = frozenset({"en"})
"""Languages of questions and listings that it was judged in."""
PLACES = 4096
"""B."""
_NUMBERED = re.compile(r"[a-z]*\d[\w.-]*")
_NEGATION = re.compile(r"\b(?:not|no|never|without|except|only|non|cannot)\b|n't\b")
_START = 4
"""Letters from which the beginning of a word counts as the word: "puff" and "puffiness"."""
_SATURATION, _USUAL = 1.2, 20.0
"""Of a word that stands several times, and words of a passage (BM25)."""


class OfferedPassage(NamedTuple):
    """One passage, or one fact with its name."""

    name: str
    """Of an attribute; empty of a sentence."""
    text: str

    @property
    def words(self) -> str:
        """What it says, with its name before it."""
        return f"{self.name.replace('_', ' ')}: {self.text}" if self.name else self.text


@cache
def _empty(language: str) -> frozenset[str]:
    """Stems that say nothing of what is asked for."""
    asked = asked_words(language)
    lists = ("empty", "open", "ask", "real", "howmany")
    small = {phrase[0] for name in lists for phrase in asked.lists[name] if len(phrase) == 1}
    return frozenset(small | {stem(word, language) for word in lexicon().stops[language]} | lexicon().stops[language])


def words_of(text: str, language: str) -> list[str]:
    """Stems of a text."""
    return [stem(word, language) for word in tokens(text)]


def place_of_word(word: str) -> int:
    """The place of a stem in the table."""
    return zlib.crc32(word.encode()) % PLACES


def _named(words: Sequence[str], asked: AskedWords) -> dict[str, bool]:
    """The subjects of `[kinds]` that a question speaks of."""
    return {name: bool(spans(words, one.asks)) for name, one in asked.kinds.items()}


@dataclass(frozen=True, eq=False)
class Matcher:
    """The weights [F + 1] of numbers of mean 0 and spread 1, the constant last; and the chance that is enough."""

    names: tuple[str, ...]
    weights: NDArray[np.float64]
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    rarity: NDArray[np.float64]
    """How rare a word is [B]: the logarithm of passages a passage that holds it."""
    least: float
    """The chance from which a passage answers."""

    def chances(
        self, question: AskedQuestion, own_words: Collection[str], passages: Sequence[OfferedPassage]
    ) -> NDArray[np.float64]:
        """How likely each passage answers [N]. `own_words`: of the product's title."""
        rows = measured(question, own_words, passages, self.rarity)
        table = np.array([[row[name] for name in self.names] for row in rows]).reshape(-1, len(self.names))
        inputs = np.column_stack([(table - self.mean) / self.spread, np.ones(len(rows))])
        return chance(inputs, self.weights)

    def best(
        self, question: AskedQuestion, own_words: Collection[str], passages: Sequence[OfferedPassage]
    ) -> int | None:
        """Which passage answers; None where it is likelier that none does than a shop should risk."""
        if not passages or question.language not in MATCHED_LANGUAGES:
            return None
        held = np.array([can_answer(question, one.text) for one in passages])
        found = np.where(held, self.chances(question, own_words, passages), 0.0)
        best = int(found.argmax())
        return best if found[best] >= self.least else None

    def save(self, folder: Path) -> None:
        """Write it; the card, which holds `names` and `least`, comes from whoever trained it."""
        folder.mkdir(parents=True, exist_ok=True)
        numbers = np.stack([self.weights[:-1], self.mean, self.spread]).astype(np.float32)
        np.savez_compressed(
            folder / "matcher.npz",
            numbers=numbers,
            constant=np.float32(self.weights[-1]),
            rarity=self.rarity.astype(np.float16),
        )

    @classmethod
    def load(cls, folder: Path) -> Matcher:
        """What `save` wrote, with its card."""
        card = read_card(folder)
        with np.load(folder / "matcher.npz", allow_pickle=False) as kept:
            weights, mean, spread = kept["numbers"].astype(np.float64)
            constant, rarity = float(kept["constant"]), kept["rarity"].astype(np.float64)
        return cls(tuple(card["features"]), np.append(weights, constant), mean, spread, rarity, float(card["least"]))

    @classmethod
    @cache
    def shipped(cls) -> Matcher:
        """The one that comes along."""
        return cls.load(shipped_folder("dialogue", "matcher"))


def measured(
    question: AskedQuestion, own_words: Collection[str], passages: Sequence[OfferedPassage], rarity: NDArray[np.float64]
) -> list[dict[str, float]]:
    """The numbers of each passage, by name."""
    language = question.language
    asked, empty = asked_words(language), _empty(language)
    own = {stem(word, language) for word in own_words}
    words = words_of(question.text, language)
    content = [word for word in dict.fromkeys(words) if word not in empty]
    wanted = _Wanted(
        words,
        [word for word in content if word not in own],
        [word for word in content if word in own],
        own,
        _named(words, asked),
        {key.name for key in asked.keys.values() if spans(words, key.asks)},
        set(_NUMBERED.findall(question.text.casefold())),
    )
    return [_of_passage(question, wanted, one, asked, empty, rarity) for one in passages]


class _Wanted(NamedTuple):
    """A question, taken apart once for all passages."""

    words: list[str]
    content: list[str]
    """Stems that say something and are not the title's."""
    of_title: list[str]
    own: set[str]
    kinds: dict[str, bool]
    keys: set[str]
    numbered: set[str]
    """Numbers and names of models."""


def _of_passage(
    question: AskedQuestion,
    wanted: _Wanted,
    passage: OfferedPassage,
    asked: AskedWords,
    empty: frozenset[str],
    rarity: NDArray[np.float64],
) -> dict[str, float]:
    said = passage.words
    lower = said.casefold()
    words = words_of(said, asked.language)
    there = set(words)

    def rare(word: str) -> float:
        return float(rarity[place_of_word(word)])

    held = [word for word in wanted.content if _stands(word, there)]
    missed = [word for word in wanted.content if word not in held]
    of_title = [word for word in wanted.of_title if _stands(word, there)]
    whole = sum(map(rare, wanted.content))
    every = whole + sum(map(rare, wanted.of_title))
    pairs = set(pairwise(wanted.words)) & set(pairwise(words))
    long = 0.25 + 0.75 * len(words) / _USUAL
    number = any(letter.isdigit() for letter in passage.text)
    needs = question.many or wanted.kinds.get("measure", False)
    numbered = set(_NUMBERED.findall(lower))
    name = set(words_of(passage.name.replace("_", " "), asked.language)) if passage.name else set()
    rule = rule_score(question, said, asked.language)
    row = {
        "share": sum(map(rare, held)) / whole if whole else 0.0,
        "share_with_title": sum(map(rare, [*held, *of_title])) / every if every else 0.0,
        "held": sum(map(rare, held)),
        "missed": sum(map(rare, missed)),
        "rarest_held": max(map(rare, held), default=0.0),
        "rarest_missed": max(map(rare, missed), default=0.0),
        "count_held": len(held),
        "count_missed": len(missed),
        "title_held": len(of_title),
        "title_asked": len(wanted.of_title),
        "pairs": sum(not (first in empty and second in empty) for first, second in pairs),
        "weighed": sum(
            rare(word) * (1 + _SATURATION) * words.count(word) / (words.count(word) + _SATURATION * long)
            for word in (*wanted.content, *wanted.of_title)
        ),
        "length": math.log1p(len(words)),
        "question_length": math.log1p(len(wanted.words)),
        "attribute": bool(passage.name),
        "new": sum(word not in wanted.own and word not in empty for word in there) / max(len(words), 1),
        "of_title": sum(word in wanted.own for word in there) / max(len(there), 1),
        "number": number,
        "unit": any(unit for _, unit in measures_of(passage.text)) or bool(re.search(r"\d\s?[\"”″]", passage.text)),
        "negation": bool(_NEGATION.search(lower)),
        "asks": said.rstrip().endswith("?"),
        "numbered_held": len(wanted.numbered & numbered),
        "numbered_missed": len(wanted.numbered - numbered),
        "number_needed": needs and number,
        "number_lacking": needs and not number,
        "name_held": len(name & set(wanted.words)) / max(len(name), 1),
        "rule": rule,
        "rule_taken": rule > 0,
    }
    spoken = {key for key in wanted.keys if spans(words, asked.keys[key].passages)}
    row |= {"keys_held": len(spoken), "keys_missed": len(wanted.keys - spoken), "keys": len(wanted.keys)}
    row["key_named"] = question.key is not None and passage.name in question.key.facts
    kinds = {kind for kind, named in wanted.kinds.items() if named and asked.kinds[kind].passages}
    alike = sum(bool(spans(words, asked.kinds[kind].passages)) for kind in kinds)
    row |= {"kinds_held": alike, "kinds_missed": len(kinds) - alike}
    return {name: float(value) for name, value in row.items()}


def _stands(word: str, there: set[str]) -> bool:
    if word in there:
        return True
    if len(word) <= _START:
        return False
    return any(len(other) >= _START and (other.startswith(word) or word.startswith(other)) for other in there)
