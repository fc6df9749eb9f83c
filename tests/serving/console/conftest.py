"""Three shops behind the console, each open once: one that was trained, an empty one, and one full of hostile words."""

from __future__ import annotations

import secrets
import shutil
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bottega.actions.rules.save_rule import save_rule
from bottega.actions.rules.shapes import SaveRuleRequest
from bottega.actions.search.synonym_shapes import PutSynonymsRequest
from bottega.actions.search.synonyms import put_synonyms
from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.names import EventKind, Role
from bottega.serving.console.rendering import BACK, CSRF
from bottega.serving.http.app import create_app
from bottega.shop.doors.sessions import csrf_token_of
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.store.users import User

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # starlette asks for a successor of httpx that few have yet
    from starlette.testclient import TestClient

SCRIPT = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
LINK = "javascript:alert(3)"


class Merchant(TestClient):
    """A browser of somebody who is logged in to one shop."""

    shop: OpenShop
    token: str = ""

    def log_in(self, role: Role | None) -> None:
        """Be somebody of this role from now on; None: nobody. No password is hashed for it."""
        self.cookies.clear()
        self.token = ""
        if role is None:
            return
        now_ms, name = time.time_ns() // 1_000_000, f"Mia {role.value}"
        self.shop.store.users.add(User(name, role, "no password", now_ms))
        self.token = secrets.token_urlsafe(32)
        self.shop.store.users.open_session(self.token, name, now_ms, ended_before_ms=0)
        self.cookies.set("bottega_session", self.token)

    def submit(self, path: str, *, back: str = "", **fields: Any) -> Any:
        """Send a form as a page does: with its token, and following to the page that comes then."""
        sent = {CSRF: csrf_token_of(self.token), BACK: back or path, **fields}
        return self.post(path, data=sent)


@contextmanager
def opened(folder: Path) -> Iterator[Merchant]:
    """The shop in a folder behind a server, with an admin logged in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOTTEGA_WORKER", "false")
        patch.setenv("BOTTEGA_REFRESH_S", "3600")
        app = create_app(folder)
    with Merchant(app) as client:
        client.shop = app.state.door.shop
        client.log_in(Role.ADMIN)
        yield client


@pytest.fixture(scope="session")
def merchant(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Merchant]:
    """An admin of a shop that was imported and trained. Whoever changes its role or its data puts them back."""
    folder = tmp_path_factory.mktemp("console") / "shop"
    shutil.copytree(trained, folder)
    with opened(folder) as client:
        yield client


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Merchant]:
    """An admin of a shop without anything."""
    with opened(tmp_path_factory.mktemp("console") / "empty") as client:
        yield client


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Merchant]:
    """An admin of a shop whose texts try to be code: titles, categories, links, searches, names, rules, synonyms."""
    folder = tmp_path_factory.mktemp("console") / "hostile"
    with ShopFolder.open(folder) as shop:
        shop.store.products.upsert(_products())
        shop.store.events.add(_events())
        shop.store.keys.create(SCRIPT)
    with opened(folder) as client:
        put_synonyms(client.shop, PutSynonymsRequest.model_validate({"synonyms": [{"words": [SCRIPT[:30], "lamp"]}]}))
        rule = {"id": "r-1", "name": SCRIPT, "kind": "pin", "product_ids": [SCRIPT], "query": [SCRIPT]}
        save_rule(client.shop, SaveRuleRequest.model_validate(rule))
        yield client


def _products() -> list[Product]:
    return [
        Product(
            id=SCRIPT if number == 0 else f"lamp-{number}",
            title=f"Lamp {SCRIPT}",
            description=SCRIPT,
            brand=SCRIPT,
            category=(SCRIPT, "Lamps"),
            price_minor=1000 + number,
            currency="USD",
            images=(LINK,),
            url=LINK if number else "https://x.example/" + SCRIPT,
            attributes={"colour": (SCRIPT,)},
        )
        for number in range(4)
    ]


def _events() -> list[Event]:
    now_ms = time.time_ns() // 1_000_000
    found = [
        Event(shopper_id=SCRIPT, kind=kind, product_id=SCRIPT, time_ms=now_ms - 60_000 * number, session_id=SCRIPT)
        for number, kind in enumerate((EventKind.VIEW, EventKind.CLICK, EventKind.PURCHASE))
    ]
    return [*found, Event(shopper_id=SCRIPT, kind=EventKind.SEARCH, query=SCRIPT, time_ms=now_ms)]
