"""A talk in every order that chance brings, and worker processes that speak while a person takes their talks over.

A quick share of what benchmarks/assistant_handover.py does ten thousand times.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from handover_machine import TALLY, TalkMachine
from handover_workers import takeovers
from postgresql_server import empty_schema


def test_in_no_order_does_the_assistant_speak_while_a_person_has_the_word(tmp_path: Path) -> None:
    TALLY.clear()
    TalkMachine.url = f"sqlite:///{tmp_path / 'shop.db'}"
    few = settings(
        max_examples=40,
        stateful_step_count=20,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(TalkMachine, settings=few)
    finally:
        for store in TalkMachine.shared:
            store.close()
        TalkMachine.shared.clear()
    assert TALLY["after"] == 0 and TALLY["talks"] >= 40
    assert TALLY["kept"] and TALLY["turned down"], "both came about, so something was tried"


@pytest.mark.postgres
def test_of_four_worker_processes_none_speaks_after_the_person_nor_after_one_was_killed(
    postgresql_server: str,
) -> None:
    found = takeovers(empty_schema(postgresql_server), talks=4, kills=2, seed=3)
    assert found["words"] > 0
    assert (found["after"], found["late"], found["lost"]) == (0, 0, 0)
