"""A card has the same first fields whatever the model, and bars say whether they are met."""

from __future__ import annotations

from pathlib import Path

from bottega.models.blocks.cards import add_to_card, bars, read_card, write_card


def test_what_is_written_is_read_and_more_can_be_added(tmp_path: Path) -> None:
    assert read_card(tmp_path) == {}
    written = write_card(
        tmp_path,
        name="eye",
        version="eye-3",
        trained_on={"catalogue": "fashion/"},
        split={"share": 0.15},
        seed=0,
        train_s=12.345,
        device="cuda",
        measures={"miou": 0.5},
        bars=bars({"miou": 0.5}, {"miou": 0.55}),
        limits="none known",
    )
    assert read_card(tmp_path) == written and written["train_s"] == 12.3
    assert list(written)[:3] == ["name", "version", "trained_on"] and list(written)[-1] == "limits"
    add_to_card(tmp_path, measures={"miou": 0.6}, fairness={"group": 1})
    assert read_card(tmp_path) == written | {"measures": {"miou": 0.6}, "fairness": {"group": 1}}


def test_bars_at_least_at_most_and_without_a_value() -> None:
    found = bars({"miou": 0.55, "ece": 0.03}, {"miou": 0.55, "recall": 0.5}, {"ece": 0.03, "seconds": 10})
    assert {name: bar["met"] for name, bar in found.items()} == {
        "miou": True,
        "recall": False,
        "ece": True,
        "seconds": False,
    }
