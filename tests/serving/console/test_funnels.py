"""Segments, what is aimed at them, funnels and cohorts, by clicks."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

from bottega.names import Role


def rows(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_a_rule_is_aimed_at_a_segment_and_keeps_it(merchant: Any) -> None:
    page = merchant.get("/console/segments?wait=true").text
    address = re.search(r'href="([^"]*/console/rules/edit\?segment=left_cart)"', page)
    assert address, "a button of the segment"
    kinds = merchant.get(address[1]).text
    form = re.search(r'href="([^"]*kind=boost[^"]*)"', kinds)
    assert form and "segment=left_cart" in form[1]
    opened = merchant.get(form[1].replace("&amp;", "&")).text
    assert re.search(r'value="left_cart" checked', opened)
    experiment = merchant.get("/console/experiments/new?segment=left_cart").text
    assert re.search(r'name="segments" value="left_cart" checked', experiment)
    other = merchant.get("/console/rules/edit?kind=boost&segment=brand:Nord").text
    assert re.search(r'value="brand:Nord" checked', other) and "drawn to the brand Nord" in other


def test_nobody_waits_for_segments_to_be_counted(empty: Any) -> None:
    page = empty.get("/console/segments").text
    assert "They are being counted" in page and "looking.js" in page and "Nobody has been here yet" not in page
    address = re.search(r'data-look-at="([^"]*)"', page)
    assert address and "<noscript>" in page
    counted = empty.get(address[1].replace("&amp;", "&")).text
    assert 'id="sizes"' in counted and "Nobody has been here yet" in counted and "data-look" not in counted
    assert "As of <time" in empty.get("/console/segments").text


def test_another_brand_is_shown_and_a_file_has_what_the_table_has(merchant: Any) -> None:
    assert "brand Nobody" in merchant.get("/console/segments?field=brand&name=Nobody&wait=true").text
    found = rows(merchant.get("/console/segments?field=brand&name=Nobody&form=csv"))
    assert found[0] == ["segment", "means", "shoppers", "share"] and ["brand:Nobody", "0"] in [
        [row[0], row[2]] for row in found
    ]


def test_who_they_are_is_for_who_manages(merchant: Any) -> None:
    assert "Buys within 7 days" in merchant.get("/console/segments/shoppers?segment=returning").text
    found = rows(merchant.get("/console/segments/shoppers?segment=buyers&order=leaves&form=csv"))
    assert found[0][:3] == ["shopper", "buys_soon", "leaves"] and all("buyers" in row[5].split() for row in found[1:])
    assert "Segments are new" in merchant.get("/console/segments/shoppers?segment=likely").text
    merchant.log_in(Role.READ)
    try:
        assert merchant.get("/console/segments/shoppers").status_code == 403
        assert "/console/segments/letters" not in merchant.get("/console/segments?wait=true").text
    finally:
        merchant.log_in(Role.ADMIN)


def test_letters_are_looked_at_before_they_go_out(merchant: Any) -> None:
    assert "shoppers who left a cart" in merchant.get("/console/segments/letters?segment=left_cart").text
    looked = merchant.submit("/console/segments/letters", segment="left_cart", kind="cart", do="look")
    assert looked.status_code == 200 and "0 letters would be sent" in looked.text
    refused = merchant.submit("/console/segments/letters", segment="left_cart", kind="cart", do="send")
    assert refused.status_code >= 400 and "public_url" in refused.text


def test_funnels_and_cohorts(merchant: Any) -> None:
    for view in ("week", "segment", "cohorts"):
        assert merchant.get(f"/console/funnels?by={view}").status_code == 200
    found = rows(merchant.get("/console/funnels?by=cohorts&form=csv"))
    assert found[0][:3] == ["week", "shoppers", "ever"]
    assert rows(merchant.get("/console/funnels?by=placement&form=csv"))[0][:3] == ["name", "seen", "clicked"]
