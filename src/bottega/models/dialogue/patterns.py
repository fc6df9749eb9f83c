"""Lines that teach the reader: patterns that were written for it, a file a language, and what is made of them.

Idea     A pattern says a thing in many ways at once ("{do you have|got} {any |}<kind>"); the words for kinds, colours
         and so on come from the lists of everyday words. What shoppers add (a greeting, a "please", a sigh) is
         added, and some letters slip, so that the reader has seen both.
Data     lines/<language>.txt and lines/<language>-<name>.txt, written by hand: no shop's and no shopper's lines.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from bottega.languages.lexicon import lexicon
from bottega.languages.stems import LANGUAGES
from bottega.models.dialogue.commands import ABOUT, Intent, Mood

__all__ = ["Pattern", "TaughtLine", "classes", "patterns", "taught_lines"]

_HEAD = re.compile(r"\[(\+?)([a-z]+)(?:\.([a-z]+))?\]")
_CHOICE = re.compile(r"\{([^{}]*)\}")
_FILL = re.compile(r"<([a-z]+)>")
_SLIP_RATE, _PLAIN_RATE, _HELLO_RATE, _FILLER_RATE, _POLITE_RATE = 0.12, 0.3, 0.06, 0.1, 0.12
_MORE = ("en-everyday", "fr-chatty", "es-chatty", "it-chatty", "en-chatty", "de-chatty")
"""Files that are read last: their patterns have the last numbers."""
_LEAST, _MOST = 4, 40
"""Lines made of a pattern: at least, at most."""
_BRANDS = (
    *(
        "nike",
        "adidas",
        "puma",
        "levis",
        "zara",
        "casio",
        "fossil",
        "gucci",
        "boss",
        "esprit",
        "asics",
        "lego",
        "bosch",
    ),
    *(
        "samsung",
        "sony",
        "ikea",
        "ray-ban",
        "birkenstock",
        "converse",
        "vans",
        "reebok",
        "benetton",
        "lacoste",
        "bialetti",
    ),
    *("moleskine", "lamy", "stabilo", "wilson", "jack wolfskin", "north face", "tommy hilfiger", "geox", "desigual"),
)
_MODELS = (
    *(
        "air",
        "classic",
        "pro",
        "max",
        "ultra",
        "light",
        "sr300",
        "xl500",
        "premium",
        "city",
        "urban",
        "vintage",
        "sport",
    ),
    *("one", "2", "v3", "mini", "original", "de luxe", "essential", "nova", "alpha", "aurora", "terra", "luna", "500"),
)
_CITIES = (
    "berlin",
    "paris",
    "madrid",
    "roma",
    "vienna",
    "london",
    "lyon",
    "milano",
    "hamburg",
    "sevilla",
    "zürich",
    "napoli",
)
_NUMBERED = {
    "en": ("first", "second", "third", "fourth", "last"),
    "de": ("erste", "zweite", "dritte", "vierte", "letzte"),
    "fr": ("premier", "première", "deuxième", "troisième", "quatrième", "dernière"),
    "es": ("primero", "primera", "segundo", "segunda", "tercero", "cuarta", "último"),
    "it": ("primo", "prima", "secondo", "seconda", "terzo", "quarta", "ultimo"),
}
_MONEY = {
    "en": ("{} euros", "{}", "€{}", "{} bucks", "{} quid", "${}", "£{}", "{} eur"),
    "de": ("{} euro", "{} €", "{}", "{}€", "{} franken", "{} eur"),
    "fr": ("{} euros", "{} €", "{}€", "{}", "{} balles"),
    "es": ("{} euros", "{} €", "{}€", "{}", "{} pavos"),
    "it": ("{} euro", "{} €", "{}€", "{}", "{} eur"),
}
_TIMES = {
    "en": ("week", "month", "year"), "de": ("woche", "monat", "jahr"), "fr": ("semaine", "mois", "année"),
    "es": ("semana", "mes", "año"), "it": ("settimana", "mese", "anno"),
}  # fmt: skip
_SIZES = (
    "xs",
    "s",
    "m",
    "l",
    "xl",
    "xxl",
    "XL",
    "M",
    "S",
    "36",
    "38",
    "39",
    "40",
    "41",
    "42",
    "43",
    "44",
    "28",
    "10",
    "12",
)


class Pattern(NamedTuple):
    """A line in many ways, and what it asks for."""

    text: str
    language: str
    intent: Intent
    about: str


class TaughtLine(NamedTuple):
    """One line that teaches; `group` is its pattern's number, so that no pattern is learnt from and judged by."""

    text: str
    language: str
    intent: Intent
    about: str
    mood: Mood
    group: int


@cache
def classes() -> tuple[tuple[Intent, str], ...]:
    """All that a clause can be: an intent with what it is about."""
    return tuple((intent, about) for intent in Intent for about in ABOUT.get(intent, ("",)))


@cache
def patterns() -> tuple[tuple[Pattern, ...], Mapping[tuple[str, str], tuple[str, ...]]]:
    """The patterns of all languages in order, and by language and name what is added to them."""
    found: list[Pattern] = []
    added: dict[tuple[str, str], tuple[str, ...]] = {}
    for name in (*LANGUAGES, *_MORE):
        language = name.partition("-")[0]
        file = resources.files(__package__) / "lines" / f"{name}.txt"
        if not file.is_file():
            continue
        extra, intent, about = "", Intent.SEARCH, ""
        for line in file.read_text("utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            if head := _HEAD.fullmatch(line):
                extra = head[2] if head[1] else ""
                if not extra:
                    intent, about = Intent(head[2]), head[3] or ""
                    assert not ABOUT.get(intent) or about in ABOUT[intent], line
            elif extra:
                added[language, extra] = (*added.get((language, extra), ()), *line.split(" / "))
            else:
                found.append(Pattern(line, language, intent, about))
    return tuple(found), added


def taught_lines(*, seed: int = 0, share: float = 1.0) -> list[TaughtLine]:
    """Lines made of all patterns; `share` of what each could give."""
    rng = random.Random(seed)
    found: list[TaughtLine] = []
    every, added = patterns()
    for group, pattern in enumerate(every):
        wanted = max(_LEAST, round(share * min(_MOST, 2 * _ways(pattern.text) ** 0.5 + _LEAST)))
        seen: set[str] = set()
        for _ in range(wanted):
            text = _one(pattern, rng)
            if text in seen:
                continue
            seen.add(text)
            said, mood = _dressed(text, pattern, added, rng)
            found.append(TaughtLine(said, pattern.language, pattern.intent, pattern.about, mood, group))
    return found


def _ways(text: str) -> float:
    """About how many lines a pattern can become."""
    ways = 1.0
    while (choice := _CHOICE.search(text)) is not None:
        ways *= choice[1].count("|") + 1
        text = text[: choice.start()] + text[choice.end() :]
    return ways * 8.0 ** len(_FILL.findall(text))


def _one(pattern: Pattern, rng: random.Random) -> str:
    text = pattern.text
    while (choice := _CHOICE.search(text)) is not None:
        text = text[: choice.start()] + rng.choice(choice[1].split("|")) + text[choice.end() :]
    text = _FILL.sub(lambda hole: _filled(hole[1], pattern.language, rng), text)
    return re.sub(r"\s+", " ", text).strip()


def _filled(name: str, language: str, rng: random.Random) -> str:
    if name in ("kind", "colour", "material", "people", "occasion", "pattern"):
        return rng.choice(_listed(name, language))
    if name == "price":
        return rng.choice(_MONEY[language]).format(
            rng.choice((9.99, 15, 20, 25, 30, 40, 50, 60, 70, 80, 99, 100, 120, 150, 200, 500))
        )
    if name == "title":
        kind, brand, model = rng.choice(_listed("kind", language)), rng.choice(_BRANDS), rng.choice(_MODELS)
        return rng.choice(
            (f"{brand} {model}", f"{brand} {model} {kind}", f"{brand} {kind}", f"{brand} {rng.choice(_MODELS)} {model}")
        )
    chosen: Mapping[str, Sequence[str]] = {
        "brand": _BRANDS,
        "size": _SIZES,
        "place": _NUMBERED[language],
        "city": _CITIES,
        "time": _TIMES[language],
        "phone": ("0171 2345678", "555-0199", "+39 333 1234567"),
        "number": ("10023", "#4711", "887-12", "20391"),
        "n": ("1", "2", "3", "4", "5", "170", "182", "65"),
    }
    if name not in chosen:  # words that only look like a hole, as in a script that somebody types
        return f"<{name}>"
    return rng.choice(chosen[name])


@cache
def _listed(name: str, language: str) -> tuple[str, ...]:
    """Words of the lists for a kind of thing; the usual ones of each more often."""
    found: list[str] = []
    for concept, by_language in sorted(lexicon().words.items()):
        if concept.startswith(f"{name}."):
            said = [" ".join(words) for words in by_language.get(language, ())][:5]
            found += said[:1] * 2 + said
    plural = [
        f"{word}s" for word in found if name == "kind" and language in ("en", "fr", "es") and word[-1] not in "sx"
    ]
    return tuple(found + plural)


def _dressed(
    text: str, pattern: Pattern, added: Mapping[tuple[str, str], tuple[str, ...]], rng: random.Random
) -> tuple[str, Mood]:
    """A line as somebody would send it, and how it sounds."""

    def some(name: str) -> str:
        return rng.choice(added.get((pattern.language, name), ("",)))

    mood = Mood.PLAIN
    if rng.random() < _HELLO_RATE:
        text = f"{some('hello')}{rng.choice((' ', ', ', '! '))}{text}"
    elif rng.random() < _FILLER_RATE:
        text = f"{some('filler')}{rng.choice((' ', ', ', ' '))}{text}"
    if rng.random() < _POLITE_RATE:
        text = f"{text}{rng.choice((' ', ', '))}{some('polite')}"
    drawn = rng.random()
    for at, kind in enumerate((Mood.ANNOYED, Mood.HURRIED, Mood.JOKING)):
        if 0.05 * at <= drawn < 0.05 * (at + 1) and (sign := some(kind.value)):
            mood = kind
            text = (
                f"{sign}{rng.choice((' ', ', ', '! '))}{text}"
                if rng.random() < 0.5
                else f"{text}{rng.choice((' ', ', ', '. '))}{sign}"
            )
    if rng.random() < _PLAIN_RATE:
        text = text.replace("?", "").replace("'", rng.choice(("", "'")))
    if rng.random() < _SLIP_RATE:
        text = _slipped(text, rng)
    return text.strip(), mood


def _slipped(text: str, rng: random.Random) -> str:
    """A letter dropped, doubled, or two changed round, in a word of five letters or more."""
    words = text.split(" ")
    long = [at for at, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if long:
        at = rng.choice(long)
        word = words[at]
        cut = rng.randrange(1, len(word) - 1)
        words[at] = rng.choice(
            (
                word[:cut] + word[cut + 1 :],
                word[:cut] + word[cut] + word[cut:],
                word[:cut] + word[cut + 1] + word[cut] + word[cut + 2 :],
            )
        )
    return " ".join(words)
