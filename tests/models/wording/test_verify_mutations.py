"""The proof is kept honest: texts that are true are changed in one place, and each change must be found.

The texts are put together here, from words of the lists of each language, and by nobody's frames.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bottega.models.wording.facts import Fact, FactSource
from bottega.models.wording.verify import verify


@dataclass(frozen=True)
class Spoken:
    """How a language says what the listing says in English: kinds, colours, materials, people; and sentences."""

    kinds: dict[str, str]
    materials: dict[str, str]
    people: dict[str, str]
    seasons: dict[str, str]
    colours: dict[str, str]
    sentences: tuple[str, ...]
    denials: tuple[str, ...]
    units: dict[str, str]


LANGUAGES = {
    "en": Spoken(
        {"Watch": "watch", "Backpack": "backpack", "Shirt": "shirt", "Belt": "belt"},
        {"Cotton": "cotton", "Leather": "leather", "Wool": "wool", "Silk": "silk"},
        {"Men": "men", "Women": "women", "Boys": "boys", "Girls": "girls"},
        {"Summer": "summer", "Winter": "winter", "Spring": "spring"},
        {"Black": "black", "Red": "red", "Green": "green", "Purple": "purple"},
        (
            "The {kind} by {brand} is for {people}.",
            "Made of {material}.",
            "Colour: {colour}.",
            "For {season}.",
            "It measures {sides} {unit}.",
            "Pack of {count}.",
            "Price: {price} EUR.",
            "{a} of the {b} reviews that mention {about} say {that}.",
            "Part number: {part}.",
        ),
        ("not", "never", "without", "isn't", "no"),
        {"cm": "cm", "in": "inches", "mm": "mm"},
    ),
    "de": Spoken(
        {"Watch": "Uhr", "Backpack": "Rucksack", "Shirt": "Hemd", "Belt": "Gürtel"},
        {"Cotton": "Baumwolle", "Leather": "Leder", "Wool": "Wolle", "Silk": "Seide"},
        {"Men": "Herren", "Women": "Damen", "Boys": "Jungen", "Girls": "Mädchen"},
        {"Summer": "Sommer", "Winter": "Winter", "Spring": "Frühling"},
        {"Black": "schwarz", "Red": "rot", "Green": "grün", "Purple": "lila"},
        (
            "{kind} von {brand} für {people}.",
            "Aus {material}.",
            "Farbe: {colour}.",
            "Für den {season}.",
            "Maße: {sides} {unit}.",
            "Packung mit {count} Stück.",
            "Preis: {price} €.",
            "{a} der {b} Bewertungen, die {about} erwähnen, sagen, {that}.",
            "Teilenummer: {part}.",
        ),
        ("nicht", "nie", "ohne", "kein", "keine"),
        {"cm": "cm", "in": "Zoll", "mm": "mm"},
    ),
    "fr": Spoken(
        {"Watch": "montre", "Backpack": "sac à dos", "Shirt": "chemise", "Belt": "ceinture"},
        {"Cotton": "coton", "Leather": "cuir", "Wool": "laine", "Silk": "soie"},
        {"Men": "homme", "Women": "femme", "Boys": "garçon", "Girls": "fille"},
        {"Summer": "été", "Winter": "hiver", "Spring": "printemps"},
        {"Black": "noir", "Red": "rouge", "Green": "vert", "Purple": "violet"},
        (
            "La {kind} de la marque {brand} pour {people}.",
            "En {material}.",
            "Couleur : {colour}.",
            "Pour le {season}.",
            "Dimensions : {sides} {unit}.",
            "Lot de {count} pièces.",
            "Prix : {price} €.",
            "{a} des {b} avis qui parlent {about} disent {that}.",
            "Référence : {part}.",
        ),
        ("ne", "pas", "jamais", "sans", "aucun"),
        {"cm": "cm", "in": "pouces", "mm": "mm"},
    ),
    "es": Spoken(
        {"Watch": "reloj", "Backpack": "mochila", "Shirt": "camisa", "Belt": "cinturón"},
        {"Cotton": "algodón", "Leather": "cuero", "Wool": "lana", "Silk": "seda"},
        {"Men": "hombre", "Women": "mujer", "Boys": "niño", "Girls": "niña"},
        {"Summer": "verano", "Winter": "invierno", "Spring": "primavera"},
        {"Black": "negro", "Red": "rojo", "Green": "verde", "Purple": "morado"},
        (
            "La {kind} de la marca {brand} para {people}.",
            "Hecho de {material}.",
            "Color: {colour}.",
            "Para el {season}.",
            "Medidas: {sides} {unit}.",
            "Pack de {count} piezas.",
            "Precio: {price} €.",
            "{a} de las {b} reseñas que mencionan {about} dicen {that}.",
            "Referencia: {part}.",
        ),
        ("no", "nunca", "sin", "ningún", "ni"),
        {"cm": "cm", "in": "pulgadas", "mm": "mm"},
    ),
    "it": Spoken(
        {"Watch": "orologio", "Backpack": "zaino", "Shirt": "camicia", "Belt": "cintura"},
        {"Cotton": "cotone", "Leather": "pelle", "Wool": "lana", "Silk": "seta"},
        {"Men": "uomo", "Women": "donna", "Boys": "bambino", "Girls": "bambina"},
        {"Summer": "estate", "Winter": "inverno", "Spring": "primavera"},
        {"Black": "nero", "Red": "rosso", "Green": "verde", "Purple": "viola"},
        (
            "La {kind} del marchio {brand} per {people}.",
            "Fatto di {material}.",
            "Colore: {colour}.",
            "Per l'{season}.",
            "Misure: {sides} {unit}.",
            "Confezione da {count} pezzi.",
            "Prezzo: {price} €.",
            "{a} delle {b} recensioni che menzionano {about} dicono {that}.",
            "Codice articolo: {part}.",
        ),
        ("non", "mai", "senza", "nessun", "né"),
        {"cm": "cm", "in": "pollici", "mm": "mm"},
    ),
}
BRANDS = ("Puma", "Titan", "Park Avenue", "Arrow")
REVIEWED = {
    "en": {
        "size small": ("the size", "that it runs small"), "size good": ("the size", "that it fits"),
        "quality good": ("the quality", "that it is good"), "colour bad": ("the colour", "that it disappoints"),
    },
    "de": {
        "size small": ("die Größe", "dass sie klein ausfällt"), "size good": ("die Größe", "dass sie passt"),
        "quality good": ("die Qualität", "dass sie gut ist"), "colour bad": ("die Farbe", "dass sie enttäuscht"),
    },
    "fr": {
        "size small": ("de la taille", "qu’elle est plus petite que prévu"),
        "size good": ("de la taille", "qu’elle convient"),
        "quality good": ("de la qualité", "qu’elle est bonne"), "colour bad": ("de la couleur", "qu’elle déçoit"),
    },
    "es": {
        "size small": ("el tamaño", "que es menor de lo esperado"), "size good": ("el tamaño", "que es el adecuado"),
        "quality good": ("la calidad", "que es buena"), "colour bad": ("el color", "que decepciona"),
    },
    "it": {
        "size small": ("la misura", "che è più piccola del previsto"), "size good": ("la misura", "che va bene"),
        "quality good": ("la qualità", "che è buona"), "colour bad": ("il colore", "che delude"),
    },
}  # fmt: skip
"""What reviews say of an aspect: how a language names the aspect, and what it then says of it."""
NUMBERED = ("sides", "count", "price", "a", "b", "part")


@dataclass(frozen=True)
class Written:
    """A true text, the pieces it is made of, and the facts."""

    language: str
    said: dict[str, str]
    sentences: tuple[str, ...]
    facts: tuple[Fact, ...]

    @property
    def text(self) -> str:
        return " ".join(sentence.format(**self.said) for sentence in self.sentences)

    def saying(self, **said: str) -> str:
        return replace(self, said={**self.said, **said}).text

    def holds(self, *slots: str) -> bool:
        return all(any(f"{{{slot}}}" in sentence for sentence in self.sentences) for slot in slots)


@st.composite
def written(draw: st.DrawFn) -> Written:
    language = draw(st.sampled_from(sorted(LANGUAGES)))
    spoken = LANGUAGES[language]
    kind, colour = draw(st.sampled_from(sorted(spoken.kinds))), draw(st.sampled_from(sorted(spoken.colours)))
    material, people = draw(st.sampled_from(sorted(spoken.materials))), draw(st.sampled_from(sorted(spoken.people)))
    season, unit = draw(st.sampled_from(sorted(spoken.seasons))), draw(st.sampled_from(sorted(spoken.units)))
    side = st.integers(1, 99).map(str) | st.sampled_from(("5.5", "8.5", "1/3", "0.75"))
    sides = f"{draw(side)} x {draw(side)}"
    count, part = str(draw(st.integers(2, 500))), str(draw(st.integers(10_000, 99_999)))
    price = f"{draw(st.integers(1, 999))}.{draw(st.integers(10, 99))}"
    of = draw(st.integers(3, 40))
    some = draw(st.integers(1, of))
    brand, says = draw(st.sampled_from(BRANDS)), draw(st.sampled_from(sorted(REVIEWED[language])))

    def fact(key: str, value: str, measure: str = "") -> Fact:
        return Fact("p", key, value, FactSource.ATTRIBUTE, unit=measure, place=key)

    facts = (
        fact("kind", kind), fact("colour", colour), fact("material", material), fact("people", people),
        fact("season", season), fact("brand", brand), fact("dimensions", sides, unit), fact("count", count, "pack"),
        fact("price", price, "EUR"), fact("review", f"{some}/{of} {says}"), fact("part_number", part),
    )  # fmt: skip
    said = {
        "kind": spoken.kinds[kind], "colour": spoken.colours[colour], "material": spoken.materials[material],
        "people": spoken.people[people], "season": spoken.seasons[season], "brand": brand, "sides": sides,
        "unit": spoken.units[unit], "count": count, "price": price if language == "en" else price.replace(".", ","),
        "a": str(some), "b": str(of), "about": REVIEWED[language][says][0], "that": REVIEWED[language][says][1],
        "part": part,
    }  # fmt: skip
    order = draw(st.permutations(range(len(spoken.sentences))))
    taken = order[: draw(st.integers(2, len(order)))]
    return Written(language, said, tuple(spoken.sentences[at] for at in taken), facts)


@settings(deadline=None)
@given(written())
def test_a_true_text_is_proved_to_the_last_fact(one: Written) -> None:
    report = verify(one.text, one.facts, one.language)
    assert report.proved, (one.text, report.reasons)
    slots = sum(one.holds(slot) for slot in ("kind", "colour", "material", "season", "sides", "count", "price"))
    assert len(report.facts) >= slots


@settings(deadline=None)
@given(written(), st.sampled_from(NUMBERED), st.data())
def test_a_changed_number_is_found(one: Written, slot: str, data: st.DataObject) -> None:
    assume(one.holds(slot))
    number = one.said[slot]
    digits = [at for at, letter in enumerate(number) if letter.isdigit()]
    at = data.draw(st.sampled_from(digits))
    how = data.draw(st.sampled_from(("other", "more", "less")))
    if how == "other":
        digit = data.draw(st.sampled_from([one for one in "123456789" if one != number[at]]))
        changed = number[:at] + digit + number[at + 1 :]
    elif how == "more":
        changed = number[:at] + data.draw(st.sampled_from("123456789")) + number[at:]
    else:
        changed = number[:at] + number[at + 1 :]
    assume(_plain(changed) != _plain(number) and any(letter.isdigit() for letter in changed))
    text = one.saying(**{slot: changed})
    assert not verify(text, one.facts, one.language).proved, text


def _plain(number: str) -> str:
    """Without zeros that change nothing: "0,75" and ",75", "10,10" and "10,1" are one number each."""
    return re.sub(r"([.,]\d)0(?!\d)", r"\1", re.sub(r"(?<!\d)0(?=[.,]\d)", "", number))


@settings(deadline=None)
@given(written(), st.data())
def test_a_changed_unit_is_found(one: Written, data: st.DataObject) -> None:
    assume(one.holds("unit"))
    units = {*LANGUAGES[one.language].units.values(), "kg", "ml", "%"} - {one.said["unit"]}
    text = one.saying(unit=data.draw(st.sampled_from(sorted(units))))
    assert not verify(text, one.facts, one.language).proved, text


@settings(deadline=None)
@given(
    written(), st.sampled_from(("kind", "colour", "material", "people", "season", "brand", "about", "that")), st.data()
)
def test_another_products_value_is_found(one: Written, slot: str, data: st.DataObject) -> None:
    assume(one.holds(slot))
    spoken = LANGUAGES[one.language]
    others = {
        "kind": spoken.kinds.values(), "colour": spoken.colours.values(), "material": spoken.materials.values(),
        "people": spoken.people.values(), "season": spoken.seasons.values(), "brand": BRANDS,
        "about": [about for about, _ in REVIEWED[one.language].values()],
        "that": [that for _, that in REVIEWED[one.language].values()],
    }[slot]  # fmt: skip
    text = one.saying(**{slot: data.draw(st.sampled_from(sorted({*others} - {one.said[slot]})))})
    assert not verify(text, one.facts, one.language).proved, text


@settings(deadline=None)
@given(
    written(),
    st.sampled_from(
        [
            ("colour", "material"), ("brand", "colour"), ("material", "brand"), ("people", "material"), ("a", "count"),
            ("a", "b"), ("season", "colour"), ("count", "part"), ("price", "count"), ("kind", "material"),
            ("sides", "count"),
        ]
    ),
)  # fmt: skip
def test_swapped_values_are_found(one: Written, pair: tuple[str, str]) -> None:
    first, second = pair
    assume(one.holds(first, second) and one.said[first] != one.said[second])
    text = one.saying(**{first: one.said[second], second: one.said[first]})
    assert not verify(text, one.facts, one.language).proved, text


@settings(deadline=None)
@given(written())
def test_swapped_sides_are_found(one: Written) -> None:
    assume(one.holds("sides"))
    first, second = one.said["sides"].split(" x ")
    assume(first != second)
    assert not verify(one.saying(sides=f"{second} x {first}"), one.facts, one.language).proved


@settings(deadline=None)
@given(written(), st.data())
def test_a_denial_is_found_wherever_it_stands(one: Written, data: st.DataObject) -> None:
    words = one.text.split()
    at = data.draw(st.integers(0, len(words)))
    words.insert(at, data.draw(st.sampled_from(LANGUAGES[one.language].denials)))
    text = " ".join(words)
    assert not verify(text, one.facts, one.language).proved, text


@settings(deadline=None)
@given(written(), st.data())
def test_a_text_outlives_none_of_its_facts(one: Written, data: st.DataObject) -> None:
    claimed = verify(one.text, one.facts, one.language).facts
    gone = data.draw(st.sampled_from(claimed))
    left = tuple(fact for fact in one.facts if fact != gone)
    assert not verify(one.text, left, one.language).proved, (one.text, gone.name)


@settings(deadline=None)
@given(written(), st.sampled_from(("lining", "sole", "strap")), st.data())
def test_a_value_of_another_key_licenses_nothing(one: Written, key: str, data: st.DataObject) -> None:
    claimed = [fact for fact in verify(one.text, one.facts, one.language).facts if fact.key in ("colour", "material")]
    assume(claimed)
    moved = data.draw(st.sampled_from(claimed))
    facts = tuple(replace(fact, key=key, place=key) if fact == moved else fact for fact in one.facts)
    assert not verify(one.text, facts, one.language).proved, (one.text, moved.name)


@settings(deadline=None)
@given(written(), st.text(max_size=60))
def test_no_text_breaks_the_proof(one: Written, noise: str) -> None:
    for language in LANGUAGES:
        report = verify(noise + one.text, one.facts, language)
        for claim in (*report.claims, *report.unlicensed, *report.unparsed):
            assert claim.said == (noise + one.text)[claim.start : claim.end] and claim.said


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_praise_is_no_fact(language: str) -> None:
    praise = {
        "en": "Best quality.", "de": "Beste Qualität.", "fr": "La meilleure qualité.",
        "es": "La mejor calidad.", "it": "La migliore qualità.",
    }  # fmt: skip
    assert not verify(praise[language], (Fact("p", "kind", "Watch", FactSource.ATTRIBUTE),), language).proved
