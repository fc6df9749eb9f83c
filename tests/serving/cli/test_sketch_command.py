"""`bottega sketch`: the picture beside the drawing, with a shop and without one; refusals in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.models.studio.sketch.drawn import sheet, untrained
from typer.testing import CliRunner

from bottega.datasets.photos.provenance import SourceType, source_type_of
from bottega.models.studio.rescue.rescue import Rescue
from bottega.serving.cli.main import app

run = CliRunner()


@pytest.fixture(autouse=True)
def here(ships: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ships(rescue=Rescue.fresh(rng=np.random.default_rng(0)), sketch=None)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    Path("bag.png").write_bytes(sheet())


def test_none_ships_and_a_setting_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    told = run.invoke(app, ["sketch", "bag.png"])
    assert told.exit_code != 0 and "none ships" in told.output and "sketch_model" in told.output
    Path("own").mkdir()
    untrained("mine").save(Path("own"))
    monkeypatch.setenv("BOTTEGA_SKETCH_MODEL", "own")
    made = run.invoke(app, ["sketch", "bag.png", "--type", "handbag", "--colour", "navy", "--lines"])
    assert made.exit_code == 0, made.output
    assert "Handbags" in made.output and "generated" in made.output
    assert source_type_of(Path("bag.sketch.jpg").read_bytes()) is SourceType.GENERATED
    assert Path("bag.lines.jpg").exists() and Path("bag.png").read_bytes() == sheet()
    told = run.invoke(app, ["sketch", "bag.png", "--out", "made", "--json"])
    answer = json.loads(told.stdout)
    assert answer["version"] == "mine" and "content" not in answer and "lines" not in answer
    assert answer["files"] == ["made/bag.sketch.jpg"] and Path("made/bag.sketch.jpg").exists()


def test_refusals(ships: Callable[..., None]) -> None:
    ships(sketch=untrained())
    Path("text.png").write_text("no picture")
    for drawing, options, said in (
        ("nowhere.png", [], "nowhere.png"),
        ("text.png", [], "is no picture"),
        ("bag.png", ["--type", "submarine"], "is no type"),
        ("bag.png", ["--colour", "plaid"], "is no colour"),
        ("bag.png", ["--colour", "black", "--type", "woman"], "black woman"),
        ("bag.png", ["--products", "3"], "There is no shop"),
    ):
        refused = run.invoke(app, ["sketch", drawing, *options])
        assert refused.exit_code != 0 and said in refused.output, (drawing, options, refused.output)
    assert not list(Path().glob("*.jpg"))
