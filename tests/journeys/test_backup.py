"""A backup is the shop of one moment, whatever is written meanwhile, and opens as that shop in either database."""

from __future__ import annotations

import json
import shutil
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import postgresql_server as servers
from bottega.actions.recommend.recommend import recommend
from bottega.actions.recommend.shapes import RecommendationRequest, TrainRequest
from bottega.actions.recommend.train import train
from bottega.catalogue.product import Product
from bottega.errors import BackupBroken, RequestInvalid, SourceUnreadable
from bottega.events.event import Event
from bottega.names import EventKind
from bottega.shop.backup import ABOUT, DATABASE, back_up
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.shop.restore import restore
from bottega.store import snapshot
from bottega.store.snapshot import rows_of
from bottega.store.suggestions import Suggestion, SuggestionKind

PRODUCTS = [Product(id=f"p/{i} 🎁", title=f"Mug {i}", attributes={"color": ("red",)}) for i in range(12)]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    programs = servers.postgresql_programs()
    if programs is None:
        pytest.skip("PostgreSQL's server programs (initdb, pg_ctl) are not installed here")
    with servers.postgresql_server(programs) as folder:
        yield folder


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def new_database(request: pytest.FixtureRequest) -> Callable[[], str]:
    """URLs of empty databases; empty for a file in the shop's folder."""
    if request.param == "sqlite":
        return lambda: ""
    server: str = request.getfixturevalue("postgresql")
    return lambda: servers.empty_schema(server)


def events(batch: int, count: int = 40) -> list[Event]:
    return [
        Event(
            event_id=f"{batch}-{i}",
            shopper_id=f"s{i % 8}",
            kind=EventKind.VIEW,
            product_id=PRODUCTS[(i * i + batch) % 12].id,
            time_ms=1_700_000_000_000 + i * 60_000,
        )
        for i in range(count)
    ]


def shop_in(root: Path, database: str) -> OpenShop:
    """A shop with something in many tables, a model, a secret and pictures."""
    root.mkdir()
    (root / "bottega.toml").write_text(f'database_url = "{database}"\nshop_name = "Nord"\n')
    shop = OpenShop.open(root)
    shop.upsert(PRODUCTS)
    for batch in range(3):
        shop.record(events(batch))
    shop.store.suggestions.put(
        [
            Suggestion(SuggestionKind.TEXT, PRODUCTS[0].id, "title", "Mug", 0.5, "writer", "1", 1, facts=("color",)),
            Suggestion(SuggestionKind.FILL, PRODUCTS[0].id, "size", "L", 0.5, "eye", "1", 1),
        ]
    )
    shop.secrets.keep("shopify-webhook", "hush")
    (root / "images" / "ab").mkdir(parents=True)
    (root / "images" / "ab" / "c.jpg").write_bytes(b"\xff\xd8 a picture")
    for left_out in ("thumbnails", "fetched", "backups"):
        (root / left_out).mkdir()
        (root / left_out / "x.json").write_text("{}")
    train(shop, TrainRequest(model="transitions"))
    return shop


def told(shop: OpenShop) -> dict[str, object]:
    """What the shop says of itself, table by table and at the door."""
    ask = RecommendationRequest(shopper="s1", n=5, placement="home")
    return {
        "products": list(shop.store.products.all()),
        "events": shop.store.events.since(0, 10_000),
        "suggestions": shop.store.suggestions.page(limit=50)[0],
        "runs": shop.store.runs.all(),
        "secret": shop.secrets.of("shopify-webhook"),
        "list": [each.product_id for each in recommend(shop, ask).items],
        "marks": {name: value for name, value in shop.store.marks().items() if name != "identity"},
    }


def test_a_restored_shop_is_the_shop_that_was(tmp_path: Path, new_database: Callable[[], str]) -> None:
    with shop_in(tmp_path / "nord", new_database()) as shop:
        before, identity = told(shop), shop.store.identity()
        path, info = back_up(shop.folder, tmp_path / "nord.zip")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600, "it opens the secrets"
    assert info.rows["events"] == 120 and info.rows["products"] == 12
    named = set(zipfile.ZipFile(path).namelist())
    assert {DATABASE, ABOUT, "bottega.toml", "secret.key", "images/ab/c.jpg"} <= named
    assert not [name for name in named if name.split("/")[0] in ("run", "thumbnails", "fetched", "backups")]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["nord", "nord.zip"], "nothing is left of the work"
    database = new_database()
    restore(path, tmp_path / "again", database_url=database)
    (tmp_path / "again" / "bottega.toml").write_text(f'database_url = "{database}"\n')
    with OpenShop.open(tmp_path / "again") as again:
        assert told(again) == before
        assert again.store.identity() != identity, "what was packed from the other database counts for nothing here"
        assert (again.folder.images / "ab" / "c.jpg").read_bytes() == b"\xff\xd8 a picture"
        assert again.store.database.is_sqlite == (not database)
        again.record(events(3))
        assert again.store.events.count() == 160


@pytest.mark.postgres
@pytest.mark.parametrize("to_sqlite", [True, False], ids=["to SQLite", "to PostgreSQL"])
def test_a_backup_moves_a_shop_to_the_other_kind_of_database(tmp_path: Path, postgresql: str, to_sqlite: bool) -> None:
    old, new = servers.empty_schema(postgresql), ""
    if not to_sqlite:
        old, new = new, old
    with shop_in(tmp_path / "old", old) as shop:
        with shop.store.database.write() as connection:  # a list of answers, whose numbers the database gives itself
            connection.exec_driver_sql(
                "INSERT INTO answers (recommendation_id, time_ms, placement, model, products, scores)"
                " VALUES ('r1', 1, 'home', '', '[\"p\"]', '[0.5]')"
            )
        before = told(shop)
        path, _ = back_up(shop.folder, tmp_path)
    restore(path, tmp_path / "new", database_url=new)
    (tmp_path / "new" / "bottega.toml").write_text(f'database_url = "{new}"\n')
    with OpenShop.open(tmp_path / "new") as again:
        assert told(again) == before
        with again.store.database.write() as connection:
            connection.exec_driver_sql(
                "INSERT INTO answers (recommendation_id, time_ms, placement, model, products, scores)"
                " VALUES ('r2', 1, 'home', '', '[]', '[]')"
            )
            numbers = connection.exec_driver_sql("SELECT number FROM answers ORDER BY number").scalars().all()
    assert len(numbers) == len(set(numbers)) == 2


def test_a_backup_under_writes_holds_one_moment(
    tmp_path: Path, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer adds whole batches to two tables all the while: no backup has a part of one."""
    monkeypatch.setattr(snapshot, "_PAGES", 3)
    monkeypatch.setattr(snapshot, "_ROWS", 7)
    shop = shop_in(tmp_path / "nord", new_database())
    stop, written, failures = threading.Event(), [3], list[BaseException]()

    def write() -> None:
        try:
            with ShopFolder.open(tmp_path / "nord") as own:
                while not stop.is_set():
                    batch = written[0]
                    own.store.events.add(events(batch))
                    own.store.products.upsert([Product(id=f"new {batch}", title="New")])
                    written[0] = batch + 1
        except BaseException as error:  # noqa: BLE001 - shown below
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            before = written[0]
            path, info = back_up(shop.folder, tmp_path / f"{number}.zip")
            after = written[0]
            rows = tmp_path / f"{number}.db"
            with zipfile.ZipFile(path) as archive, archive.open(DATABASE) as packed, rows.open("wb") as out:
                shutil.copyfileobj(packed, out)
            assert rows_of(rows) == info.rows
            batches, rest = divmod(info.rows["events"], 40)
            assert rest == 0 and before <= batches <= after + 1
            assert info.rows["products"] - 12 + 3 in (batches, batches - 1), "written behind the events, one at a time"
    finally:
        stop.set()
        writer.join()
        shop.close()
    assert not failures and written[0] > 4, "there was a writer"


def test_nothing_is_written_over_and_no_backup_packs_itself(tmp_path: Path) -> None:
    with shop_in(tmp_path / "nord", "") as shop:
        (tmp_path / "there.zip").write_text("mine")
        with pytest.raises(RequestInvalid, match="is there already"):
            back_up(shop.folder, tmp_path / "there.zip")
        assert (tmp_path / "there.zip").read_text() == "mine"
        with pytest.raises(RequestInvalid, match="among the files that it packs"):
            back_up(shop.folder, tmp_path / "nord" / "images" / "b.zip")
        path, _ = back_up(shop.folder, tmp_path / "nord" / "backups")
        assert path.name.startswith("nord-")
        with pytest.raises(RequestInvalid, match="not empty"):
            restore(path, tmp_path / "nord")
        assert shop.store.events.count() == 120
    with pytest.raises(SourceUnreadable):
        restore(tmp_path / "nowhere.zip", tmp_path / "new")


def test_a_damaged_backup_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    with shop_in(tmp_path / "nord", "") as shop:
        path, _ = back_up(shop.folder, tmp_path / "nord.zip")
    whole = path.read_bytes()

    def refused(content: bytes, match: str) -> None:
        (tmp_path / "bad.zip").write_bytes(content)
        with pytest.raises(BackupBroken, match=match):
            restore(tmp_path / "bad.zip", tmp_path / "new")
        assert not (tmp_path / "new").exists()

    refused(b"PK what is this", "no whole zip")
    refused(whole[: len(whole) // 2], "no whole zip")
    place = whole.index(b"\xff\xd8 a picture")
    refused(whole[: place + 4] + b"X" + whole[place + 5 :], "images/ab/c.jpg is damaged")

    def rewritten(change: Callable[[str, bytes], tuple[str, bytes] | None]) -> bytes:
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "changed.zip", "w") as new:
            for one in old.infolist():
                if changed := change(one.filename, old.read(one)):
                    new.writestr(*changed)
        return (tmp_path / "changed.zip").read_bytes()

    refused(
        rewritten(lambda name, content: None if name.endswith(".jpg") else (name, content)), "has .* files and says"
    )
    refused(
        rewritten(lambda name, content: (name.replace("images/", "../images/"), content)), "holds a file of the name"
    )
    refused(rewritten(lambda name, content: (name, content[:8192] if name == DATABASE else content)), "is damaged")

    def newer(name: str, content: bytes) -> tuple[str, bytes]:
        return name, json.dumps({**json.loads(content), "tables": "9999"}).encode() if name == ABOUT else content

    refused(rewritten(newer), "versions up to")


@pytest.mark.postgres
def test_a_database_that_holds_a_shop_is_refused(tmp_path: Path, postgresql: str) -> None:
    database = servers.empty_schema(postgresql)
    with shop_in(tmp_path / "nord", database) as shop:
        path, _ = back_up(shop.folder, tmp_path / "nord.zip")
        with pytest.raises(RequestInvalid, match="holds a shop already"):
            restore(path, tmp_path / "new")  # the settings that came along name the same
        assert not (tmp_path / "new").exists() and shop.store.events.count() == 120
