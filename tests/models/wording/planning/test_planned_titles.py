"""Titles with the planner that comes along: what sellers say, in their order, and nothing that would be refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from bottega.models.blocks.cards import read_card
from bottega.models.blocks.shipped import shipped_folder
from bottega.models.wording.choosing import ENOUGH
from bottega.models.wording.derivation import why_not
from bottega.models.wording.facts import GivenListing
from bottega.models.wording.known import known
from bottega.models.wording.planning.likely import plan_of_text
from bottega.models.wording.planning.planner import shipped_planner
from bottega.models.wording.planning.plans import plan_names
from bottega.models.wording.text import TextKind
from bottega.models.wording.writer import ListingWriter

DRESS = GivenListing(
    "d1",
    "Marlowe Women Navy Blue Dress",
    category=("Apparel", "Dresses"),
    attributes={"color": ("Navy Blue",), "gender": ("Women",), "usage": ("Casual",)},
)
AS_SELLERS = ("front", "people", "colour", "kind", "stop")
SEEDS = 30


def titles(writer: ListingWriter) -> Counter[tuple[str, ...]]:
    """The plans of the titles of one product, by many seeds."""
    sheet = known(DRESS)
    texts = [writer.text(sheet, TextKind.TITLE, seed=seed) for seed in range(SEEDS)]
    assert not any(why_not(text, sheet) for text in texts)
    return Counter(plan_names(plan_of_text(text, sheet)) for text in texts)


def test_titles_say_what_sellers_say_in_their_order() -> None:
    planned, ruled = titles(ListingWriter("en")), titles(ListingWriter("en", planner=None))
    assert planned[AS_SELLERS] > SEEDS / 2 > ruled[AS_SELLERS]
    assert all(len(plan) > ENOUGH for plan in planned)


def test_a_title_of_few_facts_leaves_none_out() -> None:
    sheet = known(replace(DRESS, title="Marlowe Dress", attributes={"color": ("Navy Blue",)}))
    for seed in range(SEEDS):
        text = ListingWriter("en").text(sheet, TextKind.TITLE, seed=seed)
        assert {fact.key for fact in text.facts} == {"front", "kind", "colour"}


def test_only_titles_and_only_languages_that_were_learnt_from_change() -> None:
    sheet = known(DRESS)
    with_planner, by_rules = ListingWriter("en").listing(sheet), ListingWriter("en", planner=None).listing(sheet)
    assert with_planner.description == by_rules.description and with_planner.bullets == by_rules.bullets
    assert shipped_planner("de") is None
    assert ListingWriter("de").listing(sheet) == ListingWriter("de", planner=None).listing(sheet)


def test_what_a_shop_learnt_of_its_titles_still_counts() -> None:
    told: list[str] = []

    def only(role: str, frame: object, facts: object) -> float:
        told.append(role)
        return 1.0 if getattr(frame, "id", "") == "t01" else 1e-9

    found = titles(ListingWriter("en", weigh=only))
    assert "title" in told and max(found, key=lambda plan: found[plan]) == ("front", "people", "kind", "colour", "stop")


def test_the_planner_that_comes_along_has_a_card_that_it_meets() -> None:
    card = read_card(shipped_folder("wording", "plans"))
    assert set(card["trained_on"]) == {"fashion", "demo_products"} and all(bar["met"] for bar in card["bars"].values())
    planner = shipped_planner("en")
    assert planner is not None and planner.fits and "kind.clothing" in planner.config.kinds
