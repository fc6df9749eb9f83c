"""What is asked for stands in the text, in every language, in words that the proof lets through."""

from __future__ import annotations

import pytest

from bottega.actions.wording.proving import proved
from bottega.languages.writing import writing_languages
from bottega.models.wording.facts import Fact, FactSheet, FactSource, GivenListing
from bottega.models.wording.keywords import Keyword, keywords_of
from bottega.models.wording.known import known
from bottega.models.wording.text import TextKind
from bottega.models.wording.verify import verify
from bottega.models.wording.writer import ListingWriter

WATCH = GivenListing(
    "w1", "Titan Women Silver Watch", category=("Watches",),
    attributes={"color": ("Silver",), "gender": ("Women",), "season": ("Winter",), "case_depth": ("9.5 mm",)},
)  # fmt: skip
LANGUAGES = writing_languages()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_one_sentence_may_not_say_another_says(language: str) -> None:
    """ "Titan" is a metal to Germans and "Silver" bare is one to everybody: both are said, and nothing is refused."""
    sheet = known(WATCH)
    for seed in range(8):
        written = ListingWriter(language).listing(sheet, seed=seed, asked=["front", "colour", "season"])
        whole, refused = proved(written, sheet)
        assert refused == () and whole == written
        said = {name for sentence in written.description.sentences for slot in sentence.slots for name in slot.facts}
        assert {"front=Titan", "colour=Silver", "season=Winter"} <= said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", ["Silver", "Women", "Watches", "silver watch", "Titan"])
def test_keywords_of_the_listings_language_are_placed_in_every_other(language: str, words: str) -> None:
    sheet = known(WATCH)
    keywords = keywords_of(sheet, [words], language)
    written, refused = proved(ListingWriter(language).listing(sheet, keywords=keywords), sheet)
    assert keywords[0].facts and not refused
    assert any(keywords[0].stands_in(text.text) for text in (written.title, *written.bullets, written.description))


def test_a_keyword_stands_where_its_words_stand_side_by_side() -> None:
    assert Keyword("lilac mug").stands_in("A LILAC mug.") and Keyword("T-shirt").stands_in("Ein T-Shirt.")
    assert not Keyword("lilac mug").stands_in("In lilac: a mug.") and not Keyword("men").stands_in("For women.")


def test_a_material_is_no_broader_one() -> None:
    sheet = known(GivenListing("b", "Marlowe Belt", category=("Belts",), attributes={"material": ("Faux Leather",)}))
    (keyword,) = keywords_of(sheet, ["leather"], "en")
    assert not keyword.facts and "Faux Leather" in keyword.why


def test_a_title_that_is_cut_says_that_it_goes_on() -> None:
    title = "Songbird Bamboo Monitor Stand Riser With Storage Organizer 15 Inch Office Desk Laptop"
    sheet = known(GivenListing("s", title * 3))
    alt = ListingWriter("en").text(sheet, TextKind.ALT)
    assert alt.text.endswith(" …") and verify(alt.text, sheet, "en").proved
    facts = [Fact("s", "title", title, FactSource.TITLE)]
    assert verify("Songbird Bamboo Monitor …", facts, "en").proved
    for cut in ("Songbird Bamboo Monitor", "Songbird …", title.split(" Inch")[0] + " …", "Bamboo Monitor Stand …"):
        assert not verify(cut, facts, "en").proved


def test_a_word_of_the_title_counts_nothing_in_another_language() -> None:
    """ "Elf" is eleven to Germans."""
    facts = [Fact("e", "title", "Vintage Christmas Elf Duo", FactSource.TITLE)]
    assert verify("Vintage Christmas Elf Duo", facts, "de", "en").proved
    assert not verify("Elf Stück.", facts, "de", "en").proved


@pytest.mark.parametrize(("language", "said"), [("en", "9.5 mm"), ("de", "9,5 mm"), ("fr", "9,5 mm"), ("it", "9,5 mm")])
def test_numbers_have_the_signs_of_the_language(language: str, said: str) -> None:
    text = ListingWriter(language).text(known(WATCH), TextKind.DESCRIPTION).text
    assert said in text


def test_thousands_are_one_number_however_a_language_parts_them() -> None:
    sheet = FactSheet("p", "en", (Fact("p", "count", "1,500", FactSource.TITLE, unit="pack"),))
    assert verify("Contenu : paquet de 1\u202f500.", sheet, "fr").proved
    assert not verify("Contenu : paquet de 1\u202f501.", sheet, "fr").proved
    assert not verify("Contenu : paquet de 500.", sheet, "fr").proved


def _names(title: str, **attributes: tuple[str, ...]) -> set[str]:
    return {fact.name for fact in known(GivenListing("1", title, attributes=attributes)).claimed}


@pytest.mark.parametrize(
    ("title", "never"),
    [
        ("Marlowe Gel Impact Pen Silver Ink, 1.0mm", "kind=Ink"),
        ("Marlowe 8-Sheet Paper, CD, and Credit Card Shredder", "kind=Paper"),
        ("1941 Keyring - Coin Keyring, Mens, Ladies Birthday Gift", "people=Mens"),
        ("Japan Adventure Travel Poster", "occasion=Travel"),
        ("Lucky Cufflinks for a Birthday and Tie Clip Set", "kind=Cufflinks"),
        ("Bookmark 'Great Dads / Grandads', Red", "name=Bookmark 'Great Dads"),
    ],
)
def test_a_title_is_not_taken_for_what_it_may_not_mean(title: str, never: str) -> None:
    assert never not in _names(title)


def test_a_measure_keeps_its_feet_and_yards() -> None:
    assert "dimensions=2 1/4\" x 50'" in _names("Thermal Paper, 2 1/4\" x 50'")
    assert "dimensions=1.88 in. x 54.6 yds" in {one.rstrip(".") for one in _names("Tape, 1.88 in. x 54.6 yds., Clear")}


def test_a_thing_is_no_material() -> None:
    names = _names("Lucky Coin", materials=("Silver Plate", "Necklace"))
    assert "material=Silver Plate" in names and "material=Necklace" not in names


def test_people_who_are_named_otherwise_in_the_title_contradict() -> None:
    sheet = known(GivenListing("1", "Marlowe Girls Darcy Purple Top", attributes={"gender": ("Men",)}))
    assert [one.key for one in sheet.contradictions] == ["people"] and not sheet.of("people")


@pytest.mark.parametrize(
    ("language", "label"),
    [
        ("en", "Burning time: 60 h"),
        ("de", "Brenndauer: 60 h"),
        ("fr", "Durée de combustion : 60 h"),
        ("de", "„Lot“: 7 b"),
    ],
)
def test_labels_are_in_the_language_or_set_apart(language: str, label: str) -> None:
    attributes = {"burning_time": ("60 h",), "lot": ("7 b",)}
    sheet = known(GivenListing("c", "Marlowe Candle", category=("Candles",), attributes=attributes))
    written, refused = proved(ListingWriter(language).listing(sheet), sheet)
    assert label in written.description.text and not refused


def test_values_of_one_key_share_a_label() -> None:
    attributes = {"materials": ("Kapok", "Ramie")}
    text = ListingWriter("en").text(
        known(GivenListing("c", "Marlowe Lot", attributes=attributes)), TextKind.DESCRIPTION
    )
    assert "Material: Kapok, Ramie." in text.text


@pytest.mark.parametrize("language", ["de", "es", "it"])
def test_what_cannot_be_counted_has_no_article(language: str) -> None:
    sheet = known(GivenListing("m", "Marlowe Prime Flank", category=("Meat",)))
    for seed in range(8):
        text = ListingWriter(language).text(sheet, TextKind.DESCRIPTION, seed=seed).text
        assert not {"ein", "una", "un"} & set(text.replace(".", "").split())


@pytest.mark.parametrize(
    ("title", "never"),
    [
        ("Staedtler Pigment Liner, 0.8mm, Black Ink (308-0.8)", "kind=Ink"),
        ("Marlowe Cartridge Replacement for Printers - Drum", "kind=Drum"),
        ("Marlowe Jumbo Pencil Cup, Black", "kind=Cup"),
        ("Royal Diadem Set of 2 Golden Bangles", "front=Royal Diadem Set of 2 Golden"),
        ("Sign 'No Matter Where You Are, You'll Be Mine'", "name=Sign 'No Matter Where You Are"),
    ],
)
def test_a_part_of_a_title_is_not_taken_for_the_thing(title: str, never: str) -> None:
    assert never not in _names(title)


def test_people_behind_for_contradict_an_attribute() -> None:
    sheet = known(GivenListing("1", "Whimsical Mouse Dress for Girls", attributes={"gender": ("Men",)}))
    assert [one.key for one in sheet.contradictions] == ["people"]


def test_a_title_as_a_sentence_ends_like_one() -> None:
    listing = GivenListing("1", "Qqq Www (X-1)", attributes={"color": ("Red",)})
    for seed in range(6):
        text = ListingWriter("fr").text(known(listing), TextKind.DESCRIPTION, seed=seed).text
        assert ") E" not in text and text.endswith(".")
