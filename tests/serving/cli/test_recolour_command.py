"""`bottega recolour`: files beside the originals, suggestions for missing colours, and what cannot be done."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from bottega.catalogue.product import Product
from bottega.serving.cli.main import app
from bottega.shop.open_shop import OpenShop


def run(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments], terminal_width=200)
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ships: Callable[..., None], plain_parts: type) -> Path:
    monkeypatch.setenv("COLUMNS", "200")
    folder = tmp_path / "photos"
    folder.mkdir()
    monkeypatch.chdir(folder)
    ships(parts=plain_parts())
    pixels = np.full((60, 60, 3), 255, np.uint8)
    pixels[15:50, 15:45] = (30, 90, 160)
    Image.fromarray(pixels).save(folder / "cup.png")
    Image.new("RGB", (60, 60), "white").save(folder / "blank.png")
    return folder / "cup.png"


def test_a_photo_gets_another_colour_beside_it(photo: Path) -> None:
    before = photo.read_bytes()
    text = run("recolour", photo, "--to", "rouge", "--side-by-side")
    assert "product: #1e5aa0 became #" in text and "cup.recoloured.jpg" in text
    assert photo.with_name("cup.beside.jpg").exists() and photo.read_bytes() == before
    run("recolour", photo, "--to", "#00ff00")
    assert photo.with_name("cup.recoloured-2.jpg").exists(), "nothing is written over"
    assert not list(photo.parent.glob("*.db")), "no shop is made"


def test_as_json_into_a_folder(photo: Path) -> None:
    out = photo.parent / "out"
    told = json.loads(run("recolour", photo, "blank.png", "--to", "lab(40, 40, 20)", "--out", out, "--json", code=1))
    good, bad = told["photos"]
    assert good["files"] == [str(out / "cup.recoloured.jpg")] and good["off"] < 3 and "content" not in good
    assert bad["files"] == [] and "No product" in bad["refused"]


def test_missing_colours_wait_for_acceptance(photo: Path) -> None:
    shop = photo.parent / "shop"
    with OpenShop.open(shop) as opened:
        opened.folder.images.mkdir()
        (opened.folder.images / "cup.png").write_bytes(photo.read_bytes())
        has = Product(id="1", group_id="cup", title="Cup", attributes={"color": ("blue",)}, images=("cup.png",))
        lacks = has.model_copy(update={"id": "2", "attributes": {"color": ("red",)}, "images": ()})
        opened.upsert([has, lacks])
    assert "1 new photos wait" in run("recolour", "--missing", "--shop", shop)
    assert "picture" in run("suggestions", "list", "--kind", "picture", "--shop", shop)
    assert json.loads(run("recolour", "--missing", "--json", "--shop", shop, code=1))["decided"] == 1
    assert "beside --missing" in run("recolour", photo, "--missing", "--shop", shop, code=2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "No photo was named"),
        (("--missing",), "no shop"),
        (("cup.png", "--missing"), "no shop"),
        (("cup.png",), "No colour was asked for"),
        (("cup.png", "--to", "soon"), "no colour that is known"),
        (("cup.png", "--to", "red", "--part", "wing"), "part"),
        (("cup.png", "--like", "1"), "no shop here"),
        (("blank.png", "--to", "red"), "No product can be told"),
        (("nobody.png", "--to", "red"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said(photo: Path, arguments: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(app, ["recolour", *arguments], terminal_width=200)
    assert done.exit_code not in (0, 1) and said in done.output and "Traceback" not in done.output
