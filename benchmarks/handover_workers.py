"""Worker processes that speak whenever they can, on PostgreSQL, while a person takes their talks over.

Each of the workers hears a line (a button now and then), answers in pieces as fast as it can, tries words of before a
second time, and lets timers fire with the fence that they were set under. The person speaks at a moment of chance, and
nothing tells the workers so but the store. All clocks are the machine's one monotonic clock.

    python benchmarks/handover_workers.py URL NUMBER      one worker: it reads talks from its input, a line each
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from bottega.actions.talks.speaking import Ended, spoken
from bottega.names import LineBy, Owner
from bottega.store.store import Store
from bottega.store.talks import TalkLine
from handover_machine import spoken_out_of_turn
from postgresql_server import empty_schema, postgresql_programs, postgresql_server

__all__ = ["measure", "takeovers"]

WORKERS = 4
PIECES = 400
"""More than anybody can say before the person comes."""
PAUSE_S = 0.002
"""Between two pieces of one answer, at most: a page shows no more of them."""
T = 1_780_000_000_000


def worker(url: str, number: int) -> None:
    """Answer talk after talk; of each, one line of JSON: when its last piece was kept, and when it was silenced."""
    with Store.open(url) as store:
        print("ready", flush=True)
        for asked in sys.stdin:
            talk_id, chance = asked.split()
            print(json.dumps(_answered(store, talk_id, random.Random(f"{chance} {number}"))), flush=True)


def _answered(store: Store, talk_id: str, rng: random.Random) -> dict[str, Any]:
    talks = store.talks
    kept_s, tried = 0.0, 0
    body = {"button": "more"} if rng.random() < 0.3 else {}
    talk = talks.hear(talk_id, TalkLine(LineBy.SHOPPER, "a lamp", body=body), now_ms=T)
    pieces = (TalkLine(LineBy.ASSISTANT, f"piece {place}") for place in range(PIECES))
    for piece in spoken(talks, talk_id, talk.fence, pieces, lambda: {"turn": talk.turns}, clock_ms=lambda: T):
        if isinstance(piece, Ended):
            break
        kept_s = time.monotonic()
        if rng.random() < 0.2:  # a second try of a word, or a timer that was set with this fence
            tried += 1
            if talks.say(talk_id, talk.fence, TalkLine(LineBy.ASSISTANT, "still there?"), now_ms=T):
                kept_s = time.monotonic()
        time.sleep(rng.random() * PAUSE_S)
    silent_s = time.monotonic()
    late = talks.say(talk_id, talk.fence, TalkLine(LineBy.ASSISTANT, "a timer of before"), now_ms=T)
    return {"kept_s": kept_s, "silent_s": silent_s, "tried": tried, "late": late}


class _Process:
    """A worker, as its parent has it."""

    def __init__(self, url: str, number: int) -> None:
        command = [sys.executable, str(Path(__file__)), url, str(number)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        ready = self._process.stdout.readline().strip()
        assert ready == "ready", ready

    def ask(self, talk_id: str, chance: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{talk_id} {chance}\n")
        self._process.stdin.flush()

    def told(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        found: dict[str, Any] = json.loads(self._process.stdout.readline())
        return found

    def kill(self) -> None:
        """As the kernel does it, without a last word."""
        self._process.kill()
        self.close()

    def close(self) -> None:
        """No more talks; returns when it has ended."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def _close_all(processes: list[_Process]) -> None:
    for one in processes:
        one.close()


def takeovers(url: str, talks: int, kills: int, seed: int) -> dict[str, Any]:
    """So many talks taken over, and `kills` more in which a worker is killed first; what came of them.

    `silence_ms`: of each talk, from the person's first word (before it is sent) to the last piece of any worker that
    was kept. `noticed_ms`: until every worker had noticed.
    """
    rng = random.Random(seed)
    silence: list[float] = []
    noticed: list[float] = []
    after = late = words = lost = 0
    with Store.open(url) as store, ExitStack() as stack:
        processes = [_Process(url, number) for number in range(WORKERS)]
        stack.callback(_close_all, processes)
        for place in range(talks + kills):
            talk_id = f"t-{place}"
            store.talks.open(talk_id, shopper=None, language="en", now_ms=T)
            for each in processes:
                each.ask(talk_id, f"{seed} {place}".replace(" ", "-"))
            time.sleep(0.01 + rng.random() * 0.1)
            killed = rng.randrange(WORKERS) if place >= talks else None
            if killed is not None:
                processes[killed].kill()
                processes[killed] = _Process(url, killed)
                processes[killed].ask(talk_id, f"again-{place}")
                time.sleep(rng.random() * 0.05)
            first_s = time.monotonic()
            talk = store.talks.speak(talk_id, TalkLine(LineBy.PERSON, "Mia here.", name="Mia"), now_ms=T)
            told = [each.told() for each in processes]
            lines = store.talks.lines(talk_id)
            after += spoken_out_of_turn(lines)
            lost += [line.number for line in lines] != list(range(1, len(lines) + 1))
            late += sum(one["late"] for one in told)
            words += sum(line.by is LineBy.ASSISTANT for line in lines)
            silence.append(max(0.0, max(one["kept_s"] for one in told) - first_s) * 1000)
            noticed.append(max(0.0, max(one["silent_s"] for one in told) - first_s) * 1000)
            found = store.talks.get(talk_id)
            assert found is not None
            lost += found.owner is not Owner.PERSON or found.fence != talk.fence
            back = store.talks.give_back(talk_id, by="Mia", now_ms=T)
            again = store.talks.say(talk_id, back.fence, TalkLine(LineBy.ASSISTANT, "Here I am again."), now_ms=T)
            lost += not again
    return {
        "talks": talks + kills,
        "killed": kills,
        "words": words,
        "after": after,
        "late": late,
        "lost": lost,
        **{f"silence_ms_p{one}": round(float(np.percentile(silence, one)), 1) for one in (50, 95, 99)},
        **{f"noticed_ms_p{one}": round(float(np.percentile(noticed, one)), 1) for one in (50, 95, 99)},
    }


def measure(talks: int, kills: int, seed: int) -> dict[str, Any]:
    """The second and the third part of the benchmark; none where PostgreSQL's programs are not here."""
    programs = postgresql_programs()
    if programs is None:
        return {"workers": "PostgreSQL's server programs (initdb, pg_ctl) are not here"}
    with postgresql_server(programs) as server:
        return {
            "workers": takeovers(empty_schema(server), talks, 0, seed),
            "kills": takeovers(empty_schema(server), 0, kills, seed),
        }


if __name__ == "__main__":
    worker(sys.argv[1], int(sys.argv[2]))
