"""The whole way on the command line: import, train, recommend, and what each refusal says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import structlog
import torch
from typer.testing import CliRunner

from bottega.serving.cli.main import app


def run(*arguments: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """`bottega serve` logs to the error stream of its own run, which ends with the test."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Two worlds, tea and tools; each of 40 shoppers stays in one."""
    rng = np.random.default_rng(3)
    worlds = [[f"{world}/{i} ☕" for i in range(12)] for world in ("tea", "tool")]
    rows = ["id,title,category,brand"] + [f"{name},{name} nice,{name.split('/')[0]},B" for w in worlds for name in w]
    (tmp_path / "products.csv").write_text("\n".join(rows))
    lines = ["shopper_id,product_id,kind,time"]
    for shopper in range(40):
        for step, item in enumerate(rng.permutation(12)[:6]):
            lines.append(f"s{shopper},{worlds[shopper % 2][item]},view,{1_760_000_000 + 60 * step}")
    (tmp_path / "events.csv").write_text("\n".join(lines))
    return tmp_path


def test_import_train_recommend(files: Path) -> None:
    shop = files / "shop"
    assert "24 products added" in run("import", "catalogue", files / "products.csv", "--shop", shop)
    assert "240 events" in run("import", "events", files / "events.csv", "--shop", shop)
    assert "Trained transitions on 240 events of 40 shoppers" in run("train", "--model", "transitions", "--shop", shop)
    answer = json.loads(run("recommend", "--shopper", "s0", "--n", "5", "--json", "--shop", shop))
    assert len(answer["items"]) == 5
    assert all(item["product_id"].startswith("tea/") for item in answer["items"]), "shopper 0 lives in the world of tea"
    assert answer["model"]["name"] == "transitions"
    text = run("recommend", "--product", "tool/3 ☕", "--product", "gone", "--shop", shop)
    assert "tool/" in text and "Not in the catalogue: gone" in text
    beside = json.loads(run("recommend", "--product", "tool/3 ☕", "--json", "--shop", shop))
    assert "tool/3 ☕" not in [item["product_id"] for item in beside["items"]], "never recommended beside itself"


def test_training_twice_with_one_seed_gives_the_same_answer(files: Path) -> None:
    shop = files / "shop"
    run("import", "catalogue", files / "products.csv", "--shop", shop)
    run("import", "events", files / "events.csv", "--shop", shop)
    answers = []
    for _ in range(2):
        run("train", "--model", "item_neighbours", "--seed", "5", "--shop", shop)
        found = json.loads(run("recommend", "--shopper", "s1", "--json", "--shop", shop))
        answers.append([(item["product_id"], item["score"]) for item in found["items"]])
    assert answers[0] == answers[1]


def test_refusals_say_what_to_do(files: Path) -> None:
    shop = files / "shop"
    assert "Import one: `bottega import catalogue FILE`" in run("train", "--shop", shop, code=2)
    run("import", "catalogue", files / "products.csv", "--shop", shop)
    assert "Training needs 100" in run("train", "--shop", shop, code=2)
    assert "item_neighbours" in run("train", "--model", "magic", "--shop", shop, code=2), "the allowed names are listed"
    (shop / "bottega.toml").write_text("port = 'x'")
    assert "Setting 'port' is 'x'" in run("serve", "--shop", shop, code=2)


@pytest.mark.skipif(torch.cuda.is_available(), reason="here is a card")
@pytest.mark.parametrize("command", ["train", "evaluate", "simulate"])
def test_a_graphics_card_that_is_not_there_is_named_with_what_to_do(command: str, files: Path) -> None:
    shop = files / "shop"
    run("import", "catalogue", files / "products.csv", "--shop", shop)
    run("import", "events", files / "events.csv", "--shop", shop)
    asked = [command, "--models" if command == "evaluate" else "--model", "next_item", "--shop", shop]
    asked += ["--out", files / "out.csv"] if command == "simulate" else []
    said = " ".join(run(*asked, "--device", "cuda", code=2).split())
    assert "The device cuda is asked for" in said and "Leave the device at auto, or say cpu." in said
    assert "There is no device 'gpu'" in run(*asked, "--device", "gpu", code=2)
