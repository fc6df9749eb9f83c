"""What a careful reader found wrong in texts, by classes: names and numbers torn, lists cut short, other things."""

from __future__ import annotations

import itertools

import pytest

from bottega.actions.wording.proving import proved
from bottega.languages.writing import writing, writing_languages
from bottega.models.wording.facts import FactSheet, GivenListing
from bottega.models.wording.known import known
from bottega.models.wording.measures import measures_in
from bottega.models.wording.shortening import shortened
from bottega.models.wording.text import TextKind
from bottega.models.wording.verify import verify
from bottega.models.wording.writer import ListingWriter

LANGUAGES = writing_languages()


def sheet_of(
    title: str, *category: str, makers: frozenset[str] = frozenset(), **attributes: tuple[str, ...]
) -> FactSheet:
    return known(GivenListing("p", title, category=category, attributes=attributes, makers=makers))


def values(sheet: FactSheet, key: str) -> list[str]:
    return [fact.value for fact in sheet.of(key)]


def text(sheet: FactSheet, language: str, kind: TextKind = TextKind.DESCRIPTION, seed: int = 0) -> str:
    return ListingWriter(language).text(sheet, kind, seed=seed).text


@pytest.mark.parametrize(
    ("title", "front"),
    [
        ("1900 Victorian Cufflinks", []),
        ("AmazonBasics 3-Ring Binder", ["AmazonBasics"]),
        ("Urban Yoga Women Pink Shorts", ["Urban Yoga"]),
        ("Best Friend 'Soul Sister' Mug", []),
        ("Mr. Men Printed Blue T-shirt", []),
        ("St.John Blue T-shirt", ["St.John"]),
        ('Download "Our Family Calendar', []),
        ("1961 60th Birthday Necklace", []),
        ("23rd Birthday Dime Pendant", []),
        ("Wilson Jones 3 Ring Binder", ["Wilson Jones"]),
        ("United Colors of Benetton Blue Sweatshirt", ["United Colors of Benetton"]),
        ("Canon PIXMA 62 Printer", ["Canon PIXMA 62"]),
    ],
)
def test_a_name_ends_before_a_number_that_counts_something_else(title: str, front: list[str]) -> None:
    assert values(sheet_of(title), "front") == front


def test_a_name_of_a_known_maker_may_be_longer() -> None:
    title = "Lotus Herbals Dew Rouge Pulp Nail Polish"
    assert values(sheet_of(title), "front") == []
    assert values(sheet_of(title, makers=frozenset({"lotus"})), "front") == ["Lotus Herbals Dew Rouge Pulp"]


def test_a_name_that_only_describes_is_not_carried_into_another_language() -> None:
    sheet = sheet_of("Classic White Shirt", "Shirts")
    for language in ("de", "fr", "es", "it"):
        assert not text(sheet, language, TextKind.TITLE).split("Classic")[1:]
    assert "Classic" in text(sheet, "en", TextKind.TITLE)


def test_colours_of_a_list_are_said_all_or_none() -> None:
    whole = sheet_of("Epson Ink Cartridge, 4 Pack, Black, Cyan, Magenta, Yellow")
    assert values(whole, "colour") == ["Black", "Cyan", "Magenta", "Yellow"]
    torn = sheet_of("Epson Ink Cartridge, 4 Pack, Black, Celadonite, Magenta, Yellow")
    assert values(torn, "colour") == []
    assert values(torn, "feature") == ["Black", "Celadonite", "Magenta", "Yellow"]
    assert values(sheet_of("Nike Black and Celadonite Shirt", "Shirts"), "colour") == []
    assert values(sheet_of("Nike Black & White Shirt", "Shirts"), "colour") == ["Black", "White"]


def test_a_colour_of_two_in_the_title_is_said_with_the_other() -> None:
    both = sheet_of("Nike Beige & Green Sandals", "Sandals", base_colour=("Beige",))
    assert values(both, "colour") == ["Beige", "Green"] and not both.contradictions
    beside = sheet_of("Vans Blue & Black Era Shoes", "Shoes", article_type=("Shoes",), base_colour=("Blue",))
    assert values(beside, "colour") == ["Blue", "Black"]
    assert values(sheet_of("Nike Black White Sandals", "Sandals", base_colour=("Black",)), "colour") == ["Black"]


def test_a_colour_between_commas_is_not_claimed_where_the_title_names_another() -> None:
    sheet = sheet_of("1950, Sixpence Keyring, Gold, Silver Keyring")
    assert values(sheet, "colour") == [] and "Gold" in values(sheet, "feature")
    assert values(sheet_of("1950, Sixpence Keyring, Gold"), "colour") == ["Gold"]


def test_what_is_plated_in_the_title_is_not_all_gold() -> None:
    sheet = sheet_of("1947, Sixpence Cufflinks, 24k Gold Plated", materials=("Gold",))
    assert values(sheet, "material") == ["Gold Plated"] and "plated" in text(sheet, "en")


def test_a_part_of_a_word_is_no_measure_and_a_list_of_models_stays_whole() -> None:
    assert measures_in("Mighty 20MP 7-in-1 Converter") == []
    fits = sheet_of("HP 951 Ink, Yellow High Yield, for Officejet Pro 251, 276, 8100")
    assert "for Officejet Pro 251, 276, 8100" in values(fits, "feature")


def test_a_count_in_a_bundle_is_not_the_bundles() -> None:
    sheet = sheet_of("Acme Paper Shredder and Sharpening Sheets (Pack of 24) Bundle")
    assert values(sheet, "count") == [] and values(sheet, "stated") == ["Pack of 24"]


def test_two_occasions_side_by_side_are_one() -> None:
    sheet = sheet_of("Honour Makeup Bag, Wedding Party Gifts")
    assert values(sheet, "occasion") == [] and "Wedding Party Gifts" in values(sheet, "feature")


def test_a_metal_before_a_colour_is_a_shade() -> None:
    assert values(sheet_of("Jinhao X450 Fountain Pen Gold and Green Marble"), "material") == []
    assert values(sheet_of("Urban Graffiti Laptop Skin"), "colour") == []
    assert values(sheet_of("12 Art Deco Scarf Ring"), "kind") == []
    assert values(sheet_of("Catwalk Women Metal Grey Heels", "Heels"), "material") == []
    assert values(sheet_of("Fastrack Men Leather Brown Wallet", "Wallets"), "material") == ["Leather"]


def test_a_colour_that_the_title_describes_it_by_contradicts_the_attributes() -> None:
    clash = sheet_of("Ant Boys White Checked Kidswear", article_type=("Shirts",), base_colour=("Green",))
    assert values(clash, "colour") == [] and clash.contradictions[0].key == "colour"
    named = sheet_of("Lotto Men Red Zeus Sandals", article_type=("Sandals",), base_colour=("Black",))
    assert values(named, "colour") == ["Black"] and not named.contradictions


def test_a_name_does_not_end_within_a_list_of_colours() -> None:
    sheet = sheet_of("Epson 220 Ink Cartridge Combo Pack Black, Cyan, Magenta, Yellow Model - Standard Packaging")
    assert values(sheet, "name") != ["Epson 220 Ink Cartridge Combo Pack Black"]
    assert "feature=Black" not in [fact.name for fact in sheet_of("Pen, Medium Point, Black Ink, 2 Pack").claimed]


def test_what_means_the_same_is_one_fact() -> None:
    assert len(sheet_of("Keyring, 2000, Gift, Present, Silver").of("occasion")) == 1


@pytest.mark.parametrize(("language", "one"), [("fr", "1 pouce x 450 pouces"), ("it", "1 pollice x 450 pollici")])
def test_one_of_a_measure_is_one(language: str, one: str) -> None:
    sheet = sheet_of("Scotch Mounting Tape, 1 Inch x 450 Inches")
    assert one in text(sheet, language)


def test_a_letter_of_a_model_is_no_measure() -> None:
    assert measures_in("ADIDAS Duramo 4 M Shoes") == [] and measures_in("Cable, 4 m")[0].value == "4 m"


def test_colours_that_a_stroke_joins_may_be_one() -> None:
    sheet = sheet_of("Zebra Gel Pens, Blue/Black, 12 Count")
    assert values(sheet, "colour") == [] and "Blue/Black" in text(sheet, "en")


def test_a_part_or_another_thing_is_not_what_its_category_names() -> None:
    assert values(sheet_of("ProView 360 Camera Grip", "Electronics", "Cameras"), "kind") == []
    assert values(sheet_of("PowerCut Pro Chainsaw", "Tools", "Saws"), "kind") == ["Saws"]
    assert values(sheet_of("ProView 360", "Electronics", "Cameras"), "kind") == ["Cameras"]
    for title in ("Colorz Pencil Case/Cosmetic Bag", "Canvas Laundry Case/Bag"):
        assert values(sheet_of(title), "kind") == []


@pytest.mark.parametrize(("title", "category"), [("Elegance Pocket Square Pin", "Jackets"), ("Cocoon Robe", "Shirts")])
def test_a_category_is_not_the_thing_where_the_title_ends_in_another_word(title: str, category: str) -> None:
    assert values(sheet_of(title, "Apparel", category), "kind") == []


def test_the_titles_own_word_wins_over_a_category_beside_it() -> None:
    assert values(sheet_of("Urban Trench Coat", "Apparel", "Jackets"), "kind") == ["Coat"]
    assert values(sheet_of("Aqua Breeze Flip-Flops", "Footwear", "Sandals"), "kind") == ["Flip-Flops"]


def test_what_a_title_names_in_the_plural_is_several() -> None:
    several = sheet_of("Sonic Audiophile Speakers", "Electronics", "Speaker")
    assert values(several, "kind") == ["Speakers"]
    assert "ein Lautsprecher" not in " ".join(text(several, "de", seed=seed) for seed in range(10))


@pytest.mark.parametrize(
    ("language", "alarm", "any_clock"),
    [
        ("de", "Wecker", "Uhr"),
        ("fr", "réveil", "horloge"),
        ("es", "despertador", "reloj"),
        ("it", "sveglia", "orologio"),
    ],
)
def test_words_are_no_narrower_than_what_they_translate(language: str, alarm: str, any_clock: str) -> None:
    one, other = (sheet_of(f"Sunrise {clock}", "Home", "Clock") for clock in ("Alarm Clock", "Clock"))
    assert alarm in " ".join(text(one, language, seed=seed) for seed in range(20))
    said = " ".join(text(other, language, seed=seed) for seed in range(20))
    assert any_clock in said and not any(wall in said.casefold() for wall in ("wand", "pared", "parete", "mural"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_of_things_is_not_one_of_them(language: str) -> None:
    sheet = sheet_of("Sharpie Highlighter, 12-Pack, Yellow")
    one = writing(language).words["kind.highlighter"].forms[""][0]
    for seed in range(10):
        said = text(sheet, language, seed=seed).replace("Sharpie Highlighter", "")
        assert one not in said.replace(f"{one}s", "") or writing(language).several(
            writing(language).words["kind.highlighter"]
        )


def test_a_list_behind_for_is_no_list_of_details() -> None:
    sheet = sheet_of("BAZIC Rubber Bands for School, Home, or Office, 12 Count")
    assert values(sheet, "feature") == [] and values(sheet, "name") == [
        "BAZIC Rubber Bands for School, Home, or Office"
    ]


def test_lists_behind_other_small_words() -> None:
    coin = sheet_of("Lucky Sixpence Coin - Nice for Birthdays, Anniversary, Craft or Jewelry - Grandfather")
    assert values(coin, "feature") == ["Nice for Birthdays, Anniversary, Craft or Jewelry", "Grandfather"]
    chairs = sheet_of("Acme Mesh Desk Chairs for Women, Men, Black")
    assert values(chairs, "name") == ["Acme Mesh Desk Chairs for Women, Men"] and values(chairs, "colour") == ["Black"]
    trays = sheet_of("3-Pack of Organizer Trays for Desk, Utensils, Tools, Crafts, Vanity - Black")
    assert values(trays, "feature") == [] and values(trays, "colour") == ["Black"]
    printer = sheet_of("Epson Color Printer with Scanner, Copier and Fax, Black")
    assert values(printer, "feature") == [] and values(printer, "colour") == ["Black"]


def test_gents_are_men() -> None:
    sheet = sheet_of("Dapper Gent's Scarf", "Scarves", gender=("Women",))
    assert values(sheet, "people") == [] and sheet.contradictions[0].key == "people"


def test_a_kids_shoe_is_not_for_women_and_men() -> None:
    sheet = sheet_of("Crocs Kid's Pink Sandals", article_type=("Sandals",), gender=("Unisex",))
    assert values(sheet, "people") == [] and sheet.contradictions[0].key == "people"
    both = sheet_of("Tantra Kid's Unisex Red Kidswear", article_type=("Tshirts",), gender=("Unisex",))
    assert values(both, "people") == [] and both.contradictions[0].key == "people"


def test_what_is_stated_in_packs_is_several() -> None:
    sheet = sheet_of("BIC Mark-It Permanent Marker, Fine Point (2 Packs of 36)")
    assert not any("un pennarello" in text(sheet, "it", seed=seed).casefold() for seed in range(10))


def test_a_title_that_ends_in_a_comma_is_a_sentence() -> None:
    assert text(sheet_of("1941, Threepence Keyring, 3d,"), "en").startswith("1941, Threepence Keyring")
    assert ",." not in "".join(text(sheet_of("1941, 80th, Threepence thing, 3d,"), code) for code in LANGUAGES)


def test_numbers_stay_with_what_they_count() -> None:
    assert shortened("Label Maker Refill, 2, 000 Labels in White", 24) == "Label Maker Refill"
    assert values(sheet_of("Avery Address Labels, 2, 000 Labels"), "feature") == ["2, 000 Labels"]
    assert values(sheet_of("Dot N' Go Dispenser with 200 (Small) Adhesive Dots"), "name") == []
    lead = sheet_of("Pentel Lead Refill, 2B, 36 Pieces of Lead (C505BP32B)")
    assert values(lead, "count") == [] and values(lead, "feature") == ["2B", "36 Pieces of Lead"]
    assert [(one.key, one.value, one.unit) for one in measures_in("Finger Tips, 12/Box")] == [("count", "12", "box")]


def test_a_part_number_is_said_once() -> None:
    sheet = sheet_of("ACCO Paper Clips, Jumbo, 200 Paper Clips (72580)")
    assert values(sheet, "part_number") == ["72580"] and values(sheet, "feature") == ["Jumbo", "200 Paper Clips"]
    assert text(sheet, "en").count("72580") == 1


@pytest.mark.parametrize(
    ("language", "sides", "sheets", "point", "silver"),
    [
        ("de", "4 x 6 Zoll", "100 Blatt", "feine Spitze", "Silber"),
        ("fr", "4 x 6 pouces", "100 feuilles", "pointe fine", "argent"),
        ("es", "4 x 6 pulgadas", "100 hojas", "punta fina", "plata"),
        ("it", "4 x 6 pollici", "100 fogli", "punta fine", "argento"),
    ],
)
def test_measures_and_usual_details_are_in_the_language(
    language: str, sides: str, sheets: str, point: str, silver: str
) -> None:
    sheet = sheet_of("Canon Paper, 4 x 6 Inches, 100 Sheets, Fine Point", materials=("Silver",))
    written, refused = proved(ListingWriter(language).listing(sheet), sheet)
    assert not refused
    for said in (sides, sheets, point, silver):
        assert said in written.description.text
        assert verify(written.description.text.replace(said, f"7 {said}"), sheet, language).proved is False


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_that_is_translated_is_read_back(language: str) -> None:
    for foreign in writing(language).measures:
        sheet = sheet_of(f"Canon Paper, 25 {foreign}")
        assert all(verify(text(sheet, language, seed=seed), sheet, language).proved for seed in range(2))


def test_a_description_says_what_the_thing_is_called() -> None:
    sheet = sheet_of("Canon PIXMA MG2920 Wireless Color Printer with Scanner, Black")
    assert all("PIXMA" in text(sheet, language) for language in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_neighbouring_sentences_begin_otherwise(language: str) -> None:
    sheet = sheet_of(
        "Nike Blue Checked Shirt",
        "Shirts",
        gender=("Men",),
        usage=("Casual",),
        season=("Summer",),
        materials=("Cotton",),
    )
    for seed in range(40):
        made = ListingWriter(language).text(sheet, TextKind.DESCRIPTION, seed=seed)
        starts = [made.text[one.start : one.end].casefold().split()[:2] for one in made.sentences]
        assert all(one != other for one, other in itertools.pairwise(starts)), made.text


def test_what_stands_before_another_thing_is_said_of_that() -> None:
    sheet = sheet_of("Acme Handmade Crystal Cat Scarf")
    assert values(sheet, "material") == []


def test_a_tank_is_no_top() -> None:
    for seed in range(3):
        assert "débardeur" not in text(sheet_of("Canon PGI-5 Black Ink Tank"), "fr", seed=seed)
    assert "portafoglio" not in text(sheet_of("Smead Expanding Wallet, Brown", "Office"), "it")


def test_colours_with_a_rarer_one_are_said_whole() -> None:
    sheet = sheet_of("Acme Carbonless Paper (White, Canary)")
    assert values(sheet, "colour") in ([], ["White", "Canary"])


def test_what_a_thing_is_for_behind_a_dash_is_not_the_thing() -> None:
    assert values(sheet_of("Allsop Comfortbead Wrist Rest - Keyboard"), "kind") == []


def test_a_word_that_is_one_with_the_next_says_nothing_alone() -> None:
    assert values(sheet_of("Vibrant Burst Floral Bouquet"), "pattern") == []
    assert values(sheet_of("Puma Floral Shirt", "Shirts"), "pattern") == ["Floral"]
    assert values(sheet_of("Mummy To Be Gifts, Baby Shower Gift, Baby Gifts"), "people") == []


def test_a_size_in_brackets_is_no_part_number() -> None:
    assert values(sheet_of("Premium Red Staples - Standard Staples, Size (26/6)"), "part_number") == []
    assert values(sheet_of("Premium Red Staples (S-26/6)"), "part_number") == ["S-26/6"]


def test_a_name_is_not_torn_between_two_years() -> None:
    names = values(sheet_of("Farthing Coin Money Clip 1920 - 1956 - 70th Birthday"), "name")
    assert not any(one.endswith("1920") for one in names)


def test_a_category_says_nothing_of_a_title_that_ends_in_another_thing() -> None:
    sheet = sheet_of("Urban Glide Electric Skateboard", "footwear", "sneaker", gender=("Men",))
    assert "baskets" not in text(sheet, "fr")


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ('Sargent Art 24-Count Colored Pencils" />', "Sargent Art 24-Count Colored Pencils"),
        ("Oak Table />", "Oak Table"),
        ('Monitor 24" > 60 Hz', 'Monitor 24" > 60 Hz'),
        ('Rahmen 10"', 'Rahmen 10"'),
    ],
)
def test_the_end_of_a_tag_is_no_part_of_a_title(title: str, kept: str) -> None:
    assert values(sheet_of(title), "title") == [kept]
