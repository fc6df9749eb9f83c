"""What no listing answers becomes a list for the merchant, is answered once, and is known from then on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bottega.actions.assistant.fact_answers import answer_question
from bottega.actions.assistant.fact_shapes import FactAnswer
from bottega.actions.assistant.question_shapes import DeleteQuestionsRequest, QuestionReplyRequest, QuestionsRequest
from bottega.actions.assistant.unanswered import delete_questions, list_questions, reply_to_question
from bottega.catalogue.product import Product
from bottega.errors import RequestInvalid
from bottega.models.dialogue.commands import Command, Intent
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

MUGS = [
    Product(id=f"mug-{size}", group_id="mug", title=f"Aldon mug, {size}", attributes={"material": ("stoneware",)})
    for size in ("small", "large")
]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    folder = ShopFolder.open(tmp_path / "shop")
    folder.store.products.upsert(MUGS)
    with OpenShop(folder) as opened:
        yield opened


@pytest.fixture
def ask(shop: OpenShop) -> Callable[..., FactAnswer]:
    return lambda text, language="en", product="mug-small": answer_question(
        shop, [product], Command(Intent.ASK, text), language
    )


def test_asked_in_many_words_answered_once(shop: OpenShop, ask: Callable[..., FactAnswer]) -> None:
    assert not ask("can it go in the microwave?").known
    assert not ask("Ist der Becher mikrowellengeeignet?", "de", "mug-large").known
    assert not ask("is it safe for microwaves").known
    assert not ask("does it have a spaghetti compartment?").known
    assert not ask("is there a compartment for spaghetti?").known
    assert ask("what is it made of?").known
    listed = list_questions(shop, QuestionsRequest())
    assert [(one.product_id, one.key, one.times) for one in listed.questions] == [
        ("mug", "microwave_safe", 3),
        ("mug", "", 2),
    ]
    assert listed.questions[0].title == "Aldon mug, large"
    assert listed.questions[0].wordings[0] == "can it go in the microwave?"
    for one, answer in zip(listed.questions, ["Yes, for two minutes.", "No."], strict=True):
        assert reply_to_question(shop, QuestionReplyRequest(number=one.number, answer=answer)).question.answer == answer
    said = ask("Darf das in die Mikrowelle?", "de")
    assert said.text == "„Yes, for two minutes.“ (sagt der Shop)"
    assert [(one.kind, one.said) for one in said.sources] == [("shop", "Yes, for two minutes.")]
    assert "No." in ask("any spaghetti compartment in it?", "en", "mug-large").text
    assert list_questions(shop, QuestionsRequest()).total == 0
    assert list_questions(shop, QuestionsRequest(answered=True, product_id="mug-large")).total == 2
    numbers = [one.number for one in listed.questions]
    assert delete_questions(shop, DeleteQuestionsRequest(numbers=[*numbers, 99])).deleted == sorted(numbers)
    assert not ask("can it go in the microwave?").known


def test_what_says_who_somebody_is_is_not_kept(shop: OpenShop, ask: Callable[..., FactAnswer]) -> None:
    ask("is it vegan? write to ann@mail.example or call +49 170 1234567")
    wording = list_questions(shop, QuestionsRequest()).questions[0].wordings[0]
    assert "vegan" in wording
    assert "ann" not in wording
    assert "1234567" not in wording


def test_what_asks_for_nothing_is_not_listed(shop: OpenShop, ask: Callable[..., FactAnswer]) -> None:
    ask("?")
    ask("hm")
    assert list_questions(shop, QuestionsRequest()).total == 0


def test_a_number_that_is_not_there_is_refused(shop: OpenShop) -> None:
    with pytest.raises(RequestInvalid, match=r"There is no question 7.*bottega questions list"):
        reply_to_question(shop, QuestionReplyRequest(number=7, answer="Yes."))


def test_nothing_kept_of_a_question_says_who_asked(shop: OpenShop, ask: Callable[..., FactAnswer]) -> None:
    for told in ("write ana@nord.example", "call 079 123 45 67", "see https://nord.example/ana"):
        assert not ask(f"does it have a spaghetti compartment, {told}").known
    kept = shop.store.asked_questions.of_product(["mug"])
    assert any("spaghetti" in one.about for one in kept)
    words = " ".join(f"{one.about} {one.wordings}" for one in kept)
    assert not [one for one in ("ana", "nord", "079", "123", "45", "67") if one in words], words
