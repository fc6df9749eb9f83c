"""benchmarks/time_split.py on a small folder of its own format."""

from __future__ import annotations

import gzip
import json
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "time_split.py"
DAY_S = 86400


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    rows = [
        f"{user}\t{(user * 7 + step) % 30 + 1}\t{(user % 20 + step) * DAY_S}"
        for user in range(1, 200)
        for step in range(6)
    ]
    rng.shuffle(rows)
    items = [f"{item}\t{item % 4}\t[1, 2]\t[]" for item in range(1, 33)]
    for name, header, lines in (
        ("train.csv.gz", "user_id\titem_id\ttime", rows),
        ("item_meta.csv.gz", "item_id\ti_category\tr_complement\tr_substitute", items),
    ):
        (tmp_path / name).write_bytes(gzip.compress("\n".join([header, *lines, ""]).encode()))
    return tmp_path


def test_the_reader_orders_events_and_knows_categories(folder: Path) -> None:
    histories, features = runpy.run_path(str(SCRIPT))["read_grocery"](folder)
    assert len(histories) == 199 and histories.n_items == features.n_items == 32
    assert histories.row(0).tolist() == [7, 8, 9, 10, 11, 12], "user 1 took items 8 to 13, whose codes are one less"
    assert np.all(np.diff(histories.times)[np.diff(histories.shoppers) == 0] == DAY_S * 1000)
    assert features.attribute_names == ("category=0", "category=1", "category=2", "category=3")


@pytest.mark.parametrize("split", ["time", "last"])
def test_the_script_prints_one_object_a_model(
    folder: Path, split: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call = [str(SCRIPT), "--data", str(folder), "--models", "content", "--json", "--split", split]
    monkeypatch.setattr(sys, "argv", call)
    runpy.run_path(str(SCRIPT), run_name="__main__")
    rows = {row["model"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert set(rows) == {"popular", "item_neighbours", "vsknn", "stan", "als", "transitions", "content"}
    assert rows["transitions"]["ndcg@10"] > 0.8 > rows["popular"]["ndcg@10"]


def test_the_tables_are_markdown(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), "--data", str(folder), "--models", ""])
    runpy.run_path(str(SCRIPT), run_name="__main__")
    shown = capsys.readouterr().out
    assert "| model | recall@5 | recall@10 |" in shown and "|---|---|" in shown and "seed 0" in shown
    assert "| transitions | " in shown and "**1.0000 ±0.0000**" in shown


@pytest.mark.real_data
def test_the_grocery_file_has_its_known_size(real_data: Callable[[str], Path]) -> None:
    histories, _ = runpy.run_path(str(SCRIPT))["read_grocery"](real_data("grocery/train.csv.gz").parent)
    assert (len(histories), histories.n_events, histories.n_items) == (14681, 121892, 8713)
    assert not (histories.times % (DAY_S * 1000)).any(), "times are whole days, which is why ties are shuffled"
