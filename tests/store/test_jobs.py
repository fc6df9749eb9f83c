"""The queue of jobs: claimed once, renewed, taken up again, ended for good. Time is what the test says."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bottega.store.jobs import ATTEMPTS_MAX, TRIES_MAX, Beat, Job, JobState, wait_ms
from bottega.store.store import Store

T = 1_700_000_000_000
LEASE = 30_000


def add(store: Store, verb: str = "tag", lane: str | None = None, **request: Any) -> int:
    return store.jobs.add(verb, request, lane=lane, now_ms=T).number


def claim(store: Store, worker: str = "ann", at: int = T, **others: Any) -> Job:
    job = store.jobs.claim(worker, now_ms=at, lease_ms=LEASE, **others)
    assert job is not None
    return job


def free(store: Store, at: int = T, **others: Any) -> bool:
    return store.jobs.claim("bob", now_ms=at, lease_ms=LEASE, **others) is not None


def now(store: Store, number: int) -> Job:
    job = store.jobs.get(number)
    assert job is not None
    return job


def test_from_asking_to_done(store: Store) -> None:
    number = add(store, "train", seed=3)
    assert (now(store, number).state, now(store, number).request) == (JobState.WAITING, {"seed": 3})
    job = claim(store)
    assert (job.number, job.state, job.worker, job.attempts, job.started_ms) == (number, JobState.RUNNING, "ann", 1, T)
    assert store.jobs.beat(job, now_ms=T + 5, lease_ms=LEASE, stage="fitting", done=2, total=7) is Beat.GO_ON
    seen = now(store, number)
    assert (seen.stage, seen.done, seen.total, seen.lease_ms) == ("fitting", 2, 7, T + 5 + LEASE)
    assert store.jobs.finish(job, {"version": "v1"}, now_ms=T + 9)
    done = now(store, number)
    assert (done.state, done.answer, done.error, done.ended_ms, done.over) == (
        JobState.DONE,
        {"version": "v1"},
        None,
        T + 9,
        True,
    )
    assert done.log == [[T, "taken up by ann"], [T + 5, "fitting"], [T + 9, "done"]]
    assert not free(store)


def test_oldest_first_and_only_verbs_that_the_worker_knows(store: Store) -> None:
    numbers = [add(store, verb) for verb in ("tag", "train", "tag")]
    assert claim(store, verbs=["train"]).number == numbers[1]
    assert not free(store, verbs=["train"])
    assert [claim(store).number, claim(store).number] == [numbers[0], numbers[2]]


def test_a_lane_runs_one_after_the_other(store: Store) -> None:
    first, second = add(store, "train", "recommend", seed=1), add(store, "train", "recommend", seed=2)
    other = add(store, "train", "vision")
    job = claim(store)
    assert job.number == first
    assert claim(store, "bob").number == other, "the lane is taken, so the next of another one"
    assert not free(store)
    store.jobs.finish(job, {}, now_ms=T)
    assert claim(store).number == second


def test_asking_again_for_what_waits_is_the_same_job(store: Store) -> None:
    first = add(store, "train", "recommend", seed=1)
    assert add(store, "train", "recommend", seed=1) == first
    assert add(store, "train", "recommend", seed=2) == first + 1
    job = claim(store)
    assert add(store, "train", "recommend", seed=1) == first + 2, "what runs may have missed the newest rows"
    store.jobs.finish(job, {}, now_ms=T)
    assert add(store, "import", upload="a") != add(store, "import", upload="a"), "without a lane each is its own"


def test_a_job_that_was_left_lying_is_taken_up_again(store: Store) -> None:
    number = add(store)
    dead = claim(store, "ann")
    assert not free(store, T + LEASE - 1)
    job = claim(store, "bob", T + LEASE)
    assert (job.number, job.worker, job.attempts, job.started_ms) == (number, "bob", 2, T)
    assert job.mark == dead.mark, "what it writes bears the same stamp"
    assert store.jobs.beat(dead, now_ms=T + LEASE, lease_ms=LEASE) is Beat.LOST
    assert not store.jobs.finish(dead, {"who": "ann"}, now_ms=T + LEASE)
    assert not store.jobs.fail(dead, {"code": "bug"}, now_ms=T + LEASE)
    assert not store.jobs.hand_back(dead, now_ms=T + LEASE)
    assert not store.jobs.release(dead, now_ms=T + LEASE)
    assert store.jobs.finish(job, {"who": "bob"}, now_ms=T + LEASE)
    assert now(store, number).answer == {"who": "bob"}


def test_a_beat_keeps_it(store: Store) -> None:
    add(store)
    job = claim(store)
    for step in range(1, 5):
        assert store.jobs.beat(job, now_ms=T + step * (LEASE - 1), lease_ms=LEASE) is Beat.GO_ON
    assert not free(store, T + 5 * (LEASE - 1) - 1)
    assert free(store, T + 4 * (LEASE - 1) + LEASE)


def test_a_job_that_kills_its_workers_fails(store: Store) -> None:
    number = add(store)
    for attempt in range(ATTEMPTS_MAX):
        assert claim(store, at=T + attempt * LEASE).attempts == attempt + 1
    assert not free(store, T + ATTEMPTS_MAX * LEASE)
    job = now(store, number)
    assert job.state is JobState.FAILED and job.error is not None
    assert job.error["code"] == "job_abandoned"
    assert "3 workers took the job up and were gone before its end." in job.error["message"]


def test_handed_back_it_waits_and_the_attempt_does_not_count(store: Store) -> None:
    number = add(store)
    for _ in range(ATTEMPTS_MAX + 2):
        job = claim(store)
        assert job.attempts == 1
        assert store.jobs.hand_back(job, now_ms=T)
        assert (now(store, number).state, now(store, number).worker) == (JobState.WAITING, None)
    assert store.jobs.hand_back(claim(store), now_ms=T, counted=True)
    assert claim(store).attempts == 2


def test_what_may_pass_is_put_off_longer_each_time_and_says_why(store: Store) -> None:
    number, clock = add(store, lane="a"), T
    for times in range(1, TRIES_MAX):
        job = claim(store, at=clock)
        assert (job.attempts, job.put_off, job.error) == (times, times - 1, None)
        assert store.jobs.put_off(job, {"code": "away"}, now_ms=clock)
        waits = now(store, number)
        assert (waits.state, waits.put_off, waits.next_ms, waits.error) == (
            JobState.WAITING,
            times,
            clock + wait_ms(times),
            {"code": "away"},
        )
        clock += wait_ms(times)
        assert not free(store, clock - 1)
    assert claim(store, at=clock).attempts == TRIES_MAX > ATTEMPTS_MAX, "these are no attempts that killed anybody"


def test_who_was_put_off_may_still_be_left_lying_as_often_as_any(store: Store) -> None:
    number, clock = add(store), T
    for times in range(1, ATTEMPTS_MAX + 1):
        store.jobs.put_off(claim(store, at=clock), {"code": "away"}, now_ms=clock)
        clock += wait_ms(times)
    for _ in range(ATTEMPTS_MAX):
        claim(store, at=clock)
        clock += LEASE
    assert not free(store, clock) and now(store, number).state is JobState.FAILED


def test_others_of_its_lane_go_ahead_of_one_that_was_put_off(store: Store) -> None:
    first, second = add(store, lane="a", n=1), add(store, lane="a", n=2)
    store.jobs.put_off(claim(store), {"code": "away"}, now_ms=T)
    assert claim(store).number == second
    assert not free(store, T + wait_ms(1)), "one of a lane at a time, put off or not"
    assert now(store, first).state is JobState.WAITING


def test_one_that_was_put_off_and_is_wished_to_end_ends(store: Store) -> None:
    number = add(store)
    job = claim(store)
    store.jobs.cancel(number, now_ms=T)
    assert store.jobs.put_off(job, {"code": "away"}, now_ms=T + 1)
    assert (now(store, number).state, now(store, number).next_ms) == (JobState.CANCELLED, None)


def test_retry(store: Store) -> None:
    failed, cancelled, put_off, done, running = (add(store, n=n) for n in range(5))
    job = claim(store)
    assert store.jobs.fail(job, {"code": "away"}, now_ms=T + 1) and not free(store, T, verbs=["none"])
    store.jobs.cancel(cancelled, now_ms=T)
    store.jobs.put_off(claim(store), {"code": "away"}, now_ms=T)
    store.jobs.finish(claim(store), {"a": 1}, now_ms=T)
    claim(store)
    for number in (done, running):
        before = now(store, number)
        assert store.jobs.retry(number, now_ms=T + 9) == before, "it is not for those"
    for number in (failed, cancelled):
        again = store.jobs.retry(number, now_ms=T + 9)
        assert again is not None and (again.state, again.attempts, again.put_off) == (JobState.WAITING, 0, 0)
        assert (again.error, again.ended_ms, again.started_ms, again.cancel) == (None, None, None, False)
    assert claim(store).number == failed and claim(store).number == cancelled and not free(store)
    again = store.jobs.retry(put_off, now_ms=T + 9)
    assert again is not None and (again.next_ms, again.put_off) == (None, 1)
    assert claim(store).number == put_off
    assert store.jobs.retry(99, now_ms=T + 9) is None


def test_failed_since(store: Store) -> None:
    early, late, _ = add(store, n=1), add(store, n=2), add(store, n=3)
    for number, at in ((early, T), (late, T + 10)):
        job = claim(store, at=at)
        assert job.number == number and store.jobs.fail(job, {"code": "bug"}, now_ms=at)
    assert [job.number for job in store.jobs.failed_since(T)] == [early, late]
    assert [job.number for job in store.jobs.failed_since(T + 1)] == [late]


def test_cancel_one_that_waits_one_that_runs_and_one_that_is_over(store: Store) -> None:
    waiting, running = add(store), add(store)
    cancelled = store.jobs.cancel(waiting, now_ms=T + 1)
    assert cancelled is not None and (cancelled.state, cancelled.ended_ms) == (JobState.CANCELLED, T + 1)
    job = claim(store)
    assert job.number == running
    wished = store.jobs.cancel(running, now_ms=T + 2)
    assert wished is not None and (wished.state, wished.cancel) == (JobState.RUNNING, True)
    assert store.jobs.beat(job, now_ms=T + 3, lease_ms=LEASE) is Beat.CANCEL
    assert store.jobs.release(job, now_ms=T + 4)
    again = store.jobs.cancel(running, now_ms=T + 5)
    assert again is not None and (again.state, again.ended_ms) == (JobState.CANCELLED, T + 4)
    assert store.jobs.cancel(99, now_ms=T) is None
    assert not free(store, T + 9 * LEASE)


@pytest.mark.parametrize("how", ["left lying", "handed back"])
def test_a_wish_to_cancel_outlives_the_worker(store: Store, how: str) -> None:
    number = add(store)
    job = claim(store)
    store.jobs.cancel(number, now_ms=T)
    if how == "handed back":
        assert store.jobs.hand_back(job, now_ms=T)
    assert not free(store, T + LEASE)
    assert now(store, number).state is JobState.CANCELLED


def test_pages_and_counts(store: Store) -> None:
    numbers = [add(store) for _ in range(5)]
    claim(store)
    page, more = store.jobs.page(limit=3)
    assert [job.number for job in page] == numbers[:1:-1]
    page, more = store.jobs.page(limit=3, before=more)
    assert [job.number for job in page] == numbers[1::-1] and more is None
    assert [job.number for job in store.jobs.page(state=JobState.RUNNING)[0]] == numbers[:1]
    assert [job.number for job in store.jobs.unfinished()] == numbers
    assert store.jobs.counts() == dict.fromkeys(JobState, 0) | {JobState.WAITING: 4, JobState.RUNNING: 1}


def test_many_workers_at_once_never_run_one_job_twice(store: Store) -> None:
    """Real threads against the real database: every job once, and of a lane never two at a time."""
    numbers = [add(store, lane=lane, n=i) for i, lane in enumerate([None, "a", "b"] * 8)]
    ran: list[int] = []
    busy: Counter[str | None] = Counter()
    counting = threading.Lock()
    failures: list[BaseException] = []
    barrier = threading.Barrier(6)

    def work(name: str) -> None:
        barrier.wait()
        try:
            while any(not job.over for job in (now(store, number) for number in numbers)):
                job = store.jobs.claim(name, now_ms=T, lease_ms=LEASE)
                if job is None:
                    continue
                with counting:
                    busy[job.lane] += 1
                heard = store.jobs.beat(job, now_ms=T, lease_ms=LEASE)
                assert heard is Beat.GO_ON and (job.lane is None or busy[job.lane] == 1)
                with counting:
                    busy[job.lane] -= 1
                ran.append(job.number)
                assert store.jobs.finish(job, {}, now_ms=T)
        except BaseException as error:  # noqa: BLE001 - shown below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(f"worker {i}",)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(ran) == numbers


STEP = st.tuples(
    st.sampled_from(
        [
            *["add", "add in a lane", "claim", "beat", "finish", "fail"],
            *["hand back", "put off", "cancel", "wait", "die"],
        ]
    ),
    st.integers(0, 2),
)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=60))
def test_whatever_three_workers_do_the_promises_hold(store: Store, steps: list[tuple[str, int]]) -> None:
    """Random interleavings against a model of who may believe what: the promises of this file's first line."""
    for left in store.jobs.unfinished():
        store.jobs.cancel(left.number, now_ms=T)
    clock = T
    while store.jobs.claim("sweeper", now_ms=clock, lease_ms=LEASE) or store.jobs.unfinished():
        clock += LEASE  # jobs of the example before that were left running end by their wish
    before = {job.number for job in store.jobs.page(limit=100_000)[0]}
    held: dict[int, Job] = {}
    until: dict[int, int] = {}
    finished: Counter[int] = Counter()
    for action, who in steps:
        job = held.get(who)
        mine = (
            job is not None
            and now(store, job.number).worker == f"w{who}"
            and (now(store, job.number).attempts == job.attempts)
        )
        if action == "add" or action == "add in a lane":
            add(store, lane="lane" if action == "add in a lane" else None, n=who)
        elif action == "wait":
            clock += LEASE // 2
        elif action == "die":
            held.pop(who, None)
        elif action == "claim" and job is None:
            claimed = store.jobs.claim(f"w{who}", now_ms=clock, lease_ms=LEASE)
            if claimed is not None:
                for other, theirs in held.items():
                    if until[other] > clock and not finished[theirs.number]:
                        assert theirs.number != claimed.number, "it was taken from a worker that was well"
                        assert claimed.lane is None or theirs.lane != claimed.lane, "two at once in a lane"
                assert claimed.attempts - claimed.put_off <= ATTEMPTS_MAX
                assert not claimed.next_ms
                held[who], until[who] = claimed, clock + LEASE
        elif job is not None and action == "cancel":
            store.jobs.cancel(job.number, now_ms=clock)
        elif job is not None and action == "beat":
            heard = store.jobs.beat(job, now_ms=clock, lease_ms=LEASE)
            assert (heard is Beat.LOST) == (not mine)
            if mine:
                until[who] = clock + LEASE
            else:
                del held[who]
        elif job is not None and action in ("finish", "fail", "hand back", "put off"):
            ends = {"finish": store.jobs.finish, "fail": store.jobs.fail, "put off": store.jobs.put_off}
            if action == "hand back":
                ended = store.jobs.hand_back(job, now_ms=clock)
            else:
                ended = ends[action](job, {"by": f"w{who}"}, now_ms=clock)
            assert ended == mine, "only who holds a job may end it"
            finished[job.number] += ended and action not in ("hand back", "put off")
            del held[who]
    for job in store.jobs.page(limit=100_000)[0]:
        if job.number not in before:
            assert finished[job.number] <= 1
            assert (job.answer is not None) == (job.state is JobState.DONE)
            assert (job.error is not None) == (job.state is JobState.FAILED) or job.next_ms or job.cancel
            assert (job.worker is not None) == (job.state is JobState.RUNNING)
            assert (job.ended_ms is not None) == job.over


def test_a_moment_that_a_wrong_clock_wrote_is_waited_for_by_nobody(store: Store) -> None:
    day = 86_400_000
    number = add(store)
    taken = claim(store, at=T + day)  # the clock was a day ahead, and the worker was gone before it was put right
    again = claim(store, "bob", at=T + LEASE)
    assert (again.number, again.attempts) == (number, 2)
    assert store.jobs.beat(taken, now_ms=T + LEASE, lease_ms=LEASE) is Beat.LOST
    assert store.jobs.finish(again, {}, now_ms=T + LEASE)
    other = add(store)
    job = claim(store, at=T + day)
    assert job.number == other and store.jobs.put_off(job, {"code": "store_unavailable"}, now_ms=T + day)
    assert free(store, at=T) and now(store, other).attempts == 2
