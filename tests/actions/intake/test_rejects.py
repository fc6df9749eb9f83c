"""Lists of rows with problems where the disk takes none: without them the import goes on, without room it ends."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from bottega.actions.intake.import_catalogue import import_catalogue
from bottega.actions.intake.import_report import ImportReport
from bottega.actions.intake.rejects import RejectLists
from bottega.actions.intake.shapes import ImportCatalogueRequest
from bottega.errors import DiskFull
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.sources.problems import Problem, Severity

PROBLEM = Problem("feed.csv:2", "title", "title_empty", "", "give every product a title", Severity.REJECT)


def test_an_import_goes_on_without_its_lists(tmp_path: Path) -> None:
    source = tmp_path / "feed.csv"
    source.write_text("id,title\n1,\n2,Lamp\n3,\n")
    with ShopFolder.open(tmp_path / "shop") as folder:
        folder.rejects.write_text("a file where the folder should be")
        report = import_catalogue(OpenShop(folder), ImportCatalogueRequest(source=source))
    assert (report.read, report.added, report.rejected, report.by_rule["title_empty"]) == (3, 1, 2, 2)
    assert report.rejects_file is None
    assert [one for one in report.notes if "could not be listed" in one and "cannot be written" in one] != []


@pytest.mark.parametrize("when", ["write", "close"])
def test_a_full_disk_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    class Full:
        def write(self, text: str) -> int:
            if when == "write":
                raise OSError(errno.ENOSPC, "No space left on device")
            return len(text)

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    with ShopFolder.open(tmp_path) as shop:
        monkeypatch.setattr(Path, "open", lambda *_, **__: Full())
        with pytest.raises(DiskFull, match="The disk is full"), RejectLists(shop, "f.csv", ImportReport()) as lists:
            lists.reject(PROBLEM)
