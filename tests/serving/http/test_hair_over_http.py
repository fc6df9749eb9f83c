"""Hair over HTTP: a form with a photo and a colour, a picture that says how it was made, refusals with their code."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from bottega.datasets.photos.masks import PARTS
from bottega.datasets.photos.provenance import SourceType, source_type_of


class _Parts:
    version = "drawn"

    def parse(self, photos: Any) -> list[Any]:
        found = []
        for photo in photos:
            chances = np.full((*photo.shape[:2], len(PARTS)), 0.01, np.float32)
            chances[..., PARTS.index("hair")] = np.where(photo.mean(2) < 80, 0.95, 0.01)
            found.append(chances)
        return found


def photo(hair: int = 50) -> bytes:
    pixels = np.full((120, 120, 3), 220, np.uint8)
    pixels[15:60, 30:90] = hair
    out = BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def test_hair_over_http(open_door: Callable[..., Any], ships: Callable[..., None]) -> None:
    ships(parts=_Parts())
    door = open_door(None)

    def send(content: bytes, to: str, status: int) -> Any:
        files = [("photo", ("me.png", content))]
        answer = door.client.post("/v1/studio/hair", headers={"X-API-Key": door.key}, files=files, data={"to": to})
        assert answer.status_code == status, answer.text
        return answer.json()

    answer = send(photo(), "#7b3f00", 200)
    assert source_type_of(b64decode(answer["content"])) is SourceType.PARTLY_GENERATED and answer["width"] == 120
    assert send(photo(), "make her white", 422)["error"]["code"] == "edit_refused"
    assert send(photo(), "plaid", 422)["error"]["code"] == "request_invalid"
    assert send(photo(hair=200), "black", 400)["error"]["code"] == "photo_refused"
    assert send(b"no picture", "black", 400)["error"]["code"] == "photo_refused"
