"""Work for one of several processes: one has it at a time, and it passes on when that one ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bottega.shop.alone import Alone

HOLD = """
import sys
from pathlib import Path
from bottega.shop.alone import Alone
print(Alone(Path(sys.argv[1]), "work").take(), flush=True)
sys.stdin.read()
"""


def test_one_has_it_at_a_time(tmp_path: Path) -> None:
    with Alone(tmp_path / "run", "work") as first, Alone(tmp_path / "run", "work") as second:
        assert first.take() and first.take() and first.held
        assert not second.take() and not second.held
        assert Alone(tmp_path / "run", "other").take(), "another name is another work"
        first.release()
        assert second.take() and not first.take()


def test_it_passes_on_when_its_process_is_killed(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None and process.stdout is not None
    with process.stdin, process.stdout, Alone(tmp_path, "work") as mine:
        assert process.stdout.readline() == "True\n" and not mine.take()
        process.kill()
        process.wait()
        assert mine.take()
