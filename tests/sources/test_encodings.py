"""In which encoding a file is text: said, marked, declared, fitting or guessed; and what one wrong byte costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from bottega.errors import SourceUnreadable
from bottega.sources.encodings import How, known_encoding
from bottega.sources.guessing import guess_encoding
from bottega.sources.source import Source

TITLES = {
    "cp1252": ["Schöne Lampe für das Büro", "Große Tasse", "Crème brûlée"],
    "cp1250": ["Žluťoučký kůň", "Łóżko dziecięce", "Őszi kabát és bögre", "Dječja majica i čaša"],
    "iso8859-2": ["Židle a stůl z dřeva", "Krzesło dębowe i świeca", "Černá taška"],
    "cp1251": ["Синяя кружка", "Жіночі черевики", "Дамски обувки"],
    "cp1254": ["Kırmızı bardak", "Güneş gözlüğü", "Çocuk ayakkabısı"],
    "cp1253": ["Μπλε κούπα", "Τραπέζι κουζίνας"],
    "cp932": ["青いマグカップ", "子供用の服と帽子"],
    "gb18030": ["蓝色陶瓷杯子", "女士真皮手袋"],
    "cp949": ["파란 머그컵", "여성 가죽 지갑"],
    "big5hkscs": ["藍色陶瓷杯子", "女士真皮手袋與圍巾"],
    "koi8-r": ["Синяя кружка", "Кожаный ремень"],
}


def source(folder: Path, content: bytes, name: str = "feed.csv", encoding: str | None = None) -> Source:
    path = folder / name
    path.write_bytes(content)
    return Source(path, encoding=encoding)


def text_of(found: Source) -> str:
    with found.open_text() as stream:
        return stream.read()


@pytest.mark.parametrize("encoding", TITLES)
def test_a_few_titles_tell_the_encoding(tmp_path: Path, encoding: str) -> None:
    text = "id,title\r\n" + "".join(f"{place},{title}\r\n" for place, title in enumerate(TITLES[encoding]))
    found = source(tmp_path, text.encode(encoding))
    assert found.head == text_of(found) == text
    assert found.detected.how is How.GUESSED and found.guessed_encoding and found.detected.sure > 0.6
    assert "guessed by its letters" in found.detected.said()


def test_single_titles_are_mostly_enough() -> None:
    tried = [(encoding, title) for encoding, titles in TITLES.items() for title in titles]
    right = sum(title.encode(one).decode(guess_encoding(title.encode(one)).encoding, "replace") == title
                for one, title in tried)  # fmt: skip
    assert right >= 0.9 * len(tried)


@pytest.mark.parametrize(
    ("content", "how"),
    [
        ("id,title\n1,Größe\n".encode("utf-8-sig"), How.MARK),
        ("id,title\n1,Größe\n".encode("utf-16"), How.MARK),
        ("id,title\n1,Größe\n".encode("utf-16-le"), How.FITS),
        ("id,title\n1,Größe\n".encode("utf-16-be"), How.FITS),
        ("id,title\n1,Größe\n".encode("utf-32"), How.MARK),
        ("id,title\n1,Größe\n".encode(), How.FITS),
        ("<?xml version='1.0' encoding='Shift_JIS'?><rss>青</rss>".encode("cp932"), How.DECLARED),
        ("<?xml version='1.0' encoding='utf8mb4'?><rss>Größe</rss>".encode(), How.FITS),
        ("<?xml version='1.0' encoding='klingon'?><rss>Größe</rss>".encode("cp1252"), How.GUESSED),
        ("<?xml version='1.0' encoding='iso-8859-1'?><rss>Größe</rss>".encode(), How.FITS),
    ],
)
def test_marks_and_declarations(tmp_path: Path, content: bytes, how: How) -> None:
    found = source(tmp_path, content)
    assert found.detected.how is how
    assert "Größe" in text_of(found) or "青" in text_of(found)
    assert found.head.strip()


def test_what_is_said_wins(tmp_path: Path) -> None:
    found = source(tmp_path, "id,title\n1,Größe\n".encode("cp1252"), encoding="windows-1251")
    assert "Grц" in text_of(found) and found.detected.how is How.GIVEN
    with pytest.raises(SourceUnreadable, match=r"There is no encoding 'klingon'. For example utf-8, windows-1252"):
        source(tmp_path, b"id\n", encoding="klingon")
    assert [known_encoding(name) for name in ("rot13", "idna", "UTF-7", "latin1")] == [None, None, None, "cp1252"]


def test_a_wrong_byte_in_utf8_costs_itself(tmp_path: Path) -> None:
    rows = "".join(f"{n},Größe {n}\n" for n in range(50)).encode()
    found = source(tmp_path, b"id,title\n" + rows + b"99,V\xe9lo\n" + rows)
    text = text_of(found)
    assert text.count("Größe") == 100 and "99,V\udce9lo" in text
    assert (found.encoding, found.detected.wrong_bytes, found.guessed_encoding) == ("utf-8", 1, False)
    assert "in which 1 of its bytes are no character" in found.detected.said()


def test_a_character_on_the_edge_of_blocks_is_whole(tmp_path: Path) -> None:
    found = source(tmp_path, b"x" * (128 * 1024 - 1) + "é".encode() * 40)
    assert text_of(found).endswith("é" * 40) and found.detected.wrong_bytes == 0


def test_what_is_no_text(tmp_path: Path) -> None:
    found = source(tmp_path, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    assert isinstance(found.head, str)
    with pytest.raises(SourceUnreadable, match="is not a text file"):
        text_of(found)


def test_names_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "f\udce9ed\nx.csv"
    path.write_bytes(b"id,title\n1,Lamp\n")
    assert Source(path).name == "f\ufffded x.csv"


@pytest.mark.parametrize(
    ("beside", "inside", "real"),
    [
        ("utf-8", "windows-1251", "windows-1251"),
        ("iso-8859-1", "windows-1251", "windows-1251"),
        ("windows-1251", "utf-8", "windows-1251"),
        ("iso-8859-1", "utf-8", "utf-8"),
        ("klingon", "windows-1251", "windows-1251"),
    ],
)
def test_what_a_server_says_and_what_the_document_says(tmp_path: Path, beside: str, inside: str, real: str) -> None:
    path = tmp_path / "feed.xml"
    text = f"<?xml version='1.0' encoding='{inside}'?><rss>Синяя кружка</rss>"
    path.write_bytes(text.encode(real))
    found = Source(path, declared=beside)
    assert text_of(found) == found.head == text
