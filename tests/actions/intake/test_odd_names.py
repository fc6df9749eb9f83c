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
