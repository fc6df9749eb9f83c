"""A question about a product, read: what it asks for, and whether it wants a yes or a no to a value.

Idea     A question asks for a key ("how heavy": the weight), or names a value and thereby its key ("is it red?"), or
         uses the name that the merchant gave an attribute. What of it is none of this is kept as words that an answer
         must speak of: "does it have a laptop sleeve" is answered by what speaks of a laptop sleeve, or not at all.
         Nothing of the product is known here but the names of its attributes and the words of its title.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.stems import stem
from bottega.languages.writing import concepts_named, writing
from bottega.models.dialogue.asked_words import ASKED_LANGUAGES, AskedKey, AskedWords, Phrase, asked_words, spans

__all__ = ["AskedQuestion", "AskedValue", "KeyCue", "concepts_in", "measures_of", "read_question"]

KEY_OF_SPACE: Mapping[str, str] = {
    "material": "material",
    "colour": "colour",
    "pattern": "pattern",
    "people": "people",
    "season": "season",
    "occasion": "occasion",
}
"""Of a concept's space, the key whose value it is."""
_SUBJECTS = frozenset(
    {
        "sleeves", "heel", "sole", "lining", "pockets", "hood", "frame", "batteries", "closure", "drawers", "neckline",
        "pages", "players", "battery_life", "burning_time", "charging", "playing_time", "storage", "light", "speed",
        "print_size", "capacity", "pack", "max_load", "age", "voltage", "instructions", "lights", "range", "assembly",
        "warranty", "origin", "roast", "fit_reviews", "care", "watering",
    }
)  # fmt: skip
"""Keys that say of what a number is asked, and so win over the measures."""
_MEASURES = frozenset(
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
_SIZE = re.compile(r"(?<![\w'’.,/-])((?:[2-5]|X{0,3})X[SL]|[SML])(?![\w'’]|[.,]\d)")
_SIZE_LOW = re.compile(r"(?<![\w'’.,/-])([2-5]x[sl]|x{1,4}[sl])(?![\w'’])", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![\w.,])(\d+(?:[.,]\d+)?)\s?(cm|mm|m|km|kg|g|mg|lbs?|oz|ml|cl|l|inch(?:es)?|in|ft|feet|zoll|v|volts?|w|watts?|"
    r"gb|tb|mah|%|litres?|liters?|liter|litros?|litri|jahre|years?|ans|años|anni|pieces?|pcs|stück)?(?![\w])",
    re.IGNORECASE,
)
_LONGEST = 4
_PLAIN = {"material.genuine_leather": "material.leather"}
"""What is the real thing by its name."""


@dataclass(frozen=True, slots=True)
class AskedValue:
    """A value that a question names. `concept` where the lists know it; `number` and `unit` of a measure."""

    words: str
    concept: str = ""
    number: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class KeyCue:
    """What is asked for: a key of the lists, or an attribute by its name."""

    name: str
    facts: tuple[str, ...]
    number: bool = False
    place: bool = False


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question, read."""

    text: str
    language: str
    key: KeyCue | None = None
    yes_no: bool = False
    values: tuple[AskedValue, ...] = ()
    """Those of the key; of another key's only where the question names none of its own."""
    sizes: tuple[str, ...] = ()
    """As labels write them: "XL", "42"."""
    words: tuple[str, ...] = ()
    """Folded words that are none of all this, and say what of the product is meant."""
    parts: tuple[str, ...] = ()
    """Those of them that are parts of a thing."""
    content: tuple[str, ...] = ()
    """All folded words that are not empty, those that ask for the key included."""
    real: bool = False
    """Whether the real thing is asked for, and no imitation."""
    many: bool = False
    """Whether a number is asked for."""
    most: int = 0
    """-1: the cheapest one is asked for; 1: the most expensive one."""
    advice: bool = False
    """Whether it asks what would be right for somebody: which size to take."""
    by_value: bool = False
    """Whether only a value says what is asked for."""
    rest: str = field(default="", compare=False)
    """The words without those that ask for the cheapest or the most expensive one."""


def read_question(
    text: str,
    language: str,
    *,
    names: Collection[str] = (),
    own_words: Collection[str] = (),
    own_kinds: Collection[str] = (),
    about: str = "",
) -> AskedQuestion:
    """Read a question. `names`: of the product's attributes; `own_words`: folded words of its title and its kinds;
    `own_kinds`: what these mean; `about`: the key that is meant where the words name none."""
    first = language if language in ASKED_LANGUAGES else "en"
    found = _read(text, first, names, own_words, own_kinds, about)
    if found.key is not None or found.values or found.sizes:
        return found
    for other in ASKED_LANGUAGES:
        if other != first:
            tried = _read(text, other, names, own_words, own_kinds, "")
            if tried.key is not None and len(tried.words) < len(found.words):
                return tried
    return found


def _read(
    text: str,
    language: str,
    names: Collection[str],
    own_words: Collection[str],
    own_kinds: Collection[str],
    about: str,
) -> AskedQuestion:
    asked = asked_words(language)
    words = tokens(text)
    stems = [stem(word, language) for word in words]
    own_words = {*own_words, *_meaning(words, language, own_kinds)}
    opened, is_open, is_ask = _form(stems, asked)
    most, rest, gone = _superlative(text, words, stems, asked)
    key, asking, used = _key(stems, asked, names, language, opened, is_open, _longer_values(words, language))
    used |= gone
    values, valued = _values(words, used, language)
    sizes = _sizes(text, key, words)
    if key is None and about and about in asked.keys and not values and not sizes:
        key = _cue(asked.keys[about])
    if key is None and sizes:
        key = _cue(asked.keys["size"])
    if key is None and values and (space := KEY_OF_SPACE.get(values[0].concept.split(".")[0])):
        key = _cue(asked.keys[space]) if space in asked.keys else KeyCue(space, (space,))
    if key is not None and key.name == "material" and spans(stems[:2], asked.lists["place"]):
        key = _cue(asked.keys["origin"])
    if key is not None:
        space = next((one for one, name in KEY_OF_SPACE.items() if name == key.name), "")
        values = tuple(one for one in values if one.concept.startswith(f"{space}.")) if space else ()
    if key is not None and (key.number or key.name in _MEASURES):
        values += tuple(AskedValue(f"{number} {unit}", number=number, unit=unit) for number, unit in measures_of(text))
    left, parts = _left(words, stems, used | valued, asking, asked, own_words, sizes)
    content, _ = _left(words, stems, gone, gone, asked, (), ())
    real = bool(spans(stems, asked.lists["real"])) or any(one.concept in _PLAIN for one in values)
    values = tuple(replace(one, concept=_PLAIN.get(one.concept, one.concept)) for one in values)
    many = bool(spans(stems, asked.lists["howmany"]))
    return AskedQuestion(
        text,
        language,
        key,
        yes_no=not is_open and (is_ask or bool(values) or bool(sizes) or text.rstrip().endswith("?")),
        values=values,
        sizes=sizes,
        words=left,
        parts=parts,
        content=content,
        real=real,
        many=many or (key is not None and key.number),
        most=most,
        advice=bool(spans(stems, asked.lists["advice"])),
        by_value=key is not None and not asking and bool(values),
        rest=rest,
    )


def _cue(key: AskedKey) -> KeyCue:
    return KeyCue(key.name, key.facts, key.number, key.place)


def _form(stems: Sequence[str], asked: AskedWords) -> tuple[set[int], bool, bool]:
    """Places of words that open a question; whether it is an open one; whether it asks for a yes or a no.

    The longest phrase counts: "est-ce que" holds "que", and is no "what".
    """
    found = [(start, stop, "open") for start, stop in spans(stems, asked.lists["open"])]
    found += [(start, stop, "ask") for start, stop in spans(stems, asked.lists["ask"])]
    found.sort(key=lambda one: (one[0] - one[1], one[0], one[2]))
    taken: set[int] = set()
    opened: set[int] = set()
    asks = False
    for start, stop, kind in found:
        if taken & set(range(start, stop)):
            continue
        taken |= set(range(start, stop))
        if kind == "open":
            opened |= set(range(start, stop))
        else:
            asks = True
    return opened, bool(opened), asks


def _superlative(text: str, words: Sequence[str], stems: Sequence[str], asked: AskedWords) -> tuple[int, str, set[int]]:
    for name, side in (("cheapest", -1), ("dearest", 1)):
        if found := spans(stems, asked.lists[name]):
            start, stop = max(found, key=lambda one: one[1] - one[0])
            gone = set(range(start, stop))
            kept = [word for place, word in enumerate(words) if place not in gone]
            small = {one for name in ("empty", "open", "ask") for phrase in asked.lists[name] for one in phrase}
            stops = lexicon().stops[asked.language] - _steering()
            rest = [word for word in kept if stem(word, asked.language) not in small and word not in stops]
            return side, " ".join(rest), gone
    return 0, text, set()


@cache
def _steering() -> frozenset[str]:
    """Words that say what the others do: "without", "under"; no wish can spare them."""
    functions = lexicon().functions
    names = ("without", "nor", "under", "over", "between", "to")
    return frozenset(word for name in names for phrase in functions[name] for word in phrase)


def _key(
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
            found.append((stop - start + 1.5 * behind, start, stop, _cue(key)))
    for name, phrases in _called(tuple(sorted(names)), language).items():
        wide = [] if spans(stems, phrases) else [min(places) for places in _strewn(stems, phrases)]
        for start, stop in [*spans(stems, phrases), *((first, first + 2) for first in wide)]:
            behind = start > 0 and start - 1 in opened
            if stop - start == 1 and name in _VAGUE_NAMES and not behind:
                continue
            cue = _cue(asked.keys[name]) if name in asked.keys else KeyCue(name, (name,))
            found.append((stop - start + 0.5 + 1.5 * behind, start, stop, cue))
    if not found:
        return None, set(), set()
    subjects = [one for one in found if one[3].name in _SUBJECTS or one[3].name not in asked.keys]
    if subjects and any(one[3].name in _MEASURES for one in found):
        kept = [one for one in found if one[3].name not in _MEASURES] or found
    else:
        kept = found
    best = max(kept, key=lambda one: (one[0], one[2] - one[1], -one[1]))
    used = {place for one in found for place in range(one[1], one[2])}
    cue = best[3]
    if cue.name in asked.keys and not cue.number and is_open and any(one[3].name in _MEASURES for one in found):
        cue = KeyCue(cue.name, cue.facts, number=cue.name in ("heel", "sole", "pockets", "drawers"), place=cue.place)
    return cue, set(range(best[1], best[2])), used


def _strewn(stems: Sequence[str], phrases: Sequence[Phrase]) -> list[tuple[int, ...]]:
    """Where all words of a name stand apart: "what size is the print"."""
    return [
        tuple(stems.index(word) for word in phrase)
        for phrase in phrases
        if len(phrase) > 1 and all(word in stems for word in phrase)
    ]


def _meaning(words: Sequence[str], language: str, kinds: Collection[str]) -> list[str]:
    """Words that mean one of these kinds of things."""
    return [
        word for start, stop, concept in concepts_in(words, language) if concept in kinds for word in words[start:stop]
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


def concepts_in(words: Sequence[str], language: str) -> list[tuple[int, int, str]]:
    """What folded words mean, the longest phrases first: from, to, concept."""
    found: list[tuple[int, int, str]] = []
    taken: set[int] = set()
    for length in range(min(_LONGEST, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            places = set(range(start, start + length))
            if taken & places:
                continue
            meant = _meant(tuple(words[start : start + length]), language)
            if meant:
                taken |= places
                found += [(start, start + length, one) for one in meant]
    return sorted(found)


@lru_cache(50_000)
def _meant(phrase: Phrase, language: str) -> tuple[str, ...]:
    exact = concepts_named(phrase, language)
    return exact or tuple(dict.fromkeys(one.concept for one in lexicon().means(phrase, (language,))))


def _longer_values(words: Sequence[str], language: str) -> list[tuple[int, int]]:
    return [
        (start, stop)
        for start, stop, concept in concepts_in(words, language)
        if stop - start > 1 and concept.split(".")[0] in KEY_OF_SPACE
    ]


def _values(words: Sequence[str], used: set[int], language: str) -> tuple[tuple[AskedValue, ...], set[int]]:
    """Values that the words name, and their places."""
    found: list[AskedValue] = []
    places: set[int] = set()
    for start, stop, concept in concepts_in(words, language):
        here = set(range(start, stop))
        if here & used or concept.split(".")[0] not in KEY_OF_SPACE or places & here:
            continue
        places |= here
        found.append(AskedValue(" ".join(words[start:stop]), concept))
    return tuple(found), places


def _sizes(text: str, key: KeyCue | None, words: Sequence[str]) -> tuple[str, ...]:
    """Sizes that are named: letters as labels write them, and numbers where a size or nothing else is asked for."""
    if key is not None and key.name not in ("size", "stock"):
        return ()
    letters = [one[1].upper() for pattern in (_SIZE, _SIZE_LOW) for one in pattern.finditer(text)]
    numbers = [one[1] for one in _NUMBER.finditer(text) if not one[2] and len(one[1]) <= 4]
    return tuple(dict.fromkeys([*letters, *numbers]))


def _left(
    words: Sequence[str],
    stems: Sequence[str],
    used: set[int],
    asking: set[int],
    asked: AskedWords,
    own_words: Collection[str],
    sizes: Collection[str],
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words that nothing was made of, and those of them that are parts of a thing."""
    stops = lexicon().stops[asked.language]
    small = set(used)
    for name in ("empty", "open", "ask", "real", "howmany"):
        small |= {place for start, stop in spans(stems, asked.lists[name]) for place in range(start, stop)}
    own = {stem(word, asked.language) for word in own_words}
    lower = {size.casefold() for size in sizes}
    parts = {start for start, _ in spans(stems, asked.lists["parts"]) if stems[start] not in own} - asking
    left = [
        (place, word)
        for place, word in enumerate(words)
        if place in parts or not (place in small or word in stops or word in lower or stems[place] in own)
    ]
    return tuple(word for _, word in left), tuple(word for place, word in left if place in parts)


def measures_of(text: str) -> Iterable[tuple[str, str]]:
    """Numbers of a text with their units, folded."""
    for found in _NUMBER.finditer(text):
        yield found[1].replace(",", "."), (found[2] or "").casefold()
