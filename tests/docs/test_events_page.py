"""docs/events.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bottega.actions.intake.event_files import CHUNK_ROWS
from bottega.actions.intake.import_events import import_events
from bottega.actions.intake.shapes import ImportEventsRequest
from bottega.events.aliases import ALIASES, SET_ASIDE
from bottega.events.readers.columns import HEADER_ALIASES
from bottega.events.readers.registry import READERS
from bottega.events.rules import RULES
from bottega.names import EventKind
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop
from bottega.store.tables import metadata

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def page() -> str:
    return (DOCS / "events.md").read_text(encoding="utf-8")


def table(page: str, first_column: str) -> list[list[str]]:
    """Cells of the rows of the table whose heading starts with `first_column`."""
    lines = page.splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {first_column} |"))
    rows: list[list[str]] = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            return rows
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
    return rows


def ticked(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_alias_is_in_the_table_and_nothing_else(page: str) -> None:
    rows = [(vocabulary, ticked(name)[0], kind) for vocabulary, name, kind in table(page, "vocabulary | name")]
    assert rows == [(alias.vocabulary, alias.name, alias.kind.value) for alias in ALIASES]


def test_every_name_that_is_set_aside_is_in_the_table(page: str) -> None:
    rows = [(vocabulary, name) for vocabulary, names in table(page, "vocabulary | names") for name in ticked(names)]
    assert rows == list(SET_ASIDE)


def test_every_rule_is_in_the_table_in_its_own_words(page: str) -> None:
    rows = [(ticked(name)[0], finds, fix) for name, finds, fix in table(page, "rule")]
    assert rows == [(name, rule.meaning, rule.fix) for name, rule in RULES.items()]


def test_every_field_and_its_columns_are_in_the_table(page: str) -> None:
    rows = {ticked(field)[0]: tuple(ticked(columns)) for field, _, columns in table(page, "field")}
    assert rows == HEADER_ALIASES


def test_formats_kinds_and_the_chunk_are_named(page: str) -> None:
    assert [row[0] for row in table(page, "format (`--as`)")] == [reader.name for reader in READERS]
    assert all(f"`{kind}`" in page for kind in EventKind)
    assert f"{CHUNK_ROWS:,} rows a chunk" in page


def test_the_smallest_file_works(page: str, tmp_path: Path) -> None:
    (example,) = re.findall(r"```csv\n(.*?)```", page, flags=re.DOTALL)
    source = tmp_path / "events.csv"
    source.write_text(example, encoding="utf-8")
    with ShopFolder.open(tmp_path / "shop") as shop:
        report = import_events(OpenShop(shop), ImportEventsRequest(source=source))
        times = shop.store.events.frame()["time_ms"].to_list()
    assert (report.added, report.rejected) == (2, 0) and times[1] - times[0] == 60_000


def test_the_store_page_names_every_table() -> None:
    rows = [ticked(row[0])[0] for row in table((DOCS / "store.md").read_text(encoding="utf-8"), "table")]
    assert sorted(rows) == sorted(metadata.tables)
