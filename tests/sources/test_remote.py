"""Feeds from an address, against a server of this test: changed, unchanged, too large, cut off, led astray."""

from __future__ import annotations

import gzip
import io
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpcore
import pytest

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
from bottega.errors import SourceUnreadable
from bottega.reach import Reach
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.sources.remote import FetchLimits, fetch
from bottega.sources.web_address import is_address, plain_address

CSV = "id,title\n1,Größe\n2,Lamp\n"
OPEN = FetchLimits(reach=Reach(private=True))
Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """Answers as it is told, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                outer.answers[self.path.split("?")[0]](self)

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_address[1]}"

    def say(self, path: str, body: bytes, **headers: str) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            etag = headers.get("etag")
            if etag and request.headers.get("If-None-Match") == etag:
                request.send_response(304)
                request.send_header("Content-Length", "0")
                request.end_headers()
                return
            request.send_response(200)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                request.send_header(name.replace("_", "-"), value)
            request.end_headers()
            request.wfile.write(body)

        self.answers[path] = answer

    def lead(self, path: str, to: str) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(302)
            request.send_header("Location", to)
            request.send_header("Content-Length", "0")
            request.end_headers()

        self.answers[path] = answer


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.http.shutdown()
    one.http.server_close()


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ShopFolder]:
    monkeypatch.setenv("BOTTEGA_FETCH_PRIVATE", "true")
    with ShopFolder.open(tmp_path / "shop") as opened:
        yield opened


def imported(shop: ShopFolder, address: str, **fields: object) -> ImportReport:
    return import_catalogue(OpenShop(shop), ImportCatalogueRequest.model_validate({"source": address, **fields}))


def test_a_feed_comes_from_an_address(shop: ShopFolder, server: Server) -> None:
    server.say("/export/feed.csv", CSV.encode("cp1252"), content_type="text/csv; charset=windows-1252", etag='"a1"')
    report = imported(shop, f"{server.url}/export/feed.csv?token=secret")
    assert (report.source, report.added, report.notes[:0]) == ("feed.csv", 2, [])
    assert shop.store.products.get(["1"])["1"].title == "Größe" and not report.warnings["encoding_guessed"]
    assert list(shop.fetched.glob("*.part")) == []
    assert "secret" not in report.model_dump_json()


def test_an_unchanged_feed_costs_nothing_and_says_so(shop: ShopFolder, server: Server) -> None:
    address = f"{server.url}/feed.csv"
    server.say("/feed.csv", CSV.encode(), etag='"a1"', last_modified="Fri, 01 May 2026 12:00:00 GMT")
    assert imported(shop, address).added == 2
    report = imported(shop, address)
    assert report.source_unchanged and (report.read, report.added, report.unchanged) == (0, 0, 0)
    assert report.notes == [f"{address} has not changed since it was imported, so nothing was read."]
    assert server.asked[-1][1]["if-none-match"] == '"a1"'
    assert server.asked[-1][1]["if-modified-since"] == "Fri, 01 May 2026 12:00:00 GMT"
    server.say("/feed.csv", (CSV + "3,Desk\n").encode(), etag='"a2"')
    assert (imported(shop, address).added, imported(shop, address).source_unchanged) == (1, True)
    assert not imported(shop, address, mapping="brand:=Acme").source_unchanged  # another thing is made of it


def test_the_same_bytes_are_no_change_whatever_the_server_says(shop: ShopFolder, server: Server) -> None:
    server.say("/feed.csv", CSV.encode())
    address = f"{server.url}/feed.csv"
    assert imported(shop, address).added == 2 and imported(shop, address).source_unchanged


def test_what_was_not_taken_in_is_asked_for_again(shop: ShopFolder, server: Server) -> None:
    address = f"{server.url}/feed.csv"
    server.say("/feed.csv", b'id,title\n1,Lamp\n2,"De', etag='"a1"')
    for _ in range(2):
        report = imported(shop, address)
        assert not report.source_unchanged and report.by_rule == {"quote_unclosed": 1}
    assert all("if-none-match" not in headers for _, headers in server.asked)


def test_events_from_an_address(shop: ShopFolder, server: Server) -> None:
    rows = "shopper_id,product_id,kind,time\nada,mug,view,1700000000\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", rows)
        archive.writestr("b.csv", rows.replace("mug", "cup"))
    server.say("/events.zip", packed.getvalue(), etag='"e"')
    request = ImportEventsRequest(source=f"{server.url}/events.zip")
    assert import_events(OpenShop(shop), request).added == 2
    assert import_events(OpenShop(shop), request).source_unchanged


def test_a_transfer_may_be_packed(tmp_path: Path, server: Server) -> None:
    server.say("/feed", gzip.compress(CSV.encode()), content_encoding="gzip", content_disposition='a; filename="x.csv"')
    with fetch(f"{server.url}/feed", tmp_path, OPEN) as fetched:
        assert (fetched.path.read_text(), fetched.name) == (CSV, "x.csv")
    assert not fetched.path.exists()


def test_redirects_are_followed_and_each_hop_checked(tmp_path: Path, server: Server) -> None:
    server.say("/real.csv", CSV.encode())
    server.lead("/old.csv", "/real.csv")
    with fetch(f"{server.url}/old.csv", tmp_path, OPEN) as fetched:
        assert fetched.path.read_text() == CSV
    server.lead("/loop.csv", "/loop.csv")
    server.lead("/file.csv", "file:///etc/passwd")
    for path, message in (("/loop.csv", "leads on more than 5 times"), ("/file.csv", "leads to file:, which")):
        with pytest.raises(SourceUnreadable, match=message), fetch(f"{server.url}{path}", tmp_path, OPEN):
            pass


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254"]
)
def test_private_networks_are_refused(tmp_path: Path, server: Server, host: str) -> None:
    port = server.url.rsplit(":", 1)[1]
    with (
        pytest.raises(SourceUnreadable, match=r"lies inside a private network.*set fetch_private = true"),
        fetch(f"http://{host}:{port}/feed.csv", tmp_path, FetchLimits()),
    ):
        pass
    assert server.asked == []


def test_a_name_that_answers_differently_the_second_time(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    went: list[str] = []

    def lookup(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        number = "93.184.215.14" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    def connect(_: object, host: str, *__: object, **___: object) -> httpcore.NetworkStream:
        went.append(host)
        raise httpcore.ConnectError("not in a test")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with (
        pytest.raises(SourceUnreadable, match="cannot be fetched"),
        fetch("http://a.example/x", tmp_path, FetchLimits()),
    ):
        pass
    assert went == ["93.184.215.14"]
    with pytest.raises(SourceUnreadable, match="private network"), fetch("http://a.example/x", tmp_path, FetchLimits()):
        pass
    assert went == ["93.184.215.14"]


def test_limits_of_size_and_time(tmp_path: Path, server: Server) -> None:
    server.say("/large.csv", b"x" * 3_000_000)
    server.say("/bomb.csv", gzip.compress(b"x" * 30_000_000), content_encoding="gzip")
    for path in ("/large.csv", "/bomb.csv"):
        with (
            pytest.raises(SourceUnreadable, match=r"is larger than 2 MB\. Raise the setting fetch_max_mb"),
            fetch(f"{server.url}{path}", tmp_path, FetchLimits(max_mb=2, reach=Reach(private=True))),
        ):
            pass

    def slowly(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "1000000")
        request.end_headers()
        for _ in range(20):
            request.wfile.write(b"x" * 70_000)
            time.sleep(0.1)

    server.answers["/slow.csv"] = slowly
    with (
        pytest.raises(SourceUnreadable, match="took more than 0 s"),
        fetch(f"{server.url}/slow.csv", tmp_path, FetchLimits(timeout_s=0.2, reach=Reach(private=True))),
    ):
        pass


def test_a_transfer_that_is_cut_off(shop: ShopFolder, server: Server) -> None:
    imported(shop, str(_file(shop, CSV)))

    def cut(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "5000")
        request.end_headers()
        request.wfile.write(b"id,title\n1,Lamp\n")
        request.close_connection = True

    server.answers["/feed.csv"] = cut
    with pytest.raises(SourceUnreadable, match=r"feed.csv cannot be fetched: .*Try again"):
        imported(shop, f"{server.url}/feed.csv", sync=True, force=True)
    assert shop.store.products.count() == 2


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("{url}/gone.csv", r"/gone.csv was answered with 410 Gone\. Open it in a browser"),
        ("http://nowhere.invalid/feed.csv?key=secret", r"No machine is called nowhere.invalid"),
        ("http://127.0.0.1:1/feed.csv", r"http://127.0.0.1:1/feed.csv cannot be fetched: "),
        ("http://127.0.0.1:99999/feed.csv", r"is no address that can be fetched"),
    ],
)
def test_addresses_that_give_nothing(tmp_path: Path, server: Server, address: str, message: str) -> None:
    def gone(request: BaseHTTPRequestHandler) -> None:
        request.send_response(410, "Gone")
        request.send_header("Content-Length", "0")
        request.end_headers()

    server.answers["/gone.csv"] = gone
    with pytest.raises(SourceUnreadable, match=message) as told, fetch(address.format(url=server.url), tmp_path, OPEN):
        pass
    assert "secret" not in str(told.value)


def test_addresses_as_they_are_named() -> None:
    assert is_address("https://a.example/x") and is_address(Path("https://a.example/x")) and is_address("HTTP://a/x")
    assert not is_address("feed.csv") and not is_address("ftp://a.example/x") and not is_address(Path("/https/x"))
    assert plain_address(Path("https://me:pass@a.example:8443/x y.csv?key=1")) == "https://a.example:8443/x%20y.csv"


def _file(shop: ShopFolder, text: str) -> Path:
    path = shop.root / "feed.csv"
    path.write_text(text)
    return path
