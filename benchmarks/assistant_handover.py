"""Words of the assistant after a person took over, and how soon it is silent: assistant_handover.md.

    python benchmarks/assistant_handover.py [--talks N] [--seed N] [--workers N] [--kills N] [--json]

1. `--talks` talks in every order that chance brings (handover_machine.py): SQLite, one step at a time.
2. `--workers` talks with four worker processes that speak whenever they can, on a PostgreSQL server of its own.
3. `--kills` more of them in which a worker is killed (SIGKILL) in the middle of its words and another takes its place.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from common import machine
from handover_machine import TALLY, TalkMachine

STEPS = 20
MEMORY = Path("/dev/shm")
"""A disk in memory, where there is one: what is looked for is order, not what a disk takes."""


def orders(talks: int, number: int) -> dict[str, Any]:
    """The first part: what happened in so many talks."""
    before = time.process_time()
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        TalkMachine.url = f"sqlite:///{folder}/shop.db"
        checked = settings(
            max_examples=talks,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(seed(number)(TalkMachine), settings=checked)
        for store in TalkMachine.shared:
            store.close()
        TalkMachine.shared.clear()
    return {**TALLY, "cpu_s": round(time.process_time() - before)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--talks", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found: dict[str, Any] = {"machine": machine()}
    if given.talks:
        found["orders"] = orders(given.talks, given.seed)
    if given.workers or given.kills:
        from handover_workers import measure

        found |= measure(given.workers, given.kills, given.seed)
    if given.json:
        print(json.dumps(found, indent=2))
        return
    for part, told in found.items():
        print(part, told if isinstance(told, str) else "")
        for name, value in sorted(told.items()) if isinstance(told, dict) else ():
            print(f"  {name}: {value}")


if __name__ == "__main__":
    main()
