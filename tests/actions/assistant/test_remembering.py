"""What was said before is not lost: not over a thing that is not here, nor by a word for all that was shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bottega.actions.assistant.shapes import AssistantAnswer
from bottega.models.dialogue.commands import Command, Intent, Pointing, PointingWay

Talks = Callable[..., Any]


def search(words: str) -> Command:
    return Command(Intent.SEARCH, words)


def ids(answer: AssistantAnswer) -> list[str]:
    return [one.product_id for one in answer.products]


def numbers(answer: AssistantAnswer) -> list[int]:
    return [int(id_.split("-")[1]) for id_ in ids(answer)]


def test_a_thing_that_is_not_here_leaves_the_wish(talks: Talks) -> None:
    talk = talks()
    talk.say("red dresses", search("red dresses"))
    none = talk.say("do you have umbrellas?", search("do you have umbrellas?"))
    assert "umbrellas" in " ".join(none.text)
    linen = talk.say("in linen", Command(Intent.REFINE, "in linen"))
    assert linen.total == 5 and all(number % 6 == 0 for number in numbers(linen)[:5])


def test_all_that_was_said_orders_the_list_until_it_is_let_go_of(talks: Talks) -> None:
    talk, plain = talks(), talks()
    talk.say("dresses", search("dresses"))
    talk.say("something like Cleo", Command(Intent.REFINE, "something like Cleo"))
    red = talk.say("in red", Command(Intent.REFINE, "in red"))
    assert all(number >= 20 for number in numbers(red)[:3]) and all(number % 3 == 0 for number in numbers(red)[:3])
    talk.say("forget it", Command(Intent.CANCEL, "forget it"))
    assert talk.state.said == ()
    assert ids(talk.say("red dresses", search("red dresses"))) == ids(plain.say("red dresses", search("red dresses")))


def test_they_is_of_the_wish_and_of_none_of_those_shown(talks: Talks) -> None:
    talk = talks()
    talk.say("dresses", search("dresses"))
    every = Pointing(PointingWay.ALL)
    blue = talk.say("they need to be blue", Command(Intent.REFINE, "they need to be blue", at=(every,)))
    assert blue.total == 10 and talk.state.product_id == ""
