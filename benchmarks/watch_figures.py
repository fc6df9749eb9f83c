"""The figures that watch.py keeps an eye on: how each is measured, which way is better, and how much of it is noise.

Everything is asked of the `bottega` command, of a server over HTTP, or of another benchmark's own --json, so that the
house may be rebuilt inside without the figures becoming others.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import serving
from common import BOTTEGA, DATA, HERE, run
from timed import TIMINGS
from watch_search import asked_by_words, fashion_feed

__all__ = ["FIGURES", "GROUPS", "Figure", "Found", "Group", "Skipped", "measured"]

PRODUCTS, SHOPPERS, FEW_SHOPPERS = 12_000, 6_000, 300
"""The demo shop of serving.md; with the default trained on few shoppers, which takes a twentieth of the time."""
RATE, SECONDS, REPEATS = 20, 6.0, 3
"""Requests a second, and how long and how often they are sent."""
EYE_SHARE, PARTS_SHARE = 0.04, 0.07
"""The first so many of the photos held out from the shipped eye and parser: about 330 and 61."""
QUERIES = DATA.parent / "eval" / "search_queries.jsonl"
POOL = DATA.parent / "eval" / "search_fashion_pool.json"

Found = Mapping[str, float | list[float] | None]
"""Figures by name; a list where it was measured several times."""


class Skipped(Exception):
    """Why a group cannot be measured here."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `noise`: the share by which it differs between two runs of the same code."""

    unit: str
    better: Literal["higher", "lower"]
    noise: float
    says: str
    cost: bool = False
    """Time or memory: another machine has another one."""
    wall: bool = False
    """Seconds on the wall: what else the machine does is in them."""


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that are measured together."""

    title: str
    measure: Callable[[Path], Found]
    figures: Mapping[str, Figure]


def script(name: str, *arguments: str | Path) -> tuple[list[dict[str, Any]], float]:
    """The JSON lines that a benchmark prints, and the processor seconds that it took."""
    done = run([sys.executable, HERE / name, *arguments])
    return [json.loads(line) for line in done.out.splitlines() if line.startswith("{")], done.cpu_s


def data(name: str) -> Path:
    """A data set's place, or `Skipped`."""
    return present(DATA / name)


def present(path: Path) -> Path:
    if not path.exists():
        raise Skipped(f"{path.name} is not in {path.parent.name}; set BOTTEGA_DATA")
    return path


# --- recommenders ---------------------------------------------------------------------------------------------------


def beauty(_: Path) -> Found:
    sequences, attributes = data("amazon/Beauty.txt.gz"), data("amazon/Beauty_item2attributes.json.gz")
    files = ("--sequences", sequences, "--attributes", attributes)
    lines, cpu_s = script("ranking.py", *files, "--models", "default", "--seed", "0", "--json")
    return _ranked("beauty", lines[-1], cpu_s)


def grocery(_: Path) -> Found:
    lines, cpu_s = script("time_split.py", "--data", data("grocery"), "--models", "blend", "--seed", "0", "--json")
    return _ranked("grocery", next(line for line in lines if line["model"] == "blend"), cpu_s)


def _ranked(name: str, line: dict[str, Any], cpu_s: float) -> Found:
    return {
        f"{name}_r10": line["recall@10"],
        f"{name}_n10": line["ndcg@10"],
        f"{name}_train_s": line["train_s"],
        f"{name}_cpu_s": cpu_s,
        f"{name}_mb": line["peak_mb"],
    }


def _of_ranking(name: str, r10: float, n10: float) -> dict[str, Figure]:
    return {
        f"{name}_r10": Figure("", "higher", r10, "recall@10 of the default"),
        f"{name}_n10": Figure("", "higher", n10, "NDCG@10 of the default"),
        f"{name}_train_s": Figure("s", "lower", 0.25, "wall seconds of its training", cost=True, wall=True),
        f"{name}_cpu_s": Figure("s", "lower", 0.10, "processor seconds of training and judging", cost=True),
        f"{name}_mb": Figure("MB", "lower", 0.1, "peak memory of its training", cost=True),
    }


# --- a shop of 12,000 products --------------------------------------------------------------------------------------


def shop(work: Path) -> Found:
    folder = work / "shop"
    catalogue, events = serving.write_files(work / "files", PRODUCTS, SHOPPERS)
    idle = run([BOTTEGA, "import", "--help"]).cpu_s
    found: dict[str, float] = {}
    for name, source in (("catalogue", catalogue), ("events", events)):
        done = run([BOTTEGA, "import", name, source, "--shop", folder, "--json"])
        found[f"import_{name}"] = json.loads(done.out)["read"] / (done.cpu_s - idle)
    judged = run(
        [BOTTEGA, "evaluate", "--shop", folder, "--models", "transitions", "--robustness", "--seed", "0", "--json"]
    )
    for line in json.loads(judged.out)["robustness"]:
        if line["model"] == "transitions" and line["corruption"] == "10% of events lost":
            found["kept_of_ndcg"] = line["left"][0]
    return found


def served(work: Path) -> Found:
    folder, place, sample = work / "served", work / "requests.json", work / "answer.json"
    catalogue, events = serving.write_files(work / "few", PRODUCTS, FEW_SHOPPERS)
    for words in (["import", "catalogue", catalogue], ["import", "events", events], ["train", "--seed", "0"]):
        run([BOTTEGA, *words, "--shop", folder])
    requests, key = serving.questions(folder)
    place.write_text(json.dumps([request.decode() for request in requests]))
    opened: dict[str, list[float]] = {"cpu": [], "mb": []}
    for number in range(REPEATS):
        with serving.bottega_server(folder, work / f"open-{number}.log") as server:
            opened["cpu"].append(server.cpu_s)
            opened["mb"].append(server.peak_mb)
    with serving.bottega_server(folder, work / "bottega.log") as server:
        sample.write_bytes(serving.one_answer(server.port, requests[0], key))
        with serving.bare_server(sample, work / "bare.log") as bare:
            for one in (server, bare):
                serving.measure("warm", one.port, place, RATE, serving.WARM_S)
            # In turns, so that whatever else the machine does falls on both alike.
            pairs = [(_loaded(server, place), _loaded(bare, place)) for _ in range(REPEATS)]
        peak_mb = server.peak_mb
    return {
        "open_cpu_s": opened["cpu"],
        "open_mb": opened["mb"],
        "serve_mb": peak_mb,
        "answer_cpu_ms": [ours[0] for ours, _ in pairs],
        "answer_cpu_ratio": [ours[0] / bound[0] for ours, bound in pairs],
        "answer_p99_ms": [ours[1] for ours, _ in pairs],
        "answer_p99_ratio": [ours[1] / bound[1] for ours, bound in pairs],
    }


def _loaded(server: serving.Server, requests: Path) -> tuple[float, float]:
    """Processor ms an answer, and p99 in ms."""
    before = server.cpu_s
    found = serving.measure("watched", server.port, requests, RATE, SECONDS)
    return 1000 * (server.cpu_s - before) / found.sent, found.p99_ms


# --- pictures and words ---------------------------------------------------------------------------------------------


def eye(_: Path) -> Found:
    lines, cpu_s = script("eye.py", "--test", data("fashion"), "--split", str(EYE_SHARE), "--json")
    line = lines[-1]
    return {f"eye_{name}": line[key] for name, key in EYE_KEYS.items()} | {"eye_cpu_s": cpu_s}


EYE_KEYS = {"type": "type_top1", "colour": "colour_top1", "gender": "gender_top1", "lines": "line_map"}


def parts(_: Path) -> Found:
    lines, cpu_s = script("parts.py", "--test", data("parsing"), "--split", str(PARTS_SHARE), "--json")
    return {"parts_miou": lines[-1]["miou"], "parts_pixels": lines[-1]["pixel_accuracy"], "parts_cpu_s": cpu_s}


def search(work: Path) -> Found:
    queries, pool, styles = present(QUERIES), present(POOL), data("fashion/styles.csv")
    return asked_by_words(
        work, queries, fashion_feed(styles, pool, work / "fashion.csv"), data("office/products.jsonl.gz")
    )


# --- the suite ------------------------------------------------------------------------------------------------------


def suite(_: Path) -> Found:
    kept = json.loads(TIMINGS.read_text()) if TIMINGS.exists() else {}
    return {"suite_s": kept.get("suite"), "ci_s": kept.get("ci")}


GROUPS: dict[str, Group] = {
    "beauty": Group("Beauty, each user's last item left out", beauty, _of_ranking("beauty", 0.005, 0.005)),
    "grocery": Group("Grocery by time", grocery, _of_ranking("grocery", 0.15, 0.15)),
    "shop": Group(
        "A shop of 12,000 products and 6,000 shoppers",
        shop,
        {
            "import_catalogue": Figure("rows/s", "higher", 0.1, "products imported a processor second", cost=True),
            "import_events": Figure("rows/s", "higher", 0.1, "events imported a processor second", cost=True),
            "kept_of_ndcg": Figure("", "higher", 0.01, "share of NDCG@10 kept by `transitions` without 10% of events"),
        },
    ),
    "serving": Group(
        "A shop of 12,000 products, 300 shoppers, the default",
        served,
        {
            "open_cpu_s": Figure("s", "lower", 0.1, "processor seconds until the server answers", cost=True),
            "open_mb": Figure("MB", "lower", 0.05, "peak memory by then", cost=True),
            "serve_mb": Figure("MB", "lower", 0.05, "peak memory after the requests", cost=True),
            "answer_cpu_ms": Figure("ms", "lower", 0.1, f"processor time an answer, at {RATE}/s", cost=True),
            "answer_cpu_ratio": Figure("", "lower", 0.15, "the same, divided by that of the bare route"),
            "answer_p99_ms": Figure("ms", "lower", 0.3, "99 of 100 come within this", cost=True, wall=True),
            "answer_p99_ratio": Figure("", "lower", 0.5, "the same, divided by that of the bare route", wall=True),
        },
    ),
    "eye": Group(
        "The shipped eye on held-out product lines",
        eye,
        {
            "eye_type": Figure("", "higher", 0.002, "share of the photos with the right type first"),
            "eye_colour": Figure("", "higher", 0.002, "the same of the colour"),
            "eye_gender": Figure("", "higher", 0.002, "the same of the gender"),
            "eye_lines": Figure("", "higher", 0.002, "mAP of finding other photos of a line"),
            "eye_cpu_s": Figure("s", "lower", 0.1, "processor seconds of it all", cost=True),
        },
    ),
    "parts": Group(
        "The shipped parser on held-out street photos",
        parts,
        {
            "parts_miou": Figure("", "higher", 0.002, "mean intersection over union of nine parts"),
            "parts_pixels": Figure("", "higher", 0.002, "share of the pixels that are right"),
            "parts_cpu_s": Figure("s", "lower", 0.1, "processor seconds of it all", cost=True),
        },
    ),
    "search": Group(
        "Search by words",
        search,
        {
            "search_fashion": Figure("", "higher", 0.002, "NDCG@10 of 109 queries, four languages, 5,000 products"),
            "search_office": Figure("", "higher", 0.002, "NDCG@10 of 43 sentences, 3,459 products"),
            "search_fashion_cpu_ms": Figure("ms", "lower", 0.15, "processor time a query", cost=True),
            "search_office_cpu_ms": Figure("ms", "lower", 0.15, "processor time a query", cost=True),
        },
    ),
    "suite": Group(
        "Tests, as last recorded here",
        suite,
        {
            "suite_s": Figure("s", "lower", 0.25, "wall seconds of `make test`", cost=True, wall=True),
            "ci_s": Figure("s", "lower", 0.25, "wall seconds of `.ci/run`", cost=True, wall=True),
        },
    ),
}

FIGURES: dict[str, Figure] = {name: figure for group in GROUPS.values() for name, figure in group.figures.items()}


def measured(group: Group) -> tuple[Found, float]:
    """A group's figures in a folder of its own, and the wall seconds they took."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as work:
        return group.measure(Path(work)), time.perf_counter() - started
