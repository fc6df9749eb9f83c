"""`bottega connect shopify` against a stand-in that keeps to the documented pages, costs and errors."""

from __future__ import annotations

from typing import Any

import pytest
from tests.connectors.stand_in import Fault, ShopifyStandIn

from bottega.actions.connect.connect import connect
from bottega.actions.connect.shapes import ConnectAnswer, ConnectRequest, Pulled
from bottega.catalogue.product import Product
from bottega.errors import PlatformFailed, RequestInvalid
from bottega.names import Availability, KindCode
from bottega.shop.open_shop import OpenShop
from bottega.store.suggestions import Suggestion, SuggestionKind

PRODUCTS, ORDERS = 50, 120


def filled(stand_in: ShopifyStandIn) -> ShopifyStandIn:
    for number in range(1, PRODUCTS + 1):
        stand_in.product(number, changed=number // 4)  # several of one second
    for number in range(1, ORDERS + 1):
        stand_in.order(number, changed=number // 3, products=[number % PRODUCTS + 1], customer=number % 9 + 1)
    return stand_in


def pull(shop: OpenShop, stand_in: ShopifyStandIn, **others: object) -> ConnectAnswer:
    request = {"platform": "shopify", "address": stand_in.address, **others}
    return connect(shop, ConnectRequest.model_validate(request))


def parts(answer: ConnectAnswer) -> tuple[Pulled, Pulled]:
    assert answer.products is not None and answer.orders is not None
    return answer.products, answer.orders


def test_everything_comes_once_and_then_only_what_changed(shop: OpenShop, shopify: ShopifyStandIn) -> None:
    products, orders = parts(pull(shop, filled(shopify)))
    assert (products.rows, products.added, orders.rows, orders.added) == (PRODUCTS, 2 * PRODUCTS, ORDERS, ORDERS)
    assert not products.rejected and not orders.rejected
    one = shop.store.products.get(["SKU-7-1"])["SKU-7-1"]
    assert (one.title, one.price_minor, one.currency, one.group_id) == ("Thing number 7", 1750, "EUR", "7")
    assert one.category == ("Home", "Things") and one.brand == "Nord"
    assert shop.store.events.count() == ORDERS
    assert {row.kind for row in shop.store.events.since(0, 500)} == {KindCode.PURCHASE}

    before = shopify.calls.total()
    products, orders = parts(pull(shop, shopify))
    assert (products.added, products.updated, orders.added) == (0, 0, 0)
    assert shopify.calls.total() - before <= 3 and products.rows <= 4 and orders.rows <= 3  # those of the last second

    shopify.product(3, changed=1000, variants=3)
    shopify.product(PRODUCTS + 1, changed=1001)
    shopify.order(5, changed=1002, products=[6], customer=6, cancelled=True)
    shopify.order(ORDERS + 1, changed=1003, products=[1, 2], customer=1)
    before = shopify.calls.total()
    products, orders = parts(pull(shop, shopify))
    assert (products.added, products.updated) == (1 + 2, 2) and products.rows <= 6
    assert orders.added == 2 + 1 and shopify.calls.total() - before <= 3  # two purchases, one order given back


def test_a_variant_that_is_gone_is_discontinued_and_one_that_came_back_is_sold(
    shop: OpenShop, shopify: ShopifyStandIn
) -> None:
    shopify.product(1, changed=1, variants=3)
    pull(shop, shopify)
    shopify.product(1, changed=2, variants=2)
    products, _ = parts(pull(shop, shopify))
    assert products.discontinued == 1
    assert shop.store.products.get(["SKU-1-2"])["SKU-1-2"].availability is Availability.DISCONTINUED
    shopify.product(1, changed=3, variants=3)
    pull(shop, shopify)
    assert shop.store.products.get(["SKU-1-2"])["SKU-1-2"].availability is Availability.IN_STOCK


def test_products_with_more_variants_than_a_page_and_orders_with_more_lines_come_whole(
    shop: OpenShop, shopify: ShopifyStandIn
) -> None:
    shopify.product(1, changed=1, variants=260)
    for number in range(2, 60):
        shopify.product(number, changed=number, variants=1)
    shopify.order(1, changed=1, products=list(range(2, 57)), customer=1)
    products, orders = parts(pull(shop, shopify))
    assert products.added == 260 + 58 and orders.added == 55
    assert shopify.calls["Variants"] == 3 and shopify.calls["Lines"] == 1


def test_an_order_with_many_refunds_and_a_refund_with_many_lines_are_given_back_whole(
    shop: OpenShop, shopify: ShopifyStandIn
) -> None:
    for number in range(1, 60):
        shopify.product(number, changed=number, variants=1)
    shopify.order(1, changed=1, products=list(range(1, 10)), customer=1, refunds=[[line] for line in range(7)])
    shopify.order(2, changed=2, products=list(range(1, 31)), customer=2, refunds=[range(25)])
    shopify.order(3, changed=3, products=[1, 2], customer=3, refunds=[[0]])
    _, orders = parts(pull(shop, shopify))
    assert not orders.rejected and (shopify.calls["Refunds"], shopify.calls["RefundLines"]) == (1, 1)
    left = shop.store.events.frame().group_by("shopper").len()
    assert dict(left.iter_rows()) == {"1": 2, "2": 5, "3": 1}


def test_products_of_two_pages_that_share_a_sku_stay_two(shop: OpenShop, shopify: ShopifyStandIn) -> None:
    for number in range(1, 31):
        shopify.product(number, changed=number, variants=1)
    shopify.product(31, changed=31, variants=1, skus=lambda place: "SKU-1-0")
    products, _ = parts(pull(shop, shopify))
    assert products.added == 31 and shop.store.products.count() == 31
    found = shop.store.products.get(["SKU-1-0", "thing-31/S0"])
    assert {one.group_id or one.id for one in found.values()} == {"1", "31"}


def test_a_whole_pull_discontinues_what_is_gone_there_and_nothing_else(shop: OpenShop, shopify: ShopifyStandIn) -> None:
    for number in range(1, 41):
        shopify.product(number, changed=number, variants=2)
    shop.upsert([Product(id="own", title="Sold by hand")])
    pull(shop, shopify)
    for number in (3, 17):
        del shopify.products[f"gid://shopify/Product/{number}"]
    shopify.product(40, changed=41, variants=1)
    assert parts(pull(shop, shopify))[0].discontinued == 1, "the variant that its product lacks"

    def gone() -> set[str]:
        return {one.id for one in shop.store.products.all() if one.availability is Availability.DISCONTINUED}

    products, _ = parts(pull(shop, shopify, again=True))
    assert (products.rows, products.discontinued, products.held) == (38, 4, "")
    assert gone() == {"SKU-40-1", "SKU-3-0", "SKU-3-1", "SKU-17-0", "SKU-17-1"}
    shopify.products.clear()
    shopify.product(1, changed=50, variants=2)
    products, _ = parts(pull(shop, shopify, again=True))
    assert products.discontinued == 0 and products.held.startswith(
        "73 of 75 products that came from shopify are no longer"
    )
    products, _ = parts(pull(shop, shopify, again=True, force=True))
    assert products.discontinued == 73 and len(gone()) == 78
    assert shop.store.products.get(["own"])["own"].availability is Availability.IN_STOCK


def test_a_whole_pull_that_breaks_off_discontinues_nothing(
    shop: OpenShop, shopify: ShopifyStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 61):
        shopify.product(number, changed=number, variants=1)
    pull(shop, shopify)
    del shopify.products["gid://shopify/Product/5"]
    whole = ShopifyStandIn.answer

    def breaks(self: ShopifyStandIn, method: str, path: str, query: Any, headers: Any, body: Any) -> Any:
        if "after" in body["variables"] and body["variables"]["after"]:
            return 403, {}, {"errors": "gone"}
        return whole(self, method, path, query, headers, body)

    monkeypatch.setattr(ShopifyStandIn, "answer", breaks)
    with pytest.raises(PlatformFailed):
        pull(shop, shopify, again=True)
    assert not any(one.availability is Availability.DISCONTINUED for one in shop.store.products.all())


def test_beyond_what_can_be_paged_through_the_search_begins_anew(
    shop: OpenShop, shopify: ShopifyStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bottega.connectors.shopify.THROUGH_MOST", 40)
    products, orders = parts(pull(shop, filled(shopify)))
    assert (products.added, orders.added) == (2 * PRODUCTS, ORDERS)
    assert ORDERS <= orders.rows <= ORDERS + 12  # those of the same second came twice


def test_what_a_question_may_cost_is_obeyed(shop: OpenShop, shopify: ShopifyStandIn) -> None:
    filled(shopify)
    shopify.bucket, shopify.restore_rate, shopify.most = 400.0, 1500.0, 400.0
    answer = pull(shop, shopify)
    products, orders = parts(answer)
    assert (products.added, orders.added) == (2 * PRODUCTS, ORDERS)
    assert answer.waited_s > 0 and shopify.calls["throttled"] <= 2  # it waits before it asks, not after
    spent = shopify.times[-1] - shopify.times[0]
    assert spent >= answer.waited_s * 0.9


@pytest.mark.usefixtures("quick")
def test_a_platform_that_is_put_off_fails_or_breaks_off_is_asked_again(shop: OpenShop, shopify: ShopifyStandIn) -> None:
    filled(shopify)
    shopify.faults = {
        2: Fault(429, {"Retry-After": "0.3"}),
        4: Fault(502),
        5: Fault(503),
        7: Fault(cut=True),
    }
    answer = pull(shop, shopify)
    products, orders = parts(answer)
    assert (products.added, orders.added) == (2 * PRODUCTS, ORDERS)
    assert shopify.times[2] - shopify.times[1] >= 0.3  # the third call waited for what the second was told
    assert answer.calls == len(shopify.times)


@pytest.mark.usefixtures("quick")
def test_who_gives_up_goes_on_behind_the_last_page(shop: OpenShop, shopify: ShopifyStandIn) -> None:
    filled(shopify)
    shopify.faults = {call: Fault(500) for call in range(4, 12)}
    with pytest.raises(PlatformFailed, match="did not answer 8 times: HTTP 500"):
        pull(shop, shopify)
    stored = shop.store.products.count()
    assert 0 < stored < 2 * PRODUCTS
    products, _ = parts(pull(shop, shopify))
    assert products.added == 2 * PRODUCTS - stored and products.rows <= PRODUCTS - stored // 2


def test_errands_of_webhooks_are_run_and_struck_off(shop: OpenShop, shopify: ShopifyStandIn) -> None:
    pull(shop, filled(shopify))
    for variant in shopify.products["gid://shopify/Product/4"]["variants"]:
        variant["availableForSale"] = False  # stock moves, and the product's time of change does not
    del shopify.products["gid://shopify/Product/9"]
    for kind, number in (("stock", "4000"), ("stock", "4001"), ("stock", "77"), ("product", "9"), ("order", "3")):
        shop.store.errands.add("shopify", kind, number)
    before = shopify.calls.copy()
    products, _ = parts(pull(shop, shopify))
    assert shop.store.products.get(["SKU-4-0"])["SKU-4-0"].availability is Availability.OUT_OF_STOCK
    assert shop.store.products.get(["SKU-9-0"])["SKU-9-0"].availability is Availability.DISCONTINUED
    assert products.discontinued == 2 and not shop.store.errands.waiting("shopify")
    asked = shopify.calls - before
    assert (asked["Stock"], asked["Product"], asked["Order"]) == (3, 2, 1)


def test_a_token_that_is_missing_or_wrong_and_addresses_that_cannot_be(shop: OpenShop, shopify: ShopifyStandIn) -> None:
    shopify.token = "another"
    with pytest.raises(PlatformFailed, match="refuses the token"):
        pull(shop, shopify)
    for address in ("http://shop.example", "ftp://x", "https://user:pass@shop.example"):
        with pytest.raises(RequestInvalid, match="address"):
            connect(shop, ConnectRequest(platform="shopify", address=address))
    with pytest.raises(RequestInvalid, match="never connected"):
        connect(shop, ConnectRequest(platform="woocommerce"))
    shop.secrets.drop(shop.secrets.kept()[-1].number)
    with pytest.raises(RequestInvalid, match="secrets set shopify-token"):
        pull(shop, shopify)


def test_the_token_is_not_kept_in_the_open(shop: OpenShop, shopify: ShopifyStandIn) -> None:
    pull(shop, filled(shopify))
    shop.store.close()
    content = b"".join(path.read_bytes() for path in shop.folder.root.glob("shop.db*"))
    assert b"shpat_test" not in content and shopify.address.encode() in content


def test_accepted_values_are_pushed_once(shop: OpenShop, shopify: ShopifyStandIn) -> None:
    pull(shop, filled(shopify))
    wanted = [
        ("SKU-1-0", "color", "red"),
        ("SKU-1-1", "color", "red"),  # another variant of the same product: told once
        ("SKU-2-0", "tags", "summer"),
        ("SKU-3-0", "material", "oak"),
    ]
    suggested = [Suggestion(SuggestionKind.FILL, *one, 0.9, "eye", "1", 0) for one in wanted]
    shop.store.suggestions.put(suggested)
    page, _ = shop.store.suggestions.page()
    accepted = [one.number for one in page if one.attribute != "material"]
    shop.store.suggestions.decide(accepted, accept=True, time_ms=1)
    answer = pull(shop, shopify, push=True)
    assert answer.pushed is not None and answer.pushed.values >= 2 and not answer.pushed.refused
    told = {(one["ownerId"], one["namespace"], one["key"], one["value"]) for one in shopify.metafields}
    assert told == {("gid://shopify/Product/1", "bottega", "color", "red")} and len(shopify.metafields) == 1
    assert shopify.tags == [("gid://shopify/Product/2", "summer")]
    pull(shop, shopify, push=True)
    assert len(shopify.metafields) == 1 and len(shopify.tags) == 1
    del shopify.products["gid://shopify/Product/3"]
    shop.store.suggestions.decide([one.number for one in page], accept=True, time_ms=2)
    refused = pull(shop, shopify, push=True).pushed
    assert refused is not None and refused.refused == ["gid://shopify/Product/3 does not exist"]
