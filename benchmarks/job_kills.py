"""Jobs that are killed by kill -9, once in their middle and once behind their last step: taken up a third time, they
leave what one undisturbed run leaves.

One process loads what jobs need and stays out of the store; a child of it does each attempt and kills itself where it
is told to, so that no attempt pays for loading. What a shop holds is told by its tables and its files: how many rows
each table has, how many files each folder.

    python benchmarks/job_kills.py            every kind
    python benchmarks/job_kills.py train ...  these
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import wave
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from sqlalchemy import func, select

from bottega.actions.jobs.ask import LATER, start_job
from bottega.actions.jobs.shapes import StartJobRequest
from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.names import EventKind
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.trained.runs import sweep_unfinished
from bottega.store.jobs import Job
from bottega.store.tables import metadata
from clothes_shop import few, film, make_clothes_shop

__all__ = [
    "ELSEWHERE",
    "QUICK",
    "TRIED",
    "UNTRIED",
    "Attempts",
    "Tried",
    "attempts",
    "killed_and_taken_up",
    "make_shop",
]

ELSEWHERE = {
    "connect": "tests/journeys/test_connect_kill.py",
    "send_messages": "tests/journeys/test_letters_kill_nine.py",
}
"""Kinds that need somebody else's machine, and the journey that kills them."""
UNTRIED: dict[str, str] = {}
"""Kinds that nothing kills yet, and why."""
PRODUCTS, SHOPPERS, EVENTS = 24, 30, 700
_LATER_MS = 120_000
"""Beyond any lease."""


@dataclass(frozen=True)
class Tried:
    """How one kind of job is asked for."""

    request: Callable[[Path], dict[str, Any]] = lambda _: {}
    """Given the folder of files beside the shop."""
    clothes: bool = False
    """Whether it is tried in the shop of clothes, else in that of mugs."""
    less: Callable[[], object] = lambda: None
    """What makes it short, in the process that tries it: bounds alone, never how it keeps what it made."""
    before: Callable[[OpenShop], object] = field(default=lambda _: None)
    """What the shop needs first."""


def _table(name: str, rows: list[str]) -> Callable[[Path], dict[str, Any]]:
    def write(beside: Path) -> dict[str, Any]:
        (beside / name).write_text("\n".join(rows) + "\n")
        return {"source": str(beside / name)}

    return write


def _song(beside: Path) -> dict[str, Any]:
    with wave.open(str(beside / "song.wav"), "wb") as song:
        song.setparams((1, 2, 8000, 0, "NONE", ""))
        song.writeframes((np.sin(np.arange(16_000) / 9) * 9000).astype("<i2").tobytes())
    return {"source": str(beside / "song.wav"), "product_id": "p0", "template": "mug", "shopper": "s1"}


def _keep_two_months(shop: OpenShop) -> None:
    (shop.folder.root / "bottega.toml").write_text("events_kept_months = 2\n")


def _train(model: str) -> Callable[[OpenShop], object]:
    def before(shop: OpenShop) -> None:
        from bottega.actions.recommend.shapes import TrainRequest
        from bottega.actions.recommend.train import train

        train(shop, TrainRequest(model=model))

    return before


TRIED: dict[str, Tried] = {
    "train": Tried(lambda _: {"model": "transitions"}),
    "challenge": Tried(lambda _: {"model": "popular"}),
    "evaluate": Tried(lambda beside: {"models": ["popular"], "html": str(beside / "report.html")}),
    "rescue_catalogue": Tried(lambda _: {"product_ids": ["p0", "p1", "p2"]}),
    "recolour_missing": Tried(clothes=True),
    "dress_catalogue": Tried(lambda _: {"product_ids": ["tee-red", "tee-navy"]}, clothes=True),
    "restage": Tried(film),
    "lookbook": Tried(lambda _: {"outfits": 2, "product_ids": ["tee-red", "tee-navy"]}, clothes=True),
    "train_vision": Tried(
        clothes=True,
        less=lambda: few("bottega.actions.vision.train_vision", LEAST_PHOTOS=16, MOST_VIEWS=64),
    ),
    "train_outfits": Tried(clothes=True, less=lambda: few("bottega.actions.closet.train_outfits", LEAST_PAIRS=16)),
    "learn_wording": Tried(),
    "recommend_all": Tried(lambda beside: {"out": str(beside / "lists.parquet"), "n": 3}),
    "check": Tried(lambda _: {"pictures": 0}),
    "report_week": Tried(),
    "segments": Tried(lambda beside: {"n": 2, "csv": str(beside / "segments.csv")}, before=_train("affinity")),
    "fold_events": Tried(before=_keep_two_months),
    "write_texts": Tried(lambda _: {"all": True, "parts": ["image_alt"]}),
    "tag_catalogue": Tried(),
    "customise_song": Tried(_song),
    "import_catalogue": Tried(
        _table("feed.csv", ["id,title,price", *(f"n{i},Vase {i},{i}.50 EUR" for i in range(300))])
    ),
    "import_events": Tried(
        _table(
            "events.csv",
            [
                "event_id,shopper_id,product_id,kind,time",
                *(f"n{i},s{i % 9},p{i % 7},view,{1_790_000_000 + i}" for i in range(900)),
            ],
        )
    ),
    "import_shoppers": Tried(
        _table("shoppers.csv", ["shopper_id,name,language", *(f"s{i},Ann {i},de" for i in range(20))])
    ),
    "import_reviews": Tried(
        _table(
            "reviews.csv",
            [
                "review_id,product_id,rating,text,reviewer_name",
                *(f"r{i},p{i % 9},4,Runs small {i},Ann" for i in range(40)),
            ],
        )
    ),
}
QUICK = (
    "train",
    "fold_events",
    "import_events",
    "import_catalogue",
    "import_shoppers",
    "import_reviews",
    "write_texts",
)
"""Those that the test suite tries."""


def make_shop(root: Path) -> None:
    """A small shop: products with pictures and attributes, a year of events, purchases among them."""
    rng = np.random.default_rng(0)
    with OpenShop.open(root) as shop:
        (root / "images").mkdir()
        for i in range(PRODUCTS):
            Image.new("RGB", (64, 64), tuple(rng.integers(0, 255, 3).tolist())).save(root / "images" / f"{i}.png")
        shop.upsert(
            [
                Product(
                    id=f"p{i}",
                    title=f"Mug {i}",
                    category=("Home", "Mugs" if i % 2 else "Cups"),
                    images=(f"{i}.png",),
                    attributes={"color": (("red", "blue", "green")[i % 3],), "customise": ("mug",)},
                )
                for i in range(PRODUCTS)
            ]
        )
        kinds = (EventKind.VIEW, EventKind.VIEW, EventKind.ADD_TO_CART, EventKind.PURCHASE)
        start = 1_764_547_200_000  # 2025-12-01
        shop.record(
            [
                Event(
                    event_id=f"e{i}",
                    shopper_id=f"s{i % SHOPPERS}",
                    kind=kinds[i % 4],
                    product_id=f"p{rng.integers(PRODUCTS)}",
                    time_ms=start + i * 43_200_000,
                )
                for i in range(EVENTS)
            ]
        )


@dataclass(frozen=True)
class Attempts:
    """The process that does attempts."""

    process: subprocess.Popen[str]

    def do(self, root: Path, number: int, *, die_at: int | str = 0) -> dict[str, Any]:
        """One attempt at a job: `die_at` a number of words of progress, or "end"; what came of it."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps({"root": str(root), "number": number, "die_at": die_at}) + "\n")
        self.process.stdin.flush()
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said


@contextmanager
def attempts() -> Iterator[Attempts]:
    """A process that has loaded what jobs need and forks for each attempt."""
    with subprocess.Popen(
        [sys.executable, __file__, "--attempts"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Attempts(process)
        finally:
            process.kill()


def killed_and_taken_up(doing: Attempts, verb: str, shop: Path, work: Path) -> dict[str, Any]:
    """Kill a kind of job twice and let it end; raises AssertionError where it leaves other than an undisturbed run."""
    tried = TRIED[verb]
    left: dict[str, dict[str, int]] = {}
    said: dict[str, dict[str, Any]] = {}
    words = 0
    for how in ("undisturbed", "killed"):
        root, beside = work / how / "shop", work / how
        shutil.copytree(shop, root)
        with OpenShop.open(root) as opened:
            tried.before(opened)
            number = start_job(opened, StartJobRequest(verb=verb, request=tried.request(beside)), here=True).number
        with ShopFolder.open(root) as folder:
            before = _left(folder, beside)
            if how == "undisturbed":
                last = _claim(folder, number, 1)
                said[how] = doing.do(root, number)
                words = said[how]["words"]
            else:
                _claim(folder, number, 1)
                if words:
                    assert doing.do(root, number, die_at=max(1, words // 2))["status"] == -signal.SIGKILL
                    _claim(folder, number, 2)
                assert doing.do(root, number, die_at="end")["status"] == -signal.SIGKILL
                last = _claim(folder, number, 3 if words else 2)
                said[how] = doing.do(root, number)
            assert said[how]["status"] == 0, f"{verb}, {how}: {said[how]}"
            sweep_unfinished(folder, last.mark)
            assert folder.store.jobs.finish(last, said[how]["answer"], now_ms=time.time_ns() // 1_000_000)
            left[how] = _left(folder, beside)
    once, twice = left["undisturbed"], left["killed"]
    pairs = {name: (once.get(name, 0), twice.get(name, 0)) for name in once | twice}
    other = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    assert not other, f"{verb} left other than undisturbed: {other}"
    more = sum(twice.values()) - sum(before.values())
    assert more > 0 or not tried.clothes, f"{verb} found nothing to do"
    return {
        "verb": verb,
        "words": words,
        "seconds": said["undisturbed"]["seconds"],
        "rows": sum(twice.values()),
    }


def _claim(folder: ShopFolder, number: int, attempt: int) -> Job:
    now_ms = time.time_ns() // 1_000_000 + attempt * _LATER_MS
    job = folder.store.jobs.claim(f"worker {attempt}", now_ms=now_ms, lease_ms=30_000)
    assert job is not None and (job.number, job.attempts) == (number, attempt), f"it was not taken up: {job}"
    return job


def _left(folder: ShopFolder, beside: Path) -> dict[str, int]:
    """Rows of each table and files of each folder; those that were never whole are none."""
    found: Counter[str] = Counter()
    with folder.store.database.read() as connection:
        for table in metadata.sorted_tables:
            found[f"rows of {table.name}"] = connection.execute(select(func.count()).select_from(table)).scalar_one()
    for path in beside.rglob("*"):
        inside = path.relative_to(beside)
        apart = inside.parts[:2] in (("shop", "run"), ("shop", "pack"), ("shop", "thumbnails"))
        if path.is_file() and not apart and not path.name.startswith("shop.db") and "catalogue" not in inside.parts:
            found[f"files of {'/'.join(inside.parts[:2])}"] += 1
    return dict(sorted(found.items()))


def _serve_attempts() -> None:
    """What the process of `attempts` does; whatever libraries say goes to standard error."""
    import torch  # noqa: F401 - loaded once, so that children need not

    from bottega.actions.jobs.perform import perform  # noqa: F401

    for verb in TRIED:
        _ = LATER[verb].run
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        asked = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            os.write(writing, json.dumps(_attempt(**asked)).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            said = json.loads(pipe.read() or b"{}")
        _, status = os.waitpid(child, 0)
        out.write(json.dumps({**said, "status": os.waitstatus_to_exitcode(status) or said.get("failed", 0)}) + "\n")
        out.flush()


def _attempt(root: str, number: int, die_at: int | str) -> dict[str, Any]:
    from bottega.actions.jobs.perform import perform

    words = 0

    def progress(task: str, done: int, total: int | None = None, note: str = "") -> None:
        nonlocal words
        words += 1
        if words == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    started = time.process_time()
    try:
        with OpenShop.open(root) as shop:
            job = shop.store.jobs.get(number)
            assert job is not None
            TRIED[job.verb].less()
            answer = perform(shop, job, progress=progress)
            if die_at == "end":
                os.kill(os.getpid(), signal.SIGKILL)
    except Exception as error:  # noqa: BLE001 - told, and shown by who asked
        return {"failed": 1, "error": f"{type(error).__name__}: {error}", "words": words}
    return {"answer": answer, "words": words, "seconds": round(time.process_time() - started, 2)}


def main(verbs: list[str]) -> None:
    """Print one line a kind of job."""
    print("| job | words of progress | CPU seconds undisturbed | what was left |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, attempts() as doing:
        shops = {clothes: Path(folder) / f"of {'clothes' if clothes else 'mugs'}" for clothes in (False, True)}
        for clothes, make in ((False, make_shop), (True, make_clothes_shop)):
            make(shops[clothes])
        for verb in verbs or TRIED:
            try:
                told = killed_and_taken_up(doing, verb, shops[TRIED[verb].clothes], Path(folder) / verb)
            except AssertionError as error:
                print(f"| `{verb}` | | | {error} |")
                continue
            left = f"the same: {told['rows']:,} rows and files"
            print(f"| `{verb}` | {told['words']} | {told['seconds']:.1f} | {left} |", flush=True)
    for verb, why in () if verbs else (ELSEWHERE | UNTRIED).items():
        print(f"`{verb}`: {why}")


if __name__ == "__main__":
    if sys.argv[1:] == ["--attempts"]:
        _serve_attempts()
    else:
        main(sys.argv[1:])
