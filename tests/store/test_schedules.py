"""A moment of a schedule is asked for once, by whoever sees first that it is due."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

from bottega.store.jobs import Job, JobState
from bottega.store.store import Store

T = 1_700_000_000_000
DAY = 86_400_000
LATE = 6 * 3_600_000


def ask(store: Store, due_ms: int, now_ms: int | None = None, **more: Any) -> Job | None:
    now_ms = due_ms if now_ms is None else now_ms
    given = {"due_ms": due_ms, "late_ms": LATE, "now_ms": now_ms, "lane": "train", **more}
    return store.schedules.ask("challenge", {}, **given)


def test_a_moment_is_asked_for_once(store: Store) -> None:
    assert ask(store, T) is None, "who has just switched it on waits for the next one"
    assert ask(store, T) is None
    job = ask(store, T + DAY)
    assert job is not None and (job.verb, job.lane, job.state) == ("challenge", "train", JobState.WAITING)
    assert ask(store, T + DAY) is None and ask(store, T) is None
    assert store.jobs.counts()[JobState.WAITING] == 1


def test_a_moment_long_past_is_left_out(store: Store) -> None:
    store.schedules.begin("challenge", T)
    assert ask(store, T + DAY, T + DAY + LATE + 1) is None
    assert ask(store, T + DAY, T + DAY + LATE + 2) is None, "it was dealt with"
    assert ask(store, T + 2 * DAY, T + 2 * DAY + LATE) is not None


def test_switching_on_begins_anew(store: Store) -> None:
    store.schedules.begin("challenge", T)
    store.schedules.begin("challenge", T + DAY)
    assert ask(store, T + DAY) is None and ask(store, T + 2 * DAY) is not None
    store.schedules.begin("challenge", T)
    assert ask(store, T + DAY) is not None, "an earlier time of day was chosen"


def test_what_waits_already_is_not_asked_for_twice(store: Store) -> None:
    store.schedules.begin("challenge", T)
    first, second = ask(store, T + DAY), ask(store, T + 2 * DAY)
    assert first is not None and second is not None and first.number == second.number


def test_threads_that_look_at_once_ask_for_one_job(store: Store) -> None:
    store.schedules.begin("challenge", T)
    found: list[Job | None] = []
    barrier = threading.Barrier(8)

    def look() -> None:
        barrier.wait()
        found.append(ask(store, T + DAY))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in found if one]) == 1 == store.jobs.counts()[JobState.WAITING]


LOOK = """
import sys
from bottega.store.store import Store
url, first_ms, moments = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with Store.open(url) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    asked = 0
    for moment in range(moments):
        due_ms = first_ms + moment
        given = {"due_ms": due_ms, "late_ms": 10**9, "now_ms": due_ms, "lane": "train"}
        job = store.schedules.ask("challenge", {"moment": moment}, **given)
        asked += job is not None
    print(asked, flush=True)
"""


def test_processes_that_look_at_once_ask_for_one_job_a_moment(store: Store, store_url: str) -> None:
    moments = 50
    store.schedules.begin("challenge", T)
    command = [sys.executable, "-c", LOOK, store_url, str(T + 1), str(moments)]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(3)]
    for one in processes:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    for one in processes:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [int(one.communicate(timeout=120)[0]) for one in processes]
    # One that runs ahead makes the others' moments old, so that some are asked for by nobody: never by two.
    asked = [job.request["moment"] for job in store.jobs.unfinished()]
    assert len(asked) == len(set(asked)) == sum(said) and moments - 1 in asked
