"""Desks elsewhere: a Chatwoot and a desk of the merchant's own, as stand-ins on this machine; and failures of peers.

Each test of a failure is named after what it shows; the numbers in their docstrings are those of the peers' trackers.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bottega.actions.talks.agents import give_back_talk
from bottega.actions.talks.desk_words import take_desk_webhook
from bottega.actions.talks.desks import desks_of, mirror_talks
from bottega.actions.talks.shapes import TalkRequest
from bottega.actions.talks.speaking import Ended, spoken
from bottega.connectors.letter_webhook import letter_signature
from bottega.errors import SettingsInvalid, WebhookBroken, WebhookRefused
from bottega.names import LineBy, Owner
from bottega.shop.open_shop import OpenShop
from bottega.store.talks import TalkLine

NOW = time.time_ns() // 1_000_000
SECRET = "hush"


class ChatwootHere:
    """A stand-in for Chatwoot: contacts, conversations, messages and their status, as its API has them."""

    def __init__(self) -> None:
        self.contacts: dict[str, int] = {}
        self.conversations: dict[int, dict[str, Any]] = {}
        self.own: list[dict[str, Any]] = []
        """What an address of the merchant's own was sent, and signed rightly."""
        self.down = False
        self._numbers = itertools.count(7)

    def answer(self, method: str, path: str, body: Any, headers: Any, raw: bytes) -> tuple[int, Any]:
        if self.down:
            return 503, {}
        if path == "/own":
            told = headers["X-Bottega-Signature"]
            assert told == letter_signature(SECRET, raw, int(told[2:].partition(",")[0]))
            self.own.append(body)
            return 200, {}
        assert headers["api_access_token"] == "token"
        assert path.startswith("/api/v1/accounts/3/")
        *_, last = path.partition("?")[0].split("/")
        if last == "contacts":
            if body["identifier"] in self.contacts:
                return 422, {"message": "Identifier has already been taken"}
            number = self.contacts[body["identifier"]] = next(self._numbers)
            return 200, {"payload": {"contact": {"id": number, "identifier": body["identifier"]}}}
        if last == "search":
            found = [{"id": number, "identifier": name} for name, number in self.contacts.items()]
            return 200, {"payload": found}
        if last == "conversations":
            number = next(self._numbers)
            self.conversations[number] = {"status": body["status"], "messages": []}
            return 200, {"id": number}
        conversation = self.conversations[int(path.split("/")[-2])]
        if "gone" in conversation:
            return 404, {}
        if last == "toggle_status":
            conversation["status"] = body["status"]
        else:
            conversation["messages"].append(body)
        return 200, {"id": next(self._numbers)}


@contextmanager
def standing(here: ChatwootHere) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.loads(raw) if raw else None
            status, told = here.answer(self.command, self.path, body, self.headers, raw)
            content = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _do

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Shop:
    """A shop with both desks, a talk in it, and the hands of everybody."""

    def __init__(self, shop: OpenShop, here: ChatwootHere) -> None:
        self.shop, self.here, self.talks = shop, here, shop.store.talks
        self._numbers = itertools.count(1)
        self.talks.open("t-1", shopper="ana", language="en", now_ms=NOW)

    def mirror(self) -> None:
        for desk in desks_of(self.shop):
            mirror_talks(self.shop, desk, time.time_ns() // 1_000_000)

    def heard(self, text: str, **body: Any) -> int:
        return self.talks.hear("t-1", TalkLine(LineBy.SHOPPER, text, body=body), now_ms=NOW).fence

    def says(self, text: str, fence: int | None = None) -> bool:
        talk = self.talks.get("t-1")
        assert talk is not None
        return self.talks.say("t-1", fence or talk.fence, TalkLine(LineBy.ASSISTANT, text), now_ms=NOW)

    def owner(self) -> tuple[Owner, str | None]:
        talk = self.talks.get("t-1")
        assert talk is not None
        return talk.owner, talk.agent

    @property
    def conversation(self) -> tuple[int, dict[str, Any]]:
        ((number, found),) = self.here.conversations.items()
        return number, found

    def chatwoot(self, event: str, **body: Any) -> str:
        """As Chatwoot sends a webhook."""
        raw, at = json.dumps({"event": event, **body}).encode(), str(int(time.time()))
        signed = hmac.new(SECRET.encode(), f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
        headers = {
            "x-chatwoot-timestamp": at,
            "x-chatwoot-signature": f"sha256={signed}",
            "x-chatwoot-delivery": f"d-{next(self._numbers)}",
        }
        return take_desk_webhook(self.shop, "chatwoot", headers, raw)[1]

    def agent_writes(self, text: str, number: int = 100, **more: Any) -> str:
        return self.chatwoot(
            "message_created",
            **{
                "id": number,
                "content": text,
                "message_type": "outgoing",
                "private": False,
                "content_attributes": {},
                "sender": {"id": 1, "name": "Mia", "type": "user"},
                "conversation": {"id": self.conversation[0]},
                **more,
            },
        )

    def status(self, status: str, assignee: str | None = None) -> str:
        meta = {"assignee": {"name": assignee} if assignee else None}
        return self.chatwoot("conversation_status_changed", id=self.conversation[0], status=status, meta=meta)

    def own(self, event: str, **body: Any) -> str:
        raw = json.dumps({"event": event, "talk_id": "t-1", "agent": "Mia", **body}).encode()
        signed = letter_signature(SECRET, raw, int(time.time()))
        headers = {"x-bottega-signature": signed, "idempotency-key": f"k-{next(self._numbers)}"}
        return take_desk_webhook(self.shop, "talks", headers, raw)[1]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    here = ChatwootHere()
    with standing(here) as address:
        folder = tmp_path / "shop"
        folder.mkdir()
        (folder / "bottega.toml").write_text(
            f'chatwoot_url = "{address}"\nchatwoot_account = 3\nchatwoot_inbox = 5\ntalks_webhook = "{address}/own"\n'
        )
        with OpenShop.open(folder) as opened:
            opened.secrets.keep("chatwoot-token", "token")
            for purpose in ("chatwoot-webhook", "talks-webhook"):
                opened.secrets.keep(purpose, SECRET)
            yield Shop(opened, here)


def test_what_is_said_goes_out_line_by_line_and_once(shop: Shop) -> None:
    shop.heard("a lamp, please")
    assert shop.says("Here are two.")
    shop.talks.note("t-1", TalkLine(LineBy.NOTE, "regular", name="Ben"), now_ms=NOW)
    shop.mirror()
    shop.mirror()
    _, conversation = shop.conversation
    assert [(one["message_type"], one["private"], one["content"]) for one in conversation["messages"]] == [
        ("incoming", False, "a lamp, please"),
        ("outgoing", False, "Here are two."),
        ("outgoing", True, "Ben: regular"),
    ]
    assert conversation["status"] == "pending"
    assert [(one["number"], one["by"], one["text"]) for one in shop.here.own] == [
        (1, "shopper", "a lamp, please"),
        (2, "assistant", "Here are two."),
        (3, "note", "regular"),
    ]


def test_who_has_the_word_is_told_and_ones_own_words_come_back_as_nothing(shop: Shop) -> None:
    fence = shop.heard("a person")
    assert shop.talks.wait("t-1", fence, TalkLine(LineBy.ASSISTANT, "I call someone."), why="asked", now_ms=NOW)
    shop.mirror()
    _, conversation = shop.conversation
    assert conversation["status"] == "open"
    for message in conversation["messages"]:
        assert shop.agent_writes(message["content"], content_attributes=message["content_attributes"]) == "set_aside"
    assert shop.status("open") == "known" and shop.owner() == (Owner.WAITING, None)
    assert shop.status("open", "Mia") == "known" and shop.owner() == (Owner.WAITING, None), "she was assigned before"
    assert shop.agent_writes("Mia here.") == "done" and shop.owner() == (Owner.PERSON, "Mia")
    shop.mirror()
    assert [one["content"] for one in conversation["messages"]] == ["a person", "I call someone."], (
        "not back to its desk"
    )
    assert [one["text"] for one in shop.here.own][-1] == "Mia here.", "but to the other one"


def test_a_desk_that_does_not_answer_is_told_later(shop: Shop) -> None:
    from bottega.errors import BottegaError

    shop.here.down = True
    shop.heard("a lamp")
    with pytest.raises(BottegaError):
        shop.mirror()
    shop.here.down = False
    shop.mirror()
    assert [one["content"] for one in shop.conversation[1]["messages"]] == ["a lamp"]


def test_a_contact_that_a_crash_left_is_found_again(shop: Shop) -> None:
    shop.here.contacts["t-1"] = 4
    shop.heard("a lamp")
    shop.mirror()
    assert shop.here.contacts == {"t-1": 4} and shop.conversation[1]["messages"]


def test_a_missing_secret_is_named(shop: Shop) -> None:
    for one in shop.shop.secrets.kept():
        shop.shop.secrets.drop(one.number)
    with pytest.raises(SettingsInvalid, match="There is no secret chatwoot-token"):
        desks_of(shop.shop)


def test_nothing_is_done_without_a_fresh_signature(shop: Shop) -> None:
    body = json.dumps({"event": "take", "talk_id": "t-1", "agent": "Mia"}).encode()
    now = int(time.time())
    for headers in (
        {},
        {"x-bottega-signature": letter_signature("guess", body, now)},
        {"x-bottega-signature": letter_signature(SECRET, body, now - 3600)},
        {"x-bottega-signature": f"t={now},v1="},
    ):
        with pytest.raises(WebhookRefused, match="signature is none of the shop's secrets', or old"):
            take_desk_webhook(shop.shop, "talks", headers, body)
    with pytest.raises(WebhookRefused):
        take_desk_webhook(shop.shop, "chatwoot", {"x-chatwoot-timestamp": str(now), "x-chatwoot-signature": "x"}, body)
    assert shop.owner() == (Owner.ASSISTANT, None)
    for raw, message in ((b"{", "no whole JSON"), (b"[]", "no object")):
        with pytest.raises(WebhookBroken, match=message):
            headers = {"x-bottega-signature": letter_signature(SECRET, raw, now)}
            take_desk_webhook(shop.shop, "talks", headers, raw)


def test_a_delivery_counts_once(shop: Shop) -> None:
    shop.heard("hello")
    shop.mirror()
    assert shop.agent_writes("Mia here.") == "done"
    assert shop.agent_writes("Mia here.") == "known", "the same message under another delivery"
    assert [line.text for line in shop.talks.lines("t-1") if line.by is LineBy.PERSON] == ["Mia here."]


def test_every_act_of_a_desk_of_ones_own(shop: Shop) -> None:
    shop.heard("hello")
    assert shop.own("take") == "done" and shop.owner() == (Owner.PERSON, "Mia")
    assert shop.own("note", text="regular") == "done" and shop.own("reply", text="Hi.") == "done"
    assert shop.own("assign", to="Ben") == "done" and shop.owner() == (Owner.PERSON, "Ben")
    assert shop.own("give_back") == "done" and shop.owner()[0] is Owner.ASSISTANT
    assert shop.own("close") == "done" and shop.owner()[0] is Owner.CLOSED
    assert shop.own("dance") == "set_aside"
    assert shop.own("reply") == "unusable" and shop.own("take", talk_id="none") == "unusable"


def test_toggled_to_a_person_the_assistant_says_nothing_more(shop: Shop) -> None:
    """chatwoot/rasa-agent-bot-demo #12: toggled to open, the bot keeps replying."""
    fence = shop.heard("a lamp")
    shop.mirror()
    assert shop.status("open") == "done" and shop.owner() == (Owner.PERSON, "Chatwoot")
    assert not shop.says("Here are two.", fence)
    assert not shop.says("And now?", shop.heard("hello?"))


def test_a_person_who_answers_takes_over(shop: Shop) -> None:
    """chatwoot/chatwoot #4410: an agent answers from elsewhere, the talk stays the bot's, both answer."""
    fence = shop.heard("a lamp")
    shop.mirror()
    assert shop.agent_writes("I look it up.") == "done" and shop.owner() == (Owner.PERSON, "Mia")
    assert not shop.says("Here are two.", fence)
    shop.mirror()
    assert shop.conversation[1]["status"] == "open", "Chatwoot is told, too"


def test_a_macro_that_assigns_takes_over(shop: Shop) -> None:
    """chatwoot/chatwoot #14870: a macro assigns a person, the talk stays pending."""
    fence = shop.heard("a lamp")
    shop.mirror()
    changed = [{"assignee_id": {"previous_value": None, "current_value": 4}}]
    body: dict[str, Any] = {"id": shop.conversation[0], "status": "pending", "meta": {"assignee": {"name": "Ben"}}}
    assert shop.chatwoot("conversation_updated", changed_attributes=[{"labels": {}}], **body) == "set_aside"
    assert shop.owner()[0] is Owner.ASSISTANT
    assert shop.chatwoot("conversation_updated", changed_attributes=changed, **body) == "done"
    assert shop.owner() == (Owner.PERSON, "Ben") and not shop.says("Here are two.", fence)


def test_an_answer_that_is_cut_off_ends_and_leaves_no_typing_behind(shop: Shop) -> None:
    """chatwoot/chatwoot #9685: a person takes over, and the bubble of the bot's typing stays for ever."""
    fence = shop.heard("a lamp")
    pieces = (TalkLine(LineBy.ASSISTANT, f"piece {place}") for place in range(9))
    stream = spoken(shop.talks, "t-1", fence, pieces, clock_ms=lambda: NOW)
    assert isinstance(next(stream), TalkLine)
    shop.talks.speak("t-1", TalkLine(LineBy.PERSON, "Mia here.", name="Mia"), now_ms=NOW)
    assert list(stream) == [Ended("silenced")], "the very next thing is the end"
    whole = spoken(shop.talks, "none", 1, [], clock_ms=lambda: NOW)
    assert list(whole) == [Ended("said")], "an answer without words ends as well"


def test_a_button_of_before_is_answered_by_nobody_but_the_person(shop: Shop) -> None:
    """botpress/botpress #1050: the bot is paused, and its quick replies answer all the same."""
    fence = shop.heard("a lamp")
    assert shop.says("Which one?", fence)
    shop.talks.take("t-1", "Mia", now_ms=NOW)
    pressed = shop.heard("", button="choose:1")
    for under in (fence, pressed):
        assert not shop.says("The first one, then.", under)
    assert shop.talks.lines("t-1")[-1].body == {"button": "choose:1"}, "the person sees that it was pressed"


def test_who_joins_has_a_name_from_the_first_line_on(shop: Shop) -> None:
    """botpress/botpress #13873: the line that says who joined went out before the name was there."""
    shop.heard("hello")
    shop.mirror()
    shop.agent_writes("Good morning.")
    shop.own("assign", to="Ben")
    joined = [line for line in shop.talks.lines("t-1") if line.by is LineBy.OWNER]
    assert [(line.text, line.name) for line in joined] == [("with a person", "Mia"), ("with a person", "Ben")]


def test_given_back_the_assistant_answers_again(shop: Shop) -> None:
    """A bot that stays silent after it got the talk back; and no status of ours that comes back late takes it again."""
    shop.heard("a lamp")
    shop.mirror()
    assert shop.agent_writes("One moment.") == "done"
    shop.mirror()
    give_back_talk(shop.shop, TalkRequest(talk_id="t-1", agent="Mia"))
    assert shop.status("open") == "known", "the status that we set ourselves, late"
    assert shop.says("Here I am again.", shop.heard("and a table?"))
    shop.mirror()
    assert shop.conversation[1]["status"] == "pending" and shop.status("pending") == "known"
    assert shop.status("open", "Mia") == "done" and shop.status("pending", "Mia") == "done"
    assert shop.owner()[0] is Owner.ASSISTANT and shop.says("Again.", shop.heard("hm"))
    assert shop.status("resolved", "Mia") == "done" and shop.owner()[0] is Owner.CLOSED
    assert shop.says("Anew.", shop.heard("one more")), "a closed talk begins again with the assistant"


def test_a_conversation_deleted_there_holds_up_no_other(shop: Shop) -> None:
    from bottega.errors import BottegaError

    shop.heard("a lamp")
    shop.mirror()
    first, _ = shop.conversation
    shop.here.conversations[first]["gone"] = True
    shop.heard("a second lamp")
    shop.talks.open("t-2", shopper="bo", language="en", now_ms=NOW)
    shop.talks.hear("t-2", TalkLine(LineBy.SHOPPER, "a chair"), now_ms=NOW + 1)
    with pytest.raises(BottegaError):
        shop.mirror()
    told = [one["messages"][0]["content"] for number, one in shop.here.conversations.items() if number != first]
    assert told == ["a chair"]


@pytest.mark.parametrize("seconds", ["9" * 400, "9" * 5000, "\u0663", "-1", "1e5"])
def test_a_moment_that_is_none_is_refused(shop: Shop, seconds: str) -> None:
    chatwoot = {"x-chatwoot-timestamp": seconds, "x-chatwoot-signature": "sha256=00"}
    for desk, headers in (("chatwoot", chatwoot), ("talks", {"x-bottega-signature": f"t={seconds},v1=00"})):
        with pytest.raises(WebhookRefused):
            take_desk_webhook(shop.shop, desk, headers, b"{}")
