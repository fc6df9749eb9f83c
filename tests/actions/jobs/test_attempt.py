"""What becomes of a job when its process answers, fails, dies, is cancelled or stopped. The processes are real."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from bottega.actions.jobs import worker as working
from bottega.actions.jobs.attempt import Terms, attempt
from bottega.actions.jobs.worker import Worker
from bottega.errors import DiskFull, FilesUnavailable
from bottega.shop.folder import ShopFolder
from bottega.store.jobs import ATTEMPTS_MAX, TRIES_MAX, Job, JobState, wait_ms

T = 1_700_000_000_000
PATIENCE_S = 60.0
SPEAK = """
import json, os, pathlib, signal, sys, time
root, number = pathlib.Path(sys.argv[1]), int(sys.argv[2])
def say(**what):
    print(json.dumps(what), flush=True)
"""
ANSWER = SPEAK + 'say(progress=["counting", 3, 7, "so far"]); say(answer={"by": number})'
NO_USE = 'say(error={"code": "events_too_few", "message": "No.", "seen": "No.", "allowed": "", "next_step": ""})'
PASSING = 'say(error={"code": "store_unavailable", "message": "Away."}, again=True)'
DIE = "os.kill(os.getpid(), signal.SIGKILL)"
HALF_WRITTEN = """
job = next(root.glob("mark-*")).name.removeprefix("mark-")
work = root / "models" / "recommend" / "blend" / ("." + job)
work.mkdir(parents=True)
say(progress=["at work", 1, 2, ""])
"""
FOREVER = SPEAK + HALF_WRITTEN + "time.sleep(600)"
DEAF = SPEAK + "signal.signal(signal.SIGTERM, signal.SIG_IGN)" + HALF_WRITTEN + "time.sleep(600)"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[ShopFolder]:
    with ShopFolder.open(tmp_path) as opened:
        yield opened


def terms(script: str, grace_s: float = 10.0) -> Terms:
    return Terms(command=(sys.executable, "-c", script), beat_s=0.01, grace_s=grace_s, now_ms=lambda: T)


def claimed(folder: ShopFolder) -> Job:
    folder.store.jobs.add("train", {}, now_ms=T)
    return claim(folder)


def claim(folder: ShopFolder) -> Job:
    job = folder.store.jobs.claim("ann", now_ms=T, lease_ms=30_000)
    assert job is not None
    (folder.root / f"mark-{job.mark}").touch()
    return job


def now(folder: ShopFolder, number: int = 1) -> Job:
    job = folder.store.jobs.get(number)
    assert job is not None
    return job


def until(what: Callable[[], bool]) -> None:
    """Wait for another process, within reason."""
    patience = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < patience, "it never came"
        time.sleep(0.01)


def test_an_answer_is_in_the_row(folder: ShopFolder) -> None:
    job = attempt(folder, claimed(folder), terms(ANSWER), threading.Event())
    assert job is not None and (job.state, job.answer, job.ended_ms) == (JobState.DONE, {"by": 1}, T)


def test_the_last_word_is_in_the_row_of_a_job_that_is_done(folder: ShopFolder) -> None:
    said = 'say(progress=["reading", 206, 225, ""]); time.sleep(0.5); say(progress=["reading", 225, 225, "all"])'
    slow = Terms(command=(sys.executable, "-c", f"{SPEAK}{said}; say(answer={{}})"), beat_s=60.0, now_ms=lambda: T)
    job = attempt(folder, claimed(folder), slow, threading.Event())
    assert job is not None and (job.state, job.done, job.total, job.note) == (JobState.DONE, 225, 225, "all")


def test_progress_is_in_the_row_while_it_runs(folder: ShopFolder) -> None:
    stop = threading.Event()
    job = claimed(folder)
    thread = threading.Thread(target=attempt, args=(folder, job, terms(FOREVER), stop))
    thread.start()
    try:
        until(lambda: now(folder).stage == "at work")
        assert (now(folder).done, now(folder).total) == (1, 2)
    finally:
        stop.set()
        thread.join()


def test_what_the_shop_lacks_fails_at_once_with_its_code(folder: ShopFolder) -> None:
    job = attempt(folder, claimed(folder), terms(SPEAK + NO_USE), threading.Event())
    assert job is not None and job.state is JobState.FAILED and job.error is not None
    assert (job.error["code"], job.attempts) == ("events_too_few", 1)


@pytest.mark.parametrize(
    ("script", "code", "message"),
    [
        (DIE, "job_abandoned", "ended 3 times without an answer, at last with signal 9."),
        ("sys.exit(7)", "job_abandoned", "at last with exit code 7."),
    ],
)
def test_what_ends_its_process_is_tried_again_but_not_for_ever(
    folder: ShopFolder, script: str, code: str, message: str
) -> None:
    job = claimed(folder)
    for number in range(1, ATTEMPTS_MAX):
        after = attempt(folder, job, terms(SPEAK + script), threading.Event())
        assert after is not None and (after.state, after.attempts) == (JobState.WAITING, number)
        job = claim(folder)
    after = attempt(folder, job, terms(SPEAK + script), threading.Event())
    assert after is not None and after.state is JobState.FAILED and after.error is not None
    assert after.error["code"] == code and message in after.error["message"]


def test_what_may_pass_is_put_off_and_tried_again_but_not_for_ever(folder: ShopFolder) -> None:
    clock = T
    folder.store.jobs.add("train", {}, now_ms=T)
    for times in range(1, TRIES_MAX + 1):
        job = folder.store.jobs.claim("ann", now_ms=clock, lease_ms=30_000)
        assert job is not None
        at = Terms(command=(sys.executable, "-c", SPEAK + PASSING), beat_s=0.01, now_ms=partial(int, clock))
        attempt(folder, job, at, threading.Event())
        after = now(folder)
        assert after.error is not None and after.error["message"] == "Away."
        if times < TRIES_MAX:
            assert (after.state, after.put_off, after.next_ms) == (JobState.WAITING, times, clock + wait_ms(times))
            clock += wait_ms(times)
    assert (now(folder).state, now(folder).attempts) == (JobState.FAILED, TRIES_MAX)


def test_on_a_full_disk_a_job_waits_and_no_attempt_is_counted(folder: ShopFolder) -> None:
    """The last attempt it has: a disk that is full for an hour must not end it."""
    script = SPEAK + 'say(error={"code": "disk_full", "message": "Full.", "seen": "Full.", "next_step": "Room."})'
    job = claimed(folder)
    for _ in range(ATTEMPTS_MAX + 2):
        with pytest.raises(DiskFull, match=r"Full\. Room\."):
            attempt(folder, job, terms(script), threading.Event())
        assert (now(folder).state, now(folder).attempts) == (JobState.WAITING, 0)
        assert "disk is full" in now(folder).note
        job = claim(folder)
    assert job.note == "" and attempt(folder, job, terms(ANSWER), threading.Event()) is not None
    assert now(folder).state is JobState.DONE


def test_a_worker_asked_to_work_once_says_that_the_disk_is_full(folder: ShopFolder) -> None:
    folder.store.jobs.add("train", {}, now_ms=T)
    script = SPEAK + 'say(error={"code": "disk_full", "message": "Full.", "seen": "Full.", "next_step": "Room."})'
    with pytest.raises(DiskFull):
        Worker(folder, terms=terms(script)).run(threading.Event(), once=True)


@pytest.mark.parametrize("script", [FOREVER, DEAF], ids=["ends when told", "must be killed"])
@pytest.mark.parametrize("how", ["cancel", "stop"])
def test_ended_midway_nothing_half_written_stays(folder: ShopFolder, how: str, script: str) -> None:
    stop = threading.Event()
    job = claimed(folder)
    ended: list[Job | None] = []
    thread = threading.Thread(
        target=lambda: ended.append(attempt(folder, job, terms(script, grace_s=0.1), stop)), daemon=True
    )
    thread.start()
    until(lambda: now(folder).stage == "at work")
    assert list(folder.models.rglob(f".{job.mark}"))
    if how == "cancel":
        folder.store.jobs.cancel(job.number, now_ms=T)
    else:
        stop.set()
    thread.join(PATIENCE_S)
    after = ended[0]
    assert after is not None
    assert after.state is (JobState.CANCELLED if how == "cancel" else JobState.WAITING)
    assert (after.worker, after.attempts) == (None, 1 if how == "cancel" else 0)
    assert not list(folder.models.rglob(f".{job.mark}"))


def test_a_job_that_was_lost_is_let_go(folder: ShopFolder) -> None:
    job = claimed(folder)
    ended: list[Job | None] = []
    thread = threading.Thread(
        target=lambda: ended.append(attempt(folder, job, terms(FOREVER), threading.Event())), daemon=True
    )
    thread.start()
    until(lambda: now(folder).stage == "at work")
    other = folder.store.jobs.claim("bob", now_ms=T + 60_000, lease_ms=30_000)
    assert other is not None
    thread.join(PATIENCE_S)
    assert ended == [None]
    assert (now(folder).worker, now(folder).state) == ("bob", JobState.RUNNING), "bob's row is as he left it"


def test_a_worker_works_off_what_waits_and_ends(folder: ShopFolder) -> None:
    for lane in ("a", "a", "b"):
        folder.store.jobs.add("train", {"seed": len(lane)}, lane=lane, now_ms=T)
    folder.store.jobs.add("unheard_of", {}, now_ms=T)
    assert Worker(folder, terms=terms(ANSWER)).run(threading.Event(), once=True) == 2
    assert [job.state.value for job in folder.store.jobs.page()[0]] == ["waiting", "done", "done"]
    assert now(folder, 1).answer == {"by": 1}


def test_workers_have_names_of_their_own(folder: ShopFolder) -> None:
    assert Worker(folder).name != Worker(folder).name


def test_jobs_go_on_while_the_files_are_away(folder: ShopFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise FilesUnavailable("The bucket is away.")

    monkeypatch.setattr(working, "sweep_uploads", away)
    folder.store.jobs.add("train", {}, now_ms=T)
    assert Worker(folder, terms=terms(ANSWER)).turn(threading.Event())
    assert now(folder).state is JobState.DONE
