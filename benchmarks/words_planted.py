"""Inventions planted in true texts, in two halves of two hands: one edits what stands there, one adds and rewords.

Half A changes a text in place: another digit, another unit, another colour, a denial between two words, two values in
each other's place, a value of another product. Half B was written later and apart from it, as people and language
models invent: sentences that are added, words that are worked in, relations that are said another way.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bottega.models.wording.facts import FactSheet
from bottega.models.wording.text import SlotSpan, Text

__all__ = ["KINDS", "Planted", "planted"]

KINDS = ("number", "unit", "colour", "negation", "relation", "other product")
COLOURS = {
    "en": ("black", "red", "navy blue", "green", "purple", "beige", "yellow", "grey"),
    "de": ("schwarz", "rot", "marineblau", "grün", "lila", "beige", "gelb", "grau"),
    "fr": ("noir", "rouge", "bleu marine", "vert", "violet", "beige", "jaune", "gris"),
}
DENIALS = {
    "en": ("not", "never", "without", "no", "isn't", "nor"),
    "de": ("nicht", "nie", "ohne", "kein", "weder", "keine"),
    "fr": ("pas", "jamais", "sans", "ne", "ni", "aucun"),
}
UNITS = ("cm", "mm", "in", "inches", "kg", "g", "oz", "ml", "l", '"', "ft", "lb", "sheets", "GB", "W", "Zoll", "pouces")
_NUMBER = re.compile(r"\d+(?:[.,/]\d+)*")
_MEASURE = re.compile(
    r"(?<=\d)([ -]?)(cm|mm|inches|inch|in|kg|g|oz|ounces?|ml|lbs?|ft|feet|\"|sheets|GB|W|Zoll|pouces)(?![\w])"
)


@dataclass(frozen=True)
class Planted:
    """A text that was true, and what it became."""

    half: str
    kind: str
    how: str
    language: str
    product: str
    text: str
    was: str


@dataclass(frozen=True)
class _Case:
    text: Text
    sheet: FactSheet
    other: Text
    draw: random.Random

    @property
    def said(self) -> str:
        return self.text.text

    @property
    def language(self) -> str:
        return self.text.language

    def slots(self, text: Text | None = None) -> list[SlotSpan]:
        return [slot for sentence in (text or self.text).sentences for slot in sentence.slots if slot.facts]

    def of(self, key: str) -> str:
        slots = [slot for slot in self.slots() if slot.key == key]
        return self.said[slots[0].start : slots[0].end] if slots else ""

    def value(self, key: str) -> str:
        facts = self.sheet.of(key)
        return facts[0].value if facts else ""

    def with_span(self, start: int, end: int, new: str) -> str:
        return self.said[:start] + new + self.said[end:]

    def is_known(self, word: str) -> bool:
        """Whether a word is true of the product, or stands in its text already."""
        known = " ".join([self.said, *(fact.whole for fact in self.sheet.claimed)]).casefold()
        return word.casefold() in known

    def stranger(self, words: Sequence[str]) -> str | None:
        left = [word for word in words if not self.is_known(word) and not self.is_known(word.split()[0])]
        return self.draw.choice(left) if left else None


def planted(half: str, texts: Sequence[tuple[Text, FactSheet]], count: int, draw: random.Random) -> list[Planted]:
    """So many, as evenly of all kinds as the texts allow."""
    makers = {"A": _HALF_A, "B": _HALF_B}[half]
    found: list[Planted] = []
    for kind in KINDS:
        wanted = count * (KINDS.index(kind) + 1) // len(KINDS) - count * KINDS.index(kind) // len(KINDS)
        order = list(range(len(texts)))
        draw.shuffle(order)
        made = 0
        for at in order:
            if made == wanted:
                break
            text, sheet = texts[at]
            other = texts[draw.randrange(len(texts))][0]
            if other.language != text.language or other.subject == text.subject:
                continue
            case = _Case(text, sheet, other, draw)
            how = makers[kind][made % len(makers[kind])]
            new = how(case)
            if new is None or new == text.text:
                continue
            found.append(Planted(half, kind, how.__name__.strip("_"), text.language, text.subject, new, text.text))
            made += 1
    return found


# Half A: edits in place.


def _digit(case: _Case) -> str | None:
    numbers = list(_NUMBER.finditer(case.said))
    if not numbers:
        return None
    match = case.draw.choice(numbers)
    at = case.draw.choice([at for at in range(*match.span()) if case.said[at].isdigit()])
    digit = case.draw.choice([one for one in "123456789" if one != case.said[at]])
    return case.with_span(at, at + 1, digit)


def _digit_more(case: _Case) -> str | None:
    numbers = list(_NUMBER.finditer(case.said))
    if not numbers:
        return None
    match = case.draw.choice(numbers)
    return case.with_span(match.end(), match.end(), case.draw.choice("123456789"))


def _unit(case: _Case) -> str | None:
    measures = list(_MEASURE.finditer(case.said))
    if not measures:
        return None
    match = case.draw.choice(measures)
    near = {
        match[2],
        match[2].rstrip("s"),
        f"{match[2]}s",
        "inch" if match[2] in ('"', "in") else "",
        '"',
        "in",
        "inches",
    }
    far = [unit for unit in UNITS if unit not in near and not case.is_known(f"{unit}")]
    return case.with_span(*match.span(2), case.draw.choice(far)) if far else None


def _colour(case: _Case) -> str | None:
    slots = [slot for slot in case.slots() if slot.key == "colour"]
    new = case.stranger(COLOURS[case.language])
    return case.with_span(slots[0].start, slots[0].end, new) if slots and new else None


def _denial(case: _Case) -> str | None:
    blanks = [match.start() for match in re.finditer(r" ", case.said)]
    if not blanks:
        return None
    at = case.draw.choice(blanks)
    return case.with_span(at, at, f" {case.draw.choice(DENIALS[case.language])}")


_SWAPPED = (
    ("colour", "material"),
    ("colour", "brand"),
    ("material", "brand"),
    ("people", "material"),
    ("people", "brand"),
    ("people", "colour"),
    ("season", "material"),
    ("season", "brand"),
    ("occasion", "material"),
    ("kind", "material"),
    ("kind", "brand"),
    ("count", "dimensions"),
    ("count", "part_number"),
    ("dimensions", "part_number"),
    ("part_number", "stated"),
    ("count", "stated"),
)
"""Keys that are said in ways of their own; "for men" and "for summer" are as true the other way round."""
_OWN_WAY = re.compile(
    r"(?:made of|aus|en|de|by|from|von|marque|marca|in|pack of|box of|number:|contents:|measures|inhalt:|maße:|"
    r"dimensions :|contenu :|référence :|herstellernummer:|title:|titel angegeben:|titre :) ?$",
    re.IGNORECASE,
)


def _swap(case: _Case) -> str | None:
    slots = case.slots()
    pairs = [
        (one, two)
        for one in slots
        for two in slots
        if one.end <= two.start
        and any({one.key, two.key} == set(keys) for keys in _SWAPPED)
        and all(_OWN_WAY.search(case.said[: slot.start]) for slot in (one, two) if slot.key not in _FREE)
        and (one.key not in _FREE or two.key not in _FREE)
    ]
    if not pairs:
        return None
    one, two = case.draw.choice(pairs)
    first, second = case.said[one.start : one.end], case.said[two.start : two.end]
    return case.said[: one.start] + second + case.said[one.end : two.start] + first + case.said[two.end :]


_FREE = frozenset({"people", "season", "occasion", "kind"})
"""Keys whose words are no less said where nothing stands before them."""


def _others_value(case: _Case) -> str | None:
    keys = ("kind", "brand", "people", "material", "season", "occasion", "dimensions", "count", "part_number", "front")
    slots = [slot for slot in case.slots() if slot.key in keys]
    case.draw.shuffle(slots)
    for slot in slots:
        theirs = [one for one in case.slots(case.other) if one.key == slot.key]
        known = {fact.concept for fact in case.sheet.claimed if fact.concept}
        named = {fact.name: fact.concept for fact in case.other.facts}
        for one in theirs:
            if any(named.get(name) in known for name in one.facts):
                continue
            new = case.other.text[one.start : one.end]
            if not case.is_known(new):
                return case.with_span(slot.start, slot.end, new)
    return None


# Half B: what is added and reworded.

_ADDED = {
    "en": (
        "It weighs {n} grams.",
        "Comes with {n} spare parts.",
        "Only {n} left.",
        "Rated {n} out of 5 by our customers.",
        "Now {n}% off.",
        "{n} years of warranty.",
        "For ages {n} and up.",
        "Holds {n} litres.",
        "A set of three.",
        "Ships within {n} hours.",
        "Since 19{n}.",
        "Twice as many as before.",
    ),
    "de": (
        "Wiegt {n} Gramm.",
        "Mit {n} Ersatzteilen.",
        "Nur noch {n} Stück.",
        "{n} Jahre Garantie.",
        "Jetzt {n} % billiger.",
        "Für Kinder ab {n}.",
        "Fasst {n} Liter.",
        "Drei Stück.",
        "Lieferung in {n} Stunden.",
        "Seit 19{n}.",
    ),
    "fr": (
        "Pèse {n} grammes.",
        "Avec {n} pièces de rechange.",
        "Plus que {n} en stock.",
        "Garantie {n} ans.",
        "Remise de {n} %.",
        "À partir de {n} ans.",
        "Contient {n} litres.",
        "Lot de trois.",
        "Livré en {n} heures.",
    ),
}
_TINTS = {
    "en": (
        "With {c} details.",
        "Also in {c}.",
        "{c} on the inside.",
        "In a deep {c}.",
        "The strap is {c}.",
        "Colour: {c}.",
    ),
    "de": ("Mit Details in {c}.", "Auch in {c}.", "Innen {c}.", "Der Riemen ist {c}.", "Farbe: {c}."),
    "fr": (
        "Avec des détails en {c}.",
        "Existe aussi en {c}.",
        "Intérieur {c}.",
        "Couleur : {c}.",
        "La bride est en {c}.",
    ),
}
_DENYING = {
    "en": (
        "Free of {v}.",
        "It is anything but {v}.",
        "Hardly {v}.",
        "No {v} was used.",
        "Not meant for everyone.",
        "{v} is what it lacks.",
        "It doesn't fade.",
        "Neither {v} nor new.",
        "Less {v} than others.",
        "It won't shrink.",
    ),
    "de": (
        "Frei von {v}.",
        "Alles außer {v}.",
        "Kaum {v}.",
        "Kein {v}.",
        "Nicht für jeden.",
        "Es fehlt {v}.",
        "Läuft nicht ein.",
    ),
    "fr": (
        "Exempt de {v}.",
        "Tout sauf {v}.",
        "Aucun {v}.",
        "Ne déteint pas.",
        "Il manque {v}.",
        "Sans {v}.",
        "N'est pas {v}.",
    ),
}
_TURNED = {
    "en": (
        "Made of {colour}.",
        "Made by {kind}.",
        "For {brand}.",
        "{brand}-coloured.",
        "The brand is {colour}.",
        "In {people}.",
        "Made of {brand}.",
        "By {people}.",
        "Colour: {kind}.",
        "Brand: {people}.",
        "Material: {brand}.",
        "Size: {colour}.",
        "A {colour} for {kind}.",
        "From {colour}.",
        "Season: {people}.",
        "Made for {kind}.",
        "Pack of {brand}.",
    ),
    "de": (
        "Aus {colour}.",
        "Für {brand}.",
        "Die Marke ist {colour}.",
        "Aus {brand}.",
        "Farbe: {kind}.",
        "Marke: {people}.",
        "Material: {brand}.",
        "Größe: {colour}.",
        "Für {colour}.",
        "Von {people}.",
        "Saison: {people}.",
    ),
    "fr": (
        "Fait de {brand}.",
        "Pour {brand}.",
        "La marque est {colour}.",
        "Couleur : {kind}.",
        "Marque : {people}.",
        "Matière : {brand}.",
        "Taille : {colour}.",
        "Pour {colour}.",
        "Saison : {people}.",
        "Matière : {people}.",
    ),
}
_BORROWED = {
    "en": (
        "Like {v}.",
        "Goes well with {v}.",
        "Includes {v}.",
        "{v}.",
        "As good as {v}.",
        "Also known as {v}.",
        "With {v}.",
    ),
    "de": ("Wie {v}.", "Passt zu {v}.", "Dazu {v}.", "{v}.", "So gut wie {v}.", "Auch {v} genannt.", "Mit {v}."),
    "fr": ("Comme {v}.", "Va bien avec {v}.", "Avec {v}.", "{v}.", "Aussi bon que {v}.", "Aussi appelé {v}."),
}


def _and(case: _Case, sentence: str) -> str:
    """A sentence behind the text, or before it."""
    sentence = sentence[:1].upper() + sentence[1:]
    return f"{case.said} {sentence}" if case.draw.random() < 0.6 else f"{sentence} {case.said}"


def _added_number(case: _Case) -> str | None:
    number = str(case.draw.randrange(11, 99))
    if case.is_known(number):
        return None
    return _and(case, case.draw.choice(_ADDED[case.language]).replace("{n}", number))


def _other_measure(case: _Case) -> str | None:
    measures = list(_MEASURE.finditer(case.said))
    if measures:
        match = case.draw.choice(measures)
        word = case.draw.choice(["kilometres", "square feet", "litres", "%", "mAh", "degrees", "stone", "hours"])
        return case.with_span(*match.span(2), word)
    numbers = list(_NUMBER.finditer(case.said))
    if not numbers:
        return None
    match = case.draw.choice(numbers)
    units = [one for one in (" kg", " cm", "%", " ml", " W", "-inch", " GB", " mm") if not case.is_known(one)]
    unit = case.draw.choice(units or [" µm"])
    return case.with_span(match.end(), match.end(), unit)


def _tint(case: _Case) -> str | None:
    new = case.stranger(COLOURS[case.language])
    return _and(case, case.draw.choice(_TINTS[case.language]).replace("{c}", new)) if new else None


def _tint_inside(case: _Case) -> str | None:
    colour, new = case.of("colour"), case.stranger(COLOURS[case.language])
    if not colour or not new:
        return None
    joined = {"en": "and", "de": "und", "fr": "et"}[case.language]
    return case.said.replace(colour, f"{colour} {joined} {new}", 1)


def _denying(case: _Case) -> str | None:
    slots = [slot for slot in case.slots() if slot.key in ("colour", "material", "people", "kind", "pattern", "season")]
    if not slots:
        return None
    slot = case.draw.choice(slots)
    return _and(case, case.draw.choice(_DENYING[case.language]).replace("{v}", case.said[slot.start : slot.end]))


def _turned(case: _Case) -> str | None:
    words = {"colour": case.of("colour"), "kind": case.of("kind"), "people": case.of("people"), "brand": ""}
    words["brand"] = case.value("brand") or case.value("front")
    ways = [way for way in _TURNED[case.language] if all(words[name] for name in re.findall(r"{(\w+)}", way))]
    return _and(case, case.draw.choice(ways).format(**words)) if ways else None


def _borrowed(case: _Case) -> str | None:
    slots = [
        slot
        for slot in case.slots(case.other)
        if slot.key in ("kind", "front", "brand", "material", "feature", "title")
    ]
    values = [case.other.text[slot.start : slot.end] for slot in slots]
    values = [value for value in values if not case.is_known(value)]
    if not values:
        return None
    return _and(case, case.draw.choice(_BORROWED[case.language]).replace("{v}", case.draw.choice(values)))


_Maker = Callable[[_Case], str | None]
_HALF_A: dict[str, tuple[_Maker, ...]] = {
    "number": (_digit, _digit_more),
    "unit": (_unit,),
    "colour": (_colour,),
    "negation": (_denial,),
    "relation": (_swap,),
    "other product": (_others_value,),
}
_HALF_B: dict[str, tuple[_Maker, ...]] = {
    "number": (_added_number,),
    "unit": (_other_measure,),
    "colour": (_tint, _tint_inside),
    "negation": (_denying,),
    "relation": (_turned,),
    "other product": (_borrowed,),
}
