"""What a soak sends (soak.py): events, lists, searches, photos, prices, imports, trainings; what was acknowledged."""

from __future__ import annotations

import http.client
import io
import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from serving import free_port
from soak_report import Minute, Sent

__all__ = ["AGAIN_S", "END_S", "LIGHT", "RATES", "Traffic"]

RATES = {
    "events": 11.6,
    "answers": 6.0,
    "searches": 2.0,
    "photos": 0.1,
    "prices": 0.5,
    "imports of events": 1 / 240,
    "imports of products": 1 / 900,
    "trainings": 1 / 600,
    "trainings of the default": 1 / 3600,
    "challenges": 1 / 1800,
}
"""So many a second, at Poisson moments: a million events a day, ten times those of a busy shop."""
IMPORTED = 2000
"""Events of one import."""
LIGHT = ("transitions", "affinity", "popular")
"""What most trainings are of: two databases share a machine's cores, and the default takes minutes."""
AGAIN_S = 2.0
"""Until what died is started again, and until a request that nobody answered is sent again."""
END_S = 600.0
"""Longest wait at the end for jobs that were asked for."""
WORDS = ("red", "vase", "blue mug", "lamp", "gift for mum", "wooden", "shirt under 30", "something warm", "lmap")


@dataclass
class Traffic:
    """What is sent to one database's shop, what was acknowledged, and what is written down of each try."""

    folder: Path
    database: str
    hours: float
    port: int = field(default_factory=free_port)
    key: str = ""
    began: float = 0.0
    acknowledged: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    """Events that were sent and never acknowledged: there or not."""
    jobs: dict[int, list[str]] = field(default_factory=dict)
    """By number, the ids of events that the job brings."""
    prices: dict[str, int] = field(default_factory=dict)
    versions: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)
    one_price: threading.Lock = field(default_factory=threading.Lock)
    products: list[str] = field(default_factory=list)
    shoppers: list[str] = field(default_factory=list)
    photos: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.database)
        self.lines = (self.folder / "lines.jsonl").open("a", buffering=1)

    def write(self, row: Sent | Minute | dict[str, Any]) -> None:
        with self.lock:
            self.lines.write(json.dumps(row if isinstance(row, dict) else row.line()) + "\n")

    def now(self) -> float:
        return time.monotonic() - self.began

    def doing(self) -> dict[str, Callable[[], None]]:
        return {
            "events": self.events,
            "answers": self.answers,
            "searches": self.searches,
            "photos": self.photo_search,
            "prices": self.change_price,
            "imports of events": self.import_events,
            "imports of products": self.import_products,
            "trainings": lambda: self.train("train", LIGHT),
            "trainings of the default": lambda: self.train("train", ()),
            "challenges": lambda: self.train("challenge", LIGHT),
        }

    def call(
        self, path: str, body: Any, *, method: str = "POST", form: dict[str, tuple[str, bytes]] | None = None
    ) -> tuple[int, Any]:
        """Status and answer; status 0 where nobody answered."""
        headers = {"X-API-Key": self.key, "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        if form is not None:
            data, headers["Content-Type"] = _form(form)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            return 0, None
        finally:
            connection.close()
        with suppress(ValueError):
            return answer.status, json.loads(text)
        return answer.status, text.decode(errors="replace")

    def until_answered(self, kind: str, path: str, body: Any = None, **how: Any) -> Any:
        """Send it, again and again where nobody answers; each try is a line."""
        while True:
            started = self.now()
            status, answer = self.call(path, body, **how)
            words = json.dumps(answer)[:600] if status >= 400 else ""
            self.write(Sent(kind, round(started, 2), round((self.now() - started) * 1000, 2), status, words))
            if status:
                return answer if status < 300 else None
            if self.now() > self.hours * 3600 + END_S:
                return None
            time.sleep(AGAIN_S)

    def events(self) -> None:
        rows = []
        for _ in range(self.draw.choice((1, 1, 1, 2, 5))):
            kind = self.draw.choices(["view", "add_to_cart", "purchase"], weights=[80, 13, 7])[0]
            rows.append(
                {
                    "event_id": f"soak-{self.draw.getrandbits(60):x}",
                    "shopper_id": self.draw.choice(self.shoppers),
                    "kind": kind,
                    "product_id": self.draw.choice(self.products),
                }
            )
        ids = {str(row["event_id"]) for row in rows}
        with self.lock:
            self.unsure |= ids
        answer = self.until_answered("events", "/v1/events", {"events": rows})
        if answer is not None and answer["accepted"] + answer["duplicates"] == len(rows):
            with self.lock:
                self.acknowledged |= ids
                self.unsure -= ids

    def answers(self) -> None:
        body: dict[str, Any] = {"placement": "home", "shopper": self.draw.choice(self.shoppers), "n": 10}
        if self.draw.random() < 0.4:
            body |= {"placement": "product", "product_ids": [self.draw.choice(self.products)]}
        answer = self.until_answered("answers", "/v1/recommendations", body)
        if answer is not None:
            with self.lock:
                self.versions.add(answer["model"]["version"])
            if len(answer["items"]) < 10:
                self.write({"short": len(answer["items"]), "at_s": round(self.now(), 1)})

    def searches(self) -> None:
        self.until_answered("searches", "/v1/search", {"text": self.draw.choice(WORDS), "n": 20, "facets": True})

    def photo_search(self) -> None:
        photo = self.draw.choice(self.photos)
        self.until_answered("photos", "/v1/search/image", form={"photo": (photo.name, photo.read_bytes())})

    def change_price(self) -> None:
        product, price = self.draw.choice(self.products), self.draw.randrange(500, 20_000)
        with self.one_price:  # of two changes under way nobody could say which is the later
            self.prices.pop(product, None)
            if self.until_answered("prices", "/v1/products", [{"id": product, "price_minor": price}], method="PATCH"):
                self.prices[product] = price

    def import_events(self) -> None:
        name, out = f"{self.draw.getrandbits(40):x}", io.StringIO()
        out.write("event_id,shopper_id,product_id,kind,time\n")
        ids = [f"file-{name}-{number}" for number in range(IMPORTED)]
        for one in ids:
            who, what = self.draw.choice(self.shoppers), self.draw.choice(self.products)
            out.write(f"{one},{who},{what},view,{time.time() - self.draw.random() * 86_400:.0f}\n")
        self.job(self.until_answered("imports", "/v1/import/events", form=_file("events.csv", out.getvalue())), ids)

    def import_products(self) -> None:
        rows = (f"new-{n},Vase {n},{self.draw.randrange(5, 90)}.50 EUR\n" for n in range(50))
        text = "id,title,price\n" + "".join(rows)
        self.job(self.until_answered("imports", "/v1/import/catalogue", form=_file("feed.csv", text)), [])

    def job(self, answer: dict[str, Any] | None, ids: list[str]) -> None:
        if answer is not None:
            with self.lock:
                self.jobs[answer["number"]] = ids

    def train(self, verb: str, models: Sequence[str]) -> None:
        request = {"seed": self.draw.randrange(10**6)} | ({"model": self.draw.choice(models)} if models else {})
        asked = {"verb": verb, "request": request}
        self.job(self.until_answered("jobs", "/v1/jobs", asked), [])


def _file(name: str, text: str) -> dict[str, tuple[str, bytes]]:
    return {"file": (name, text.encode())}


def _form(parts: dict[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    edge, out = "soak-of-a-shop", b""
    for name, (file, data) in parts.items():
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n\r\n'
        out += head.encode() + data + b"\r\n"
    return out + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"
