"""Names of events: the merchant's word, the table, and a proposal for the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bottega.errors import MappingInvalid
from bottega.events.kinds import parse_kinds, proposal
from bottega.names import EventKind, KindCode

Read = Callable[..., Any]
T = 1_777_636_800


def rows(*kinds: str) -> str:
    return "user_id,item_id,event_type,timestamp\n" + "".join(
        f"u,{number},{kind},{T + number}\n" for number, kind in enumerate(kinds)
    )


def test_what_the_merchant_says_counts_first(read: Read) -> None:
    found = read(
        rows("look", "view", "ping", "Deal-Done"), kinds="look=view, view=click, PING=ignore, deal done=Order Completed"
    )
    assert found.column("kind") == [KindCode.VIEW, KindCode.CLICK, KindCode.PURCHASE]
    assert found.ignored == {"ping": 1} and found.problems == []


def test_names_that_nobody_explains_are_counted_and_refused(read: Read) -> None:
    found = read(rows("glance", "glance", "checkout", "view"))
    assert [rule for _, rule in found.rules] == ["kind_unknown"] * 3 and "--kinds" in found.problems[0].fix
    assert found.unknown_kinds == {"glance": 2, "checkout": 1}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("addtocart", EventKind.ADD_TO_CART),
        ("AddToBasket", EventKind.ADD_TO_CART),
        ("cart_add", EventKind.ADD_TO_CART),
        ("transaction", EventKind.PURCHASE),
        ("order", EventKind.PURCHASE),
        ("conversion", EventKind.PURCHASE),
        ("fav", EventKind.WISHLIST),
        ("pv", EventKind.VIEW),
        ("detail_view", EventKind.VIEW),
        ("productview", EventKind.VIEW),
        ("ViewContent", EventKind.VIEW),
        ("Order Cancelled", EventKind.REFUND),
        ("return", EventKind.REFUND),
    ],
)
def test_usual_names_are_known_without_separators(read: Read, name: str, kind: EventKind) -> None:
    found = read(rows(name))
    assert found.column("kind") == [kind.code] and found.problems == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("checkout", EventKind.PURCHASE),
        ("basketItemDropped", EventKind.REMOVE_FROM_CART),
        ("my_cart_event", EventKind.ADD_TO_CART),
        ("produktansicht", EventKind.VIEW),
        ("wunschliste_merken", EventKind.WISHLIST),
        ("achat_valide", EventKind.PURCHASE),
        ("money_back_refund", EventKind.REFUND),
        ("purchse", EventKind.PURCHASE),
        ("xyzzy", None),
    ],
)
def test_what_a_name_probably_means(name: str, kind: EventKind | None) -> None:
    assert proposal(name) is kind


@pytest.mark.parametrize("said", ["look", "look=stare", "=view", "look="])
def test_kinds_that_say_nothing_are_refused(said: str) -> None:
    with pytest.raises(MappingInvalid, match=r"--kinds holds .* Kinds are: impression, view, .* and ignore for events"):
        parse_kinds(said)


def test_a_column_that_names_no_kinds_is_none(read: Read) -> None:
    text = "user_id,item_id,type,act,timestamp\n" + "".join(
        f"u{n},{n},{'simple' if n % 2 else 'variable'},{'view' if n % 2 else 'purchase'},{T + n}\n" for n in range(9)
    )
    found = read(text, chunk_rows=50)
    assert found.problems == [] and set(found.column("kind")) == {KindCode.VIEW, KindCode.PURCHASE}
    assert found.notes == ["kind was taken from the column act, by what stands in it."]


def test_columns_are_found_by_what_stands_in_them(read: Read) -> None:
    text = "buyer_number,asin,moment\n" + "".join(f"u{n},B{n},2026-05-0{n + 1} 10:00:00\n" for n in range(5))
    found = read(text, kind="purchase")
    assert found.problems == [] and found.column("shopper_id") == [f"u{n}" for n in range(5)]
    assert found.notes == [
        "shopper_id was taken from the column buyer_number, by its name.",
        "time was taken from the column moment, by what stands in it.",
    ]


def test_an_address_is_kept_only_where_nothing_else_names_the_shopper(read: Read) -> None:
    both = read(f"user_id,email,item_id,kind,time\nu,a@example.com,x,view,{T}\n")
    assert both.column("anonymous_id") == [None] and both.unused_columns == ["email"]
    alone = read(f"email,item_id,kind,time\na@example.com,x,view,{T}\n")
    assert alone.column("anonymous_id") == ["a@example.com"]
