"""Photos in a request: the two ways they come, their names, and every way to be refused."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from fastapi import FastAPI, Request
from pydantic import Field

from bottega.serving.http import errors
from bottega.serving.http.meters import Meters
from bottega.serving.http.traffic import Traffic
from bottega.serving.uploads import photo_body, photo_request
from bottega.shop.pictures.uploads import MAX_BYTES
from bottega.shop.shape import Request as Asked
from bottega.shop.shape import Upload

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient


class Photos(Asked):
    """What the route takes."""

    OLD_NAMES: ClassVar = {"user_id": "shopper"}

    photos: list[Upload]
    shopper: str | None = Field(default=None, description="Whose photo it is.")


SHIRT = ("photo", ("shirt.jpg", b"shirt", "image/jpeg"))


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A door with one route, which says what it got."""
    app = FastAPI()

    @app.post("/photos", openapi_extra=photo_body(Photos))
    async def photos(request: Request) -> dict[str, Any]:
        came = await photo_request(request, Photos)
        fields = came.model_dump(exclude={"photos"}, exclude_unset=True)
        return {"photos": [[photo.name, len(photo.content)] for photo in came.photos], "fields": fields}

    errors.install(app)
    app.add_middleware(Traffic, meters=Meters(), max_body_mb=64, body_timeout_s=60, answer_timeout_s=60)
    with TestClient(app) as opened:
        yield opened


def refused(response: Any, status: int, code: str) -> str:
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert error["code"] == code, error
    return str(error["message"])


def test_a_form_brings_several_photos_and_fields(client: TestClient) -> None:
    files = [
        SHIRT,
        ("photo", ("../../etc/sh\x07oe ☕.png", b"shoe!", "image/png")),
        ("photo", ("/", b"x", "image/png")),
    ]
    answer = client.post("/photos", files=files, data={"shopper": "ana"}).json()
    assert answer["photos"] == [["shirt.jpg", 5], ["sh%07oe ☕.png", 5], ["photo-3", 1]], "names without folders"
    assert answer["fields"] == {"shopper": "ana"}
    old = client.post("/photos", files=files, data={"user_id": "ana"})
    assert old.json()["fields"] == {"shopper": "ana"} and old.headers["bottega-old-names"] == "user_id -> shopper"


def test_a_picture_may_be_the_whole_body(client: TestClient) -> None:
    kind = {"Content-Type": "image/jpeg"}
    answer = client.post("/photos?shopper=ana", content=b"12345", headers=kind).json()
    assert answer == {"photos": [["photo", 5]], "fields": {"shopper": "ana"}}
    parts = client.post("/photos", content=iter([b"123", b"45"]), headers=kind).json()
    assert parts["photos"] == [["photo", 5]], "in pieces, without a length"


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain", None])
def test_another_kind_of_body_is_told_what_would_do(client: TestClient, kind: str | None) -> None:
    response = client.post("/photos", content=b"{}", headers={"Content-Type": kind} if kind else {})
    message = refused(response, 422, "request_invalid")
    assert "multipart/form-data" in message and "image/*" in message and "-F photo=@" in message


def test_wrong_forms_are_refused_by_name(client: TestClient) -> None:
    def message(**sent: Any) -> str:
        return refused(client.post("/photos", **sent), 422, "request_invalid")

    assert "holds no file in the field 'photo'" in message(files={"shopper": (None, "ana")})
    assert "in the field 'picture'" in message(files=[("picture", SHIRT[1])])
    assert "Field 'size' is unknown" in message(files=[SHIRT], data={"size": "9"})
    assert "Besides 'photo', fields here are shopper" in message(files=[SHIRT], params={"size": "9"})
    assert "'photo' is text" in message(files=[SHIRT], data={"photo": "shirt.jpg"})
    assert "Maximum number of files is 10" in message(files=[SHIRT] * 11)
    broken = {"content": b"--x\r\nno header\r\n\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}
    assert "The form cannot be read" in message(**broken)
    assert "boundary" in message(content=b"", headers={"Content-Type": "multipart/form-data"})


def test_empty_and_huge_photos_are_refused(client: TestClient) -> None:
    kind = {"Content-Type": "image/png"}
    huge = bytes(MAX_BYTES + 1)
    assert "empty" in refused(client.post("/photos", content=b"", headers=kind), 400, "photo_refused")
    assert "20.0 MB" in refused(client.post("/photos", content=huge, headers=kind), 400, "photo_refused")
    named = refused(client.post("/photos", files=[SHIRT, ("photo", ("big.png", huge))]), 400, "photo_refused")
    assert "big.png" in named
    assert "empty" in refused(client.post("/photos", files=[("photo", ("none.png", b""))]), 400, "photo_refused")
    too_much = client.post("/photos", files=[("photo", (f"{i}.png", huge)) for i in range(4)])
    assert "larger than 64 MB" in refused(too_much, 413, "body_too_large")
