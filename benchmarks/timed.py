"""Runs a command, and keeps how long it took where it went well; watch.py reads that.

python benchmarks/timed.py NAME COMMAND ...       the exit code is the command's
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

TIMINGS = Path(__file__).parent.parent / ".timings.json"


def keep(place: Path, name: str, seconds: float) -> None:
    """Write the seconds of `name` beside those of the others."""
    kept = json.loads(place.read_text()) if place.exists() else {}
    place.write_text(json.dumps(kept | {name: round(seconds, 1)}) + "\n")


def main() -> int:
    name, *command = sys.argv[1:]
    started = time.monotonic()
    code = subprocess.run(command, check=False).returncode
    if code == 0:
        keep(TIMINGS, name, time.monotonic() - started)
    return code


if __name__ == "__main__":
    sys.exit(main())
