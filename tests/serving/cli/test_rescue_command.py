"""`bottega rescue`: files beside the originals, which are never written over."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from bottega.catalogue.product import Product
from bottega.models.studio.rescue.rescue import Rescue
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
    ships(rescue=Rescue.fresh(rng=np.random.default_rng(0)), parts=plain_parts())
    pixels = np.full((60, 60, 3), 255, np.uint8)
    pixels[20:50, 15:40] = (30, 90, 60)
    Image.fromarray(pixels).save(folder / "mug.png")
    return folder / "mug.png"


def test_without_a_shop_a_photo_gets_a_better_one_beside_it(photo: Path) -> None:
    before = photo.read_bytes()
    text = run("rescue", photo, "--side-by-side")
    assert "enlarge" in text and "mug.rescued.jpg, 240 x 240 pixels" in text
    with Image.open(photo.with_name("mug.rescued.jpg")) as picture:
        assert picture.size == (240, 240)
    assert photo.with_name("mug.beside.jpg").exists() and photo.read_bytes() == before
    run("rescue", photo)
    assert photo.with_name("mug.rescued-2.jpg").exists(), "nothing is written over"
    assert not list(photo.parent.glob("*.db")), "no shop is made"


def test_as_json_into_a_folder(photo: Path) -> None:
    (photo.parent / "broken.jpg").write_bytes(b"no picture")
    out = photo.parent / "out"
    both = photo, photo.parent / "broken.jpg"
    told = json.loads(run("rescue", *both, "--out", out, "--preset", "small", "--json", code=1))
    good, bad = told["photos"]
    assert good["files"] == [str(out / "mug.rescued.jpg")] and (good["width"], good["height"]) == (800, 800)
    assert "content" not in good and bad["files"] == [] and "no picture" in bad["refused"]


def test_the_catalogue_waits_for_acceptance(photo: Path) -> None:
    shop = photo.parent / "shop"
    with OpenShop.open(shop) as opened:
        opened.folder.images.mkdir()
        (opened.folder.images / "mug.png").write_bytes(photo.read_bytes())
        opened.upsert([Product(id="mug", title="Mug", images=("mug.png",))])
    assert "1 better main photos wait" in run("rescue", "--catalogue", "--preset", "small", "--shop", shop)
    assert "picture" in run("suggestions", "list", "--kind", "picture", "--shop", shop)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "No photo was named"),
        (("--catalogue",), "no shop"),
        (("mug.png", "--preset", "round"), "A preset is"),
        (("mug.png", "--enlarge", "3"), "1, 2 or 4 times"),
        (("nobody.png",), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said(photo: Path, arguments: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(app, ["rescue", *arguments], terminal_width=200)
    assert done.exit_code not in (0, 1) and said in done.output and "Traceback" not in done.output
