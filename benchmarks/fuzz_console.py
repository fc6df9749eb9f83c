"""Forms and addresses of the console with wrong, hostile and huge values, as each role: what breaks, what shows raw.

    python benchmarks/fuzz_console.py [--each 12] [--rounds 2] [--seed 0]

A demo shop is drawn, imported and trained. As each role, pages are walked by their links, from the navigation on. Every
form that stands on one is sent again and again with its token, each time with some of its fields turned into what a
browser could send and no person would; addresses are asked for with their fields turned likewise. Each round walks what
the one before has made. The same requests come in every run, as far as the pages are the same.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import secrets
import tempfile
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from bottega.log import log_as_json
from bottega.names import Role
from bottega.serving.console.rendering import CSRF
from bottega.serving.console.routes import PAGES
from bottega.serving.http.app import create_app
from bottega.shop.doors.sessions import csrf_token_of
from bottega.store.users import User
from common import machine

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

WRONG = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1",
        "0.1",
        "1e999",
        "nan",
        "99999999999999999999",
        "9223372036854775808",
        "true",
        "null",
        "[]",
    ),
    *("{}", "on", "off", "*", "%", "_", "\\", "\n\n", "=1+1", "%00", "a\x00b", "\ud7ff\ufffe", "{{ 7*7 }}", "%s%n"),
    *("2026-02-30", "0001-01-01", "9999-12-31", "2026-13-01", "2026-05-03T25:61", "Ä ß 漢字 🙂 \u202e", "a" * 70_000),
    *("<script>alert(1)</script>\"'><img src=x onerror=alert(2)>", "javascript:alert(1)", "'; DROP TABLE products; --"),
    *("../../../etc/passwd", "http://127.0.0.1/", "admin", "popular", "home", "lamp"),
)
FILES = (b"", b"id,title\n1,x\n", b"\xff\xd8\xff\xe0 no photo", b"PK\x03\x04 no workbook")
RAW = re.compile(r"<script>alert|<img src=x")
PAGES_A_WALK = 150
"""So many addresses are walked as each role, those of the navigation first."""
LIKE = 4
"""So many addresses of one path: they differ in their fields alone."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form that changes something: where it goes, and what its fields hold."""

    path: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class Reader(HTMLParser):
    """The forms and the links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._open: Form | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in pairs}
        if tag == "a":
            self.links.append(held.get("href", "").split("#")[0])
        elif tag == "form":
            self._open = Form(held.get("action", "")) if held.get("method") == "post" else None
            self.forms += [self._open] if self._open else []
        elif self._open is None:
            return
        elif tag in ("input", "textarea", "button", "select") and held.get("name"):
            if held.get("type") == "file":
                self._open.files.append(held["name"])
            else:
                self._open.fields.append((held["name"], held.get("value", "")))
        elif tag == "option" and self._open.fields and ("selected" in held or not self._open.fields[-1][1]):
            self._open.fields[-1] = (self._open.fields[-1][0], held.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


class Visitor:
    """Somebody of one role, and what was answered to them."""

    def __init__(self, client: Any, role: Role, drawn: random.Random) -> None:
        self.client, self.role, self.drawn, self.told = client, role, drawn, Counter[str]()
        shop, name, now_ms = client.app.state.door.shop, f"{role.value} {drawn.random()}", time.time_ns() // 1_000_000
        shop.store.users.add(User(name, role, "no password", now_ms))
        self.token = secrets.token_urlsafe(32)
        shop.store.users.open_session(self.token, name, now_ms, ended_before_ms=0)
        client.cookies.clear()
        client.cookies.set("bottega_session", self.token)

    def walk(self) -> tuple[list[str], list[Form]]:
        """Addresses that opened, and the forms on them, each once."""
        waiting, opened = [page.path for page in PAGES], dict[str, None]()
        forms: dict[tuple[str, tuple[str, ...]], Form] = {}
        alike: Counter[str] = Counter()
        while waiting and len(opened) < PAGES_A_WALK:
            path = waiting.pop(0)
            if path in opened or alike[urlsplit(path).path] >= LIKE:
                continue
            alike[urlsplit(path).path] += 1
            answer = self.ask("GET", path)
            if answer.status_code != 200 or "text/html" not in answer.headers["content-type"]:
                continue
            opened[path] = None
            page = Reader(answer.text)
            for form in page.forms:
                sent = Form(form.path or path, form.fields, form.files)
                forms.setdefault((sent.path, tuple(sorted({name for name, _ in sent.fields}))), sent)
            waiting += [link for link in page.links if link.startswith("/console") and "/static/" not in link]
        return list(opened), list(forms.values())

    def send_all(self, each: int) -> None:
        opened, forms = self.walk()
        for path in opened:
            asked = urlsplit(path)
            held = parse_qsl(asked.query) or [(name, "") for name in ("q", "page", "id", "days", "state", "from")]
            for _ in range(each):
                self.ask("GET", f"{asked.path}?{urlencode(self.turned(held))}"[:8_000])
        for form in forms:
            for _ in range(each):
                fields: dict[str, list[str]] = {}
                for name, value in self.turned(form.fields):
                    fields.setdefault(name, []).append(value)
                fields[CSRF] = [csrf_token_of(self.token)]
                files = {name: ("file.csv", self.drawn.choice(FILES)) for name in form.files}
                self.ask("POST", form.path, data=fields, **({"files": files} if files else {}))
        self.told["pages"] += len(opened)
        self.told["forms"] += len(forms)

    def turned(self, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """Some of them gone, some twice, and two in five something else."""
        found = []
        for name, value in fields:
            for _ in range(self.drawn.choices((0, 1, 2), (10, 85, 5))[0]):
                found.append((name, self.drawn.choice(WRONG) if self.drawn.random() < 0.4 else value))
        return found

    def ask(self, method: str, path: str, **sent: Any) -> Any:
        answer = self.client.request(method, path, **sent)
        self.told["requests"] += 1
        self.told[f"{answer.status_code // 100}xx"] += 1
        wrong = [f"answered {answer.status_code}"] * (answer.status_code >= 500)
        wrong += ["shows raw what was sent"] * bool(RAW.search(answer.text))
        for what in wrong:
            self.told[what] += 1
            print(f"  {self.role.value}: {method} {path[:300]} {what}: {str(sent)[:600]}", flush=True)
        return answer


def main() -> None:
    from bottega.actions.intake.import_catalogue import import_catalogue
    from bottega.actions.intake.import_events import import_events
    from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
    from bottega.actions.recommend.shapes import TrainRequest
    from bottega.actions.recommend.train import train
    from bottega.datasets.demo_store.write import write_demo_shop
    from bottega.shop.open_shop import OpenShop

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=12, help="how often every form and address is sent")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    os.environ["BOTTEGA_WORKER"] = "false"
    log_as_json("critical")
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as work:
        shop = Path(work) / "shop"
        files = write_demo_shop(Path(work) / "feed", products=120, shoppers=400, pictures=True)
        with OpenShop.open(shop) as opened:
            import_catalogue(opened, ImportCatalogueRequest(source=files.catalogue))
            import_events(opened, ImportEventsRequest(source=files.events))
            train(opened, TrainRequest(model="popular"))
        print(f"{machine()}.\n")
        print("| role | pages | forms | requests | answered | 5xx or raw |\n|---|---|---|---|---|---|")
        with TestClient(create_app(shop), raise_server_exceptions=False, follow_redirects=False) as client:
            for role in (Role.EVENTS, Role.READ, Role.MANAGE, Role.ADMIN):
                told: Counter[str] = Counter()
                for turn in range(given.rounds):
                    visitor = Visitor(client, role, random.Random(f"{given.seed} {role} {turn}"))
                    visitor.send_all(given.each)
                    told += visitor.told
                answered = ", ".join(f"{told[kind]:,} {kind}" for kind in ("2xx", "3xx", "4xx") if told[kind])
                wrong = sum(count for what, count in told.items() if what.startswith(("answered", "shows")))
                print(
                    f"| {role.value} | {told['pages'] // given.rounds} | {told['forms'] // given.rounds} "
                    f"| {told['requests']:,} | {answered} | {wrong} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
