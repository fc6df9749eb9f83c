"""Customising through the HTTP door and the command line."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner

from bottega.serving.cli.main import app

MUG = {"id": "mug 1", "title": "White mug", "attributes": {"customise": ["mug"]}}


def picture() -> bytes:
    stream = BytesIO()
    Image.new("RGB", (900, 400), (180, 20, 30)).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def door(open_door: Any) -> Any:
    opened = open_door(None)
    opened.post("/v1/products", [MUG])
    return opened


def send(door: Any, status: int = 200, *, files: dict[str, Any] | None = None, **fields: str) -> dict[str, Any]:
    files = {"picture": ("red.png", picture(), "image/png")} if files is None else files
    answer = door.client.post("/v1/studio/customise", files=files, data=fields, headers={"X-API-Key": door.key})
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_a_design_is_made_moved_ordered_and_taken_out(door: Any) -> None:
    made = send(door, product_id="mug 1", shopper="ana", scale="1.5")
    assert made["placement"]["scale"] == 1.5 and len(made["previews"]) == 3
    moved = send(door, files={"picture": ("", b"", "application/octet-stream")}, design_id=made["design_id"], x="0.2")
    assert moved["design_id"] == made["design_id"] and moved["placement"]["x"] == 0.2
    other = send(door, product_id="mug 1", shopper="ana")
    event = {"shopper_id": "ana", "kind": "purchase", "product_id": "mug 1", "time": 1_760_000_000}
    door.post("/v1/events", {**event, "order_id": "7", "design_id": made["design_id"]})
    assert door.post("/v1/studio/designs/query", {"design_id": made["design_id"]})["ordered"]
    both = {"shopper": "ana", "design_ids": [made["design_id"], other["design_id"]]}
    assert door.post("/v1/studio/designs/remove", both)["removed"] == [other["design_id"]]


def test_json_will_do(door: Any) -> None:
    import base64

    body = {"product_id": "mug 1", "picture": {"name": "a.png", "content": base64.b64encode(picture()).decode()}}
    assert door.post("/v1/studio/customise", body)["template"] == "mug"


@pytest.mark.parametrize(
    ("files", "fields", "status", "said"),
    [
        ({"picture": ("a.png", b"x", "image/png")}, {"product_id": "mug 1"}, 400, "no picture of a known format"),
        ({"photo": ("a.png", b"x", "image/png")}, {"product_id": "mug 1"}, 422, "'photo'"),
        (None, {"product_id": "none"}, 404, "'none'"),
        (None, {"product_id": "mug 1", "scale": "0"}, 422, "scale"),
        (None, {"product_id": "mug 1", "fit": "wide"}, 422, "fit"),
        (None, {"product_id": "mug 1", "colour": "red"}, 422, "colour"),
        ({"song": ("a.mp3", b"x" * 90, "audio/mpeg")}, {"product_id": "mug 1"}, 400, "no sound that can be read"),
    ],
)
def test_bad_requests_are_told(door: Any, files: Any, fields: dict[str, str], status: int, said: str) -> None:
    assert said in send(door, status, files=files, **fields)["error"]["message"]


def test_the_command_writes_previews_print_file_and_proof(tmp_path: Path) -> None:
    (tmp_path / "mugs.csv").write_text("id,title,customise\nmug 1,White mug,mug\n")
    (tmp_path / "red.png").write_bytes(picture())

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, [*words, "--shop", str(tmp_path / "shop")])
        assert done.exit_code == code, done.output
        return done.output

    run("import", "catalogue", str(tmp_path / "mugs.csv"), "--map", "attributes=customise")
    told = json.loads(
        run("customise", "mug 1", "--picture", str(tmp_path / "red.png"), "--out", str(tmp_path), "--json")
    )
    assert len(told["files"]) == 5 and all(Path(path).exists() for path in told["files"])
    text = run("customise", "mug 1", "--picture", str(tmp_path / "red.png"), "--out", str(tmp_path))
    assert "2433 x 1075 pixels" in text and "look sharp" in text
    assert "proof" in run("designs", "print", told["design_id"], "--out", str(tmp_path / "again"))
    assert "A picture and a song" in run("customise", "mug 1", "--picture", "a", "--song", "b", code=2)
    assert "cannot be read" in run("customise", "mug 1", "--picture", str(tmp_path / "none.png"), code=2)
    assert "no picture and no song" in run("customise", "mug 1", code=2)
