"""Whatever stands in the cells of a shop's table, each of its rows is a product, a part of products, or rejected."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.catalogue.samples import SAMPLES

from bottega.errors import InputError

TABLES = sorted(name for name, (file, _) in SAMPLES.items() if file.endswith(".csv"))
LISTS = ("shopify-json", "woocommerce-json", "bigcommerce-json", "tiendanube-json", "cafe24-json")
CELLS = st.sampled_from(
    ["", "", "1", "2", "a", "D", "L", "id:2", "simple", "variable", "variation", "Product", "Variant", "Image", "Rule",
     "configurable", "de", "Desk", "9.00", "0", "-1", "x,y;z", "sku=D-S,size=S|sku=L,size=M", "NULL", "[S]Size=S",
     "Default Category/A", "https://s.example/1.jpg", "Type=D|Name=Size|Value=S", "true", "é\u2028", '"', "\n"]
)  # fmt: skip


@pytest.mark.parametrize("format", TABLES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_tables(read_feed: Callable[..., Any], tmp_path: Path, format: str, data: st.DataObject) -> None:
    name, text = SAMPLES[format]
    header = next(csv.reader([text.splitlines()[0]], delimiter=";" if format == "prestashop-csv" else ","))
    sample = list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if format == "prestashop-csv" else ","))[1:]
    made = st.lists(CELLS, min_size=len(header), max_size=len(header))
    rows = data.draw(st.lists(st.one_of(st.sampled_from(sample), made), min_size=1, max_size=12))
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    feed = read_feed(name, out.getvalue(), format=format)
    filled = [row for row in rows if any(cell.strip() or "\n" in cell for cell in row)]  # only a blank line is no row
    counted = len(feed.products) + feed.reading.joined + feed.reading.rejected
    assert counted == len(filled), feed.problems
    assert feed.reading.read == len(feed.products) + feed.reading.rejected


VALUES = st.recursive(
    st.sampled_from([None, True, 0, 1, 2.5, "", "1", "Desk", "draft", "T", "variable", "variation", "9.00"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["id", "name", "src", "value", "nodes", "option", "es"]), inner, max_size=3),
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("format", LISTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@example(data=None)
def test_objects(read_feed: Callable[..., Any], tmp_path: Path, format: str, data: st.DataObject | None) -> None:
    given_ = json.loads(SAMPLES[format][1])
    products = next(iter(given_.values())) if isinstance(given_, dict) else given_
    keys = sorted({key for product in products for key in product})
    if data is not None:
        products = [
            {
                **data.draw(st.sampled_from(products)),
                **data.draw(st.dictionaries(st.sampled_from(keys), VALUES, max_size=5)),
            }
            for _ in range(data.draw(st.integers(1, 4)))
        ]
    try:
        feed = read_feed("a.json", json.dumps(products), format=format)
    except InputError as error:
        assert error.seen
        return
    assert len(feed.products) + feed.reading.joined + feed.reading.rejected >= len(products)
    assert feed.reading.read == len(feed.products) + feed.reading.rejected
    for product in feed.products:
        assert product.model_dump_json()
