"""A catalogue written for another system, and taken in by another shop."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bottega.actions.catalogue.export_catalogue import ExportCatalogueRequest, export_catalogue
from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.catalogue.product import Product
from bottega.catalogue.writers.base import Writer
from bottega.catalogue.writers.registry import WRITERS
from bottega.errors import FormatUnknown, SourceUnreadable
from bottega.serving.cli.main import app
from bottega.shop.open_shop import OpenShop

LAMP = Product(id="lamp", title="Oak lamp", brand="Nord", category=("Home", "Lamps"), price_minor=3990, currency="USD")
TEES = [
    Product(
        id=f"tee-{size}", group_id="tee", title="Tee", price_minor=900, currency="USD", attributes={"size": (size,)}
    )
    for size in "SML"
]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    with OpenShop.open(tmp_path / "shop") as opened:
        # The variants of a group stand apart.
        opened.store.products.upsert([TEES[0], LAMP, *TEES[1:]])
    return tmp_path / "shop"


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)
def test_another_shop_takes_it_in(shop: Path, tmp_path: Path, writer: Writer) -> None:
    name = writer.name
    with OpenShop.open(shop) as opened:
        done = export_catalogue(opened, ExportCatalogueRequest(format=name, out=tmp_path / "out" / f"{name}.csv"))
    assert (done.products, done.left_out, done.lost) == (4, {}, {}) and done.limits
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"{name}.csv"], "no part is left"
    with OpenShop.open(tmp_path / "other") as other:
        report = import_catalogue(other, ImportCatalogueRequest(source=done.path))
        assert (report.added, report.rejected) == (4, 0)
        taken = {one.id: one.model_dump(exclude={"source_row"}) for one in other.store.products.all()}
    assert taken == {one.id: one.model_dump(exclude={"source_row"}) for one in (LAMP, *TEES)}


def test_families_come_together_in_their_first_place(shop: Path) -> None:
    with OpenShop.open(shop) as opened:
        for chunk in (1, 2, 100):
            families = [[one.id for one in family] for family in opened.store.products.families(chunk)]
            assert families == [["tee-S", "tee-M", "tee-L"], ["lamp"]]


def test_what_cannot_be_written_is_said(shop: Path, tmp_path: Path) -> None:
    with OpenShop.open(shop) as opened:
        with pytest.raises(FormatUnknown, match="no format 'etsy' to write"):
            export_catalogue(opened, ExportCatalogueRequest(format="etsy"))
        (tmp_path / "file").touch()
        with pytest.raises(SourceUnreadable, match="cannot be written"):
            export_catalogue(opened, ExportCatalogueRequest(format="meta", out=tmp_path / "file" / "out.csv"))


def test_the_command_and_the_one_of_shoppers_beside_it(shop: Path, tmp_path: Path) -> None:
    out = tmp_path / "feed.tsv"
    told = CliRunner().invoke(app, ["export", "catalogue", "--as", "google", "--out", str(out), "--shop", str(shop)])
    assert told.exit_code == 0 and "4 products written" in told.stdout and out.read_text().startswith("id\t")
    for words in (["export", "ann"], ["export", "shopper", "ann"], ["export", "--shop", str(shop), "ann"]):
        told = CliRunner().invoke(app, [*words, *([] if "--shop" in words else ["--shop", str(shop)])])
        assert told.exit_code != 0 and "ann" in told.stderr and "No such command" not in told.stderr
