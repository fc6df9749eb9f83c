"""A question about a product, read: what it asks for, and whether it wants a yes or a no to a value.

Idea     A question asks for a key ("how heavy": the weight), or names a value and thereby its key ("is it red?"), or
         uses the name that the merchant gave an attribute. What of it is none of this is kept as words that an answer
         must speak of: "does it have a laptop sleeve" is answered by what speaks of a laptop sleeve, or not at all.
         Nothing of the product is known here but the names of its attributes and the words of its title.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from bottega.languages.fold import tokens
from bottega.languages.lexicon import lexicon
from bottega.languages.stems import stem
from bottega.models.dialogue.asked_keys import MEASURES, KeyCue, cue_of, key_asked
from bottega.models.dialogue.asked_values import (
    KEY_OF_SPACE,
    AskedValue,
    concepts_in,
    longer_values,
    measures_of,
    sizes_named,
    values_named,
)
from bottega.models.dialogue.asked_words import ASKED_LANGUAGES, AskedWords, asked_words, spans

__all__ = ["AskedQuestion", "read_question"]

_OF_WHAT = frozenset({"ingredients", "origin", "contents"})
"""Keys of words such as "contain" and "made in", by which a material is asked for where one is named."""
_PLAIN = {"material.genuine_leather": "material.leather"}
"""What is the real thing by its name."""


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
    any_of: bool = False
    """Whether it asks if the shop has any such thing: "do you have any lamps"."""
    rest: str = field(default="", compare=False)
    """The words without those that ask for the cheapest or the most expensive one, or for any."""


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
    most, any_of, rest, gone = _of_all(text, words, stems, asked)
    key, asking, used = key_asked(stems, asked, names, language, opened, is_open, longer_values(words, language))
    used |= gone
    forms = {
        place
        for name in ("open", "ask")
        for start, stop in spans(stems, asked.lists[name])
        for place in range(start, stop)
    }
    values, valued = values_named(words, used | forms, language)
    sizes = sizes_named(text) if key is None or key.name in ("size", "stock") else ()
    if key is None and about and about in asked.keys and not values and not sizes:
        key = cue_of(asked.keys[about])
    if key is None and sizes:
        key = cue_of(asked.keys["size"])
    if key is None and values and (space := KEY_OF_SPACE.get(values[0].concept.split(".")[0])):
        key = cue_of(asked.keys[space]) if space in asked.keys else KeyCue(space, (space,))
    if key is not None and key.name in _OF_WHAT and values and values[0].concept.startswith("material."):
        key = cue_of(asked.keys["material"])
    if key is not None and key.name == "material" and spans(stems[:2], asked.lists["place"]):
        key = cue_of(asked.keys["origin"])
    if key is not None:
        space = next((one for one, name in KEY_OF_SPACE.items() if name == key.name), "")
        values = tuple(one for one in values if one.concept.startswith(f"{space}.")) if space else ()
    if key is not None and (key.number or key.name in MEASURES):
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
        any_of=any_of,
        rest=rest,
    )


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


def _of_all(
    text: str, words: Sequence[str], stems: Sequence[str], asked: AskedWords
) -> tuple[int, bool, str, set[int]]:
    """Whether the cheapest (-1), the dearest (1) or any of all things is asked for; of which; by which words."""
    for name, side in (("cheapest", -1), ("dearest", 1), ("any_of", 0)):
        if found := spans(stems, asked.lists[name]):
            start, stop = max(found, key=lambda one: one[1] - one[0])
            gone = set(range(start, stop))
            kept = [word for place, word in enumerate(words) if place not in gone]
            small = {one for name in ("empty", "open", "ask") for phrase in asked.lists[name] for one in phrase}
            stops = lexicon().stops[asked.language] - _steering()
            rest = [word for word in kept if stem(word, asked.language) not in small and word not in stops]
            return side, not side, " ".join(rest), gone if side else set()
    return 0, False, text, set()


@cache
def _steering() -> frozenset[str]:
    """Words that say what the others do: "without", "under"; no wish can spare them."""
    functions = lexicon().functions
    names = ("without", "nor", "under", "over", "between", "to")
    return frozenset(word for name in names for phrase in functions[name] for word in phrase)


def _meaning(words: Sequence[str], language: str, kinds: Collection[str]) -> list[str]:
    """Words that mean one of these kinds of things."""
    return [
        word for start, stop, concept in concepts_in(words, language) if concept in kinds for word in words[start:stop]
    ]


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
