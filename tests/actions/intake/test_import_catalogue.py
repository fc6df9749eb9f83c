"""Import a catalogue: counts that add up, pictures taken in, kills survived, syncs that do not empty a shop."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from bottega.actions.intake.import_catalogue import CHUNK, import_catalogue
from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.errors import SourceUnreadable
from bottega.names import Availability
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop


def imported(shop: ShopFolder, source: Path, **fields: Any) -> ImportReport:
    """The report of one import."""
    return import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=source, **fields))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[ShopFolder]:
    with ShopFolder.open(tmp_path / "shop") as opened:
        yield opened


def feed(folder: Path, text: str, name: str = "feed.csv") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text)
    return path


def picture(path: Path, color: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8), color).save(path)


def test_importing_again_updates(shop: ShopFolder, tmp_path: Path) -> None:
    path = feed(tmp_path, "id,title,price\n1,Lamp,5\n2,Desk,50\n")
    first = imported(shop, path)
    assert (first.format, first.read, first.added, first.rejected) == ("csv", 2, 2, 0)
    feed(tmp_path, "id,title,price\n3,Chair,20\n2,Desk,45\n1,Lamp,5\n")
    second = imported(shop, path)
    assert (second.added, second.updated, second.unchanged) == (1, 1, 1)
    assert [product.id for product in shop.store.products.all()] == ["1", "2", "3"]
    assert shop.store.products.get(["2"])["2"].price_minor == 4500


def test_rejects_are_listed_with_row_field_rule_seen_and_fix(shop: ShopFolder, tmp_path: Path) -> None:
    path = feed(tmp_path, "id,title,price\n1,Lamp,5\n1,Lamp again,5\n,,5\n4,SHOUTING LAMP SHADE,1\n")
    report = imported(shop, path)
    assert (report.read, report.added, report.rejected) == (4, 2, 2)
    assert report.by_rule == {"duplicate_id": 1, "id_empty": 1, "title_empty": 1}
    assert report.warnings["title_capitals"] == 1
    assert "field_empty: 2 of 2 products have no url" in report.notes
    assert report.rejects_file is not None and report.rejects_file.parent == shop.rejects
    with report.rejects_file.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    said = [json.loads(row.pop("said")) for row in rows]
    assert said[0] == {"id": "1", "title": "Lamp again", "price": "5.00", "currency": "USD", "availability": "in_stock"}
    assert said[1] == said[2] == {"price": "5"}
    assert rows == [
        {
            "row": "feed.csv:3",
            "field": "id",
            "rule": "duplicate_id",
            "seen": "1 (first in feed.csv:2)",
            "fix": "give each row its own id, or delete one",
        },
        {"row": "feed.csv:4", "field": "id", "rule": "id_empty", "seen": "", "fix": "give every product its own id"},
        {
            "row": "feed.csv:4",
            "field": "title",
            "rule": "title_empty",
            "seen": "",
            "fix": "give every product a title",
        },
    ]
    assert report.warnings_file is not None
    assert "feed.csv:5,title,title_capitals" in report.warnings_file.read_text()


def test_a_clean_feed_leaves_no_list(shop: ShopFolder, tmp_path: Path) -> None:
    head = "id,title,description,brand,category,price,image,url\n"
    row = (
        "1,Lamp,A lamp that shines on everything you do.,Acme,Home,5 USD,https://s.example/1.jpg,https://s.example/1\n"
    )
    report = imported(shop, feed(tmp_path, head + row))
    assert (report.rejects_file, report.warnings_file, report.notes) == (None, None, [])
    assert not shop.rejects.exists()


def test_prices_without_a_currency_are_told_and_may_be_given_one(shop: ShopFolder, tmp_path: Path) -> None:
    source = feed(tmp_path, "id,title,price\n1,Lamp,5\n2,Desk,7 SEK\n3,Chair,\n")
    said = "1 prices name no currency; they were taken as USD (--currency)."
    assert said in imported(shop, source).notes
    report = imported(shop, source, currency="EUR")
    assert not [note for note in report.notes if "currency;" in note]
    assert [product.currency for product in shop.store.products.get(["1", "2", "3"]).values()] == ["EUR", "SEK", None]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.sampled_from(["1", "2", "Lamp", "", '"', '"a,b"', "5.00", "1.234", "x" * 600, "\x07"]), max_size=5),
        max_size=12,
    )
)
def test_every_row_is_in_exactly_one_count(shop: ShopFolder, tmp_path: Path, rows: list[list[str]]) -> None:
    path = feed(tmp_path, "id,title,price\n" + "".join(",".join(row) + "\n" for row in rows))
    report = imported(shop, path)
    assert report.read == report.added + report.updated + report.unchanged + report.rejected
    assert (report.rejected > 0) == (report.rejects_file is not None)


def test_pictures_come_along(shop: ShopFolder, tmp_path: Path) -> None:
    source = tmp_path / "source"
    path = feed(source, "id,title\n1,Lamp\n2,Desk\n3,Chair\n4,Rug\n5,Vase\n")
    for name, color in (("1", "red"), ("2", "red"), ("3", "blue")):
        picture(source / "images" / f"{name}.png", color)
    (source / "images" / "4.png").write_text("<html>not found</html>")
    report = imported(shop, source, mapping="images=images/{id}.png")
    products = shop.store.products.get("12345")
    assert products["1"].images == products["2"].images != products["3"].images
    assert products["4"].images == products["5"].images == ()
    assert report.warnings["image_missing"] == report.warnings["image_broken"] == 1
    assert report.images == 2
    for product in (products["1"], products["3"]):
        with Image.open(shop.images / product.images[0]) as taken:
            assert taken.size == (8, 8)
    assert len([entry for entry in shop.images.rglob("*") if entry.is_file()]) == 2
    assert imported(shop, path, mapping="images=images/{id}.png").unchanged == 5
    picture(source / "images" / "1.png", "green")
    changed = imported(shop, path, mapping="images=images/{id}.png")
    assert changed.updated == 1


def test_pictures_come_from_the_source_folder_alone(shop: ShopFolder, tmp_path: Path) -> None:
    source = tmp_path / "source"
    picture(tmp_path / "secret.png", "red")
    feed(source, "id,title,image\n1,Lamp,../secret.png\n2,Desk,link.png\n3,Chair,here.png\n")
    (source / "link.png").symlink_to(tmp_path / "secret.png")
    picture(source / "real.png", "blue")
    (source / "here.png").symlink_to(source / "real.png")
    report = imported(shop, source / "feed.csv")
    assert report.warnings["image_url_unusable"] == 2
    assert [bool(product.images) for product in shop.store.products.all()] == [False, False, True]
    assert not any(entry.is_symlink() for entry in shop.images.rglob("*"))


def test_pictures_of_many_kinds_and_places(shop: ShopFolder, tmp_path: Path) -> None:
    names = ["a.jpg", "b/c/d.webp", "b/../e.gif", "./f.bmp", "é g.png", "x" * 300 + ".png", "b", "b/", ""]
    for name in names[:5]:
        picture(tmp_path / "source" / name, "red")
    rows = "".join(f'{n},Lamp,"{name}"\n' for n, name in enumerate(names))
    report = imported(shop, feed(tmp_path / "source", "id,title,image\n" + rows))
    taken = [product.images for product in shop.store.products.all()]
    suffixes = [Path(images[0]).suffix if images else "" for images in taken]
    assert suffixes == [".jpg", ".webp", ".gif", ".bmp", ".png", "", "", "", ""]
    assert report.warnings["image_missing"] == 3
    assert all((shop.images / name).is_file() for images in taken for name in images)


def test_pictures_are_stored_without_their_metadata(shop: ShopFolder, tmp_path: Path) -> None:
    source = tmp_path / "source"
    picture(source / "plain.jpg", "red")
    exif = Image.Exif()
    exif[ExifTags.Base.Artist] = "Ada Lovelace"
    Image.open(source / "plain.jpg").save(source / "told.jpg", exif=exif, quality="keep")
    before = (source / "told.jpg").read_bytes()
    path = feed(source, "id,title,image\n1,Lamp,plain.jpg\n2,Desk,told.jpg\n")
    imported(shop, path)
    plain, told = (shop.images / product.images[0] for product in shop.store.products.all())
    assert plain.samefile(source / "plain.jpg"), "what tells nothing is linked"
    assert b"Ada Lovelace" in before and b"Ada Lovelace" not in told.read_bytes()
    assert (source / "told.jpg").read_bytes() == before, "the merchant's own file stays as it is"
    # A killed import may leave a link to the source under the name that the next one writes to.
    told.unlink()
    told.with_name(f"{told.name}.{os.getpid()}.part").hardlink_to(source / "told.jpg")
    imported(shop, path)
    assert told.exists() and (source / "told.jpg").read_bytes() == before


def test_pictures_beyond_the_limits_are_named(shop: ShopFolder, tmp_path: Path) -> None:
    source = tmp_path / "source"
    path = feed(source, "id,title,image\n1,Lamp,large.png\n2,Desk,phone.heic\n3,Rug,heavy.jpg\n4,Vase,dot.gif\n")
    Image.new("1", (5001, 5000)).save(source / "large.png")
    (source / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(50))
    picture(source / "heavy.jpg", "red")
    os.truncate(source / "heavy.jpg", 21 * 1024 * 1024)
    Image.new("1", (1, 1)).save(source / "dot.gif")
    report = imported(shop, path)
    assert (report.added, report.warnings["image_broken"], report.images) == (4, 4, 0)
    assert report.warnings_file is not None
    listed = report.warnings_file.read_text()
    for seen in (
        "large.png has 25.0 million",
        "phone.heic is a HEIC photo",
        "heavy.jpg has 21.0 MB",
        "dot.gif has 1 x 1",
    ):
        assert seen in listed


def test_a_folder_with_one_data_file_is_a_source(shop: ShopFolder, tmp_path: Path) -> None:
    folder = tmp_path / "source"
    feed(folder, "id,title\n1,Lamp\n")
    (folder / "README.md").write_text("hello")
    assert imported(shop, folder).added == 1
    feed(folder, "id,title\n1,Lamp\n", "other.tsv")
    with pytest.raises(SourceUnreadable, match=r"holds 2 data files: feed.csv, other.tsv.*Name the file itself"):
        imported(shop, folder)


def test_sync_discontinues_what_vanished_and_brings_it_back(shop: ShopFolder, tmp_path: Path) -> None:
    rows = [f"{n},Lamp {n},5\n" for n in range(10)]
    path = feed(tmp_path, "id,title,price\n" + "".join(rows))
    imported(shop, path)
    # Row 8 is refused this time, but it is in the feed: it has not vanished.
    feed(tmp_path, "id,title,price\n" + "".join(rows[:8]) + "8,,5\n")
    assert imported(shop, path).discontinued == 0
    report = imported(shop, path, sync=True)
    assert (report.discontinued, report.held) == (1, "")
    states = {product.id: product.availability for product in shop.store.products.all()}
    assert states["9"] is Availability.DISCONTINUED
    assert states["8"] is Availability.IN_STOCK
    feed(tmp_path, "id,title,price\n" + "".join(rows))
    assert imported(shop, path, sync=True).updated == 1
    assert shop.store.products.get("9")["9"].availability is Availability.IN_STOCK


def test_sync_is_held_when_much_vanished_or_the_feed_broke(shop: ShopFolder, tmp_path: Path) -> None:
    rows = [f"{n},Lamp {n}\n" for n in range(10)]
    path = feed(tmp_path, "id,title\n" + "".join(rows))
    imported(shop, path)
    feed(tmp_path, "id,title\n" + "".join(rows[:6]))
    report = imported(shop, path, sync=True)
    assert report.held.startswith("4 of 10 products are missing from the feed, more than 30%")
    assert report.discontinued == 0
    assert imported(shop, path, sync=True, force=True).discontinued == 4
    broken = feed(tmp_path, '[{"id": "0", "title": "Lamp 0"}, {"id"', "cut.json")
    report = imported(shop, broken, sync=True, force=True)
    assert report.discontinued == 0
    assert report.held.startswith("The feed broke before its end, so the 5 products missing")


KILLED = """
import os, signal, sys
from pathlib import Path
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.shop.open_shop import OpenShop

def progress(task, done, total=None, note=""):
    if note.startswith("4,000"):
        os.kill(os.getpid(), signal.SIGKILL)

import_catalogue(OpenShop.open(Path(sys.argv[1])), ImportCatalogueRequest(source=sys.argv[2]), progress=progress)
"""


def test_kill_9_keeps_what_was_stored_and_a_re_run_completes_it(tmp_path: Path) -> None:
    path = feed(tmp_path, "id,title\n" + "".join(f"{n},Lamp {n}\n" for n in range(5000)))
    killed = subprocess.run([sys.executable, "-c", KILLED, tmp_path / "shop", path], check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    with ShopFolder.open(tmp_path / "shop") as shop:
        assert shop.store.products.count() == 2 * CHUNK
        report = imported(shop, path)
        assert (report.unchanged, report.added) == (2 * CHUNK, 1000)
        assert shop.store.products.count() == 5000


def test_real_shopify_export(shop: ShopFolder, real_data: Callable[[str], Path]) -> None:
    report = imported(shop, real_data("feeds/shopify_apparel.csv"))
    assert (report.read, report.added, report.rejected, report.groups) == (22, 22, 0, 1)


def test_real_pictures(shop: ShopFolder, tmp_path: Path, real_data: Callable[[str], Path]) -> None:
    images = real_data("fashion/images")
    path = feed(tmp_path / "source", "\n".join(real_data("fashion/styles.csv").read_text().splitlines()[:400]))
    (path.parent / "images").mkdir()
    for line in path.read_text().splitlines()[1:]:
        name = f"{line.split(',')[0]}.jpg"
        if (images / name).exists():
            (path.parent / "images" / name).write_bytes((images / name).read_bytes())
    there = len(list((path.parent / "images").iterdir()))
    report = imported(shop, path.parent, mapping="title=productDisplayName,images=images/{id}.jpg")
    assert (report.added, report.warnings["image_missing"]) == (399, 399 - there)
    assert sum(1 for product in shop.store.products.all() if product.images) == there > 50


@pytest.mark.parametrize(("column", "word"), [("parent_id", "0"), ("group_id", "NULL"), ("item_group_id", "-1")])
def test_a_word_for_nothing_makes_no_group_of_the_shop(
    shop: ShopFolder, tmp_path: Path, column: str, word: str
) -> None:
    rows = "".join(f"{number},{word},Mug number {number},5\n" for number in range(30))
    report = imported(shop, feed(tmp_path, f"id,{column},name,price\n{rows}"))
    assert (report.added, report.groups) == (30, 0)
    assert all(product.group_id is None for product in shop.store.products.all())
    assert report.warnings["empty_word"] == 1 and f"group_id {word} (30)" in " ".join(report.notes)


def test_words_for_nothing_leave_fields_empty_with_one_warning(shop: ShopFolder, tmp_path: Path) -> None:
    text = "id,title,brand,category,price,item_group_id,color,images,url\n1,Blue mug,NULL,NULL,9,NULL,nan,NULL,NULL\n"
    text += "2,Red mug,n/a,None,N/A,(not set),null,undefined,-\n3,NA,Nord,Mugs,9,,red,,\n"
    report = imported(shop, feed(tmp_path, text))
    assert (report.added, report.rejected) == (3, 0) and report.warnings["empty_word"] == 1
    first, second, third = shop.store.products.all()
    assert (first.brand, first.category, first.attributes, first.images, first.url) == (None, (), {}, (), None)
    assert (first.price_minor, second.price_minor, second.group_id) == (900, None, None)
    assert (third.title, third.brand) == ("NA", "Nord")
    assert "image_missing" not in report.warnings and "url_not_absolute" not in report.warnings


def test_an_availability_of_none_is_no_empty_one(shop: ShopFolder, tmp_path: Path) -> None:
    report = imported(shop, feed(tmp_path, "id,title,availability\n1,Mug,none\n2,Cup,NULL\n"))
    assert (report.added, report.warnings["availability_unknown"]) == (2, 0)
    states = {product.id: product.availability for product in shop.store.products.all()}
    assert states == {"1": Availability.OUT_OF_STOCK, "2": Availability.IN_STOCK}


def test_one_group_that_is_most_of_the_shop_is_warned_about(shop: ShopFolder, tmp_path: Path) -> None:
    rows = "".join(f"{number},{'all' if number < 25 else ''},Mug number {number}\n" for number in range(60))
    report = imported(shop, feed(tmp_path, f"id,group_id,title\n{rows}"))
    assert report.warnings["group_large"] == 1 and "all holds 25 of 60 products" in " ".join(report.notes)
    few = "".join(f"{number},all,Mug number {number}\n" for number in range(20))
    assert "group_large" not in imported(shop, feed(tmp_path, f"id,group_id,title\n{few}")).warnings


@pytest.mark.parametrize("name", ["../out.png", "link.png", "linked/out.png", "{root}/out.png"])
def test_no_picture_outside_the_feeds_folder_comes_in(shop: ShopFolder, tmp_path: Path, name: str) -> None:
    picture(tmp_path / "out.png", "red")
    folder = tmp_path / "feed"
    folder.mkdir()
    (folder / "link.png").symlink_to(tmp_path / "out.png")
    (folder / "linked").symlink_to(tmp_path)
    address = name.format(root=tmp_path)
    report = imported(shop, feed(folder, f"id,title,images,url\n1,Mug,{address},javascript:alert(1)\n"))
    [product] = shop.store.products.all()
    assert (product.images, product.url) == ((), None)
    assert report.warnings["image_url_unusable"] + report.warnings["image_missing"] == 1
    assert report.warnings["url_not_absolute"] == 1 and not any(shop.images.rglob("*.png"))
