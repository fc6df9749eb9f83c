"""What this server sends elsewhere to be let in stands in no error, however the other side answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bottega.connectors.chatwoot import Chatwoot
from bottega.connectors.language_model import LanguageModel, checked_model_address
from bottega.connectors.letter_webhook import SignedWebhook
from bottega.connectors.mail import MailServer
from bottega.connectors.registry import connector_of
from bottega.connectors.web import checked_address
from bottega.errors import BottegaError
from bottega.models.blocks.other_encoders import encoder_called
from bottega.reach import Reach
from bottega.sources.remote import FetchLimits, fetch

HERE = Reach(private=True)
CANARY = "canary-of-the-token-0007"
STATUSES = (302, 400, 401, 403, 404, 500)


class Echo(BaseHTTPRequestHandler):
    """Answers everything with what it was sent, and the status that the test wants."""

    status = 400

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        content = f"{self.path} {dict(self.headers.items())} ".encode() + sent
        self.send_response(type(self).status)
        if type(self).status == 302:
            self.send_header("Location", "https://elsewhere.example/")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def echo() -> Iterator[int]:
    """Its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def _platform(name: str, token: str) -> Callable[[int, Path], Any]:
    def ask(port: int, _: Path) -> None:
        web = connector_of(name, f"http://127.0.0.1:{port}", token, HERE).web
        web.tries = 1
        web.get("/x")

    return ask


def _chatwoot(port: int, _: Path) -> None:
    Chatwoot(f"http://127.0.0.1:{port}", 1, 1, CANARY, HERE).set_status("1", "open")


def _mailer(port: int, _: Path) -> None:
    SignedWebhook(f"http://127.0.0.1:{port}/x", CANARY, reach=HERE).hand_over(b"{}", "l-1")


def _model(port: int, _: Path) -> None:
    LanguageModel(f"http://127.0.0.1:{port}", key=CANARY, tries=1, reach=HERE).rephrase("x")


def _encoder(port: int, _: Path) -> None:
    encoder_called(f"http://me:{CANARY}@127.0.0.1:{port}/v1?key={CANARY} tiny", HERE, lambda: CANARY)


def _feed(port: int, folder: Path) -> None:
    address = f"http://me:{CANARY}@127.0.0.1:{port}/feed.csv?key={CANARY}"
    with fetch(address, folder, FetchLimits(reach=HERE)):
        pass


def _mail(port: int, _: Path) -> None:
    with MailServer(f"smtp://me@127.0.0.1:{port}", CANARY, timeout_s=0.2, reach=HERE) as server:
        server.hand_over(EmailMessage())


WAYS = {
    "shopify": _platform("shopify", CANARY),
    "woocommerce": _platform("woocommerce", f"ck_x:{CANARY}"),
    "bigcommerce": _platform("bigcommerce", CANARY),
    "chatwoot": _chatwoot,
    "mailer": _mailer,
    "language model": _model,
    "encoder": _encoder,
    "feed": _feed,
    "mail server": _mail,
}


def test_an_address_that_is_refused_is_told_without_its_password() -> None:
    address = f"https://me:{CANARY}@a.example"
    for refused in (checked_address, checked_model_address, lambda address: SignedWebhook(address, "s")):
        with pytest.raises(BottegaError, match=r"is 'https://a\.example'") as told:
            refused(address)
        assert CANARY not in str(told.value)


@pytest.mark.parametrize("way", WAYS)
def test_no_error_holds_the_token(way: str, echo: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bottega.connectors.language_model.PAUSE_S", 0.0)
    for status in STATUSES if way != "mail server" else STATUSES[:1]:
        Echo.status = status
        with pytest.raises(BottegaError) as told:
            WAYS[way](echo, tmp_path)
        shown = f"{told.value} {told.value.as_dict()}"
        assert CANARY not in shown and "Basic " not in shown, (status, shown)
