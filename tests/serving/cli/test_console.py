"""Progress bars: many tasks one after the other leave room for the one that is under way."""

from __future__ import annotations

import re

import pytest

from bottega.serving.cli.console import bar


def test_what_is_under_way_never_runs_off_the_screen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "20")
    with bar() as progress:
        progress("whole", 0, 40)
        for number in range(40):
            progress(f"part {number}", 3, 3)
            progress("whole", number + 1, 40)
    frame = capsys.readouterr().err.rsplit("\x1b[1A", 1)[-1]  # what stands there since the cursor last went up
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", frame).replace("\r", "").splitlines()
    parts = [line.split()[1] for line in lines if line.startswith("part")]
    assert parts[-1] == "39" and len(parts) < 10


def test_nothing_is_drawn_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with bar() as progress:
        progress("whole", 1, 2)
    assert capsys.readouterr().err == ""
