"""Zips and workbooks: what is in them comes as if it lay in the open; what would fill a disk or memory does not."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from bottega.errors import SourceUnreadable
from bottega.sources import source as source_module
from bottega.sources.delimited import Row, read_rows
from bottega.sources.find import find_source, find_sources
from bottega.sources.source import Source

CSV = "id,title\n1,Größe\n2,Lamp\n"


def zipped(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def text_of(found: Source) -> str:
    with found.open_text() as stream:
        return stream.read()


def test_the_data_file_of_a_zip(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "__MACOSX/._a.csv": "x",
        "export/readme.md": "hello",
        "export/a.csv": CSV,
        ".b.csv": "y",
    }
    found = find_source(zipped(tmp_path / "feed.zip", files))
    assert (found.name, found.suffix, found.encoding, found.size) == ("a.csv", ".csv", "utf-8", len(CSV.encode()))
    assert text_of(found) == text_of(found) == CSV
    odd = zipped(tmp_path / "odd.csv", {"export.dat": CSV.encode("cp1252")})  # named after what is in it
    assert (text_of(find_source(odd)), find_source(odd).name) == (CSV, "export.dat")
    packed = find_source(zipped(tmp_path / "gz.zip", {"a.jsonl.gz": gzip.compress(b'{"id": 1}\n')}))
    assert (text_of(packed), packed.suffix) == ('{"id": 1}\n', ".jsonl")


def test_the_event_files_of_a_zip(tmp_path: Path) -> None:
    found = find_sources(zipped(tmp_path / "events.zip", {"b.csv": CSV, "a.jsonl": "{}", "c.png": "x"}))
    assert [one.name for one in found] == ["a.jsonl", "b.csv"]
    (tmp_path / "z.csv").write_text(CSV)
    assert [one.name for one in find_sources(tmp_path)] == ["a.jsonl", "b.csv", "z.csv"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a.csv": CSV, "b.csv": CSV}, r"The zip feed.zip holds 2 data files: a.csv, b.csv. .*Name the file itself"),
        ({"a.png": "x", "b.png": "y"}, r"feed.zip holds no data file, only a.png, b.png. Files that end in .csv"),
        ({}, r"feed.zip holds no data file\. "),
        ({"a.csv": ""}, r"feed.zip is empty"),
    ],
)
def test_zips_that_are_no_source(tmp_path: Path, files: dict[str, str | bytes], message: str) -> None:
    with pytest.raises(SourceUnreadable, match=message):
        find_source(zipped(tmp_path / "feed.zip", files))


def test_broken_and_locked_zips(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "feed.zip", {"a.csv": CSV * 500}).read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceUnreadable, match=r"cut.zip is a broken zip: .*it may be cut off"):
        find_source(cut)
    wrong = tmp_path / "wrong.zip"
    wrong.write_bytes(whole[:60] + bytes([whole[60] ^ 255]) + whole[61:])
    with pytest.raises(SourceUnreadable, match=r"wrong.zip (is a|cannot)"):
        text_of(find_source(wrong))
    locked = bytearray(whole)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[whole.index(mark) + offset] |= 1
    cut.write_bytes(locked)
    with pytest.raises(SourceUnreadable, match=r"a.csv in .* is protected by a password"):
        find_source(cut)


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "_UNPACKED_FREE_BYTES", 1_000_000)
    bomb = b"id,title\n" + b"1,x\n" * 2_000_000
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(bomb))
    zipped(tmp_path / "bomb.zip", {"a.csv": bomb})
    for name in ("bomb.csv.gz", "bomb.zip"):
        with pytest.raises(SourceUnreadable, match="unpacks to more than 150 times its size"):
            text_of(find_source(tmp_path / name))
    zipped(tmp_path / "bomb.xlsx", {"xl/workbook.xml": "<x/>", "xl/worksheets/sheet1.xml": b" " * 2_000_000})
    with pytest.raises(SourceUnreadable, match="unpacks to more than 150 times its size"):
        find_source(tmp_path / "bomb.xlsx")


SHEETS = {
    "Products": """<row r="1"><c r="A1" t="inlineStr"><is><t>My export</t></is></c></row>
      <row r="3"><c r="A3" t="inlineStr"><is><t>id</t></is></c><c r="B3" t="inlineStr"><is><t>title</t></is></c>
        <c r="C3" t="inlineStr"><is><t>price</t></is></c></row>
      <row r="4"><c r="A4"><v>4006381333931</v></c><c r="B4" t="inlineStr"><is><t>Large
lamp, "oak"</t></is></c><c r="C4"><v>5.5</v></c></row>
      <row r="5"><c r="A5" t="inlineStr"><is><t>007</t></is></c><c r="B5" t="inlineStr"><is><t>Größe</t></is></c>
        <c r="C5"><v>0.30000000000000004</v></c></row>""",
    "Notes": '<row r="1"><c r="A1" t="inlineStr"><is><t>hello</t></is></c></row>',
}


def workbook(path: Path, sheets: dict[str, str]) -> Path:
    """The smallest workbook that Excel opens."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    names = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1))
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type='
        f'"{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        + "".join(
            f'<Relationship Id="r{n}" Type="{relations}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(sheets) + 1)
        )
        + "</Relationships>",
    }
    for n, rows in enumerate(sheets.values(), 1):
        files[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
    return zipped(path, files)


def test_the_sheet_of_a_workbook_is_a_table(tmp_path: Path) -> None:
    found = find_source(workbook(tmp_path / "export.csv", SHEETS))  # whatever it is called
    rows = text_of(found).strip().split("\n")
    assert rows[0] == "id,title,price"
    assert text_of(found).endswith('4006381333931,"Large\nlamp, ""oak""",5.5\n007,Größe,0.3\n')
    assert found.note == "The sheet Products was read." and found.encoding in ("utf-8", "utf-8-sig")


def sheet(*rows: tuple[str, ...]) -> str:
    cells = (
        "".join(f'<c r="{"ABCDE"[at]}{n}" t="inlineStr"><is><t>{cell}</t></is></c>' for at, cell in enumerate(row))
        for n, row in enumerate(rows, 1)
    )
    return "".join(f'<row r="{n}">{row}</row>' for n, row in enumerate(cells, 1))


def test_sheets_with_one_header_are_one_table(tmp_path: Path) -> None:
    header = ("id", "title", "price")
    sheets = {
        "Legend": sheet(("Column", "Meaning"), ("id", "the number")),
        "Lamps": sheet(header, ("1", "Lamp", "5")),
        "Orders": sheet(("order", "buyer", "sum"), ("9", "Ada", "5")),
        "Pots": sheet(header, ("2", "Pot", "6"), ("3", "Pan", "7")),
    }
    found = find_source(workbook(tmp_path / "parts.xlsx", sheets))
    rows = [row for row in read_rows(io.StringIO(text_of(found)), "parts.xlsx", found.head) if isinstance(row, Row)]
    assert [row.cells["title"] for row in rows] == ["Lamp", "Pot", "Pan"]
    assert found.note == "The sheets Lamps, Pots were read. Left alone: Legend, Orders."


def test_rows_of_a_workbook_are_counted_as_excel_counts_them(tmp_path: Path) -> None:
    from bottega.sources.reading import Reading

    found = find_source(workbook(tmp_path / "export.xlsx", SHEETS))
    reading = Reading(found, lambda problem: None)
    lines = text_of(found).split("\n")
    assert reading.row(lines.index("007,Größe,0.3") + 1) == "export.xlsx:5"


def test_workbooks_that_are_no_source(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="holds no sheet with a table"):
        find_source(workbook(tmp_path / "notes.xlsx", {"Notes": SHEETS["Notes"]}))
    broken = zipped(tmp_path / "broken.xlsx", {"xl/workbook.xml": "<x", "[Content_Types].xml": "<x"})
    with pytest.raises(SourceUnreadable, match=r"broken.xlsx is no workbook that can be read: "):
        find_source(broken)
    locked = tmp_path / "locked.xlsx"
    locked.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    with pytest.raises(SourceUnreadable, match="have no password"):
        find_source(locked)


def test_a_page_of_an_answer_is_a_source() -> None:
    page = Source.page("products.json", b'[{"id": 1, "title": "Lamp"}]')
    assert (page.name, page.suffix, page.size) == ("products.json", ".json", 28)
    assert text_of(page) == text_of(page) == '[{"id": 1, "title": "Lamp"}]'
    assert io.StringIO(page.head).read(1) == "["
