"""Texts, dates and links made plain."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bottega.catalogue import addresses, check
from bottega.catalogue.readers.fields import text, values
from bottega.catalogue.readers.fields.text import clean, has_html, looks_misdecoded, strip_html
from bottega.catalogue.readers.fields.values import parse_time_ms, read_availability, read_images, read_url
from bottega.names import Availability


@pytest.mark.parametrize("module", [addresses, check, text, values])
def test_examples_in_the_docs_are_true(module: object) -> None:
    result = doctest.testmod(module)  # type: ignore[arg-type]
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    ("html", "seen"),
    [
        ("<p>Soft &amp; warm</p><p>wool</p>", "Soft & warm\nwool"),
        ("<style>p {color: red}</style>Red<script>alert(1)</script>", "Red"),
        ("a < b and b > c", "a < b and b > c"),
        ("Red<![if IE]><b>mug</b><![endif]>", "Redmug"),
        ("<p>Red <![ mug> cup</p>", "Red cup"),
        ("<p>Red <![CDATA[x]]> cup</p>", "Red cup"),
        ("size &lt; 5", "size < 5"),
        ("AT&T <b>bold", "AT&T bold"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("café\u00a0 noir\n\n\n  x", "café noir\nx"),
    ],
)
def test_strips_html(html: str, seen: str) -> None:
    assert strip_html(html) == seen


@given(st.text(max_size=200))
def test_cleaned_text_can_be_stored_anywhere(given_text: str) -> None:
    cleaned = clean(given_text + "\x00\ud800")
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned


def test_notices_wrong_decoding_and_nothing_else() -> None:
    assert looks_misdecoded("CafÃ©")
    assert looks_misdecoded("it\u00e2\u20ac\u2122s")
    assert not looks_misdecoded("Café Ångström São Ãngel naïve €")


def test_html_needs_tags() -> None:
    assert has_html("a <br> b")
    assert not has_html("5 < 6 > 4")


@pytest.mark.parametrize(
    ("written", "ms"),
    [
        ("2026-05-01", 1777593600000),
        ("2026-05-01T02:00:00+02:00", 1777593600000),
        ("1777593600", 1777593600000),
        ("1777593600000", 1777593600000),
        ("1777593600000000", 1777593600000),
    ],
)
def test_times_of_every_unit(written: str, ms: int) -> None:
    assert parse_time_ms(written) == ms


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("in stock", Availability.IN_STOCK),
        ("In_Stock", Availability.IN_STOCK),
        ("https://schema.org/InStock", Availability.IN_STOCK),
        ("http://schema.org/PreOrder", Availability.PREORDER),
        ("out of stock", Availability.OUT_OF_STOCK),
        ("available for order", Availability.BACKORDER),
        ("discontinued", Availability.DISCONTINUED),
        ("0", Availability.OUT_OF_STOCK),
        ("17", Availability.IN_STOCK),
        ("-2", Availability.OUT_OF_STOCK),
        ("", Availability.IN_STOCK),
    ],
)
def test_availability_in_every_tongue(written: str, means: Availability) -> None:
    seen: list[str] = []
    assert read_availability(written, lambda rule, field, text: seen.append(rule)) is means
    assert not seen


def test_links_that_could_run_code_are_left_out() -> None:
    seen: list[str] = []

    def report(rule: str, field: str, seen_text: str) -> None:
        seen.append(rule)

    assert read_url("javascript:alert(1)", report) is None
    assert read_url("/p/1", report) is None
    assert read_images(["javascript:x", "/etc/passwd", "C:\\a.jpg", "images/a.jpg", "//cdn.example/a.jpg"], report) == (
        "images/a.jpg",
        "https://cdn.example/a.jpg",
    )
    assert seen == ["url_not_absolute"] * 2 + ["image_url_unusable"] * 3
