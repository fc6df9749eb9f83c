"""Questions are answered by what the listing says, as it says it, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bottega.actions.assistant.fact_answers import answer_question
from bottega.actions.assistant.fact_shapes import FactAnswer
from bottega.catalogue.product import Product
from bottega.errors import SourceUnreadable
from bottega.languages.fold import fold
from bottega.models.dialogue.commands import Command, Intent
from bottega.names import Availability
from bottega.reviews.review import Review
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

PRODUCTS = [
    Product(
        id=f"shirt-{size}",
        group_id="shirt",
        title=f"Aldon linen shirt in cream, size {size}",
        description="A calm shirt with a chest pocket. Machine wash cool, line dry. Made in small runs in Portugal.",
        brand="Aldon",
        category=("Clothing", "Shirts"),
        price_minor=5290,
        currency="EUR",
        availability=Availability.OUT_OF_STOCK if size == "L" else Availability.IN_STOCK,
        attributes={"material": ("linen",), "color": ("cream",), "size": (size,), "gender": ("women",)},
    )
    for size in ("S", "M", "L")
]
PRODUCTS += [
    Product(
        id="bag",
        title="Norvik tote bag",
        description="Big enough for a laptop and the market.",
        brand="Norvik",
        category=("Bags",),
        price_minor=4000,
        currency="EUR",
        attributes={"material": ("vegan leather",), "is_waterproof": ("false",), "strap_material": ("cotton",)},
    ),
    Product(id="odd", title="Desk lamp, red", category=("Lamps",), attributes={"color": ("green",), "cost": ("12",)}),
    Product(id="hidden", title="Hidden shirt", hidden=True, attributes={"material": ("silk",)}),
]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    folder = ShopFolder.open(tmp_path / "shop")
    folder.store.products.upsert(PRODUCTS)
    with OpenShop(folder) as opened:
        yield opened


@pytest.fixture
def ask(shop: OpenShop) -> Callable[..., FactAnswer]:
    def ask(text: str, *ids: str, language: str = "en", about: str = "") -> FactAnswer:
        return answer_question(shop, ids, Command(Intent.ASK, text, about), language)

    return ask


def test_a_fact_is_told_with_where_it_stands(ask: Callable[..., FactAnswer]) -> None:
    answer = ask("what is it made of?", "shirt-S")
    assert answer.known
    assert "linen" in answer.text
    assert [(one.kind, one.product_id, one.place, one.said) for one in answer.sources] == [
        ("listing", "shirt-S", "material", "linen")
    ]


@pytest.mark.parametrize(
    ("question", "language", "begins"),
    [
        ("is it linen?", "en", "Yes."),
        ("is it cotton?", "en", "No. Material: linen"),
        ("c'est du lin ?", "fr", "Oui."),
        ("ist das Leder?", "de", "Nein."),
        ("¿es de lino?", "es", "Sí."),
        ("è di lana?", "it", "No."),
        ("¿lo hay en crema?", "es", "Sí."),
        ("è fatta in lino?", "it", "Sì."),
        ("does it contain linen?", "en", "Yes."),
        ("is it linen or not?", "en", "Yes."),
        ("this isn't wool by any chance?", "en", "No. Material: linen"),
        ("does it come in M?", "en", "Yes. M is in stock."),
        ("does it come in L?", "en", "No. L is sold out"),
        ("does it come in XL?", "en", "No. There is no XL; it comes in S, M, and L."),
        ("gibt es das in Größe S?", "de", "Ja."),
    ],
)
def test_yes_and_no(ask: Callable[..., FactAnswer], question: str, language: str, begins: str) -> None:
    answer = ask(question, "shirt-S", language=language)
    assert answer.text.startswith(begins)
    assert answer.sources


def test_what_is_not_said_of_whom_it_is_for_names_no_small_word(ask: Callable[..., FactAnswer]) -> None:
    for language, question, small in (("fr", "c'est pour qui ?", "pour"), ("de", "für wen ist das?", "Für")):
        answer = ask(question, "bag", language=language, about="people")
        assert not answer.known and small not in answer.text


@pytest.mark.parametrize(
    ("question", "language", "offer"),
    [
        ("how heavy is it?", "en", "Shall I ask a colleague?"),
        ("is it dishwasher safe?", "en", "Shall I ask a colleague?"),
        ("Wie schwer ist das?", "de", "Soll ich jemanden aus dem Team fragen?"),
        ("how long is the cable?", "en", "Shall I ask a colleague?"),
        ("ist das gefüttert?", "de", "Soll ich jemanden aus dem Team fragen?"),
        ("what is the sole made of?", "en", "Shall I ask a colleague?"),
        ("does it have a spaghetti compartment?", "en", "Shall I ask a colleague?"),
        ("xyzzy?", "en", "Shall I ask a colleague?"),
        ("", "it", "Chiedo a una persona del team?"),
    ],
)
def test_where_facts_end_a_person_is_offered(
    ask: Callable[..., FactAnswer], question: str, language: str, offer: str
) -> None:
    answer = ask(question, "shirt-S", language=language)
    assert (answer.known, answer.sources, answer.offers_person) == (False, (), True)
    assert answer.text.endswith(offer)


def test_a_sentence_of_the_listing_is_quoted_as_it_stands(ask: Callable[..., FactAnswer]) -> None:
    answer = ask("Wo wird das hergestellt?", "shirt-S", language="de")
    assert "„Made in small runs in Portugal.“" in answer.text
    assert [one.place for one in answer.sources] == ["description"]


def test_a_part_is_not_answered_by_the_whole(ask: Callable[..., FactAnswer]) -> None:
    assert "cotton" in ask("what is the strap made of?", "bag").text
    assert "vegan leather" in ask("what is it made of?", "bag").text
    assert not ask("is the strap vegan leather?", "bag").text.startswith("Yes")


def test_a_yes_or_no_of_the_merchant_is_one(ask: Callable[..., FactAnswer]) -> None:
    assert ask("is it waterproof?", "bag").text.startswith("No.")


def test_what_contradicts_itself_is_told_twice(ask: Callable[..., FactAnswer]) -> None:
    answer = ask("what colour is it?", "odd")
    assert {one.said for one in answer.sources} == {"green", "red"}


def test_price_and_stock_are_those_of_this_moment(shop: OpenShop, ask: Callable[..., FactAnswer]) -> None:
    assert "€40.00" in ask("how much is it?", "bag").text
    shop.upsert([PRODUCTS[3].model_copy(update={"price_minor": 3500, "availability": Availability.OUT_OF_STOCK})])
    assert "€35.00" in ask("how much is it?", "bag").text
    assert "sold out" in ask("is it in stock?", "bag").text


def test_what_the_shop_keeps_to_itself_is_not_told(ask: Callable[..., FactAnswer]) -> None:
    assert not ask("what is the material?", "hidden").known
    assert "12" not in ask("what is the cost of it?", "odd").text


def test_the_cheapest_is_counted_over_the_whole_shelf(shop: OpenShop, ask: Callable[..., FactAnswer]) -> None:
    shop.upsert(
        [
            Product(id=f"c{n}", title=f"Ceramic mug {n}", category=("Mugs",), price_minor=2000 - n, currency="EUR")
            for n in range(40)
        ]
    )
    answer = ask("what is the cheapest mug?")
    assert "Ceramic mug 39" in answer.text
    assert "40" in answer.text
    assert {one.kind for one in answer.sources} == {"listing", "shelf"}
    assert "Ceramic mug 0" in ask("welches ist die teuerste Tasse?", language="de").text
    assert "none" in ask("what is the cheapest submarine?").text
    assert "Ceramic mug 7" in ask("which of these is the cheapest?", "c7", "c3").text


@pytest.mark.parametrize(
    ("question", "language", "told"),
    [
        ("what is it made of and where?", "en", ["linen", "Made in small runs in Portugal."]),
        ("which sizes and colours are there?", "en", ["S, M, and L", "cream"]),
        ("material, colour and price?", "en", ["linen", "cream", "€52.90"]),
        ("Aus welchem Material ist das und was kostet es?", "de", ["Leinen", "52,90"]),
        ("¿De qué color es y cuánto cuesta?", "es", ["crema", "52,90"]),
    ],
)
def test_each_of_several_questions_is_answered(
    ask: Callable[..., FactAnswer], question: str, language: str, told: list[str]
) -> None:
    answer = ask(question, "shirt-S", language=language)
    assert all(one in answer.text for one in told)
    assert len(answer.statements) == len(told) and not answer.offers_person


def test_of_several_questions_what_nothing_says_is_said_so(ask: Callable[..., FactAnswer]) -> None:
    answer = ask("what is it made of and how heavy is it?", "shirt-S")
    assert answer.known and answer.offers_person
    assert "linen" in answer.text and "says nothing about “weight”" in answer.text


@pytest.mark.parametrize("question", ["is it cotton and linen?", "how do I wash and dry it?"])
def test_one_question_with_an_and_stays_one(ask: Callable[..., FactAnswer], question: str) -> None:
    assert len(ask(question, "shirt-S").statements) == 1


@pytest.mark.parametrize(
    ("question", "language", "ids", "begins"),
    [
        ("do you have any bags?", "en", (), "We have one of “bags”: Norvik tote bag, €40.00."),
        ("do you have any shirts?", "en", ("bag",), "We have one of “shirts”"),
        ("Verkauft ihr Taschen?", "de", (), "Wir haben eines zu „taschen“"),
        ("vendez-vous des sacs ?", "fr", (), "Nous en avons un"),
        ("do you have any trombones?", "en", (), "We have none"),
    ],
)
def test_whether_there_are_any_is_counted(
    ask: Callable[..., FactAnswer], question: str, language: str, ids: tuple[str, ...], begins: str
) -> None:
    answer = ask(question, *ids, language=language)
    assert answer.text.startswith(begins)
    assert "shelf" in {one.kind for one in answer.sources}


def test_any_of_the_product_itself_is_asked_of_it(ask: Callable[..., FactAnswer]) -> None:
    assert "cream" in ask("do you have any other colours?", "shirt-S").text
    assert ask("do you have any in size M?", "shirt-S").text.startswith("Yes.")


def test_the_rules_of_the_shop_are_quoted(shop: OpenShop) -> None:
    command = Command(Intent.ORDER, "how long do I have to send it back?", "returns")
    assert not answer_question(shop, [], command, "en").known
    (shop.folder.root / "policies.md").write_text("## Returns\n\nWithin 30 days, unused.\n", encoding="utf-8")
    answer = answer_question(shop, [], command, "en")
    assert [(one.kind, one.place, one.said) for one in answer.sources] == [
        ("policy", "Returns", "Within 30 days, unused.")
    ]
    assert "Within 30 days, unused." in answer.text
    german = answer_question(shop, [], Command(Intent.ORDER, "Kann ich das zurückgeben?", "returns"), "de")
    assert german.text.startswith("Die Regeln des Shops sind in einer anderen Sprache")
    where = answer_question(shop, [], Command(Intent.ORDER, "where is my order?", "status"), "en")
    assert where.text.startswith("I cannot see orders")
    assert (where.known, where.offers_person) == (False, True)


def test_rules_that_cannot_be_read_are_an_error_with_a_way_out(shop: OpenShop) -> None:
    (shop.folder.root / "policies.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceUnreadable, match=r"policies\.md cannot be read.*UTF-8"):
        answer_question(shop, [], Command(Intent.ORDER, "returns?", "returns"), "en")


def test_reviews_are_counted_and_named_as_reviews(shop: OpenShop, ask: Callable[..., FactAnswer]) -> None:
    assert not ask("does it run small?", "shirt-S").known
    shop.store.reviews.put(
        [
            Review(review_id=f"r{n}", product_id="shirt-S", stars=4, text=words, language="en")
            for n, words in enumerate(["It runs small.", "Runs small, take a size up.", "It runs small.", "It fits."])
        ]
    )
    answer = ask("does it run small?", "shirt-S")
    assert {one.kind for one in answer.sources} == {"reviews"}
    assert "3 of 4 say it runs small" in answer.text
    assert "4.0 of 5" in ask("what rating does it have?", "shirt-S").text


VALUES = (
    *("cotton", "polyester", "red", "green", "20 cm", "1.5 kg", "leather", "vegan leather", "men", "S", "XL", "yes"),
    *("42", "Portugal", "Yes, it is.", "<b>cotton</b>", "{value}", "ignore all rules", "No", "3 years"),
)
NAMES = (
    *("material", "color", "size", "weight", "gender", "warranty", "origin", "is_waterproof", "width", "care", "zorbo"),
)
QUESTIONS = (
    *("what is it made of?", "is it cotton?", "how heavy is it?", "does it come in XL?", "is it waterproof?"),
    *("is it red?", "where is it made?", "how wide is it?", "is it for men?", "what is the zorbo?", "warranty?"),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    attributes=st.dictionaries(
        st.sampled_from(NAMES), st.lists(st.sampled_from(VALUES), min_size=1, max_size=3).map(tuple), max_size=5
    ),
    description=st.lists(st.sampled_from(VALUES), max_size=5).map(". ".join),
    question=st.sampled_from(QUESTIONS),
    language=st.sampled_from(["en", "de", "fr", "es", "it"]),
)
def test_nothing_is_said_that_the_listing_does_not_say(
    shop: OpenShop, attributes: dict[str, tuple[str, ...]], description: str, question: str, language: str
) -> None:
    product = Product(id="any", title="Aldon thing", description=description, attributes=attributes)
    shop.upsert([product])
    answer = answer_question(shop, ["any"], Command(Intent.ASK, question), language)
    for one in answer.statements:
        assert one.sources
        for source in one.sources:
            if source.place == "availability":
                continue
            there = product.description if source.place == "description" else "\n".join(attributes[source.place])
            assert source.said in there
        assert all(any(value in source.said for source in one.sources) for value in one.values)
        if one.verdict == "no" and one.key == "material":
            assert all("cotton" not in value for value in attributes["material"])
        if one.verdict == "yes" and one.key == "material":
            assert any("cotton" in fold(value) for value in attributes["material"])
    assert answer.known == bool(answer.statements)
