"""What the lists of words may read at a place of a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from bottega.models.wording.proof.words import Phrase, ProofWords, Sense, proof_words

__all__ = ["senses_at"]


@cache
def _by_base(language: str) -> dict[str, list[tuple[Phrase, Sense]]]:
    words = proof_words(language)
    index: dict[str, list[tuple[Phrase, Sense]]] = defaultdict(list)
    for phrase, sense in words.senses.items():
        for base in words.bases(phrase[0]):
            index[base].append((phrase, sense))
    return dict(index)


def senses_at(texts: Sequence[str], at: int, words: ProofWords) -> dict[int, list[Sense]]:
    """What the lists may read at a place, by the number of words."""
    found: dict[int, list[Sense]] = defaultdict(list)
    index = _by_base(words.language)
    seen: set[Phrase] = set()
    for base in words.bases(texts[at]):
        for phrase, sense in index.get(base, ()):
            if phrase in seen or at + len(phrase) > len(texts):
                continue
            if all(words.alike(one, other) for one, other in zip(phrase, texts[at : at + len(phrase)], strict=True)):
                seen.add(phrase)
                found[len(phrase)].append(sense)
    return found
