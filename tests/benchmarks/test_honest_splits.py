"""benchmarks/honest_splits.py on a small file: settings by validation, nothing done twice, intervals by shopper."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import honest_peers
import honest_splits
from bottega.datasets.arrays import Features, Histories, Holdout
from bottega.names import IntArray
from honest_peers import COUNT, Lists, Peer

DAY_S = 86400


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Users walk round thirty products, one a day, from day to day."""
    folder = tmp_path / "data" / "grocery"
    folder.mkdir(parents=True)
    rows = [
        f"{user}\t{(user * 7 + step) % 30 + 1}\t{(user % 40 + step) * DAY_S}"
        for user in range(400)
        for step in range(8)
    ]
    items = [f"{item}\t{item % 4}\t[1, 2]\t[]" for item in range(1, 33)]
    for name, header, lines in (
        ("train.csv.gz", "user_id\titem_id\ttime", rows),
        ("item_meta.csv.gz", "item_id\ti_category\tr_complement\tr_substitute", items),
    ):
        (folder / name).write_bytes(gzip.compress("\n".join([header, *lines, ""]).encode()))
    return folder.parent


def called(monkeypatch: pytest.MonkeyPatch, data: Path, build: Path, *more: str) -> None:
    base = ["honest_splits.py", "--data", str(data), "--build", str(build), "--sets", "grocery", *more]
    monkeypatch.setattr(sys, "argv", base)
    honest_splits.main()


def test_runs_are_kept_and_not_done_twice(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--seeds", "0", "--cuts", "1.0,0.9", "--models", "transitions,V-SKNN", "--json"]
    called(monkeypatch, data, tmp_path / "build", *asked)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["model"], line["runs"]) for line in lines] == [("transitions", 2), ("V-SKNN", 2)]
    assert all(line["ndcg@10"] > 0.3 and line["default_ahead"] is None for line in lines)
    kept = [json.loads(line) for line in (tmp_path / "build" / "grocery.jsonl").read_text().splitlines()]
    assert [(run["cut"], run["model"]) for run in kept[:2]] == [(1.0, "transitions"), (1.0, "V-SKNN")]
    best = max(kept[1]["tried"], key=lambda one: float(one["ndcg@10"]))
    assert kept[1]["settings"] == best["settings"] and len(kept[0]["ranks"]) == len(kept[0]["shoppers"])
    monkeypatch.setattr(honest_splits, "read_set", lambda *_: pytest.fail("all runs are there"))
    called(monkeypatch, data, tmp_path / "build", *asked)


def test_the_default_is_compared_shopper_by_shopper(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def walk(settings: Any, train: Histories, features: Features, holdout: Holdout, seed: int) -> Lists:
        def lists(histories: Histories) -> IntArray:
            last = histories.items[histories.offsets[1:] - 1]
            items: IntArray = ((last[:, None] + settings["ahead"] + np.arange(COUNT)) % 30).astype(np.int32)
            return items

        return lists

    peers = {"default": Peer(walk, ({"ahead": 1},)), "late": Peer(walk, ({"ahead": 2}, {"ahead": 0}))}
    for module in (honest_peers, honest_splits):
        monkeypatch.setattr(module, "PEERS", peers)
    called(monkeypatch, data, tmp_path / "build", "--seeds", "0,1", "--cuts", "1.0", "--models", "default,late")
    shown = capsys.readouterr()
    rows = [line for line in shown.out.splitlines() if line.startswith("| ")]
    assert rows[1].startswith("| default | 2 | 1.0000") and rows[2].startswith("| late | 2 | 0.6309")
    assert "+0.3691 (+0.3691 to +0.3691)" in rows[2]
    assert shown.err.count("{'ahead': 0}") == 2, "validation chose"


def test_what_is_not_installed_is_named(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = Peer(honest_peers.PEERS["V-SKNN"].fit, package="a_package_that_is_nowhere")
    monkeypatch.setitem(honest_peers.PEERS, "nowhere", absent)
    called(monkeypatch, data, tmp_path / "build", "--seeds", "0", "--cuts", "1.0", "--models", "nowhere,transitions")
    found = capsys.readouterr()
    assert "not installed, left out: nowhere" in found.err and "| transitions | 1 |" in found.out
    with pytest.raises(SystemExit, match="There is no 'oracle'"):
        called(monkeypatch, data, tmp_path / "build", "--models", "oracle")
