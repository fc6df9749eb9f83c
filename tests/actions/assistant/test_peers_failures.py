"""What other shopping assistants were reported for (NVIDIA retail-shopping-assistant #163, #168, #170, #200)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bottega.models.dialogue.commands import Command, Intent, Pointing, PointingWay

Talks = Callable[..., Any]


def search(words: str) -> Command:
    return Command(Intent.SEARCH, words)


def test_163_a_named_product_that_was_never_shown_is_looked_for(talks: Talks) -> None:
    answer = talks().say("Ankle boots Puma 7", search("Ankle boots Puma 7"))
    assert answer.products[0].product_id == "boot-7"
    line = "what is Ankle boots Puma 7 made of?"
    asked = talks().say(line, Command(Intent.ASK, line, "material"))
    assert [product.product_id for product in asked.products] == ["boot-7"]
    assert any(source.product_id == "boot-7" for source in asked.sources)


def test_163_nothing_is_put_into_a_cart_in_words(talks: Talks) -> None:
    talk = talks()
    talk.say("boots", search("boots"))
    answer = talk.say("put the first one into my cart", Command(Intent.BEYOND, "put the first one into my cart"))
    assert not answer.products and "cart" not in " ".join(answer.text)


def test_168_what_was_talked_of_turns_ago_is_still_it(talks: Talks) -> None:
    talk = talks()
    talk.say("boots", search("boots"))
    third = (Pointing(PointingWay.PLACE, (3,)),)
    talk.say("what is the third made of", Command(Intent.ASK, "what is the third made of", "material", third))
    talk.say("thanks", Command(Intent.CHAT, "thanks", "thanks"))
    it = (Pointing(PointingWay.FOCUS),)
    answer = talk.say("more like it", Command(Intent.MORE, "more like it", at=it))
    assert answer.text[0].endswith("Ankle boots Tamaris 2:")


def test_170_we_have_none_is_said_in_the_same_turn(talks: Talks) -> None:
    answer = talks().say("do you carry canoes?", search("do you carry canoes?"))
    assert "canoes" in answer.text[0] and not answer.products and answer.turn == 1
    priced = talks().say("boots under 20", search("boots under 20"))
    assert priced.total == 0 and priced.text[0].count("boots under") == 1
    assert all(product.close for product in priced.products)  # they never look found


def test_200_the_most_expensive_is_of_all_departments(talks: Talks) -> None:
    talk = talks()
    talk.say("lamps", search("lamps"))
    answer = talk.say("what is the most expensive thing you sell?", search("the most expensive thing you sell"))
    prices = [product.price_minor for product in answer.products]
    assert answer.products[0].product_id == "boot-11" and prices == sorted(prices, reverse=True)


def test_200_nothing_is_said_to_be_done_that_was_not(talks: Talks) -> None:
    talk = talks()
    answer = talk.say("compare these", Command(Intent.COMPARE, "compare these", at=(Pointing(PointingWay.ALL),)))
    assert len(answer.text) == 1 and answer.text[0].startswith("Which") and not answer.sources
