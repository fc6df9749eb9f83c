"""A talk with the assistant, handed over and given back: what the shopper is told, and who answers next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bottega.actions.talks.agents import give_back_talk, reply_in_talk
from bottega.actions.talks.inbox import show_talk
from bottega.actions.talks.shapes import ReplyRequest, TalkQuery, TalkRequest
from bottega.models.dialogue.commands import Command, Intent
from bottega.names import Owner
from bottega.shop.open_shop import OpenShop

Talks = Callable[..., Any]
PERSON = Command(Intent.PERSON, "a human please")
DRESSES = Command(Intent.SEARCH, "red dresses")


def told(shop: OpenShop, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> None:
    monkeypatch.setattr(shop, "settings", shop.settings.model_copy(update=settings))


def test_nobody_here_is_said_and_a_message_may_be_left(
    talks: Talks, talk_shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(talk_shop, monkeypatch, opening_hours="")
    talk = talks()
    answer = talk.say("a human please", PERSON)
    assert answer.owner == "waiting"
    assert answer.text[-1] == "Nobody is here at the moment. Leave a message here, and it will be answered."
    assert talk.say("my parcel is late").text == []
    shown = show_talk(talk_shop, TalkQuery(talk_id=talk.talk_id))
    assert shown.talk.owner is Owner.WAITING and shown.talk.why == "asked"
    assert "my parcel is late" in [line.text for line in shown.transcript]
    assert shown.summary[0] == "person: a human please"


def test_words_of_the_merchant_hand_over_at_once(
    talks: Talks, talk_shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(talk_shop, monkeypatch, handover_words=("lawyer",), talks_webhook="http://127.0.0.1:9/")
    talk = talks()
    assert talk.say("red dresses by my lawyers", DRESSES).owner == "assistant"
    answer = talk.say("red dresses, says my Lawyer", DRESSES)
    assert answer.owner == "waiting" and answer.products, "what was found is shown all the same"
    found = talk_shop.store.talks.get(talk.talk_id)
    assert found is not None and found.why == "words"


def test_given_back_the_assistant_answers_with_the_wish_as_it_was(talks: Talks, talk_shop: OpenShop) -> None:
    talk = talks()
    talk.say("red dresses", DRESSES)
    before = talk.state.wish
    talk.say("a human please", PERSON)
    reply_in_talk(talk_shop, ReplyRequest(talk_id=talk.talk_id, agent="Mia", text="Mia here."))
    silent = talk.say("thank you", Command(Intent.CHAT, about="thanks"))
    assert silent.owner == "person" and silent.text == []
    give_back_talk(talk_shop, TalkRequest(talk_id=talk.talk_id, agent="Mia"))
    again = talk.say("only blue ones", Command(Intent.REFINE, "only blue ones"))
    assert again.owner == "assistant" and again.text and again.products
    assert before and any(part.words == "blue" or "blue" in part.words for part in talk.state.wish)
