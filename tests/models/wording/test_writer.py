"""Texts: the same product always reads the same, each claim leads back to a fact, and none is there without one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bottega.languages.writing import writing_languages
from bottega.models.wording.facts import FactSheet, GivenListing
from bottega.models.wording.known import known
from bottega.models.wording.limits import CHANNELS, limit_of
from bottega.models.wording.shortening import empty_phrases, shortened
from bottega.models.wording.text import Text, TextKind
from bottega.models.wording.writer import ListingWriter

ATTRIBUTES = {
    "color": ("Navy Blue",),
    "gender": ("Women",),
    "season": ("Fall",),
    "usage": ("Casual",),
    "material": ("Organic Cotton",),
    "wick_type": ("braided",),
}
DRESS = GivenListing("d1", "Marlowe Women Navy Blue Dress", category=("Apparel", "Dresses"), attributes=ATTRIBUTES)
LANGUAGES = writing_languages()


@pytest.fixture(scope="module")
def dress() -> FactSheet:
    return known(DRESS)


def derived(text: Text) -> None:
    """Sentences cover the text, and each slot holds what a fact became."""
    assert text.text
    known_names = {fact.name for fact in text.facts}
    end = 0
    for sentence in text.sentences:
        assert text.text[end : sentence.start].strip() == ""
        end = sentence.end
        for slot in sentence.slots:
            assert sentence.start <= slot.start < slot.end <= sentence.end
            assert set(slot.facts) <= known_names
    assert end == len(text.text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(TextKind))
def test_every_kind_of_text_is_derived_and_fits(language: str, kind: TextKind, dress: FactSheet) -> None:
    for seed in range(6):
        text = ListingWriter(language).text(dress, kind, seed=seed)
        derived(text)
        assert len(text.text) <= limit_of(kind) and "  " not in text.text and "{" not in text.text
        assert not empty_phrases(text.text, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_description_says_every_fact_and_each_once(language: str, dress: FactSheet) -> None:
    text = ListingWriter(language).text(dress, TextKind.DESCRIPTION)
    wanted = {fact.name for fact in dress.claimed if fact.key not in ("title", "category", "front", "kind")}
    assert wanted <= {fact.name for fact in text.facts} and len(wanted) >= 4
    said = [name for sentence in text.sentences for slot in sentence.slots for name in slot.facts]
    assert all(said.count(name) == 1 for name in wanted)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_seed_writes_the_same_and_others_do_not(language: str, dress: FactSheet) -> None:
    writer = ListingWriter(language)
    texts = [writer.text(dress, TextKind.DESCRIPTION, seed=seed).text for seed in range(8)]
    assert texts == [ListingWriter(language).text(dress, TextKind.DESCRIPTION, seed=seed).text for seed in range(8)]
    assert len(set(texts)) > 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_colour_that_could_be_a_material_carries_its_key(language: str) -> None:
    steel = {"en": "steel", "de": "stahl", "fr": "acier", "es": "acero", "it": "acciaio"}[language]
    carried = {"en": "colour", "de": "farb", "fr": "couleur", "es": "color", "it": "color"}[language]
    listing = replace(DRESS, title="Marlowe Cufflinks", category=("Cufflinks",), attributes={"color": ("Steel",)})
    for seed in range(12):
        written = ListingWriter(language).listing(known(listing), seed=seed)
        for text in (written.title, written.description, written.alt, *written.bullets):
            for sentence in text.sentences:
                words = text.text[sentence.start : sentence.end].casefold()
                assert steel not in words or carried in words, words


def test_a_value_without_a_word_stays_behind_its_label() -> None:
    listing = replace(DRESS, attributes={**ATTRIBUTES, "material": ("Kapok",)})
    text = (
        ListingWriter("de").text(known(listing), TextKind.DESCRIPTION).text if "de" in LANGUAGES else "Material: Kapok"
    )
    assert "Material: Kapok" in text


def test_asked_facts_are_said_and_a_price_only_then(dress: FactSheet) -> None:
    sheet = known(replace(DRESS, price=("19.90", "EUR")))
    assert "19.90" not in ListingWriter("en").text(sheet, TextKind.DESCRIPTION).text
    assert "€19.90" in ListingWriter("en").text(sheet, TextKind.DESCRIPTION, asked=["price"]).text


def test_several_of_a_thing_are_several() -> None:
    sheet = known(GivenListing("p", "Permanent Markers, Black, Pack of 12"))
    texts = [ListingWriter("en").text(sheet, TextKind.DESCRIPTION, seed=seed).text.casefold() for seed in range(20)]
    assert all("a permanent marker" not in text for text in texts)
    assert any("permanent markers in black" in text for text in texts)


@pytest.mark.parametrize("channel", CHANNELS)
def test_titles_keep_the_limits_of_each_channel_and_cut_no_number(channel: str) -> None:
    long = "Marlowe " + "Extra Wide Ruled Hardcover Journal, " * 8 + "5.5 x 8.5 in"
    text = ListingWriter("en").text(known(GivenListing("1", long)), TextKind.TITLE, channel=channel).text
    assert 0 < len(text) <= CHANNELS[channel].title and long.startswith(text)
    assert shortened("Journal 5.5 x 8.5 in", 12) == "Journal …"


def test_a_product_of_few_facts_is_called_by_its_name() -> None:
    sheet = known(GivenListing("1", "Averill Heavy-Duty Binder, Navy Blue (79805)"))
    for seed in range(12):
        assert "Averill" in ListingWriter("en").text(sheet, TextKind.DESCRIPTION, seed=seed).text


def test_products_of_the_same_facts_begin_in_many_ways() -> None:
    attributes = {"color": ("Black",), "gender": ("Men",), "season": ("Summer",)}
    for language in LANGUAGES:
        texts = []
        for place in range(60):
            listing = GivenListing(f"p{place}", "Marlowe Men Black Belt", category=("Belts",), attributes=attributes)
            texts.append(ListingWriter(language).text(known(listing), TextKind.DESCRIPTION).text)
        assert len({tuple(text.split()[:5]) for text in texts}) >= 8, language


def test_a_value_to_begin_with_takes_the_others_of_its_key_along() -> None:
    sheet = known(GivenListing("1", "Item 7", attributes={"trait": ("t1", "t2", "t3", "t4"), "mood": ("calm",)}))
    for seed in range(6):
        text = ListingWriter("en").text(sheet, TextKind.SHORT, seed=seed, first=["trait=t3"]).text
        assert "Trait: t3, t1, t2, t4" in text, text
