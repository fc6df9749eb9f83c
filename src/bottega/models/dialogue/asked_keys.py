"""What a question asks for: a key of the lists, or an attribute by the name that the merchant gave it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bottega.languages.fold import tokens
from bottega.languages.stems import stem
from bottega.languages.writing import writing
from bottega.models.dialogue.asked_words import AskedKey, AskedWords, Phrase, spans

__all__ = ["MEASURES", "KeyCue", "cue_of", "key_asked"]

_SUBJECTS = frozenset(
    {
        "sleeves", "heel", "sole", "lining", "pockets", "hood", "frame", "batteries", "closure", "drawers", "neckline",
        "pages", "players", "battery_life", "burning_time", "charging", "playing_time", "storage", "light", "speed",
        "print_size", "capacity", "pack", "max_load", "age", "voltage", "instructions", "lights", "range", "assembly",
        "warranty", "origin", "roast", "fit_reviews", "care", "watering",
    }
)  # fmt: skip
"""Keys that say of what a number is asked, and so win over the measures."""
MEASURES = frozenset(
    {"length", "height", "width", "depth", "thickness", "dimensions", "size", "weight", "diameter", "price"}
)
_VAGUE_NAMES = frozenset(
    {
        "use", "light", "key", "kind", "number", "range", "class", "load", "speed", "rise", "leg", "cover", "note",
        "notes", "format", "style", "type", "line", "name", "title", "series", "stated", "feature", "front", "fit",
        "lead", "tip", "mood", "grade", "parts", "shade", "setting", "movement", "location", "application", "form",
        "strings", "stretch", "stone", "dial", "model", "year", "condition", "collection", "subject", "theme", "look",
    }
)  # fmt: skip
"""Names of attributes that are everyday words: they ask for the attribute only behind a word like "which"."""


@dataclass(frozen=True, slots=True)
class KeyCue:
    """What is asked for: a key of the lists, or an attribute by its name."""

    name: str
    facts: tuple[str, ...]
    number: bool = False
    place: bool = False


def cue_of(key: AskedKey) -> KeyCue:
    """As it is asked for."""
    return KeyCue(key.name, key.facts, key.number, key.place)


def key_asked(
    stems: Sequence[str],
    asked: AskedWords,
    names: Collection[str],
    language: str,
    opened: set[int],
    is_open: bool,
    longer: Sequence[tuple[int, int]],
) -> tuple[KeyCue | None, set[int], set[int]]:
    """The key that is asked for, the places of the words that ask for it, and of all that ask for any.

    `longer`: places of values of
    several words, such as vegan leather, in which no single word asks for anything."""
    found: list[tuple[float, int, int, KeyCue]] = []
    for key in asked.keys.values():
        for start, stop in spans(stems, key.asks):
            if any(first <= start and stop <= last and stop - start < last - first for first, last in longer):
                continue
            behind = (start > 0 and start - 1 in opened) or bool(opened & set(range(start, stop)))
            found.append((stop - start + 1.5 * behind, start, stop, cue_of(key)))
    for name, phrases in _called(tuple(sorted(names)), language).items():
        wide = [] if spans(stems, phrases) else [min(places) for places in _strewn(stems, phrases)]
        for start, stop in [*spans(stems, phrases), *((first, first + 2) for first in wide)]:
            behind = start > 0 and start - 1 in opened
            if stop - start == 1 and name in _VAGUE_NAMES and not behind:
                continue
            cue = cue_of(asked.keys[name]) if name in asked.keys else KeyCue(name, (name,))
            found.append((stop - start + 0.5 + 1.5 * behind, start, stop, cue))
    if not found:
        return None, set(), set()
    subjects = [one for one in found if one[3].name in _SUBJECTS or one[3].name not in asked.keys]
    if subjects and any(one[3].name in MEASURES for one in found):
        kept = [one for one in found if one[3].name not in MEASURES] or found
    else:
        kept = found
    best = max(kept, key=lambda one: (one[0], one[2] - one[1], -one[1]))
    used = {place for one in found for place in range(one[1], one[2])}
    cue = best[3]
    if cue.name in asked.keys and not cue.number and is_open and any(one[3].name in MEASURES for one in found):
        cue = KeyCue(cue.name, cue.facts, number=cue.name in ("heel", "sole", "pockets", "drawers"), place=cue.place)
    return cue, set(range(best[1], best[2])), used


def _strewn(stems: Sequence[str], phrases: Sequence[Phrase]) -> list[tuple[int, ...]]:
    """Where all words of a name stand apart: "what size is the print"."""
    return [
        tuple(stems.index(word) for word in phrase)
        for phrase in phrases
        if len(phrase) > 1 and all(word in stems for word in phrase)
    ]


@lru_cache(5_000)
def _called(names: tuple[str, ...], language: str) -> Mapping[str, tuple[Phrase, ...]]:
    """What attributes are called: by their own names, and by what the language calls them."""
    spoken = writing(language)
    found: dict[str, tuple[Phrase, ...]] = {}
    for name in names:
        said = [name.replace("_", " "), spoken.labels.get(name, ""), *spoken.attributes.get(name, ())]
        phrases = [tuple(stem(word, language) for word in tokens(one.replace("_", " "))) for one in said]
        found[name] = tuple(dict.fromkeys(phrase for phrase in phrases if phrase))
    return found
