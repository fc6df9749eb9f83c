"""A proposal of a mapping, of whatever an import would take."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.propose_mapping import propose_mapping
from bottega.actions.intake.shapes import ImportCatalogueRequest, ProposeMappingRequest
from bottega.shop.open_shop import OpenShop

FEED = "artikelnummer,bezeichnung,preis,farbe\n" + "".join(f"A{n},Lampe {n},{n},rot\n" for n in range(1, 30))


class Feed(BaseHTTPRequestHandler):
    """Gives one feed."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("ETag", '"1"')
        self.end_headers()
        self.wfile.write(FEED.encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Feed) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/feed.csv"
        server.shutdown()
        thread.join()


def test_an_address_is_looked_at_and_not_remembered(tmp_path: Path, address: str) -> None:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "bottega.toml").write_text("fetch_private = true\n")
    path = tmp_path / "feed.csv.gz"
    path.write_bytes(gzip.compress(FEED.encode()))
    with OpenShop.open(root) as shop:
        of_file = propose_mapping(shop, ProposeMappingRequest(source=path))
        of_address = propose_mapping(shop, ProposeMappingRequest(source=address))
        assert "id=artikelnummer" in of_file.mapping and "title=bezeichnung" in of_file.mapping
        assert of_address.mapping == of_file.mapping and of_address.source == "feed.csv"
        assert shop.store.products.count() == 0
        report = import_catalogue(shop, ImportCatalogueRequest(source=address))
        assert report.added == 29 and not report.source_unchanged
        assert propose_mapping(shop, ProposeMappingRequest(source=address)).mapping == of_file.mapping
