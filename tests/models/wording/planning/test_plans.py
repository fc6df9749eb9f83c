"""Plans: texts as numbers of keys and sentences, whoever wrote them."""

from __future__ import annotations

import pytest

from bottega.models.wording.facts import GivenListing
from bottega.models.wording.known import known
from bottega.models.wording.planning.likely import plan_of_text
from bottega.models.wording.planning.plans import (
    LABEL,
    LONGEST,
    PIECE,
    SENTENCE,
    STOP,
    PlanRole,
    key_number,
    plan_names,
    put_together,
    question_of,
)
from bottega.models.wording.planning.reading import read_listing, read_plan, said_facts
from bottega.models.wording.text import TextKind
from bottega.models.wording.writer import ListingWriter

SHIRT = GivenListing(
    "s1",
    "Arlo Men Navy Blue Checked Shirt",
    description="Navy blue checked shirt, has long sleeves and a round neckWe began in 1990. Material: Cotton",
    brand="Arlo",
    attributes={"gender": ("Men",), "colour": ("Navy Blue",)},
)


def test_marks_behind_which_nothing_stands_go_and_a_key_beside_itself_counts_once() -> None:
    colour, kind = key_number("colour"), key_number("kind")
    assert colour is not None and kind is not None
    made = put_together([PIECE, colour, colour, PIECE, PIECE, kind, PIECE])
    assert made == (colour, PIECE, kind, STOP)
    assert put_together([SENTENCE, colour, SENTENCE, LABEL, kind], only={kind}) == (LABEL, kind, STOP)
    assert put_together([]) == (STOP,)


def test_what_goes_on_is_cut_and_has_no_stop() -> None:
    colour, kind = key_number("colour") or 0, key_number("kind") or 0
    made = put_together([colour, kind] * LONGEST)
    assert len(made) == LONGEST and STOP not in made


def test_a_persons_texts_are_read_in_their_order() -> None:
    read = read_listing(SHIRT)
    assert plan_names(read.plans[PlanRole.TITLE]) == ("brand", "people", "colour", "pattern", "kind", "stop")
    assert plan_names(read.plans[PlanRole.DESCRIPTION]) == (
        *("sentence", "colour", "pattern", "kind", "sleeves", "neckline"),
        *("label", "material", "stop"),
    )
    assert {"sleeves", "neckline", "material"} <= {fact.key for fact in read.sheet.claimed}
    heard = read.heard[PlanRole.DESCRIPTION]
    assert (heard.sentences, heard.sentences_read) == (3, 2) and heard.words_read < heard.words


def test_words_of_other_things_are_no_facts() -> None:
    sheet = known(GivenListing("m1", "Enamel mug", attributes={"color": ("Red",)}))
    said = said_facts("Printing 12 pages. Comes in a gift box with a spoon.", sheet, PlanRole.DESCRIPTION).said
    assert not {one.key for one in said} & {"kind", "pattern", "colour"}


@pytest.mark.parametrize("kind", [TextKind.TITLE, TextKind.DESCRIPTION])
def test_a_written_text_has_the_plan_that_a_reader_finds_in_it(kind: TextKind) -> None:
    sheet = known(GivenListing("d1", "Marlowe Dress", attributes={"color": ("Green",), "gender": ("Women",)}))
    role = PlanRole.TITLE if kind is TextKind.TITLE else PlanRole.DESCRIPTION
    same = 0
    for seed in range(10):
        text = ListingWriter("en", planner=None).text(sheet, kind, seed=seed)
        same += read_plan(text.text, sheet, role) == plan_of_text(text, sheet)
    assert same >= 9


def test_a_question_allows_the_products_own_keys_alone() -> None:
    asked = question_of(known(SHIRT), PlanRole.TITLE)
    allowed = set(plan_names(sorted(asked.allowed())))
    assert {"colour", "kind", "piece", "stop"} <= allowed
    assert not allowed & {"season", "sentence", "price", "title"} and asked.kind == "kind.clothing"
