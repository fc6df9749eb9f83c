"""A third set of inventions, in five languages, by another hand: sentences of other products, numbers told otherwise,
shades, prices by weight, relations turned round; and forty written by hand, in words_planted_hand.json.

    python benchmarks/words_planted_wide.py [--seed 33]

Written after the proof was finished and read once; it shares no line with words_planted.py.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from bottega.models.wording.derivation import why_not
from bottega.models.wording.facts import Fact, FactSheet, FactSource
from bottega.models.wording.text import Text
from bottega.models.wording.verify import verify
from bottega.models.wording.writer import ListingWriter
from common import HERE, machine
from words_data import SETS, products_of, sheets_of

LANGUAGES = ("en", "de", "fr", "es", "it")
EACH = 250
SHADES = {
    "en": ("dark", "light", "pale", "neon"),
    "de": ("dunkles", "helles", "blasses"),
    "fr": ("foncé", "clair", "pâle"),
    "es": ("oscuro", "claro", "pálido"),
    "it": ("scuro", "chiaro", "pallido"),
}
WORDED = {
    "en": ("Comes with three spare parts.", "Two in one.", "Eleven of them in the box."),
    "de": ("Mit drei Ersatzteilen.", "Zwei in einem.", "Elf davon im Karton."),
    "fr": ("Avec trois pièces de rechange.", "Deux en un.", "Onze dans la boîte."),
    "es": ("Con tres piezas de repuesto.", "Dos en uno.", "Once en la caja."),
    "it": ("Con tre pezzi di ricambio.", "Due in uno.", "Undici nella scatola."),
}
PER = {
    "en": ("{n} per kilo.", "{n} per piece.", "{n} a metre."),
    "de": ("{n} pro Kilo.", "{n} je Stück.", "{n} pro Meter."),
    "fr": ("{n} le kilo.", "{n} la pièce.", "{n} le mètre."),
    "es": ("{n} por kilo.", "{n} por pieza.", "{n} el metro."),
    "it": ("{n} al chilo.", "{n} al pezzo.", "{n} al metro."),
}
DENIED = {
    "en": ("It is not {v}.", "{v} it is not.", "Comes without {v}.", "No longer {v}."),
    "de": ("Es ist nicht {v}.", "Ganz ohne {v}.", "Nicht mehr {v}."),
    "fr": ("Ce n'est pas {v}.", "Livré sans {v}.", "Jamais {v}."),
    "es": ("No es {v}.", "Viene sin {v}.", "Nunca {v}.", "Ya no es {v}."),
    "it": ("Non è {v}.", "Arriva senza {v}.", "Mai {v}.", "Non più {v}."),
}
TURNED = {
    "en": ("Fits {kind}.", "Compatible with {kind}.", "{front} is the colour.", "For {front}.", "Made of {kind}."),
    "de": ("Passend für {kind}.", "Kompatibel mit {kind}.", "{front} ist die Farbe.", "Für {front}.", "Aus {kind}."),
    "fr": ("Compatible avec {kind}.", "La couleur est {front}.", "Pour {front}.", "Taille : {kind}."),
    "es": ("Compatible con {kind}.", "El color es {front}.", "Para {front}.", "Talla: {kind}."),
    "it": ("Compatibile con {kind}.", "Il colore è {front}.", "Per {front}.", "Taglia: {kind}."),
}
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_AMOUNT = re.compile(r"\d+(?:[.,]\d+)?")


class Case:
    """A true text, another product's, and the facts."""

    def __init__(self, text: Text, sheet: FactSheet, other: Text, draw: random.Random) -> None:
        self.text, self.sheet, self.other, self.draw = text, sheet, other, draw
        self.known = " ".join([text.text, *(fact.whole for fact in sheet.claimed)]).casefold()

    def said(self, *keys: str) -> str:
        """The words of a slot of one of these keys."""
        slots = [slot for one in self.text.sentences for slot in one.slots if slot.key in keys and slot.facts]
        return self.text.text[slots[0].start : slots[0].end] if slots else ""

    def behind(self, sentence: str) -> str:
        """The text, and a sentence at one of its ends."""
        sentence = sentence[:1].upper() + sentence[1:]
        pieces = _SENTENCE.split(self.text.text)
        pieces.insert(self.draw.choice([0, len(pieces)]), sentence)
        return " ".join(pieces)


def number(case: Case) -> str | None:
    """Sides swapped, a mark moved, a number in words, a plain one more."""
    sides = re.search(r"(\d[\d.,]*)( ?[\"a-z]{0,6}) ?x ?(\d[\d.,]*)", case.text.text)
    if sides and sides[1] != sides[3]:
        return case.text.text[: sides.start()] + f"{sides[3]}{sides[2]} x {sides[1]}" + case.text.text[sides.end() :]
    tenths = re.search(r"\d[.,]\d", case.text.text)
    if tenths:
        return case.text.text[: tenths.start() + 1] + case.text.text[tenths.start() + 2 :]
    plain = list(re.finditer(r"(?<![\d.,/])\d{1,3}(?![\d.,/])", case.text.text))
    if plain and case.draw.random() < 0.6:
        match = case.draw.choice(plain)
        return case.text.text[: match.start()] + str(int(match[0]) + 1) + case.text.text[match.end() :]
    return case.behind(case.draw.choice(WORDED[case.text.language]))


def unit(case: Case) -> str | None:
    """A number of the text with a measure or a price that it does not have."""
    amounts = _AMOUNT.findall(case.text.text)
    if not amounts:
        return None
    return case.behind(case.draw.choice(PER[case.text.language]).replace("{n}", case.draw.choice(amounts)))


def colour(case: Case) -> str | None:
    """A shade that the colour does not have."""
    said = case.said("colour")
    words = [word for word in SHADES[case.text.language] if word not in case.known]
    if not said or not words:
        return None
    shade = case.draw.choice(words)
    new = f"{shade} {said}" if case.text.language in ("en", "de") else f"{said} {shade}"
    return case.text.text.replace(said, new, 1)


def negation(case: Case) -> str | None:
    """A value denied in a sentence of its own."""
    said = case.said("colour", "material", "pattern", "kind", "people")
    return case.behind(case.draw.choice(DENIED[case.text.language]).replace("{v}", said)) if said else None


def relation(case: Case) -> str | None:
    """A value as what it is not: what fits for what is, a name for a colour."""
    words = {"kind": case.said("kind"), "front": case.said("front", "brand")}
    ways = [way for way in TURNED[case.text.language] if all(words[name] for name in re.findall(r"{(\w+)}", way))]
    return case.behind(case.draw.choice(ways).format(**words)) if ways else None


def other_product(case: Case) -> str | None:
    """A whole sentence that is true of another product."""
    mine = {fact.whole.casefold() for fact in case.sheet.claimed}
    for sentence in case.draw.sample(case.other.sentences, len(case.other.sentences)):
        facts = [name.partition("=")[2].casefold() for slot in sentence.slots for name in slot.facts]
        said = case.other.text[sentence.start : sentence.end]
        if facts and not mine & set(facts) and not _says_nothing_new(said, case):
            return case.behind(said)
    return None


def _says_nothing_new(said: str, case: Case) -> bool:
    """Whether every word of a sentence stands among this product's, too."""
    return all(word in case.known for word in re.findall(r"\w{4,}", said.casefold()))


MAKERS: dict[str, Callable[[Case], str | None]] = {
    "number": number,
    "unit": unit,
    "colour": colour,
    "negation": negation,
    "relation": relation,
    "other product": other_product,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=33)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    draw = random.Random(given.seed)
    print(machine())
    texts: dict[str, list[tuple[Text, FactSheet]]] = defaultdict(list)
    true = alarms = 0
    for name in SETS:
        for sheet in sheets_of(products_of(name, 200, seed=given.seed)):
            for language in LANGUAGES:
                listing = ListingWriter(language).listing(sheet, seed=given.seed)
                for text in (listing.title, *listing.bullets, listing.description, listing.alt):
                    true += 1
                    alarms += bool(why_not(text, sheet))
                if not why_not(listing.description, sheet):
                    texts[language].append((listing.description, sheet))
    print(f"true texts {true:,}, refused {alarms} ({alarms / true:.4f})")
    caught: Counter[str] = Counter()
    count: Counter[str] = Counter()
    by_language: Counter[str] = Counter()
    for place in range(EACH):
        kind = list(MAKERS)[place % len(MAKERS)]
        language = LANGUAGES[place // len(MAKERS) % len(LANGUAGES)]
        for _ in range(500):
            text, sheet = draw.choice(texts[language])
            other, _sheet = draw.choice(texts[language])
            new = MAKERS[kind](Case(text, sheet, other, draw)) if other.subject != text.subject else None
            if new is not None and new != text.text:
                break
        else:
            continue
        count[kind] += 1
        is_caught = not verify(new, sheet, language).proved
        caught[kind] += is_caught
        by_language[language] += not is_caught
        if not is_caught:
            print(f"  missed {kind} ({language}): {new[:300]!r}")
    for kind in MAKERS:
        print(f"{kind}: {caught[kind]} of {count[kind]}")
    print(
        f"caught {caught.total()} of {count.total()} ({caught.total() / count.total():.4f}); missed by language "
        f"{dict(by_language)}"
    )
    hand = json.loads((HERE / "words_planted_hand.json").read_text())
    held = 0
    for language, product, said in hand["planted"]:
        is_caught = not verify(said, _facts(hand, product), language, "en").proved
        held += is_caught
        if not is_caught:
            print(f"  missed by hand ({language}): {said!r}")
    let_through = 0
    for language, product, said in hand["true"]:
        report = verify(said, _facts(hand, product), language, "en")
        let_through += report.proved
        if not report.proved:
            print(f"  refused although true ({language}): {said!r}: {'; '.join(report.reasons)}")
    print(f"by hand: caught {held} of {len(hand['planted'])}; true ones proved {let_through} of {len(hand['true'])}")


def _facts(hand: dict[str, Any], product: str) -> list[Fact]:
    return [
        Fact(product, key, value, FactSource.ATTRIBUTE, unit=unit_said, place=key)
        for key, value, unit_said in hand["facts"][product]
    ]


if __name__ == "__main__":
    main()
