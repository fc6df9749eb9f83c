"""kill -9 of a worker in the middle of each kind of job: another takes it up, completes it, and doubles nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bottega.actions.jobs.ask import start_job
from bottega.actions.jobs.attempt import Terms
from bottega.actions.jobs.perform import perform
from bottega.actions.jobs.shapes import StartJobRequest
from bottega.actions.jobs.worker import Worker
from bottega.actions.recommend.shapes import TrainRequest
from bottega.actions.recommend.train import train
from bottega.actions.vision.suggestions import all_suggestions
from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.names import EventKind
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.store.jobs import Job, JobState

WORKER = "from bottega.serving.cli.main import app; app()"
PATIENCE_S = 300.0
LATER_MS = 60_000
"""Beyond any lease."""


def until(what: Callable[[], bool], why: Callable[[], object] = str) -> None:
    """Wait for another process, within reason."""
    patience = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < patience, why()
        time.sleep(0.005)


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`bottega worker` in a process of its own."""
    command = [sys.executable, "-c", WORKER, "worker", "--shop", str(folder)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def children(process: int) -> list[int]:
    """The processes that a process started."""
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ask(shop: ShopFolder, name: str, **request: Any) -> int:
    with OpenShop.open(shop.root) as opened:
        return start_job(opened, StartJobRequest(verb=name, request=request), here=True).number


def now(shop: ShopFolder, number: int) -> Job:
    job = shop.store.jobs.get(number)
    assert job is not None
    return job


def kill_in_the_middle(shop: ShopFolder, number: int, is_middle: Callable[[Job], bool]) -> None:
    """Let a worker take the job up and kill -9 it when the job is in the middle; its process must go, too."""
    with worker(shop.root) as process:
        until(lambda: is_middle(now(shop, number)) or now(shop, number).over, lambda: now(shop, number))
        started = children(process.pid)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    killed = now(shop, number)
    assert (killed.state, killed.attempts) == (JobState.RUNNING, 1), "nobody was left to say otherwise"
    assert len(started) == 1
    until(lambda: not alive(started[0]))
    assert shop.store.jobs.claim("too early", now_ms=time.time_ns() // 1_000_000, lease_ms=1) is None


def take_up_again(shop: ShopFolder, number: int) -> Job:
    """The job as a second worker leaves it, whose clock says that the lease of the first ran out."""
    terms = Terms(now_ms=lambda: time.time_ns() // 1_000_000 + LATER_MS)
    assert Worker(shop, terms=terms).run(threading.Event(), once=True) == 1
    job = now(shop, number)
    assert (job.state, job.attempts, job.error) == (JobState.DONE, 2, None)
    return job


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see processes of processes")
def test_an_import_of_events(tmp_path: Path) -> None:
    total, source = 150_000, tmp_path / "events.csv"
    rows = (f"e{i},s{i % 5000},p{i % 90},view,{1_700_000_000 + i}\n" for i in range(total))
    source.write_text("event_id,shopper_id,product_id,kind,time\n" + "".join(rows))
    with ShopFolder.open(tmp_path / "shop") as shop:
        number = ask(shop, "import_events", source=str(source))
        kill_in_the_middle(shop, number, lambda job: shop.store.events.count() > 0)
        kept = shop.store.events.count()
        assert 0 < kept < total
        job = take_up_again(shop, number)
        assert job.answer is not None
        assert (job.answer["duplicates"], job.answer["added"]) == (kept, total - kept)
        assert shop.store.events.count() == len(shop.store.events.frame()) == total


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see processes of processes")
def test_a_training(tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path / "shop") as shop:
        stock(shop)
        number = ask(shop, "train", model="next_item")
        kill_in_the_middle(shop, number, lambda job: bool(job.stage))
        job = take_up_again(shop, number)
        (run,) = shop.store.runs.all()
        assert job.answer is not None and job.answer["version"] == run.version == job.mark
        (kept,) = (shop.models / "recommend" / "next_item").iterdir()
        assert kept.name == run.version and (kept / "card.json").exists()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see processes of processes")
@pytest.mark.slow
def test_a_challenge(tmp_path: Path) -> None:
    """Killed behind the judgement: it stands, and the training that follows from it is made once."""
    with ShopFolder.open(tmp_path / "shop") as shop:
        (shop.root / "bottega.toml").write_text("challenger_margin = 1.0\n")
        stock(shop, shoppers=150, count=1500)
        with OpenShop.open(shop.root) as opened:
            before = train(opened, TrainRequest(model="popular")).version
        stock(shop, shoppers=150, first=1500, count=900)
        number = ask(shop, "challenge", model="transitions")
        kill_in_the_middle(shop, number, lambda job: shop.store.judgements.latest() is not None)
        (judged,) = shop.store.judgements.all()
        assert judged.served and [run.version for run in shop.store.runs.all()] == [before]
        job = take_up_again(shop, number)
        assert shop.store.judgements.all() == [judged]
        assert [run.version for run in shop.store.runs.all()] == [before, job.mark] and judged.version == job.mark
        assert job.answer is not None and job.answer["served"] and job.answer["run"]["version"] == job.mark
        (kept,) = (shop.models / "recommend" / "transitions").iterdir()
        assert kept.name == job.mark


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see processes of processes")
def test_tagging_the_catalogue(tmp_path: Path) -> None:
    total = 64
    with ShopFolder.open(tmp_path / "shop") as shop:
        shop.images.mkdir()
        rng = np.random.default_rng(0)
        for i in range(total):
            colour = rng.integers(0, 256, 3).tolist()
            Image.new("RGB", (48, 48), tuple(colour)).save(shop.images / f"{i}.png")
        shop.store.products.upsert([Product(id=f"p{i}", title="Mug", images=(f"{i}.png",)) for i in range(total)])
        number = ask(shop, "tag_catalogue")
        kill_in_the_middle(shop, number, lambda job: job.stage == "looking at photos")
        assert not list(all_suggestions(shop.store))
        job = take_up_again(shop, number)
        suggested = list(all_suggestions(shop.store))
        assert job.answer is not None and job.answer["looked"] == total
        assert job.answer["added"] == job.answer["open"] == len(suggested)
        assert len({(one.product_id, one.attribute, one.value) for one in suggested}) == len(suggested)
        again = perform(OpenShop(shop), job)
        assert (again["added"], again["open"]) == (0, len(suggested)), "a third time changes nothing"


def test_killed_between_the_last_two_steps_a_training_is_not_made_twice(tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path / "shop") as shop, OpenShop.open(shop.root) as opened:
        stock(shop)
        ask(shop, "train", model="popular")
        first = shop.store.jobs.claim("ann", now_ms=0, lease_ms=1)
        assert first is not None
        answer = perform(opened, first)
        second = shop.store.jobs.claim("bob", now_ms=LATER_MS, lease_ms=1)
        assert second is not None and second.attempts == 2
        assert perform(opened, second) == answer
        assert len(shop.store.runs.all()) == 1


def test_a_worker_that_is_told_to_stop_hands_the_job_back(tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path / "shop") as shop:
        stock(shop)
        number = ask(shop, "train", model="next_item")
        with worker(shop.root) as process:
            until(lambda: bool(now(shop, number).stage))
            process.terminate()
            assert process.wait(PATIENCE_S) == 0
        job = now(shop, number)
        assert (job.state, job.attempts, job.worker) == (JobState.WAITING, 0, None)
        assert not shop.store.runs.all() and not list(shop.models.rglob("*.*"))


def stock(shop: ShopFolder, *, shoppers: int = 40, first: int = 0, count: int = 400) -> None:
    """Enough for a training."""
    shop.store.products.upsert([Product(id=f"p{i}", title=f"Mug {i}", category=("Home", "Mugs")) for i in range(30)])
    rng = np.random.default_rng(first)
    events = [
        Event(
            event_id=f"e{i}",
            shopper_id=f"s{i % shoppers}",
            kind=EventKind.VIEW,
            product_id=f"p{rng.integers(30)}",
            time_ms=1_700_000_000_000 + i * 60_000,
        )
        for i in range(first, first + count)
    ]
    shop.store.events.add(events)
