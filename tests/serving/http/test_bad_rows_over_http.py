"""Rows that are posted meet the rules of imports: addresses, ids that name nobody, times, groups, types."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bottega.names import ID_MAX

ZERO_UUID = "00000000-0000-0000-0000-000000000000"


def stored(door: Any, product_id: str) -> Any:
    return door.shop.folder.store.products.get([product_id])[product_id]


def test_a_posted_picture_is_on_the_web_or_in_the_images_folder(door: Any, tmp_path: Path) -> None:
    images = door.shop.folder.images
    images.mkdir(exist_ok=True)
    Image.new("RGB", (16, 16), "teal").save(images / "own.png")
    Image.new("RGB", (16, 16), "red").save(tmp_path / "out.png")
    (images / "link.png").symlink_to(tmp_path / "out.png")
    bad = [
        "/etc/passwd",
        "../out.png",
        "../images/../../out.png",
        "link.png",
        "javascript:alert(1)",
        "file:///etc/passwd",
    ]
    bad += ["data:image/png;base64,AAAA", "gone.png", str(images / "own.png")]
    good = ["own.png", "https://i.example/a b.jpg", "//cdn.example/c.jpg"]
    answer = door.post("/v1/products", {"id": "img", "title": "Img", "images": [*bad, *good]})
    assert (answer["added"], answer["rejected"]) == (1, [])
    assert stored(door, "img").images == ("own.png", "https://i.example/a%20b.jpg", "https://cdn.example/c.jpg")
    assert {one["rule"] for one in answer["warnings"]} == {"image_url_unusable", "image_missing"}
    assert len(answer["warnings"]) == len(bad) and {one["field"] for one in answer["warnings"]} == {"images"}
    assert all(one["index"] == 0 and one["fix"] for one in answer["warnings"])


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://i.example/", "/lamp"])
def test_a_posted_url_is_on_the_web(door: Any, url: str) -> None:
    answer = door.post("/v1/products", {"id": "u", "title": "U", "url": url})
    assert stored(door, "u").url is None and [one["rule"] for one in answer["warnings"]] == ["url_not_absolute"]


def test_rows_from_before_open_no_file_outside(door: Any, tmp_path: Path) -> None:
    """What an older version stored is answered, and its pictures are not looked at."""
    from bottega.catalogue.product import Product
    from bottega.models.vision.eye.eye import Eye
    from bottega.shop.search.looking import look_at_catalogue

    Image.new("RGB", (16, 16), "red").save(tmp_path / "out.png")
    door.shop.folder.store.products.upsert([Product(id="old", title="Old", images=(str(tmp_path / "out.png"),))])
    assert look_at_catalogue(door.shop.folder, Eye.shipped()) == 0


def test_ids_that_are_numbers_are_taken_as_text(door: Any) -> None:
    event = {"shopper_id": 123, "kind": "view", "product_id": 7, "event_id": 9}
    assert door.post("/v1/events", [event])["accepted"] == 1
    [seen] = door.shop.folder.store.events.of_shopper("123", 9)
    assert (seen.product_id, seen.event_id) == ("7", "9")
    assert door.post("/v1/products", [{"id": 123, "group_id": 12, "title": "Mug"}])["added"] == 1
    assert stored(door, "123").group_id == "12"
    assert door.post("/v1/recommendations", {"shopper": 123})["items"]
    assert len(door.post("/v1/products/query", {"ids": [123]})["products"]) == 1


def test_a_true_is_no_id(door: Any) -> None:
    [refused] = door.post("/v1/products", [{"id": True, "title": "Mug"}])["rejected"]
    assert (refused["field"], refused["fix"]) == ("id", "Send a text.")


def test_a_category_may_be_a_text_and_a_currency_small(door: Any) -> None:
    row = {"id": "a", "title": "A", "category": "Home > Lamps", "currency": "usd", "attributes": {"color": "red"}}
    assert door.post("/v1/products", row)["rejected"] == []
    found = stored(door, "a")
    assert (found.category, found.currency, found.attributes) == (("Home", "Lamps"), "USD", {"color": ("red",)})
    [refused] = door.post("/v1/products", [{"id": "b", "title": "B", "category": 7}])["rejected"]
    assert (refused["field"], refused["fix"]) == ("category", "Send a list of texts.")


def test_a_price_without_a_currency_has_the_shops(door: Any) -> None:
    door.post("/v1/products", [{"id": "n", "title": "N", "price_minor": 500}, {"id": "m", "title": "M"}])
    assert stored(door, "n").currency == door.shop.settings.currency and stored(door, "m").currency is None
    answer = door.post("/v1/products", [{"id": "o", "title": "O", "price_minor": 5, "currency": "ZZZ"}])
    [warned] = answer["warnings"]
    assert (warned["rule"], warned["field"], warned["seen"]) == ("currency_unknown", "currency", "ZZZ")
    assert (answer["added"], stored(door, "o").price_minor, stored(door, "o").currency) == (1, None, None)


def test_the_second_row_of_one_id_is_refused_as_in_a_feed(door: Any) -> None:
    rows = [{"id": 7, "title": "Mug"}, {"id": "8", "title": "Bowl"}, {"id": " 7 ", "title": "Another"}]
    answer = door.post("/v1/products", rows)
    assert answer["added"] == 2 and stored(door, "7").title == "Mug"
    [refused] = answer["rejected"]
    assert (refused["index"], refused["rule"], refused["seen"]) == (2, "duplicate_id", "7 (first in row 0)")
    assert "give each row its own id" in refused["fix"]


def test_a_post_and_a_feed_make_the_same_product(door: Any, tmp_path: Path) -> None:
    """One row through both doors: same product, same warnings."""
    import json

    from bottega.actions.intake.import_catalogue import import_catalogue
    from bottega.actions.intake.shapes import ImportCatalogueRequest

    shared: dict[str, Any] = {
        "title": "Oak\x07 <b>lamp</b>",
        "description": "<p>Made of oak, with a long cord.</p>",
        "brand": "NULL",
        "group_id": 0,
        "category": "Home > Lamps",
        "availability": "auf Lager",
        "url": "/lamp",
        "images": ["https://i.example/a.jpg", "ftp://i.example/b.jpg", "https://i.example/a.jpg"],
        "hidden": "no",
    }
    attributes = {"size": 42, "width": [1.5, 2], "washable": True, "colour": ["red", "null"]}
    for number, changes in enumerate(({}, {"availability": "someday"}, {"hidden": "perhaps"}, {"availability": "0"})):
        row = {**shared, **changes}
        posted_row = {"price_minor": 1500, "currency": "€", "attributes": attributes, **row}
        door.post("/v1/products", {"id": f"p{number}", **posted_row})
        feed = tmp_path / f"feed{number}.jsonl"
        fed_row = {"price": "15.00", "currency": "€", "attributes": attributes, **row}
        feed.write_text(json.dumps({"id": f"f{number}", **fed_row}) + "\n")
        import_catalogue(door.shop, ImportCatalogueRequest(source=feed))
        posted, fed = stored(door, f"p{number}"), stored(door, f"f{number}")
        assert posted.model_dump(exclude={"id", "source_row"}) == fed.model_dump(exclude={"id", "source_row"})
        assert (posted.title, posted.currency, posted.price_minor) == ("Oak lamp", "EUR", 1500)


def test_a_title_may_be_a_number(door: Any) -> None:
    door.post("/v1/products", {"id": "book", "title": 1984, "brand": 47.11})
    assert (stored(door, "book").title, stored(door, "book").brand) == ("1984", "47.11")
    [refused] = door.post("/v1/products", [{"id": "no", "title": True}])["rejected"]
    assert refused["field"] == "title"


def test_a_refused_row_names_the_rule_of_the_feeds(door: Any) -> None:
    rows = [
        {"title": "T"},
        {"id": "", "title": "T"},
        {"id": "a"},
        {"id": "b", "title": " "},
        {"id": "c" * 513, "title": "T"},
    ]
    rows += [{"id": "d", "title": "T" * 1001}, {"id": "e", "title": "T", "colour": "red"}]
    refused = door.post("/v1/products", rows)["rejected"]
    rules = ["id_empty", "id_empty", "title_empty", "title_empty", "id_too_long", "title_too_long", "field_unknown"]
    assert [one["rule"] for one in refused] == rules and all(one["fix"] for one in refused)


def test_words_for_nothing_are_no_brand_and_no_group(door: Any) -> None:
    rows = [
        {"id": f"g{i}", "title": f"G {i}", "group_id": group, "brand": "NULL"} for i, group in enumerate([0, "null"])
    ]
    answer = door.post("/v1/products", rows)
    assert answer["added"] == 2 and [one["rule"] for one in answer["warnings"]] == ["empty_word"] * 4
    assert all(stored(door, f"g{i}").group_id is None and stored(door, f"g{i}").brand is None for i in range(2))


def test_strangers_who_are_called_alike_stay_two(door: Any) -> None:
    views = [
        {"shopper_id": "undefined", "anonymous_id": name, "kind": "view", "product_id": "tea-0"}
        for name in ("c-1", "c-2")
    ]
    answer = door.post(
        "/v1/events", [*views, {"shopper_id": "ann", "anonymous_id": "c-1", "kind": "view", "product_id": "x"}]
    )
    assert (answer["accepted"], answer["nobody"], answer["rejected"]) == (3, 2, [])
    export = door.post("/v1/shoppers/export", {"shopper": "ann"})
    assert export["names"]["anonymous"] == ["c-1"] and len(export["events"]) == 2


@pytest.mark.parametrize("word", ["undefined", "NULL", 0, "-1", ZERO_UUID, "[object Object]", "guest"])
def test_an_event_of_nobody_is_refused_in_words(door: Any, word: object) -> None:
    answer = door.post("/v1/events", {"shopper_id": word, "kind": "view", "product_id": "tea-0"})
    assert (answer["accepted"], answer["nobody"]) == (0, 1)
    [refused] = answer["rejected"]
    assert refused["field"] == "shopper_id" and "names nobody" in refused["fix"] and str(word) in refused["seen"]


@pytest.mark.parametrize("field", ["time", "time_ms"])
@pytest.mark.parametrize(
    ("value", "seen"), [(5, "1970"), (10**14, "1973"), (99_999_999_999_999, "5138"), ("soon", "read")]
)
def test_every_time_keeps_the_rule_of_the_imports(door: Any, field: str, value: object, seen: str) -> None:
    answer = door.post("/v1/events", {"shopper_id": "x", "kind": "view", "product_id": "tea-0", field: value})
    [refused] = answer["rejected"]
    assert refused["field"] == field and seen in refused["seen"] and "between 1990 and tomorrow" in refused["fix"]


def test_a_time_of_now_is_taken_from_either_field(door: Any) -> None:
    now = time.time_ns() // 10**6
    rows = [{"shopper_id": "x", "kind": "view", "product_id": f"tea-{i}"} for i in range(3)]
    rows[0]["time_ms"], rows[1]["time"] = now, now / 1000  # type: ignore[assignment]
    assert door.post("/v1/events", rows)["accepted"] == 3


def test_each_refusal_names_its_own_field(door: Any) -> None:
    rows = [
        {"shopper_id": "x", "kind": "view", "product_id": "t", "time_ms": 5},
        {"shopper_id": "x", "kind": "view"},
        {"shopper_id": "x" * (ID_MAX + 1), "kind": "view", "product_id": "t"},
        {"shopper_id": "null", "kind": "view", "product_id": "t"},
    ]
    refused = door.post("/v1/events", rows)["rejected"]
    assert [one["field"] for one in refused] == ["time_ms", "product_id", "shopper_id", "shopper_id"]


@pytest.mark.parametrize("word", ["undefined", 0, ZERO_UUID, "Guest"])
def test_whoever_asks_under_the_name_of_nobody_is_a_stranger(door: Any, word: object) -> None:
    stranger = door.post("/v1/recommendations", {"n": 5})
    asked = door.post("/v1/recommendations", {"shopper": word, "session_id": "null", "n": 5})
    assert [one["product_id"] for one in asked["items"]] == [one["product_id"] for one in stranger["items"]]
    assert asked["fallback"] == stranger["fallback"]


@pytest.mark.parametrize("word", ["undefined", 0, "[object Object]"])
def test_nothing_is_kept_and_nothing_handed_out_under_the_name_of_nobody(door: Any, word: object) -> None:
    from bottega.events.event import Event
    from bottega.names import EventKind

    tastes = {"shopper": word, "tastes": {"brand": ["Nord"]}}
    assert "names nobody" in str(door.post("/v1/affinities/declare", tastes, 422))
    event = Event(shopper_id=str(word), kind=EventKind.VIEW, product_id="tea-0", time_ms=1_767_225_600_000)
    door.shop.folder.store.events.add([event])  # what an older version took
    assert "Nothing is known" in str(door.post("/v1/shoppers/export", {"shopper": word}, 404))
    assert door.post("/v1/shoppers/forget", {"shopper": word})["rows"]["events"] == 1, "it can be cleared away"
