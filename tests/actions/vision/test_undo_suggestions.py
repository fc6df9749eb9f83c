"""Decisions on suggestions, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.actions.vision.shapes import DecisionAnswer, DecisionRequest, SuggestionQuery, TagCatalogueRequest
from bottega.actions.vision.suggestions import all_suggestions, decide_suggestions, list_suggestions
from bottega.actions.vision.tag_catalogue import tag_catalogue
from bottega.catalogue.attributes import value_of
from bottega.errors import RequestInvalid
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.store.suggestions import Suggestion, SuggestionKind


def decide(shop: ShopFolder, decision: str, **named: object) -> DecisionAnswer:
    return decide_suggestions(OpenShop(shop), DecisionRequest.model_validate({"decision": decision, **named}))


def numbers_of(shop: ShopFolder, product_id: str, attribute: str | None = None) -> list[int]:
    found = [one for one in all_suggestions(shop.store) if one.product_id == product_id]
    return [one.number for one in found if attribute in (None, one.attribute)]


def doubt(product_id: str, present: str, value: str) -> Suggestion:
    return Suggestion(SuggestionKind.DOUBT, product_id, "color", value, 0.9, "eye", "blocks-1", 1, present=present)


@pytest.fixture(autouse=True)
def tagged(shop: ShopFolder) -> None:
    tag_catalogue(OpenShop(shop), TagCatalogueRequest())


def test_a_batch_is_undone_to_the_letter_after_a_restart(shop: ShopFolder) -> None:
    first = shop.store.products.get(["Belts-0-Red"])["Belts-0-Red"]
    many = first.model_copy(update={"attributes": {"size": ("S",), "colour": ("red", "blue")}})
    shop.store.products.upsert([many])
    shop.store.suggestions.put([doubt(many.id, "red", "green")])
    before = shop.store.products.all()
    waiting = [one.number for one in all_suggestions(shop.store)]
    accepted = decide(shop, "accept", above=0.0)
    assert accepted.decided == 6 and accepted.written == 4 and accepted.batch == 1
    assert shop.store.products.all() != before
    with ShopFolder.open(shop.root) as again:
        page = list_suggestions(OpenShop(again), SuggestionQuery(state="accepted"))
        assert {one.batch for one in page.suggestions} == {1}
        undone = decide(again, "undo", batch=1)
        assert undone.decided == 6 and undone.written == 4 and not undone.left and not undone.kept
    assert shop.store.products.all() == before, "every value of every name"
    assert [one.number for one in all_suggestions(shop.store)] == waiting, "and all of them wait again"
    with pytest.raises(RequestInvalid, match="nothing to undo of decision 1"):
        decide(shop, "undo", batch=1)
    assert decide(shop, "accept", above=0.0).batch == 2


def test_some_numbers_of_a_decision_are_undone(shop: ShopFolder) -> None:
    numbers = numbers_of(shop, "bare")
    color = numbers_of(shop, "bare", "color")
    batch = decide(shop, "accept", numbers=numbers).batch
    answer = decide(shop, "undo", numbers=[*color, 99_999])
    assert answer.decided == answer.written == 1
    assert [one.why for one in answer.left] == ["There is no suggestion of this number."]
    bare = shop.store.products.get(["bare"])["bare"]
    assert bare.category == ("Clothes", "Belts") and bare.attributes == {}
    assert [one.why for one in decide(shop, "undo", numbers=color).left] == ["Nobody has decided on it."]
    assert decide(shop, "undo", batch=batch).decided == 1, "what is left of the decision"
    assert shop.store.products.get(["bare"])["bare"].category == ()


def test_what_the_shop_says_itself_by_now_is_kept(shop: ShopFolder, tmp_path: Path) -> None:
    batch = decide(shop, "accept", numbers=[*numbers_of(shop, "bare", "color"), *numbers_of(shop, "bare/2", "color")])
    feed = tmp_path / "feed.csv"
    feed.write_text("id,title,color\nbare,Bare belt,blue\nbare/2,Bare belt,violet\n")
    import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=feed))
    answer = decide(shop, "undo", batch=batch.batch)
    assert answer.decided == 2 and answer.written == 0
    assert sorted(one.why for one in answer.kept) == [
        "The product says 'violet' for color by now.",
        "The shop's own data says 'blue' for color, too.",
    ]
    products = shop.store.products.get(["bare", "bare/2"])
    assert [value_of(products[name], "color") for name in ("bare", "bare/2")] == ["blue", "violet"]


def test_an_import_without_a_value_brings_back_nothing_undone(shop: ShopFolder, tmp_path: Path) -> None:
    numbers = numbers_of(shop, "bare", "color")
    feed = tmp_path / "feed.csv"
    feed.write_text("id,title,color\nbare,Bare belt,\n")
    decide(shop, "accept", numbers=numbers)
    import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=feed))
    assert value_of(shop.store.products.get(["bare"])["bare"], "color") == "blue"
    assert decide(shop, "undo", numbers=numbers).written == 1, "an import that kept it did not make it the shop's own"
    import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=feed))
    assert value_of(shop.store.products.get(["bare"])["bare"], "color") == ""


def test_later_acceptances_are_undone_first(shop: ShopFolder) -> None:
    name = "Belts-0-Red"
    shop.store.suggestions.put([doubt(name, "red", "green")])
    first = [one.number for one in all_suggestions(shop.store, kind=SuggestionKind.DOUBT)]
    decide(shop, "accept", numbers=first)
    shop.store.suggestions.put([doubt(name, "green", "blue")])
    second = [one.number for one in all_suggestions(shop.store, kind=SuggestionKind.DOUBT)]
    decide(shop, "accept", numbers=second)
    answer = decide(shop, "undo", numbers=first)
    assert not answer.decided
    assert [one.why for one in answer.left] == [f"Suggestion {second[0]} was accepted after it: undo that first."]
    assert decide(shop, "undo", numbers=[*first, *second]).decided == 2
    assert value_of(shop.store.products.get([name])[name], "color") == "red"


def test_rejections_are_undone_and_products_stay(shop: ShopFolder) -> None:
    numbers = numbers_of(shop, "bare")
    before = shop.store.products.all()
    batch = decide(shop, "reject", numbers=numbers).batch
    assert decide(shop, "undo", batch=batch).decided == 2 and shop.store.products.all() == before
    assert numbers_of(shop, "bare") == numbers


@pytest.mark.parametrize(
    "asked",
    [
        {"decision": "undo"},
        {"decision": "undo", "numbers": [1], "batch": 1},
        {"decision": "undo", "above": 0.5},
        {"decision": "accept", "numbers": [1], "batch": 1},
    ],
)
def test_what_to_undo_is_said_once(shop: ShopFolder, asked: dict[str, object]) -> None:
    with pytest.raises(RequestInvalid):
        decide_suggestions(OpenShop(shop), DecisionRequest.model_validate(asked))
