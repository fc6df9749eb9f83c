"""Replies that a person may send: by the facts of this moment, in the talk's language, and without a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bottega.actions.assistant.drafting import suggest_replies
from bottega.actions.assistant.question_shapes import QuestionsRequest
from bottega.actions.assistant.unanswered import list_questions
from bottega.actions.talks.agents import reply_in_talk
from bottega.actions.talks.shapes import ReplyRequest, TalkRequest
from bottega.errors import TalkUnknown
from bottega.models.dialogue.commands import Command, Intent, LineReading
from bottega.models.dialogue.state import TalkState
from bottega.shop.open_shop import OpenShop

Talks = Callable[..., Any]
PERSON = Command(Intent.PERSON, "a human please")
DRESSES = Command(Intent.SEARCH, "red dresses")


def replies(shop: OpenShop, talk: Any, agent: str | None = "Mia") -> list[str]:
    asked = TalkRequest(talk_id=talk.talk_id, agent=agent)
    return [one.text for one in suggest_replies(shop, asked, reader=talk.reader).replies]


def test_a_line_said_while_waiting_is_answered_for_the_person(talks: Talks, talk_shop: OpenShop) -> None:
    talk = talks()
    talk.say("a human please", PERSON)
    talk.say("red dresses", DRESSES)
    before = talk_shop.store.talks.get(talk.talk_id)
    found = suggest_replies(talk_shop, TalkRequest(talk_id=talk.talk_id, agent="Mia"), reader=talk.reader).replies
    assert before == talk_shop.store.talks.get(talk.talk_id), "asking leaves no trace"
    assert len(found[0].products) == 3 and found[0].text.count("€") >= 3
    shelf = talk_shop.store.products.get(found[0].products)
    assert all(one.attributes["color"] == ("red",) for one in shelf.values())
    assert [one.text for one in found[1:]] == [
        "Hello, I am Mia, and have read what you wrote.",
        "One moment, please: I will look it up and answer you here.",
    ]


def test_of_a_complaint_the_person_is_sorry_in_the_shoppers_language(talks: Talks, talk_shop: OpenShop) -> None:
    talk = talks()
    talk.say("Das Kleid ist gerissen angekommen", Command(Intent.COMPLAINT, "gerissen"), language="de")
    assert replies(talk_shop, talk) == [
        "Das tut mir leid. Ich bin Mia und gehe dem jetzt nach.",
        "Einen Moment bitte: Ich sehe nach und antworte Ihnen hier.",
    ]


def test_what_a_person_answered_needs_no_reply(talks: Talks, talk_shop: OpenShop) -> None:
    talk = talks()
    talk.say("a human please", PERSON)
    reply_in_talk(talk_shop, ReplyRequest(talk_id=talk.talk_id, agent="Mia", text="Here I am."))
    assert replies(talk_shop, talk) == []
    talk.say("red dresses", DRESSES)
    told = replies(talk_shop, talk)
    assert len(told) == 2 and "Hello" not in told[0], "who has spoken does not greet again"


def test_nothing_known_suggests_no_answer_and_notes_no_question_twice(talks: Talks, talk_shop: OpenShop) -> None:
    talk = talks()
    talk.say("red dresses", DRESSES)
    talk.say("a human please", PERSON)
    ask = Command(Intent.ASK, "is dress-0 dishwasher safe", about="care")
    talk.say("is it dishwasher safe", ask)
    noted = list_questions(talk_shop, QuestionsRequest())
    assert replies(talk_shop, talk, agent=None) == ["One moment, please: I will look it up and answer you here."]
    assert list_questions(talk_shop, QuestionsRequest()) == noted


def test_a_talk_that_is_none(talk_shop: OpenShop) -> None:
    with pytest.raises(TalkUnknown):
        suggest_replies(talk_shop, TalkRequest(talk_id="t-none"))


def test_of_many_lines_the_newest_are_read(talks: Talks, talk_shop: OpenShop) -> None:
    talk = talks()
    talk.say("a human please", PERSON)
    talk.say("red dresses", DRESSES)
    for number in range(20):
        talk.say(f"hello {number}", Command(Intent.CHAT, about="greeting"))
    read: set[str] = set()
    known = talk.reader.read

    def noted(text: str, state: TalkState) -> LineReading:
        read.add(text)
        found: LineReading = known(text, state)
        return found

    talk.reader.read = noted
    assert not any("dresses" in one for one in replies(talk_shop, talk))
    assert read == {f"hello {number}" for number in range(12, 20)}
