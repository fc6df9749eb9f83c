"""A feed that ends in its middle: what came before is in, half a row replaces nothing, nothing is discontinued."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
from bottega.errors import SourceUnreadable
from bottega.names import Availability
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

ROWS = [(str(n), f'Mug, "blue" {n}', "Nord", "84.00", "in_stock", "Kitchen > Mugs") for n in range(1, 31)]
NAMES = ("id", "title", "brand", "price", "availability", "category")


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


CSV = ",".join(NAMES) + "\n" + "".join(",".join(map(quoted, row)) + "\n" for row in ROWS)
JSONL = "".join(json.dumps(dict(zip(NAMES, row, strict=True))) + "\n" for row in ROWS)
ARRAY = json.dumps([dict(zip(NAMES, row, strict=True)) for row in ROWS])
XML = (
    '<rss xmlns:g="http://base.google.com/ns/1.0"><channel>'
    + "".join(
        f"<item><g:id>{row[0]}</g:id><g:title>{row[1]}</g:title><g:brand>{row[2]}</g:brand>"
        f"<g:price>{row[3]} USD</g:price></item>"
        for row in ROWS
    )
    + "</channel></rss>"
)
FEEDS = {"feed.csv": CSV, "feed.jsonl": JSONL, "feed.json": ARRAY, "feed.xml": XML}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ShopFolder]:
    with ShopFolder.open(tmp_path / "shop") as opened:
        yield opened


def imported(shop: ShopFolder, path: Path, content: str | bytes, *, sync: bool = False) -> ImportReport:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=path, sync=sync, force=sync))


@pytest.mark.parametrize("name", FEEDS)
@pytest.mark.parametrize("share", [0.31, 0.5, 0.77, 0.9, 0.985])
def test_a_cut_feed_discontinues_nothing(shop: ShopFolder, tmp_path: Path, name: str, share: float) -> None:
    whole = FEEDS[name]
    assert imported(shop, tmp_path / name, whole).added == len(ROWS)
    before = {product.id: product for product in shop.store.products.all()}
    cut = whole[: int(len(whole) * share)]
    if cut.endswith(("\n", "}")):
        cut = cut[:-3]
    report = imported(shop, tmp_path / name, cut, sync=True)
    assert report.discontinued == 0 and report.held.startswith("The feed broke before its end")
    assert f"{name} breaks before its end: what came before was taken." in report.notes
    after = {product.id: product for product in shop.store.products.all()}
    assert after == {
        key: product.model_copy(update={"source_row": after[key].source_row}) for key, product in before.items()
    }
    assert report.read == report.unchanged + report.rejected + report.updated


def test_an_open_quote_at_the_end_replaces_nothing(shop: ShopFolder, tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    imported(shop, path, "id,title,price\n1,Lamp,5\n2,Desk,7\n")
    report = imported(shop, path, 'id,title,price\n1,Lamp,5\n2,"De', sync=True)
    assert (report.updated, report.rejected, report.discontinued) == (0, 1, 0)
    assert shop.store.products.get(["2"])["2"].title == "Desk"
    report = imported(shop, path, "id,title,price\n1,Lamp,5\n2,De", sync=True)
    assert (report.by_rule, report.discontinued) == ({"row_cut": 1}, 0)
    assert shop.store.products.get(["2"])["2"].title == "Desk"


def test_a_last_line_without_its_end_is_no_cut(shop: ShopFolder, tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    imported(shop, path, "id,title,price\n1,Lamp,5\n2,Desk,7\n3,Chair,9\n4,Mug,2\n")
    report = imported(shop, path, "id,title,price\n1,Lamp\n2,Desk\n3,Chair", sync=True)
    assert (report.rejected, report.discontinued, report.held) == (0, 1, "")
    path = tmp_path / "feed.jsonl"
    report = imported(shop, path, '{"id": "1", "title": "Lamp"}\n{"id": "2", "title": "Desk"}', sync=True)
    assert (report.rejected, report.discontinued, report.held) == (0, 1, "")


def test_a_broken_row_has_not_vanished(shop: ShopFolder, tmp_path: Path) -> None:
    path = tmp_path / "feed.csv"
    imported(shop, path, "id,title,price\nA 1,Lamp,5\nA 2,Desk,7\nA 3,Chair,9\n")
    report = imported(shop, path, "id,title,price\nA 1,Lamp,5\nA 2,Desk, oak,7\n", sync=True)
    assert (report.by_rule, report.discontinued) == ({"columns_extra": 1}, 1)
    there = {product.id: product.availability for product in shop.store.products.all()}
    assert there["A 2"] is Availability.IN_STOCK and there["A 3"] is Availability.DISCONTINUED


MANY = range(9000)
SHOPIFY = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n" + "".join(
    f"cup-{n},Cup {n * 7919 % 1000},Title,Default Title,x{n},5\n" for n in MANY
)
WOOCOMMERCE = "ID,Type,SKU,Name,Published,In stock?,Regular price,Parent\n" + "".join(
    f"{n},simple,x{n},Cup {n * 7919 % 1000},1,1,5,\n" for n in MANY
)
OBJECTS = [f'{{"id": "x{n}", "title": "Cup {n * 7919 % 1000}", "price": "5"}}' for n in MANY]
PACKED = {
    "plain.csv.gz": CSV + "".join(f'"x{n}","Cup {n * 7919 % 1000}","N","1","1","K"\n' for n in MANY),
    "shopify.csv.gz": SHOPIFY,
    "woocommerce.csv.gz": WOOCOMMERCE,
    "lines.jsonl.gz": "\n".join(OBJECTS),
    "array.json.gz": f"[{', '.join(OBJECTS)}]",
    "feed.xml.gz": "<rss><channel>"
    + "".join(f"<item><id>x{n}</id><title>Cup {n * 7919 % 1000}</title></item>\n" for n in MANY)
    + "</channel></rss>",
}


@pytest.mark.parametrize("name", PACKED)
def test_a_cut_archive_gives_what_came_before_and_a_report(shop: ShopFolder, tmp_path: Path, name: str) -> None:
    imported(shop, tmp_path / "before.csv", "id,title,price\nold,Lamp,5\n")
    content = gzip.compress(PACKED[name].encode())
    path = tmp_path / name
    path.write_bytes(content[: len(content) // 2])
    report = import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=path, sync=True))
    stored = list(shop.store.products.all())
    assert len(stored) - 1 == report.added > 1000 and report.read == report.added + report.rejected
    assert f"{name} breaks before its end: what came before was taken." in report.notes
    assert report.held.startswith("The feed broke before its end") and report.discontinued == 0
    assert not any(product.availability is Availability.DISCONTINUED for product in stored)


def test_a_small_archive_that_is_cut_gives_what_came_before(shop: ShopFolder, tmp_path: Path) -> None:
    text = "id,title,price\n" + "".join(f"{n},{hex(n * 7919 + 104729)},{n}\n" for n in range(60))
    content = gzip.compress(text.encode())
    (tmp_path / "small.csv.gz").write_bytes(content[:-60])
    report = import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=tmp_path / "small.csv.gz", sync=True))
    assert 10 < report.added < 60 and report.held
    (tmp_path / "none.csv.gz").write_bytes(content[:12])
    with pytest.raises(SourceUnreadable, match="is cut off: the gzip stream has no end"):
        import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=tmp_path / "none.csv.gz"))


@pytest.mark.parametrize("end", ["ada,mu", "ada,mug,view,17", '{"shopper_id": "ada", "product_'])
def test_cut_events_are_noticed(shop: ShopFolder, tmp_path: Path, end: str) -> None:
    if end.startswith("{"):
        text = '{"shopper_id": "ada", "product_id": "mug", "kind": "view", "time": 1700000000}\n' + end
    else:
        text = "shopper_id,product_id,kind,time,value\nada,mug,view,1700000000,5\n" + end
    path = tmp_path / "events.txt"
    path.write_text(text)
    report = import_events(OpenShop(shop), ImportEventsRequest(source=path))
    assert (report.added, report.rejected, report.by_rule) == (1, 1, {"row_cut": 1})
    assert "events.txt breaks before its end: what came before was taken." in report.notes


def test_events_with_the_line_ends_of_old_macs(shop: ShopFolder, tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text('user_id,item_id,event_type,timestamp\ru,a,view,1777636800\ru,"b\rc",view,1777636801\r')
    report = import_events(OpenShop(shop), ImportEventsRequest(source=path))
    assert (report.added, report.rejected) == (2, 0)
