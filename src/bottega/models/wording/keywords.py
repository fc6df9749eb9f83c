"""Keywords asked for: which facts bear one out, or why it may not be written.

Idea     A keyword is cut into phrases that each say one thing. Each must be what a fact says: the same word, a word for
         the same concept, or one for what the fact's concept is a kind of ("shoes" of sneakers). A phrase that the
         merchant wrote into the title counts, unless it is denied there. One phrase that no fact bears out refuses the
         whole keyword, with the phrase named, and with what the listing says of that key instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bottega.languages.fold import fold, tokens
from bottega.languages.kinship import upwards
from bottega.languages.lexicon import lexicon
from bottega.languages.stems import stem
from bottega.languages.writing import LONGEST, concepts_named, writing
from bottega.models.wording.facts import Fact, FactSheet
from bottega.models.wording.keys import NAMESPACES

__all__ = ["Keyword", "keywords_of"]

_DENIED = frozenset(
    {"not", "no", "non", "without", "free", "nicht", "kein", "keine", "ohne", "sans", "pas", "sin", "senza"}
)
_AS_WRITTEN = frozenset({"title", "feature", "name", "front", "line", "brand", "stated", "part_number", "dimensions"})
_OWN_WORDS = frozenset({*NAMESPACES, "brand", "front", "line"})
"""Keys whose whole value is true as it stands, whatever else its words mean."""
_KEY_OF = {space: key for key, spaces in NAMESPACES.items() if key != "age" for space in spaces}


@dataclass(frozen=True, slots=True)
class Keyword:
    """One that was asked for. `facts` bear it out; without any, `why` says the reason."""

    text: str
    facts: tuple[Fact, ...] = ()
    why: str = ""

    def stands_in(self, text: str) -> bool:
        """Whether a text holds it, word for word."""
        words = r"[\s-]+".join(map(re.escape, fold(self.text).split()))
        return re.search(rf"(?<!\w){words}(?!\w)", fold(text)) is not None


def keywords_of(sheet: FactSheet, asked: Sequence[str], language: str) -> tuple[Keyword, ...]:
    """Each keyword with the facts that bear it out, or the reason why it is refused."""
    return tuple(_keyword(sheet, " ".join(text.split()), language) for text in asked if text.strip())


def _keyword(sheet: FactSheet, text: str, language: str) -> Keyword:
    words = tokens(text)
    if not words:
        return Keyword(text, why="it holds no word")
    empty = [phrase for phrase in writing(language).never if phrase in text.casefold()]
    if empty:
        return Keyword(text, why=f"{empty[0]!r} says nothing that a fact could bear out")
    own = (fact for fact in sheet.claimed if fact.key in _OWN_WORDS)
    whole = next((fact for fact in own if tokens(fact.value) == words), None)
    if whole is not None:
        return Keyword(text, (whole,))  # the merchant's own words, whatever they mean elsewhere
    stops = lexicon().stops.get(language, frozenset())
    facts: dict[str, Fact] = {}
    at = 0
    while at < len(words):
        for size in range(min(LONGEST, len(words) - at), 0, -1):
            phrase = tuple(words[at : at + size])
            fact = _bearing(sheet, phrase, language)
            if fact is not None:
                facts[fact.name] = fact
                break
        else:
            size = 1
            if words[at] not in stops:
                return Keyword(text, why=_refusal(sheet, words[at:], language))
        at += size
    if not facts:
        return Keyword(text, why="it says nothing of the product")
    return Keyword(text, tuple(facts.values()))


def _bearing(sheet: FactSheet, phrase: tuple[str, ...], language: str) -> Fact | None:
    """The fact that says what a phrase says."""
    for fact in sheet.claimed:
        if fact.key in _OWN_WORDS and tuple(tokens(fact.value)) == phrase:
            return fact  # the merchant's own word, whatever it means elsewhere
    spoken = dict.fromkeys((language, sheet.language))
    named = frozenset(one for code in spoken for one in _concepts(phrase, code))
    spaces = {one.split(".")[0] for one in named}
    each = {one.split(".")[0] for code in spoken for word in phrase for one in _concepts((word,), code)}
    contradicted = {contradiction.key for contradiction in sheet.contradictions}
    if any(_KEY_OF.get(space) in contradicted for space in spaces | each):
        return None
    for fact in sheet.claimed:
        broader = upwards(fact.concept) if fact.key == "kind" else (fact.concept,)
        if fact.concept and named & set(broader):
            return fact
    same = tuple(stem(word, sheet.language) for word in phrase)
    for fact in sheet.claimed:
        if fact.key in ("kind", "price") or (fact.key in _AS_WRITTEN and named and spaces & _KEY_OF.keys()):
            continue  # a word that has a key of its own must be that key's fact, not a word of some name
        said = [stem(word, sheet.language) for word in tokens(f"{fact.value} {fact.unit}")]
        if fact.key not in _AS_WRITTEN and tuple(said) != same:
            continue  # "faux leather" is no leather
        for place in range(len(said) - len(same) + 1):
            if tuple(said[place : place + len(same)]) == same and not _denied(said, place):
                return fact
    return None


def _denied(said: Sequence[str], place: int) -> bool:
    return bool(_DENIED & set(said[max(0, place - 2) : place]))


def _concepts(phrase: tuple[str, ...], language: str) -> frozenset[str]:
    """What a phrase is the very name of, and what search's lists take it for."""
    usual = {meaning.concept for meaning in lexicon().means(phrase, (language,)) if meaning.rank == 0}
    kinds = {meaning.concept for meaning in lexicon().means(phrase, (language,)) if meaning.concept.startswith("kind.")}
    exact = set(concepts_named(phrase, language))
    return frozenset(exact | usual | (kinds if not exact else set()))


def _refusal(sheet: FactSheet, words: Sequence[str], language: str) -> str:
    for size in range(min(LONGEST, len(words)), 0, -1):
        phrase = tuple(words[:size])
        for concept in sorted(_concepts(phrase, language)):
            key = _KEY_OF.get(concept.split(".")[0], "")
            for contradiction in sheet.contradictions:
                if contradiction.key == key:
                    return f"the listing contradicts itself ({contradiction.says})"
            facts = sheet.of(key)
            if facts:
                return f"no fact says {' '.join(phrase)!r}; of {key} the listing says {facts[0].value!r}"
    return f"no fact says {words[0]!r}"
