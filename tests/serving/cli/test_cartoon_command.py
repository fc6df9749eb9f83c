"""`bottega cartoon`: files beside the originals."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from bottega.serving.cli.main import app


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    pixels = np.full((60, 60, 3), 255, np.uint8)
    pixels[20:50, 15:40] = (30, 90, 60)
    Image.fromarray(pixels).save(tmp_path / "mug.png")
    return tmp_path / "mug.png"


def test_it_is_written_beside_the_photo_and_over_nothing(photo: Path) -> None:
    before = photo.read_bytes()
    for name in ("mug.cartoon.jpg", "mug.cartoon-2.jpg"):
        done = CliRunner().invoke(app, ["cartoon", str(photo), "--product-only", "--json"])
        assert done.exit_code == 0, done.output
        assert json.loads(done.output)["photos"][0]["files"] == [str(photo.with_name(name))]
    assert photo.read_bytes() == before


def test_a_photo_that_is_refused_is_named_and_shows_in_the_exit_code(photo: Path) -> None:
    (photo.parent / "broken.jpg").write_bytes(b"no picture")
    done = CliRunner().invoke(app, ["cartoon", "mug.png", "broken.jpg"], terminal_width=200)
    assert done.exit_code == 1 and "broken.jpg: " in done.output and "mug.cartoon.jpg" in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("nobody.png",), "cannot be read"), (("mug.png", "--colours", "1"), "2"), ((), "photos")],
)
def test_what_cannot_be_done_is_said(photo: Path, arguments: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(app, ["cartoon", *arguments], terminal_width=200)
    assert done.exit_code not in (0, 1) and said in done.output and "Traceback" not in done.output
