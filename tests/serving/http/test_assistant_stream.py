"""The assistant's answer as server-sent events, and a talk as its shopper hears it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bottega.actions.assistant.assistant import assistant
from bottega.actions.assistant.listen import listen
from bottega.actions.assistant.listen_shapes import ListenRequest
from bottega.actions.assistant.pieces import in_pieces
from bottega.actions.assistant.shapes import AssistantRequest
from bottega.errors import CatalogueEmpty
from bottega.names import KeyKind, LineBy
from bottega.serving.event_stream import event_stream
from bottega.store.talks import TalkLine

ASKED: dict[str, Any] = {"text": "do you have red lamps?", "n": 3}


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Events of a stream, in order."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def streamed(door: Any, body: dict[str, Any], key: str | None = None) -> list[tuple[str, dict[str, Any]]]:
    headers = {"X-API-Key": key or door.key, "Accept": "text/event-stream"}
    response = door.client.post("/v1/assistant", json=body, headers=headers)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    return events(response.text)


def test_products_come_before_words_and_an_end_comes_last(door: Any) -> None:
    came = streamed(door, ASKED)
    names = [name for name, _ in came]
    assert names[:2] == ["talk", "products"] and names[-1] == "end"
    assert set(names[2:-1]) == {"text"}
    said = dict(came)
    whole = door.post("/v1/assistant", ASKED)
    assert [one["product_id"] for one in said["products"]["products"]] == [
        one["product_id"] for one in whole["products"]
    ]
    assert len([name for name in names if name == "text"]) == len(whole["text"])
    assert said["end"]["owner"] == "assistant" and said["end"]["how"] == "said"
    assert said["end"]["buttons"] == whole["buttons"]


def test_the_next_turn_goes_on_with_what_was_streamed(door: Any) -> None:
    [(_, talk), *_] = streamed(door, ASKED)
    more = door.post("/v1/assistant", {"talk_id": talk["talk_id"], "text": "how much is the second one?"})
    assert more["turn"] == 2 and more["understood"][0]["intent"] == "ask"


def test_a_persons_word_silences_what_was_left(door: Any) -> None:
    pieces = in_pieces(door.shop, AssistantRequest(**ASKED))
    talk = next(pieces).data["talk_id"]
    assert next(pieces).event == "products"
    door.shop.store.talks.speak(talk, TalkLine(LineBy.PERSON, "Hello, Mia here.", name="Mia"), now_ms=1)
    end = list(pieces)
    assert [one.event for one in end] == ["end"]
    assert (end[0].data["how"], end[0].data["owner"]) == ("silenced", "person")
    assert end[0].data["buttons"] == []
    lines = listen(door.shop, ListenRequest(talk_id=talk)).lines
    assert [line.by for line in lines] == ["shopper", "assistant", "person"]
    assert lines[1].text == "", "of the assistant only the products that were out before"
    kept = streamed(door, {"talk_id": talk, "text": "thanks"})
    assert [name for name, _ in kept] == ["talk", "end"] and kept[-1][1]["how"] == "kept"


def test_who_asks_for_a_person_waits(door: Any) -> None:
    came = streamed(door, {"text": "I want to talk to a human being, please"})
    assert came[-1][1]["owner"] == "waiting"
    heard = door.post("/v1/assistant/lines", {"talk_id": came[0][1]["talk_id"]})
    assert heard["owner"] == "waiting" and heard["lines"][-1]["by"] == "assistant"


def test_an_error_before_the_first_piece_is_an_answer(door: Any) -> None:
    headers = {"X-API-Key": door.key, "Accept": "text/event-stream"}
    answer = door.client.post("/v1/assistant", json={"text": ""}, headers=headers)
    assert answer.status_code == 422 and answer.json()["error"]["code"] == "request_invalid"


def test_listening_goes_on_where_it_was(door: Any) -> None:
    talk = door.post("/v1/assistant", ASKED)["talk_id"]
    first = door.post("/v1/assistant/lines", {"talk_id": talk})
    assert [line["by"] for line in first["lines"]] == ["shopper", "assistant"]
    assert first["lines"][1]["products"][0]["title"]
    door.shop.store.talks.note(talk, TalkLine(LineBy.NOTE, "Knows us well.", name="Mia"), now_ms=1)
    door.shop.store.talks.speak(talk, TalkLine(LineBy.PERSON, "Hello.", name="Mia"), now_ms=2)
    more = door.post("/v1/assistant/lines", {"talk_id": talk, "after": first["next"]})
    assert [(line["by"], line["text"], line["name"]) for line in more["lines"]] == [("person", "Hello.", "Mia")]
    assert (more["owner"], more["agent"]) == ("person", "Mia")
    assert door.post("/v1/assistant/lines", {"talk_id": talk, "after": more["next"]})["lines"] == []


def test_a_talk_is_heard_by_its_own_shopper_alone(door: Any) -> None:
    talk = assistant(door.shop, AssistantRequest(**ASKED, shopper="ana")).talk_id
    assert door.post("/v1/assistant/lines", {"talk_id": talk, "shopper": "ana"})["lines"]
    for other in ({}, {"shopper": "ben"}):
        assert door.post("/v1/assistant/lines", {"talk_id": talk, **other}, 404)["error"]["code"] == "talk_unknown"
    pages = door.shop.store.keys.create("pages", kind=KeyKind.PUBLISHABLE)
    body = {"talk_id": talk, "shopper": "ana"}
    unsigned = door.client.post("/v1/assistant/lines", json=body, headers={"X-API-Key": pages})
    assert unsigned.status_code == 403 and unsigned.json()["error"]["code"] == "signature_refused"


def test_a_page_streams_with_its_own_key(door: Any) -> None:
    pages = door.shop.store.keys.create("pages", kind=KeyKind.PUBLISHABLE)
    came = streamed(door, ASKED | {"shopper": "v-0123456789abcdef"}, pages)
    assert came[-1][0] == "end"


@dataclass
class Said:
    event: str
    data: dict[str, Any] = field(default_factory=dict)


async def body_of(pieces: Iterator[Said], took: int = 99) -> list[bytes]:
    """The first chunks of a stream; then whoever read it goes."""
    response = await event_stream(pieces, heartbeat_s=60)
    chunks: list[bytes] = []
    iterator: Any = response.body_iterator
    async for chunk in iterator:
        chunks.append(chunk)
        if len(chunks) == took:
            break
    await iterator.aclose()
    return chunks


def test_a_sign_of_life_comes_while_a_piece_is_waited_for() -> None:
    ready = threading.Event()

    def pieces() -> Iterator[Said]:
        yield Said("text", {"text": "a\nb"})
        ready.wait(10)
        yield Said("end")

    async def run() -> list[bytes]:
        asked = pieces()
        response = await event_stream(asked, heartbeat_s=0.01)
        found = []
        iterator: Any = response.body_iterator
        async for chunk in iterator:
            found.append(chunk)
            if chunk.startswith(b":"):
                ready.set()
        return found

    first, *beats, last = asyncio.run(run())
    assert first == b'event: text\ndata: {"text": "a\\nb"}\n\n'
    assert beats and set(beats) == {b": wait\n\n"}
    assert last == b"event: end\ndata: {}\n\n"


def test_who_goes_away_ends_the_answer() -> None:
    closed = threading.Event()

    def pieces() -> Iterator[Said]:
        try:
            for number in range(1000):
                yield Said("text", {"number": number})
        finally:
            closed.set()

    async def run() -> list[bytes]:
        chunks = await body_of(pieces(), took=2)
        while not closed.is_set():
            await asyncio.sleep(0)
        return chunks

    assert len(asyncio.run(run())) == 2


@pytest.mark.parametrize("after", [0, 1])
def test_an_error_of_ours_is_told_in_either_way(after: int) -> None:
    def pieces() -> Iterator[Said]:
        for _ in range(after):
            yield Said("talk")
        raise CatalogueEmpty("Nothing is here.", next_step="Import something.")

    run: Callable[[], list[bytes]] = lambda: asyncio.run(body_of(pieces()))  # noqa: E731
    if after == 0:
        with pytest.raises(CatalogueEmpty):
            run()
    else:
        assert b'event: error\ndata: {"error": {"code": "catalogue_empty"' in run()[-1]


def test_who_asks_for_a_person_and_goes_away_is_waited_for(door: Any) -> None:
    pieces = in_pieces(door.shop, AssistantRequest(text="I want to talk to a human being, please"))
    talk_id = next(pieces).data["talk_id"]
    pieces.close()  # type: ignore[attr-defined]
    talk = door.shop.store.talks.get(talk_id)
    assert talk.owner.value == "waiting" and talk.why == "asked"
    assert [line.by.value for line in door.shop.store.talks.lines(talk_id)] == ["shopper", "assistant", "owner"]
