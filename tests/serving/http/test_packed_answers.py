"""Answers are packed with gzip for whoever takes it, where it is worth it, and arrive as they would unpacked."""

from __future__ import annotations

import gzip
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from bottega.catalogue.product import Product
from bottega.serving.http.app import create_app
from bottega.shop.folder import ShopFolder

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette asks for a successor of httpx that few have yet
    from starlette.testclient import TestClient


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("shops") / "corner-shop"
    (folder / "images").mkdir(parents=True)
    (folder / "bottega.toml").write_text("storefront = true\nrequire_key = false\n")
    Image.effect_noise((400, 400), 90).save(folder / "images" / "noise.png")
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert([Product(id=f"lamp-{i}", title=f"Lamp {i}", category=("Lamps",)) for i in range(40)])
    with TestClient(create_app(folder)) as client:
        yield client


def raw(client: TestClient, path: str, **headers: str) -> tuple[bytes, Any]:
    """The body as it went over the wire, and the headers."""
    with client.stream("GET", path, headers=headers) as response:
        return b"".join(response.iter_raw()), response.headers


@pytest.mark.parametrize("path", ["/", "/docs/docs.js", "/shop/static/shop.css", "/shop/api/products", "/openapi.json"])
def test_pages_files_and_json_are_packed_for_who_takes_it(client: TestClient, path: str) -> None:
    plain, told = raw(client, path, **{"accept-encoding": "identity"})
    assert "content-encoding" not in told
    packed, told = raw(client, path, **{"accept-encoding": "br;q=0.9, gzip;q=0.5"})
    assert told["content-encoding"] == "gzip"
    assert "accept-encoding" in told["vary"].lower()
    assert int(told["content-length"]) == len(packed) < len(plain) / 2
    assert gzip.decompress(packed) == plain
    assert "content-encoding" not in raw(client, path, **{"accept-encoding": "gzip;q=0"})[1]


def test_lists_and_events_of_the_fast_lane_are_packed_too(client: TestClient) -> None:
    body = {"shopper": "ana", "n": 20}
    with client.stream("POST", "/v1/recommendations", json=body, headers={"accept-encoding": "gzip"}) as response:
        assert response.headers["content-encoding"] == "gzip"
        assert len(response.read()) > 1400
        assert len(response.json()["items"]) == 20


def test_small_answers_and_pictures_stay_as_they_are(client: TestClient) -> None:
    for path in ("/v1/health", "/images/noise.png", "/images/noise.png?w=160"):
        assert "content-encoding" not in raw(client, path, **{"accept-encoding": "gzip"})[1], path


def test_a_file_that_has_not_changed_is_not_sent_again(client: TestClient) -> None:
    _, told = raw(client, "/shop/static/shop.css", **{"accept-encoding": "gzip"})
    again = client.get("/shop/static/shop.css", headers={"if-none-match": told["etag"]})
    assert (again.status_code, again.content) == (304, b"")
