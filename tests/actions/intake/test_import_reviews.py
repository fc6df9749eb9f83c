"""Reviews come in from tables, JSON and XML: every row is in exactly one count, and nothing is lost in silence."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.import_reviews import import_reviews
from bottega.actions.intake.put_reviews import put_reviews
from bottega.actions.intake.shapes import ImportReviewsRequest, PutReviewsRequest
from bottega.actions.shoppers.export_shopper import export_shopper
from bottega.actions.shoppers.forget import forget
from bottega.actions.shoppers.shapes import ShopperRequest, TellShopperRequest
from bottega.actions.shoppers.shopper import tell_shopper
from bottega.catalogue.product import Product
from bottega.errors import ColumnMissing, FormatUnknown, MappingInvalid, ShopperUnknown
from bottega.reviews.review import Review
from bottega.shop.open_shop import OpenShop


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    with OpenShop.open(tmp_path / "shop") as opened:
        opened.upsert([Product(id=f"lamp-{size}", group_id="lamp", title="Lamp") for size in "sml"])
        yield opened


def taken(shop: OpenShop) -> list[Review]:
    return [one.review for chunk in shop.store.reviews.iterate() for one in chunk]


def imported(shop: OpenShop, path: Path, text: str | bytes, **said: object) -> ImportReport:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    report = import_reviews(shop, ImportReviewsRequest.model_validate({"source": path, **said}))
    assert report.read == report.added + report.updated + report.unchanged + report.duplicates + report.rejected
    return report


TABLE = """product_id,rating,title,text,date,customer_id,verified
lamp-s,5,Lovely,"Warm light, <b>soft</b> &amp; quiet",2026-05-01,ana,true
lamp-m,0,,Broke after a week,13/06/2026,guest,no
lamp-x,4,Good,,2026-05-03,,perhaps
,5,Nice shop,Fast delivery,2026-05-03,bo,
lamp-s,,,,2026-05-03,cy,
"""


def test_a_table_comes_in_whole(shop: OpenShop, tmp_path: Path) -> None:
    report = imported(shop, tmp_path / "r.csv", TABLE)
    assert (report.read, report.added, report.rejected, report.format) == (5, 3, 2, "csv")
    assert report.by_rule == {"product_missing": 1, "review_empty": 1}
    assert report.warnings == {"rating_zero": 1, "who_nobody": 1, "flag_unreadable": 1}
    assert report.unknown_products == 1
    first, second, third = taken(shop)
    assert (first.text, first.stars, first.shopper, first.verified) == ("Warm light, soft & quiet", 5.0, "ana", True)
    assert second.stars is None and second.shopper is None and second.time_ms == 1781308800000
    assert third.text == "" and third.title == "Good" and third.product_id == "lamp-x"
    assert report.rejects_file is not None
    rows = list(csv.DictReader(report.rejects_file.read_text().splitlines()))
    assert [row["who"] for row in rows] == ["bo", "cy"]
    again = imported(shop, tmp_path / "r.csv", TABLE)
    assert (again.added, again.unchanged) == (0, 3)


def test_a_changed_review_takes_the_place_of_the_old_one(shop: OpenShop, tmp_path: Path) -> None:
    head = "review_id,product_id,rating,text\n"
    imported(shop, tmp_path / "r.csv", head + "7,lamp,5,fine\n8,lamp,5,fine\n")
    report = imported(shop, tmp_path / "r.csv", head + "7,lamp,1,broke\n8,lamp,5,fine\n8,lamp,4,fine\n")
    assert (report.updated, report.unchanged, report.duplicates) == (2, 0, 1)
    assert {one.review_id: one.stars for one in taken(shop)} == {"7": 1.0, "8": 4.0}


JUDGEME = (
    "title,body,rating,review_date,source,curated,reviewer_name,reviewer_email,product_id,product_handle,reply\n"
    'Great,"Love it\nreally",5,2026-03-02 10:00:00 UTC,web,ok,Ann,Ann@X.example,77001,lamp,\n'
    "Bad,Ugly,1,2026-03-02 10:00:00 UTC,web,spam,Bot,b@x.example,77001,lamp,\n"
    "Meh,So so,3,2026-03-02 10:00:00 UTC,web,not-yet,Cy,c@x.example,77001,lamp,\n"
)
YOTPO = (
    "Review ID,Review Status,Review Creation Date,Review Title,Review Content,Review Score,Product ID,"
    "Reviewer Email,Reviewer Type\n"
    "1,Published,2026-03-02,Great,Love it,5,lamp-s,ann@x.example,verified_buyer\n"
    "2,Rejected,2026-03-02,Bad,Ugly,1,lamp-s,b@x.example,anonymous_user\n"
)


def test_judgeme(shop: OpenShop, tmp_path: Path) -> None:
    report = imported(shop, tmp_path / "judgeme.csv", JUDGEME)
    assert (report.format, report.added, report.by_rule) == ("judgeme", 2, {"spam": 1})
    first, third = taken(shop)
    assert first.product_id == "lamp", "the handle is known, the number is not"
    assert (first.shopper, first.published, third.published) == ("ann@x.example", True, False)
    assert "Ann" not in str(first), "names are not kept"
    assert len(shop.store.reviews.of_products(["lamp"])) == 1, "what is hidden is not counted"


def test_yotpo(shop: OpenShop, tmp_path: Path) -> None:
    report = imported(shop, tmp_path / "yotpo.csv", YOTPO)
    assert report.format == "yotpo" and [one.published for one in taken(shop)] == [True, False]
    assert [one.verified for one in taken(shop)] == [True, False]


def test_answers_of_apis(shop: OpenShop, tmp_path: Path) -> None:
    answer = {
        "reviews": [
            {
                "id": 5,
                "title": "T",
                "body": "B",
                "rating": 2,
                "product_external_id": 99,
                "product_handle": "lamp",
                "reviewer": {"id": 1, "external_id": "c-1", "email": "a@x.example", "name": "A"},
                "hidden": False,
                "verified": "buyer",
                "created_at": "2026-03-02T10:00:00+00:00",
            },
            {"id": 6, "body": "C", "rating": 2, "product_handle": "lamp", "hidden": True},
        ]
    }
    report = imported(shop, tmp_path / "api.json", json.dumps(answer))
    first, second = taken(shop)
    assert report.added == 2 and (first.shopper, first.product_id, first.verified) == ("c-1", "lamp", True)
    assert (first.published, second.published) == (True, False)


GOOGLE = """<?xml version="1.0"?><feed><reviews>
<review><review_id>1</review_id><reviewer><name is_anonymous="true">A</name><reviewer_id>u1</reviewer_id></reviewer>
<review_timestamp>2026-04-21T07:07:07Z</review_timestamp><title>Ok</title>
<content>Nice &amp; <![CDATA[<i>warm</i>]]></content>
<pros><pro>light</pro></pros><cons><con>cord</con></cons>
<ratings><overall min="1" max="10">5.5</overall></ratings>
<products><product><product_ids><gtins><gtin>12</gtin></gtins><skus><sku>lamp-s</sku></skus></product_ids></product>
<product><product_ids><skus><sku>lamp-m</sku></skus></product_ids></product></products></review>
<review><review_id>2</review_id><content>x</content><is_spam>true</is_spam>
<products><product><product_url>https://x.example/p/lamp?a=1</product_url></product></products></review>
<review><review_id>3</review_id><content>y</content>
<products><product><product_url>https://x.example/p/lamp/?a=1</product_url></product></products></review>
</reviews><deleted_reviews><review_id>9</review_id></deleted_reviews></feed>"""


def test_google(shop: OpenShop, tmp_path: Path) -> None:
    imported(shop, tmp_path / "old.csv", "review_id,product_id,text\n9,lamp,old\n")
    report = imported(shop, tmp_path / "reviews.xml", GOOGLE)
    assert (report.format, report.added, report.by_rule) == ("google", 3, {"spam": 1})
    found = {one.review_id: one for one in taken(shop)}
    assert set(found) == {"1", "1#2", "3"}, "what the feed takes back is gone"
    assert (found["1"].stars, found["1"].text) == (3.0, "Nice & warm\n+ light\n- cord")
    assert (found["1"].product_id, found["1#2"].product_id, found["3"].product_id) == ("lamp-s", "lamp-m", "lamp")


def test_other_scales_encodings_and_dates_are_said(shop: OpenShop, tmp_path: Path) -> None:
    text = "product_id;Bewertung;Text;Datum\nlamp;9;Schönes Licht;29.11.2025\nlamp;6;Größe passt;01.12.2025\n"
    report = imported(shop, tmp_path / "r.csv", text.encode("cp1252"), columns={"text": "Text", "time": "Datum"})
    assert [one.stars for one in taken(shop)] == [4.5, 3.0]
    assert taken(shop)[1].text == "Größe passt" and taken(shop)[1].time_ms == 1764547200000
    assert any("go up to 9, so they were read as of 10" in note for note in report.notes)
    assert any("day first" in note for note in report.notes)
    imported(shop, tmp_path / "s.csv", "product_id,rating,text\nlamp,9,said\n", scale=20)
    assert taken(shop)[-1].stars == 2.25


def test_rows_that_cannot_be_taken_apart_are_rejected(shop: OpenShop, tmp_path: Path) -> None:
    lines = ['{"product_id": "lamp", "text": "a"}', "{", "[1]", '{"product_id": "lamp", "text": "b"}']
    report = imported(shop, tmp_path / "r.jsonl", "\n".join(lines) + "\n")
    assert (report.added, report.by_rule) == (2, {"json_broken": 2})
    broken = imported(shop, tmp_path / "r.csv", 'product_id,text\nlamp,"a\nlamp,b\nlamp,c,d\nlamp\n')
    assert broken.rejected == 3 and broken.unchanged == 1
    packed = gzip.compress(("product_id,text\n" + "".join(f"lamp,number {i}\n" for i in range(5000))).encode())
    cut = imported(shop, tmp_path / "cut.csv.gz", packed[: len(packed) // 2])
    assert 0 < cut.added < 5000 and any("breaks before its end" in note for note in cut.notes)


def test_what_is_no_file_of_reviews_is_refused(shop: OpenShop, tmp_path: Path) -> None:
    with pytest.raises(FormatUnknown, match="no format of reviews"):
        imported(shop, tmp_path / "r.csv", "a,b\n1,2\n")
    with pytest.raises(ColumnMissing, match="no column that names the product"):
        imported(shop, tmp_path / "r.csv", "a,text\n1,2\n", format="csv")
    with pytest.raises(MappingInvalid, match="Fields are"):
        imported(shop, tmp_path / "r.csv", "a,text\n1,2\n", format="csv", columns={"produkt": "a"})
    assert imported(shop, tmp_path / "r.csv", "a,text\nlamp,2\n", format="csv", columns={"product_id": "a"}).added == 1


@pytest.mark.parametrize(
    "row",
    [
        {"product_id": "lamp", "text": "cut \ud83d here"},
        {"product_id": "la\x00mp", "text": "nul \x00 here"},
        {"product_id": "lamp", "text": "x" * 30_000},
        {"product_id": 5, "rating": 4.0},
        {"product_id": "lamp", "rating": {"value": 4}, "text": ["a"], "title": "t"},
        {"product_id": "lamp", "text": "t", "time": 1e30, "verified": None},
    ],
)
def test_odd_rows_cost_a_field_at_most(shop: OpenShop, row: dict[str, object]) -> None:
    answer = put_reviews(shop, PutReviewsRequest(reviews=[row]))
    assert answer.added == 1 and not answer.rejected


def test_posted_rows_are_checked_alone(shop: OpenShop) -> None:
    rows = [{"product_id": "lamp", "rating": "4/5"}, {"text": "no product"}, 7, {"product_id": "new", "text": "x"}]
    answer = put_reviews(shop, PutReviewsRequest(reviews=rows))
    assert (answer.added, answer.unknown_products) == (2, ["new"])
    assert [(one.index, one.rule) for one in answer.rejected] == [(1, "product_missing"), (2, None)]
    assert put_reviews(shop, PutReviewsRequest(reviews=rows)).unchanged == 2


def test_forget_and_export_reach_reviews(shop: OpenShop, tmp_path: Path) -> None:
    imported(
        shop,
        tmp_path / "r.csv",
        "product_id,text,customer_id,email\nlamp,one,ana,\nlamp,two,,Ana@x.example\nlamp,three,bo,b@x.example\n"
        ",,,ana@x.example\n",
    )
    tell_shopper(shop, TellShopperRequest(shopper="ana", email="Ana@x.example"))
    told = export_shopper(shop, ShopperRequest(shopper="ana")).model_dump()
    assert [row["text"] for row in told["reviews"]] == ["one", "two"]
    gone = forget(shop, ShopperRequest(shopper="ana"))
    assert gone.rows["reviews"] == 2
    assert [one.text for one in taken(shop)] == ["three"]
    assert forget(shop, ShopperRequest(shopper="bo")).rows["reviews"] == 1
    with pytest.raises(ShopperUnknown):
        forget(shop, ShopperRequest(shopper="bo"))
