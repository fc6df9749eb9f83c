"""The words by which a language says of what a value is the value: read from `languages/proof`, one file a language.

Lines of a file, each with phrases behind a colon:
`empty` claims nothing; `and` goes on with a list; `link` may stand between a key's name and its value; `not` denies.
`before K...` stands before values of these keys alone ("made of": material), `after K...` behind them ("-coloured").
`weak` is what stands before a value whose key is named behind it ("with a satin lining"). `name K` names a key.
`endings` is what a word may end in and be the same word, `unlike` the words of which that is not true; `same` are words
that can be exchanged. `also R` is read as something of room R where it stands bare. `numbers` are the words for two,
three and so on; `compounds` stand between two nouns that are written as one. `unit U`, `money C`: how a measure and a
currency are written. `yes` is what a value is where its key says it all. How reviews are counted stands in a folder of
its own (counted_reviews.py).

Which words are exactly one thing, and can be exchanged, the file for writing says (`languages/writing`); what a word
may be read as is what any list has it as.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from bottega.currencies import SHARED_SIGNS, SIGNS
from bottega.languages.fold import fold
from bottega.languages.writing import writing, writing_languages
from bottega.models.wording.proof.pieces import pieces

__all__ = ["OWN", "Cue", "ProofWords", "Sense", "proof_languages", "proof_lines", "proof_words", "room_of", "spoken"]

OWN = "*"
"""Stands for every key that the lists have no room for."""
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cue:
    """What a phrase says of the value beside it."""

    before: frozenset[str] = frozenset()
    """Keys whose values may stand behind it."""
    after: frozenset[str] = frozenset()
    """Keys whose values may stand before it."""
    names: str = ""
    """The key that it is the name of."""
    is_weak: bool = False


@dataclass(frozen=True, slots=True)
class Sense:
    """What a phrase may mean by the lists of words. `exact`: the concepts that it is the plain word for."""

    exact: frozenset[str] = frozenset()
    rooms: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ProofWords:
    """One language's."""

    language: str
    functions: dict[Phrase, str]
    """`empty`, `and`, `link`, `not`, `yes`, and what each phrase is of them; `not` before the others."""
    links: frozenset[Phrase]
    cues: dict[Phrase, Cue]
    senses: dict[Phrase, Sense]
    """By folded words; a phrase is looked up under every base of each of its words."""
    units: dict[str, str]
    money: dict[str, frozenset[str]]
    yes: frozenset[Phrase]
    numbers: dict[str, str]
    """Words for two and more, and the digits."""
    compounds: tuple[str, ...]
    """What stands between two nouns that are written as one word, where the language does that."""
    unlike: frozenset[str]
    endings: tuple[tuple[str, str], ...]
    longest: int

    def bases(self, word: str) -> frozenset[str]:
        """What a word may be a form of, itself among it."""
        return _bases(self.language, word)

    def alike(self, one: str, other: str) -> bool:
        """Whether two words are forms of one word."""
        return one == other or not self.bases(one).isdisjoint(self.bases(other))


@cache
def _bases(language: str, word: str) -> frozenset[str]:
    words = proof_words(language)
    if word in words.unlike or not word.isalpha():
        return frozenset((word,))
    found = {word}
    for ending, instead in words.endings:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            found.add(word.removesuffix(ending) + instead)
    return frozenset(found)


def spoken(text: str) -> Phrase:
    """The words of a phrase of the files, as the proof compares them."""
    return tuple(piece.text for piece in pieces(text) if not piece.is_sign or piece.text in '%"″°€$£&#+')


@cache
def _keys() -> dict[str, str]:
    """Other names of keys -> the room."""
    found = {}
    for name, listed in proof_lines("keys.txt"):
        for other in listed:
            found[fold(other)] = name
    return found


@cache
def room_of(key: str) -> str:
    """The room of the lists that a fact's key is about; a key that they do not know is its own room."""
    plain = fold(key.replace("_", " ").replace("-", " ")).strip()
    return _keys().get(plain, plain.replace(" ", "_"))


@cache
def proof_languages() -> tuple[str, ...]:
    """Codes of the languages in which texts can be proved."""
    here = resources.files("bottega.languages") / "proof"
    names = (file.name.removesuffix(".txt") for file in here.iterdir() if file.name.endswith(".txt"))
    return tuple(sorted(name for name in names if len(name) == 2))


def proof_lines(name: str, folder: str = "proof") -> list[tuple[str, list[str]]]:
    """The lines of a file among the languages: what stands before the colon, and the phrases behind it."""
    text = resources.files("bottega.languages").joinpath(folder, name).read_text("utf-8")
    found = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            head, _, listed = line.partition(": ")
            found.append((head, [part.strip() for part in listed.split(", ")]))
    return found


@cache
def proof_words(language: str) -> ProofWords:
    """The words of one language, read once; a `KeyError` where there is no file of it."""
    if language not in proof_languages():
        raise KeyError(language)
    functions: dict[Phrase, str] = {}
    links: set[Phrase] = set()
    before: dict[Phrase, set[str]] = defaultdict(set)
    after: dict[Phrase, set[str]] = defaultdict(set)
    names: dict[Phrase, str] = {}
    labels: dict[Phrase, set[str]] = defaultdict(set)
    weak: set[Phrase] = set()
    yes: set[Phrase] = set()
    also: dict[Phrase, set[str]] = defaultdict(set)
    units: dict[str, str] = {}
    money: dict[str, set[str]] = defaultdict(set)
    unlike: set[str] = set()
    numbers: dict[str, str] = {}
    compounds: tuple[str, ...] = ()
    same: list[frozenset[Phrase]] = []
    endings: list[tuple[str, str]] = []
    for unit, written in proof_lines("units.txt"):
        units.update(dict.fromkeys(written, unit))
    for sign, code in SIGNS.items():
        money[sign].add(code)
    for sign, (usual, others) in SHARED_SIGNS.items():
        money[sign].update((usual, *others.split()))
    for head, listed in proof_lines(f"{language}.txt"):
        kind, *keys = head.split()
        phrases = [phrase for text in listed if (phrase := spoken(text))]
        if kind in ("empty", "and", "not"):
            for phrase in phrases:
                functions[phrase] = "not" if functions.get(phrase) == "not" else kind
        elif kind == "link":
            links.update(phrases)
        elif kind == "weak":
            weak.update(phrases)
        elif kind == "numbers":
            numbers = {fold(text): str(place) for place, text in enumerate(listed, 2)}
        elif kind == "compounds":
            compounds = tuple(listed)
        elif kind == "same":
            same.append(frozenset(phrases))
        elif kind == "yes":
            yes.update(phrases)
        elif kind in ("before", "after"):
            for phrase in phrases:
                (before if kind == "before" else after)[phrase].update(keys)
        elif kind == "name":
            names.update(dict.fromkeys(phrases, keys[0]))
        elif kind == "also":
            for phrase in phrases:
                also[phrase].add(keys[0])
        elif kind == "unit":
            units.update({fold(text): keys[0] for text in listed})
        elif kind == "money":
            for text in listed:
                money[fold(text)].add(keys[0])
        elif kind == "unlike":
            unlike.update(fold(text) for text in listed)
        else:
            endings = [(one, instead) for part in listed for one, _, instead in (part.partition(">"),)]
    if language in writing_languages():
        for key, label in writing(language).labels.items():
            names.setdefault(spoken(label), room_of(key))
            labels[spoken(label)].add(room_of(key))
    for phrase, key in names.items():
        before[phrase] |= {key} | labels[phrase]
    cues = {
        phrase: Cue(
            frozenset(before.get(phrase, set())),
            frozenset(after.get(phrase, set()) | ({names[phrase]} if phrase in names else set()) | labels[phrase]),
            names.get(phrase, ""),
            phrase in weak,
        )
        for phrase in {*before, *after, *names}
    }
    senses = _senses(language, also, same, before)
    unlike.update(word for phrase, sense in senses.items() if "people" in sense.rooms for word in phrase)
    longest = max(len(phrase) for phrase in (*functions, *cues, *senses))
    return ProofWords(
        language,
        functions,
        frozenset(links),
        cues,
        senses,
        units,
        {sign: frozenset(codes) for sign, codes in money.items()},
        frozenset(yes),
        numbers,
        compounds,
        frozenset(unlike),
        tuple(endings),
        longest,
    )


def _senses(
    language: str,
    also: Mapping[Phrase, set[str]],
    same: Sequence[frozenset[Phrase]],
    before: Mapping[Phrase, set[str]],
) -> dict[Phrase, Sense]:
    """What the lists of words say that phrases mean, and which concepts they are the very words for. A phrase of a list
    that begins with a word of relation ("of wood") is left to that word."""
    exact: dict[Phrase, set[str]] = defaultdict(set)
    rooms: dict[Phrase, set[str]] = defaultdict(set)
    lists = {head: listed for head, listed in proof_lines(f"{language}.txt", "") if "." in head}
    very: dict[str, list[str]] = {concept: listed[:1] for concept, listed in lists.items()}
    if language in writing_languages():
        very |= _written_words(language)
    for concept, listed in lists.items():
        for text in listed:
            if phrase := spoken(text):
                rooms[phrase].add(concept.partition(".")[0])
    for concept, listed in very.items():
        if concept.startswith("unit."):
            continue  # a word of relation: `before count`
        for text in listed:
            if phrase := spoken(text.removesuffix("!")):
                exact[phrase].add(concept)
                rooms[phrase].add(concept.partition(".")[0])
    for group in same:
        for sets in (exact, rooms):
            together = set().union(*(sets.get(phrase, set()) for phrase in group))
            sets.update({phrase: sets[phrase] | together for phrase in group})
    for phrase, more in also.items():
        rooms[phrase].update(more)
    told = {
        phrase
        for phrase in rooms
        if len(phrase) > 1 and phrase[:1] in before and phrase[1:] in rooms and "detail" not in rooms[phrase]
    }
    for phrase in told:
        exact[phrase[1:]] |= exact.get(phrase, set())
    return {one: Sense(frozenset(exact.get(one, ())), frozenset(rooms[one])) for one in rooms if one not in told}


def _written_words(language: str) -> dict[str, list[str]]:
    """The words and forms that are exactly one thing."""
    data = writing(language)
    return {
        concept: [*(one for spellings in word.forms.values() for one in spellings), *data.exact.get(concept, ())]
        for concept, word in data.words.items()
    }
