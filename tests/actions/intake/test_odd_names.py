"""Files whose names are odd, or no text at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

NAMES = (
    "a b, c.csv",
    "-x.csv",
    "f\udce9ed.csv",
    "new\nline.csv",
    "'q\"uote.csv",
    "日本.CSV",
    "dot.",
    "x" * 200 + ".csv",
)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_feed_of_an_odd_name_comes_in(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("id,title\n1,Lamp\n2,\n")
    with ShopFolder.open(tmp_path / "shop") as shop:
        report = import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=tmp_path / name))
    assert (report.read, report.rejected) == (2, 1) and report.rejects_file is not None
    assert report.rejects_file.exists() and report.model_dump_json()


def test_the_report_says_how_sure_the_format_is(tmp_path: Path) -> None:
    (tmp_path / "feed.csv").write_text("id,title,image_link,item_group_id\n1,Lamp,,\n")
    with ShopFolder.open(tmp_path / "shop") as shop:
        guessed = import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=tmp_path / "feed.csv"))
        named = import_catalogue(OpenShop(shop), ImportCatalogueRequest(source=tmp_path / "feed.csv", format="csv"))
    assert guessed.format_sure is not None and 0 < guessed.format_sure <= 1
    assert (named.format, named.format_sure) == ("csv", None)
