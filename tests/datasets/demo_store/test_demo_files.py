"""The files of a demo shop: the same from the same seed, usable by the readers, drawn and not blank."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

from bottega.actions.demo.write_demo import write_demo
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
from bottega.datasets.demo_store import DemoFiles, contact_sheet, write_demo_shop
from bottega.datasets.demo_store.pictures import DRAWINGS, Design, draw, draw_all
from bottega.datasets.demo_store.styles import PATTERNS
from bottega.errors import RequestInvalid, SourceUnreadable
from bottega.names import DAY_MS, Availability, EventKind
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return write_demo_shop(tmp_path_factory.mktemp("demo"), products=70, shoppers=60, seed=3, processes=1)


def _bytes(files: DemoFiles) -> dict[str, str]:
    paths = [files.catalogue, files.events, files.truth, *sorted(files.images.iterdir())]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(demo: DemoFiles, tmp_path: Path) -> None:
    again = write_demo_shop(tmp_path / "again", products=70, shoppers=60, seed=3, pictures=False)
    other = write_demo_shop(tmp_path / "other", products=70, shoppers=60, seed=4, pictures=False)
    assert again.events.read_bytes() == demo.events.read_bytes()
    assert again.truth.read_bytes() == demo.truth.read_bytes()
    assert other.events.read_bytes() != demo.events.read_bytes()
    assert other.catalogue.read_bytes() != again.catalogue.read_bytes()


def test_pictures_do_not_depend_on_the_number_of_processes(demo: DemoFiles, tmp_path: Path) -> None:
    designs = [
        Design(name, ("navy", "sand", "coral"), "floral", "sun", "#e3ebef", "Volta", "Ashby", 5) for name in DRAWINGS
    ]
    for processes in (1, 2):
        folder = tmp_path / str(processes)
        folder.mkdir()
        draw_all([(folder / f"{i:02d}.jpg", design) for i, design in enumerate(designs[:14])], processes=processes)
    one, two = ([path.read_bytes() for path in sorted((tmp_path / name).iterdir())] for name in "12")
    assert len(one) == 14 and one == two


def test_the_readers_take_everything_in(demo: DemoFiles, tmp_path: Path) -> None:
    with ShopFolder.open(tmp_path) as shop:
        products = import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=demo.catalogue))
        assert (products.read, products.rejected, products.unused_columns) == (70, 0, [])
        assert products.images == demo.n_pictures
        assert set(products.warnings) <= {"field_empty"}, "only that products have no url"
        events = import_events(OpenShop(shop), ImportEventsRequest(source=demo.events))
        assert (events.rejected, events.unknown_products, events.unused_columns) == (0, 0, [])
        assert events.read == demo.n_events and events.duplicates > 0
        stored = [product for chunk in shop.store.products.iterate() for product in chunk]
        assert all(p.price_minor and p.currency == "EUR" and p.images and p.description and p.brand for p in stored)
        assert all(2 <= len(p.category) <= 3 and {"color", "style", "material"} <= p.attributes.keys() for p in stored)


def test_the_catalogue_has_every_department_variants_and_things_not_for_sale(tmp_path: Path) -> None:
    files = write_demo(tmp_path, products=600, shoppers=10, pictures=False)
    rows = [json.loads(line) for line in files.catalogue.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == len({row["id"] for row in rows}) == len({row["title"] for row in rows}) == 600
    assert len({tuple(row["category"]) for row in rows}) == len(DRAWINGS)
    groups = pl.DataFrame({"group": [row["group_id"] for row in rows]}).drop_nulls().group_by("group").len()
    assert len(groups) >= 20 and groups["len"].max() == 4
    sized = [row for row in rows if row["group_id"]]
    assert all(row["id"] == f"{row['group_id']}-{row['attributes']['size'][0]}" for row in sized)
    states = {row["availability"] for row in rows}
    assert {Availability.IN_STOCK, Availability.OUT_OF_STOCK} <= states
    assert 1 <= sum(row["hidden"] for row in rows) <= 30
    assert not any("{" in row["title"] + row["description"] or "  " in row["title"] for row in rows)
    assert all(row["images"] == [] for row in rows) and not any(files.images.iterdir())


def test_every_picture_exists_shows_something_and_is_its_own(demo: DemoFiles) -> None:
    rows = [json.loads(line) for line in demo.catalogue.read_text(encoding="utf-8").splitlines()]
    named = {row["images"][0] for row in rows}
    assert {f"images/{path.name}" for path in demo.images.iterdir()} == named
    seen = set()
    for name in named:
        with Image.open(demo.catalogue.parent / name) as picture:
            assert picture.size == (480, 480) and picture.mode == "RGB"
            pixels = np.asarray(picture, dtype=np.float32)
        corner, middle = pixels[:40, -40:], pixels[120:360, 120:360]
        assert np.abs(middle - corner.mean((0, 1))).mean() > 12, f"{name} is nearly blank"
        seen.add(hashlib.sha256(pixels.tobytes()).hexdigest())
    assert len(seen) > 0.95 * len(named)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_show_on_cloth(pattern: str) -> None:
    designs = [
        Design("cushion", ("navy", "cream", "coral"), p, "sun", "#e3ebef", "Volta", "Ashby", 5)
        for p in ("plain", pattern)
    ]
    plain, patterned = (np.asarray(draw(design), dtype=np.float32) for design in designs)
    assert (np.abs(plain - patterned).mean() > 5) == (pattern != "plain")


def test_events_are_complete_rows_in_order_of_arrival_with_a_few_late(demo: DemoFiles) -> None:
    events = pl.read_csv(demo.events, infer_schema_length=None)
    assert len(events) == demo.n_events
    assert set(events["kind"]) <= {kind.value for kind in EventKind}
    assert events.filter(pl.col("kind") == "search")["query"].null_count() == 0
    assert events.filter(pl.col("kind") != "search")["product_id"].null_count() == 0
    assert events["anonymous_id"].null_count() == 0 < events["shopper_id"].null_count()
    assert events.filter(pl.col("kind") == "rate")["rating"].is_between(1, 5).all()
    assert events.filter(pl.col("kind") == "purchase")["value"].min() > 0  # type: ignore[operator]
    backwards = (events["time"].diff().drop_nulls() < 0).mean()
    assert backwards is not None and 0 < float(backwards) < 0.05  # type: ignore[arg-type]


def test_a_contact_sheet_shows_all_pictures(demo: DemoFiles) -> None:
    sheet = contact_sheet(demo.images, columns=10, px=48)
    assert sheet.size == (480, 48 * -(-demo.n_pictures // 10))


@pytest.mark.parametrize(("products", "shoppers"), [(5, 100), (600, 1)])
def test_sizes_out_of_range_are_refused(tmp_path: Path, products: int, shoppers: int) -> None:
    with pytest.raises(RequestInvalid, match=r"is (5|1)\. It is (60|10) to 10000000"):
        write_demo(tmp_path, products=products, shoppers=shoppers)


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SourceUnreadable, match="cannot be made"):
        write_demo(tmp_path / "file", products=60, shoppers=10)


def test_with_a_moment_given_events_end_there_and_weekends_stay_weekends(tmp_path: Path) -> None:
    now_ms = 1_796_000_000_000  # some day in November 2026
    usual = write_demo_shop(tmp_path / "usual", products=70, shoppers=60, seed=3, pictures=False)
    moved = write_demo_shop(tmp_path / "moved", products=70, shoppers=60, seed=3, pictures=False, now_ms=now_ms)
    was, now = (pl.read_csv(files.events) for files in (usual, moved))
    shift = json.loads(moved.truth.read_text())["start_ms"] - json.loads(usual.truth.read_text())["start_ms"]
    assert shift % (7 * DAY_MS) == 0
    assert now_ms - 3 * DAY_MS < now["time"].max() <= now_ms  # type: ignore[operator]  # times are numbers
    assert set(now["time"] - shift) <= set(was["time"])
    assert len(now) > 0.9 * len(was)


def test_everyone_who_logs_in_has_a_name(tmp_path: Path) -> None:
    files = write_demo_shop(tmp_path, products=70, shoppers=60, seed=3, pictures=False)
    people = pl.read_csv(files.shoppers)
    known = set(pl.read_csv(files.events)["shopper_id"].drop_nulls()) - set(json.loads(files.truth.read_text())["bots"])
    assert known <= set(people["shopper"])
    assert all(len(name.split()) == 2 for name in people["name"])
    assert people["name"].n_unique() > 0.9 * len(people)
