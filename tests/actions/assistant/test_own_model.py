"""A merchant's own language model in talks: heard where it says the same, or reads a line; else as if not there."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.actions.wording.stand_in import Heard, Says, stand_in

from bottega.actions.assistant.pieces import in_pieces
from bottega.actions.assistant.shapes import AssistantRequest
from bottega.actions.talks.agents import reply_in_talk
from bottega.actions.talks.shapes import ReplyRequest
from bottega.connectors.resting import Resting
from bottega.models.dialogue.commands import Command, Intent
from bottega.settings import ShopSettings
from bottega.shop.open_shop import OpenShop

Talks = Callable[..., Any]
LAMPS = Command(Intent.SEARCH, "table lamps")
LINE = "table lamps"


@pytest.fixture
def with_model(talk_shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """`with with_model(says) as heard:` the shop has a model that answers so; `uses` of it, its limit in seconds."""

    @contextmanager
    def opened(says: Says, *uses: str, limit_s: float = 10.0, **answers: Any) -> Iterator[Heard]:
        with stand_in(says, **answers) as heard:
            told = {"language_model_url": heard.address, "talks_model": uses or ("rephrase",)}
            settings = talk_shop.settings.model_copy(update={**told, "talks_model_timeout_s": limit_s})
            monkeypatch.setattr(talk_shop, "settings", settings)
            monkeypatch.setattr(talk_shop, "talks_model_rest", Resting())
            yield heard

    return opened


def reworded(change: Callable[[str], str]) -> Says:
    """A model that says each sentence so."""
    return lambda sent: "\n".join(map(change, json.loads(sent)["sentences"]))


def kindly(text: str) -> str:
    """As a good model would, whichever way of saying it was drawn."""
    return (
        text.replace("I found", "We have found")
        .replace("There are", "We have found")
        .replace("we have", "we have found")
    )


def test_the_same_in_other_words_is_said_and_kept(talks: Talks, talk_shop: OpenShop, with_model: Any) -> None:
    with with_model(reworded(kindly)) as heard:
        talk = talks("ana")
        answer = talk.say(LINE, LAMPS)
    [body] = heard.bodies
    sent = json.loads(body["messages"][1]["content"])
    assert set(sent) == {"language", "sentences"} and "tools" not in body
    assert "ana" not in json.dumps(body) and talk.talk_id not in json.dumps(body)
    assert answer.text == [kindly(one) for one in sent["sentences"]] != sent["sentences"]
    assert "found" in answer.text[0] and "9" in answer.text[0] and "€30.00" in answer.text[0]
    kept = talk_shop.store.talks.lines(talk.talk_id)[-1]
    assert kept.text == "\n".join(answer.text)
    assert [one.product_id for one in answer.products] == kept.body["products"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("€30.00", "€19.00"),
        lambda text: text.replace("9", "some"),
        lambda text: text[:-1] + ", or the Lamp Sol.",
        lambda text: f"<b>{text}</b>",
        lambda text: text[:-1] + " at evil.example",
        lambda text: "Wir haben viele Lampen für Sie gefunden.",
        lambda text: "We have no lamps at all.",
        lambda text: text + "\n" + text,
        lambda text: "",
    ],
    ids=["price", "number", "product", "markup", "link", "language", "no", "lines", "nothing"],
)
def test_whatever_else_it_says_the_frames_stand(talks: Talks, with_model: Any, change: Callable[[str], str]) -> None:
    with with_model(reworded(change)) as heard:
        answer = talks().say(LINE, LAMPS)
    assert answer.text == json.loads(heard.bodies[0]["messages"][1]["content"])["sentences"]
    assert len(answer.products) == 6 and answer.total == 9


@pytest.mark.parametrize(
    "answers", [{"raw": b"<html>"}, {"raw": b'{"choices": []}'}, {"statuses": (500,)}, {"statuses": (302,)}]
)
def test_garbage_and_failures_leave_the_answer_as_it_is(talks: Talks, with_model: Any, answers: Any) -> None:
    with with_model(reworded(kindly), **answers) as heard:
        answer = talks().say(LINE, LAMPS)
    assert len(heard.bodies) == 1, "a shopper waits for one try"
    assert answer.text == json.loads(heard.bodies[0]["messages"][1]["content"])["sentences"]


def test_one_that_is_slow_is_not_waited_for(talks: Talks, with_model: Any) -> None:
    done = threading.Event()

    def says(sent: str) -> str:
        done.wait(60)
        return reworded(kindly)(sent)

    with with_model(says, limit_s=0.1) as heard:
        answer = talks().say(LINE, LAMPS)
        assert not done.is_set(), "answered while it still thinks"
        assert answer.text == json.loads(heard.bodies[0]["messages"][1]["content"])["sentences"]
        done.set()


def test_after_failures_in_a_row_it_is_left_alone(talks: Talks, talk_shop: OpenShop, with_model: Any) -> None:
    now = [0.0]
    with with_model(reworded(kindly), statuses=(500,) * 4) as heard:
        talk_shop.talks_model_rest = Resting(clock_s=lambda: now[0])  # put back by the fixture
        for _ in range(5):
            talks().say(LINE, LAMPS)
        assert len(heard.bodies) == 3
        now[0] = 61.0
        talks().say(LINE, LAMPS)
        talks().say(LINE, LAMPS)
        assert len(heard.bodies) == 4, "one more failure, and it rests again"
        now[0] = 122.0
        for _ in range(2):
            assert "found" in talks().say(LINE, LAMPS).text[0]
        assert len(heard.bodies) == 6


@pytest.mark.parametrize("in_one", [True, False])
def test_a_person_who_takes_over_while_it_thinks_has_the_word(
    talks: Talks, talk_shop: OpenShop, with_model: Any, in_one: bool
) -> None:
    """The person writes while the model is asked: no transaction is open, and what comes late is turned down."""
    talk = talks()
    talk.say("hello", Command(Intent.CHAT, "hello", "greeting"))

    def says(sent: str) -> str:
        reply_in_talk(talk_shop, ReplyRequest(talk_id=talk.talk_id, agent="Mia", text="Mia here."))
        return reworded(kindly)(sent)

    with with_model(says) as heard:
        if in_one:
            answer = talk.say(LINE, LAMPS)
            assert answer.owner == "person" and answer.text == [] and answer.products == []
        else:
            talk.reader.lines[LINE] = talk.reader.lines["hello"].__class__((LAMPS,), "en")
            request = AssistantRequest(talk_id=talk.talk_id, text=LINE)
            events = list(in_pieces(talk_shop, request, reader=talk.reader))
            assert [one.event for one in events] == ["talk", "products", "end"]
            assert events[-1].data["how"] == "silenced"
    assert len(heard.bodies) == 1
    assert "lamps" not in " ".join(line.text for line in talk_shop.store.talks.lines(talk.talk_id)[3:])


def test_yes_and_no_what_is_unsaid_and_offers_never_go_there(talks: Talks, with_model: Any) -> None:
    with with_model(reworded(lambda text: text)) as heard:
        talk = talks()
        talk.say("Table lamp Luna 1", Command(Intent.SEARCH, "Table lamp Luna 1"))
        heard.bodies.clear()
        for line in ("is it red?", "is it blue?", "is it waterproof?", "how long is the cable?"):
            answer = talk.say(line, Command(Intent.ASK, line, "other"))
            assert answer.text
        talk.say("a human please", Command(Intent.PERSON, "a human please"))
    assert heard.bodies == []


def test_a_hard_line_is_read_into_a_command(talks: Talks, with_model: Any) -> None:
    line = "gimme sumfin, table lamps or wotever"
    said = json.dumps({"commands": [{"intent": "search", "about": "", "words": "table lamps"}]})
    with with_model(lambda sent: said, "read") as heard:
        answer = talks("ana").say(line)
        assert talks().say(LINE, LAMPS).total == 9
    assert [one.intent for one in answer.understood] == ["search"] and answer.total == 9
    [body] = heard.bodies  # a line that is understood is not sent
    assert json.loads(body["messages"][1]["content"]) == {"line": line}


@pytest.mark.parametrize(
    "said",
    [
        '{"commands": [{"intent": "refund", "about": "", "words": "zzz"}]}',
        '{"commands": [{"intent": "search", "about": "", "words": "table lamps"}]}',
        '{"commands": [{"intent": "ask", "about": "password", "words": "zzz"}]}',
        '{"commands": [{"intent": "search", "words": "zzz", "tool": "x"}]}',
        '{"commands": [{"intent": "search", "words": "zzz"}, {"intent": "refund", "words": "zzz"}]}',
        '{"commands": [{"intent": ["search"], "words": "zzz"}]}',
        '{"commands": "search"}',
        "search",
        "[" * 5000,
    ],
)
def test_what_is_no_reading_of_the_line_is_ignored(talks: Talks, with_model: Any, said: str) -> None:
    line = "zzz qqq"
    before = talks().say(line)
    with with_model(lambda sent: said, "read") as heard:
        after = talks().say(line)
    assert len(heard.bodies) == 1
    assert after.understood == before.understood and after.products == before.products == []
    assert after.buttons == before.buttons


def test_it_is_off_unless_it_is_named(talks: Talks, with_model: Any, talk_shop: OpenShop) -> None:
    assert ShopSettings.model_validate({}).talks_model == ()
    with pytest.raises(ValueError, match="language_model_url"):
        ShopSettings.model_validate({"talks_model": ("read",)})
    with with_model(reworded(kindly), "read") as heard:
        talks().say(LINE, LAMPS)
    assert heard.bodies == []
