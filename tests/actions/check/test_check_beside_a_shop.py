"""A feed beside the shop that it would be imported into, and the picture files of both."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bottega.actions.check.check import check
from bottega.actions.check.check_feed import check_feed
from bottega.actions.check.shapes import CheckFeedRequest, CheckReport, CheckRequest
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.catalogue.quality.rules import HISTORY_RULES, PICTURE_RULES
from bottega.models.vision.eye.eye import Eye
from bottega.models.vision.eye.looks import Looks
from bottega.models.vision.upright import Upright, UprightConfig
from bottega.shop.open_shop import OpenShop

Rows = list[dict[str, Any]]


def rules(report: CheckReport) -> set[str]:
    return {rule.rule for rule in report.rules}


def product(number: int) -> dict[str, Any]:
    return {
        "id": f"p-{number}",
        "title": f"Thing of kind {number} for the house",
        "description": f"Thing {number} is made of {number * 7} parts and {number * 13} screws, and it lasts.",
        "brand": "Nord" if number % 2 else "Sud",
        "category": "Home > Things",
        "price": f"{20 + number}.50 EUR",
        "availability": "in stock",
        "image": f"https://shop.example/{number}.jpg",
        "link": f"https://shop.example/p/{number}",
        "group": f"g-{number}",
    }


def write(folder: Path, rows: Rows) -> Path:
    path = folder / "feed.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


MAP = "group_id=group"


@pytest.fixture
def shop(tmp_path: Path) -> OpenShop:
    (tmp_path / "first").mkdir()
    opened = OpenShop.open(tmp_path / "shop")
    source = write(tmp_path / "first", [product(number) for number in range(60)])
    import_catalogue(opened, ImportCatalogueRequest(source=source, mapping=MAP))
    return opened


def change(**new: Callable[[dict[str, Any]], Any]) -> Callable[[Rows], Rows]:
    return lambda rows: [row | {name: made(row) for name, made in new.items()} for row in rows]


CHANGES: dict[str, Callable[[Rows], Rows]] = {
    "rows_dropped": lambda rows: rows[:30],
    "ids_changed": change(id=lambda row: f"new:{row['id']}"),
    "prices_scaled": change(price=lambda row: f"{float(row['price'].split()[0]) * 100:.2f} EUR"),
    "price_jumped": lambda rows: [rows[0] | {"price": "190.00 EUR"}, *rows[1:]],
    "currency_changed": change(price=lambda row: row["price"].replace("EUR", "CHF")),
    "availability_flipped": lambda rows: [row | {"availability": "out of stock"} for row in rows[:40]] + rows[40:],
    "groups_changed": change(group=lambda row: f"other-{row['group']}"),
}


def test_every_rule_of_history_has_a_change() -> None:
    assert CHANGES.keys() == HISTORY_RULES.keys()


@pytest.mark.parametrize("rule", CHANGES)
def test_what_changed_too_much_is_told(shop: OpenShop, rule: str, tmp_path: Path) -> None:
    rows = [product(number) for number in range(60)]
    request = CheckFeedRequest(source=write(tmp_path, rows), mapping=MAP)
    before = rules(check_feed(shop.folder, request))
    assert before.isdisjoint(HISTORY_RULES)
    write(tmp_path, CHANGES[rule](rows))
    assert rules(check_feed(shop.folder, request)) & HISTORY_RULES.keys() == {rule}
    assert rules(check_feed(None, request)).isdisjoint(HISTORY_RULES), "without a shop there is no history"


def picture(path: Path, seed: int, px: int = 400) -> None:
    spots = np.random.default_rng(seed).integers(0, 255, (9, 9, 3), dtype=np.uint8)
    Image.fromarray(spots).resize((px, px), Image.Resampling.NEAREST).save(path, quality=90)


def test_photos_in_need_are_named(tmp_path: Path) -> None:
    plain = np.full((300, 300, 3), 250, np.uint8)
    plain[90:210, 110:190] = np.random.default_rng(0).integers(20, 160, (12, 8, 3)).repeat(10, 0).repeat(10, 1)
    whole = Image.fromarray(plain)
    whole.filter(ImageFilter.GaussianBlur(4)).save(tmp_path / "0.jpg")
    Image.fromarray((plain * 0.25).astype(np.uint8)).save(tmp_path / "1.jpg")
    written = whole.copy()
    ImageDraw.Draw(written).text((20, 20), "SALE TODAY 50% OFF", fill=(180, 20, 20), font=ImageFont.load_default(24))
    written.save(tmp_path / "2.jpg")
    marked = whole.copy()
    for top in range(10, 300, 50):
        ImageDraw.Draw(marked).text((10, top), "(c) shop.example (c) shop", (225, 225, 225), ImageFont.load_default(22))
    marked.save(tmp_path / "3.jpg")
    whole.save(tmp_path / "4.jpg")
    rows = [product(number) | {"image": f"{number}.jpg"} for number in range(5)]
    report = check_feed(None, CheckFeedRequest(source=write(tmp_path, rows)))
    found = {rule.rule: {one.place for one in rule.examples} for rule in report.rules if rule.rule in PICTURE_RULES}
    assert {name: places for name, places in found.items() if name != "image_copied"} == {
        "image_blurred": {"feed.jsonl:1"},
        "image_dark": {"feed.jsonl:2"},
        "image_writing": {"feed.jsonl:3"},
        "image_watermark": {"feed.jsonl:4"},
    }


class _Sees(Eye):
    """An eye that takes what is red for a shirt and what is blue for heels."""

    def look_at_squares(self, squares: np.ndarray) -> Looks:
        red, _, blue = squares.reshape(len(squares), -1, 3).astype(float).mean(1).T
        chances = np.where((red > blue)[:, None], [[0.999, 0.001]], [[0.001, 0.999]]).astype(np.float32)
        return Looks(
            np.zeros((len(squares), 128), np.float32), {"type": chances}, np.zeros((len(squares), 0), np.float32)
        )

    def features(self, squares: np.ndarray) -> np.ndarray:
        """How much darker the upper half is than the lower."""
        half = squares.shape[1] // 2
        apart = squares[:, half:].astype(np.float32).mean((1, 2, 3)) - squares[:, :half].mean((1, 2, 3))
        return np.stack([apart, np.zeros_like(apart)], 1).astype(np.float32)


def test_turned_photos_and_photos_of_another_thing_are_named(tmp_path: Path, ships: Callable[..., None]) -> None:
    fresh = Eye.fresh({"type": ("Shirts", "Heels")}, (), rng=np.random.default_rng(0))
    upright = Upright(UprightConfig(fresh.version, 0.9), np.array([[-9, 9, 0], [0, 0, 0], [0, 0, 0]], np.float32))
    ships(eye=_Sees(fresh.config, fresh.network), upright=upright)
    for number, (colour, top) in enumerate((((200, 30, 30), 200), ((30, 30, 200), 200), ((200, 30, 30), 20))):
        picture = Image.new("RGB", (300, 300), "white")
        spots = np.random.default_rng(number).integers(0, 40, (20, 20, 3)).repeat(4, 0).repeat(4, 1)
        picture.paste(Image.fromarray((spots + colour).clip(0, 255).astype(np.uint8)), (110, top))
        picture.save(tmp_path / f"{number}.jpg")
    kinds = ("Apparel > Shirts", "Apparel > Shirts", "Apparel > Shirts")
    rows = [product(number) | {"image": f"{number}.jpg", "category": kinds[number]} for number in range(3)]
    report = check_feed(None, CheckFeedRequest(source=write(tmp_path, rows)))
    found = {rule.rule: {one.place for one in rule.examples} for rule in report.rules}
    assert found["image_turned"] == {"feed.jsonl:3"} and found["image_other_product"] == {"feed.jsonl:2"}
    assert "Apparel > Shirts" in next(one.examples[0].seen for one in report.rules if one.rule == "image_other_product")
    write(tmp_path, [row | {"category": "Sale > New"} for row in rows])
    assert "image_other_product" not in rules(check_feed(None, CheckFeedRequest(source=tmp_path / "feed.jsonl")))
    ships(eye=None)
    assert "image_turned" not in rules(check_feed(None, CheckFeedRequest(source=tmp_path / "feed.jsonl")))


def test_picture_files_of_feed_and_shop_are_looked_at(tmp_path: Path) -> None:
    for number in range(8):
        picture(tmp_path / f"{number}.jpg", number)
    picture(tmp_path / "1.jpg", 1, px=60)
    picture(tmp_path / "2.jpg", 2, px=180)
    Image.new("RGB", (400, 400), "white").save(tmp_path / "3.jpg")
    with Image.open(tmp_path / "4.jpg") as one:
        one.resize((300, 300)).save(tmp_path / "5.jpg", quality=60)
    rows = [product(number) | {"image": f"{number}.jpg"} for number in range(8)]
    feed = write(tmp_path, rows)
    wanted = {"image_tiny", "image_small", "image_blank", "image_copied"}
    report = check_feed(None, CheckFeedRequest(source=feed))
    found = {rule.rule: [one.place for one in rule.examples] for rule in report.rules if rule.rule in PICTURE_RULES}
    assert found.keys() == wanted
    assert found["image_tiny"] == ["feed.jsonl:2"] and found["image_copied"] == ["feed.jsonl:5"]
    assert rules(check_feed(None, CheckFeedRequest(source=feed, pictures=0))).isdisjoint(wanted)
    with OpenShop.open(tmp_path / "shop") as shop:
        import_catalogue(shop, ImportCatalogueRequest(source=feed))
        assert rules(check(shop, CheckRequest())) & PICTURE_RULES.keys() == wanted
        lost = next(shop.folder.images.rglob("*.jpg"))
        lost.unlink()
        shutil.rmtree(shop.folder.models, ignore_errors=True)
        assert "image_lost" in rules(check(shop, CheckRequest()))
