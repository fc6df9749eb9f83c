"""What shoppers searched for: counted by query and shopper, with what each query finds now and what came of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from bottega.actions.rules.save_rule import save_rule
from bottega.actions.rules.shapes import SaveRuleRequest
from bottega.actions.search.report import search_report
from bottega.actions.search.report_shapes import SearchReport, SearchReportRequest
from bottega.actions.shoppers.shapes import TellShopperRequest
from bottega.actions.shoppers.shopper import tell_shopper
from bottega.catalogue.product import Product
from bottega.events.event import Event
from bottega.names import DAY_MS
from bottega.shop.folder import ShopFolder
from bottega.shop.open_shop import OpenShop

NOW_MS = time.time_ns() // 1_000_000 - 3_600_000
MINUTE_MS = 60_000


def searched(who: str, query: str, *then: str, at: int = NOW_MS, after: int = MINUTE_MS) -> Iterator[Event]:
    """A search, and the products that were opened after it."""
    yield Event.model_validate({"kind": "search", "shopper_id": who, "query": query, "time_ms": at})
    for name in then:
        yield Event.model_validate({"kind": "click", "shopper_id": who, "product_id": name, "time_ms": at + after})


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    folder = ShopFolder.open(tmp_path_factory.mktemp("shop"))
    shirts = [
        Product(id=f"shirt-{size}", group_id="shirt", title="Linen shirt", category=("Shirts",)) for size in "SML"
    ]
    mugs = [Product(id=f"mug-{number}", title=f"Blue mug {number}", category=("Mugs",)) for number in range(3)]
    folder.store.products.upsert([*shirts, *mugs])
    events = [
        *(one for who in "abc" for one in searched(who, "  Linen  SHIRT ", f"shirt-{'SML'['abc'.index(who)]}")),
        *searched("a", "linen shirt", "mug-1", at=NOW_MS + 20 * MINUTE_MS),
        *(one for who in "abcd" for one in searched(who, "mug", "mug-1", after=6 * MINUTE_MS, at=NOW_MS - 10**7)),
        *(one for who in ("a", "b", "d") for one in searched(who, "sandals", at=NOW_MS - 2 * 10**7)),
        *(one for who in ("a", "b", "d") for one in searched(who, "returns", at=NOW_MS - 3 * 10**7)),
        *(one for who in "ab" for one in searched(who, "anna smith", at=NOW_MS - 4 * 10**7)),
        *searched("e", "mug", "mug-2", at=NOW_MS - 10**7),
        *(one for who in "abc" for one in searched(who, "last year", at=NOW_MS - 40 * DAY_MS)),
    ]
    folder.store.events.add(events)
    with OpenShop(folder) as opened:
        tell_shopper(opened, TellShopperRequest.model_validate({"shopper": "e", "consent": {"analytics": "no"}}))
        save_rule(
            opened,
            SaveRuleRequest.model_validate(
                {"id": "back", "kind": "redirect", "query": ["returns"], "url": "/pages/returns"}
            ),
        )
        yield opened


def told(shop: OpenShop, **asked: Any) -> SearchReport:
    return search_report(shop, SearchReportRequest.model_validate(asked))


def test_queries_say_who_asked_what_they_find_and_what_was_opened(shop: OpenShop) -> None:
    report = told(shop)
    assert [(one.query, one.shoppers, one.searches, one.followed) for one in report.queries] == [
        ("mug", 4, 4, 0),
        ("linen shirt", 3, 4, 4),
        ("returns", 3, 3, 0),
        ("sandals", 3, 3, 0),
    ], "six minutes later is another way; who said no to analytics is left out"
    mug, shirt, returns, sandals = report.queries
    assert [(one.product_id, one.shoppers) for one in shirt.clicked] == [("shirt", 3), ("mug-1", 1)]
    assert mug.total == 3 and shirt.total == 1 and returns.url == "/pages/returns"
    assert sandals.total == 0 and mug.clicked == []
    assert (report.searches, report.shoppers, report.different, report.listable, report.followed) == (16, 4, 5, 4, 4)


def test_searches_in_vain_and_those_that_nobody_followed_stand_apart(shop: OpenShop) -> None:
    assert [one.query for one in told(shop, show="nothing_found").queries] == ["sandals"]
    assert [one.query for one in told(shop, show="not_clicked").queries] == ["mug"], "a redirect is no failure"
    assert [one.query for one in told(shop, least=2).queries][-1] == "anna smith"
    assert told(shop, days=60, n=1).queries[0].query == "mug" and told(shop, days=60).different == 6
    (alone,) = told(shop, query="Linen  shirt").queries
    assert alone.searches == 4 and told(shop, query="nobody asked").queries == []
