"""A listing as facts: what agrees, what contradicts, what is only likely, and numbers whole."""

from __future__ import annotations

from dataclasses import replace

from bottega.models.wording.facts import FactSheet, FactSource, GivenListing, Offered
from bottega.models.wording.known import known

BELT = GivenListing(
    "1",
    "Marlowe Men Black Belt",
    attributes={"base_colour": ("Black",), "gender": ("Men",)},
    category=("Wear", "Belts"),
)


def names(sheet: FactSheet) -> set[str]:
    return {fact.name for fact in sheet.claimed}


def test_a_title_and_attributes_that_agree_say_each_thing_once() -> None:
    sheet = known(BELT)
    assert {"kind=Belts", "front=Marlowe", "people=Men", "colour=Black"} <= names(sheet)
    assert not sheet.contradictions and sheet.title_read
    assert [fact.concept for fact in sheet.of("kind")] == ["kind.belt"]


def test_facts_that_contradict_each_other_are_not_claimed_until_one_is_accepted() -> None:
    brown = replace(BELT, attributes={"base_colour": ("Brown",), "gender": ("Men",)})
    sheet = known(brown)
    assert not sheet.of("colour")
    says = [one.says for one in sheet.contradictions]
    assert says == ["colour: the attribute base_colour says 'Brown', the title says 'Black'"]
    accepted = known(replace(brown, accepted=frozenset({"base_colour"})))
    assert [(fact.value, fact.source) for fact in accepted.of("colour")] == [("Brown", FactSource.ACCEPTED)]
    assert not accepted.contradictions


def test_a_narrower_word_contradicts_nothing() -> None:
    navy = GivenListing("1", "Marlowe Men Navy Blue Belt", attributes={"colour": ("Blue",)}, category=("Belts",))
    assert [fact.value for fact in known(navy).of("colour")] == ["Blue"]


def test_a_colour_in_a_name_is_no_colour() -> None:
    shoes = GivenListing("1", "Red Tape Men Brown Shoes", attributes={"colour": ("Brown",)}, category=("Casual Shoes",))
    sheet = known(shoes)
    assert [fact.value for fact in sheet.of("colour")] == ["Brown"] and not sheet.contradictions


def test_what_an_eye_guessed_is_offered_and_not_claimed() -> None:
    sheet = known(replace(BELT, attributes={}, title="Belt", offered=(Offered("color", "Black", 0.97),)))
    assert [(fact.value, fact.claimed, fact.source) for fact in sheet.offered] == [("Black", False, FactSource.EYE)]
    assert not sheet.of("colour")


def test_numbers_stay_whole_and_keep_what_they_are() -> None:
    title = "Ruled Journal, 5.5 x 8.5 in, Box of 100, 20 lb (AB-1234)"
    sheet = known(GivenListing("1", title))
    assert {"dimensions=5.5 x 8.5 in", "count=100 box", "stated=20 lb", "part_number=AB-1234"} <= names(sheet)


def test_numbers_of_something_else_are_no_facts() -> None:
    sheet = known(GivenListing("1", "Sleeve for 11 in tablets, holds up to 12 pages, 2 packs of 36"))
    assert not sheet.of("dimensions") and not sheet.of("count")
    assert [fact.value for fact in sheet.of("stated")] == ["2 packs of 36"]


def test_what_stands_behind_for_is_something_else() -> None:
    sheet = known(GivenListing("1", "Refill for Black Ballpoint Pens"))
    assert not sheet.of("colour") and [fact.concept for fact in sheet.of("kind")] == ["kind.refill"]


def test_pieces_of_empty_talk_are_left_out() -> None:
    sheet = known(GivenListing("1", "Oak Shelf Board, Best Quality Guaranteed, Two Brackets"))
    assert [fact.value for fact in sheet.of("feature")] == ["Two Brackets"]


def test_a_word_of_two_things_is_neither() -> None:
    for listing in (GivenListing("1", "Retro Glasses"), GivenListing("1", "Retro Set", category=("Glasses",))):
        assert not [fact for fact in known(listing).of("kind") if fact.concept]


def test_a_word_of_the_same_stem_is_another_word() -> None:
    assert not known(GivenListing("1", "Canon Printing Calculator")).of("pattern")
    sunglasses = GivenListing("1", "Miami Blues Sunglasses", attributes={"color": ("Black",)})
    assert [fact.value for fact in known(sunglasses).of("colour")] == ["Black"]


def test_what_is_sold_together_is_not_one_thing_of_its_category() -> None:
    assert not known(GivenListing("1", "Sunshine Lounge Set", category=("Tables",))).of("kind")
    assert known(GivenListing("1", "Sunshine Lounge Table", category=("Tables",))).of("kind")


def test_a_count_in_brackets_is_no_part_number_and_one_of_three_things_is_not_the_thing() -> None:
    chalk = known(GivenListing("1", "Chalk Markers, Classic (10-Pack)"))
    assert not chalk.of("part_number") and [fact.value for fact in chalk.of("count")] == ["10"]
    assert not known(GivenListing("1", "Canon Printer/Copier/Scanner")).of("kind")
