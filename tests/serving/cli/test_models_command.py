"""`bottega models`: which model answers, whose it is, how old, and what it was held to."""

from __future__ import annotations

import json
import time
import warnings
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from bottega.models.blocks.cards import read_card
from bottega.models.blocks.shipped import weights_of
from bottega.serving.cli.main import app
from bottega.shop.folder import ShopFolder
from bottega.store.runs import ModelRun

DAY_MS = 86_400_000


def run(*arguments: str | Path) -> str:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == 0 and not caught, done.output
    return done.output


def listed(shop: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("models", "--json", "--shop", shop))["models"]
    return found


def trained(shop: Path, version: str, days: float, bars: dict[str, Any]) -> None:
    folder = shop / "models" / "recommend" / "blend" / version
    (folder / "model").mkdir(parents=True)
    (folder / "model" / "weights.bin").write_bytes(bytes(2_000_000))
    (folder / "card.json").write_text(json.dumps({"bars": bars}))
    made = time.time_ns() // 10**6 - int(days * DAY_MS)
    one = ModelRun("blend", version, "recommend", "recommend", made, 1.0, 1.0, 5, 9, 3, str(folder.relative_to(shop)))
    with ShopFolder.open(shop) as opened:
        opened.store.runs.add(one)


def test_a_new_shop_answers_with_what_ships(tmp_path: Path) -> None:
    models = listed(tmp_path)
    shipped = {"eye", "parts", "words", "outfits", "rescue", "product", "sketch", "key_points", "turntable"}
    assert {one["ability"] for one in models} == shipped
    assert all(one["origin"] == "shipped" and one["in_use"] and one["size_mb"] > 0 for one in models)
    eye = next(one for one in models if one["ability"] == "eye")
    card = read_card(weights_of("vision") / "eye")["bars"]
    assert {bar["measure"]: (bar["value"], bar["aim"], bar["met"]) for bar in eye["bars"]} == {
        name: (bar["value"], bar["bar"], bar["met"]) for name, bar in card.items()
    }


def test_own_trainings_come_with_age_size_and_bars_and_the_newest_is_in_use(tmp_path: Path) -> None:
    trained(tmp_path, "20260101T000000000000", 12, {})
    trained(tmp_path, "20260110T000000000000", 3, {"ndcg@10": {"value": 0.04, "bar": 0.05, "met": False}})
    first, *_, last = listed(tmp_path)
    assert (first["ability"], first["version"], first["in_use"]) == ("recommend", "20260110T000000000000", True)
    assert (first["origin"], first["size_mb"], round(first["age_days"])) == ("own", 2.0, 3)
    assert first["bars"] == [{"measure": "ndcg@10", "value": 0.04, "aim": 0.05, "met": False}]
    assert (last["version"], last["in_use"], round(last["age_days"])) == ("20260101T000000000000", False, 12)


def test_on_the_terminal(tmp_path: Path) -> None:
    trained(tmp_path, "20260110T000000000000", 3, {"ndcg@10": {"value": 0.04, "bar": 0.05, "met": False}})
    text = " ".join(run("models", "--shop", tmp_path).split())
    assert "recommend" in text and "shipped" in text and "own" in text
