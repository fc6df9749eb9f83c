"""Tables with every delimiter and encoding, and with the quotes people forget."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bottega.errors import ColumnMissing, FormatUnknown
from bottega.sources.delimited import Broken, Row, open_table, read_rows
from bottega.sources.table_head import header_of, sniff_delimiter


def rows_of(text: str) -> list[Row | Broken]:
    found = list(read_rows(io.StringIO(text, newline=""), "feed.csv", text))
    assert isinstance(found[0], list)
    return [row for row in found[1:] if not isinstance(row, list)]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_every_delimiter(mark: str) -> None:
    text = f'id{mark}title\n1{mark}"A {mark} B"\n'
    assert sniff_delimiter(text) == mark
    assert rows_of(text) == [Row(2, {"id": "1", "title": f"A {mark} B"})]


def test_rows_know_the_line_they_start_on() -> None:
    found = rows_of('id,title\r\n\r\n1,"two\r\nlines"\r\n\r\n2,b\r\n')
    assert [row.line for row in found] == [3, 6]


def test_an_open_quote_costs_its_own_row() -> None:
    found = rows_of('id,title,price\n1,"open,5\n2,fine,6\n3,"a ""good"" one",7\n4,last,8\n')
    assert found[0] == Broken(2, "quote_unclosed", '1,"open,5')
    assert [row.cells["id"] for row in found[1:] if isinstance(row, Row)] == ["2", "3", "4"]


def test_an_open_quote_in_the_last_cell_does_not_swallow_the_rest() -> None:
    found = rows_of('id,title\n1,"open\n' + "".join(f"{n},t{n}\n" for n in range(2, 8000)))
    assert found[0] == Broken(2, "quote_unclosed", '1,"open')
    assert len(found) == 7999


def test_inches_are_not_quotes() -> None:
    assert rows_of('id,title\n1,5" pipe\n2,"5" pipe"\n')[0] == Row(2, {"id": "1", "title": '5" pipe'})


def test_too_many_cells_and_too_few() -> None:
    found = rows_of("id,title,price\n1,Shirt, blue,5\n2,Shirt\n3,Shirt,5,,\n")
    assert found[0] == Broken(2, "columns_extra", "4 cells, the header has 3: 1,Shirt, blue,5")
    assert found[1] == Row(3, {"id": "2", "title": "Shirt"}, short=True)
    assert found[2] == Row(4, {"id": "3", "title": "Shirt", "price": "5"})


def test_headers_are_made_unique() -> None:
    assert header_of("id, title ,title,,\n") == ["id", "title", "title (3)"]


def test_no_table_no_names() -> None:
    with pytest.raises(FormatUnknown, match="no comma, tab, semicolon or bar"):
        rows_of("just words\n")
    with pytest.raises(ColumnMissing, match="no line of column names"):
        rows_of(",,,\n,,,\n")


@given(
    st.lists(
        st.tuples(st.integers(0, 9999).map(str), st.sampled_from(["a", 'b"', '"c', '"d"', "e,f", '"g,h"', '"i\nj"'])),
        max_size=30,
    )
)
def test_well_formed_rows_all_come_and_no_line_comes_twice(cells: list[tuple[str, str]]) -> None:
    text = "id,title\n" + "".join(f"{first},{second}\n" for first, second in cells)
    found = rows_of(text)
    lines = [row.line for row in found]
    assert lines == sorted(set(lines))
    assert len(found) <= len(text.splitlines()) - 1
    if all(second in ("a", '"g,h"', '"d"', '"i\nj"') for _, second in cells):
        assert [row.cells["id"] for row in found if isinstance(row, Row)] == [first for first, _ in cells]


@pytest.mark.parametrize(
    ("above", "mark"),
    [
        ("# Required | A unique id; at most 100 characters.,# Required | A title.,# Optional | A price.\n", ","),
        ('"# Required, a unique id","# Required, a title","# a price"\n', ","),
        ("sep=;\n", ";"),
        ("Products of Nord: exported today\n", ";"),
        ("Products of Nord\n\n", ","),
        ("Products of Nord,,\n", ","),
        ("## made by a machine\n\n", "\t"),
    ],
)
def test_what_stands_above_the_header_is_no_header(above: str, mark: str) -> None:
    text = above + "id,title,price\n1,Lamp,5\n".replace(",", mark)
    assert header_of(text) == ["id", "title", "price"]
    header, row = read_rows(io.StringIO(text, newline=""), "feed.csv", text)
    assert header == ["id", "title", "price"]
    assert isinstance(row, Row) and row.cells == {"id": "1", "title": "Lamp", "price": "5"}
    assert row.line == above.count("\n") + 2


@pytest.mark.parametrize("header", ["#,Name,Price", "#id,name,price", "id,name", "Handle,Title,"])
def test_a_header_is_not_taken_for_a_comment(header: str) -> None:
    assert header_of(f"{header}\n1,Lamp,5\n")[:2] == header.split(",")[:2]


def test_a_template_says_below_its_header_what_belongs_there() -> None:
    text = "id,title,price\n# Required | an id,# Required | a title,\n1,Lamp,5\n#7,Desk,9\n"
    rows = list(read_rows(io.StringIO(text, newline=""), "feed.csv", text))[1:]
    assert [row.cells["id"] for row in rows if isinstance(row, Row)] == ["1", "#7"]


def test_the_line_by_which_excel_names_its_delimiter() -> None:
    assert rows_of('sep=;\r\nid;title\r\n1;"a, b"\r\n') == [Row(3, {"id": "1", "title": "a, b"})]
    assert header_of('"sep=|"\nid|title\n') == ["id", "title"] and sniff_delimiter("sep=;\nid,title,x\n") == ";"


def test_lines_of_old_macs() -> None:
    assert rows_of('id,title\r1,a\r2,"b\rc"\r') == [
        Row(2, {"id": "1", "title": "a"}),
        Row(3, {"id": "2", "title": "b\rc"}),
    ]


@pytest.mark.parametrize(
    ("end", "rule"),
    [
        ('3,"op', "quote_unclosed"),
        ('3,"op\n', "quote_unclosed"),
        ("3", "row_cut"),
        ("3,", None),
        ("3,c", None),
        ("3\n", None),
    ],
)
def test_a_text_that_ends_within_a_row_is_cut(end: str, rule: str | None) -> None:
    *rows, last = rows_of(f"id,title\n1,a\n2,b\n{end}")
    assert len(rows) == 2
    assert (last.rule, last.cut) == (rule, True) if isinstance(last, Broken) else rule is None


def test_strict_tables_refuse_text_behind_a_quote() -> None:
    text = 'id,title\n1,"5" tall"\n2,b\n'
    found = list(open_table(io.StringIO(text, newline=""), "feed.csv", text, strict=True).records)
    assert [isinstance(one, Broken) and not one.cut for one in found] == [True, False]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ('7,"Pan \\"wok\\", steel",9', 'Pan "wok", steel'),
        ('7,"Pan of 12\\"",9', 'Pan of 12"'),
        ("7,'Pan, steel',9", "Pan, steel"),
    ],
)
def test_quotes_of_other_programs_are_understood(line: str, title: str) -> None:
    found = rows_of(f"id,title,price\n{line}\n8,Pot,9\n")
    assert [row.cells["title"] for row in found if isinstance(row, Row)] == [title, "Pot"]
    assert [row.line for row in found] == [2, 3]


def test_a_table_in_single_quotes() -> None:
    assert rows_of("'id';'title'\n'7';'Pan; steel'\n")[0] == Row(2, {"id": "7", "title": "Pan; steel"})


def test_a_backslash_at_the_end_of_a_text_is_one() -> None:
    assert rows_of('id,title\n7,"C:\\"\n8,"a ""b"" c"\n') == [
        Row(2, {"id": "7", "title": "C:\\"}),
        Row(3, {"id": "8", "title": 'a "b" c'}),
    ]


def test_files_that_were_put_together() -> None:
    found = rows_of('\ufeffid,title\n7,Pan\n\ufeffid,title\n\ufeff"8","Pot"\n')
    assert [row.cells for row in found if isinstance(row, Row)] == [
        {"id": "7", "title": "Pan"},
        {"id": "8", "title": "Pot"},
    ]


def test_names_of_groups_stand_above_names_of_columns() -> None:
    text = "Article,,Price,,Stock\nCode,Name,Regular,Sale,Count\nP7,Pan,9,8,3\n"
    assert header_of(text) == ["Code", "Name", "Regular", "Sale", "Count"]
    assert rows_of(text)[0] == Row(3, {"Code": "P7", "Name": "Pan", "Regular": "9", "Sale": "8", "Count": "3"})


@pytest.mark.parametrize("text", [",title,brand\nA1,Mug,Nord\n", "id,title,,,price\nA,Mug,x,y,z\nB,Mug,x,y,z\n"])
def test_a_header_with_gaps_is_one(text: str) -> None:
    assert "title" in header_of(text)


def test_ids_that_were_taken_for_measures_are_whole_numbers() -> None:
    text = "order_id,sku,size,price\n17.0,5.0,38.0,9.0\nnan,1.20E+05,39.0,8.0\n19.0,-1.0,40.0,7.0\n"
    table = open_table(io.StringIO(text), "t.csv", text)
    cells = [record.cells for record in table.records if not isinstance(record, Broken)]
    assert table.fractions == ("order_id", "sku")
    assert cells == [
        ["17", "5", "38.0", "9.0"],
        ["nan", "1.20E+05", "39.0", "8.0"],
        ["19", "-1", "40.0", "7.0"],
    ]


def test_one_id_that_is_no_measure_keeps_all_as_they_are() -> None:
    text = "id,version_id\n17.0,1.0\nA.0,1.1\n"
    table = open_table(io.StringIO(text), "t.csv", text)
    assert not table.fractions and [record.cells[0] for record in table.records] == ["17.0", "A.0"]
