"""Closets and outfits through the HTTP door and the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw
from typer.testing import CliRunner

from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.harmony import FEATURES
from bottega.models.vision.outfits import Outfits, OutfitsConfig
from bottega.models.vision.slots import SLOTS
from bottega.serving.cli.main import app

GARMENTS = [
    {"id": "shirt-a", "title": "White shirt", "category": ["Clothes", "Shirts"]},
    {"id": "jeans-a", "title": "Blue jeans", "category": ["Clothes", "Jeans"]},
    {"id": "boots-a", "title": "Brown boots", "category": ["Clothes", "Boots"]},
]


@pytest.fixture(autouse=True)
def models(ships: Callable[..., None]) -> None:
    """An untrained eye, and outfits that know nothing."""
    eye = Eye.fresh({"type": ("Tshirts", "Jeans")}, (), rng=np.random.default_rng(0))
    width, slots = eye.size + 12, len(SLOTS)
    outfits = Outfits(OutfitsConfig(rank=1, eye=eye.version))
    outfits.arrays_ = {
        "project": np.zeros((slots, width, 1), np.float32),
        "pair": np.zeros((slots, slots, 1), np.float32),
        "harmony": np.zeros(len(FEATURES), np.float32),
        "harmony_pair": np.zeros((slots, slots, len(FEATURES)), np.float32),
        "mean": np.zeros(width, np.float32),
        "spread": np.ones(width, np.float32),
        "harmony_mean": np.zeros(len(FEATURES), np.float32),
        "harmony_spread": np.ones(len(FEATURES), np.float32),
    }
    ships(eye=eye, outfits=outfits)


def photo() -> bytes:
    """Something red on white."""
    picture = Image.new("RGB", (90, 90), "white")
    ImageDraw.Draw(picture).rectangle((25, 20, 65, 70), fill=(180, 20, 30))
    stream = BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def send(door: Any, path: str, status: int = 200, **fields: str) -> dict[str, Any]:
    response = door.client.post(
        path, files={"photo": ("red.png", photo(), "image/png")}, data=fields, headers={"X-API-Key": door.key}
    )
    assert response.status_code == status, response.text
    answer: dict[str, Any] = response.json()
    return answer


def hanging(door: Any, shopper: str) -> list[dict[str, Any]]:
    response = door.client.get("/v1/closet", params={"shopper": shopper}, headers={"X-API-Key": door.key})
    found: list[dict[str, Any]] = response.json()["items"]
    return found


def test_a_closet_is_filled_listed_and_emptied(open_door: Any) -> None:
    door = open_door(None)
    (item,) = send(door, "/v1/closet", shopper="ana", keep_photo="true")["items"]
    assert item["part"] == "product" and item["kept"] and item["colours"][0]["name"] == "red"
    assert hanging(door, "ana") == [item] and hanging(door, "bob") == []
    told = door.post("/v1/shoppers/export", {"shopper": "ana"})
    assert len(told["closet_items"]) == len(told["closet_photos"]) == 1
    done = door.post("/v1/closet/remove", {"shopper": "ana", "closet_items": [item["closet_item"], 999]})
    assert done == {"shopper": "ana", "removed": [item["closet_item"]], "photos_deleted": 1}
    assert hanging(door, "ana") == []


def test_a_log_in_takes_the_closet_along(open_door: Any) -> None:
    door = open_door(None)
    door.post("/v1/products", GARMENTS)
    send(door, "/v1/closet", shopper="cookie")
    login = {"shopper_id": "ana", "anonymous_id": "cookie", "kind": "view", "product_id": "shirt-a"}
    door.post("/v1/events", [login])
    assert len(hanging(door, "ana")) == 1 and len(hanging(door, "cookie")) == 1


def test_an_outfit_is_asked_for_and_what_is_wrong_is_said(open_door: Any) -> None:
    door = open_door(None)
    door.post("/v1/products", GARMENTS)
    answer = door.post("/v1/outfits", {"product_id": "shirt-a", "slots": ["bottom", "shoes"]})
    found = {slot["slot"]: [one["product_id"] for one in slot["suggestions"]] for slot in answer["slots"]}
    assert answer["given"] == ["top"] and found == {"bottom": ["jeans-a"], "shoes": ["boots-a"]}
    refused = door.post("/v1/outfits", {"product_id": "shirt-a", "size": 3}, 422)["error"]["message"]
    assert "'size' is unknown. Fields here are slots, n" in refused
    assert "'slots" in door.post("/v1/outfits", {"product_id": "shirt-a", "slots": ["hat"]}, 422)["error"]["message"]
    assert "Field 'shopper' is missing" in send(door, "/v1/closet", 422)["error"]["message"]
    told = send(door, "/v1/outfits/image", n="1", slots='["shoes"]')
    assert [slot["slot"] for slot in told["slots"]] == ["shoes"] and len(told["given"]) == 1


def test_the_same_on_the_command_line(open_door: Any, tmp_path: Path) -> None:
    door = open_door(None)
    door.post("/v1/products", GARMENTS)
    (tmp_path / "red.png").write_bytes(photo())
    shop = ["--shop", str(door.folder)]

    def run(*words: str) -> str:
        result = CliRunner().invoke(app, [*words, *shop])
        assert result.exit_code == 0, result.output
        return result.stdout

    told = run("closet", "add", "ana", str(tmp_path / "red.png"), "--json")
    added = json.loads(told[told.index("{") :])  # behind what the server in this process logs
    assert "red" in run("closet", "list", "ana")
    assert "Removed 1 of 1" in run("closet", "remove", "ana", str(added["items"][0]["closet_item"]))
    assert "jeans-a" in run("outfit", "shirt-a")
