"""Lists of rows that an import could not use: read, and their rows corrected and sent again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.mend_rejected import mend_rejected
from bottega.actions.intake.read_rejects import list_rejects, show_rejects
from bottega.actions.intake.reject_shapes import (
    MendRejectedAnswer,
    MendRejectedRequest,
    RejectListRequest,
    RejectListsRequest,
)
from bottega.actions.intake.shapes import ImportCatalogueRequest, ImportEventsRequest
from bottega.errors import ProductInvalid, RequestInvalid
from bottega.shop.open_shop import OpenShop

FEED = """id,title,price,category,color,image
1,Oak lamp,19.90,Home > Lamps,brown,https://shop.example/1.jpg
2,,29.90,Home > Lamps,,https://shop.example/2.jpg
,Steel lamp,9.90,,grey,
1,Ash lamp,5.00,,,
5,Rug,7,a,b,c,d,e
"""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[OpenShop]:
    (tmp_path / "feed.csv").write_text(FEED)
    (tmp_path / "events.csv").write_text("shopper_id,product_id,kind,time\nana,1,view,soon\n")
    with OpenShop.open(tmp_path / "shop") as opened:
        import_catalogue(opened, ImportCatalogueRequest(source=tmp_path / "feed.csv", currency="EUR"))
        import_events(opened, ImportEventsRequest(source=tmp_path / "events.csv"))
        yield opened


def file_of(shop: OpenShop, of: str = "products") -> str:
    found = list_rejects(shop, RejectListsRequest()).lists
    return next(one.file for one in found if one.of == of and one.level == "rejected")


def mend(shop: OpenShop, row: str, fields: dict[str, Any], **more: Any) -> MendRejectedAnswer:
    asked = {"file": file_of(shop), "row": row, "fields": fields, **more}
    return mend_rejected(shop, MendRejectedRequest.model_validate(asked))


def test_lists_say_what_is_wrong_and_what_the_row_says(shop: OpenShop) -> None:
    lists = list_rejects(shop, RejectListsRequest(n=1))
    assert lists.next == 1 and lists.lists[0].source == "events.csv" and lists.lists[0].of == "persons"
    told = show_rejects(shop, RejectListRequest(file=file_of(shop)))
    assert told.of.at is not None and told.of.problems == 4
    assert {one.rule: one.count for one in told.rules} == {
        "title_empty": 1,
        "id_empty": 1,
        "duplicate_id": 1,
        "columns_extra": 1,
    }
    rows = {one.rule: one for one in told.rows}
    assert rows["title_empty"].said == {
        "id": "2",
        "price": "29.90",
        "category": ["Home", "Lamps"],
        "images": ["https://shop.example/2.jpg"],
    }
    assert rows["columns_extra"].said is None
    narrowed = show_rejects(shop, RejectListRequest(file=file_of(shop), rule="id_empty", n=1))
    assert narrowed.total == 1 and narrowed.rows[0].said == {
        "title": "Steel lamp",
        "price": "9.90",
        "attributes": {"color": ["grey"]},
    }
    persons = show_rejects(shop, RejectListRequest(file=file_of(shop, "persons")))
    assert persons.rows[0].said is None and persons.rules[0].meaning != persons.rules[0].rule
    with pytest.raises(RequestInvalid, match="There is no list"):
        show_rejects(shop, RejectListRequest(file="../bottega.toml"))


def test_a_row_is_corrected_and_leaves_its_list(shop: OpenShop) -> None:
    done = mend(shop, "feed.csv:3", {"title": "Beech lamp", "attributes": {"color": "white"}, "images": None})
    assert (done.product_id, done.outcome, done.left) == ("2", "added", 3)
    product = shop.store.products.get(["2"])["2"]
    assert product.title == "Beech lamp" and product.price_minor == 2990 and product.category == ("Home", "Lamps")
    assert product.attributes == {"color": ("white",)} and product.images == ()
    done = mend(shop, "feed.csv:4", {"id": "s"})
    assert shop.store.products.get(["s"])["s"].attributes == {"color": ("grey",)}
    mend(shop, "feed.csv:6", {"id": "5", "title": "Rug", "category": "Home > Rugs"})
    assert shop.store.products.get(["5"])["5"].category == ("Home", "Rugs")
    with pytest.raises(ProductInvalid, match="would be replaced"):
        mend(shop, "feed.csv:5", {})
    assert mend(shop, "feed.csv:5", {}, replace=True).left == 0
    assert shop.store.products.get(["1"])["1"].title == "Ash lamp"
    assert all(
        one.of != "products" or one.level == "warnings" for one in list_rejects(shop, RejectListsRequest()).lists
    )


@pytest.mark.parametrize(
    ("row", "fields", "said"),
    [
        ("feed.csv:3", {}, "no title"),
        ("feed.csv:3", {"title": "x" * 1001}, "more than 1000 characters"),
        ("feed.csv:99", {"title": "x"}, "no row 'feed.csv:99'"),
        ("feed.csv:3", {"prize": "9"}, "Field 'prize' is '9'"),
        ("feed.csv:3", {"title": ["x"]}, "Field 'title'"),
    ],
)
def test_what_is_still_wrong_is_said_and_the_row_stays(
    shop: OpenShop, row: str, fields: dict[str, Any], said: str
) -> None:
    with pytest.raises((ProductInvalid, RequestInvalid), match=said):
        mend(shop, row, fields)
    assert show_rejects(shop, RejectListRequest(file=file_of(shop))).total == 4
