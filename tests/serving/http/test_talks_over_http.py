"""Talks as persons have them over HTTP: what an agent's key opens, in whose name, and what it does not open."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from bottega.actions.verbs import VERBS
from bottega.connectors.letter_webhook import letter_signature
from bottega.names import KeyKind, LineBy
from bottega.serving.http.errors import ErrorAnswer
from bottega.store.talks import TalkLine

AGENTS = {
    "GET /v1/talks",
    "POST /v1/talks/query",
    "POST /v1/talks/suggested",
    "POST /v1/talks/take",
    "POST /v1/talks/reply",
    "POST /v1/talks/note",
    "POST /v1/talks/assign",
    "POST /v1/talks/give-back",
    "POST /v1/talks/close",
}
"""All that an agent's key opens."""
NOW = time.time_ns() // 1_000_000


class Desk:
    """The routes as a person with a key of their own asks them."""

    def __init__(self, door: Any) -> None:
        self.door, self.talks = door, door.shop.store.talks
        self.key = door.shop.store.keys.create("Mia", KeyKind.AGENT)
        self.talks.open("t-1", shopper="s1", language="en", now_ms=NOW)
        commands = ({"intent": "search", "about": "", "words": "a red lamp"},)
        self.talks.hear("t-1", TalkLine(LineBy.SHOPPER, "a red lamp, please", commands), now_ms=NOW)

    def ask(self, name: str, code: int = 200, **body: Any) -> Any:
        headers = {"X-API-Key": self.key}
        if name:
            response = self.door.client.post(f"/v1/talks/{name}", json={"talk_id": "t-1", **body}, headers=headers)
        else:
            response = self.door.client.get("/v1/talks", params=body, headers=headers)
        assert response.status_code == code, response.text
        return response.json()


@pytest.fixture
def desk(door: Any) -> Desk:
    return Desk(door)


def test_a_suggested_reply_is_in_the_name_of_the_key(desk: Desk) -> None:
    told = desk.ask("suggested", agent="Somebody else")
    assert "I am Mia" in " ".join(one["text"] for one in told["replies"])
    desk.ask("reply", text="Here I am.")
    assert desk.ask("suggested") == {"replies": []}


def test_the_routes_of_agents_are_those_of_the_verbs() -> None:
    assert {one.route for one in VERBS if one.agents} == AGENTS
    assert not any(one.visitor for one in VERBS if one.agents)


def test_an_agents_key_opens_nothing_else(desk: Desk) -> None:
    paths = desk.door.client.app.openapi()["paths"]
    opened = set()
    for path, methods in paths.items():
        for method in methods:
            url = path.replace("{number}", "1").replace("{platform}", "shopify").replace("{name}", "x.mp4")
            for kind in ("application/json", "application/vnd.shop+json"):  # the fast lane, and the framework's way
                headers = {"X-API-Key": desk.key, "X-Forwarded-For": "203.0.113.9", "Content-Type": kind}
                body = "{}" if method == "post" else None
                response = desk.door.client.request(method, url, content=body, headers=headers)
                if response.status_code != 403:
                    opened.add(f"{method.upper()} {path}")
                elif "__type" not in response.json():
                    error = ErrorAnswer.model_validate(response.json()).error
                    assert error.code == "agent_refused" and "An agent's key does not open" in error.message
    without = {
        "GET /v1/health",
        "GET /live",
        "GET /ready",
        "GET /v1/session",  # opened by the session of somebody who logged in
        "POST /v1/session",
        "DELETE /v1/session",
        "POST /v1/webhooks/{platform}",
        "GET /letters/unsubscribe",
        "POST /letters/unsubscribe",
    }
    assert {one for one in opened if "gorse" not in one} - without == AGENTS


def test_what_was_sent_instead_of_words_is_told_and_nothing_is_called_forgotten(desk: Desk) -> None:
    for body in ({"button": "more"}, {"photo": "red.png"}):
        desk.talks.hear("t-1", TalkLine(LineBy.SHOPPER, "", body=body), now_ms=NOW)
    lines = desk.ask("query")["transcript"]
    assert [(one["text"], one["sent"], one["kept"]) for one in lines] == [
        ("a red lamp, please", None, True),
        ("", "button more", True),
        ("", "photo red.png", True),
    ]
    desk.door.shop.store.talk_tending.shorten(NOW + 1)
    assert {(one["text"], one["sent"], one["kept"]) for one in desk.ask("query")["transcript"]} == {("", None, False)}


def test_what_a_person_does_is_done_in_their_own_name(desk: Desk) -> None:
    talk = desk.ask("take", agent="Somebody else")
    assert (talk["owner"], talk["agent"]) == ("person", "Mia")
    desk.ask("reply", text="I look it up.", agent="Ben")
    desk.ask("note", text="regular customer")
    assert desk.ask("assign", to="Ben")["agent"] == "Ben"
    assert desk.ask("give-back")["owner"] == "assistant"
    assert desk.ask("close")["owner"] == "closed"
    lines = desk.ask("query")["transcript"]
    assert [(one["by"], one["name"], one["text"]) for one in lines] == [
        ("shopper", None, "a red lamp, please"),
        ("owner", "Mia", "with a person"),
        ("person", "Mia", "I look it up."),
        ("note", "Mia", "regular customer"),
        ("owner", "Ben", "with a person"),
        ("owner", "Mia", "back with the assistant"),
        ("owner", "Mia", "closed"),
    ]


def test_the_inbox_shows_who_waits_and_who_is_there(desk: Desk) -> None:
    desk.talks.open("t-2", shopper=None, language="de", now_ms=NOW)
    assert desk.talks.wait("t-2", 1, why="complaint", now_ms=NOW - 60_000)
    found = desk.ask("")
    assert [one["talk_id"] for one in found["talks"]] == ["t-2", "t-1"]
    assert found["talks"][0]["why"] == "complaint" and found["talks"][0]["waits_s"] >= 60
    assert (found["waiting"], found["agents"]) == (1, ["Mia"])
    assert [one["talk_id"] for one in desk.ask("", owner="assistant")["talks"]] == ["t-1"]
    assert desk.ask("", owner="nobody", code=422)["error"]["code"] == "request_invalid"


def test_a_talk_is_shown_with_what_it_was_about_and_what_the_shopper_did(desk: Desk) -> None:
    fence = desk.talks.get("t-1").fence
    shown = TalkLine(LineBy.ASSISTANT, "Here are two.", body={"products": ["lamps-4", "lamps-5"]})
    assert desk.talks.say("t-1", fence, shown, now_ms=NOW)
    found = desk.ask("query")
    assert found["summary"] == ["search: a red lamp", "shown: 2 products"]
    assert found["history"] and all(" number " in one for one in found["history"])
    assert [one["number"] for one in desk.ask("query", after=1)["transcript"]] == [2]
    assert desk.ask("query", talk_id="none", code=404)["error"]["code"] == "talk_unknown"


def test_nothing_is_told_of_a_shopper_who_said_no(desk: Desk) -> None:
    desk.door.post("/v1/shoppers", {"shopper": "s1", "consent": {"personalisation": "no"}})
    found = desk.ask("query")
    assert found["history"] == [] and found["taste"] == []


def test_a_secret_key_says_who_speaks(desk: Desk) -> None:
    error = desk.door.post("/v1/talks/take", {"talk_id": "t-1"}, 422)["error"]
    assert "Nobody is named who does this" in error["message"] and "--agent" in error["next_step"]
    assert desk.door.post("/v1/talks/take", {"talk_id": "t-1", "agent": "Mia"})["agent"] == "Mia"


def test_words_are_text_and_within_bounds(desk: Desk) -> None:
    for text in ("", "x" * 8001):
        assert desk.ask("reply", text=text, code=422)["error"]["code"] == "request_invalid"
    desk.ask("reply", text="a\0b <script>")
    assert desk.ask("query")["transcript"][-1]["text"] == "ab <script>"


def test_back_with_the_assistant_nothing_that_led_to_the_hand_over_is_left(desk: Desk) -> None:
    from bottega.models.dialogue.state import OpenQuestion, TalkState, WishPart

    state = TalkState(
        language="en",
        turn=1,
        misunderstood=2,
        wish=(WishPart("kind", "lamp"),),
        asked=OpenQuestion("person", ("yes", "no")),
        asked_before=("person", "color"),
    )
    fence = desk.talks.get("t-1").fence
    assert desk.talks.wait("t-1", fence, None, state.to_json(), why="misunderstood", now_ms=NOW)
    desk.ask("take")
    desk.ask("give-back")
    back = TalkState.from_json(desk.talks.get("t-1").state)
    assert (back.misunderstood, back.asked, back.asked_before) == (0, None, ("color",))
    assert back.wish == state.wish and back.turn == 1


def test_a_desk_of_ones_own_acts_by_signed_webhooks(desk: Desk) -> None:
    desk.door.shop.secrets.keep("talks-webhook", "hush")
    body = json.dumps({"event": "take", "talk_id": "t-1", "agent": "Mia"}).encode()
    send = desk.door.client.post
    refused = send("/v1/webhooks/talks", content=body, headers={"Content-Type": "application/json"})
    assert refused.status_code == 401 and refused.json()["error"]["code"] == "webhook_refused"
    headers = {"X-Bottega-Signature": letter_signature("hush", body, int(time.time())), "Idempotency-Key": "k-1"}
    results = [send("/v1/webhooks/talks", content=body, headers=headers).json()["result"] for _ in range(2)]
    assert results == ["done", "known"]
    assert desk.ask("query")["talk"]["agent"] == "Mia"


def test_the_page_of_agents_asks_nobody_else_for_anything(desk: Desk) -> None:
    page = desk.door.client.get("/agent")
    assert page.status_code == 200 and "default-src 'none'" in page.headers["Content-Security-Policy"]
    script = desk.door.client.get("/agent/agent.js").text
    assert "innerHTML" not in script and "http" not in page.text and "http" not in script


def test_a_talk_is_forgotten_by_the_shop_and_by_no_agent(desk: Desk) -> None:
    assert desk.ask("forget", 403)["error"]["code"] == "agent_refused"
    assert desk.door.post("/v1/talks/forget", {"talk_id": "t-1"}) == {"talk_id": "t-1", "lines": 1}
    assert desk.talks.get("t-1") is None and desk.talks.lines("t-1") == []
    assert desk.ask("query", 404)["error"]["code"] == "talk_unknown"
