"""How texts are written in a language: words with their forms, small words that follow what stands beside them, frames.

Idea     A language is data: `<code>.txt` says which words mean what (for search and for writing), `writing/<code>.txt`
         what only a writer needs. Who adds a language adds these two files.
File     Sections in brackets; a line that begins with # is none.
         `[grammar]`  `classes: m f n pl` are the classes of nouns (gender, number), `plural:` those of several things,
         `like: um=m` classes that differ by small words alone; `word.a.m: un | une BEFORE [aeiou]` a small word by
         class, other where the text behind it fits the pattern; `many: (.*)>{}s` how a noun is several;
         `endings: er e es e` what an adjective takes by class, `adjectives: plain` where any word is one as it stands;
         `capitals:` kinds of concepts that begin with a capital;
         `quotes: „{}“` how words of another language are set apart;
         `carry.colour: {}-coloured` how a value that could be another key's carries its key, `twins:` values that
         always could, `smells:` those that could on what is smelt or eaten; `describing:` adjectives that titles
         begin with, `measures: inches=Zoll` what measures of other languages are called; `bare: colour` where a
         material stands behind the same small word as a colour; `sets:` words for several things together; `never:`
         phrases that no text may hold.
         `[attributes]` `colour: farbe farben`, what attributes of a key are called in exports.
         `[labels]`   `colour: Colour`, what a key is called in a text.
         `[classes]`  `n: kind.tshirt kind.dress`, the class of each noun.
         `[words]`    `kind.tshirt: T-shirt <n>; = tee, tees`: the word that is written (else the usual one of
         `<code>.txt`), further forms, and behind `=` alone further words for exactly this. A form has one spelling, or
         one for each class with `/` between: `adj=noir/noire/noirs/noires`; `!` behind it says that it takes no ending.
         `[why]`      `deed.view.other: viewed {n}`, why a fact stands first for somebody (models/wording/why_words.py).
         `[reviews]`  `says.size.small: ...`, what reviews say as people are told; in texts `clause.` (else the same),
         `that.` where the aspect stands before it (`about.`); `told.` a count by the plural rule of its number
         (`{Says}` with a capital).
         `[letters]`  `lead.cart: ...`, what a letter says beside its products (models/wording/letter_words.py).
         `[frames]`   `d1 | open, short | {a} {colour:adj} {kind}.` (read by models/wording/frames.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from bottega.languages.fold import tokens
from bottega.languages.stems import stem

__all__ = [
    "LONGEST",
    "POINT_BEFORE_TENTHS",
    "Likenesses",
    "SmallWord",
    "Writing",
    "WrittenWord",
    "concepts_named",
    "is_spelt",
    "likenesses",
    "writing",
    "writing_languages",
]

POINT_BEFORE_TENTHS = frozenset({"en"})
"""Languages that part tenths by a point and thousands by a comma."""
LONGEST = 5
"""Words of the longest phrase that means exactly one thing."""


@dataclass(frozen=True, slots=True)
class WrittenWord:
    """A concept as a language writes it. `forms`: "" for the plain one; each has one spelling, or one a class."""

    concept: str
    forms: Mapping[str, tuple[str, ...]]
    noun_class: str = ""


@dataclass(frozen=True, slots=True)
class SmallWord:
    """A word by the class of a noun: what it is, and what it becomes before texts of a pattern."""

    plain: str
    before: tuple[tuple[re.Pattern[str], str], ...] = ()

    def beside(self, following: str) -> str:
        """As it stands before this text."""
        return next((other for pattern, other in self.before if pattern.match(following.casefold())), self.plain)


@dataclass(frozen=True)
class Writing:
    """One language's file."""

    code: str
    classes: tuple[str, ...]
    like: Mapping[str, str]
    """Classes that go like another but for the small words: what cannot be counted."""
    plural: frozenset[str]
    small: Mapping[tuple[str, str], SmallWord]
    """By name and class: ("a", "m")."""
    plain_adjectives: bool
    """Whether any word may stand before a noun as it is."""
    endings: tuple[str, ...]
    """What an adjective with one spelling takes by class; nothing where words stay as they are."""
    many: tuple[tuple[re.Pattern[str], str], ...]
    carry: Mapping[str, str]
    quotes: str
    """How words that are not this language's are set apart."""
    attributes: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]
    words: Mapping[str, WrittenWord]
    sets: frozenset[str]
    """Words for several things together: what ends in one is not the one thing of its category."""
    bare: frozenset[str]
    """Keys that stand behind the same small word as another ("en noir", "en cuivre"): of a twin only these are written
    so, the other's stands behind its label."""
    twins: frozenset[str]
    describing: frozenset[str]
    """Words that say what things are like, and are hardly a name where a title begins with them: "Classic"."""
    measures: Mapping[str, str]
    """Measures as other languages write them, and what they are called in this one: "inches", "Zoll"."""
    smells: frozenset[str]
    """Values that are a colour on a shirt, and a scent or a taste on a soap."""
    never: tuple[str, ...]
    frames: tuple[tuple[str, str, str], ...]
    """Id, roles, and the pattern, as they stand in the file."""
    exact: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Further words for exactly one concept."""
    reviews: Mapping[str, str] = field(default_factory=dict)
    """What reviews say, by aspect and side, and how it is counted."""
    why: Mapping[str, str] = field(default_factory=dict)
    """Why a fact stands first for somebody, and what they did, by the plural rule of its number."""
    letters: Mapping[str, str] = field(default_factory=dict)
    """Sentences of letters by what they are for, with names in braces for what is filled in."""

    def several(self, word: WrittenWord) -> str | None:
        """The noun for more than one; None where nobody wrote it down."""
        if word.noun_class in self.plural or "pl" in word.forms:
            return word.forms.get("pl", word.forms[""])[0]
        return next(
            (way.sub(to, word.forms[""][0], 1) for way, to in self.many if way.fullmatch(word.forms[""][0])), None
        )

    def place(self, noun_class: str) -> int:
        """Where spellings that are listed by class have the one for this."""
        return self.classes.index(self.like.get(noun_class, noun_class))


@dataclass(frozen=True)
class Likenesses:
    """What the writer's lists tell apart and search's do not: what each is a kind of, and what many shops use for one
    another, so that a title with the one and an attribute with the other contradict nothing."""

    broader: Mapping[str, str]
    near: frozenset[frozenset[str]]


@cache
def likenesses() -> Likenesses:
    """The file `writing/likenesses`, read once."""
    broader: dict[str, str] = {}
    near: set[frozenset[str]] = set()
    here = resources.files("bottega.languages") / "writing" / "likenesses"
    for line in here.read_text("utf-8").splitlines():
        some, sign, others = line.partition(" < ") if " < " in line else line.partition(" ~ ")
        if line.startswith("#") or not sign:
            continue
        for one in some.split():
            if sign == " < ":
                broader[one] = others.strip()
            else:
                near.update(frozenset((one, other)) for other in others.split())
    return Likenesses(broader, frozenset(near))


def writing_languages() -> tuple[str, ...]:
    """Codes of the languages that have a file."""
    here = resources.files("bottega.languages") / "writing"
    return tuple(sorted(file.name.removesuffix(".txt") for file in here.iterdir() if file.name.endswith(".txt")))


@cache
def writing(code: str) -> Writing:
    """A language's file, read once."""
    here = resources.files("bottega.languages")
    sections = _sections((here / "writing" / f"{code}.txt").read_text("utf-8"))
    grammar = _pairs(sections["grammar"])
    classes = tuple(grammar["classes"].split())
    noun_class = {concept: name for name, listed in _pairs(sections["classes"]).items() for concept in listed.split()}
    usual = _usual((here / f"{code}.txt").read_text("utf-8"))
    default = grammar.get("default", "")
    noun_class = {name: default for name in (*usual, *_pairs(sections["words"])) if default} | noun_class
    capitals = frozenset(grammar.get("capitals", "").split())
    plain = {name: _capital(text) if name.split(".")[0] in capitals else text for name, text in usual.items()}
    words = {name: WrittenWord(name, {"": (text,)}, noun_class.get(name, "")) for name, text in plain.items()}
    exact: dict[str, tuple[str, ...]] = {}
    for name, listed in _pairs(sections["words"]).items():
        words[name], exact[name] = _word(name, listed, plain.get(name, ""), noun_class.get(name, ""))
    small = {
        (key.split(".")[1], key.split(".")[2]): _small(said) for key, said in grammar.items() if key.startswith("word.")
    }
    return Writing(
        code,
        classes,
        dict(pair.split("=") for pair in grammar.get("like", "").split()),
        frozenset(grammar["plural"].split()),
        small,
        grammar.get("adjectives") == "plain",
        tuple(grammar.get("endings", "").split()),
        tuple(
            (re.compile(a), b) for a, _, b in (way.partition(">") for way in grammar.get("many", "").split(", ")) if a
        ),
        {key.removeprefix("carry."): said for key, said in grammar.items() if key.startswith("carry.")},
        grammar.get("quotes", "{}"),
        {key: tuple(names.split()) for key, names in _pairs(sections["attributes"]).items()},
        _pairs(sections["labels"]),
        words,
        _listed(grammar.get("sets", "")),
        frozenset(grammar.get("bare", "").split()),
        _listed(grammar.get("twins", "")),
        _listed(grammar.get("describing", "")),
        dict(pair.strip().split("=") for pair in grammar.get("measures", "").split(",") if pair.strip()),
        _listed(grammar.get("smells", "")),
        tuple(phrase.strip() for phrase in grammar.get("never", "").split(",") if phrase.strip()),
        tuple(_frame(line) for line in sections["frames"]),
        exact,
        _pairs(sections["reviews"]),
        _pairs(sections["why"]),
        _pairs(sections["letters"]),
    )


def concepts_named(phrase: Sequence[str], language: str) -> tuple[str, ...]:
    """Concepts that folded words are the very name of in a language; words that only come near it are none."""
    return _index(language).get(tuple(stem(word, language) for word in phrase), ())


def is_spelt(phrase: Sequence[str], concept: str, language: str) -> bool:
    """Whether folded words are a name of a concept letter by letter: "printed", and not "printing"."""
    return concept in _spelt(language).get(tuple(phrase), ())


@cache
def _index(code: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    found: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    for phrase, concepts in _spelt(code).items():
        found[tuple(stem(one, code) for one in phrase)] |= dict.fromkeys(concepts)
    return {phrase: tuple(concepts) for phrase, concepts in found.items()}


@cache
def _spelt(code: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What each phrase of the lists, as it is spelt, is the very name of."""
    here = resources.files("bottega.languages")
    usual = _usual((here / f"{code}.txt").read_text("utf-8"))
    found: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    language = writing(code)
    for concept, word in language.words.items():
        said = [usual.get(concept, ""), *(form for name in ("", "pl", "adj") for form in word.forms.get(name, ()))]
        for text in (*said, *language.exact.get(concept, ())):
            if phrase := tokens(text.removesuffix("!")):
                found[tuple(phrase)][concept] = None
    return {phrase: tuple(concepts) for phrase, concepts in found.items()}


def _usual(text: str) -> dict[str, str]:
    """The usual word of each concept, as the file for search has it."""
    lines = (line.partition(": ") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: listed.split(", ")[0].strip() for name, _, listed in lines if "." in name}


def _sections(text: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = defaultdict(list)
    name = ""
    for line in text.splitlines():
        if line.startswith("["):
            name = line.strip("[] ")
        elif line.strip() and not line.startswith("#"):
            sections[name].append(line)
    return sections


def _pairs(lines: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for line in lines:
        name, _, said = line.partition(":")
        pairs[name.strip()] = f"{pairs[name.strip()]} {said.strip()}" if name.strip() in pairs else said.strip()
    return pairs


def _word(name: str, listed: str, usual: str, noun_class: str) -> tuple[WrittenWord, tuple[str, ...]]:
    forms: dict[str, tuple[str, ...]] = {"": (usual,)} if usual else {}
    exact: tuple[str, ...] = ()
    for piece in filter(None, map(str.strip, listed.split(";"))):
        form, sign, said = piece.partition("=")
        if not sign:
            plain = piece
            if piece.endswith(">"):
                plain, _, noun_class = piece[:-1].rpartition("<")
            if plain.strip():
                forms[""] = tuple(plain.strip().split("/"))
        elif not form.strip():
            exact = tuple(word.strip() for word in said.split(","))
        else:
            forms[form.strip()] = tuple(said.strip().split("/"))
    return WrittenWord(name, forms, noun_class), exact


def _small(said: str) -> SmallWord:
    plain, *others = (piece.strip() for piece in said.split(" | "))
    pairs = (other.partition(" BEFORE ") for other in others)
    return SmallWord(plain, tuple((re.compile(pattern), word.strip()) for word, _, pattern in pairs))


def _listed(said: str) -> frozenset[str]:
    return frozenset(word.strip().casefold() for word in said.split(",") if word.strip())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _way(said: str) -> tuple[re.Pattern[str], str]:
    pattern, _, becomes = said.partition(">")
    return re.compile(pattern), becomes


def _frame(line: str) -> tuple[str, str, str]:
    name, roles, pattern = (piece.strip() for piece in line.split(" | ", 2))
    return name, roles, pattern
