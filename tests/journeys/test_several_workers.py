"""`bottega serve --workers 4`: one port, one memory as seen from outside, one set of counters, one key."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bottega.catalogue.product import Product
from bottega.shop.folder import ShopFolder

WORKERS = 4
PRODUCTS = [Product(id=f"p{n}", title=f"thing {n}", category=("Things",), brand=f"b{n % 3}") for n in range(14)]


@dataclass(frozen=True)
class Server:
    """A running server, asked over a new connection each time, so that any of its processes may answer."""

    url: str
    key: str
    process: subprocess.Popen[str]

    def post(self, path: str, body: Any) -> Any:
        response = httpx.post(self.url + path, json=body, headers={"X-API-Key": self.key}, timeout=30)
        assert response.status_code == 200, response.text
        return response.json()

    def list_for(self, shopper: str) -> set[str]:
        answer = self.post("/v1/recommendations", {"shopper": shopper, "n": 5})
        return {item["product_id"] for item in answer["items"]}

    def pids(self) -> set[int]:
        parent = self.process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return {int(pid) for pid in children if "resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_text()}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with ShopFolder.open(tmp_path / "shop") as shop:
        shop.store.products.upsert(PRODUCTS)
    words = [str(Path(sys.executable).with_name("bottega")), "serve", "--workers", str(WORKERS), "--port", "0"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [*words, "--shop", str(tmp_path / "shop")], stdout=subprocess.PIPE, stderr=log, text=True
        )
        assert process.stdout is not None
        with process.stdout:
            said = ""
            while "btg_" not in said:
                line = process.stdout.readline()
                assert line, (tmp_path / "log").read_text()
                said += line
            (key,), (port,) = re.findall(r"btg_\S+", said), re.findall(r"127\.0\.0\.1:(\d+)", said)
            found = Server(f"http://127.0.0.1:{port}", key, process)
            _wait_for(found, WORKERS)
            yield found
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0
            assert "btg_" not in process.stdout.read(), "the key is shown once"


def _wait_for(server: Server, workers: int) -> None:
    """Until so many processes listen."""
    port = f"{int(server.url.rpartition(':')[2]):04X}"
    for _ in range(600):
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        if sum(line[1].endswith(":" + port) and line[3] == "0A" for line in lines) == workers:
            return
        time.sleep(0.1)
    pytest.fail("The processes did not start within a minute.")


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="looks into /proc")
def test_what_one_of_four_took_is_in_the_next_answer_of_all_and_one_that_dies_is_started_again(server: Server) -> None:
    draw, asked = random.Random(3), 0
    for step in range(25):
        cookie, shopper = f"cookie{step}", f"s{step}"
        first, second, third = draw.sample([product.id for product in PRODUCTS], 3)
        server.list_for(cookie)  # nobody yet: one of them remembers that there is nothing
        server.post("/v1/events", {"kind": "view", "anonymous_id": cookie, "product_id": first})
        lists = [server.list_for(cookie) for _ in range(3)]
        assert all(first not in found for found in lists), "what was just seen steps back"
        server.post("/v1/events", {"kind": "view", "shopper_id": shopper, "product_id": second})
        log_in = {"shopper_id": shopper, "anonymous_id": cookie}
        if draw.random() < 0.5:
            server.post("/v1/events", {"kind": "identify", **log_in})
            seen = {first, second}
        else:
            server.post("/v1/events", {"kind": "view", "product_id": third, **log_in})
            seen = {first, second, third}
        lists = [server.list_for(draw.choice([cookie, shopper])) for _ in range(4)]
        assert all(seen.isdisjoint(found) for found in lists), f"{seen} were seen by {shopper}"
        asked += 8
    hidden = PRODUCTS[0].model_copy(update={"hidden": True})
    server.post("/v1/products", hidden.model_dump(mode="json", exclude_none=True))
    assert all("p0" not in server.list_for("stranger") for _ in range(8))
    for _ in range(3):
        patience = time.monotonic() + 30  # a list is counted behind its answer
        while _lists_counted(text := httpx.get(server.url + "/metrics", timeout=30).text) < asked + 8:
            assert time.monotonic() < patience, text
            time.sleep(0.1)
        assert _lists_counted(text) == asked + 8
        assert "bottega_recommendable_items 13.0" in text
    before = server.pids()
    assert len(before) == WORKERS
    os.kill(min(before), signal.SIGKILL)
    for _ in range(600):
        if len(now := server.pids()) == WORKERS and now != before:
            break
        time.sleep(0.1)
    _wait_for(server, WORKERS)
    assert all(len(server.list_for("somebody")) == 5 for _ in range(12))


def _lists_counted(metrics: str) -> float:
    return sum(map(float, re.findall(r"^bottega_answers_total{.*} (\S+)$", metrics, flags=re.MULTILINE)))
