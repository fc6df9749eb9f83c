"""`bottega imagine`: files and a state to go on from, with a shop and without one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.models.studio.products.drawing import generator
from typer.testing import CliRunner

from bottega.models.studio.rescue.rescue import Rescue
from bottega.serving.cli.main import app

run = CliRunner()


@pytest.fixture(autouse=True)
def models(ships: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ships(rescue=Rescue.fresh(rng=np.random.default_rng(0)), product=generator())
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")


def test_pictures_and_a_turn_without_a_shop(tmp_path: Path) -> None:
    made = run.invoke(app, ["imagine", "white striped shirt, flat", "--n", "2", "--seed", "3", "--out", "a"])
    assert made.exit_code == 0, made.output
    assert "'striped' is nothing that can be asked for" in made.output and "seed 3" in made.output
    assert {path.name for path in Path("a").iterdir()} == {"imagined-1.jpg", "imagined-2.jpg", "state.json"}
    told = run.invoke(app, ["imagine", "darker", "--before", "a/state.json", "--out", "b", "--json"])
    answer = json.loads(told.stdout)
    assert answer["state"]["said"] == ["white striped shirt, flat", "darker"]
    assert [Path(one["file"]).exists() for one in answer["pictures"]] == [True, True]
    assert Path("a/imagined-1.jpg").read_bytes() != Path("b/imagined-1.jpg").read_bytes()


def test_refusals(tmp_path: Path) -> None:
    Path("torn.json").write_text("{")
    for words, options, said in (
        ("xqzt", [], "Nothing that can be drawn"),
        ("shirt", ["--products", "3"], "There is no shop"),
        ("darker", ["--before", "nowhere.json"], "cannot be read"),
        ("darker", ["--before", "torn.json"], "is not JSON"),
        ("shirt", ["--n", "99"], "n"),
        ("", [], "may not be empty"),
    ):
        refused = run.invoke(app, ["imagine", words, *options])
        assert refused.exit_code != 0 and said in refused.output, (words, options, refused.output)
        assert not list(tmp_path.glob("**/*.jpg"))
