"""kill -9 of a run of letters, behind its look, and in the middle of a hand-over: nobody is written to twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.actions.messages.mail_stand_in import mail_stand_in
from tests.actions.messages.test_letters import opened, tell
from tests.journeys.test_jobs_kill_nine import LATER_MS, alive, children, until

from bottega.actions.jobs.attempt import Terms
from bottega.actions.jobs.schedule import ask_when_due, set_schedule
from bottega.actions.jobs.worker import Worker
from bottega.actions.messages.report import letters_sent
from bottega.actions.messages.shapes import LettersRequest
from bottega.events.event import Event
from bottega.names import EventKind
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.schedules import LETTERS
from bottega.store.jobs import JobState

HOUR = 3_600_000
WAITS = """
import sys, time
from pathlib import Path
from bottega.actions.jobs.process import main
from bottega.actions.messages import send, ways

def first_then_wait(what):
    def done(*given):
        found = what(*given)
        Path(sys.argv[1], "reached").touch()
        time.sleep(600)
        return found
    return done

def wait_then(what):
    def done(self, letter):
        if letter.shopper != SECOND:
            return what(self, letter)
        Path(sys.argv[1], "reached").touch()
        time.sleep(600)
    return done

SECOND = "bob"
WHERE = __WHERE__
if WHERE == "behind the look":
    send.look_at_products = first_then_wait(send.look_at_products)
else:
    ways._BySmtp.hand_over = wait_then(ways._BySmtp.hand_over)
main()
"""
"""A job's process that stops in the middle, where a test wants it."""
WORKER = """
import json, sys, threading, time
from pathlib import Path
from bottega.actions.jobs.attempt import Terms
from bottega.actions.jobs.worker import Worker
from bottega.shop.folder import ShopFolder
command, ahead_ms = json.loads(sys.argv[2]), int(sys.argv[3])
with ShopFolder.open(Path(sys.argv[1])) as folder:
    terms = Terms(command=tuple(command), now_ms=lambda: time.time_ns() // 1_000_000 + ahead_ms)
    Worker(folder, terms=terms).run(threading.Event())
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to see processes of processes")
@pytest.mark.parametrize(
    ("where", "written_to"),
    [
        pytest.param("behind the look", ["ana", "bob", "cy"], marks=pytest.mark.slow),
        ("in a hand-over", ["ana", "cy"]),
    ],
)
def test_a_run_by_schedule(tmp_path: Path, where: str, written_to: list[str]) -> None:
    """Two workers look for work; the run of one is killed, others end it; whom it may have written to is left."""
    began = time.time_ns() // 1_000_000
    with opened(tmp_path) as shop, mail_stand_in() as post:
        stock(shop)
        way = f'letters_smtp = "smtp://127.0.0.1:{post.port}"\nletters_from = "shop@nord.example"\n'
        (tmp_path / "bottega.toml").write_text((tmp_path / "bottega.toml").read_text() + way)
        set_schedule(shop.folder, "1h", began, of=LETTERS)
        command = [sys.executable, "-c", WAITS.replace("__WHERE__", repr(where))]
        words = [sys.executable, "-c", WORKER, str(tmp_path), json.dumps(command), str(HOUR)]
        workers = [subprocess.Popen(words) for _ in range(2)]
        try:
            until(lambda: (tmp_path / "reached").exists(), lambda: shop.store.jobs.page())
            (job,) = shop.store.jobs.unfinished()
            assert (job.verb, job.state, job.attempts) == ("send_messages", JobState.RUNNING, 1), (
                "one of the two has it"
            )
            started = [one for worker in workers for one in children(worker.pid)]
            assert len(started) == 1
        finally:
            for worker in workers:
                os.kill(worker.pid, signal.SIGKILL)
                worker.wait()
        until(lambda: not alive(started[0]))
        running = letters_sent(shop, LettersRequest()).last_run
        assert running is not None and (running.state, running.sent) == ("running", None)
        assert len(post.letters) == (0 if where == "behind the look" else 1)
        later = Terms(now_ms=lambda: time.time_ns() // 1_000_000 + HOUR + LATER_MS)
        threads = [threading.Thread(target=work, args=(shop.folder, later)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not ask_when_due(shop.folder, later.now_ms()), "the moment was asked for, and is not again"
        ended = shop.store.jobs.get(job.number)
        assert ended is not None and (ended.state, ended.attempts) == (JobState.DONE, 2)
        again = Terms(now_ms=lambda: time.time_ns() // 1_000_000 + 2 * HOUR + LATER_MS)
        work(shop.folder, again)
        assert len(shop.store.jobs.page()[0]) == 2, "the next hour has its own run"
        got = Counter(mail["To"].partition("@")[0] for mail in post.letters)
        assert got == Counter(written_to), "each once, and nobody twice"
        states = {who: [one.state for one in shop.store.letters.of_shopper(who)] for who in ("ana", "bob", "cy")}
        assert states == {who: ["sent" if who in written_to else "sending"] for who in states}


def work(folder: ShopFolder, terms: Terms) -> None:
    Worker(folder, terms=terms).run(threading.Event(), once=True)


def stock(shop: OpenShop) -> None:
    """Three who left a cart and agreed."""
    left = time.time_ns() // 1_000_000 - 6 * HOUR
    shop.record([Event(shopper_id="cy", kind=EventKind.ADD_TO_CART, product_id="mug", time_ms=left)])
    for who in ("bob", "cy"):
        tell(shop, who, email=f"{who}@x.example")
