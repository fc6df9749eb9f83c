"""A talk over HTTP, read by the reader that ships: lines, buttons, a photo, and who may go on with it."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from bottega.catalogue.product import Product
from bottega.names import KeyKind

OWN, OTHER = "v-0123456789abcdef0123", "v-fedcba9876543210fedc"


def ids(answer: dict[str, Any]) -> list[str]:
    return [product["product_id"] for product in answer["products"]]


def test_a_talk_from_the_first_line_to_the_last(door: Any) -> None:
    first = door.post("/v1/assistant", {"text": "do you have lamps?"})
    assert first["owner"] == "assistant" and first["turn"] == 1 and len(first["products"]) == 6
    assert len(first["understood"]) == 1 and str(first["total"]) in first["text"][0]
    going_on = {"talk_id": first["talk_id"]}
    more = door.post("/v1/assistant", {**going_on, "button": "more"})
    assert more["turn"] == 2 and ids(more) and not set(ids(more)) & set(ids(first))
    shirts = door.post("/v1/assistant", {**going_on, "text": "no, I meant shirts"})
    assert shirts["total"] and all(id_.lower().startswith("shirt") for id_ in ids(shirts)[: shirts["total"]])
    tips = door.post("/v1/assistant", {"text": "what would you suggest for me?", "shopper": "s0"})
    assert any(product["reasons"] for product in tips["products"])
    kept = door.shop.store.talks.lines(first["talk_id"])
    assert [line.by.value for line in kept] == ["shopper", "assistant"] * 3
    assert kept[1].text == "\n".join(first["text"])


def test_a_photo_is_a_turn(door: Any) -> None:
    held = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 30, 30)).save(held, "PNG")
    sent = {"photo": ("red.png", held.getvalue(), "image/png")}
    response = door.client.post("/v1/assistant", files=sent, data={"n": "3"}, headers={"X-API-Key": door.key})
    assert response.status_code == 200, response.text
    answer = response.json()
    assert answer["turn"] == 1 and answer["text"] and len(answer["products"]) <= 3


def test_what_is_wrong_is_said(door: Any) -> None:
    for body, said in (
        ({}, "Send text, button or photo"),
        ({"text": "lamps", "button": "more"}, "comes alone"),
        ({"text": "x" * 1001}, "1,000"),
        ({"button": "search:lamps"}, "none of this talk's"),
    ):
        answer = door.post("/v1/assistant", body, 422)
        assert said in str(answer), answer


def test_a_browser_goes_on_with_its_own_talk_alone(door: Any) -> None:
    key = door.shop.folder.store.keys.create("pages", KeyKind.PUBLISHABLE)

    def ask(body: dict[str, Any]) -> Any:
        return door.client.post("/v1/assistant", json=body, headers={"X-API-Key": key})

    mine = ask({"text": "lamps", "shopper": OWN}).json()
    assert ask({"text": "in red", "shopper": OWN, "talk_id": mine["talk_id"]}).status_code == 200
    assert ask({"text": "in red", "shopper": OTHER, "talk_id": mine["talk_id"]}).status_code == 404
    assert ask({"text": "in red", "talk_id": mine["talk_id"]}).status_code == 404
    assert ask({"text": "lamps", "talk_id": "mine-by-choice"}).status_code == 403
    assert ask({"text": "what did I buy?", "shopper": "s0"}).status_code == 403


def test_one_word_that_the_listings_hold_is_of_their_language(door: Any) -> None:
    for said, language in (("shirt", "en"), ("soap", "en"), ("Lampen", "de"), ("robe", "fr"), ("vestido", "es")):
        assert door.post("/v1/assistant", {"text": said})["language"] == language, said
    dress = Product(id="dress", title="Red dress", category=("Clothes", "Dresses"), price_minor=900, currency="USD")
    door.shop.store.products.upsert([dress])
    door.shop.refresh()
    for said in ("dress", "dresses"):
        assert door.post("/v1/assistant", {"text": said})["language"] == "en", said


def test_a_greeting_is_answered_in_the_language_of_the_listings(door: Any) -> None:
    for said, language in (
        ("hi", "en"),
        ("hello", "en"),
        ("ok", "en"),
        ("hola", "es"),
        ("bonjour", "fr"),
        ("ciao", "it"),
    ):
        assert door.post("/v1/assistant", {"text": said})["language"] == language, said


def test_a_talk_is_kept_in_the_language_that_it_is_in(door: Any) -> None:
    talk = door.post("/v1/assistant", {"text": "Haben Sie rote Lampen bis 50 Euro?"})
    assert talk["language"] == "de"
    assert door.post("/v1/talks/query", {"talk_id": talk["talk_id"]})["talk"]["language"] == "de"


def test_a_talks_id_is_one_that_persons_can_name(door: Any) -> None:
    assert "64" in str(door.post("/v1/assistant", {"text": "lamps", "talk_id": "x" * 65}, 422))
    assert "64" in str(door.post("/v1/assistant/lines", {"talk_id": "x" * 65}, 422))
    named = door.post("/v1/assistant", {"text": "lamps", "talk_id": "x" * 64})["talk_id"]
    assert door.post("/v1/talks/query", {"talk_id": named})["transcript"]


def test_nothing_in_a_line_steers_a_terminal(door: Any) -> None:
    told = door.post("/v1/assistant", {"text": "lamps\0 \x1b[2J\x1b]0;mine\x07 please"})
    [line, *_] = door.post("/v1/talks/query", {"talk_id": told["talk_id"]})["transcript"]
    assert line["text"].isprintable() and "lamps" in line["text"] and told["total"]


HOSTILE: tuple[Any, ...] = (
    *([], 5, None, "lamps", {"text": 5}, {"text": ["lamps"]}, {"text": None}, {"button": 1}, {"photo": "abc"}),
    *({"text": "lamps", "n": 10**30}, {"text": "lamps", "language": "xx"}, {"text": "lamps", "shopper": {"a": 1}}),
    *({"button": "more\0"}, {"button": "choose:\u0663"}, {"button": "drop:1"}, {"button": ""}, {"button": "choose:00"}),
    *({"photo": {"name": "x", "content": "!!!"}}, {"photo": {"name": "x", "content": "aGVsbG8="}}),
)


def test_what_is_no_turn_is_refused_in_words(door: Any) -> None:
    for body in HOSTILE:
        answer = door.client.post("/v1/assistant", json=body, headers={"X-API-Key": door.key})
        assert answer.status_code in (400, 422) and answer.json()["error"]["message"], body
    headers = {"X-API-Key": door.key, "Content-Type": "application/json"}
    for raw in (b"", b"{", b'{"text": "\\ud800"}', b'{"text": "a", "n": NaN}', b"[" * 10_000, b"\xff\xfe"):
        answer = door.client.post("/v1/assistant", content=raw, headers=headers)
        assert answer.status_code in (400, 422) and answer.json()["error"]["message"], raw[:20]


def test_lines_of_any_characters_are_answered(door: Any) -> None:
    talk = None
    for text in (
        "lamp " * 200,
        "x" * 1000,
        "red, " * 200,
        f"under {'9' * 990}",
        "\u202ered lamps\u2066",
        "\u200b",
        "👩‍👩‍👧" * 200,
    ):
        answer = door.post("/v1/assistant", {"text": text, "talk_id": talk})
        talk = answer["talk_id"]
        assert answer["text"] and answer["owner"] == "assistant"
