"""Short texts, lines of advertisements and of letters have a verb; a tone speaks in one form of address alone."""

from __future__ import annotations

import re

import pytest

from bottega.languages.writing import writing, writing_languages
from bottega.models.wording.derivation import why_not
from bottega.models.wording.facts import FactSheet, GivenListing
from bottega.models.wording.frames import frames
from bottega.models.wording.known import known
from bottega.models.wording.text import TextKind, Tone
from bottega.models.wording.writer import ListingWriter

LANGUAGES = writing_languages()
ATTRIBUTES = {"color": ("Navy Blue",), "gender": ("Women",), "season": ("Fall",), "material": ("Organic Cotton",)}
SHEETS = [
    known(
        GivenListing(f"{kind}{place}", f"Marlowe {kind}", category=(kind,), attributes=ATTRIBUTES, price=("9", "EUR"))
    )
    for kind in ("Dress", "Coat", "Jeans", "Sandals", "Handbag")
    for place in range(4)
]
FAMILIAR = {
    "de": r"\b(du|dich|dir|dein|schau|entdecke)\b",
    "fr": r"\b(tu|te|toi|ton|découvre|regarde|salut)\b",
    "es": r"\b(tú|tienes|descubre|mira|encontrarás|además)\b",
    "it": r"\b(tu|trovi|scopri|guarda|ciao)\b",
    "en": r"\b(hi|say hello|meet|have a look|you get|good to know)\b",
}
POLITE = {
    "de": r"\b(entdecken sie|sie erhalten|ihnen|sehen sie)\b",
    "fr": r"\b(vous|découvrez|madame)\b",
    "es": r"\b(descubra|le presentamos|encontrará|buenos días)\b",
    "it": r"\b(scopra|le presentiamo|trova|gentile)\b",
    "en": r"\b(we present|we offer|dear)\b",
}
VERBS = {
    "en": r"\b(is|are|comes?|makes|get|costs?|here|see|discover|meet|take|can)\b",
    "de": r"\b(ist|sind|komm(t|en)|kostet|kosten|besteht|bestehen|gibt|misst|messen)\b",
    "fr": r"\b(est|sont|existe(nt)?|coûte(nt)?|propose|voici|vient|viennent|mesure(nt)?)\b",
    "es": r"\b(es|son|vienen?|cuestan?|está|están|presenta|miden?)\b",
    "it": r"(\b(è|sono|costa(no)?|ecco|propone|misura(no)?)\b|^È)",
}
KINDS = (TextKind.SHORT, TextKind.ADVERT, TextKind.EMAIL, TextKind.DESCRIPTION)


def texts(language: str, tone: Tone, *kinds: TextKind) -> list[str]:
    writer = ListingWriter(language)
    return [
        writer.text(sheet, kind, tone=tone, seed=seed).text for sheet in SHEETS for kind in kinds for seed in (0, 1)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_short_texts_and_lines_have_a_verb_in_every_sentence(language: str) -> None:
    for text in texts(language, Tone.PLAIN, TextKind.SHORT, TextKind.ADVERT):
        for sentence in re.split(r"(?<=[.!])\s+(?=[A-ZÈÉ])", text):
            assert re.search(VERBS[language], sentence.casefold()), text
    for text in texts(language, Tone.PLAIN, TextKind.EMAIL):
        assert re.search(VERBS[language], text.casefold().partition("\n\n")[2]), text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tone", list(Tone))
def test_every_tone_is_proved(language: str, tone: Tone) -> None:
    writer = ListingWriter(language)
    for sheet in SHEETS:
        for kind in KINDS:
            text = writer.text(sheet, kind, tone=tone)
            assert why_not(text, sheet) == (), text.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tone_keeps_to_its_form_of_address(language: str) -> None:
    friendly = [text.casefold() for text in texts(language, Tone.FRIENDLY, *KINDS)]
    formal = [text.casefold() for text in texts(language, Tone.FORMAL, *KINDS)]
    plain = [text.casefold() for text in texts(language, Tone.PLAIN, TextKind.SHORT, TextKind.DESCRIPTION)]
    assert sum(bool(re.search(FAMILIAR[language], text)) for text in friendly) > len(friendly) // 2
    assert sum(bool(re.search(POLITE[language], text)) for text in formal) > len(formal) // 2
    assert not any(re.search(POLITE[language], text) for text in friendly + plain)
    assert not any(re.search(FAMILIAR[language], text) for text in formal + plain)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_sixty_frames_and_a_greeting_in_each_tone(language: str) -> None:
    own = frames(language)
    assert len({frame.id for frame in own}) == len(own) >= 60
    for role, least in (("open", 30), ("more", 15), ("short", 14), ("then", 10), ("ad", 8), ("mail", 7), ("title", 10)):
        assert sum(role in frame.roles for frame in own) >= least, role
    for tone in (Tone.FRIENDLY, Tone.FORMAL):
        greetings = [frame for frame in own if "greet" in frame.roles and tone in frame.tones]
        assert {"shopper" in frame.keys for frame in greetings} == {True, False}


def test_a_bottle_of_perfume_is_no_colour() -> None:
    for language in LANGUAGES:
        word = writing(language).words["colour.white"].forms[""][0].casefold()
        listing = GivenListing("p", "Marlowe Perfume", category=("Perfume",), attributes={"color": ("White",)})
        sheet = known(listing)
        for seed in range(8):
            written = ListingWriter(language).listing(sheet, seed=seed)
            for text in (written.title, written.short, written.description, written.alt, written.advert, written.email):
                label = writing(language).labels["colour"].casefold()
                assert word not in text.text.casefold() or label in text.text.casefold(), text.text


def test_a_name_that_says_the_colour_is_not_followed_by_it() -> None:
    listing = GivenListing(
        "b", "Blue Lagoon Shirt", brand="Blue Lagoon", category=("Shirts",), attributes={"color": ("Blue",)}
    )
    for seed in range(12):
        text = ListingWriter("en").text(known(listing), TextKind.ADVERT, seed=seed).text.casefold()
        assert text.count("blue") <= 1, text


def test_sentences_of_a_description_join_what_it_is_for() -> None:
    def fragments(sheet: FactSheet) -> int:
        found = [ListingWriter("en").text(sheet, TextKind.DESCRIPTION, seed=seed).text for seed in range(10)]
        return sum(len(re.findall(r"(?:^|\. )For [a-z ]+\.(?= For [a-z ]+\.)", text)) for text in found)

    given = {**ATTRIBUTES, "usage": ("Sports",)}
    assert fragments(known(GivenListing("s", "Marlowe Shirt", category=("Shirts",), attributes=given))) == 0
    assert fragments(known(GivenListing("x", "Marlowe Quibble", attributes=given))) == 0
