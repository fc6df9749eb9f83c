"""Faults put in one by one under a running shop: what users saw, what was lost, how it came back.

    python benchmarks/faults.py                     every fault, some ten minutes
    python benchmarks/faults.py --fault slow-disk   this one (again for more)

For each: `bottega serve` and `bottega worker` on a small demo shop, steady traffic (faults_traffic.py), a job in the
queue. The fault is put in, stays, is taken away; nobody touches anything else. Counted are answers by status from the
first moment of the fault to its end, then seconds until the last answer that was not right, and at last, with the
server stopped, every event that was acknowledged is looked for in the database.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from bottega.parallel.variables import variables
from common import BOTTEGA, machine
from faults_machine import Worker, demo_shop
from faults_put_in import FAULTS, Place
from faults_traffic import KINDS, Said, Traffic, ask
from serving import Server

BEFORE_S = 4.0
"""Traffic before the fault."""
WELL_S = 6.0
"""So long everything must have been right to count as back."""
AFTER_S = 90.0
"""Longest that is waited for that."""
JOBS_S = 150.0
"""Longest that jobs are waited for."""


# --- jobs -----------------------------------------------------------------------------------------------------------


def _start_job(place: Place, verb: str, request: dict[str, Any]) -> int:
    """Ask for a job until it is taken; its number."""
    body = {"verb": verb, "request": request}
    while True:
        status, found, _ = ask(place.port, place.key, "/v1/jobs", body, patience_s=60)
        if status < 300:
            return int(found["number"])
        time.sleep(0.5)


# --- one fault ------------------------------------------------------------------------------------------------------


def show(name: str, shop: Path, work: Path) -> dict[str, Any] | str:
    """Put one fault in, and what came of it; why it cannot be shown here, as text."""
    work.mkdir(parents=True)
    with ExitStack() as stack:
        found = stack.enter_context(FAULTS[name](shop, work))
        if isinstance(found, str):
            return found
        place, fault = found
        variables = stack.enter_context(_environment(place.settings))
        products, shoppers, words = _asked_about(place)
        with (
            Server([BOTTEGA, "serve", "--shop", place.shop], place.log, BOTTEGA_WORKER="false", **variables) as server,
            Worker(place.shop, place.log.with_suffix(".worker"), **variables) as worker,
        ):
            place.port, place.worker = server.port, worker
            traffic = Traffic(place.port, place.key, products=products, shoppers=shoppers, words=words)
            traffic.start()
            _start_job(place, "check", {})
            _until_over(place)  # the worker is there
            time.sleep(BEFORE_S)
            _start_job(place, *place.job)
            began_s = time.monotonic()
            fault()
            ended_s = time.monotonic()
            _until_well(traffic, ended_s)
            traffic.stop()
            states = _until_over(place)
        missing = sorted({one.event_id for one in traffic.said if one.event_id} - _stored(place))
    return _counted(traffic.said, began_s, ended_s) | {
        "fault": name,
        "jobs": [job for job in states if job["verb"] != "check"],
        "missing": missing,
        "by_hand": place.by_hand,
        "job_said": place.job_said,
        "log": _worst_of_log(place.log) + _worst_of_log(place.log.with_suffix(".worker")),
    }


@contextmanager
def _environment(settings: dict[str, str]) -> Iterator[dict[str, str]]:
    """The settings in this process too, but for what is loaded into others."""
    ours = {name: value for name, value in settings.items() if name.startswith(("BOTTEGA_", "AWS_"))}
    with variables(ours):
        yield settings


def _asked_about(place: Place) -> tuple[list[str], list[str], list[str]]:
    """Products, shoppers and words to ask about; the place gets a key."""
    from bottega.shop.folder import ShopFolder

    with ShopFolder.open(place.shop) as folder:
        place.key = folder.store.keys.create("faults")
        products = [one for one in folder.store.products.all() if one.recommendable]
        shoppers = folder.store.events.frame()["shopper"].unique(maintain_order=True).to_list()
    words = sorted({word for one in products for word in one.title.lower().split() if word.isalpha() and len(word) > 3})
    return [one.id for one in products], shoppers, words


def _stored(place: Place) -> set[str]:
    from sqlalchemy import select

    from bottega.shop.folder import ShopFolder
    from bottega.store.tables import events

    with ShopFolder.open(place.shop) as folder, folder.store.database.read() as connection:
        return set(connection.execute(select(events.c.event_id)).scalars())


def _until_well(traffic: Traffic, ended_s: float) -> None:
    """Until every request that was sent in the last seconds was answered right."""
    while time.monotonic() - ended_s < AFTER_S:
        time.sleep(0.5)
        now_s = time.monotonic()
        lately = [one for one in list(traffic.said) if one.answered_s > max(ended_s, now_s - WELL_S)]
        if now_s - ended_s > WELL_S and lately and all(one.right for one in lately):
            return


def _until_over(place: Place) -> list[dict[str, Any]]:
    until_s = time.monotonic() + JOBS_S
    while True:
        _, found, _ = ask(place.port, place.key, "/v1/jobs?n=100", patience_s=60)
        jobs = [dict(job) for job in found["jobs"]]
        if all(job["state"] not in ("waiting", "running") for job in jobs) or time.monotonic() > until_s:
            kept = ("number", "verb", "state", "attempts", "put_off", "note", "error")
            return [{name: job.get(name) for name in kept} for job in jobs]
        time.sleep(1.0)


def _counted(said: list[Said], began_s: float, ended_s: float) -> dict[str, Any]:
    during = [one for one in said if began_s <= one.sent_s <= ended_s]
    late = [one for one in said if one.answered_s > ended_s and not one.right]
    wrong_after = [one.answered_s for one in late]
    by_kind = {
        kind: dict(Counter("right" if one.right else str(one.status) for one in during if one.kind == kind))
        for kind in KINDS
    }
    words = Counter(one.error.get("message", "") for one in during if not one.right)
    refused = [one for one in during if one.status >= 500]
    return {
        "seconds": round(ended_s - began_s, 1),
        "by_kind": by_kind,
        "status": dict(Counter(one.status for one in during)),
        "errors": dict(words.most_common(6)),
        "without_retry_after": sum(not one.retry_after for one in refused if one.status == 503),
        "longest_s": round(max((one.answered_s - one.sent_s for one in during), default=0.0), 1),
        "back_s": round(max(wrong_after, default=ended_s) - ended_s, 1),
        "wrong_after": dict(Counter(f"{one.kind} {one.status} {one.error.get('message', '')[:100]}" for one in late)),
        "acknowledged": len({one.event_id for one in said if one.event_id}),
    }


def _worst_of_log(log: Path) -> list[str]:
    """Errors of the log, traces among them, each once."""
    found: Counter[str] = Counter()
    for line in log.read_text(errors="replace").splitlines() if log.exists() else ():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if told.get("level") == "error":
            trace = str(told.get("exception", "")).strip().splitlines()
            found[f"{told['event']} {told.get('route', '')} {trace[-1] if trace else ''}".strip()] += 1
    return [f"{count} x {text}" for text, count in found.most_common(5)]


# --- telling --------------------------------------------------------------------------------------------------------


def tell(found: dict[str, Any] | str, name: str) -> None:
    """Print a fault's part of the page."""
    print(f"\n### {name}\n")
    if isinstance(found, str):
        print(f"Not shown: {found}.")
        return
    print("| asked meanwhile | right | refused (503) | else |\n|---|---|---|---|")
    for kind, counts in found["by_kind"].items():
        other = {what: count for what, count in counts.items() if what not in ("right", "503")}
        named = ", ".join(f"{count} x {_NOT_RIGHT.get(what, what)}" for what, count in other.items())
        print(f"| {kind} | {counts.get('right', 0)} | {counts.get('503', 0)} | {named or '-'} |")
    print(f"\n- It lasted {found['seconds']:.0f} s; the longest answer took {found['longest_s']:.1f} s.")
    missing = len(found["missing"])
    print(f"- Acknowledged: {found['acknowledged']:,} events; missing afterwards: {missing}.")
    print(f"- Right again {found['back_s']:.1f} s after its end; done by hand: {found['by_hand']}.")
    if found["without_retry_after"]:
        print(f"- 503 without Retry-After: {found['without_retry_after']}.")
    for words, count in list(found["errors"].items())[:3]:
        print(f"- Said {count} times: {words}")
    if found["job_said"]:
        print(f"- The job was put off: {found['job_said']}")
    for job in found["jobs"]:
        error = f": {job['error']['message']}" if job["error"] else ""
        tries = f", taken up {job['attempts']} times" if job["attempts"] != 1 else ""
        print(f"- Job `{job['verb']}`: {job['state']}{tries}{error}")
    for line in found["log"]:
        print(f"- In the log as an error: {line}")


_NOT_RIGHT = {"0": "no answer in time", "200": "not as before"}
"""What an answer that was neither right nor refused is called."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fault", action="append", choices=list(FAULTS), help="only this one; may be repeated")
    parser.add_argument("--work", type=Path, help="a folder to work in, which is kept with its demo shop and its logs")
    parser.add_argument("--json", type=Path, help="a file that gets a line of all that was counted of each fault")
    parser.add_argument("--tell", type=Path, help="put nothing in: print what such a file has")
    chosen = parser.parse_args()
    print(machine())
    if chosen.tell:
        for line in chosen.tell.read_text().splitlines():
            tell(json.loads(line), json.loads(line)["fault"])
        return
    with ExitStack() as stack:
        work = chosen.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shop = demo_shop(work)
        for name in chosen.fault or FAULTS:
            found = show(name, shop, work / f"{name}-{uuid4().hex[:6]}")
            if chosen.json and not isinstance(found, str):
                with chosen.json.open("a") as kept:
                    kept.write(json.dumps(found) + "\n")
            tell(found, name)


if __name__ == "__main__":
    main()
