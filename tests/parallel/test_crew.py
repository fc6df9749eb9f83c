"""A crew of processes gives what one process gives, in order, and ends with whoever asked."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.parallel.portions import drawn, never_ends, refused, threads, vanishes, written

from bottega.errors import BottegaError, CrewUnavailable, LetterNotTaken, RowInvalid, SettingsInvalid
from bottega.parallel.crew import HERE, Crew, in_order
from bottega.parallel.packed import read_file, write_file

ROWS: dict[str, Any] = {"rows": np.random.default_rng(0).standard_normal((200, 50)), "name": "rows"}
TWO = Crew(processes=2)


def test_two_processes_give_what_one_gives_in_order() -> None:
    told: list[tuple[int, int | None]] = []
    one = list(in_order(drawn, range(9), {**ROWS}, HERE, task="drawing"))
    two = list(
        in_order(
            drawn, range(9), ROWS, TWO, task="drawing", progress=lambda task, n, of=None, note="": told.append((n, of))
        )
    )
    assert [value for _, value in one] == [value for _, value in two]
    assert {pid for pid, _ in one} == {os.getpid()} and os.getpid() not in {pid for pid, _ in two}
    assert told == [(n, 9) for n in range(10)]


def test_nothing_is_started_for_nothing_nor_for_one_portion() -> None:
    assert list(in_order(drawn, [], ROWS, TWO, task="drawing")) == []
    assert next(in_order(drawn, [1], ROWS, TWO, task="drawing"))[0] == os.getpid()


def test_what_one_process_writes_into_shared_arrays_no_other_sees(tmp_path: Path) -> None:
    lengths = write_file(ROWS, tmp_path / "shared")
    one, other = (read_file(tmp_path / "shared", lengths) for _ in range(2))
    assert written(0, one, lambda *_, **__: None) == float(ROWS["rows"].sum())
    assert not one["rows"].any() and np.array_equal(other["rows"], ROWS["rows"]) and other["name"] == "rows"
    assert np.array_equal(read_file(tmp_path / "shared", lengths)["rows"], ROWS["rows"])


def test_each_process_computes_on_one_thread_and_the_environment_stays() -> None:
    before = dict(os.environ)
    assert set(in_order(threads, range(2), None, TWO, task="asking")) == {(1, "1")}
    assert dict(os.environ) == before


def test_an_error_comes_back_whole_and_ends_the_rest() -> None:
    results = in_order(refused, range(9), None, TWO, task="reading")
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(RowInvalid, match=r"Row 3 is odd\. Even ones\. Leave it out\.") as caught:
        next(results)
    assert (caught.value.field, caught.value.rule, caught.value.allowed) == ("size", "even", "Even ones.")
    with pytest.raises(LetterNotTaken) as other:
        list(in_order(refused, [4, 5, 6], None, TWO, task="reading"))
    assert other.value.again is False


@pytest.mark.parametrize("kind", BottegaError.__subclasses__())
def test_every_error_can_be_sent(kind: type[BottegaError]) -> None:
    error = kind("This was seen.", allowed="That is allowed.", next_step="Do this.")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind and again.as_dict() == error.as_dict() and str(again) == str(error)


def test_a_process_that_dies_is_told_of() -> None:
    with pytest.raises(CrewUnavailable, match="Lower the setting `processes`"):
        list(in_order(vanishes, range(4), None, TWO, task="vanishing"))


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").exists() and Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"


def soon(check: Callable[[], bool]) -> bool:
    for _ in range(600):
        if check():
            return True
        time.sleep(0.05)
    return False


def test_whoever_stops_reading_ends_the_processes(tmp_path: Path) -> None:
    places = [tmp_path / "0", tmp_path / "1"]

    class Enough(Exception):
        pass

    def progress(task: str, done: int, total: int | None = None, note: str = "") -> None:
        if done == 1:
            assert soon(lambda: (tmp_path / "1").exists() and (tmp_path / "1").read_text() != "")
            raise Enough

    with pytest.raises(Enough):
        list(in_order(quick_then_never, [None, places[1]], None, TWO, task="waiting", progress=progress))
    assert gone(int((tmp_path / "1").read_text()))


def quick_then_never(place: Path | None, shared: None, progress: object) -> int:
    return 0 if place is None else never_ends(place, shared, lambda *_, **__: None)


def test_processes_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "from pathlib import Path\n"
        "from bottega.parallel.crew import Crew, in_order\n"
        "from tests.parallel.portions import never_ends\n"
        "if __name__ == '__main__':\n"
        f"    places = [Path({str(tmp_path)!r}) / str(n) for n in range(2)]\n"
        "    list(in_order(never_ends, places, None, Crew(2), task='waiting'))\n"
    )
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root / "src"), str(root)])
    with subprocess.Popen([sys.executable, str(script)], env={**os.environ, "PYTHONPATH": path}) as parent:
        places = [tmp_path / "0", tmp_path / "1"]
        assert soon(lambda: all(one.exists() and one.read_text() for one in places))
        pids = [int(one.read_text()) for one in places]
        parent.send_signal(signal.SIGKILL)
    assert all(soon(lambda pid=pid: gone(pid)) for pid in pids)  # type: ignore[misc]


def test_ray_that_is_not_installed_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(SettingsInvalid, match=r"pip install 'bottega\[ray\]'"):
        list(in_order(drawn, range(2), ROWS, Crew(ray="auto"), task="drawing"))


def test_nothing_of_ray_is_loaded_unless_it_is_asked_for() -> None:
    code = (
        "import sys\nfrom bottega.parallel.crew import Crew, in_order\n"
        "from tests.parallel.portions import refused\n"
        "assert list(in_order(refused, [1, 2], None, Crew(), task='t')) == [1, 2]\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] == 'ray' or name.endswith('on_ray')]\n"
    )
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root / "src"), str(root)])
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": path})
