"""Frames mined from listings: what stands for facts becomes slots that agree, and what one thing says is no frame."""

from __future__ import annotations

from pathlib import Path

import pytest

from bottega.models.wording.derivation import why_not
from bottega.models.wording.facts import FactSheet, GivenListing
from bottega.models.wording.filling import filled
from bottega.models.wording.known import known
from bottega.models.wording.mined_frames import MinedFrames, MiningConfig, mine
from bottega.models.wording.saying import Saying
from bottega.models.wording.sentence_pattern import pattern_of, pieces_of
from bottega.models.wording.text import Text, TextKind
from bottega.models.wording.writer import ListingWriter

NAMES = ("Marlowe", "Averill", "Quillon", "Brisant", "Oakstead", "Tamsin", "Verity", "Wexford", "Ondine", "Halden")
COLOURS = ("Red", "Blue", "Green", "Black", "White")
FITS = ("Slim", "Relaxed", "Regular")


def shirt(place: int, kind: str = "Shirt") -> FactSheet:
    attributes = {
        "colour": (COLOURS[place % 5],),
        "fit": (FITS[place % 3],),
        "sleeves": (("Long sleeves", "Short sleeves")[place % 2],),
        "neckline": (("Spread collar", "Open collar")[place % 2],),
        "gender": (("Men", "Women")[place % 2],),
    }
    title = f"{NAMES[place % 10]} {kind} {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[place % 26] * 3}"
    return known(GivenListing(f"{kind}-{place}", title, category=(kind,), attributes=attributes))


def says(sheet: FactSheet, text: str) -> list[str]:
    saying = Saying(sheet, sheet.language)
    found = (pattern_of(piece, sheet, saying) for piece in pieces_of(text))
    return [one.pattern for one in found if one is not None]


def test_words_that_stand_for_facts_become_slots_in_their_form() -> None:
    one = shirt(0)
    assert says(one, "A red shirt for men.") == ["{a} {colour:adj} {kind} for {people:for}."]
    assert says(one, "This shirt has a slim fit and long sleeves.") == [
        "This {kind} has {an} {fit:low} fit and {sleeves:low}."
    ]
    assert says(one, "It has a spread collar.") == ["It has {an} {neckline:low}."]


@pytest.mark.parametrize(
    "text",
    [
        "A blue shirt for men.",
        "A red shirt for men, of best quality.",
        "A red shirt with 3 buttons.",
        "A red shirt for men?",
        "The famous red shirt.",
        "No red shirt.",
        "Shirt.",
    ],
)
def test_what_no_fact_bears_out_makes_no_frame(text: str) -> None:
    assert all("best" not in one and "button" not in one and "famous" not in one for one in says(shirt(0), text))
    assert text.startswith("A red shirt for men, ") or says(shirt(0), text) == []


def test_german_articles_and_endings_follow_the_noun_of_another_product() -> None:
    given = {"farbe": ("Blau",), "material": ("Baumwolle",)}
    hemd = known(GivenListing("h", "Marlowe Hemd", "de", category=("Hemden",), attributes=given))
    assert says(hemd, "Ein blaues Hemd aus Baumwolle.") == ["{a} {colour:adj} {kind} aus {material:of}."]
    assert says(hemd, "Dieses Hemd ist aus Baumwolle.") == ["{this} {kind} ist aus {material:of}."]


def listings(
    count: int, text: str = "Our own work. This shirt has a {fit} fit and {sleeves}."
) -> list[tuple[FactSheet, str]]:
    found = []
    for place in range(count):
        sheet = shirt(place)
        said = {key: sheet.of(key)[0].value.casefold() for key in ("fit", "sleeves", "neckline")}
        found.append((sheet, text.format(**said)))
    return found


def test_a_frame_names_its_listings_and_is_proved_for_others() -> None:
    others = [shirt(place) for place in range(40, 60)]
    found = mine(listings(10), others, "en")
    assert [one.pattern for one in found.frames] == ["This {kind} has {an} {fit:low} fit and {sleeves:low}."]
    frame = found.frames[0]
    assert frame.listings == tuple(f"Shirt-{place}" for place in range(10))
    assert (frame.support, frame.tried, frame.off) == (10, 20, False) and frame.groups >= 3
    for sheet in others:
        part = filled(frame.frame("en"), Saying(sheet, "en"))
        assert part is not None
        text = Text(sheet.subject, TextKind.SHORT, "en", part.text, (part.sentence,), part.facts)
        assert why_not(text, sheet) == ()


def test_it_is_written_with_until_it_is_switched_off(tmp_path: Path) -> None:
    found = mine(listings(10), [shirt(place) for place in range(40, 60)], "en")
    found.save(tmp_path / "frames.json")
    loaded = MinedFrames.load(tmp_path / "frames.json")
    assert loaded == found and loaded.used("de") == ()
    sheets = [shirt(place) for place in range(40, 80)]

    def written(frames: MinedFrames) -> list[str]:
        writer = ListingWriter("en", learnt=frames.used("en"))
        texts = [writer.text(sheet, TextKind.DESCRIPTION) for sheet in sheets]
        return [text.text for text in texts if found.frames[0].id in text.frames]

    assert len(written(loaded)) > 5 and all("This shirt has a" in text for text in written(loaded))
    assert written(loaded.switched(off=[found.frames[0].id])) == []
    assert written(loaded.switched(off=[found.frames[0].id]).switched(on=[found.frames[0].id])) == written(loaded)


def test_the_boilerplate_of_one_thing_is_no_frame() -> None:
    variants = [
        known(
            GivenListing(
                f"v{place}", "Marlowe Linen Shirt", category=("Shirt",), attributes={"colour": (COLOURS[place % 5],)}
            )
        )
        for place in range(20)
    ]
    told = [(one, f"Here is a {one.of('colour')[0].value.casefold()} shirt.") for one in variants]
    found = mine(told, [shirt(place) for place in range(20)], "en")
    assert found.frames == () and found.refused == {"said by too few": 1}


def test_what_too_few_others_can_prove_is_no_frame() -> None:
    found = mine(listings(10), [shirt(place) for place in range(40, 43)], "en")
    assert found.frames == () and found.refused == {"too few others to prove it for": 1}
    config = MiningConfig(tried_least=3)
    assert len(mine(listings(10), [shirt(place) for place in range(40, 43)], "en", config).frames) == 1


def test_a_frame_goes_with_nouns_like_those_that_it_was_seen_with() -> None:
    found = mine(listings(10), [shirt(place) for place in range(40, 60)], "en")
    frame = found.frames[0].frame("en")
    assert filled(frame, Saying(shirt(0, "Dress"), "en")) is not None
    assert filled(frame, Saying(shirt(0, "Trousers"), "en")) is None


def test_what_comes_with_the_language_is_not_mined_again() -> None:
    told = [(sheet, f"A {sheet.of('colour')[0].value.casefold()} shirt.") for sheet, _ in listings(10)]
    told += [(sheet, f"The brand is {NAMES[place % 10]}.") for place, (sheet, _) in enumerate(listings(10))]
    found = mine(told, [shirt(place) for place in range(40, 60)], "en")
    assert all(one.pattern != "The brand is {brand}." for one in found.frames)
