"""benchmarks/watch.py: what fell by more than its noise is named, what did not is not, what is gone is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import watch
from watch_figures import FIGURES, GROUPS, Figure, Found, Group, Skipped
from watch_page import page

TABLE = {
    "ndcg": Figure("", "higher", 0.02, "accuracy"),
    "seconds": Figure("s", "lower", 0.10, "time", cost=True),
    "p99": Figure("ms", "lower", 0.10, "slow answers", cost=True, wall=True),
}


def row(
    figures: dict[str, float | None],
    *,
    machine: str = "two cores",
    load: float = 0.1,
    spread: dict[str, float] | None = None,
) -> watch.Row:
    return watch.Row("abc1234", "2026-01-01 00:00", machine, load, 60.0, figures, spread or {})


def test_a_fall_beyond_the_noise_is_named_whichever_way_is_better() -> None:
    before = row({"ndcg": 0.5, "seconds": 100.0})
    assert watch.compared(before, row({"ndcg": 0.4, "seconds": 120.0}), TABLE) == [
        "fell: ndcg 0.5 -> 0.4 (-20.0%, noise 2.0%)",
        "fell: seconds 100 -> 120 (+20.0%, noise 10.0%)",
    ]
    assert watch.compared(before, row({"ndcg": 0.6, "seconds": 80.0}), TABLE) == [], "both are better"


def test_what_lies_within_the_noise_is_not_a_fall() -> None:
    assert watch.compared(row({"ndcg": 0.5, "seconds": 100.0}), row({"ndcg": 0.495, "seconds": 109.0}), TABLE) == []


@pytest.mark.parametrize("wide", ["before", "now"])
def test_a_figure_that_spread_within_a_run_is_as_noisy_as_that(wide: str) -> None:
    spread = {"seconds": 0.3}
    before = row({"seconds": 100.0}, spread=spread if wide == "before" else None)
    assert watch.compared(before, row({"seconds": 125.0}, spread=spread if wide == "now" else None), TABLE) == []
    assert watch.compared(before, row({"seconds": 140.0}, spread=spread), TABLE)


def test_a_figure_that_is_gone_is_named_and_a_new_one_is_not() -> None:
    assert watch.compared(row({"ndcg": 0.5, "seconds": None}), row({"ndcg": None, "seconds": 9.0}), TABLE) == [
        "missing: ndcg, which was 0.5"
    ]
    assert watch.compared(row({"ndcg": 0.5}), row({}), TABLE) == ["missing: ndcg, which was 0.5"]


def test_seconds_of_another_machine_are_not_compared_but_accuracy_is() -> None:
    found = watch.compared(
        row({"ndcg": 0.5, "seconds": 1.0}), row({"ndcg": 0.1, "seconds": 9.0}, machine="four cores"), TABLE
    )
    assert [line.split()[1] for line in found] == ["ndcg"]


def test_on_a_busy_machine_wall_seconds_are_not_compared_and_processor_seconds_are_noisier() -> None:
    was = row({"seconds": 1.0, "p99": 10.0}, load=9)
    names = [
        line.split()[1] for line in watch.compared(replace(was, load=0.1), row({"seconds": 1.4, "p99": 40.0}), TABLE)
    ]
    assert names == ["seconds", "p99"]
    assert watch.compared(was, row({"seconds": 1.4, "p99": 40.0}), TABLE) == []
    assert len(watch.compared(was, row({"seconds": 1.6, "p99": 40.0}), TABLE)) == 1


def test_a_run_keeps_medians_and_names_what_it_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def several(_: Path) -> Found:
        return {"ndcg": 0.123456, "seconds": [8.0, 10.0, 11.0]}

    def absent(_: Path) -> Found:
        raise Skipped("photos are not here")

    monkeypatch.setattr(watch, "GROUPS", {"a": Group("A", several, TABLE), "b": Group("B", absent, {})})
    found = watch.measure(["a", "b"])
    assert found.figures == {"ndcg": 0.12346, "seconds": 10.0} and found.spread == {"seconds": 0.15}
    assert found.skipped == {"b": "photos are not here"}


def test_every_figure_stands_once_and_the_page_has_the_newest_row_first(tmp_path: Path) -> None:
    assert len(FIGURES) == sum(len(group.figures) for group in GROUPS.values())
    place = tmp_path / "rows.jsonl"
    rows = [
        {"commit": name, "date": "2026-01-01 00:00", "machine": "two cores", "load": 0.1, "seconds": 60.0}
        | {"figures": {"beauty_n10": value}, "spread": {}, "skipped": {}}
        for name, value in (("older", 0.07), ("newer", 0.08))
    ]
    place.write_text("".join(json.dumps(each) + "\n" for each in rows))
    assert [each.commit for each in watch.read_rows(place)] == ["older", "newer"]
    assert watch.read_rows(tmp_path / "none") == []
    text = page(rows, watch.shown)
    assert text.index("| newer |") < text.index("| older |")
    assert all(f"`{name}`" in text for name in FIGURES)


def test_the_page_is_the_one_that_the_rows_draw() -> None:
    rows = [json.loads(line) for line in watch.ROWS.read_text().splitlines()]
    assert watch.PAGE.read_text() == page(rows, watch.shown)
