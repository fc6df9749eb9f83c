"""Addresses: what is mended as a browser would, and what no product may hold."""

from __future__ import annotations

import pytest

from bottega.catalogue.addresses import addresses_in, file_name, is_web, web_address
from bottega.catalogue.readers.fields.values import read_images, read_url


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://i.example/my photo.jpg", "https://i.example/my%20photo.jpg"),
        ("https://i.example/big_M (1).png", "https://i.example/big_M%20(1).png"),
        ("www.i.example/a.jpg", "https://www.i.example/a.jpg"),
        ("//cdn.example/a.jpg", "https://cdn.example/a.jpg"),
        ("https://i.example/größe.jpg", "https://i.example/gr%C3%B6%C3%9Fe.jpg"),
        ("HTTP://i.example/a.jpg", "HTTP://i.example/a.jpg"),
        ("https://i.example/\n a.jpg", "https://i.example/%20a.jpg"),
        ('https://i.example/"><script>', "https://i.example/%22%3E%3Cscript%3E"),
    ],
)
def test_what_browsers_take_is_taken(given: str, address: str) -> None:
    assert web_address(given) == address and is_web(address)


@pytest.mark.parametrize(
    "given",
    [
        "javascript:alert(1)", "JavaScript:alert(1)", "java\tscript:alert(1)", "javascript://i.example/%0aalert(1)",
        "data:image/svg+xml,<svg>", "file:///etc/passwd", "file://i.example/a.jpg", "ftp://i.example/a.jpg",
        "vbscript:x", "s3://bucket/a.jpg", "blob:https://i.example/1", "https://", "https:///etc/passwd",
        "http://i example/", "http://[::1", "http://i.example:x/", "http:\\\\i.example\\a", "/etc/passwd",
        "https://i.example\\@evil.example/",
    ],
)  # fmt: skip
def test_nothing_else_is_an_address(given: str) -> None:
    problems: list[str] = []
    assert web_address(given) is None
    assert read_url(given, lambda rule, field, seen: problems.append(rule)) is None and problems == ["url_not_absolute"]


@pytest.mark.parametrize(
    "given", ["/etc/passwd", "\\\\host\\a.jpg", "C:\\a.jpg", "~/a.jpg", "file:a.jpg", "a/b://c", ""]
)
def test_a_file_is_named_relative(given: str) -> None:
    assert file_name(given) is None


def test_pictures_of_a_row_are_checked_one_by_one() -> None:
    problems: list[str] = []
    given = ["/etc/passwd", "javascript:alert(1)", "data:,x", "https://i.example/a b.jpg", "b.jpg", " b.jpg "]
    kept = read_images(given, lambda rule, field, seen: problems.append(rule))
    assert kept == ("https://i.example/a%20b.jpg", "b.jpg")
    assert problems == ["image_url_unusable"] * 3 + ["image_repeated"]


@pytest.mark.parametrize(
    ("cell", "addresses"),
    [
        ("https://i/a.jpg;https://i/b.jpg", ["https://i/a.jpg", "https://i/b.jpg"]),
        ("https://i/my photo.jpg, https://i/b.jpg", ["https://i/my photo.jpg", "https://i/b.jpg"]),
        ("https://i/c.jpg https://i/d e.jpg", ["https://i/c.jpg", "https://i/d e.jpg"]),
        ('["https://i/a.jpg","https://i/b.jpg"]', ["https://i/a.jpg", "https://i/b.jpg"]),
        ('["a b.jpg"]', ["a b.jpg"]),
        ("www.i.example/a.jpg, //cdn.example/b.jpg", ["www.i.example/a.jpg", "//cdn.example/b.jpg"]),
        ("images//a.jpg, images/b 1.jpg", ["images//a.jpg", "images/b 1.jpg"]),
        ("[broken", ["[broken"]),
    ],
)
def test_cells_with_several(cell: str, addresses: list[str]) -> None:
    assert addresses_in(cell) == addresses


def test_a_wrong_byte_breaks_no_address() -> None:
    assert web_address("https://s.example/\udcc31 é.jpg") == "https://s.example/1%20%C3%A9.jpg"
