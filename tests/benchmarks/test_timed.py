"""benchmarks/timed.py keeps the seconds of what went well, and passes the exit code on."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import timed


def test_seconds_are_kept_by_name_where_the_command_went_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "timings.json"
    place.write_text('{"other": 5}')
    monkeypatch.setattr(timed, "TIMINGS", place)
    for name, code in (("good", 0), ("bad", 3)):
        monkeypatch.setattr(sys, "argv", ["timed.py", name, sys.executable, "-c", f"raise SystemExit({code})"])
        assert timed.main() == code
    kept = json.loads(place.read_text())
    assert set(kept) == {"other", "good"} and kept["good"] >= 0
