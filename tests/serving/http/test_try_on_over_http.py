"""Trying on over HTTP: a form with a photo and a product, a picture that says how it was made, refusals by code."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any

from tests.actions.studio.try_on.stocked import PERSON, parse, png, stock
from tests.models.studio.try_on.drawn_person import photo_of

from bottega.datasets.photos.provenance import SourceType, source_type_of


def test_over_http(open_door: Callable[..., Any], ships: Callable[..., None], plain_parts: Any) -> None:
    drawn = plain_parts(parse)
    drawn.version = "drawn"
    ships(parts=drawn)
    door = open_door(None)
    stock(door.shop)

    def send(product: str, status: int) -> Any:
        files = [("photo", ("me.png", png(photo_of(PERSON))))]
        answer = door.client.post(
            "/v1/studio/try-on", headers={"X-API-Key": door.key}, files=files, data={"product_id": product}
        )
        assert answer.status_code == status, answer.text
        return answer.json()

    answer = send("top", 200)
    assert source_type_of(b64decode(answer["content"])) is SourceType.PARTLY_GENERATED
    assert send("shorts", 400)["error"]["code"] == "photo_refused"
    assert send("bikini", 422)["error"]["code"] == "request_invalid"
    assert send("none", 404)["error"]["code"] == "product_unknown"
