"""XML as shops write it: what is wrong in one item costs that item at most."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bottega.errors import InputError, SourceUnreadable
from bottega.sources.problems import Problem, reject
from bottega.sources.reading import Reading
from bottega.sources.source import Source
from bottega.sources.xml import local_name, xml_items

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>'
END = "</channel></rss>"
GOOD = "<item><g:id>{}</g:id><title>Lamp</title></item>"


class XmlReading(Reading):
    RULES = {name: reject("", "") for name in ("xml_broken", "row_cut")}  # noqa: RUF012


def read(folder: Path, text: str | bytes) -> tuple[list[dict[str, str]], list[Problem], Reading]:
    path = folder / "feed.xml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    problems: list[Problem] = []
    reading = XmlReading(Source(path), problems.append)
    found = [
        {local_name(child.tag): "".join(child.itertext()) for child in element}
        for _, element in xml_items(reading, ("item", "entry"))
    ]
    return found, problems, reading


@pytest.mark.parametrize(
    ("title", "seen"),
    [
        ("V&eacute;lo bleu &nbsp;&hellip;", "Vélo bleu \u00a0…"),
        ("Lock & chain", "Lock & chain"),
        ("https://s.example/?w=1&h=2&copy=3", "https://s.example/?w=1&h=2&copy=3"),
        ("Lock &amp; chain &lt;3", "Lock & chain <3"),
        ("5 < 6 and 7>6", "5 < 6 and 7>6"),
        ("&unheardof; AT&T", "&unheardof; AT&T"),
        ("a &#0; b &#x1F; c &#233;", "a  b  c é"),
        ("&#55357;&#56832; smile &", "\U0001f600 smile &"),
        ("La\x0bmp\x00", "Lamp"),
        ("<![CDATA[<b>Bold</b> &eacute; & co]]> & more", "<b>Bold</b> &eacute; & co & more"),
        ("Soft<br>warm<p>wool", "Soft<br>warm<p>wool"),
        ("<h1 class='x'>Soft</h2> & warm", "<h1 class='x'>Soft</h2> & warm"),
        ("odd ]]> end & so", "odd ]]> end & so"),
        ("<!-- & --> fine", " fine"),
        ("<c:note xmlns:d='d'>undeclared</c:note>", "undeclared"),
    ],
)
def test_what_is_mended(tmp_path: Path, title: str, seen: str) -> None:
    odd = f"<item><g:id>2</g:id><title>{title}</title></item>"
    found, problems, reading = read(tmp_path, HEAD + GOOD.format(1) + odd + GOOD.format(3) + END)
    assert [item["id"] for item in found] == ["1", "2", "3"]
    assert found[1]["title"] == seen
    assert problems == [] and not reading.cut_short


@pytest.mark.parametrize(
    "odd",
    [
        "<item><g:id>2</g:id><title>Lamp</tidle></item>",
        "<item><g:id>2</g:id><title>Lamp</title>",
        "<item><g:id>2</g:id><title a='1' a='2'>Lamp</title></item>",
        "<item><g:id>2</g:id><title a=1>Lamp</title></item>",
        "<item><!DOCTYPE x [<!ENTITY a 'b'>]><g:id>2</g:id></item>",
    ],
)
def test_what_cannot_be_mended_costs_itself(tmp_path: Path, odd: str) -> None:
    found, problems, reading = read(tmp_path, HEAD + GOOD.format(1) + odd + GOOD.format(3) + END)
    assert [item["id"] for item in found] == ["1", "3"]
    assert [(one.row, one.rule) for one in problems] == [("feed.xml:item 2", "xml_broken")]
    assert (reading.read, reading.cut_short) == (1, False)


@pytest.mark.parametrize("lost", [1, len(END), len(END) + 5, len(END) + 30])
def test_a_cut_document_is_noticed(tmp_path: Path, lost: int) -> None:
    text = HEAD + GOOD.format(1) + GOOD.format(2) + END
    found, problems, reading = read(tmp_path, text[:-lost])
    assert reading.cut_short
    assert len(found) + len(problems) == 2
    assert all(one.rule == "row_cut" for one in problems)


def test_tags_in_cdata_and_comments_are_none(tmp_path: Path) -> None:
    odd = "<item><g:id>2</g:id><title><![CDATA[ </item><item> ]]></title><!-- <item> --></item><!-- <item></item> -->"
    found, problems, _ = read(tmp_path, HEAD + odd + GOOD.format(3) + END)
    assert [item["id"] for item in found] == ["2", "3"] and problems == []


def test_long_items_over_the_edges_of_blocks(tmp_path: Path) -> None:
    items = "".join(f"<item><g:id>{n}</g:id><title><![CDATA[{'<item>' * n}]]></title></item>" for n in range(0, 900, 7))
    found, problems, reading = read(tmp_path, HEAD + items + END)
    assert [item["title"] for item in found] == ["<item>" * n for n in range(0, 900, 7)]
    assert problems == [] and not reading.cut_short


def test_wrong_bytes_come_as_lone_surrogates(tmp_path: Path) -> None:
    text = (HEAD + GOOD.format("é" * 9) + GOOD.format("V\x01lo & co") + END).encode().replace(b"\x01", b"\xe9")
    found, problems, _ = read(tmp_path, text)
    assert found[1]["id"] == "V\udce9lo & co" and problems == []


@pytest.mark.parametrize("encoding", ["shift_jis", "gbk", "big5", "euc-kr", "iso-8859-5", "utf-16", "windows-1250"])
def test_declared_encodings(tmp_path: Path, encoding: str) -> None:
    word = {"shift_jis": "青い", "gbk": "蓝色", "big5": "藍色", "euc-kr": "파란", "iso-8859-5": "Лампа"}.get(
        encoding, "é"
    )
    text = (HEAD + GOOD.format(word) + END).replace("UTF-8", encoding)
    assert read(tmp_path, text.encode(encoding))[0][0]["id"] == word


def test_declared_entities_are_refused(tmp_path: Path) -> None:
    bomb = HEAD.replace("<rss", '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss')
    with pytest.raises(SourceUnreadable, match="declares XML entities"):
        read(tmp_path, bomb + GOOD.format("&b;") + END)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 400),
            st.integers(0, 9),
            st.sampled_from(["<", ">", "&", "]]>", "<![CDATA[", "<!--", "-->", '"', "</item>", "<item>", "\x00", "é"]),
        ),
        max_size=4,
    )
)
def test_damage_costs_items_and_never_more(tmp_path: Path, damage: list[tuple[int, int, str]]) -> None:
    text = HEAD + "".join(GOOD.format(n) for n in range(6)) + END
    for place, length, piece in damage:
        text = text[:place] + piece + text[place + length :]
    try:
        found, problems, reading = read(tmp_path, text)
    except InputError as error:
        assert error.seen
        return
    assert reading.rejected == len(problems)
    if not damage:
        assert len(found) == 6
