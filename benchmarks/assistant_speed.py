"""How soon the assistant answers ten talks at once in a shop of 12,000 products; page: assistant_speed.md.

    python benchmarks/assistant_speed.py [--products N] [--talks 10] [--turns 60] [--workers 1,2] [--pause 0,1] [--json]

The shop holds the first rows of fashion/ (title, category, colour, season, use, people) with drawn prices, stock and
reviews of none. `bottega serve` answers `POST /v1/assistant` with events; each talk is a thread of a process beside
it that sends its next line when the answer before has ended, after `--pause` seconds. The lines are scripts in five
languages, each talk in its own order. Counted from the moment that the request leaves: until the first `products`
event (of turns that show any), until the first sentence, until `end`. `cpu_ms`: processor time of the server a turn,
which others who work on the machine do not lengthen. `mb_search`, `mb_talks`: what the server holds more after
searches by words, and after the talks (memory of its own and its share of what it shares)."""

from __future__ import annotations

import argparse
import csv
import http.client
import json
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from bottega.catalogue.product import Product
from bottega.shop.folder import ShopFolder
from common import DATA, cpu_s, machine
from memory import resident_mb
from serving import Server, bottega_server

WARM_TURNS = 8
"""Turns of a talk that are not counted: models and indexes are opened by them."""
SCRIPTS: list[list[str]] = json.loads(
    (Path(__file__).parent / "lines" / "speed_talks.json").read_text(encoding="utf-8")
)
SEARCHES = ("red dress", "blue shirt men", "watch", "running shoes under 90", "brown handbag")


def products(count: int) -> Iterator[Product]:
    """Rows of fashion/ as listings; prices and stock are drawn."""
    draw = random.Random(7)
    with (DATA / "fashion" / "styles.csv").open(encoding="utf-8") as stream:
        for row in islice(csv.DictReader(stream), count):
            yield Product(
                id=row["id"],
                title=row["productDisplayName"] or row["articleType"],
                category=(row["masterCategory"], row["subCategory"], row["articleType"]),
                brand=(row["productDisplayName"] or "").split(" ")[0] or None,
                price_minor=draw.randrange(500, 20_000, 50),
                currency="EUR",
                attributes={
                    name: (value,)
                    for name, value in (
                        ("gender", row["gender"]),
                        ("color", row["baseColour"]),
                        ("season", row["season"]),
                        ("usage", row["usage"]),
                    )
                    if value
                },
            )


def make_shop(folder: Path, count: int) -> str:
    """The shop, with a key that opens it."""
    folder.mkdir(parents=True)
    (folder / "bottega.toml").write_text('worker = false\ncurrency = "EUR"\n')
    (folder / "policies.md").write_text(
        "# Shop\n\n## Delivery\n\nParcels take three working days.\n\n"
        "## Returns\n\nYou may send things back within 30 days.\n"
    )
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(list(products(count)))
        return shop.store.keys.create("benchmark")


@dataclass(frozen=True)
class TurnTimes:
    """Milliseconds of one turn; None where nothing of the kind came."""

    products_ms: float | None
    text_ms: float | None
    end_ms: float


def one_turn(connection: http.client.HTTPConnection, key: str, body: dict[str, Any]) -> tuple[TurnTimes, str]:
    """Send a line and read its events; returns the times and the id of the talk."""
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream", "X-API-Key": key}
    started = time.perf_counter()
    connection.request("POST", "/v1/assistant", json.dumps(body), headers)
    answer = connection.getresponse()
    if answer.status != 200:
        raise SystemExit(f"The server answered {answer.status}: {answer.read()[:300]!r}")
    came: dict[str, float] = {}
    talk, event = "", ""
    while line := answer.readline():
        text = line.decode().rstrip()
        if text.startswith("event: "):
            event = text[7:]
            came.setdefault(event, (time.perf_counter() - started) * 1000)
        elif text.startswith("data: ") and event == "talk":
            talk = json.loads(text[6:])["talk_id"]
    return TurnTimes(came.get("products"), came.get("text"), came["end"]), talk


def talk_on(port: int, key: str, number: int, turns: int, pause_s: float, found: list[TurnTimes]) -> None:
    """One shopper: talk after talk until so many turns are counted."""
    draw = random.Random(number)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    done = -WARM_TURNS
    while done < turns:
        talk: str | None = None
        for text in SCRIPTS[(number + done) % len(SCRIPTS)]:
            times, talk = one_turn(connection, key, {"text": text, "talk_id": talk})
            done += 1
            if done > 0:
                found.append(times)
            if done >= turns:
                break
            if pause_s:  # a connection that was idle may have been shut
                connection.close()
                time.sleep(draw.expovariate(1 / pause_s))


def search(port: int, key: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for text in SEARCHES * 4:
        body = json.dumps({"text": text, "facets": True})
        connection.request("POST", "/v1/search", body, {"Content-Type": "application/json", "X-API-Key": key})
        answer = connection.getresponse()
        told = answer.read()
        if answer.status != 200:
            raise SystemExit(f"The server answered {answer.status}: {told[:300]!r}")


def measure(server: Server, key: str, talks: int, turns: int, pause_s: float) -> dict[str, float]:
    """All talks at once."""
    found: list[TurnTimes] = []
    threads = [
        threading.Thread(target=talk_on, args=(server.port, key, number, turns, pause_s, found))
        for number in range(talks)
    ]
    before, started = sum(cpu_s(pid) for pid in server.pids), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall_s = time.perf_counter() - started
    spent = sum(cpu_s(pid) for pid in server.pids) - before
    shown = [one.products_ms for one in found if one.products_ms is not None]
    sentence = [one.text_ms for one in found if one.text_ms is not None]
    ends = [one.end_ms for one in found]
    told: dict[str, float] = {"turns": len(found), "with_products": len(shown)}
    for name, values in (("products", shown), ("text", sentence), ("end", ends)):
        told |= {f"{name}_p{at}_ms": round(float(np.percentile(values, at)), 1) for at in (50, 95)}
    return told | {
        "cpu_ms": round(1000 * spent / (len(found) + talks * WARM_TURNS), 2),
        "turns_a_second": round((len(found) + talks * WARM_TURNS) / wall_s, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=12_000)
    parser.add_argument("--talks", type=int, default=10)
    parser.add_argument("--turns", type=int, default=60, help="of each talk, counted after some to warm up")
    parser.add_argument("--workers", default="1,2", help="processes of the server, with commas")
    parser.add_argument("--pause", default="0,1", help="mean seconds of thought before a line, with commas")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        shop = Path(work) / "shop"
        key = make_shop(shop, asked.products)
        for workers in (int(one) for one in asked.workers.split(",")):
            with bottega_server(shop, Path(work) / "server.log", workers=workers) as server:
                bare_mb = resident_mb(server.pids)
                search(server.port, key)
                searched_mb = resident_mb(server.pids)
                for pause in (float(one) for one in asked.pause.split(",")):
                    found = measure(server, key, asked.talks, asked.turns, pause)
                    found = {"workers": workers, "talks": asked.talks, "pause_s": pause, **found}
                    found["mb_search"] = round(searched_mb - bare_mb)
                    found["mb_talks"] = round(resident_mb(server.pids) - searched_mb)
                    if asked.json:
                        print(json.dumps(found), flush=True)
                    else:
                        print(", ".join(f"{name} {value}" for name, value in found.items()), flush=True)
    if not asked.json:
        print(machine(), file=sys.stderr)


if __name__ == "__main__":
    main()
