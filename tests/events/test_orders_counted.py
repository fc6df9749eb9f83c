"""Every order, and every line of one, is an event, is set aside, or is refused with a reason: none goes unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bottega.errors import MappingInvalid
from bottega.names import KindCode

Read = Callable[..., Any]
NUMBER = st.one_of(st.none(), st.just(""), st.integers(0, 9), st.sampled_from(["7", "x", "MUG"]))
LINE = st.fixed_dictionaries({"n": st.integers(1, 99), "product": NUMBER, "sku": NUMBER, "quantity": NUMBER})
ORDER = st.fixed_dictionaries(
    {
        "lines": st.lists(LINE, max_size=3),
        "customer": NUMBER,
        "time": st.sampled_from(["2026-05-01T10:00:00Z", "", None, "soon"]),
        "state": st.sampled_from(["paid", "refunded", "failed", "pending", None]),
    }
)


def shopify(number: int, order: dict[str, Any]) -> dict[str, Any]:
    lines = [
        {"id": line["n"], "variant_id": line["product"], "sku": line["sku"], "quantity": line["quantity"]}
        for line in order["lines"]
    ]
    head = {"id": number, "created_at": order["time"], "financial_status": order["state"]}
    return {**head, "customer": {"id": order["customer"]}, "line_items": lines}


def woocommerce(number: int, order: dict[str, Any]) -> dict[str, Any]:
    lines = [
        {"id": line["n"], "product_id": line["product"], "sku": line["sku"], "quantity": line["quantity"]}
        for line in order["lines"]
    ]
    head = {"id": number, "date_created_gmt": order["time"], "status": order["state"], "order_key": "k"}
    return {**head, "customer_id": order["customer"], "line_items": lines}


def bigcommerce(number: int, order: dict[str, Any]) -> dict[str, Any]:
    lines = [
        {"id": line["n"], "variant_id": line["product"], "sku": line["sku"], "quantity": line["quantity"]}
        for line in order["lines"]
    ]
    head = {"id": number, "date_created": order["time"], "status": order["state"], "items_total": len(lines)}
    return {**head, "customer_id": order["customer"], "billing_address": {}, "products": lines}


def graphql(number: int, order: dict[str, Any]) -> dict[str, Any]:
    lines = [
        {"id": f"gid://shopify/LineItem/{line['n']}", "variant": {"id": line["product"]}, "quantity": line["quantity"]}
        for line in order["lines"]
    ]
    head = {"id": f"gid://shopify/Order/{number}", "createdAt": order["time"], "displayFinancialStatus": order["state"]}
    return {**head, "customer": {"id": order["customer"]}, "lineItems": {"nodes": lines}}


def bulk(orders: list[dict[str, Any]]) -> str:
    rows = []
    for number, order in enumerate(orders, start=1):
        whole = graphql(number, order)
        rows.append({name: value for name, value in whole.items() if name != "lineItems"})
        rows += [{**line, "__parentId": whole["id"]} for line in whole["lineItems"]["nodes"]]
    return "".join(json.dumps(row) + "\n" for row in rows)


FORMS: dict[str, tuple[str, str, Callable[[list[dict[str, Any]]], str]]] = {
    "shopify": ("shopify-orders", "o.json", lambda orders: _array(shopify, orders)),
    "graphql": ("shopify-orders", "o.json", lambda orders: _array(graphql, orders)),
    "bulk": ("shopify-orders", "o.jsonl", bulk),
    "woocommerce": ("woocommerce-orders", "o.json", lambda orders: _array(woocommerce, orders)),
    "bigcommerce": ("bigcommerce-orders", "o.json", lambda orders: _array(bigcommerce, orders)),
}


def _array(form: Callable[[int, dict[str, Any]], dict[str, Any]], orders: list[dict[str, Any]]) -> str:
    return json.dumps([form(number, order) for number, order in enumerate(orders, start=1)])


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=st.lists(ORDER, min_size=1, max_size=4))
def test_rows_in_are_events_and_what_was_refused_or_set_aside(
    read: Read, form: str, orders: list[dict[str, Any]]
) -> None:
    name, file, written = FORMS[form]
    found = read(written(orders), file, format=name)
    told = len(found.events) + sum(1 for one in found.problems if one.severity == "reject") + found.ignored.total()
    wanted = 0
    for order in orders:
        lines = len(order["lines"])
        if order["state"] == "failed":
            wanted += 1 + (lines if form == "bulk" else 0)  # of a bulk operation each line is a row
        elif order["state"] == "refunded":
            wanted += lines + 1
        else:
            wanted += max(lines, 1)
    assert told == wanted, (orders, found.events, found.problems, found.ignored)


def test_an_order_without_lines_is_refused_in_words(read: Read) -> None:
    orders = [shopify(1, {"lines": [], "customer": 7, "time": "2026-05-01", "state": "paid"})]
    found = read(json.dumps(orders), "o.json")
    assert found.events == [] and [rule for _, rule in found.rules] == ["product_missing"]
    rows = bulk([
        {"lines": [], "customer": 7, "time": "2026-05-01T10:00:00Z", "state": "paid"},
        {"lines": [{"n": 1, "product": "7", "sku": "", "quantity": 1}], "customer": 7, "time": "2026-05-01T10:00:00Z",
         "state": "paid"},
        {"lines": [], "customer": 7, "time": "2026-05-01T10:00:00Z", "state": "paid"},
    ])  # fmt: skip
    found = read(rows, "o.jsonl")
    assert found.rules == [("o.jsonl:1", "product_missing"), ("o.jsonl:4", "product_missing")]
    assert found.column("order_id") == ["2"]


def test_lines_whose_order_is_elsewhere_and_rows_of_other_things_are_counted(read: Read) -> None:
    order = {"id": "gid://shopify/Order/1", "createdAt": "2026-05-01T10:00:00Z", "customer": {"id": "7"}}
    line = {"id": "gid://shopify/LineItem/5", "quantity": 1, "variant": {"id": "11"}}
    rows = [
        {**line, "__parentId": "gid://shopify/Order/9"},
        order,
        {**line, "__parentId": order["id"]},
        {"id": "gid://shopify/ShippingLine/3", "__parentId": order["id"]},
    ]
    found = read("".join(json.dumps(row) + "\n" for row in rows), "o.jsonl", format="shopify-orders")
    assert found.rules == [("o.jsonl:1", "time_missing")] and found.column("order_id") == ["1"]
    assert found.ignored == {"ShippingLine": 1}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("o.csv", "order_id,customer_id,sku,created_at\n1,7,MUG,2026-05-01\n"),
        ("o.json", json.dumps([shopify(1, {"lines": [], "customer": 7, "time": "2026-05-01", "state": "paid"})])),
        ("w.json", json.dumps([woocommerce(1, {"lines": [], "customer": 7, "time": "2026-05-01", "state": "x"})])),
        ("b.json", json.dumps([bigcommerce(1, {"lines": [], "customer": 7, "time": "2026-05-01", "state": "x"})])),
    ],
)
def test_orders_are_read_as_no_other_kind(read: Read, name: str, text: str) -> None:
    with pytest.raises(MappingInvalid, match=r"--kind is view, and .* is read as orders") as error:
        read(text, name, kind="view")
    assert "--as csv" in str(error.value)
    read(text, name, kind="purchase")
    if name == "o.csv":
        found = read(text, name, kind="refund", format="csv")
        assert [row["order_id"] for row in found.events] == ["1"] and found.column("kind") == [KindCode.REFUND]


def test_a_row_of_a_wide_table_without_a_product_is_counted(read: Read) -> None:
    head = "order_id,customer_id,created_at,product_1,quantity_1,product_2,quantity_2"
    found = read(f"{head}\n1,7,2026-05-01,MUG,1,,\n2,7,2026-05-01,,,,\n", "o.csv")
    assert found.format == "orders" and found.rules == [("o.csv:3", "product_missing")] and len(found.events) == 1
