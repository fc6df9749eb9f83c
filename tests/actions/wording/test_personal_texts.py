"""Texts for one shopper: the same facts, those they lean to first, each with the events that say so; nothing kept."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bottega.actions.intake.record_events import record_events
from bottega.actions.intake.shapes import RecordRequest
from bottega.actions.shoppers.affinities import DeclareRequest, declare_tastes
from bottega.actions.shoppers.forget import forget
from bottega.actions.shoppers.shapes import ShopperRequest
from bottega.actions.wording.describe import describe
from bottega.actions.wording.shapes import DescribedListing, DescribeRequest
from bottega.catalogue.product import Product
from bottega.serving.cli.main import app
from bottega.shop.open_shop import OpenShop

NOW_MS = time.time_ns() // 1_000_000
COLOURS = ("red", "blue", "green", "black")
MATERIALS = ("cotton", "linen", "wool", "silk")
ASKED = "shirt-0"
"""Red, of cotton, wide, striped."""


def products() -> Iterator[Product]:
    """Sixty-four shirts: four colours, materials, fits and motifs, each with every other."""
    for number in range(64):
        yield Product(
            id=f"shirt-{number}",
            title=f"Shirt number {number}",
            brand=("Lana", "Ofen")[number % 5 % 2],
            category=("Clothing", "Shirts"),
            attributes={
                "color": (COLOURS[number % 4],),
                "material": (MATERIALS[number // 4 % 4],),
                "fit": (("wide", "narrow", "loose", "short")[number // 16],),
                "motif": (("stripes", "dots", "moons", "fish")[(number + number // 4 + number // 16) % 4],),
            },
        )


def with_value(name: str, value: str, count: int = 4) -> list[str]:
    found = [one.id for one in products() if one.attributes[name] == (value,) and one.id != ASKED]
    return found[:: max(1, len(found) // count)][:count]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path_factory.mktemp("shop")) as shop:
        shop.upsert(list(products()))
        did(shop, "cottons", with_value("material", "cotton"))
        did(shop, "reds", with_value("color", "red"))
        did(shop, "fishes", with_value("motif", "stripes"))
        did(shop, "others", [one.id for one in products()][17:40:3])
        yield shop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path) as opened:
        opened.upsert(list(products()))
        did(opened, "others", [one.id for one in products()][17:40:3])
        yield opened


def did(shop: OpenShop, shopper: str, ids: Sequence[str], kind: str = "view", after: int = 0) -> None:
    rows = [
        {"kind": kind, "shopper_id": shopper, "product_id": one, "time": NOW_MS - 90_000 + place + after}
        for place, one in enumerate(ids)
    ]
    assert not record_events(shop, RecordRequest(events=rows)).rejected


def text(shop: OpenShop, shopper: str | None = None, **more: object) -> DescribedListing:
    own = {} if shopper is None else {"shopper": shopper}
    request = DescribeRequest.model_validate({"product_ids": [ASKED], **own, **more})
    return describe(shop, request).listings[0]


@pytest.mark.parametrize(
    ("shopper", "fact"), [("cottons", "material=cotton"), ("reds", "colour=red"), ("fishes", "motif=stripes")]
)
def test_what_a_shopper_leans_to_stands_first_with_the_events_that_say_so(
    whole: OpenShop, shopper: str, fact: str
) -> None:
    found = text(whole, shopper)
    assert found.personal is not None and found.personal.basis == "events"
    choice = max(found.personal.choices, key=lambda one: one.lift)
    assert choice.fact == fact and choice.products == 4 and choice.lift > 1
    name = {"colour": "color"}.get(choice.key, choice.key)
    assert {event.product_id for event in choice.events} == set(with_value(name, choice.value))
    assert {event.kind.value for event in choice.events} == {"view"}
    assert choice.why.endswith(", because you viewed 4 products with it.") and f"“{choice.value}”" in choice.why
    assert choice.value in found.bullets[0] and choice.value in found.short
    assert choice.first == (choice.value in found.description.split(".")[0] and choice.key in ("colour", "material"))


def test_the_same_facts_are_said_to_everybody(whole: OpenShop) -> None:
    everybodys = text(whole)
    assert everybodys.personal is None
    for shopper in ("cottons", "reds", "fishes", "others"):
        own = text(whole, shopper)
        assert {one.name for one in own.facts} == {one.name for one in everybodys.facts}
        assert (own.title, own.alt, own.refused) == (everybodys.title, everybodys.alt, [])
        for fact in own.facts:
            if fact.key not in ("kind", "title", "front", "brand"):
                assert fact.value in own.description, own.description
    assert text(whole, "cottons").description != everybodys.description


def test_of_whom_nothing_is_known_the_text_is_everybodys(whole: OpenShop) -> None:
    everybodys = text(whole).model_dump(exclude={"personal"})
    for shopper in ("nobody here", "undefined"):
        own = text(whole, shopper)
        assert own.personal is not None and own.personal.basis == "nothing known" and not own.personal.choices
        assert own.model_dump(exclude={"personal"}) == everybodys


def test_the_very_product_tells_nothing_of_itself(shop: OpenShop) -> None:
    did(shop, "one look", [ASKED] * 3)
    own = text(shop, "one look")
    assert own.personal is not None and own.personal.basis == "events" and own.personal.choices == []
    assert own.description == text(shop).description


def test_an_event_counts_in_the_very_next_text_and_what_says_most_is_named(shop: OpenShop) -> None:
    first, *others = with_value("material", "cotton")
    did(shop, "ana", [first])
    assert text(shop, "ana").personal.choices == []  # type: ignore[union-attr]
    did(shop, "ana", others[:1], "purchase", after=10)
    did(shop, "ana", others[:1], after=20)
    choices = text(shop, "ana").personal.choices  # type: ignore[union-attr]
    cotton = next(one for one in choices if one.fact == "material=cotton")
    assert [(one.product_id, one.kind.value) for one in cotton.events] == [(others[0], "purchase"), (first, "view")]
    assert cotton.why.endswith(", because you bought 1 and viewed 1 product with it.")


@pytest.mark.parametrize(
    ("language", "because"), [("de", "denn Sie haben"), ("it", "perché"), ("fr", "car"), ("es", "porque")]
)
def test_why_is_said_in_the_language_of_the_text(whole: OpenShop, language: str, because: str) -> None:
    own = text(whole, "cottons", language=language)
    assert own.personal is not None
    choice = next(one for one in own.personal.choices if one.fact == "material=cotton")
    assert f", {because} " in choice.why and "4" in choice.why and "viewed" not in choice.why
    assert choice.value == "cotton", "the fact stays as the listing has it"


def test_what_was_declared_counts_without_events(shop: OpenShop) -> None:
    declare_tastes(shop, DeclareRequest(shopper="bo", tastes={"material": ["cotton"]}))
    own = text(shop, "bo")
    assert own.personal is not None and own.personal.basis == "declared"
    [choice] = own.personal.choices
    assert choice.fact == "material=cotton" and choice.declared and choice.events == []
    assert "“cotton” first, because you said that you like it." in choice.why


def test_a_log_in_brings_what_was_done_before_it(shop: OpenShop) -> None:
    rows = [
        {"kind": "view", "anonymous_id": "device", "product_id": one, "time": NOW_MS - 50}
        for one in with_value("material", "cotton")
    ]
    record_events(shop, RecordRequest(events=rows))
    assert text(shop, "device").personal.choices  # type: ignore[union-attr]
    joined = {"kind": "identify", "anonymous_id": "device", "shopper_id": "cora"}
    record_events(shop, RecordRequest(events=[joined]))
    own = text(shop, "cora").personal
    assert own is not None and own.shopper == "cora" and "material=cotton" in {one.fact for one in own.choices}


def test_who_did_not_agree_reads_everybodys_text(shop: OpenShop) -> None:
    did(shop, "dan", with_value("material", "cotton"))
    assert text(shop, "dan").personal.choices  # type: ignore[union-attr]
    no = {"kind": "identify", "shopper_id": "dan", "traits": {"consent": {"personalisation": "no"}}}
    record_events(shop, RecordRequest(events=[no]))
    own = text(shop, "dan")
    assert own.personal is not None and own.personal.basis == "no consent" and own.personal.events_known == 0
    assert own.description == text(shop).description


def test_who_is_forgotten_reads_everybodys_text_at_once(shop: OpenShop) -> None:
    did(shop, "eva", with_value("material", "cotton"))
    assert text(shop, "eva").description != text(shop).description
    forget(shop, ShopperRequest(shopper="eva"))
    own = text(shop, "eva")
    assert own.personal is not None and own.personal.basis == "nothing known"
    assert own.model_dump(exclude={"personal"}) == text(shop).model_dump(exclude={"personal"})


def test_nothing_of_it_is_kept(shop: OpenShop) -> None:
    did(shop, "fay", with_value("material", "cotton"))
    before = (
        {one.id: one for chunk in shop.store.products.iterate() for one in chunk},
        shop.store.suggestions.about([ASKED]),
    )
    own = text(shop, "fay")
    after = (
        {one.id: one for chunk in shop.store.products.iterate() for one in chunk},
        shop.store.suggestions.about([ASKED]),
    )
    assert before == after
    for path in shop.folder.root.rglob("*"):
        if path.is_file():
            assert own.description.encode() not in path.read_bytes(), path
    assert text(shop).description != own.description, "the next one reads everybody's"


def test_in_another_language_too(whole: OpenShop) -> None:
    own = text(whole, "cottons", language="de")
    assert own.personal is not None and own.personal.choices[0].fact == "material=cotton"
    assert "Baumwolle" in own.short and "Baumwolle" in own.bullets[0]


def test_the_command_line_says_why(whole: OpenShop) -> None:
    base = ["describe", ASKED, "--shop", str(whole.folder.root)]
    told = CliRunner().invoke(app, [*base, "--shopper", "cottons"])
    assert told.exit_code == 0 and "Material “cotton” first, because you viewed 4 products with it." in told.output
    stranger = CliRunner().invoke(app, [*base, "--shopper", "zoe"])
    assert "Everybody's text: nothing is known of this shopper." in stranger.output
    line = json.loads(CliRunner().invoke(app, [*base, "--shopper", "cottons", "--json"]).output.splitlines()[0])
    assert line["personal"]["choices"][0]["fact"] == "material=cotton"


def test_in_public_no_hidden_product_and_no_remark_for_the_merchant(shop: OpenShop) -> None:
    odd = Product(id="odd", title="Marlowe Black Belt", category=("Belts",), attributes={"color": ("Red",)})
    shop.upsert([odd, odd.model_copy(update={"id": "unseen", "hidden": True})])
    asked = {"product_ids": ["odd", "unseen"]}
    assert len(describe(shop, DescribeRequest.model_validate(asked)).listings) == 2
    answer = describe(shop, DescribeRequest.model_validate({**asked, "public": True}))
    assert [one.product_id for one in answer.listings] == ["odd"] and answer.unknown == ["unseen"]
    assert answer.listings[0].contradictions == [] and answer.listings[0].offered == []
